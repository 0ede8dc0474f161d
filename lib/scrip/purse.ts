import { type Purse, postings, purses } from "../../db/schema/scrip";
import type { Act } from "../log/operation";
import type { Reading, Writing } from "../log/state";

/** Ledger unit: micro-scrip, as bigint. 1 scrip = 1,000,000 micro-scrip = the cost of one inference token. */
export const MICRO = 1_000_000n;
export const micro = (scrip: number): bigint => BigInt(scrip) * MICRO;
/** Whole scrip in an amount, rounded down. */
export const wholeScrip = (amountMicro: bigint): number => Number(amountMicro / MICRO);

/** The system's own owners. Keys are 64 hex and owner ids are never these words. */
export const TREASURY = "treasury";
export const ISSUED = "issued";
export const BURNED = "burned";

export type Account = readonly [owner: string, purse: Purse];

export function balance(state: Reading, owner: string, purse: Purse = "hot"): bigint {
	return state.get(purses, owner, purse)?.amount ?? 0n;
}

/**
 * Moves micro-scrip between two purses; nothing when the amount is 0. Throws when a purse but `issued` would fall
 * below zero: whoever moves money has judged it in `admit`, so this is a bug, and the whole act is undone.
 */
export function move(
	state: Writing,
	act: Pick<Act, "seq" | "appended">,
	why: string,
	from: Account,
	to: Account,
	amount: bigint,
): void {
	if (amount < 0n) throw new Error(`${why}: a negative amount`);
	if (amount === 0n) return;
	add(state, from, -amount);
	add(state, to, amount);
	state.put(postings, {
		seq: act.seq,
		n: act.appended++,
		fromOwner: from[0],
		fromPurse: from[1],
		toOwner: to[0],
		toPurse: to[1],
		amount,
		why,
	});
}

function add(state: Writing, [owner, purse]: Account, amount: bigint): void {
	const after = balance(state, owner, purse) + amount;
	if (after < 0n && owner !== ISSUED) throw new Error(`${owner} has too little in ${purse}`);
	state.put(purses, { owner, purse, amount: after });
}
