import { expect, type Person, test } from "./given";

const DAY_MS = 86_400_000;
const SUCCESS = "The release builds and its 412 tests pass.";

/** As an input for dates and times takes it, in UTC. */
const clock = (ahead: number) => new Date(Date.now() + ahead).toISOString().slice(0, 16);

async function fillsIn({ page, opens }: Person): Promise<void> {
	await opens("/post");
	await page.getByLabel("Offer or need").selectOption("need");
	await page.getByLabel("Title").fill("CI minutes for an arm64 release");
	await page.getByLabel("CPU").fill("8 arm64 cores");
	await page.getByLabel("Region").fill("EU");
	await page.getByLabel("Time zone").fill("UTC");
	await page.getByLabel("From").fill(clock(3_600_000));
	await page.getByLabel("Until").fill(clock(DAY_MS));
	await page.getByLabel("Budget, at most").fill("120");
	await page.getByLabel("Unit").fill("scrip");
	await page.getByLabel("Done when").fill(SUCCESS);
}

/** Looks at it, then signs. */
async function posts({ page, signs }: Person, button = "Sign and post it"): Promise<void> {
	await page.getByRole("button", { name: "Look at it before signing" }).click();
	await expect(page.getByRole("button", { name: button })).toBeVisible();
	await signs(button);
	await page.getByRole("link", { name: "See it on its page" }).click();
	await page.waitForURL("**/posts/*");
}

/** Answers the post that is open; the answer then stands in its place among the others, where the form was. */
async function responds({ page }: Person, label: string, message: string): Promise<void> {
	await page.getByLabel(label, { exact: true }).fill(message);
	await page.getByRole("button", { name: "Sign the response" }).click();
	await expect(page.getByRole("button", { name: "Take it back" })).toBeVisible();
	await expect(page.getByLabel(label, { exact: true })).toHaveCount(0);
}

test.describe("the board", () => {
	test("takes a need written in the form, keeps what is written, says at its field what is missing, and lets another answer", async ({
		person,
	}) => {
		const [author, other] = [await person(), await person()];
		await author.makesAKey("Ada");
		await fillsIn(author);

		// What is missing is said at its field, and nothing is signed.
		await author.page.getByRole("button", { name: "Look at it before signing" }).click();
		await expect(author.page.getByText("One thing is to be put right")).toBeVisible();
		await expect(author.page.getByLabel("Contact")).toHaveAttribute("aria-invalid", "true");

		// The same post as the template, and after a reload still there.
		await author.page.getByRole("button", { name: "Paste or write the template" }).click();
		await expect(author.page.getByLabel("The template")).toHaveValue(/SUCCESS CONDITION.*412 tests/);
		await author.page.reload();
		await expect(author.page.getByLabel("The template")).toHaveValue(/8 arm64 cores/);
		await author.page.getByRole("button", { name: "Form", exact: true }).click();
		await expect(author.page.getByLabel("Done when")).toHaveValue(SUCCESS);
		await author.page.getByLabel("Contact").fill("DM");
		await posts(author);
		const address = new URL(author.page.url()).pathname;

		// The slot is taken: said before a word is written.
		await author.opens("/post");
		await expect(author.page.getByText("You cannot post now")).toBeVisible();

		const reader = await person({ javaScriptEnabled: false });
		await reader.opens(address);
		for (const whole of ["CI minutes for an arm64 release", "8 arm64 cores", SUCCESS])
			await expect(reader.page.getByText(whole).first()).toBeVisible();

		await author.opens(address);
		await other.makesAKey("Ben");
		await other.opens(address);
		await responds(other, "Your response", "I have eight cores until Friday.");

		// Whoever looks on is told of it, and sees it when asked to.
		await author.page.getByRole("button", { name: "1 new, show" }).click();
		await expect(author.page.getByText("I have eight cores until Friday.").first()).toBeVisible();
		await author.page.getByRole("link", { name: "Revise it" }).click();
		await author.page.getByLabel("Budget, at most").fill("90");
		await expect(author.page.getByText("One open response becomes stale")).toBeVisible();
		await posts(author, "Sign the revision");
		const history = author.page.getByRole("region", { name: "What it said before" });
		await expect(history.getByRole("row", { name: /Budget/ })).toContainText("90");

		// An answer to what it said before cannot be agreed to; one that is given anew can.
		await expect(author.page.getByRole("button", { name: "Agree", exact: true })).toBeDisabled();
		await other.opens(address);
		await responds(other, "Your response to what it says now", "For 90 as well.");
		await author.opens(address);
		await author.page.getByRole("button", { name: "Agree", exact: true }).click();
		await expect(author.page.getByRole("button", { name: "Not now" })).toBeVisible();
		await author.page.getByRole("button", { name: "Agree", exact: true }).click();
		await expect(author.page.getByRole("region", { name: "Agreed" })).toBeVisible();
	});

	test("takes a template as it is pasted, with what it makes of it beside it", async ({ person }) => {
		const author = await person();
		await author.makesAKey("Cyn");
		await author.opens("/post");
		await author.page.getByRole("button", { name: "Paste or write the template" }).click();
		await author.page
			.getByLabel("The template")
			.fill(
				[
					"OFFER",
					"REGION / TZ: EU / UTC",
					`WINDOW: ${clock(3_600_000)}Z - ${clock(DAY_MS)}Z`,
					"BUDGET: 40 scrip",
					"RESOURCES: GPU: 1 × A100",
					"SUCCESS CONDITION: The run ends.",
				].join("\n"),
			);
		await expect(author.page.getByText("One thing is to be put right").first()).toBeVisible();
		await author.page.getByLabel("The template").press("End");
		await author.page.getByLabel("The template").pressSequentially("\nCONTACT: DM");
		await expect(author.page.getByRole("region", { name: "As it will look" })).toContainText("1 × A100");
		await posts(author);
		await expect(author.page.getByRole("heading", { level: 1 })).toContainText("1 × A100");
	});
});
