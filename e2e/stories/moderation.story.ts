import type { Locator } from "@playwright/test";
import type { Exchange } from "../../lib/client/connect";
import { expect, type Market, type Person, test } from "./given";

const DAY_MS = 86_400_000;
const TITLE = "Keys for a launch nobody has heard of";
const NOTE = "It asks for private keys.";
const RULING = "It is a scam. The contact asks for private keys.";
const APPEAL = "It asks for public keys: the wording was mine, the mistake as well.";

const local = (ahead: number) => `${new Date(Date.now() + ahead).toISOString().slice(0, 19)}Z`;

/** A need on this week's board, of somebody who looks on in a browser. */
async function posted(person: () => Promise<Person>, market: Market) {
	const ada = await market.agent();
	const post = await says(ada, "board:need", {
		title: TITLE,
		region: "EU",
		tz: "Europe/Berlin",
		window: { start: local(0), end: local(DAY_MS) },
		budget: { cap: "0", unit: "scrip" },
		resources: { other: "an hour of review" },
		constraints: {},
		success_condition: "The key ceremony is reviewed.",
		contact: "send your keys here",
	});
	const author = await person();
	await author.bringsIn(ada.me!.secret, "Ada");
	return { post, ada, author };
}

async function says(by: Exchange, operation: string, payload: object, antecedent?: string): Promise<string> {
	const { message } = await by.send(operation, { ...payload }, antecedent ? { antecedent } : {});
	return message.id;
}

async function houseAt(person: () => Promise<Person>, market: Market): Promise<Person> {
	const house = await person();
	await house.bringsIn(market.operator.me!.secret, "house");
	return house;
}

const said = ({ page }: Person): Locator => page.getByRole("region", { name: "Flags and rulings" });

/** Where it stands among this week's lines. */
async function onTheBoard({ page, opens }: Person, post: string): Promise<Locator> {
	await opens("/?q=nobody+has+heard");
	return page.getByRole("main").locator(`a[href="/posts/${post}"]`).first();
}

/** Opens the flag's case from the queue and takes it. */
async function takesTheCase({ page, opens }: Person, kind: "flag" | "appeal", of: string): Promise<void> {
	await opens(`/operator?kind=${kind}`);
	await page.locator(`[data-row] a[href*="${of}"]`).click();
	await page.getByRole("button", { name: "Claim", exact: true }).click();
	await expect(page.getByRole("article").getByText("You are at it until")).toBeVisible();
}

async function rulesBy({ page }: Person, act: string, sign: string, note: string): Promise<void> {
	await page.getByRole("button", { name: act, exact: true }).click();
	await page.getByLabel("Note", { exact: true }).fill(note);
	await page.getByRole("button", { name: "Look first" }).click();
	await expect(page.getByRole("table", { name: "What will change" })).toBeVisible();
	await page.getByRole("button", { name: sign, exact: true }).click();
	await expect(page.getByText("Recorded as").last()).toBeVisible();
}

test("a flag is a case; hidden at fault, its author sees what, why and until when, appeals once, and stands on the board again", async ({
	person,
	market,
}) => {
	const { post, ada, author } = await posted(person, market);

	// Somebody without a key yet flags it: one sentence of what is signed, then once and for all.
	const reader = await person();
	await reader.makesAKey("Bea");
	await expect(await onTheBoard(reader, post)).toBeVisible();
	await reader.opens(`/posts/${post}`);
	await reader.page.getByText("Flag this post …").click();
	await reader.page.getByLabel("What is wrong with it").selectOption("scam");
	await reader.page.getByLabel("What the house should know (may be left out)").fill(NOTE);
	await expect(
		reader.page.getByText("You sign: that this message should not be seen", { exact: false }),
	).toBeVisible();
	await reader.page.getByRole("button", { name: "Flag it", exact: true }).click();
	await expect(
		reader.page.getByText("have flagged it: one flag an owner and message", { exact: false }),
	).toBeVisible();
	await expect(reader.page.getByRole("button", { name: "Flag this post …" })).toBeDisabled();

	// Its author sees it and cannot flag it.
	await author.opens(`/posts/${post}`);
	await expect(said(author).getByText("was flagged as a scam")).toBeVisible();
	await expect(said(author).getByText(NOTE)).toBeVisible();
	await expect(author.page.getByText("Flag this post …")).toHaveCount(0);

	// One flag hides nothing: it waits for the house, which hides it from lists and its words in one go.
	const [flag] = (
		(await market.operator.reads(`/api/messages?antecedent=${post}&tag=board:flag`)) as {
			items: { id: string }[];
		}
	).items;
	const house = await houseAt(person, market);
	await takesTheCase(house, "flag", flag!.id);
	const { page } = house;
	await expect(page.getByText("Seen by everybody now.")).toBeVisible();
	await expect(page.getByText("send your keys here")).toBeVisible();
	await expect(page.getByText(NOTE)).toBeVisible();
	await rulesBy(house, "The flags are right …", "Rule them right", "Read.");
	await page.getByRole("button", { name: "Hide …", exact: true }).click();
	await page.getByLabel("What is hidden").selectOption("both");
	await page.getByLabel("Is its author at fault").selectOption("true");
	await page.getByLabel("Until", { exact: true }).selectOption("7");
	await page.getByLabel("Reason", { exact: true }).selectOption("It is a scam.");
	await page.getByLabel("Note", { exact: true }).fill("The contact asks for private keys.");
	await page.getByRole("button", { name: "Look first" }).click();
	await expect(page.getByText("hidden from lists", { exact: true })).toBeVisible();
	await expect(page.getByText("words hidden", { exact: true })).toBeVisible();
	await page.getByRole("button", { name: "Hide it", exact: true }).click();
	await expect(page.getByText(/Recorded as #\d+, #\d+/)).toBeVisible();
	await expect(page.getByText("Hidden now", { exact: false })).toHaveCount(2);

	// It is gone from the board; whoever has its address is told that it is hidden and by what, and none of its words.
	await expect(await onTheBoard(reader, post)).toHaveCount(0);
	await reader.opens(`/posts/${post}`);
	await expect(reader.page.getByText("The words of this post are hidden")).toBeVisible();
	await expect(reader.page.getByText(TITLE)).toHaveCount(0);
	await expect(reader.page.getByText("send your keys here")).toHaveCount(0);
	await reader.opens(`/messages/${post}`);
	await expect(reader.page.getByText("What it says is hidden by")).toBeVisible();
	await reader.page.getByRole("button", { name: "Verify here" }).click();
	await expect(reader.page.getByText("It can be neither confirmed nor denied here.")).toBeVisible();

	// Its author reads on, and sees what happened, why, until when, and what it means for the slot.
	await author.page.reload();
	await expect(author.page.getByText("You alone still read your words here", { exact: false })).toBeVisible();
	await expect(author.page.getByText("send your keys here").first()).toBeVisible();
	await expect(said(author).getByText("was taken out of every list")).toBeVisible();
	await expect(said(author).getByText(RULING).first()).toBeVisible();
	await expect(
		said(author).getByText("You are at fault, by this ruling. Your slot of this week is used up.").first(),
	).toBeVisible();
	await expect(said(author).getByText("In force until").first()).toBeVisible();
	await author.opens("/desk");
	await expect(said(author).getByText("was taken out of every list")).toBeVisible();
	await expect(
		author.page.getByRole("region", { name: "Your posts" }).getByText("hidden", { exact: true }),
	).toBeVisible();

	// It appeals the ruling on the listing: once.
	const hide = said(author).getByRole("listitem").filter({ hasText: "was taken out of every list" });
	await hide.getByText("Appeal it …").click();
	await hide.getByLabel("Why it should be looked at again").fill(APPEAL);
	await hide.getByRole("button", { name: "Appeal", exact: true }).click();
	await expect(hide.getByText("A house operator has yet to answer it.")).toBeVisible();
	await expect(hide.getByText("Appeal it …")).toHaveCount(0);
	const [word] = (
		(await ada.reads(`/api/agents/${ada.me!.key}/moderation`)) as {
			items: { appeal: { appeal_id: string } | null }[];
		}
	).items.filter(({ appeal }) => appeal);

	// The house was wrong, says so, and restores all of what is hidden in one go.
	await takesTheCase(house, "appeal", word!.appeal!.appeal_id);
	await expect(page.getByText(APPEAL)).toBeVisible();
	await rulesBy(house, "The house was wrong …", "Accept the appeal", "Read again.");
	await rulesBy(house, "Restore …", "Restore it", "It was a mistake.");

	await author.opens(`/posts/${post}`);
	await expect(said(author).getByText("It was accepted", { exact: false })).toBeVisible();
	await expect(said(author).getByText("is in the lists again")).toBeVisible();
	await expect(said(author).getByText("are shown again")).toBeVisible();
	await expect(await onTheBoard(reader, post)).toBeVisible();
	await reader.opens(`/messages/${post}`);
	await reader.page.getByRole("button", { name: "Verify here" }).click();
	await expect(reader.page.getByText("It is what its sender signed, and stands in the log")).toBeVisible();
});

test("who is suspended on a flag sees it on the desk, and is reinstated from the same case", async ({
	person,
	market,
}) => {
	const { post, author } = await posted(person, market);
	const flag = await says(await market.agent(), "board:flag", { reason: "spam" }, post);
	const house = await houseAt(person, market);
	await takesTheCase(house, "flag", flag);
	await house.page.getByRole("button", { name: "Suspend the author …", exact: true }).click();
	await house.page.getByLabel("Until", { exact: true }).selectOption("7");
	await house.page.getByLabel("Reason", { exact: true }).selectOption("It is a scam.");
	await house.page.getByRole("button", { name: "Look first" }).click();
	await expect(house.page.getByText("not suspended", { exact: true })).toBeVisible();
	await house.page.getByRole("button", { name: "Suspend", exact: true }).click();
	await expect(house.page.getByText("Suspended until", { exact: false })).toBeVisible();

	await author.opens("/desk");
	await expect(said(author).getByText("You were suspended, by")).toBeVisible();
	await expect(
		said(author).getByText("Until then you finish what you began and begin nothing new."),
	).toBeVisible();
	await expect(said(author).getByText("Appeal it …")).toBeVisible();

	await rulesBy(house, "Reinstate …", "Reinstate", "The time was enough.");
	await author.page.reload();
	await expect(said(author).getByText("You were reinstated, by")).toBeVisible();
	await expect(said(author).getByText("Appeal it …")).toHaveCount(0);
});
