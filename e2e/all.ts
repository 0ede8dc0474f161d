/**
 * `npm test`: types, lint, every test on a database of its own, people's stories in a browser, and at last what
 * `npm run test:long` runs. All of them run even when the first fails; what failed is named at the end, and the last line is
 * `N passed, N failed`, in which types and lint count as one each. Arguments go to vitest, and then the first tests are all.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

interface Outcome {
	passed: number;
	/** What failed: where and what, and the first line of why. */
	failures: string[];
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
	const outcomes = [
		// The types of pages are made, not kept.
		check("types", run("next", ["typegen"]) && run("tsc", ["--noEmit", "-p", "."])),
		check("lint", run("biome", ["check", "--error-on-warnings"])),
		tests("rules", only),
		...(only.length === 0 ? [stories(), tests("long", ["--mode", "long"])] : []),
	];
	const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
	const failures = outcomes.flatMap((outcome) => outcome.failures);
	if (failures.length > 0) console.log(`\nFailed:\n${failures.map((one) => `  ${one}`).join("\n")}\n`);
	console.log(`${passed} passed, ${failures.length} failed`);
	process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true });
}

function check(name: string, good: boolean): Outcome {
	return { passed: Number(good), failures: good ? [] : [name] };
}

/** What is read here of vitest's report. */
interface Tests {
	testResults: {
		name: string;
		status: string;
		message: string;
		assertionResults: {
			ancestorTitles: string[];
			title: string;
			status: string;
			failureMessages: string[];
		}[];
	}[];
}

function tests(name: string, which: string[]): Outcome {
	const report = join(folder, `${name}.json`);
	const reporters = ["--reporter", "dot", "--reporter", "json", "--outputFile.json", report];
	const good = run("vitest", ["run", "--config", "e2e/vitest.config.ts", ...reporters, ...which]);
	return outcome<Tests>("vitest", good, report, ({ testResults }) => {
		const tests = testResults.flatMap(({ name, assertionResults }) =>
			assertionResults.map((test) => ({ ...test, file: relative(".", name) })),
		);
		const failed = tests.filter(({ status }) => status === "failed");
		// A file that fails before any of its tests runs.
		const broken = testResults.filter(
			({ status, assertionResults }) =>
				status === "failed" && !assertionResults.some(({ status }) => status === "failed"),
		);
		return {
			passed: tests.filter(({ status }) => status === "passed").length,
			failures: [
				...failed.map(({ file, ancestorTitles, title, failureMessages }) =>
					failure([file, ...ancestorTitles, title], failureMessages[0]),
				),
				...broken.map(({ name, message }) => failure([relative(".", name)], message)),
			],
		};
	});
}

/** What is read here of Playwright's report. */
interface Suite {
	title: string;
	suites?: Suite[];
	specs: {
		title: string;
		tests: { status: string; results: { error?: { message?: string } }[] }[];
	}[];
}

function stories(): Outcome {
	const report = join(folder, "stories.json");
	const good = run(
		"playwright",
		["test", "--config", "e2e/stories/playwright.config.ts", "--reporter", "line,json"],
		{ PLAYWRIGHT_JSON_OUTPUT_NAME: report },
	);
	return outcome<{ suites: Suite[] }>("playwright", good, report, ({ suites }) => {
		const told = suites.flatMap((suite) => storiesIn(suite, []));
		const bad = told.filter(({ status }) => status !== "expected");
		return {
			passed: told.length - bad.length,
			failures: bad.map(({ where, status, why }) => failure(where, why ?? status)),
		};
	});
}

function storiesIn(
	{ title, suites = [], specs }: Suite,
	within: string[],
): { where: string[]; status: string; why: string | undefined }[] {
	const here = [...within, title];
	return [
		...specs.flatMap((spec) =>
			spec.tests.map(({ status, results }) => ({
				where: [...here, spec.title],
				status,
				why: results.find(({ error }) => error)?.error?.message,
			})),
		),
		...suites.flatMap((suite) => storiesIn(suite, here)),
	];
}

function failure(where: string[], why = ""): string {
	const [first] = stripVTControlCharacters(why).trim().split("\n");
	return `${where.join(" > ")}${first ? `\n      ${first}` : ""}`;
}

/** A run that fails outside any test has failed all the same. */
function outcome<Report>(
	name: string,
	good: boolean,
	report: string,
	read: (report: Report) => Outcome,
): Outcome {
	try {
		const { passed, failures } = read(JSON.parse(readFileSync(report, "utf8")));
		const outside = !good && failures.length === 0 ? [`${name}, outside any test: see above`] : [];
		return { passed, failures: [...failures, ...outside] };
	} catch (error) {
		return { passed: 0, failures: [failure([`${name} left no report`], String(error))] };
	}
}
