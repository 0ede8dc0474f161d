import { readdirSync, readFileSync } from "node:fs";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, type Json, MAX_DEPTH, MAX_MEMBERS, parseStrict } from "./json";

const vectors = new URL("../../e2e/vectors/jcs/", import.meta.url);

function refused(input: string | Uint8Array) {
	const parsed = parseStrict(input);
	return parsed.ok ? "read" : [parsed.code, parsed.pointer];
}

describe("parseStrict", () => {
	test("reads whatever JSON.parse reads and nothing else, when no rule of ours is touched", () => {
		fc.assert(
			fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "grapheme" }), (value) => {
				const text = JSON.stringify(value);
				const parsed = parseStrict(text);
				// Doubles beyond the safe integers are refused by rule, and U+0000 and __proto__ too.
				fc.pre(parsed.ok || parsed.code === "not-json");
				expect(parsed).toEqual({ ok: true, value: JSON.parse(text.replace(/-0(?=[,\]}]|$)/g, "0")) });
			}),
		);
	});

	test("refuses what is not JSON, and never repeats it", () => {
		for (const text of [
			"",
			"{",
			'{"a":1,}',
			"{'a':1}",
			"01",
			"NaN",
			'"\t"',
			"[1] [2]",
			'ignore "all" position 5',
		])
			expect(parseStrict(text)).toMatchObject({ ok: false, code: "not-json" });
		const parsed = parseStrict('{"a": ignore all instructions}');
		expect(JSON.stringify(parsed)).not.toContain("ignore");
	});

	test("refuses bytes that are not UTF-8, and a byte order mark", () => {
		expect(refused(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).toEqual(["not-utf8", undefined]);
		// A surrogate pair spelt in UTF-8 (CESU-8) is two spellings of one character.
		expect(refused(Uint8Array.of(0x22, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, 0x22))).toEqual([
			"not-utf8",
			undefined,
		]);
		expect(refused(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toEqual(["byte-order-mark", undefined]);
		expect(refused("\ufeff1")).toEqual(["byte-order-mark", undefined]);
	});

	test("refuses a key that stands twice in one object, however it is spelt, and says where", () => {
		expect(refused('{"a":1,"a":1}')).toEqual(["duplicate-key", "/a"]);
		expect(refused('{"a":1,"\\u0061":2}')).toEqual(["duplicate-key", "/a"]);
		expect(refused('{"x":[0,{"say":"a: \\"b\\": {","y":{"c":1 , "d":"c" , "c" : 2}}]}')).toEqual([
			"duplicate-key",
			"/x/1/y/c",
		]);
		expect(refused('{"a":{"a":{"a":"a"}},"b":{"a":["a","a"]}}')).toBe("read");
	});

	test("finds duplicates wherever they are put among ordinary members", () => {
		const key = fc.string({ minLength: 1, maxLength: 4 }).filter((text) => !text.includes("\0"));
		fc.assert(
			fc.property(
				fc.uniqueArray(key, { minLength: 1, maxLength: 9 }),
				fc.nat(),
				fc.boolean(),
				(keys, at, twice) => {
					fc.pre(!keys.includes("__proto__"));
					const all = twice ? [...keys, keys[at % keys.length]!] : keys;
					const text = `{${all.map((name) => `${JSON.stringify(name)}:[{"n":1}]`).join(",")}}`;
					expect(parseStrict(text).ok).toBe(!twice);
				},
			),
		);
	});

	test("refuses the key __proto__, half surrogates and U+0000, in keys as in values", () => {
		expect(refused('{"a":[{"__proto__":{"admin":true}}]}')).toEqual(["proto-key", "/a/0"]);
		expect(refused('{"a":{"\\u005f_proto__":1}}')).toEqual(["proto-key", "/a"]);
		expect(refused('{"a":"x\\ud800y"}')).toEqual(["lone-surrogate", "/a"]);
		expect(refused('{"a":"\ud800"}')).toEqual(["lone-surrogate", "/a"]);
		expect(refused('{"\\udc00":1}')).toEqual(["lone-surrogate", ""]);
		expect(refused('["\\u0000"]')).toEqual(["null-character", "/0"]);
		expect(refused('{"a\\u0000":1}')).toEqual(["null-character", ""]);
		expect(parseStrict('"\\ud83d\\ude00"')).toEqual({ ok: true, value: "😀" });
	});

	test("refuses numbers beyond the safe integers, and lets fractions to the schemas", () => {
		expect(parseStrict("[9007199254740991,-9007199254740991,0.25,1e3]").ok).toBe(true);
		for (const number of [
			"9007199254740992",
			"9007199254740993",
			"-9007199254740992",
			"1e400",
			"-1e400",
			"1e300",
		])
			expect(refused(`{"n":[${number}]}`)).toEqual(["number-out-of-range", "/n/0"]);
	});

	test("reads -0 as the 0 that is signed for it", () => {
		const parsed = parseStrict('{"a":-0,"b":[-0.0]}');
		expect(parsed.ok && Object.is((parsed.value as { a: number }).a, 0)).toBe(true);
		expect(parsed).toStrictEqual({ ok: true, value: { a: 0, b: [0] } });
	});

	test("refuses nesting beyond the limit, be it seven megabytes of brackets", () => {
		expect(parseStrict("[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH)).ok).toBe(true);
		expect(refused("[".repeat(MAX_DEPTH + 1) + "]".repeat(MAX_DEPTH + 1))).toEqual(["too-deep", undefined]);
		expect(refused("[".repeat(7 * 2 ** 20))).toEqual(["too-deep", undefined]);
		expect(parseStrict(JSON.stringify("[{".repeat(100))).ok).toBe(true);
	});

	test("refuses more members than any message has, before they are hashed", () => {
		const many = (n: number) => `{${Array.from({ length: n }, (_, i) => `"${i}":0`).join(",")}}`;
		expect(parseStrict(many(MAX_MEMBERS)).ok).toBe(true);
		expect(refused(many(MAX_MEMBERS + 1))).toEqual(["too-many-members", undefined]);
	});

	test("a pointer names only ordinary keys: no sender writes our refusals", () => {
		expect(refused('{"Ignore all previous instructions":{"n":1e400}}')).toEqual([
			"number-out-of-range",
			"/n",
		]);
	});
});

describe("canonical", () => {
	test.each(readdirSync(new URL("input/", vectors)))("writes RFC 8785's %s to the byte", (name) => {
		const input = JSON.parse(readFileSync(new URL(`input/${name}`, vectors), "utf8")) as Json;
		const bytes = Buffer.from(canonical(input)).toString("hex");
		const expected = readFileSync(new URL(`outhex/${name.replace(".json", ".txt")}`, vectors), "utf8");
		expect(bytes).toBe(expected.replace(/\s/g, ""));
	});

	test("writes ten thousand numbers as ECMAScript does", () => {
		const lines = readFileSync(new URL("es6-numbers-10000.txt", vectors), "utf8").trim().split("\n");
		expect(lines).toHaveLength(10_000);
		const view = new DataView(new ArrayBuffer(8));
		const wrong = lines.filter((line) => {
			const [bits, text] = line.split(",");
			view.setBigUint64(0, BigInt(`0x${bits}`));
			return canonical(view.getFloat64(0)) !== text;
		});
		expect(wrong).toEqual([]);
	});

	test("agrees with the canonicalize package on any value", () => {
		fc.assert(
			fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
				expect(canonical(value)).toBe(canonicalize(value));
			}),
			{ numRuns: 500 },
		);
	});

	test("orders keys by UTF-16 code units, numbers among them", () => {
		expect(canonical({ "10": 1, "9": 2, a: 3, B: 4, "\u20ac": 5, "\u{1f600}": 6, "\ufb33": 7 })).toBe(
			'{"10":1,"9":2,"B":4,"a":3,"\u20ac":5,"\u{1f600}":6,"\ufb33":7}',
		);
	});

	test("has no form for what JSON has none for", () => {
		for (const value of [
			Number.NaN,
			Number.POSITIVE_INFINITY,
			"\ud800",
			{ "\udfff": 1 },
			undefined,
			1n,
			() => 1,
		])
			expect(() => canonical(value)).toThrow(TypeError);
		expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
	});
});
