import { type AdvanceDay, aboveFloorMicro, budgetLeftMicro } from "./advance-budget";
import { least, MICRO_PER_SCRIP, partOf, wholeScrip } from "./fixed-point";
import { type Line, lineMicro, recordMicro } from "./line";
import type { Numbers } from "./numbers";

export interface PutToPay {
	appraisalScrip: number;
	contentTokens: number;
	nearDuplicate: boolean;
	/** No put of this owner was accepted before. */
	firstPut: boolean;
	vouched: boolean;
	/** Faded to today. */
	line: Line;
	today: AdvanceDay;
	hourOfDay: number;
	treasuryMicro: bigint;
	floatMicro: bigint;
}

export interface Advance {
	/** Paid at once, whole scrip. */
	priceScrip: number;
	/** A, or the price where the first scrip is more. What is missing between the two is earned out of sales. */
	appraisalScrip: number;
	/** A quarter of min(A, 17.5 × content tokens): what would be paid if nothing bound. */
	wantedScrip: number;
	/** What kept the price below a quarter of A. `first-scrip`: nothing was left, and the owner's first put pays 1 all the same. */
	bound: "none" | "content" | "near-duplicate" | "line" | "budget" | "floor" | "first-scrip";
	/** To count in line and day: `lineAfterAdvance`, `dayAfterAdvance`. Zero for a first scrip, which is outside both. */
	advancedMicro: bigint;
	/** To count in the day: `dayAfterFirstScrip`. */
	firstScripMicro: bigint;
	/** What `dayAfterAdvance` wants to know: undefined for vouched owners. */
	recordMicro: bigint | undefined;
}

/**
 * What put-accept pays: floor(0.25 × min(A, 17.5 × content tokens)), within the owner's line, the day's budget and the
 * treasury's floor, each in whole scrip. RULES, "Put price". The bound on tokens is there because `token_cost` is a claim,
 * the content is not.
 */
export function advance(put: PutToPay, numbers: Numbers): Advance {
	const wanted = quarter(put, numbers);
	const record = put.vouched ? undefined : recordMicro(put.line);
	const limits = [
		["line", wholeScrip(lineMicro(put.line, put.vouched, numbers))],
		["budget", wholeScrip(budgetLeftMicro(put.today, put.hourOfDay, record, numbers))],
		["floor", wholeScrip(aboveFloorMicro(put.treasuryMicro, put.floatMicro, numbers))],
	] as const;

	let price = wanted.scrip;
	let bound: Advance["bound"] = wanted.bound;
	for (const [name, scrip] of limits) {
		if (scrip < price) [price, bound] = [scrip, name];
	}

	const first = price === 0 && put.firstPut && firstScripLeft(put, numbers);
	return {
		priceScrip: first ? 1 : price,
		appraisalScrip: first ? Math.max(1, put.appraisalScrip) : put.appraisalScrip,
		wantedScrip: wanted.scrip,
		bound: first ? "first-scrip" : bound,
		advancedMicro: BigInt(price) * MICRO_PER_SCRIP,
		firstScripMicro: first ? MICRO_PER_SCRIP : 0n,
		recordMicro: record,
	};
}

function quarter(put: PutToPay, numbers: Numbers): { scrip: number; bound: Advance["bound"] } {
	if (put.nearDuplicate) return { scrip: 0, bound: "near-duplicate" };
	const byAppraisalMilli = 1_000n * BigInt(put.appraisalScrip);
	const byContentMilli = BigInt(numbers.advancePerTokenMilli) * BigInt(put.contentTokens);
	const milli = partOf(least(byAppraisalMilli, byContentMilli), numbers.advanceBp);
	return { scrip: Number(milli / 1_000n), bound: byContentMilli < byAppraisalMilli ? "content" : "none" };
}

/** An owner's first put pays 1 outside line, budget and floor, also for a near-duplicate: without a first scrip nobody can buy. */
function firstScripLeft(put: PutToPay, numbers: Numbers): boolean {
	const dayMicro = partOf(put.floatMicro, numbers.firstScripsBp);
	return put.today.firstScripsMicro + MICRO_PER_SCRIP <= dayMicro && put.treasuryMicro >= MICRO_PER_SCRIP;
}
