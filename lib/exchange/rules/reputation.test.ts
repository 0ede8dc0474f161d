import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_NUMBERS } from "./numbers";
import { type CompletedSale, grantedBySale, score } from "./reputation";

const sale: CompletedSale = {
	returns: false,
	thirdOwner: false,
	buyerStanding: true,
	fromWithoutStanding: 0,
	fromThisBuyer: 0,
};
const granted = (changed: Partial<CompletedSale>) => grantedBySale({ ...sale, ...changed }, DEFAULT_NUMBERS);

test("a score starts at 50, ends at 0 and 100, and remembers what is beyond", () => {
	expect([0, 50, 70, -50, -70].map(score)).toEqual([50, 100, 100, 0, 0]);
	expect(score(70 - 5)).toBe(100);
});

describe("a completed sale adds", () => {
	test("1, 2 more for a returning owner, 3 more at an entry's third owner", () => {
		expect(granted({}).sum).toBe(1);
		expect(granted({ returns: true })).toEqual({ sale: 1, repeatBuyer: 2, convergence: 0, sum: 3 });
		expect(granted({ returns: true, thirdOwner: true })).toEqual({
			sale: 1,
			repeatBuyer: 2,
			convergence: 3,
			sum: 6,
		});
	});

	test("at most 8 from one owner in 30 days, the last one only in part", () => {
		expect(granted({ fromThisBuyer: 6, returns: true })).toMatchObject({ sale: 1, repeatBuyer: 1, sum: 2 });
		expect(granted({ fromThisBuyer: 8 }).sum).toBe(0);
	});

	test("at most 10 from all buyers without standing together, which those with standing do not use up", () => {
		expect(granted({ buyerStanding: false, fromWithoutStanding: 9, returns: true }).sum).toBe(1);
		expect(granted({ buyerStanding: false, fromWithoutStanding: 10 }).sum).toBe(0);
		expect(granted({ fromWithoutStanding: 10, returns: true }).sum).toBe(3);
	});
});

test("no number of buyers without standing lifts a seller by more than 10", () => {
	const buy = fc.record({ buyer: fc.nat(20), returns: fc.boolean(), thirdOwner: fc.boolean() });
	fc.assert(
		fc.property(fc.array(buy, { maxLength: 100 }), (buys) => {
			const fromEach = new Map<number, number>();
			let sum = 0;
			for (const { buyer, ...of } of buys) {
				const fromThisBuyer = fromEach.get(buyer) ?? 0;
				const got = granted({ ...of, buyerStanding: false, fromWithoutStanding: sum, fromThisBuyer }).sum;
				fromEach.set(buyer, fromThisBuyer + got);
				sum += got;
			}
			expect(sum).toBeLessThanOrEqual(10);
			for (const one of fromEach.values()) expect(one).toBeLessThanOrEqual(8);
		}),
	);
});
