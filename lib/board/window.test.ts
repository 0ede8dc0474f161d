import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atLocal, instantOf, isLocal, localIn, resolve, startOfDate, windowFault } from "./window";

const DAY_MS = 86_400_000;
const at = (instant: string) => Date.parse(instant);

describe("a signed time", () => {
	test("says its instant by itself, whatever the zone's tables say", () => {
		expect(instantOf("2026-11-17T18:00:00+01:00")).toBe(at("2026-11-17T17:00:00.000Z"));
		expect(instantOf("2026-11-17T18:00:00-03:30")).toBe(at("2026-11-17T21:30:00.000Z"));
		expect(instantOf("2026-11-17T18:00:00Z")).toBe(at("2026-11-17T18:00:00.000Z"));
		expect(instantOf("2026-11-17T18:00:00.5+01:00")).toBe(at("2026-11-17T17:00:00.500Z"));
		expect(instantOf("2026-11-17T18:00:00.123999Z")).toBe(at("2026-11-17T18:00:00.123Z"));
		expect(instantOf("2024-02-29T23:59:59+14:00")).toBe(at("2024-02-29T09:59:59.000Z"));
	});

	test.each([
		"2026-11-17T18:00:00",
		"2026-11-17T18:00+01:00",
		"2026-11-17 18:00:00+01:00",
		"2026-11-17t18:00:00z",
		"2026-11-17T18:00:00.Z",
		"2026-11-17T18:00:00,5Z",
		"2026-11-17T24:00:00Z",
		"2026-11-17T23:59:60Z",
		"2026-02-30T18:00:00Z",
		"2025-02-29T18:00:00Z",
		"2026-13-01T18:00:00Z",
		"2026-11-17T18:00:00+24:00",
		"2026-11-17T18:00:00+01",
		"2026-11-17T18:00:00+01:60",
		"2026-11-17T18:00:00Z\n",
		"٢٠٢٦-11-17T18:00:00Z",
		"",
	])("is not %j", (text) => {
		expect(isLocal(text)).toBe(false);
	});

	test("bounds a window by whole milliseconds", () => {
		expect(resolve({ start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" })).toEqual({
			start: at("2026-11-17T17:00:00.000Z"),
			end: at("2026-11-18T01:00:00.000Z"),
		});
	});
});

describe("a window", () => {
	const now = at("2026-11-17T12:00:00.000Z");
	const judged = (start: number, end: number) =>
		windowFault({ start: now + start, end: now + end }, now, 14 * DAY_MS);

	test("ends after it starts", () => {
		expect(judged(10, 10)).toBe("reversed");
		expect(judged(10, 9)).toBe("reversed");
		expect(judged(10, 11)).toBeUndefined();
	});

	test("may have begun, and is past from the millisecond of its end", () => {
		expect(judged(-DAY_MS, 1)).toBeUndefined();
		expect(judged(-DAY_MS, 0)).toBe("past");
	});

	test("lasts at most what the setting says, to the millisecond", () => {
		expect(judged(0, 14 * DAY_MS)).toBeUndefined();
		expect(judged(0, 14 * DAY_MS + 1)).toBe("too-long");
	});
});

describe("a time in a form", () => {
	test("gets the offset that its zone has then", () => {
		expect(atLocal("2026-11-17T18:00", "Europe/Berlin")).toEqual({ local: "2026-11-17T18:00:00+01:00" });
		expect(atLocal("2026-07-17T18:00", "Europe/Berlin")).toEqual({ local: "2026-07-17T18:00:00+02:00" });
		expect(atLocal("2026-11-17 18:00:30", "UTC+05:45")).toEqual({ local: "2026-11-17T18:00:30+05:45" });
		expect(atLocal("2026-11-17T18:00", "UTC")).toEqual({ local: "2026-11-17T18:00:00+00:00" });
	});

	test("keeps the offset that it carries", () => {
		expect(atLocal("2026-11-17T18:00-05:00", "Europe/Berlin")).toEqual({
			local: "2026-11-17T18:00:00-05:00",
		});
		expect(atLocal("2026-11-17T18:00Z", "no zone")).toEqual({ local: "2026-11-17T18:00:00Z" });
	});

	test("in an hour the zone skips must say which it means", () => {
		const choices = ["2026-03-29T02:30:00+02:00", "2026-03-29T02:30:00+01:00"];
		expect(atLocal("2026-03-29T02:30", "Europe/Berlin")).toEqual({ fault: "skipped", choices });
		expect(atLocal(choices[1]!, "Europe/Berlin")).toEqual({ local: choices[1] });
		expect(localIn("Europe/Berlin", instantOf(choices[0]!))).toBe("2026-03-29T01:30:00+01:00");
		expect(localIn("Europe/Berlin", instantOf(choices[1]!))).toBe("2026-03-29T03:30:00+02:00");
	});

	test("in an hour the zone repeats must say which it means", () => {
		const choices = ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"];
		expect(atLocal("2026-10-25T02:30", "Europe/Berlin")).toEqual({ fault: "repeated", choices });
		for (const choice of choices) {
			expect(atLocal(choice, "Europe/Berlin")).toEqual({ local: choice });
			expect(localIn("Europe/Berlin", instantOf(choice))).toBe(choice);
		}
	});

	test("is plain up to the seams of such an hour", () => {
		const read = (time: string) => atLocal(time, "Europe/Berlin");
		expect(read("2026-03-29T01:59:59")).toEqual({ local: "2026-03-29T01:59:59+01:00" });
		expect(read("2026-03-29T02:00")).toMatchObject({ fault: "skipped" });
		expect(read("2026-03-29T03:00")).toEqual({ local: "2026-03-29T03:00:00+02:00" });
		expect(read("2026-10-25T01:59:59")).toEqual({ local: "2026-10-25T01:59:59+02:00" });
		expect(read("2026-10-25T02:00")).toMatchObject({ fault: "repeated" });
		expect(read("2026-10-25T02:59:59")).toMatchObject({ fault: "repeated" });
		expect(read("2026-10-25T03:00")).toEqual({ local: "2026-10-25T03:00:00+01:00" });
	});

	test("may fall in half an hour that is repeated, or a day that is skipped", () => {
		expect(atLocal("2026-04-05T01:45", "Australia/Lord_Howe")).toEqual({
			fault: "repeated",
			choices: ["2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"],
		});
		expect(atLocal("2011-12-30T12:00", "Pacific/Apia")).toMatchObject({ fault: "skipped" });
		expect(atLocal("2011-12-31T00:00", "Pacific/Apia")).toEqual({ local: "2011-12-31T00:00:00+14:00" });
	});

	test.each(["", "tomorrow", "2026-02-30T10:00", "2026-11-17T25:00", "2026-11-17", "2026-11-17T18:00+99:00"])(
		"is no time: %j",
		(text) => {
			expect(atLocal(text, "Europe/Berlin")).toEqual({ fault: "not-a-time", choices: [] });
		},
	);

	test("in a zone nobody knows says so", () => {
		expect(atLocal("2026-11-17T18:00", "Europe/Atlantis")).toEqual({ fault: "unknown-zone", choices: [] });
	});

	test("is shown and read back to the same instant, in every zone and second", () => {
		const zone = fc.constantFrom(
			"Europe/Berlin",
			"America/Havana",
			"Australia/Lord_Howe",
			"Africa/Casablanca",
			"America/Nuuk",
			"Asia/Kathmandu",
			"UTC-03:30",
			"UTC",
		);
		fc.assert(
			fc.property(zone, fc.integer({ min: 0, max: 4_102_444_800 }), (name, second) => {
				const shown = localIn(name, second * 1_000);
				expect(instantOf(shown)).toBe(second * 1_000);
				const read = atLocal(shown.slice(0, 19), name);
				expect("local" in read ? [read.local] : read.choices).toContain(shown);
			}),
		);
	});
});

describe("a date begins", () => {
	test("at midnight", () => {
		expect(startOfDate("2026-11-17", "Europe/Berlin")).toBe("2026-11-17T00:00:00+01:00");
	});

	test("when midnight is skipped, in the first moment after it", () => {
		expect(startOfDate("2026-03-08", "America/Havana")).toBe("2026-03-08T01:00:00-04:00");
	});

	test("when midnight is repeated, at the first of both", () => {
		expect(startOfDate("2026-11-01", "America/Havana")).toBe("2026-11-01T00:00:00-04:00");
	});
});
