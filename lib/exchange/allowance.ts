import { ownerOf } from "../agents/owner";
import type { Reading } from "../log/state";
import { filedIn24Hours } from "./operations/settle/small-content-dispute";
import { atLeastZero, partOf } from "./rules/fixed-point";
import { numbersOf } from "./settings";
import { lastThirtyDays, traderOf } from "./state";

/** What a buyer may still have refunded without a ruling (RULES, "Small-content-dispute"). */
export interface Allowance {
	/** Of this key in 24 hours, and how many of them are left. */
	a_day: number;
	left_today: number;
	/** Of its owner's first refunds, which nothing limits. */
	free_left: number;
	/** Micro-scrip: what its owner's refunds beyond those may come to in 30 days, and what of it is left. */
	in_30_days: number;
	left_in_30_days: number;
}

export function allowanceOf(state: Reading, buyer: string, at: number): Allowance {
	const owner = ownerOf(state, buyer);
	const numbers = numbersOf(state);
	const { refundedMicro, completedMicro } = lastThirtyDays(state, owner, at);
	const allowed = partOf(completedMicro, numbers.smallDisputesBp);
	const { smallDisputesPerDay: aDay } = numbers;
	return {
		a_day: aDay,
		left_today: Math.max(0, aDay - filedIn24Hours(state, buyer, at).length),
		free_left: Math.max(0, numbers.smallDisputesFree - traderOf(state, owner, at).smallRefunds),
		in_30_days: Number(allowed),
		left_in_30_days: Number(atLeastZero(allowed - refundedMicro)),
	};
}
