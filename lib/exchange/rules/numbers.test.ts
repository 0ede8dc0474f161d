import { describe, expect, test } from "vitest";
import { dayOf, hourOf, hourOfDay } from "./day";
import { decimal, halfUp, linearPpm } from "./fixed-point";
import { DEFAULT_NUMBERS, EXCHANGE_NUMBERS, type Numbers, numbersFault, numbersFrom } from "./numbers";

describe("the numbers a house operator may change", () => {
	const fault = (changed: Partial<Numbers>) => numbersFault({ ...DEFAULT_NUMBERS, ...changed });

	test("are as written by default, and in order", () => {
		expect(fault({})).toBeUndefined();
	});

	test("are refused when the exchange would give back more of a sale than it kept", () => {
		expect(fault({ lambdaBp: 9_000, maintenanceBp: 1_000 })).toBeUndefined();
		expect(fault({ lambdaBp: 9_001, maintenanceBp: 1_000 })).toContain("give back");
		expect(fault({ lambdaBp: 10_000, maintenanceBp: 1_000 })).toContain("give back");
	});

	test("are refused outside their bounds, in fractions, and where they contradict each other", () => {
		expect(fault({ burnBp: -1 })).toContain("exchange.burn_bp");
		expect(fault({ fadeDays: 0 })).toContain("exchange.fade_days");
		expect(fault({ lineScrip: 0.5 })).toContain("exchange.line_scrip");
		expect(fault({ rateMinBp: 9_000 })).toContain("exchange.rate_min_bp");
		expect(fault({ treasuryFloorBp: 3_001 })).toContain("exchange.treasury_floor_bp");
	});

	test("are read by the names that clients rely on, each name once", () => {
		const changed = numbersFrom((name, byDefault) => (name === "exchange.line_scrip" ? 5_000 : byDefault));
		expect(changed).toEqual({ ...DEFAULT_NUMBERS, lineScrip: 5_000 });
		const names = Object.values(EXCHANGE_NUMBERS).map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});
});

test("days and hours are UTC and half-open", () => {
	const midnight = Date.UTC(2026, 10, 16);
	expect(dayOf(midnight) - dayOf(midnight - 1)).toBe(1);
	expect([midnight - 1, midnight, midnight + 3_599_999, midnight + 3_600_000].map(hourOfDay)).toEqual([
		23, 0, 0, 1,
	]);
	expect(hourOf(midnight)).toBe(dayOf(midnight) * 24);
});

test("halves are rounded up, straight lines end where they should, people see four decimals", () => {
	expect([halfUp(5n, 10n), halfUp(49n, 100n), halfUp(15n, 10n)]).toEqual([1n, 0n, 2n]);
	expect([-1, 0, 1, 3, 4].map((at) => linearPpm(1_000_000, -500_000, at, 3))).toEqual([
		1_000_000, 1_000_000, 833_334, 500_000, 500_000,
	]);
	expect(decimal(833_349)).toBe(0.8333);
});
