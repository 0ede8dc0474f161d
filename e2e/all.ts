/**
 * `npm test`: types, lint, and every test on a database of its own. All of them run even when the first fails; the
 * last line is `N passed, N failed`, in which types and lint count as one each. Arguments go to vitest.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const bin = (name: string) => join("node_modules", ".bin", name);
const run = (name: string, ...args: string[]) =>
	spawnSync(bin(name), args, {
		stdio: ["ignore", "inherit", "inherit"],
		env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
	}).status === 0;

const folder = mkdtempSync(join(tmpdir(), "exchange-test-"));
try {
	const report = join(folder, "report.json");
	const checks = [
		// The types of pages are made, not kept.
		run("next", "typegen") && run("tsc", "--noEmit", "-p", "."),
		run("biome", "check", "--error-on-warnings"),
	];
	const ran = run(
		"vitest",
		...["run", "--config", "e2e/vitest.config.ts"],
		...["--reporter", "dot", "--reporter", "json", "--outputFile.json", report],
		...process.argv.slice(2),
	);
	const { passed, failed } = counted(report);
	const good = passed + checks.filter((ok) => ok).length;
	// A run that fails outside any test has failed all the same.
	const bad = Math.max(failed, ran ? 0 : 1) + checks.filter((ok) => !ok).length;
	console.log(`${good} passed, ${bad} failed`);
	process.exitCode = bad === 0 ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true });
}

function counted(report: string): { passed: number; failed: number } {
	try {
		const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
		return { passed: numPassedTests, failed: numFailedTests };
	} catch {
		return { passed: 0, failed: 1 };
	}
}
