/**
 * `npm test`: types, lint, every test on a database of its own, and people's stories in a browser. All of them run even when
 * the first fails; the last line is `N passed, N failed`, in which types and lint count as one each. Arguments go to vitest,
 * and then no stories are told.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Count {
	passed: number;
	failed: number;
}

const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "exchange-test-"));
const bin = (name: string) => join("node_modules", ".bin", name);
const run = (name: string, args: string[], env: Record<string, string> = {}) =>
	spawnSync(bin(name), args, {
		stdio: ["ignore", "inherit", "inherit"],
		env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
	}).status === 0;

try {
	const counts = [
		// The types of pages are made, not kept.
		check(run("next", ["typegen"]) && run("tsc", ["--noEmit", "-p", "."])),
		check(run("biome", ["check", "--error-on-warnings"])),
		rules(),
		...(only.length === 0 ? [stories()] : []),
	];
	const sum = (name: keyof Count) => counts.reduce((all, count) => all + count[name], 0);
	console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
	process.exitCode = sum("failed") === 0 ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true });
}

function check(good: boolean): Count {
	return { passed: Number(good), failed: Number(!good) };
}

function rules(): Count {
	const report = join(folder, "rules.json");
	const reporters = ["--reporter", "dot", "--reporter", "json", "--outputFile.json", report];
	const good = run("vitest", ["run", "--config", "e2e/vitest.config.ts", ...reporters, ...only]);
	return counted<{ numPassedTests: number; numFailedTests: number }>(good, report, (said) => [
		said.numPassedTests,
		said.numFailedTests,
	]);
}

function stories(): Count {
	const report = join(folder, "stories.json");
	const good = run(
		"playwright",
		["test", "--config", "e2e/stories/playwright.config.ts", "--reporter", "line,json"],
		{ PLAYWRIGHT_JSON_OUTPUT_NAME: report },
	);
	return counted<{ stats: Record<"expected" | "unexpected" | "skipped" | "flaky", number> }>(
		good,
		report,
		({ stats }) => [stats.expected, stats.unexpected + stats.skipped + stats.flaky],
	);
}

/** A run that fails outside any test has failed all the same. */
function counted<Report>(
	good: boolean,
	report: string,
	read: (report: Report) => [passed: number, failed: number],
): Count {
	try {
		const [passed, failed] = read(JSON.parse(readFileSync(report, "utf8")));
		return { passed, failed: good ? failed : Math.max(failed, 1) };
	} catch {
		return { passed: 0, failed: 1 };
	}
}
