import { defineConfig } from "@playwright/test";
import { chromiumPath, LAUNCH } from "./chromium";

/** People's stories in a real browser, against the product as its reader starts it. */
export default defineConfig({
	testDir: ".",
	testMatch: "**/*.story.ts",
	outputDir: "../../test-results",
	workers: 1,
	timeout: 180_000,
	expect: { timeout: 30_000 },
	forbidOnly: true,
	use: {
		launchOptions: { executablePath: chromiumPath(), ...LAUNCH },
		actionTimeout: 30_000,
		navigationTimeout: 60_000,
		locale: "en-GB",
		timezoneId: "Europe/Berlin",
		trace: "retain-on-failure",
	},
});
