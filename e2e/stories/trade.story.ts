import type { Exchange } from "../../lib/client/connect";
import { expect, type Person, sells, test } from "./given";

/** Four small functions of one kind, different enough that a preview cuts them at their borders. */
const CONTENT = ["cover", "contain", "byWidth", "byHeight"]
	.map(
		(
			name,
			i,
		) => `/** ${i + 1}. Sizes a picture of width × height for a box, by "${name}"; keeps what it looks like. */
export function ${name}({ width, height }, box) {
	if (!(width > 0) || !(height > 0)) throw new RangeError("a picture has a width and a height");
	const across = box.width / width;
	const down = box.height / height;
	const scale = ${["Math.max(across, down)", "Math.min(across, down)", "across", "down"][i]};
	return {
		width: Math.round(width * scale),
		height: Math.round(height * scale),
		left: Math.round((box.width - width * scale) / 2),
		top: Math.round((box.height - height * scale) / 2),
	};
}
`,
	)
	.join("\n");

/** Asks in public with this budget, and is led to the order. */
async function asks({ page, opens }: Person, task: string, budget: number): Promise<void> {
	await opens("/buy");
	await page.getByLabel("What you need").fill(task);
	await page.getByLabel("Budget").fill(String(budget));
	await page.getByRole("button", { name: "Ask for offers" }).click();
	await page.waitForURL("**/orders/*");
}

/** An agent buys this answer over HTTP: asks, looks at a part of it, commits, and says that it is good. */
async function buys(agent: Exchange, entry_id: string, task: string): Promise<void> {
	const settles = async (phase: string, antecedent: string) => {
		const { replies } = await agent.send(
			`exchange:settle/${phase}`,
			{ entry_id },
			{ antecedent, wait: phase === "complete" ? 0 : 25 },
		);
		return replies[0]?.id;
	};
	const { replies } = await agent.send("exchange:buy", { task, budget: 20_000 }, { wait: 25 });
	const preview = await settles("preview-request", replies[0]!.id);
	const deliver = await settles("buyer-accept", preview!);
	await settles("complete", deliver!);
}

test.describe("two people trade", () => {
	test("an answer is sold, found in other words, previewed, bought, checked and paid, and its seller earns for ever", async ({
		person,
		market,
	}) => {
		const [seller, buyer] = [await person(), await person()];
		const description = "Function that resizes a photo and keeps its aspect ratio";
		const [sellerKey, buyerKey] = [await seller.makesAKey("Ada"), await buyer.makesAKey("Ben")];
		await sells(seller, {
			content: CONTENT,
			description,
			cost: 6000,
		});
		await expect(seller.page.getByText("It is for sale now")).toBeVisible();

		// Agents buy it until its first sales have brought its whole appraisal: from then on its seller gets a share of each.
		const put = async () => {
			const { items } = (await market.operator.reads(`/api/agents/${sellerKey}/puts`)) as {
				items: { entry_id: string; rest: number }[];
			};
			return items[0]!;
		};
		for (let one = await put(); one.rest > 0; one = await put())
			await buys(await market.agent(20_000), one.entry_id, description);
		await seller.opens("/desk");
		const desk = seller.page.getByRole("main");
		await expect(desk.getByText("share of a sale, towards the appraisal").first()).toBeVisible();
		await expect(desk.getByText("advance for a put")).toBeVisible();
		const residuals = desk.getByText("share of a sale", { exact: true });
		const before = await residuals.count();

		await market.mint(buyerKey, 20_000);
		await asks(buyer, "how can I scale an image without distorting its proportions", 20_000);
		const { page } = buyer;
		const offer = page.getByRole("listitem").filter({ hasText: "resizes a photo" }).first();
		await expect(offer).toBeVisible();

		await offer.getByRole("button", { name: "Look at a preview" }).click();
		await expect(page.getByText(/The price fell from/)).toBeVisible();
		await page
			.getByRole("button", { name: /^Buy for/ })
			.first()
			.click();
		// The dry run: what is at hand now and then, before anything is signed.
		await expect(page.getByText("What will change").first()).toBeVisible();
		await page
			.getByRole("button", { name: /^Buy for/ })
			.last()
			.click();
		await expect(page.getByText("Hash checked here")).toBeVisible();
		await expect(page.getByText("byHeight").filter({ visible: true }).first()).toBeVisible();

		await page.getByRole("button", { name: "Confirm and pay" }).click();
		await page.getByRole("button", { name: "Confirm and pay" }).last().click();
		await expect(page.getByText("Where the price went")).toBeVisible();

		await seller.opens("/desk");
		await expect(residuals).toHaveCount(before + 1);
		await expect(desk.getByText(/a share of every sale, until/)).toBeVisible();
		await expect(desk.getByText(description).filter({ visible: true }).first()).toBeVisible();
		// What the browser alone holds, and now owns something.
		await expect(desk.getByText("Your key now owns something", { exact: false })).toBeVisible();
	});

	test("a small answer that disappoints is taken back at once, and costs its seller 3 reputation", async ({
		person,
		market,
	}) => {
		const seller = await market.agent();
		const description =
			"Checklist before a mail server is moved to another address: records, queues, certificates";
		await seller.send(
			"exchange:put",
			{
				description,
				content:
					"Lower the TTL of MX and A a day before. Drain the queue. Check PTR, SPF and DKIM. Move. Watch bounces.",
				token_cost: 400,
				content_type: "plan",
			},
			{ wait: 25 },
		);
		const buyer = await person();
		const key = await buyer.makesAKey("Ben");
		await market.mint(key, 1_000);
		await asks(buyer, "what to check before moving a mail server", 1_000);
		const { page } = buyer;
		const offer = page.getByRole("listitem").filter({ hasText: "mail server" }).first();
		await offer.getByRole("button", { name: /^Buy for/ }).click();
		await page
			.getByRole("button", { name: /^Buy for/ })
			.last()
			.click();
		await expect(page.getByText("Hash checked here")).toBeVisible();

		await page.getByText("Something is wrong with it").click();
		await page.getByRole("button", { name: "Refund me" }).click();
		await page.getByRole("button", { name: "Refund me" }).last().click();
		await expect(page.getByText(/The buyer took it back/)).toBeVisible();
		const { score } = (await seller.reads(`/api/agents/${seller.me!.key}/reputation`)) as { score: number };
		expect(score).toBe(47);
	});

	test("a seller is told how many puts of the hour are left, and when there is none, until when", async ({
		person,
		market,
	}) => {
		const agent = await market.agent();
		const seller = await person();
		await seller.bringsIn(agent.me!.secret, "Ada");
		const { page } = seller;
		await seller.opens("/sell");
		await expect(page.getByText("50 more puts fit into this hour")).toBeVisible();
		const look = page.getByRole("button", { name: "See what it would fetch" });
		await expect(look).toBeEnabled();

		const put = {
			description: "The first lines of a haiku, said again and again",
			content: "an old silent pond",
			token_cost: 10,
			content_type: "other",
		};
		const puts = (times: number) =>
			Promise.allSettled(
				Array.from({ length: times }, (_, i) => agent.send("exchange:put", { ...put, token_cost: 10 + i })),
			);
		const none = page.getByText("This hour has no put left for this key");
		// Again where an hour ends between the puts and the look: a part of what went before then counts no more.
		await expect(async () => {
			await puts(50);
			await page.reload();
			await expect(none).toBeVisible({ timeout: 5_000 });
		}).toPass();
		await expect(page.getByText(/The next one is taken from \d\d:\d\d on/)).toBeVisible();
		await expect(look).toBeDisabled();
	});
});
