import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { analyse } from "scslre";
import { parseSync } from "vite";
import { expect, test } from "vitest";

/**
 * No pattern in the code takes more than a time in proportion to what it reads, wherever what it reads may be long. Patterns are
 * found in the syntax tree and judged by their automaton (scslre): how quick this machine is does not matter.
 */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The demo's goods are read as text, and never run. */
const NOT_RUN = /^db\/story\/goods\//;

/** Patterns that do, and why what they read is short. */
const SHORT: Record<string, string> = {
	"app/(site)/exchange/[entry]/page.tsx \\s+\\S*$": "the first 140 characters of a line",
	"app/(site)/post/page.tsx \\s+\\S*$": "the first characters of a title that is cut",
	"lib/board/amounts.ts (?:(\\d{1,4}) ?x ?)?(\\d{1,5})[- ]?(?:x ?)?(?:\\w+ )?(?:v?cpus?|v?cores?|threads?)\\b":
		"a resource of a post: at most 120 characters",
	"lib/board/template/place.ts (?:[A-Za-z]+\\/[A-Za-z]+(?: [A-Za-z]+)?|(?:utc|gmt)(?: [-+−])?) $":
		"60 characters before a word",
	"lib/client/audit.ts ^[^\\n—]+\\n\\d+\\n\\S+\\n\\n(?:— .+\\n)+": "the auditor's own file of checkpoints",
};

interface Pattern {
	file: string;
	source: string;
	flags: string;
}

const patterns = ["app", "components", "db", "lib"].flatMap(filesOf).flatMap(patternsOf);

test("every pattern of the code is read off its syntax tree", () => {
	expect(patterns.length).toBeGreaterThan(300);
});

test("none takes longer than in proportion to a text that may be long", () => {
	const slow = patterns
		.filter(({ source, flags }) => analyse(new RegExp(source, flags)).reports.length > 0)
		.map(({ file, source }) => `${file} ${source}`);
	expect([...new Set(slow)].sort()).toEqual(Object.keys(SHORT).sort());
});

function filesOf(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name) && !entry.name.includes(".test."))
		.map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)))
		.filter((file) => !NOT_RUN.test(file));
}

function patternsOf(file: string): Pattern[] {
	const { program, errors } = parseSync(file, readFileSync(join(ROOT, file), "utf8"));
	expect(errors).toEqual([]);
	const found: Pattern[] = [];
	walk(program, (node) => {
		const { type, regex } = node as { type?: string; regex?: { pattern: string; flags: string } };
		if (type === "Literal" && regex) found.push({ file, source: regex.pattern, flags: regex.flags });
		found.push(...composed(file, node));
	});
	return found;
}

/** `new RegExp(…)` of a text that stands there; a hole in it, which holds other words of ours, is a word. */
function composed(file: string, node: object): Pattern[] {
	const {
		type,
		callee,
		arguments: [source, flags] = [],
	} = node as {
		type?: string;
		callee?: { name?: string };
		arguments?: {
			value?: unknown;
			quasis?: { value: { cooked: string } }[];
			quasi?: { quasis: { value: { raw: string } }[] };
		}[];
	};
	if ((type !== "NewExpression" && type !== "CallExpression") || callee?.name !== "RegExp") return [];
	const parts =
		typeof source?.value === "string"
			? [source.value]
			: (source?.quasis?.map(({ value }) => value.cooked) ??
				source?.quasi?.quasis.map(({ value }) => value.raw));
	// Where a bound is the hole, any number stands for it.
	const whole = parts?.reduce((text, part) => `${text}${/\{$/.test(text) ? 9 : "(?:word|other)"}${part}`);
	return whole === undefined ? [] : [{ file, source: whole, flags: String(flags?.value ?? "") }];
}

function walk(node: unknown, seen: (node: object) => void): void {
	if (typeof node !== "object" || node === null) return;
	if (!Array.isArray(node)) seen(node);
	for (const child of Object.values(node)) walk(child, seen);
}
