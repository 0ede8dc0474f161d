import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "./day";
import { DEFAULT_NUMBERS } from "./numbers";
import { derivativePrice, type EntryToPrice, resalePrice, tierPrice } from "./resale-price";

const entry: EntryToPrice = {
	tokenCost: 10_000,
	appraisalScrip: 7_000,
	standingBuyers: 0,
	ageMs: 0,
	reputation: 50,
	momentumPpm: 1_000_000,
	clusterPpm: 1_000_000,
	globalPpm: 1_000_000,
};
const price = (changed: Partial<EntryToPrice>) => resalePrice({ ...entry, ...changed }, DEFAULT_NUMBERS);

describe("the resale price", () => {
	test("of a fresh entry is three quarters of its appraisal", () => {
		expect(price({})).toBe(5_250);
	});

	test("rises by a tenth with every owner with standing that completed it, to twice at most", () => {
		expect(price({ standingBuyers: 1 })).toBe(5_775);
		expect(price({ standingBuyers: 5, tokenCost: 10_000 })).toBe(7_875);
		expect(price({ standingBuyers: 10, tokenCost: 100_000 })).toBe(10_500);
		expect(price({ standingBuyers: 1_000, tokenCost: 100_000 })).toBe(10_500);
	});

	test("halves over 60 days", () => {
		expect(price({ ageMs: 60 * DAY_MS })).toBe(2_625);
	});

	test("follows the seller's reputation from 0.8 to 1.2", () => {
		expect(price({ reputation: 0 })).toBe(4_200);
		expect(price({ reputation: 100 })).toBe(6_300);
	});

	test("is at least one scrip, and rounds halves up", () => {
		expect(price({ tokenCost: 1, appraisalScrip: 0 })).toBe(1);
		expect(price({ appraisalScrip: 2 })).toBe(2);
	});

	test("never exceeds 0.8 of what thinking it anew would cost", () => {
		const factor = fc.integer({ min: 500_000, max: 2_000_000 });
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 10_000_000 }),
				fc.integer({ min: 0, max: 10_000_000 }),
				fc.nat(200),
				fc.nat(400 * DAY_MS),
				fc.nat(100),
				fc.tuple(factor, factor, factor),
				(
					tokenCost,
					appraisalScrip,
					standingBuyers,
					ageMs,
					reputation,
					[momentumPpm, clusterPpm, globalPpm],
				) => {
					const asked = resalePrice(
						{
							tokenCost,
							appraisalScrip,
							standingBuyers,
							ageMs,
							reputation,
							momentumPpm,
							clusterPpm,
							globalPpm,
						},
						DEFAULT_NUMBERS,
					);
					expect(asked).toBeGreaterThanOrEqual(1);
					expect(asked).toBeLessThanOrEqual(Math.max(1, Math.floor((8 * tokenCost + 5) / 10)));
				},
			),
		);
	});
});

test("the tier multiplies only where the buyer asked for one", () => {
	expect(tierPrice(101, undefined, DEFAULT_NUMBERS)).toBe(101);
	expect(tierPrice(101, "hot", DEFAULT_NUMBERS)).toBe(152);
	expect(tierPrice(101, "warm", DEFAULT_NUMBERS)).toBe(121);
	expect(tierPrice(101, "cold", DEFAULT_NUMBERS)).toBe(101);
});

test("a compressed derivative is cheaper in all, though dearer a token", () => {
	expect(derivativePrice(1_000, 500, 1_000, DEFAULT_NUMBERS)).toBe(600);
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 8_000_000 }),
			fc.integer({ min: 10, max: 1_048_576 }),
			(source, bytes) => {
				const compressed = Math.floor(bytes * 0.7);
				const asked = derivativePrice(source, compressed, bytes, DEFAULT_NUMBERS);
				expect(asked).toBeLessThanOrEqual(source);
				expect(asked * bytes).toBeGreaterThanOrEqual((source - 1) * compressed);
			},
		),
	);
});
