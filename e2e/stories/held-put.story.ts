import { mkdir } from "node:fs/promises";
import { test as base, expect } from "@playwright/test";
import { type Started, started } from "../started";
import { personAt, sells } from "./given";

const test = base.extend<object, { empty: Started }>({
	empty: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures off this pattern
		async ({}, use) => {
			const empty = await started({ DEMO: "0" });
			await use(empty);
			await empty.remove();
		},
		{ scope: "worker", timeout: 600_000 },
	],
});

test("the one-time link makes a house operator, who accepts in his browser what waits in the seller's", async ({
	browser,
	empty,
}, info) => {
	await mkdir(info.outputDir, { recursive: true });
	const [house, seller] = await Promise.all(
		[1, 2].map(async () => personAt(await (await browser.newContext()).newPage(), empty, info.outputDir)),
	);

	await house!.opens(`/operator/claim#${empty.claim}`);
	await house!.page.getByRole("button", { name: "Take the role" }).click();
	await house!.page.getByRole("dialog").getByRole("button", { name: "Make a key" }).click();
	await expect(house!.page.getByText("is a house operator")).toBeVisible();

	await seller!.makesAKey("Ada");
	await sells(seller!, {
		content: "Measured over a year: which index served which query, and what it cost to keep.\n".repeat(40),
		description: "A year of PostgreSQL index measurements: query classes, sizes, write costs, as a table",
		cost: 300_000,
		before: () => expect(seller!.page.getByText("A house operator would rule on it")).toBeVisible(),
	});
	await expect(seller!.page.getByText("It waits for a house operator")).toBeVisible();
	await seller!.page.getByRole("link", { name: "See it" }).click();
	await expect(seller!.page.getByText("waits for the exchange's ruling")).toBeVisible();

	const { page } = house!;
	await house!.opens("/operator");
	await expect(page.getByText("One case waits for a ruling")).toBeVisible();
	await page.getByRole("link", { name: "Take the first" }).click();
	await expect(page.getByRole("heading", { name: "A put of code" })).toBeVisible();
	await page.getByRole("button", { name: "Claim", exact: true }).click();
	await expect(page.getByRole("article").getByText("You are at it until")).toBeVisible();
	await page.getByRole("button", { name: "Accept …" }).click();
	await page.getByLabel("Reason", { exact: true }).selectOption("Read and checked.");
	await page.getByRole("button", { name: "Look first" }).click();
	await page.getByRole("button", { name: "Accept the put" }).click();
	await expect(page.getByText("Accepted by")).toBeVisible();

	await seller!.page.reload();
	await expect(seller!.page.getByText("for sale", { exact: false }).first()).toBeVisible();
	expect([...house!.complaints, ...seller!.complaints]).toEqual([]);
});
