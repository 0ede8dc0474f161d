import { DAY_MS } from "./day";
import { decimal, linearPpm, ONE_PPM } from "./fixed-point";
import type { Numbers } from "./numbers";

export interface PutToAppraise {
	tokenCost: number;
	/** The seller's score, 0…100. */
	reputation: number;
	demand: TypeDemand;
	/** Live entries that share the type and at least one domain with this one, this one not counted. */
	liveSiblings: number;
	/** Since this content hash, or the entry it nearly duplicates, was first put; 0 for new content. */
	contentAgeMs: number;
}

/** The last 7 days. Buys are funded ones, of owners with standing, each owner once a day and type. */
export interface TypeDemand {
	buysOfType: number;
	liveOfType: number;
	buysOfAll: number;
	liveOfAll: number;
}

export interface Appraisal {
	appraisalScrip: number;
	ratePpm: number;
	/** R, D, I, F and the rate, to four decimals: for put-accept's `factors`, for people. */
	factors: { reputation: number; demand: number; inventory: number; freshness: number; rate: number };
}

/** What the exchange thinks an entry is worth: A = floor(token_cost × clamp(0.70 × R × D × I × F, 0.10, 0.85)). RULES, "Put price". */
export function appraise(put: PutToAppraise, numbers: Numbers): Appraisal {
	const reputation = 900_000 + 2_000 * put.reputation;
	const demand = demandPpm(put.demand, numbers);
	const inventory = linearPpm(ONE_PPM, -200_000, put.liveSiblings, numbers.crowdedEntries);
	const freshness = agePpm(put.contentAgeMs, numbers);

	// One division at the end, to whole ppm and downwards: the order of the factors cannot matter.
	const product = [reputation, demand, inventory, freshness].reduce(
		(rate, factor) => rate * BigInt(factor),
		BigInt(numbers.rateBp),
	);
	const ratePpm = clamp(Number(product / 10n ** 22n), numbers.rateMinBp * 100, numbers.rateMaxBp * 100);

	return {
		appraisalScrip: Number((BigInt(put.tokenCost) * BigInt(ratePpm)) / BigInt(ONE_PPM)),
		ratePpm,
		factors: {
			reputation: decimal(reputation),
			demand: decimal(demand),
			inventory: decimal(inventory),
			freshness: decimal(freshness),
			rate: decimal(ratePpm),
		},
	};
}

/**
 * D = 0.9 + 0.2 × q / (q + 1), where q is this type's buys per live entry over that of all types: 0.9 when nobody asks for
 * the type, 1.0 at the average, towards 1.1 however wanted it is. Twenty buys spread evenly over the inventory are added
 * to what was seen, so that the first buy of a quiet week does not swing every price.
 */
export function demandPpm(demand: TypeDemand, numbers: Numbers): number {
	const prior = BigInt(numbers.demandPriorBuys);
	const liveOfType = BigInt(Math.max(1, demand.liveOfType));
	const liveOfAll = BigInt(Math.max(1, demand.liveOfAll, demand.liveOfType));

	const wanted = BigInt(demand.buysOfType) * liveOfAll + prior * liveOfType;
	const average = (BigInt(demand.buysOfAll) + prior) * liveOfType;
	return 900_000 + Number((200_000n * wanted) / (wanted + average));
}

/** 1 → 0.5 in a straight line over 60 days, 0.5 from then on. */
export function agePpm(ageMs: number, numbers: Numbers): number {
	return linearPpm(ONE_PPM, -500_000, ageMs, numbers.ageDays * DAY_MS);
}

function clamp(value: number, min: number, max: number): number {
	return Math.min(max, Math.max(min, value));
}
