import { defineConfig } from "@playwright/test";
import { chromiumPath, LAUNCH } from "./chromium";

/** People's stories in a real browser, against the product as its reader starts it. */
export default defineConfig({
	testDir: ".",
	testMatch: "**/*.story.ts",
	outputDir: "../../test-results",
	workers: 1,
	// For what hangs, not for what is slow: machines are shared.
	timeout: 300_000,
	expect: { timeout: 60_000 },
	forbidOnly: true,
	use: {
		launchOptions: { executablePath: chromiumPath(), ...LAUNCH },
		actionTimeout: 60_000,
		navigationTimeout: 60_000,
		locale: "en-GB",
		timezoneId: "Europe/Berlin",
		trace: "retain-on-failure",
	},
});
