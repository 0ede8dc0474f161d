import { entries, firstPuts, received } from "../../db/schema/exchange";
import { recordOf } from "../agents/owner";
import { setting } from "../agents/settings";
import type { Reading } from "../log/state";
import { balance, TREASURY } from "../scrip/purse";
import { type Advance, advance } from "./rules/advance";
import { type AdvanceDay, aboveFloorMicro } from "./rules/advance-budget";
import { mayPut } from "./rules/allowances";
import { HOUR_MS, hourOfDay } from "./rules/day";
import { plausible } from "./rules/plausibility";
import { type Appraisal, appraise, type TypeDemand } from "./rules/put-price";
import { numbersOf } from "./settings";
import {
	advanceDayOf,
	demandOf,
	type Entry,
	floatOf,
	lastThirtyDays,
	liveCount,
	reputationOf,
	type Trader,
	traderOf,
} from "./state";

/** What the rules say of a put, purely from the state: whether, what it is worth, and what is paid. RULES, "Put", "Copies", "Put price". */

export type RejectCode =
	| "reputation"
	| "demand"
	| "inventory"
	| "implausible"
	| "resale"
	| "not-reviewed"
	| "other";

/** Why the exchange itself declines this put whatever it is worth; undefined when it does not. */
export function objection(
	state: Reading,
	put: Pick<Entry, "sellerOwner" | "contentHash" | "tokenCost" | "bytes">,
	at: number,
): "resale" | "implausible" | "inventory" | undefined {
	const numbers = numbersOf(state);
	const [own, unsoldLive, window] = [
		state.get(received, put.sellerOwner, put.contentHash),
		liveCount(state, `unsold:${put.sellerOwner}`, at),
		lastThirtyDays(state, put.sellerOwner, at),
	];
	if (own) return "resale";
	if (!plausible(put.tokenCost, put.bytes, numbers)) return "implausible";
	if (!mayPut({ unsoldLive, salesToStanding: window.salesToStanding }, numbers)) return "inventory";
}

/** Why the put waits for a house operator; null when the exchange rules on it itself. */
export function held(state: Reading, put: Entry, at: number): Entry["heldFor"] {
	const [auto, reputation, least, cap] = [
		setting(state, "exchange.auto_accept"),
		reputationOf(state, put.seller),
		setting(state, "exchange.auto_accept_min_reputation"),
		setting(state, "exchange.auto_accept_cap_scrip"),
	];
	if (!auto) return "auto-accept-off";
	if (reputation < least) return "reputation";
	if (appraisalOf(state, put, at).appraisalScrip > cap) return "appraisal";
	return null;
}

/**
 * The accepted entry that this put repeats: byte for byte, or as the engine's analysis found. Only what was put before it;
 * of a copy of a copy, the first.
 */
export function copiedBy(state: Reading, put: Entry, found: Entry | undefined): Entry | undefined {
	const sameBytes = state.get(firstPuts, put.contentHash)?.entry;
	const earlier = [sameBytes ? state.get(entries, sameBytes) : undefined, found]
		.filter((entry) => isEarlier(entry, put))
		.map((entry) => state.get(entries, entry.origin)!);
	return earlier.sort((a, b) => a.putSeq - b.putSeq)[0];
}

/** Put before, and accepted: what never was in the inventory made nobody its author. */
export function isEarlier(entry: Entry | undefined, put: Entry): entry is Entry {
	return entry !== undefined && entry.acceptedAt !== null && entry.putSeq < put.putSeq;
}

/** A with its factors. */
export function appraisalOf(state: Reading, put: Entry, at: number, copied?: Entry): Appraisal {
	const [reputation, demand, siblings] = [
		reputationOf(state, put.seller),
		typeDemandOf(state, put.contentType, at),
		siblingsOf(state, put, at),
	];
	const firstPutAt = Math.min(put.firstPutAt, copied?.firstPutAt ?? put.firstPutAt);
	return appraise(
		{
			tokenCost: put.tokenCost,
			reputation,
			demand,
			liveSiblings: siblings,
			// Time spent waiting for a ruling does not make new content old.
			contentAgeMs: firstPutAt < put.putAt ? at - firstPutAt : 0,
		},
		numbersOf(state),
	);
}

/**
 * Live entries sharing the type and a domain: as many as in the most crowded of its domains. Entries that share several are
 * thereby not counted twice; those that share only a less crowded one are left out.
 */
function siblingsOf(state: Reading, put: Entry, at: number): number {
	const counts = put.domains.map((domain) => liveCount(state, `domain:${put.contentType}:${domain}`, at));
	return Math.max(0, ...counts);
}

function typeDemandOf(state: Reading, type: string, at: number): TypeDemand {
	const [buysOfType, buysOfAll, liveOfType, liveOfAll] = [
		demandOf(state, type, at),
		demandOf(state, "all", at),
		liveCount(state, `type:${type}`, at),
		liveCount(state, "all", at),
	];
	return { buysOfType, buysOfAll, liveOfType, liveOfAll };
}

export interface Payment extends Advance {
	/** The owner's row, its line faded to today, and the day's, both before this payment. */
	trader: Trader;
	today: AdvanceDay;
}

/** What the exchange pays for it at once. */
export function paymentOf(
	state: Reading,
	put: Pick<Entry, "sellerOwner" | "tokens">,
	at: number,
	worth: { appraisalScrip: number; nearDuplicate: boolean },
): Payment {
	const [trader, today, record, treasuryMicro, floatMicro] = [
		traderOf(state, put.sellerOwner, at),
		advanceDayOf(state, at),
		recordOf(state, put.sellerOwner),
		balance(state, TREASURY),
		floatOf(state),
	];
	const paid = advance(
		{
			...worth,
			contentTokens: put.tokens,
			firstPut: trader.accepted === 0,
			vouched: record.vouched,
			line: trader,
			today,
			hourOfDay: hourOfDay(at),
			treasuryMicro,
			floatMicro,
		},
		numbersOf(state),
	);
	return { ...paid, trader, today };
}

/** What the treasury may still pay for puts, down to the last 25 % of its float. */
export function payableMicro(state: Reading): bigint {
	return aboveFloorMicro(balance(state, TREASURY), floatOf(state), numbersOf(state));
}

/** As long as its seller asked, else 30 days; from the accept on. */
export function expiryOf(state: Reading, put: Entry, at: number): number {
	return at + (put.ttlHours ?? setting(state, "exchange.default_ttl_hours")) * HOUR_MS;
}

export const MAX_TTL_MS = 8_760 * HOUR_MS;
