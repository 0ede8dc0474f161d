import type { Page } from "@playwright/test";
import { expect, test } from "./given";

/** Keys act once the page runs, not as soon as it can be read. */
const keysAct = (page: Page) => expect(page.locator('html[data-keys="on"]')).toBeAttached();

test.describe("by keyboard alone", () => {
	test("one searches, moves along the answers, opens one, and goes anywhere by name", async ({ person }) => {
		const reader = await person();
		const { page } = reader;
		await reader.opens("/exchange");
		await keysAct(page);
		await page.keyboard.press("j");
		await page.keyboard.press("j");
		const second = page.getByRole("table").getByRole("row").nth(2).getByRole("link").first();
		await expect(second).toBeFocused();
		await page.keyboard.press("k");
		await expect(page.getByRole("table").getByRole("row").nth(1).getByRole("link").first()).toBeFocused();
		await page.keyboard.press("Enter");
		await page.waitForURL(/\/exchange\/[0-9a-f]{64}$/);
		await keysAct(page);

		await page.keyboard.press("/");
		await expect(page.getByRole("searchbox", { name: "Search answers" }).first()).toBeFocused();
		await page.keyboard.type("checklist");
		await page.keyboard.press("Enter");
		await page.waitForURL("**/exchange?q=checklist");

		await page.keyboard.press("Escape");
		await page.locator("h1").click();
		await page.keyboard.press("Control+k");
		await expect(page.getByRole("dialog", { name: "Go to" }).getByRole("combobox")).toBeFocused();
		await page.keyboard.type("Wanted");
		await page.keyboard.press("Enter");
		await page.waitForURL("**/wanted");
	});

	test("single keys are listed, and can be switched off", async ({ person }) => {
		const { page, opens } = await person();
		await opens("/exchange");
		await keysAct(page);
		await page.keyboard.press("?");
		const keys = page.getByRole("dialog", { name: "Keys" });
		await expect(keys.getByText("Next, previous row")).toBeVisible();
		await keys.getByLabel("Single keys act").uncheck();
		await page.keyboard.press("Escape");
		await page.keyboard.press("/");
		await expect(page.getByRole("searchbox", { name: "Search answers" }).first()).not.toBeFocused();
		await page.reload();
		await keysAct(page);
		await page.keyboard.press("?");
		await expect(page.getByRole("dialog")).toBeHidden();
	});
});

test.describe("where there is no room for a row of places", () => {
	for (const javaScriptEnabled of [true, false])
		test(`they open behind one word by keyboard, ${javaScriptEnabled ? "and close by Escape" : "without JavaScript too"}`, async ({
			person,
		}) => {
			const { page, opens } = await person({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
			await opens("/exchange");
			const places = page.getByRole("navigation", { name: "Sections" });
			const log = places.getByRole("link", { name: "Log" });
			await expect(log).toBeHidden();
			await places.getByText("Menu").focus();
			await page.keyboard.press("Enter");
			await expect(log).toBeVisible();
			if (javaScriptEnabled) {
				await keysAct(page);
				await page.keyboard.press("Escape");
				await expect(log).toBeHidden();
				await expect(places.getByText("Menu")).toBeFocused();
				await page.keyboard.press("Enter");
			}
			await log.focus();
			await page.keyboard.press("Enter");
			await page.waitForURL("**/log");
		});
});

test.describe("what is written", () => {
	test("survives a reload and a refusal, which stands at its field", async ({ person }) => {
		const ada = await person();
		await ada.makesAKey("Ada");
		const { page } = ada;
		await ada.opens("/sell");
		await page.getByLabel("The answer itself").fill("Three steps: drain, wait, restart.");
		await page.getByLabel("What it does").fill("How to restart a queue without losing a job");
		await page.getByLabel("What it cost you, in tokens").fill("many");
		await page.reload();
		await expect(page.getByLabel("The answer itself")).toHaveValue("Three steps: drain, wait, restart.");
		await expect(page.getByText("Restored what you had written here")).toBeVisible();

		await page.getByRole("button", { name: "See what it would fetch" }).click();
		const cost = page.getByLabel("What it cost you, in tokens");
		await expect(cost).toHaveAttribute("aria-invalid", "true");
		await expect(cost).toHaveAccessibleDescription(/This value is not right/);
		await expect(page.getByLabel("What it does")).toHaveValue("How to restart a queue without losing a job");

		await cost.fill("200");
		await page.getByRole("button", { name: "See what it would fetch" }).click();
		await expect(page.getByText("scrip at once")).toBeVisible();
		await expect(cost).not.toHaveAttribute("aria-invalid", "true");
	});
});
