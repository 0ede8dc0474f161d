import { needIn } from "./addresses";
import { expect, test } from "./given";

test.describe("a need that nobody has met", () => {
	test("becomes a job in one step, without a key, and what is written of it is kept until there is a mesh", async ({
		person,
		market,
	}) => {
		const { page, opens } = await person();
		await opens(`/posts/${await needIn(market)}`);
		await page.getByRole("link", { name: "Write a job" }).click();
		await page.waitForURL("**/job?need=*");
		await expect(page.getByText("This is a draft: it waits for the mesh")).toBeVisible();
		await expect(page.getByLabel("Problem")).not.toHaveValue("");
		await expect(page.getByText("missing or out of bounds")).toBeVisible();

		await page.getByLabel("Product or host family").fill("PostgreSQL");
		await page.getByLabel("Versions").fill("15 to 18");
		await page.reload();
		await expect(page.getByLabel("Product or host family")).toHaveValue("PostgreSQL");
		await expect(page.getByLabel("Versions")).toHaveValue("15 to 18");
		await page.getByRole("button", { name: "Keep this draft" }).click();
		await expect(page.getByText("Kept in this browser.")).toBeVisible();
	});
});
