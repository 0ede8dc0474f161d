import { readFile } from "node:fs/promises";
import { expect, test } from "./given";

test.describe("a key", () => {
	test("is lost with its browser and comes back from its backup elsewhere", async ({ person }, info) => {
		const ada = await person();
		const key = await ada.makesAKey("Ada's laptop");
		const main = ada.page.getByRole("main");
		await expect(main.getByText("not backed up")).toBeVisible();
		await main.getByRole("button", { name: "Back up" }).click();
		const dialog = ada.page.getByRole("dialog");
		await dialog.getByLabel("Passphrase").fill("short");
		await dialog.getByRole("button", { name: "Save the backup" }).click();
		await expect(dialog.getByText("Too short")).toBeVisible();
		await dialog.getByLabel("Passphrase").fill("four quite long words");
		const saved = ada.page.waitForEvent("download");
		await dialog.getByRole("button", { name: "Save the backup" }).click();
		const file = info.outputPath("backup.json");
		await (await saved).saveAs(file);
		expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ key, name: "Ada's laptop" });
		await ada.page.keyboard.press("Escape");
		await expect(main.getByText("backed up", { exact: false })).toBeVisible();

		const elsewhere = await person();
		await elsewhere.opens("/keys");
		const there = elsewhere.page.getByRole("main");
		await there.getByRole("button", { name: "I have a backup" }).click();
		const opening = elsewhere.page.getByRole("dialog");
		await opening.getByLabel("Backup file").setInputFiles(file);
		await opening.getByLabel("Passphrase").fill("four quite wrong words");
		await opening.getByRole("button", { name: "Open" }).click();
		await expect(opening.getByText("does not open this backup")).toBeVisible();
		await opening.getByLabel("Passphrase").fill("four quite long words");
		await opening.getByRole("button", { name: "Open" }).click();
		await expect(there.getByText("Ada's laptop", { exact: true })).toBeVisible();
		await there.getByRole("button", { name: "Sign in" }).click();
		await expect(there.getByText("signed in", { exact: true })).toBeVisible();
		await expect(there.locator(`a[href="/agents/${key}"]`)).toBeVisible();
	});

	test("signed out everywhere, is signed in nowhere", async ({ person, browser, market }) => {
		const ada = await person();
		const key = await ada.makesAKey("Ada");
		// The same browser profile on another device: its cookie, and no more.
		const state = await ada.page.context().storageState();
		const device = await browser.newContext({ storageState: state });
		const other = await device.newPage();
		await other.goto(`${market.url}/keys`);
		await expect(other.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();

		await ada.page.getByRole("button", { name: "Sign out everywhere" }).click();
		await expect(ada.page.getByRole("banner").getByRole("button", { name: "Sign in" })).toBeVisible();
		await other.reload();
		await expect(other.getByRole("banner").getByRole("button", { name: "Sign in" })).toBeVisible();
		await device.close();

		await ada.page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
		await expect(ada.page.getByText("signed in", { exact: true })).toBeVisible();
		await expect(ada.page.getByRole("main").locator(`a[href="/agents/${key}"]`)).toBeVisible();
	});
});
