import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundsOf, isWeek, WEEK_MS, weekAfter, weekBefore, weekOf } from "./week";

describe("the week of an instant", () => {
	test.each([
		["2026-11-16T00:00:00.000Z", "2026-W47"],
		["2026-11-22T23:59:59.999Z", "2026-W47"],
		["2026-11-23T00:00:00.000Z", "2026-W48"],
		["2026-12-31T12:00:00.000Z", "2026-W53"],
		["2027-01-03T23:59:59.999Z", "2026-W53"],
		["2027-01-04T00:00:00.000Z", "2027-W01"],
		["2024-12-29T23:59:59.999Z", "2024-W52"],
		["2024-12-30T00:00:00.000Z", "2025-W01"],
		["2021-01-03T23:59:59.999Z", "2020-W53"],
		["2021-01-04T00:00:00.000Z", "2021-W01"],
		["2023-01-01T23:59:59.999Z", "2022-W52"],
		["2024-02-29T12:00:00.000Z", "2024-W09"],
		["1970-01-01T00:00:00.000Z", "1970-W01"],
		["1969-12-29T00:00:00.000Z", "1970-W01"],
	])("%s lies in %s", (instant, week) => {
		expect(weekOf(Date.parse(instant))).toBe(week);
	});

	test("is one of the bounds' own, the end excluded, at whatever millisecond", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0, 1) }), (at) => {
				const week = weekOf(at);
				const { start, end } = boundsOf(week);
				expect(isWeek(week)).toBe(true);
				expect(start <= at && at < end).toBe(true);
				expect([weekOf(start), weekOf(end - 1), weekOf(end)]).toEqual([week, week, weekAfter(week)]);
				expect(weekOf(start - 1)).toBe(weekBefore(week));
			}),
		);
	});
});

describe("the name of a week", () => {
	test("is accepted with 53 only where the year has 53 weeks", () => {
		const long = Array.from({ length: 41 }, (_, n) => 2000 + n).filter((year) => isWeek(`${year}-W53`));
		expect(long).toEqual([2004, 2009, 2015, 2020, 2026, 2032, 2037]);
	});

	test.each([
		"2026-W00",
		"2026-W54",
		"2025-W53",
		"2026-w47",
		"2026-47",
		"26-W47",
		" 2026-W47",
		"2026-W47\n",
		"1969-W50",
		"٢٠٢٦-W47",
	])("is not %j", (text) => {
		expect(isWeek(text)).toBe(false);
	});

	test("bounds Monday 00:00Z to Monday 00:00Z, also across the year", () => {
		const bounds = (week: string) => {
			const { start, end } = boundsOf(week);
			return [new Date(start).toISOString(), new Date(end).toISOString()];
		};
		expect(bounds("2026-W53")).toEqual(["2026-12-28T00:00:00.000Z", "2027-01-04T00:00:00.000Z"]);
		expect(bounds("2025-W01")).toEqual(["2024-12-30T00:00:00.000Z", "2025-01-06T00:00:00.000Z"]);
	});

	test("has its neighbours over every seam of years", () => {
		expect(weekAfter("2026-W52")).toBe("2026-W53");
		expect(weekAfter("2026-W53")).toBe("2027-W01");
		expect(weekBefore("2027-W01")).toBe("2026-W53");
		expect(weekAfter("2025-W52")).toBe("2026-W01");
		expect(weekBefore("2026-W01")).toBe("2025-W52");
		expect(weekAfter("2026-W47", 59)).toBe("2028-W01");
	});

	test("counts on without a gap for sixty years", () => {
		let week = "1990-W01";
		for (let n = 0; n < 60 * 53; n++) {
			const next = weekAfter(week);
			expect(boundsOf(next).start).toBe(boundsOf(week).start + WEEK_MS);
			expect(next > week).toBe(true);
			week = next;
		}
	});
});
