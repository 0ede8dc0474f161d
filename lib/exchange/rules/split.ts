import { atLeastZero, least, partOf } from "./fixed-point";
import type { Numbers } from "./numbers";

export interface Sale {
	priceMicro: bigint;
	/** A of the entry; of a derivative or a near-duplicate, the first author's. */
	appraisalMicro: bigint;
	/** Advance and earn-out shares paid on it so far; residuals not counted. */
	paidMicro: bigint;
	/** Owners. The seller is the original author. */
	buyer: string;
	seller: string;
	/** Owners whose accepted work stands on the entry, or who brokered the match; may be empty, may repeat. */
	workers: readonly string[];
}

export interface Split {
	burnMicro: bigint;
	/** The author's, towards A. The entry's `paidMicro` grows by this and by nothing else. */
	earnOutMicro: bigint;
	/** The author's, for ever, once A is reached. */
	residualMicro: bigint;
	maintenance: readonly { owner: string; amountMicro: bigint }[];
	treasuryMicro: bigint;
	/**
	 * `treasuryMicro` and maintenance together: what the exchange kept before it paid its workers. The author's line grows
	 * by this, because λ and β are shares of one and the same amount: λ + β ≤ 1 is what makes rings lose.
	 */
	keptMicro: bigint;
}

/**
 * Where the price goes at complete. RULES, "Split". All parts are rounded down to the micro-scrip and the treasury gets
 * the remainder, so that they sum to the price exactly.
 *
 * The sale that crosses A is cut where it crosses: the part of the price that brings A at 50 % pays 50 %, the rest of the
 * same price pays 10 %. So one sale at 100 pays its author what two at 50 do, and A is reached to the micro-scrip.
 */
export function split(sale: Sale, numbers: Numbers): Split {
	const burnMicro = partOf(sale.priceMicro, numbers.burnBp);
	const { earnOutMicro, residualMicro } = authorsShare(sale, numbers);
	const keptMicro = sale.priceMicro - burnMicro - earnOutMicro - residualMicro;
	const maintenance = maintenanceOf(sale, partOf(keptMicro, numbers.maintenanceBp));
	const paidOut = maintenance.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
	return {
		burnMicro,
		earnOutMicro,
		residualMicro,
		maintenance,
		treasuryMicro: keptMicro - paidOut,
		keptMicro,
	};
}

function authorsShare(sale: Sale, numbers: Numbers): { earnOutMicro: bigint; residualMicro: bigint } {
	const missing = atLeastZero(sale.appraisalMicro - sale.paidMicro);
	const half = partOf(sale.priceMicro, numbers.earnOutBp);
	if (half <= missing) return { earnOutMicro: half, residualMicro: 0n };

	// Rounded up, so that no micro-scrip of the price earns twice.
	const earnOutBp = BigInt(numbers.earnOutBp);
	const usedUp = least(sale.priceMicro, (missing * 10_000n + earnOutBp - 1n) / earnOutBp);
	return {
		earnOutMicro: missing,
		residualMicro: partOf(sale.priceMicro - usedUp, numbers.residualBp),
	};
}

/** Equal parts for owners that are neither buyer nor seller: between two owners, maintenance would be a rebate one grants oneself. */
function maintenanceOf(sale: Sale, poolMicro: bigint): Split["maintenance"] {
	const owners = [...new Set(sale.workers)].filter((owner) => owner !== sale.buyer && owner !== sale.seller);
	if (sale.buyer === sale.seller || owners.length === 0) return [];
	const amountMicro = poolMicro / BigInt(owners.length);
	return amountMicro === 0n ? [] : owners.map((owner) => ({ owner, amountMicro }));
}
