import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const USUAL = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome-stable",
	"/usr/bin/google-chrome",
	"/snap/bin/chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * A Chromium to test with: CHROMIUM_PATH, what is installed, else Debian's own package (as root), else Playwright's download.
 * Throws an Error of one line when there is none and none could be had: stories are never passed over in silence.
 */
export function chromiumPath(): string {
	const found = installed();
	if (found) return found;
	const isDebian = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
	if (isDebian) {
		const patient = ["-y", "-qq", "-o", "DPkg::Lock::Timeout=300"];
		run("apt-get", ["update", ...patient]);
		run("apt-get", ["install", ...patient, "--no-install-recommends", "chromium", "fonts-noto-cjk"]);
	} else run(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
	const got = installed();
	if (got) return got;
	throw new Error(
		"There is no Chromium here and none could be installed: give the path of one as CHROMIUM_PATH.",
	);
}

function installed(): string | undefined {
	const { CHROMIUM_PATH } = process.env;
	return [CHROMIUM_PATH ?? "", ...USUAL, chromium.executablePath()].find(
		(path) => path !== "" && existsSync(path),
	);
}

function run(command: string, args: string[]): void {
	spawnSync(command, args, {
		stdio: ["ignore", "ignore", "inherit"],
		env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
	});
}

/** What a browser in a test must not do: look for the internet, or, as root, for a sandbox that root cannot have. */
export const LAUNCH = {
	chromiumSandbox: process.getuid?.() !== 0,
	args: [
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-quic",
		"--no-first-run",
		"--disable-gpu",
	],
};
