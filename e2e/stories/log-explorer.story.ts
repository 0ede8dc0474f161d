import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { verifyHistory } from "../../lib/client/history";
import { expect, type Market, test } from "./given";

interface Told {
	id: string;
	seq: number;
	payload: Record<string, unknown>;
	antecedents: string[];
}

/** The newest purchase of the demo story that was completed, and the messages that led there. */
async function sale({ operator }: Market) {
	const of = async (phase: string) =>
		((await operator.reads(`/api/messages?tag=exchange:phase:${phase}&limit=500`)) as { items: Told[] })
			.items;
	const done = (await of("complete")).at(-1)!;
	const deliver = (await of("deliver")).find(({ id }) => id === done.antecedents[0])!;
	const accept = (await of("buyer-accept")).find(({ id }) => id === deliver.antecedents[0])!;
	return { done, deliver, accept, entry: done.payload.entry_id as string };
}

const stood = (page: Page) => page.getByRole("status").filter({ hasText: "As it stood after message" });

test.describe("somebody who takes nobody's word", () => {
	test("sees what a message changed, and works out in the browser what it moved", async ({
		person,
		market,
	}) => {
		const reader = await person();
		const { page } = reader;
		const { done } = await sale(market);
		await reader.opens(`/messages/${done.id}`);
		const changed = page.getByRole("region", { name: "What it changed" });
		await expect(changed).toContainText("delivered → completed");
		await expect(changed).toContainText("burned of a sale");

		await page.getByRole("button", { name: "Verify here" }).click();
		await expect(page.getByText("It is what its sender signed, and stands in the log")).toBeVisible();
		await expect(page.getByText(`Folded here from all ${done.seq} messages up to it`)).toBeVisible();
		await expect(page.getByText("are those that the exchange says")).toBeVisible();
	});

	test("is told where what it moved is not what the exchange says", async ({ person, market }) => {
		const reader = await person();
		const { page } = reader;
		const { accept } = await sale(market);
		await page.route("**/changes", async (route) => {
			const answer = await route.fetch();
			const said = await answer.json();
			said.moves[0].amount += 1;
			await route.fulfill({ json: said });
		});
		await reader.opens(`/messages/${accept.id}`);
		await page.getByRole("button", { name: "Verify here" }).click();
		await expect(page.getByText("are not those that the exchange says")).toBeVisible();
	});

	test("walks from a message to what its order and its answer were then, and just before", async ({
		person,
		market,
	}) => {
		const { deliver, done, entry } = await sale(market);
		// Reading works without JavaScript.
		const reader = await person({ javaScriptEnabled: false });
		const { page } = reader;
		await reader.opens(`/messages/${done.id}`);
		const about = page.getByRole("listitem").filter({ hasText: "the order it belongs to" });
		await about.getByRole("link", { name: "just before" }).click();
		await expect(stood(page)).toContainText(`#${done.seq - 1}`);
		await expect(page.getByRole("heading", { level: 1 })).toContainText("delivered");
		await expect(page.getByRole("button", { name: /confirm/i })).toHaveCount(0);

		await page.goBack();
		await about.getByRole("link", { name: "as it stood then" }).click();
		await expect(page.getByRole("heading", { level: 1 })).toContainText("completed");
		await page.getByRole("link", { name: "as of then" }).first().click();
		await expect(page.getByRole("heading", { level: 1 })).toContainText("being answered");
		await page.getByRole("link", { name: "Show it as it is now" }).click();
		await expect(stood(page)).toHaveCount(0);
		await expect(page.getByRole("heading", { level: 1 })).toContainText("completed");

		await reader.opens(`/exchange/${entry}?as_of=${deliver.seq}`);
		const sold = async () =>
			(await page
				.getByText(/^(Sold )?\d+ times?/)
				.first()
				.textContent()) ?? "";
		const then = await sold();
		await page.getByRole("link", { name: "Show it as it is now" }).click();
		expect(await sold()).not.toBe(then);

		await reader.opens(`/exchange/${entry}?as_of=1`);
		await expect(page.getByText("as of message 1 it was not there yet")).toBeVisible();
		await reader.opens(`/exchange/${entry}?as_of=9999999`);
		await expect(page.getByText("as_of is at most that")).toBeVisible();
	});
});

test.describe("an agent's owner", () => {
	test("sees the purses as they were, and takes the whole history home as a file that verifies by itself", async ({
		person,
		market,
	}) => {
		const owner = await person();
		const { page } = owner;
		const key = await owner.makesAKey("Ines");
		await market.mint(key, 40);
		await market.mint(key, 2);
		const { items } = (await market.operator.reads("/api/messages?tag=scrip:mint&limit=500")) as {
			items: Told[];
		};
		const [first, second] = items.filter(({ payload }) => payload.recipient === key);
		await owner.opens(`/messages/${first!.id}`);
		await page
			.getByRole("region", { name: "What it changed" })
			.getByRole("link", { name: "as of then" })
			.click();
		await expect(stood(page)).toContainText(`#${first!.seq}`);
		await expect(page.getByText("40 scrip").first()).toBeVisible();
		await page.getByRole("link", { name: "Show it as it is now" }).click();
		await expect(page.getByText("42 scrip").first()).toBeVisible();

		const comes = page.waitForEvent("download");
		await page.getByRole("link", { name: "Your history as a file" }).click();
		const file = await (await comes).path();
		const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
		const exchange = ((await market.operator.reads("/api/exchange")) as { key: string }).key;
		expect(await verifyHistory(lines, exchange)).toMatchObject({ good: true, agent: key, messages: 2 });
		expect(JSON.parse(lines[2]!).id).toBe(second!.id);
	});

	test("takes the log home from its page, as it is filtered", async ({ person }) => {
		const reader = await person();
		const { page } = reader;
		await reader.opens("/log?tag=scrip:mint");
		const comes = page.waitForEvent("download");
		await page.getByRole("link", { name: "These as a file" }).click();
		const lines = (await readFile(await (await comes).path(), "utf8")).trimEnd().split("\n");
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) expect(JSON.parse(line).tags).toEqual(["scrip:mint"]);
	});
});
