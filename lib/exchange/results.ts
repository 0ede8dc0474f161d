import { type ContentType, entries, type Tier } from "../../db/schema/exchange";
import { unlistedBy } from "../agents/moderation";
import { ownerOf } from "../agents/owner";
import type { Reading } from "../log/state";
import { rank } from "../match/rank";
import type { Found } from "./ports";
import { HOUR_MS } from "./rules/day";
import { type Entry, isLive, priceOf, reputationOf } from "./state";

/** What a buyer asks for; a free search leaves out whose it is and the budget. */
export interface Wish {
	/** The buyer's owner. */
	owner?: string;
	budgetScrip?: number;
	minReputation: number;
	freshnessHours: number | null;
	contentType: ContentType | null;
	domains: readonly string[];
	/** Only entries of this tier, at its multiplier. */
	tier: Tier | null;
	maxResults: number;
}

/** One element of a match's `results`; Exchange Operations, "Result Object Schema". */
export interface Result {
	entry_id: string;
	put_msg_id: string;
	seller_key: string;
	description: string;
	content_hash: string;
	content_type: ContentType;
	price: number;
	confidence: number;
	seller_reputation: number;
	token_cost_original: number;
	age_hours: number;
}

export interface Results {
	/** Best first. */
	results: Result[];
	/** What of `search_meta` a search knows. */
	meta: {
		embedder: string;
		floor: number;
		candidates: number;
		/** How many entries each hard filter kept out, by the first that did; filters that kept none out are not named. */
		filtered: Record<string, number>;
		layers: Record<string, { r: number; l1: number; l2: number; l3: number }>;
		took_ms: number;
		degraded?: string;
	};
}

/**
 * What may be shown of what was found, best first. RULES, "Ranking": hard filters on everything the search found, then one
 * number, then the cut. Pure, so that a match, a free search and a test get the same answer.
 */
export function results(state: Reading, wish: Wish, found: Found, at: number): Results {
	const filtered: Record<string, number> = {};
	const keptOut = (filter: string, n = 1) => {
		if (n > 0) filtered[filter] = (filtered[filter] ?? 0) + n;
	};
	keptOut("floor", found.belowFloor);

	const judged = found.hits.map(({ id }) => judge(state, wish, id, at));
	const shown = new Map<string, Shown>();
	const candidates = found.hits.flatMap(({ id, relevance }, i) => {
		const one = judged[i]!;
		if (typeof one === "string") {
			keptOut(one);
			return [];
		}
		shown.set(id, one);
		const { entry, priceScrip, reputation, ageMs } = one;
		const { seller, sellerOwner: ownerId, tokenCost, domains } = entry;
		return [{ id, seller, ownerId, relevance, tokenCost, priceScrip, reputation, ageMs, domains }];
	});

	const best = rank(candidates, wish.domains).slice(0, wish.maxResults);
	return {
		results: best.map(({ id, confidence }) => resultOf(shown.get(id)!, confidence)),
		meta: {
			embedder: found.embedder,
			floor: found.floor,
			candidates: found.candidates,
			filtered,
			layers: Object.fromEntries(best.map(({ id, r, l1, l2, l3 }) => [id, { r, l1, l2, l3 }])),
			took_ms: found.tookMs,
			...(found.degraded !== undefined && { degraded: found.degraded }),
		},
	};
}

/** An entry that passed every hard filter, with what was asked of the state for it. */
export interface Shown {
	entry: Entry;
	priceScrip: number;
	reputation: number;
	ageMs: number;
}

export type Filter =
	| "gone"
	| "gated"
	| "own"
	| "type"
	| "domains"
	| "tier"
	| "freshness"
	| "reputation"
	| "budget"
	| "hidden";

/** The hard filters, in the order in which `filtered` names them: the entry, or the first that keeps it out. */
export function judge(state: Reading, wish: Wish, id: string, at: number): Shown | Filter {
	const entry = state.get(entries, id);
	if (!entry || !isLive(entry, at)) return "gone";
	if (entry.gated) return "gated";
	if (wish.owner !== undefined && belongsTo(state, entry, wish.owner)) return "own";
	if (wish.contentType !== null && entry.contentType !== wish.contentType) return "type";
	if (wish.domains.length > 0 && !wish.domains.some((domain) => entry.domains.includes(domain)))
		return "domains";
	if (wish.tier !== null && entry.tier !== wish.tier) return "tier";
	const ageMs = at - entry.firstPutAt;
	if (wish.freshnessHours !== null && ageMs > wish.freshnessHours * HOUR_MS) return "freshness";
	const [reputation, priceScrip] = [reputationOf(state, entry.seller), priceOf(state, entry, at, wish.tier)];
	if (reputation < wish.minReputation) return "reputation";
	if (wish.budgetScrip !== undefined && priceScrip > wish.budgetScrip) return "budget";
	if (unlistedBy(state, id, at)) return "hidden";
	return { entry, priceScrip, reputation, ageMs };
}

/** Of this owner at the put or now: a key that joined an owner later does not sell to it. */
function belongsTo(state: Reading, entry: Entry, owner: string): boolean {
	return entry.sellerOwner === owner || ownerOf(state, entry.seller) === owner;
}

export function resultOf({ entry, priceScrip, reputation, ageMs }: Shown, confidence: number): Result {
	return {
		entry_id: entry.id,
		put_msg_id: entry.sourceId ?? entry.id,
		seller_key: entry.seller,
		description: entry.description,
		content_hash: entry.contentHash,
		content_type: entry.contentType,
		price: priceScrip,
		confidence,
		seller_reputation: reputation,
		token_cost_original: entry.tokenCost,
		age_hours: ageHours(ageMs),
	};
}

/** Whole hours. */
export const ageHours = (ageMs: number): number => Math.floor(ageMs / HOUR_MS);
