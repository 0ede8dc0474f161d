import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { example, isOperators, routes } from "./addresses";
import { expect, type Person, settled, test } from "./given";

const WIDTHS = [360, 1280] as const;
const THEMES = ["light", "dark"] as const;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** EXPERIENCE, "Budgets". */
const MOST_SHIFT = 0.05;

test.describe("every page", () => {
	for (const route of routes())
		test(`${route} is accessible, quiet and calm, in both themes, narrow and wide`, async ({
			person,
			market,
		}) => {
			const somebody = await person();
			const { page } = somebody;
			if (isOperators(route)) await somebody.bringsIn(market.operator.me!.secret, "house");
			else if (route === "/desk" || route === "/profile") await somebody.makesAKey("mine");
			await measureShifts(page);
			const address = await example(market, route);
			for (const width of WIDTHS) {
				await page.setViewportSize({ width, height: 900 });
				await page.emulateMedia({ colorScheme: "light" });
				await somebody.opens(address);
				await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
				await settled(page);
				expect(
					await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
				).toBeLessThanOrEqual(0);
				expect(await shifted(page)).toBeLessThanOrEqual(MOST_SHIFT);
				for (const colorScheme of THEMES) {
					await page.emulateMedia({ colorScheme });
					const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
					expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
					await keep(somebody, route, `${colorScheme}-${width}`);
				}
			}
		});

	test("can be read without JavaScript", async ({ person, market }) => {
		const reader = await person({ javaScriptEnabled: false });
		for (const route of routes()) {
			await reads(reader, await example(market, route));
			if (isOperators(route)) await expect(reader.page.getByText("You are not signed in")).toBeVisible();
		}
	});

	test("of the house can be read by a house operator without JavaScript, and says what needs it", async ({
		person,
		market,
	}) => {
		const signedIn = await person();
		await signedIn.bringsIn(market.operator.me!.secret, "house");
		const storageState = await signedIn.page.context().storageState();
		const house = await person({ javaScriptEnabled: false, storageState });
		for (const route of routes().filter(isOperators)) {
			await reads(house, route);
			await expect(house.page.getByRole("navigation", { name: "House" })).toBeVisible();
			// Not by its text: this browser runs no scripts, but does not take itself for one that cannot.
			expect(await house.page.content()).toContain("To rule, mint, grant or change anything needs it");
		}
	});
});

async function reads({ page, opens }: Person, address: string): Promise<void> {
	await opens(address);
	await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
	await expect(page.getByRole("navigation", { name: "Sections" })).toBeVisible();
}

async function measureShifts(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const shifts = { sum: 0 };
		Object.assign(window, { shifts });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as (PerformanceEntry & {
				value: number;
				hadRecentInput: boolean;
			})[])
				if (!entry.hadRecentInput) shifts.sum += entry.value;
		}).observe({ type: "layout-shift", buffered: true });
	});
}

const shifted = (page: Page) =>
	page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum);

/** With SCREENSHOTS=<folder> each page is kept as a picture, to be looked at. */
async function keep({ page }: Person, route: string, name: string): Promise<void> {
	const { SCREENSHOTS } = process.env;
	if (!SCREENSHOTS) return;
	const folder = join(SCREENSHOTS, route.replaceAll("/", "_").replace(/[[\]]/g, ""));
	mkdirSync(folder, { recursive: true });
	await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
