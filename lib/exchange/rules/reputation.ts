import type { Numbers } from "./numbers";

/** Exchange Operations, "Seller Reputation", to the letter. */
export const SIGNALS = {
	sale: 1,
	disputeUpheld: -5,
	hashInvalid: -10,
	repeatBuyer: 2,
	convergence: 3,
	smallContentRefund: -3,
} as const;

export type Signal = keyof typeof SIGNALS;

/** 0…100. The sum is kept whole and clamped only here: a score at 100 still remembers everything above it. */
export function score(sum: number): number {
	return Math.min(100, Math.max(0, 50 + sum));
}

export interface CompletedSale {
	/** The buyer's owner has bought from this seller before, and this is the first time it returns. */
	returns: boolean;
	/** With this sale the third distinct owner completes this entry. The seller's own never counts. */
	thirdOwner: boolean;
	buyerStanding: boolean;
	/** What the seller has got so far from all buyers without standing. */
	fromWithoutStanding: number;
	/** What the seller got in the last 30 days from this buyer's owner. */
	fromThisBuyer: number;
}

export interface Granted {
	sale: number;
	repeatBuyer: number;
	convergence: number;
	sum: number;
}

/**
 * What a completed sale adds to the seller's sum: +1, +2 once per returning owner, +3 once per entry at its third owner,
 * until one of two bounds is reached: 10 from all buyers without standing together, since names cost nothing, and 8 from one owner in 30 days.
 * What a bound cuts off is lost, not owed; a return and a third owner are used up by the sale that brought them.
 */
export function grantedBySale(sale: CompletedSale, numbers: Numbers): Granted {
	let room = Math.max(0, numbers.reputationPerBuyer - sale.fromThisBuyer);
	if (!sale.buyerStanding)
		room = Math.min(room, Math.max(0, numbers.reputationWithoutStanding - sale.fromWithoutStanding));

	const grant = (weight: number): number => {
		const granted = Math.min(weight, room);
		room -= granted;
		return granted;
	};
	const bySale = grant(SIGNALS.sale);
	const repeatBuyer = sale.returns ? grant(SIGNALS.repeatBuyer) : 0;
	const convergence = sale.thirdOwner ? grant(SIGNALS.convergence) : 0;
	return { sale: bySale, repeatBuyer, convergence, sum: bySale + repeatBuyer + convergence };
}
