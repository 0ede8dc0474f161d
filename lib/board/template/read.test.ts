import { describe, expect, test } from "vitest";
import { BOUNDS } from "../fields";
import { TEMPLATE } from "./labels";
import { lint } from "./lint";
import { read } from "./read";
import { write } from "./write";

const NOW = Date.parse("2026-11-16T09:00:00.000Z");
const limits = { now: NOW, windowMaxDays: 14 };
const by = { zone: "Europe/Berlin", week: "2026-W47", ...limits };
const whole = {
	kind: "need" as const,
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 cores" },
	constraints: {},
	success_condition: "all 12 tests pass",
	contact: "DM",
};
const faults = (changed: object) =>
	lint({ ...whole, ...changed }, limits).errors.map(({ code, field }) => `${code} ${field}`);
const hints = (changed: object) =>
	lint({ ...whole, ...changed }, limits).hints.map(({ code, field }) => `${code} ${field}`);

describe("the linter", () => {
	test("finds nothing to say of a good post", () => {
		expect(lint(whole, limits)).toEqual({ errors: [], hints: [] });
	});

	test.each([
		["region", BOUNDS.region, (value: string) => ({ region: value }), "/region"],
		["unit", BOUNDS.unit, (value: string) => ({ budget: { cap: "1", unit: value } }), "/budget/unit"],
		["resource", BOUNDS.resource, (value: string) => ({ resources: { gpu: value } }), "/resources/gpu"],
		[
			"constraint",
			BOUNDS.constraint,
			(value: string) => ({ constraints: { data: value } }),
			"/constraints/data",
		],
		[
			"success condition",
			BOUNDS.success_condition,
			(value: string) => ({ success_condition: value }),
			"/success_condition",
		],
		["contact", BOUNDS.contact, (value: string) => ({ contact: value }), "/contact"],
		["title", BOUNDS.title, (value: string) => ({ title: value }), "/title"],
	] as const)(
		"takes a %s of %i characters, counted as people do, and not one more",
		(_, most, changed, field) => {
			expect(faults(changed("😀".repeat(most)))).toEqual([]);
			expect(faults(changed("😀".repeat(most + 1)))).toEqual([`too-long ${field}`]);
			expect(faults(changed(" \n\t "))).toEqual([`blank ${field}`]);
		},
	);

	test.each(["0", "120", "0120", "999999999999", "0.000001", "999999999999.999999"])(
		"takes %s as a cap",
		(cap) => {
			expect(faults({ budget: { cap, unit: "scrip" } })).toEqual([]);
		},
	);

	test.each(["", "-1", "+1", "1.", ".5", "1e3", "1,000", "1234567890123", "1.1234567", "١٢٠", "120 ", "NaN"])(
		"takes %j as no cap",
		(cap) => {
			expect(faults({ budget: { cap, unit: "scrip" } })).toEqual(["cap-wrong /budget/cap"]);
		},
	);

	test("lets no unit pass for scrip but scrip", () => {
		for (const unit of [
			"SCRIP",
			"Scrip",
			"sсrip",
			"scrip ",
			"s c r i p",
			"ｓｃｒｉｐ",
			"5crip",
			"scr\u200bip",
		])
			expect(faults({ budget: { cap: "1", unit } })).toEqual(["unit-lookalike /budget/unit"]);
		for (const unit of ["scrip/h", "scrip per job", "EUR", "script"])
			expect(faults({ budget: { cap: "1", unit } })).toEqual([]);
	});

	test("judges a window by the time it is given", () => {
		const window = (start: string, end: string) => ({ window: { start, end } });
		expect(faults(window("2026-11-15T10:00:00Z", "2026-11-16T09:00:00Z"))).toEqual(["window-past /window"]);
		expect(faults(window("2026-11-15T10:00:00Z", "2026-11-16T09:00:01Z"))).toEqual([]);
		expect(faults(window("2026-11-17T10:00:00Z", "2026-11-17T10:00:00Z"))).toEqual([
			"window-reversed /window",
		]);
		expect(faults(window("2026-11-17T10:00:00Z", "2026-12-01T10:00:00Z"))).toEqual([]);
		expect(faults(window("2026-11-17T10:00:00Z", "2026-12-01T10:00:01Z"))).toEqual([
			"window-too-long /window",
		]);
		expect(faults(window("2026-11-17 10:00", "2026-11-18T10:00:00Z"))).toEqual(["not-local /window/start"]);
		expect(faults(window("2026-11-17T10:00:00Z", "2026-02-30T10:00:00Z"))).toEqual(["not-local /window/end"]);
	});

	test("names each missing field once", () => {
		expect(lint({}, limits).errors.map(({ code, field }) => `${code} ${field}`)).toEqual([
			"missing /kind",
			"missing /region",
			"missing /tz",
			"missing /window",
			"missing /budget/cap",
			"missing /budget/unit",
			"missing /resources",
			"missing /contact",
		]);
	});

	test("says in its sentence what to write instead", () => {
		const [missing] = lint({ ...whole, contact: undefined }, limits).errors;
		expect(missing).toMatchObject({
			detail: "The contact is missing.",
			next: "Write where to reach you: DM, or a channel.",
		});
		for (const { detail, next } of [...lint({}, limits).errors, ...lint({}, limits).hints])
			expect(`${detail}${next}`).not.toMatch(/[{}]|undefined/);
	});

	test("shows characters that nobody sees, wherever they hide", () => {
		for (const odd of ["\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\u{e0041}", "\u0007"])
			expect(hints({ contact: `D${odd}M` })).toEqual(["hidden /contact"]);
		expect(hints({ contact: "👩‍💻 می‌خواهم" })).toEqual([]);
	});

	test("does not repeat a secret in what it says of it", () => {
		const secret = "sk-0123456789abcdefghij";
		const found = lint({ ...whole, constraints: { tools: `api key: ${secret}` } }, limits);
		expect(found.hints.map(({ code }) => code)).toEqual(["private-key"]);
		expect(JSON.stringify(found)).not.toContain(secret);
	});

	test.each([
		"the token bucket passes its 12 tests",
		"coin sorter firmware flashed, log attached",
		"icons drawn: 24 SVG files",
		"favicon.ico is built, 3 sizes",
		"port 5432 answers 2026-11-17 18:00",
		"sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	])("has nothing against honest work: %s", (done) => {
		expect(hints({ success_condition: done })).toEqual([]);
	});
});

describe("a pasted text", () => {
	test("is the template itself, and lacks everything", () => {
		const { fields, errors } = read(TEMPLATE, by);
		expect(fields.kind).toBeUndefined();
		expect(errors.map(({ line }) => line)).toEqual([1, 2, 3, 4, 4, 5, 8]);
	});

	test("is read through white space and marks that nobody sees", () => {
		const text = write(whole);
		const stuffed = text
			.replace(/ /g, `\u00a0${" ".repeat(2_000)}\t\u200b`)
			.replace(/NEED$/m, "\u202eNEED\u202c");
		expect(read(stuffed, by).fields).toEqual(whole);
		expect(read(`${"\n".repeat(20_000)}${text}`, by).fields).toEqual(whole);
	});

	test("longer than any post is not read at all", () => {
		expect(read(`${write(whole)}${" ".repeat(66_000)}`, by).errors.map(({ code }) => code)).toEqual([
			"text-too-long",
		]);
	});

	test.each([
		"|",
		"*",
		"_",
		"(",
		"[",
		'"',
		":",
		"-",
		"> ",
		"TZ (",
		"BUDGET: ",
		"~~",
		"1 ",
		"/",
		"\\",
		"a",
		"a@",
		"((",
		"eyJaaaaaaaa-",
		"a/",
		", ",
		";",
		"\n",
		"📎",
	])("made of nothing but %j ends in an answer, not in a long wait", (piece) => {
		const much = piece.repeat(Math.floor(7_000 / piece.length));
		const labels = [
			"OFFER or NEED",
			"REGION / TZ",
			"WINDOW",
			"BUDGET",
			"RESOURCES",
			"CONSTRAINTS",
			"SUCCESS CONDITION",
			"CONTACT",
		];
		expect(read(labels.map((label) => `${label}: ${much}\n`).join(""), by).errors.length).toBeGreaterThan(0);
		for (const label of labels) {
			const { errors } = read(`${label}: ${piece.repeat(Math.floor(60_000 / piece.length))}`, by);
			expect(errors.length).toBeGreaterThan(0);
		}
	});

	test("keeps markup as the text it is", () => {
		const { fields } = read(write({ ...whole, contact: "<script>alert(1)</script>" }), by);
		expect(fields.contact).toBe("<script>alert(1)</script>");
	});

	test("gives its hours in the zone, and says what they will be shown as", () => {
		const text = write({ ...whole, window: { start: "2026-11-17T17:00:00Z", end: "2026-11-18T01:00:00Z" } });
		expect(read(text, by).hints.map(({ values }) => values.shown)).toEqual([
			"2026-11-17 18:00",
			"2026-11-18 02:00",
		]);
	});

	test("asks which of two hours is meant, with both to copy", () => {
		const text = write(whole).replace(/WINDOW: .*/, "WINDOW: Sun 02:30 - Sun 06:00");
		const october = { ...by, week: "2026-W43", now: Date.parse("2026-10-20T10:00:00.000Z") };
		const [repeated] = read(text, october).errors;
		expect(repeated).toMatchObject({
			code: "hour-repeated",
			field: "/window/start",
			line: 3,
			next: "Write it with its offset: 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00.",
		});
	});
});
