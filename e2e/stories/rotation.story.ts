import { readFile } from "node:fs/promises";
import { restore } from "../../lib/client/backup";
import { newKey } from "../../lib/client/compose";
import { connect, type Exchange } from "../../lib/client/connect";
import { rotationPayload } from "../../lib/client/rotation";
import { backedUp, expect, PASSPHRASE, test } from "./given";

/** Whoever has a key can say all of this with it. */
async function rotatesTo(by: Exchange, next: ReturnType<typeof newKey>): Promise<void> {
	await by.send("agent:rotate", rotationPayload(by.key, next, by.me!.key));
}

test.describe("a key that somebody else has", () => {
	test("is taken back with the recovery key in another browser, from a thief who had shut its owner out", async ({
		person,
		market,
	}, info) => {
		const ada = await person();
		const key = await ada.makesAKey("Ada's laptop");
		await market.mint(key, 40);
		const main = ada.page.getByRole("main");

		// She looks after it in time: a recovery key in a file, named in her profile, and gone from the browser.
		await main.getByRole("button", { name: "Make a recovery key" }).click();
		const dialog = ada.page.getByRole("dialog");
		await dialog.getByRole("button", { name: "Make a recovery key" }).click();
		const recovery = info.outputPath("recovery.json");
		await backedUp(ada, recovery);
		await dialog.getByRole("button", { name: "Name it in my profile" }).click();
		await expect(dialog.getByText("Recorded as")).toBeVisible();
		await dialog.getByRole("button", { name: "Remove from this browser" }).click();
		await expect(dialog.getByText("in the file alone now")).toBeVisible();
		await ada.page.keyboard.press("Escape");
		await expect(main.getByText("Your profile names")).toBeVisible();
		await main.getByRole("button", { name: "Back up" }).click();
		const backup = info.outputPath("backup.json");
		await backedUp(ada, backup);

		// The thief names a recovery key of his own, then puts a key of his own in hers' place.
		const stolen = await restore(await readFile(backup, "utf8"), PASSPHRASE);
		if (typeof stolen === "string") throw new Error(stolen);
		const thief = await connect(market.url, stolen);
		await thief.send("agent:profile", { recovery_key: newKey().key });
		const his = newKey();
		await rotatesTo(thief, his);
		await ada.page.reload();
		await expect(ada.page.getByRole("banner").getByRole("button", { name: "Sign in" })).toBeVisible();

		// Elsewhere, with nothing but the file and its passphrase, she puts a new key in his one's place.
		const elsewhere = await person();
		await elsewhere.opens("/keys");
		const there = elsewhere.page.getByRole("main");
		await there.getByRole("button", { name: "I have a backup" }).click();
		const opening = elsewhere.page.getByRole("dialog");
		await opening.getByLabel("Backup file").setInputFiles(recovery);
		await opening.getByLabel("Passphrase").fill(PASSPHRASE);
		await opening.getByRole("button", { name: "Open" }).click();
		await expect(opening).toBeHidden();
		await there.getByRole("button", { name: "Put a new key in its place" }).click();
		await opening.getByRole("button", { name: "Recover it now" }).click();
		await expect(opening.getByText("signs for you from now on")).toBeVisible();
		await backedUp(elsewhere, info.outputPath("new.json"));
		await elsewhere.page.keyboard.press("Escape");
		await expect(there.getByText("signed in", { exact: true })).toBeVisible();

		await elsewhere.opens("/desk");
		await expect(there.getByText("40 scrip").first()).toBeVisible();
		await expect(
			(await connect(market.url, his)).send("agent:profile", { name: "Ada" }),
		).rejects.toMatchObject({ code: "key-rotated", status: 401 });

		// Whichever of her keys somebody knows her by leads to her one page, with all of them.
		await elsewhere.opens(`/agents/${his.key}`);
		const keys = there.getByRole("region", { name: "Its keys" });
		await expect(keys.getByRole("listitem")).toHaveCount(3);
		await expect(keys.getByText("signs today")).toHaveCount(1);
		await expect(there.getByText(key, { exact: true })).toBeVisible();
	});

	test("is changed in one go while its owner still has it, and what is begun goes on", async ({
		person,
		market,
	}, info) => {
		const bob = await person();
		const key = await bob.makesAKey("Bob");
		await market.mint(key, 7);
		await bob.page.getByRole("button", { name: "Change my key" }).click();
		const dialog = bob.page.getByRole("dialog");
		await dialog.getByRole("button", { name: "Change it now" }).click();
		await expect(dialog.getByText("signs for you from now on")).toBeVisible();
		await backedUp(bob, info.outputPath("new.json"));
		await bob.page.keyboard.press("Escape");
		await expect(bob.page.getByText("You have changed it once before.")).toBeVisible();

		await bob.opens("/profile");
		await bob.page.getByLabel("Name", { exact: true }).fill("Bob, as before");
		await bob.page.getByRole("button", { name: "See what changes" }).first().click();
		await bob.signs("Sign it");
		await bob.opens(`/agents/${key}`);
		await expect(bob.page.getByRole("heading", { name: /Bob, as before/ })).toBeVisible();
		await expect(bob.page.getByRole("region", { name: "Its keys" }).getByRole("listitem")).toHaveCount(2);
	});
});

test("a sum above what one house operator may decide is minted when a second one agrees", async ({
	person,
	market,
}) => {
	const otto = newKey();
	await market.operator.send("operator:grant", {
		subject: otto.key,
		role: "operator",
		reason: "The second hand of this story.",
	});
	const rich = await market.agent();
	await market.mint(rich.me!.key, 60_000);
	const purse = async () => {
		await rich.session();
		const { purses } = (await rich.reads(`/api/agents/${rich.me!.key}/ledger`)) as {
			purses: { hot: number };
		};
		return purses.hot;
	};
	expect(await purse()).toBe(0);

	const second = await person();
	await second.bringsIn(otto.secret, "otto");
	await second.opens("/operator/money");
	const waiting = second.page.getByRole("region", { name: "Two house operators" });
	await expect(waiting.getByText(/60.?000 scrip minted to an agent/)).toBeVisible();
	await waiting.getByLabel("Reason").selectOption({ index: 0 });
	await waiting.getByRole("button", { name: "Look first" }).click();
	await second.signs("Agree to it");
	// The receipt stays where it was signed, also once the page knows that nothing waits any more.
	await expect(waiting.getByText("Another house operator has agreed, and it is done:")).toBeVisible();
	await expect(waiting.getByText(/Recorded as/)).toBeVisible();
	expect(await purse()).toBe(60_000_000_000);
});
