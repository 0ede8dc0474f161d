import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "./day";
import { DEFAULT_NUMBERS } from "./numbers";
import { plausible, tokensOf } from "./plausibility";
import { agePpm, appraise, demandPpm, type PutToAppraise } from "./put-price";

const quiet = { buysOfType: 0, liveOfType: 0, buysOfAll: 0, liveOfAll: 0 };
const fresh: PutToAppraise = {
	tokenCost: 10_000,
	reputation: 50,
	demand: quiet,
	liveSiblings: 0,
	contentAgeMs: 0,
};
const appraised = (changed: Partial<PutToAppraise>) => appraise({ ...fresh, ...changed }, DEFAULT_NUMBERS);

describe("the appraisal", () => {
	test("of a new seller's new work in a quiet market is 70 % of its cost", () => {
		expect(appraised({})).toEqual({
			appraisalScrip: 7_000,
			ratePpm: 700_000,
			factors: { reputation: 1, demand: 1, inventory: 1, freshness: 1, rate: 0.7 },
		});
	});

	test("follows reputation from 63 % to 77 %", () => {
		expect(appraised({ reputation: 0 }).appraisalScrip).toBe(6_300);
		expect(appraised({ reputation: 100 }).appraisalScrip).toBe(7_700);
	});

	test("falls by a fifth as 50 entries like it are for sale, and no further", () => {
		expect(appraised({ liveSiblings: 25 }).appraisalScrip).toBe(6_300);
		expect(appraised({ liveSiblings: 50 }).appraisalScrip).toBe(5_600);
		expect(appraised({ liveSiblings: 5_000 }).appraisalScrip).toBe(5_600);
	});

	test("halves over 60 days since the content was first seen", () => {
		expect(appraised({ contentAgeMs: 30 * DAY_MS }).appraisalScrip).toBe(5_250);
		expect(appraised({ contentAgeMs: 60 * DAY_MS }).appraisalScrip).toBe(3_500);
		expect(appraised({ contentAgeMs: 600 * DAY_MS }).appraisalScrip).toBe(3_500);
	});

	test("is rounded down, to nothing for a single token", () => {
		expect(appraised({ tokenCost: 3 }).appraisalScrip).toBe(2);
		expect(appraised({ tokenCost: 1 }).appraisalScrip).toBe(0);
	});

	test("stays between 10 and 85 % of the cost, whatever is claimed", () => {
		const count = fc.integer({ min: 0, max: 1_000_000 });
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 10_000_000 }),
				fc.integer({ min: 0, max: 100 }),
				fc.record({ buysOfType: count, liveOfType: count, buysOfAll: count, liveOfAll: count }),
				count,
				fc.integer({ min: 0, max: 400 * DAY_MS }),
				(tokenCost, reputation, demand, liveSiblings, contentAgeMs) => {
					const { appraisalScrip } = appraised({
						tokenCost,
						reputation,
						demand,
						liveSiblings,
						contentAgeMs,
					});
					expect(appraisalScrip).toBeGreaterThanOrEqual(Math.floor(tokenCost / 10));
					expect(appraisalScrip).toBeLessThanOrEqual(tokenCost * 0.85);
				},
			),
		);
	});
});

describe("demand for a type", () => {
	const demand = (buysOfType: number, liveOfType: number, buysOfAll: number, liveOfAll: number) =>
		demandPpm({ buysOfType, liveOfType, buysOfAll, liveOfAll }, DEFAULT_NUMBERS);

	test("is 1 where nothing was asked for, and where a type is asked for like all others", () => {
		expect(demand(0, 0, 0, 0)).toBe(1_000_000);
		expect(demand(0, 30, 0, 90)).toBe(1_000_000);
		expect(demand(100, 30, 300, 90)).toBe(1_000_000);
	});

	test("rises towards 1.1 with what is wanted and falls towards 0.9 with what is not", () => {
		expect(demand(300, 10, 300, 1_000)).toBeGreaterThan(1_090_000);
		expect(demand(0, 500, 2_000, 1_000)).toBeLessThan(902_000);
	});

	test("hardly moves for the first buy of a quiet week", () => {
		expect(Math.abs(demand(1, 100, 1, 700) - 1_000_000)).toBeLessThan(20_000);
	});

	test("rises with every buy of the type and falls with every buy of another", () => {
		const count = fc.integer({ min: 0, max: 10_000 });
		fc.assert(
			fc.property(count, count, count, count, (buys, live, others, othersLive) => {
				const now = demand(buys, live, buys + others, live + othersLive);
				expect(demand(buys + 1, live, buys + 1 + others, live + othersLive)).toBeGreaterThanOrEqual(now);
				expect(demand(buys, live, buys + others + 1, live + othersLive)).toBeLessThanOrEqual(now);
				expect(now).toBeGreaterThanOrEqual(900_000);
				expect(now).toBeLessThanOrEqual(1_100_000);
			}),
		);
	});
});

test("age never makes dearer, and halves at most", () => {
	fc.assert(
		fc.property(fc.nat(200 * DAY_MS), fc.nat(DAY_MS), (age, more) => {
			expect(agePpm(age + more, DEFAULT_NUMBERS)).toBeLessThanOrEqual(agePpm(age, DEFAULT_NUMBERS));
			expect(agePpm(age, DEFAULT_NUMBERS)).toBeGreaterThanOrEqual(500_000);
		}),
	);
});

describe("tokens are measured on the content", () => {
	test("four bytes each, rounded up", () => {
		expect([0, 1, 4, 5, 1_996, 1_997].map(tokensOf)).toEqual([0, 1, 1, 2, 499, 500]);
	});

	test("and a claim above 1,000 a byte is implausible", () => {
		expect(plausible(10_000, 10, DEFAULT_NUMBERS)).toBe(true);
		expect(plausible(10_001, 10, DEFAULT_NUMBERS)).toBe(false);
	});
});
