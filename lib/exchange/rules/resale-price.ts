import { halfUp, ONE_PPM } from "./fixed-point";
import type { Numbers } from "./numbers";
import { agePpm } from "./put-price";

export interface EntryToPrice {
	tokenCost: number;
	appraisalScrip: number;
	/** Distinct owners with standing that completed a purchase of this entry. */
	standingBuyers: number;
	/** Since this content, or the entry it nearly duplicates, was first put. */
	ageMs: number;
	/** The seller's score, 0…100. */
	reputation: number;
	/** Last written by the fast loop; 1,000,000 = 1. */
	momentumPpm: number;
	/** Last written by the medium loop. */
	clusterPpm: number;
	/** Last written by the slow loop. */
	globalPpm: number;
}

export type Tier = "hot" | "warm" | "cold";

/**
 * What a buyer pays before tier and preview, in whole scrip: min(0.8 × token_cost, A × 0.75 × all factors), compared before
 * rounding, then rounded half up, at least 1. RULES, "Resale price". A buyer always saves against thinking it anew.
 */
export function resalePrice(entry: EntryToPrice, numbers: Numbers): number {
	const factors = Object.values(resaleFactors(entry, numbers));
	const scale = BigInt(ONE_PPM) ** BigInt(factors.length);
	const byValue = factors.reduce(
		(price, factor) => price * BigInt(factor),
		BigInt(entry.appraisalScrip) * BigInt(numbers.resaleBp),
	);
	const bySaving = BigInt(entry.tokenCost) * BigInt(numbers.savingBp) * scale;
	return roundedScrip(byValue < bySaving ? byValue : bySaving, 10_000n * scale);
}

/** What raises and lowers a price, by name; 1,000,000 = 1. */
export function resaleFactors(entry: EntryToPrice, numbers: Numbers) {
	return {
		demand: standingDemandPpm(entry.standingBuyers, numbers),
		age: agePpm(entry.ageMs, numbers),
		reputation: sellerPpm(entry.reputation),
		momentum: entry.momentumPpm,
		cluster: entry.clusterPpm,
		global: entry.globalPpm,
	};
}

/** Of a compressed derivative: its source's price before tier × (its bytes ÷ the source's) × 1.2. Dearer a token, cheaper in all. */
export function derivativePrice(
	sourceScrip: number,
	bytes: number,
	sourceBytes: number,
	numbers: Numbers,
): number {
	const price = BigInt(sourceScrip) * BigInt(bytes) * BigInt(numbers.derivativeBp);
	return roundedScrip(price, 10_000n * BigInt(sourceBytes));
}

/** The tier multiplier counts only where the buyer asked for that tier; the already rounded price is rounded half up again. */
export function tierPrice(scrip: number, asked: Tier | undefined, numbers: Numbers): number {
	if (asked === undefined) return scrip;
	const bp = { hot: numbers.tierHotBp, warm: numbers.tierWarmBp, cold: numbers.tierColdBp }[asked];
	return roundedScrip(BigInt(scrip) * BigInt(bp), 10_000n);
}

/** 1 + 0.10 per distinct completed owner with standing, at most 2.0. */
export function standingDemandPpm(standingBuyers: number, numbers: Numbers): number {
	return Math.min(ONE_PPM + standingBuyers * numbers.demandStepBp * 100, numbers.demandMaxBp * 100);
}

/** 0.8 + 0.4 × reputation ÷ 100. */
export function sellerPpm(reputation: number): number {
	return 800_000 + 4_000 * reputation;
}

function roundedScrip(numerator: bigint, denominator: bigint): number {
	return Math.max(1, Number(halfUp(numerator, denominator)));
}
