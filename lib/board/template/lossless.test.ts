import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BOUNDS, type Fields } from "../fields";
import { localIn } from "../window";
import { read } from "./read";
import { write } from "./write";

const NOW = Date.parse("2026-11-16T09:00:00.000Z");
const by = { zone: "Europe/Berlin", week: "2026-W47", now: NOW, windowMaxDays: 14 };

/** Any text a field may hold, made of what a reader could trip over as well as of anything at all. */
function text(most: number): fc.Arbitrary<string> {
	const traps = fc.constantFrom(
		...[
			"OFFER",
			"NEED",
			"BUDGET:",
			"REGION / TZ:",
			"CPU:",
			"GPU: 1",
			"data:",
			"CONTACT: DM",
			"N/A",
			"none",
			"TBD",
		],
		...[
			"Europe/Berlin",
			"UTC+01:00",
			"CET",
			"scrip",
			"max",
			"up to",
			"120",
			"1,200",
			"16 GB",
			"A100",
			"and",
			"with",
		],
		...[
			" ",
			"  ",
			"\n",
			"\n\n",
			"\t",
			"\u00a0",
			"\u2028",
			";",
			",",
			"/",
			"|",
			":",
			"-",
			"–",
			"(",
			")",
			"[x]",
			"[ ]",
		],
		...[
			'"',
			"\\",
			"\\n",
			'\\"',
			"“",
			"**",
			"_",
			"`",
			"```",
			"~~",
			"#",
			"- ",
			"* ",
			"1. ",
			"> ",
			"<b>",
			"…",
			"...",
		],
		...[
			"\u0000",
			"\u202e",
			"\u200b",
			"\ufeff",
			"\u{e0041}",
			"а",
			"е",
			"Ｂ",
			"é",
			"e\u0301",
			"👩‍💻",
			"中文",
			"עברית",
		],
		...[
			'what "done" means',
			"cap + unit",
			"start-end",
			"<region>",
			"your zone",
			"=",
			"→",
			"$",
			"€5",
			"∞",
			"free",
			"no ",
		],
	);
	const anything = fc.string({ unit: "binary", maxLength: 12 });
	return fc
		.array(fc.oneof({ weight: 5, arbitrary: traps }, { weight: 1, arbitrary: anything }), {
			minLength: 1,
			maxLength: 10,
		})
		.map((pieces) => [...pieces.join("")].slice(0, most).join(""))
		.filter((value) => value.trim().length > 0);
}

const zone = fc.constantFrom(
	"Europe/Berlin",
	"UTC",
	"America/New_York",
	"Asia/Kolkata",
	"UTC+05:45",
	"UTC-11:00",
	"America/Port-au-Prince",
	"CET",
);
const local = fc
	.record({
		zone,
		second: fc.integer({ min: NOW / 1_000, max: NOW / 1_000 + 13 * 86_400 }),
		zulu: fc.boolean(),
	})
	.map(({ zone, second, zulu }) =>
		zulu ? new Date(second * 1_000).toISOString().replace(".000", "") : localIn(zone, second * 1_000),
	);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const items = <K extends string>(names: readonly K[], most: number) =>
	fc.record(Object.fromEntries(names.map((name) => [name, text(most)])), { requiredKeys: [] });

const fields = fc
	.record({
		kind: fc.constantFrom("offer", "need"),
		region: text(BOUNDS.region),
		tz: zone,
		window: fc.record({ start: local, end: local }),
		budget: fc.record({
			cap: fc.stringMatching(/^\d{1,12}(\.\d{1,6})?$/),
			unit: fc.oneof(text(BOUNDS.unit), fc.constantFrom("scrip", "EUR", "scrip/h", "GPU-hours", "scrip max")),
		}),
		resources: items(["cpu", "gpu", "ram", "storage", "network", "other"], BOUNDS.resource).filter(
			(resources) => Object.keys(resources).length > 0,
		),
		constraints: items(["data", "privacy", "tools"], BOUNDS.constraint),
		success_condition: optional(text(BOUNDS.success_condition)),
		contact: text(BOUNDS.contact),
		title: optional(text(BOUNDS.title)),
		scope: optional(fc.constantFrom("infra", "request", "help")),
	})
	.map(
		(made) =>
			Object.fromEntries(
				Object.entries(made).filter(([, value]) => value !== undefined),
			) as unknown as Fields,
	);

describe("the template loses nothing", () => {
	test("from fields to text to fields, whatever the fields hold", () => {
		fc.assert(
			fc.property(fields, (made) => {
				expect(read(write(made), by).fields).toEqual(made);
			}),
			{ numRuns: 300 },
		);
	});

	test("from a text of ours to fields to text", () => {
		fc.assert(
			fc.property(fields.map(write), (text) => {
				expect(write(read(text, by).fields as Fields)).toBe(text);
			}),
			{ numRuns: 150 },
		);
	});

	test("with other newlines, in a code block, indented, and with prose around it", () => {
		fc.assert(
			fc.property(fields, (made) => {
				const text = write(made);
				expect(read(text.replaceAll("\n", "\r\n"), by).fields).toEqual(made);
				expect(read(`\`\`\`\n${text}\`\`\`\n`, by).fields).toEqual(made);
				expect(read(text.replace(/^/gm, "    "), by).fields).toEqual(made);
				expect(read(`Hello all,\n\n${text}\nThanks!\n`, by).fields).toEqual(made);
			}),
			{ numRuns: 150 },
		);
	});

	test("in eight lines, where there is neither title nor scope", () => {
		fc.assert(
			fc.property(fields, (made) => {
				const { title: _, scope: __, ...eight } = made;
				const done = { ...eight, success_condition: made.success_condition ?? "tests pass" };
				expect(write(done).trimEnd().split("\n")).toHaveLength(8);
			}),
		);
	});

	test("and writes plain values plainly", () => {
		const plain: Fields = {
			kind: "need",
			title: "CI minutes, arm64 release",
			region: "EU",
			tz: "Europe/Berlin",
			window: { start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:30Z" },
			budget: { cap: "120", unit: "scrip" },
			resources: { cpu: "8 arm64 cores", ram: "16 GB", network: "1 Gbps, no egress limit" },
			constraints: { data: "public only", tools: "docker, git" },
			success_condition: "release.tar.gz built, its sha256 posted here; all tests green (see log)",
			contact: "DM, or #ci on the feed",
		};
		expect(write(plain)).toBe(`OFFER or NEED: NEED
TITLE: CI minutes, arm64 release
REGION / TZ: EU / Europe/Berlin
WINDOW: 2026-11-17T18:00+01:00 - 2026-11-18T02:00:30Z
BUDGET: 120 scrip
RESOURCES: CPU: 8 arm64 cores; RAM: 16 GB; network: 1 Gbps, no egress limit
CONSTRAINTS: data: public only; tools: docker, git
SUCCESS CONDITION: release.tar.gz built, its sha256 posted here; all tests green (see log)
CONTACT: DM, or #ci on the feed
`);
	});

	test("and quotes what would be read otherwise", () => {
		const odd: Fields = {
			kind: "offer",
			region: "EU / UTC -",
			tz: "UTC",
			window: { start: "2026-11-17T18:00:00Z", end: "2026-11-18T02:00:00Z" },
			budget: { cap: "0120.50", unit: "SCRIP max" },
			resources: { other: "N/A" },
			constraints: {},
			contact: 'two\nlines, a \u202e and "quotes"',
		};
		const text = write(odd);
		expect(text).toContain('REGION / TZ: "EU / UTC -" / UTC\n');
		expect(text).toContain('BUDGET: 0120.50 "SCRIP max"\n');
		expect(text).toContain('RESOURCES: other: "N/A"\nCONSTRAINTS: none\n');
		expect(text).toContain('CONTACT: "two\\nlines, a \\u202e and \\"quotes\\""\n');
		expect(read(text, by).fields).toEqual(odd);
	});
});
