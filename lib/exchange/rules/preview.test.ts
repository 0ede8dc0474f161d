import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fractionOf, type PreviewPlan, previewChunks, previewPlan, previewPrice } from "./preview";
import type { ContentType } from "./preview-boundaries";

const TYPES: ContentType[] = ["code", "analysis", "summary", "plan", "data", "review", "other"];
const bytesIn = (text: string) => new TextEncoder().encode(text).length;
const signature = (seed: number) => Uint8Array.from({ length: 64 }, (_, i) => (seed * 31 + i * 7) & 0xff);
const plan = (text: string, contentType: ContentType, seed = 1): PreviewPlan =>
	previewPlan({ contentHash: "sha256:00", text, contentType, randomBytes: signature(seed) });
const shown = (text: string, contentType: ContentType, seed = 1) =>
	previewChunks(text, plan(text, contentType, seed).chunks).map(({ content }) => content);

/** All that holds of every preview, whatever the text. */
function expectPreview(text: string, { chunks, fractionPpm }: PreviewPlan) {
	const bytes = bytesIn(text);
	const total = chunks.reduce((sum, { length }) => sum + length, 0);
	expect(chunks).toHaveLength(5);
	expect(total * 100).toBeGreaterThanOrEqual(bytes * 15);
	expect(total * 100).toBeLessThanOrEqual(bytes * 25);
	expect(fractionPpm).toBe(fractionOf(chunks, bytes));
	let end = 0;
	for (const { position, length } of chunks) {
		expect(position).toBeGreaterThanOrEqual(end);
		expect(length).toBeGreaterThan(0);
		end = position + length;
	}
	expect(end).toBeLessThanOrEqual(bytes);
	// The decoder is fatal: a chunk cut within a code point would throw.
	for (const { content, length } of previewChunks(text, chunks)) expect(bytesIn(content)).toBe(length);
}

const piece = fc.oneof(
	fc.string({ unit: "binary", maxLength: 60 }),
	fc.string({ unit: "grapheme", maxLength: 60 }),
	fc.lorem({ mode: "sentences", maxCount: 3 }),
	fc.json(),
	fc.constantFrom(
		"\n",
		"\n\n",
		"\r\n",
		"  ",
		"}\n",
		"function f() {\n\treturn 1;\n}\n",
		"一二三。",
		"😀",
		"\uFEFF",
		",",
		'a,"b\nc"\n',
	),
);
const longText = fc
	.tuple(fc.array(piece, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 6_000 }))
	.map(([pieces, more]) => {
		const once = pieces.join("") || "x";
		return once.repeat(Math.ceil((1_997 + more) / bytesIn(once)));
	});

describe("a preview shows five pieces, together 15–25 % of the content", () => {
	test("of any Unicode text of any type", () => {
		fc.assert(
			fc.property(
				longText,
				fc.constantFrom(...TYPES),
				fc.integer({ min: 0, max: 255 }),
				(text, type, seed) => {
					expectPreview(text, plan(text, type, seed));
				},
			),
			{ numRuns: 600 },
		);
	});

	test.each([
		["one line of Chinese", "示".repeat(3_000)],
		["one line of base64", "QUJDRA".repeat(2_000)],
		["emoji alone", "👩‍🚀".repeat(700)],
		["blanks alone", " \n".repeat(1_500)],
		["brackets that never close", "[{".repeat(2_000)],
		["brackets that never opened", "}]".repeat(2_000)],
		["one quote that never closes", `"${"a,b\n".repeat(900)}`],
		["the shortest content that is previewed", "x".repeat(1_997)],
	])("of %s", (_, text) => {
		for (const type of TYPES) expectPreview(text, plan(text, type));
	});

	test("of a mebibyte, in pieces that still respect lines", () => {
		const text = `${"export const answer = 42; // of many\n".repeat(29_000).slice(0, 1_048_575)}\n`;
		const pieces = shown(text, "code");
		expectPreview(text, plan(text, "code"));
		for (const one of pieces) expect(one.endsWith("\n")).toBe(true);
	});

	test("and nothing at all of content below 500 tokens", () => {
		expect(plan("x".repeat(1_996), "code")).toEqual({ fractionPpm: 0, chunks: [] });
	});
});

describe("the same content under the same signature is shown the same way", () => {
	const text = Array.from({ length: 200 }, (_, i) => `Sentence number ${i} of this text.`).join(" ");

	test("every time", () => {
		expect(plan(text, "summary", 7)).toEqual(plan(text, "summary", 7));
	});

	test("and another signature or another hash shows other pieces", () => {
		expect(plan(text, "summary", 8)).not.toEqual(plan(text, "summary", 7));
		const other = {
			contentHash: "sha256:11",
			text,
			contentType: "summary" as const,
			randomBytes: signature(7),
		};
		expect(previewPlan(other)).not.toEqual(plan(text, "summary", 7));
	});
});

describe("pieces are cut where the type has its joints", () => {
	test("whole functions of code", () => {
		const text = Array.from(
			{ length: 60 },
			(_, i) =>
				`// number ${i}\nexport function f${i}(a) {\n\tif (a) {\n\t\treturn ${i};\n\t} else {\n\n\t\treturn a;\n\t}\n}\n\n`,
		).join("");
		for (const one of shown(text, "code")) expect(one).toMatch(/^\/\/ number \d+\n[\s\S]*\n}\n\n$/);
	});

	test("whole paragraphs of prose", () => {
		const text = Array.from({ length: 50 }, (_, i) => `Paragraph ${i} says this.\nAnd that.`).join("\n\n");
		for (const one of shown(text, "analysis"))
			expect(one).toMatch(/^Paragraph \d+ says[\s\S]*And that\.(\n\n)?$/);
	});

	test("whole rows of a table, also when a field holds a line break", () => {
		const text = Array.from({ length: 120 }, (_, i) => `row${i},"two\nlines",${i * i}\n`).join("");
		for (const one of shown(text, "data")) expect(one).toMatch(/^row\d+,"[\s\S]*\n$/);
	});

	test("whole records of JSON, also on one line and below a member", () => {
		const records = Array.from({ length: 150 }, (_, i) => ({ id: i, tags: ["a", "b,}"], note: `n "${i}"` }));
		for (const text of [JSON.stringify(records), JSON.stringify({ page: 1, records })]) {
			for (const one of shown(text, "data")) {
				const inside = one.replace(/[,\]}]*$/, "").replace(/^\{"page":1,"records":\[|^\[/, "");
				expect(() => JSON.parse(`[${inside}}]`)).not.toThrow();
			}
		}
	});

	test("whole lines of JSON lines", () => {
		const text = Array.from({ length: 150 }, (_, i) => `${JSON.stringify({ id: i, of: [1, 2] })}\n`).join("");
		for (const one of shown(text, "data"))
			for (const line of one.trimEnd().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
	});

	test("whole sentences where a paragraph is too long to show", () => {
		const text = Array.from({ length: 120 }, (_, i) => `Sentence ${i} ends here.`).join(" ");
		for (const one of shown(text, "review")) expect(one).toMatch(/^Sentence \d+ .*here\. ?$/);
	});
});

test("a seller cannot keep the bulk hidden behind five small functions", () => {
	const fine = Array.from(
		{ length: 5 },
		(_, i) => `function fine${i}() {\n\treturn ${"1 + ".repeat(25)}1;\n}\n\n`,
	).join("");
	const bulk = `function bulk() {\n${"\tnothing();\n".repeat(1_000)}}\n`;
	const signatures = Array.from({ length: 40 }, (_, seed) => seed);
	for (const seed of signatures) expect(shown(fine + bulk, "code", seed).join("")).toContain("nothing");
});

test("any part of a text may be shown", () => {
	const text = "x".repeat(4_000);
	const times = new Array<number>(40).fill(0);
	for (let seed = 0; seed < 250; seed++)
		for (const { position, length } of plan(text, "other", seed).chunks)
			for (let at = position; at < position + length; at++) times[Math.floor(at / 100)]!++;
	for (const n of times) expect(n).toBeGreaterThan(0);
});

describe("the price after a preview", () => {
	test("is the base less what was shown, rounded half up", () => {
		expect(previewPrice(1_200, 200_000)).toBe(960);
		expect(previewPrice(2, 250_000)).toBe(2);
		expect(previewPrice(1, 250_000)).toBe(1);
	});

	test("is never free and never more than the base", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 8_000_000 }),
				fc.integer({ min: 150_000, max: 250_000 }),
				(base, f) => {
					const price = previewPrice(base, f);
					expect(price).toBeGreaterThanOrEqual(1);
					expect(price).toBeLessThanOrEqual(base);
					expect(Math.abs(price - (base * (1_000_000 - f)) / 1_000_000)).toBeLessThanOrEqual(0.5);
				},
			),
		);
	});
});
