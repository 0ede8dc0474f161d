import { describe, expect, test } from "vitest";
import { mayDispute, mayPut, mayReserve, maySmallDispute, type SmallDisputes } from "./allowances";
import { micro } from "./fixed-point";
import { DEFAULT_NUMBERS } from "./numbers";

describe("a small-content-dispute", () => {
	const newcomer: SmallDisputes = { lastDay: 0, refunds: 0, refundedMicro: 0n, completedMicro: 0n };
	const may = (changed: Partial<SmallDisputes>, priceScrip = 100) =>
		maySmallDispute({ ...newcomer, ...changed }, micro(priceScrip), DEFAULT_NUMBERS);

	test("is free for an owner's first ten", () => {
		expect(may({ refunds: 9 })).toBe(true);
		expect(may({ refunds: 10 })).toBe(false);
	});

	test("is afterwards allowed up to a quarter of what the owner completed", () => {
		const regular = { refunds: 10, completedMicro: micro(1_000) };
		expect(may({ ...regular, refundedMicro: micro(150) })).toBe(true);
		expect(may({ ...regular, refundedMicro: micro(151) })).toBe(false);
	});

	test("is allowed five times a day, also to the richest", () => {
		expect(may({ lastDay: 4 })).toBe(true);
		expect(may({ lastDay: 5, completedMicro: micro(1_000_000) })).toBe(false);
	});
});

test("an owner may have 60 unsold entries for sale, and ten more for each sale to standing", () => {
	expect(mayPut({ unsoldLive: 59, salesToStanding: 0 }, DEFAULT_NUMBERS)).toBe(true);
	expect(mayPut({ unsoldLive: 60, salesToStanding: 0 }, DEFAULT_NUMBERS)).toBe(false);
	expect(mayPut({ unsoldLive: 79, salesToStanding: 2 }, DEFAULT_NUMBERS)).toBe(true);
	expect(mayPut({ unsoldLive: 80, salesToStanding: 2 }, DEFAULT_NUMBERS)).toBe(false);
});

test("an owner may have three disputes open, one after a declined one", () => {
	expect(mayDispute({ open: 2, declinedIn30Days: false }, DEFAULT_NUMBERS)).toBe(true);
	expect(mayDispute({ open: 3, declinedIn30Days: false }, DEFAULT_NUMBERS)).toBe(false);
	expect(mayDispute({ open: 0, declinedIn30Days: true }, DEFAULT_NUMBERS)).toBe(true);
	expect(mayDispute({ open: 1, declinedIn30Days: true }, DEFAULT_NUMBERS)).toBe(false);
});

test("an owner may have five reservations open", () => {
	expect(mayReserve(4, DEFAULT_NUMBERS)).toBe(true);
	expect(mayReserve(5, DEFAULT_NUMBERS)).toBe(false);
});
