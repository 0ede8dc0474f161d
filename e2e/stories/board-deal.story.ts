import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import type { Exchange } from "../../lib/client/connect";
import { expect, type Market, type Person, test } from "./given";

const DAY_MS = 86_400_000;
const SUCCESS = "The release builds; its tests pass; the artefacts are uploaded.";
const SECRET = "The password of the runner is korrekt-pferd-batterie 🗝";
const ANSWER = "It arrived: I start at eight, and delete it afterwards.";

const local = (ahead: number) => `${new Date(Date.now() + ahead).toISOString().slice(0, 19)}Z`;
const NEED = {
	title: "CI minutes for an arm64 release",
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: local(0), end: local(DAY_MS) },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 arm64 cores" },
	constraints: {},
	success_condition: SUCCESS,
	contact: "notes here",
};

/** Two people at browsers of their own, and the post on which the one has agreed to the other's response. */
async function agreed(person: () => Promise<Person>, market: Market) {
	const [ada, bob] = [await market.agent(500), await market.agent(0)];
	const post = await says(ada, "board:need", NEED);
	const response = await says(bob, "board:respond", { message: "I have eight cores until Friday." }, post);
	await says(ada, "board:agree", {}, response);
	const [author, responder] = [await person(), await person()];
	await author.bringsIn(ada.me!.secret, "Ada");
	await responder.bringsIn(bob.me!.secret, "Ben");
	for (const one of [author, responder]) await one.opens(`/posts/${post}`);
	return { post, author, responder };
}

async function says(by: Exchange, operation: string, payload: object, antecedent?: string): Promise<string> {
	const { message } = await by.send(operation, { ...payload }, antecedent ? { antecedent } : {});
	return message.id;
}

const notes = ({ page }: Person): Locator => page.getByRole("region", { name: "Notes between the two" });
const closure = ({ page }: Person): Locator => page.getByRole("region", { name: "Closure" });

async function writes(one: Person, text: string): Promise<void> {
	await notes(one)
		.getByLabel(/^A note to/)
		.fill(text);
	await notes(one).getByRole("button", { name: "Seal and send" }).click();
	await expect(notes(one).getByText("Recorded as")).toBeVisible();
}

/** Looks at what it would change, then signs. */
async function looksAndSigns(place: Locator, name: string): Promise<void> {
	await place.getByRole("button", { name, exact: true }).click();
	await expect(place.getByText("You sign").last()).toBeVisible();
	await place.getByRole("button", { name, exact: true }).click();
}

test.describe("two who agreed", () => {
	test("write to each other so that nobody else can read it, and close with receipts, one the hash of a local file", async ({
		person,
		market,
	}, info) => {
		const { post, author, responder } = await agreed(person, market);

		// Nobody can be written to before its key is known: each publishes it once.
		await expect(notes(author).getByText("The other one cannot be written to yet")).toBeVisible();
		await notes(author).getByRole("button", { name: "Publish it" }).click();
		await expect(notes(responder).getByLabel(/^A note to/)).toHaveCount(0);
		await responder.page.reload();
		await notes(responder).getByRole("button", { name: "Publish it" }).click();
		await expect(notes(responder).getByRole("button", { name: "Publish it" })).toHaveCount(0);
		await author.page.reload();

		await writes(author, SECRET);
		// It arrives without anybody loading the page, and an answer arrives alike.
		await expect(notes(responder).getByText(SECRET)).toBeVisible();
		await writes(responder, ANSWER);
		await expect(notes(author).getByText(ANSWER)).toBeVisible();
		await expect(notes(author).getByText(SECRET)).toBeVisible();
		await author.page.reload();
		await expect(notes(author).getByText(SECRET)).toBeVisible();

		const stranger = await person();
		await stranger.opens(`/posts/${post}`);
		await expect(notes(stranger).getByText("Only the two can open them", { exact: false })).toBeVisible();
		for (const plain of [SECRET, ANSWER, "korrekt-pferd"])
			expect(await market.holds(plain), `the database holds “${plain}”`).toEqual([]);

		// A note that is too long is refused here, and nothing of it is lost.
		await notes(author)
			.getByLabel(/^A note to/)
			.fill("é".repeat(32_761));
		await expect(notes(author).getByText("2 bytes too long", { exact: false })).toBeVisible();
		await expect(notes(author).getByRole("button", { name: "Seal and send" })).toBeDisabled();

		// Paid in place, with what it changes shown first.
		await closure(author).getByLabel("Scrip", { exact: true }).fill("110");
		await closure(author).getByRole("button", { name: "Pay", exact: true }).click();
		await expect(closure(author).getByRole("table", { name: "What will change" })).toBeVisible();
		await closure(author).getByRole("button", { name: "Pay", exact: true }).click();
		await expect(closure(author).getByText("110 scrip paid by", { exact: false })).toBeVisible();

		// The responder closes: the hash is that of a file of its own computer.
		const report = "build 7 of the release\nok 214 tests\r\n";
		const file = join(info.outputDir, "report.txt");
		await mkdir(info.outputDir, { recursive: true });
		await writeFile(file, report);
		const hash = `sha256:${createHash("sha256").update(report).digest("hex")}`;
		const form = closure(responder);
		const receipt = (number: number) => form.getByRole("group", { name: `Receipt ${number}`, exact: true });
		await form.getByLabel("What came of it").fill("Built, tested, uploaded.");
		await expect(form.getByText("marked “unevidenced”", { exact: false })).toBeVisible();
		await form.getByRole("button", { name: "Add a receipt" }).click();
		await receipt(1).getByLabel("Hash a file of this computer").setInputFiles(file);
		await expect(receipt(1).getByLabel("sha256: and 64 hex digits")).toHaveValue(hash);
		await form.getByRole("button", { name: "Add a receipt" }).click();
		await receipt(2).getByLabel("Kind").selectOption("link");
		await receipt(2).getByLabel("Address").fill("https://ci.example/runs/7");
		await expect(form.getByText("marked “unevidenced”", { exact: false })).toHaveCount(0);
		// What was written survives a reload, the receipts too.
		await responder.page.reload();
		await expect(receipt(1).getByLabel("sha256: and 64 hex digits")).toHaveValue(hash);
		await expect(receipt(2).getByLabel("Address")).toHaveValue("https://ci.example/runs/7");
		await looksAndSigns(form, "Close it");
		await expect(form.getByText("on ci.example")).toBeVisible();
		await expect(form.getByText("https://ci.example/runs/7")).toBeVisible();
		expect(await form.getByRole("link", { name: /ci\.example/ }).count()).toBe(0);

		// A wrong file is told before anything is signed; the right one is shown to everybody.
		await form.getByText("Show what it is of").click();
		const wrong = join(info.outputDir, "other.txt");
		await writeFile(wrong, "something else");
		await form.getByLabel("The file").setInputFiles(wrong);
		await expect(form.getByText("The hash is another", { exact: false })).toBeVisible();
		await form.getByLabel("The file").setInputFiles(file);
		await looksAndSigns(form, "Show it to everybody");
		await expect(form.getByText("Its content was shown", { exact: false })).toBeVisible();

		// The author sees the close without loading the page, and confirms it.
		await expect(closure(author).getByText("Built, tested, uploaded.")).toBeVisible();
		await looksAndSigns(closure(author), "Confirm");
		await expect(closure(author).getByText(/confirmed it/)).toBeVisible();
		await expect(closure(responder).getByText(/confirmed it/)).toBeVisible();
		await expect(notes(responder).getByText("The deal has ended", { exact: false })).toBeVisible();
	});

	test("are told why a note cannot be opened or written where their key is not", async ({
		person,
		market,
	}) => {
		const { post, author } = await agreed(person, market);
		await author.opens("/keys");
		const storageState = await author.page.context().storageState();
		// Signed in by the session alone: this browser holds no key.
		const elsewhere = await person({ storageState });
		await elsewhere.opens(`/posts/${post}`);
		await expect(notes(elsewhere).getByText("This browser does not hold your key")).toBeVisible();
		await expect(notes(elsewhere).getByLabel(/^A note to/)).toHaveCount(0);
	});

	test("who do not see it alike are ruled on by a house operator, with the success condition clause by clause", async ({
		person,
		market,
	}) => {
		const { post, author, responder } = await agreed(person, market);
		await closure(author).getByLabel("What came of it").fill("Built and uploaded.");
		await looksAndSigns(closure(author), "Close it");
		await expect(closure(responder).getByText("Built and uploaded.")).toBeVisible();
		await expect(closure(responder).getByText("unevidenced", { exact: true })).toBeVisible();
		await closure(responder).getByText("It went otherwise").click();
		await closure(responder).getByLabel("What went otherwise").fill("Two of its tests fail.");
		await looksAndSigns(closure(responder), "Contest it");
		await expect(closure(author).getByText("Two of its tests fail.")).toBeVisible();

		const house = await person();
		await house.bringsIn(market.operator.me!.secret, "house");
		await house.opens(`/posts/${post}`);
		await closure(house).getByRole("link", { name: "Rule on it in the queue" }).click();
		const { page } = house;
		for (const clause of ["The release builds", "its tests pass", "the artefacts are uploaded."])
			await expect(page.getByRole("listitem").filter({ hasText: clause })).toBeVisible();
		await expect(page.getByText("Built and uploaded.")).toBeVisible();
		await expect(page.getByText("Two of its tests fail.")).toBeVisible();
		await page.getByRole("button", { name: "Uphold it …" }).click();
		await page.getByLabel("“its tests pass”").selectOption("not met");
		await page.getByLabel("How it went instead").selectOption("partial");
		await page.getByLabel("Note", { exact: true }).fill("The log shows it.");
		await page.getByRole("button", { name: "Look first" }).click();
		await page.getByRole("button", { name: "Uphold the contest" }).click();
		await expect(page.getByText("Recorded as")).toBeVisible();

		for (const one of [author, responder]) {
			await one.page.reload();
			await expect(closure(one).getByText("the contest is upheld, partly done")).toBeVisible();
			await expect(closure(one).getByText("“its tests pass”: not met. The log shows it.")).toBeVisible();
		}
	});
});
