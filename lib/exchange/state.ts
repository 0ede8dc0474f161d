import {
	advanceDays,
	demandDays,
	entries,
	liveEntries,
	marketFactors,
	offers,
	orders,
	scores,
	signals,
	type Tier,
	traderDays,
	traders,
	treasuryDays,
} from "../../db/schema/exchange";
import { totals } from "../../db/schema/scrip";
import type { Act } from "../log/operation";
import { headerOf } from "../log/registry";
import type { Reading, Row, Writing } from "../log/state";
import { balance, TREASURY } from "../scrip/purse";
import { type AdvanceDay, openAdvanceDay } from "./rules/advance-budget";
import { dayOf } from "./rules/day";
import { ONE_PPM } from "./rules/fixed-point";
import { fade, newLine } from "./rules/line";
import { type Signal, score } from "./rules/reputation";
import {
	derivativePrice,
	type EntryToPrice,
	resaleFactors,
	resalePrice,
	tierPrice,
} from "./rules/resale-price";
import { numbersOf } from "./settings";

export type Entry = Row<typeof entries>;
export type Offer = Row<typeof offers>;
export type Order = Row<typeof orders>;
export type Trader = Row<typeof traders>;

// ---- Entries

/** In the inventory at this instant: accepted, not removed, not expired. Gated entries are live; they are in no match. */
export function isLive(entry: Entry, at: number): boolean {
	return entry.status === "live" && at < entry.expiresAt!;
}

/** The entry whose appraisal and `paidMicro` a sale of this one counts towards, and whose seller earns. */
export function originOf(state: Reading, entry: Entry): Entry {
	return entry.origin === entry.id ? entry : state.get(entries, entry.origin)!;
}

/** What a buyer pays for a live entry now, whole scrip, before any preview's discount. RULES, "Resale price". */
export function priceOf(state: Reading, entry: Entry, at: number, asked?: Tier | null): number {
	const inForce = numbersOf(state);
	const source = sourceOf(state, entry);
	const base = resalePrice(toPrice(state, source, at), inForce);
	const price = source === entry ? base : derivativePrice(base, entry.bytes, source.bytes, inForce);
	return tierPrice(price, asked ?? undefined, inForce);
}

/** How a live entry's price comes about; whole scrip, and factors by name. */
export function priceParts(state: Reading, entry: Entry, at: number) {
	const inForce = numbersOf(state);
	const source = sourceOf(state, entry);
	const factors = Object.entries(resaleFactors(toPrice(state, source, at), inForce));
	return {
		appraisal: source.appraisalScrip!,
		resale: inForce.resaleBp / 10_000,
		factors: Object.fromEntries(factors.map(([name, ppm]) => [name, ppm / ONE_PPM])),
		/** Never above this: a buyer saves. */
		most: Math.floor((source.tokenCost * inForce.savingBp) / 10_000),
	};
}

/** A derivative is priced by what it was compressed from. */
function sourceOf(state: Reading, entry: Entry): Entry {
	return entry.sourceId === null ? entry : state.get(entries, entry.sourceId)!;
}

function toPrice(state: Reading, source: Entry, at: number): EntryToPrice {
	return {
		tokenCost: source.tokenCost,
		appraisalScrip: source.appraisalScrip!,
		standingBuyers: source.standingBuyers,
		ageMs: at - source.firstPutAt,
		reputation: reputationOf(state, source.seller),
		momentumPpm: source.momentumPpm,
		clusterPpm: source.clusterPpm,
		globalPpm: state.get(marketFactors, "global")?.ppm ?? ONE_PPM,
	};
}

// ---- Counts of live entries

/** Live entries of a scope: `all`, `type:<type>`, `domain:<type>:<domain>`, `unsold:<owner>`. What expired earlier today still counts. */
export function liveCount(state: Reading, scope: string, at: number): number {
	const today = dayOf(at);
	return state
		.where(liveEntries, { scope })
		.reduce((sum, { expiresDay, count }) => sum + (expiresDay >= today ? count : 0), 0);
}

function scopesOf(entry: Entry): string[] {
	return [
		"all",
		`type:${entry.contentType}`,
		...entry.domains.map((domain) => `domain:${entry.contentType}:${domain}`),
	];
}

/** The entry came into the inventory: counts it, unsold. */
export function enter(state: Writing, entry: Entry, at: number): void {
	for (const scope of [...scopesOf(entry), `unsold:${entry.sellerOwner}`])
		count(state, scope, dayOf(entry.expiresAt!), 1, at);
}

/** The entry left the inventory before it expired (an upheld dispute, a failed validation). */
export function leave(state: Writing, entry: Entry, at: number): void {
	const scopes = entry.sales > 0 ? scopesOf(entry) : [...scopesOf(entry), `unsold:${entry.sellerOwner}`];
	for (const scope of scopes) count(state, scope, dayOf(entry.expiresAt!), -1, at);
}

/** Its first sale: it no longer counts among its owner's unsold ones. Call before `sales` grows; nothing for one that left. */
export function sold(state: Writing, entry: Entry, at: number): void {
	if (entry.sales === 0 && entry.status === "live")
		count(state, `unsold:${entry.sellerOwner}`, dayOf(entry.expiresAt!), -1, at);
}

function count(state: Writing, scope: string, expiresDay: number, change: 1 | -1, at: number): void {
	const today = dayOf(at);
	for (const past of state.where(liveEntries, { scope }))
		if (past.expiresDay < today) state.del(liveEntries, scope, past.expiresDay);
	if (expiresDay < today) return;
	const after = (state.get(liveEntries, scope, expiresDay)?.count ?? 0) + change;
	if (after > 0) state.put(liveEntries, { scope, expiresDay, count: after });
	else state.del(liveEntries, scope, expiresDay);
}

// ---- Demand

/** Funded buys of owners with standing for a content type, or `all`, over today and the six UTC days before it. */
export function demandOf(state: Reading, type: string, at: number): number {
	const day = dayOf(at);
	const buys = Array.from({ length: 7 }, (_, i) => state.get(demandDays, type, day - i)?.buys ?? 0);
	return buys.reduce((sum, one) => sum + one, 0);
}

// ---- Reputation

/** 0…100; a seller nobody has judged has 50. */
export function reputationOf(state: Reading, seller: string): number {
	return score(scoreOf(state, seller).sum);
}

export function scoreOf(state: Reading, seller: string): Row<typeof scores> {
	return state.get(scores, seller) ?? { seller, sum: 0, fromWithoutStanding: 0, standingOwners: 0 };
}

/** A change of a seller's reputation, caused by `act`; nothing when `delta` is 0. */
export function signal(
	state: Writing,
	act: Act,
	of: {
		seller: string;
		signal: Signal | "cleared";
		delta: number;
		entry: string;
		/** The owner behind it; null for what the exchange annuls. */
		byOwner: string | null;
	},
): void {
	if (of.delta === 0) return;
	state.put(signals, { ...of, seq: act.seq, n: act.appended++, messageId: act.id });
	const before = scoreOf(state, of.seller);
	state.put(scores, { ...before, sum: before.sum + of.delta });
}

// ---- Owners

/** What the exchange remembers of an owner, its line faded to today. Write it back whole. */
export function traderOf(state: Reading, owner: string, at: number): Trader {
	const today = dayOf(at);
	const trader = state.get(traders, owner);
	if (!trader) return { ...NEW_TRADER, ...newLine(today), owner };
	return { ...trader, ...fade(trader, today, numbersOf(state)) };
}

const NEW_TRADER = {
	accepted: 0,
	openReservations: 0,
	openDisputes: 0,
	declinedAt: null,
	smallRefunds: 0,
};

type DaySums = Omit<Row<typeof traderDays>, "owner" | "day">;

/** Sums over today and the 29 UTC days before it. */
export function lastThirtyDays(state: Reading, owner: string, at: number): DaySums {
	const from = dayOf(at) - 29;
	const sums = { salesToStanding: 0, refundedMicro: 0n, completedMicro: 0n };
	for (const row of state.where(traderDays, { owner })) {
		if (row.day < from) continue;
		sums.salesToStanding += row.salesToStanding;
		sums.refundedMicro += row.refundedMicro;
		sums.completedMicro += row.completedMicro;
	}
	return sums;
}

/** Adds to an owner's sums of today and forgets days that no window reaches. */
export function addToday(state: Writing, owner: string, at: number, more: Partial<DaySums>): void {
	const day = dayOf(at);
	for (const past of state.where(traderDays, { owner }))
		if (past.day < day - 29) state.del(traderDays, owner, past.day);
	const today = state.get(traderDays, owner, day);
	state.put(traderDays, {
		owner,
		day,
		salesToStanding: (today?.salesToStanding ?? 0) + (more.salesToStanding ?? 0),
		refundedMicro: (today?.refundedMicro ?? 0n) + (more.refundedMicro ?? 0n),
		completedMicro: (today?.completedMicro ?? 0n) + (more.completedMicro ?? 0n),
	});
}

// ---- The treasury's days

/** Today's advances; opened from the last seven days' shares when nothing has been advanced today. */
export function advanceDayOf(state: Reading, at: number): AdvanceDay {
	const day = dayOf(at);
	const opened = state.get(advanceDays, day);
	if (opened) return opened;
	const shares = Array.from({ length: 7 }, (_, i) => state.get(treasuryDays, day - 1 - i)?.shareMicro ?? 0n);
	return openAdvanceDay(
		day,
		{
			treasurySharesMicro: shares.reduce((sum, share) => sum + share, 0n),
			treasuryMicro: balance(state, TREASURY),
			floatMicro: floatOf(state),
		},
		numbersOf(state),
	);
}

/** What was minted to the treasury: the measure of its reserve and floor. */
export function floatOf(state: Reading): bigint {
	return state.get(totals, "float")?.amount ?? 0n;
}

/** The treasury kept this much of a sale today (`treasuryMicro` of its split). */
export function addTreasuryShare(state: Writing, at: number, shareMicro: bigint): void {
	const day = dayOf(at);
	const before = state.get(treasuryDays, day)?.shareMicro ?? 0n;
	state.put(treasuryDays, { day, shareMicro: before + shareMicro });
}

// ---- Chains: followed from the antecedents, never from what the payload says

/**
 * The offer an act is about: its antecedent is the match, the preview-request or the preview. Undefined when that match did
 * not offer the payload's entry, or when that preview showed another one.
 */
export function offerOf(
	state: Reading,
	act: Pick<Act, "antecedents"> & { payload: { entry_id: string } },
): Offer | undefined {
	const [first] = act.antecedents;
	const header = first === undefined ? undefined : headerOf(state, first);
	if (!header) return undefined;
	const entry = act.payload.entry_id;
	switch (header.operation) {
		case "exchange:match":
			return state.get(offers, header.id, entry);
		case "exchange:settle/preview-request": {
			const offer = state.get(offers, header.antecedent!, entry);
			return offer?.requestId === header.id ? offer : undefined;
		}
		case "exchange:settle/preview": {
			const request = headerOf(state, header.antecedent!)!;
			const offer = state.get(offers, request.antecedent!, entry);
			return offer?.previewId === header.id ? offer : undefined;
		}
		default:
			return undefined;
	}
}

/** The order an act is about: its antecedent is the buyer-accept, or leads back to it through deliver and dispute. */
export function orderOf(state: Reading, act: Pick<Act, "antecedents">): Order | undefined {
	let [id] = act.antecedents;
	for (let steps = 0; id !== undefined && steps < 4; steps++) {
		const header = headerOf(state, id);
		if (!header) return undefined;
		if (header.operation === "exchange:settle/buyer-accept") return state.get(orders, header.id);
		id = header.antecedent ?? undefined;
	}
	return undefined;
}
