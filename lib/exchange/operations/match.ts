import * as z from "zod";
import { buys, entries, offers } from "../../../db/schema/exchange";
import { setting } from "../../agents/settings";
import { answered } from "../../log/duties";
import { claim, contentType, dec, hash, id, instant, int, key, scrip, text } from "../../log/field";
import { answer, operation } from "../../log/operation";
import { type Refusal, refusal, tooLate } from "../../log/refusal";
import type { Reading, Row } from "../../log/state";
import type { Found, Ports } from "../ports";
import { entryGone } from "../refusals";
import { ageHours, judge, type Result, type Results, resultOf, results, type Wish } from "../results";
import { ONE_PPM } from "../rules/fixed-point";
import { isLive, priceOf, reputationOf } from "../state";
import { found, missed } from "../wanted";

const entryId = () => z.string().min(1).max(128);
const share = () => dec(0, 1);

const result = z.strictObject({
	entry_id: entryId(),
	put_msg_id: id(),
	seller_key: key(),
	description: text(4096),
	content_hash: hash(),
	content_type: contentType(),
	price: scrip(1, 10_000_000),
	confidence: share().meta(claim),
	seller_reputation: int(0, 100),
	token_cost_original: int(1, 10_000_000).meta(claim),
	age_hours: int(0, Number.MAX_SAFE_INTEGER),
});

const body = z.strictObject({
	results: z
		.array(result)
		.max(10)
		.refine(
			(all) => new Set(all.map(({ entry_id }) => entry_id)).size === all.length,
			"must not name an entry twice",
		)
		.refine(
			(all) => all.every((one, i) => i === 0 || one.confidence <= all[i - 1]!.confidence),
			"must be in falling confidence",
		),
	search_meta: z
		.strictObject({
			quote_expires_at: instant(),
			embedder: z.string().min(1).max(200),
			floor: dec(),
			candidates: int(0, Number.MAX_SAFE_INTEGER),
			filtered: z.record(z.string().max(40), int(0, Number.MAX_SAFE_INTEGER)),
			layers: z.record(entryId(), z.strictObject({ r: share(), l1: share(), l2: share(), l3: share() })),
			took_ms: int(0, Number.MAX_SAFE_INTEGER),
			degraded: text(200).optional(),
		})
		.optional(),
});
type Match = z.infer<typeof body>;

const alreadyMatched = refusal(
	"already-matched",
	409,
	"This buy has its match already; there is one, ever.",
	"Look at the buy's replies, or buy again.",
);
const overBudget = refusal(
	"over-budget",
	422,
	"A result costs more than the buyer's budget.",
	"Leave it out.",
);
const tooManyResults = refusal(
	"too-many-results",
	422,
	"The buyer asked for fewer results.",
	"Send at most max_results.",
);
const resultUntrue = refusal(
	"result-untrue",
	422,
	"A result does not say what the inventory says of its entry.",
	"Repeat the entry's own facts and its price of this moment.",
);
const quoteUntrue = refusal(
	"quote-untrue",
	422,
	"quote_expires_at is not what the settings say.",
	"Quotes hold exchange.quote_minutes from the match on.",
);
const filteredOut = refusal(
	"filtered-out",
	409,
	"A result does not pass the buyer's filters, or is shut out of matches.",
	"Leave it out.",
);

/**
 * The exchange's one answer to a buy: what it has, ranked, each with a price that holds until the quote expires. Nothing
 * found is an empty match, never silence; an order that expired unanswered gets one too. Exchange Operations, "exchange:match".
 */
export const match = operation<Match>("exchange:match", {
	summary: "Answer a buy with ranked results and their prices",
	by: "exchange",
	antecedents: [["exchange:buy"]],
	body,

	admit(state, { payload, antecedents, receivedAt }) {
		const buy = state.get(buys, antecedents[0]!)!;
		if (payload.results.length > buy.maxResults) return tooManyResults({ field: "/payload/results" });
		for (const [i, one] of payload.results.entries()) {
			const untrue = judgeFacts(state, buy, one, receivedAt, `/payload/results/${i}`);
			if (untrue) return untrue;
		}
		const expiresAt = payload.search_meta?.quote_expires_at;
		if (expiresAt !== undefined && Date.parse(expiresAt) !== quoteExpiry(state, receivedAt))
			return quoteUntrue({ field: "/payload/search_meta/quote_expires_at" });
		if (buy.matchId !== null) return alreadyMatched({ see: buy.matchId });
		if (payload.results.length > 0 && receivedAt >= buy.expiresAt) return tooLate();
		for (const [i, one] of payload.results.entries()) {
			const field = `/payload/results/${i}`;
			const judged = judge(state, wishOf(buy), one.entry_id, receivedAt);
			if (judged === "gone") return entryGone({ field });
			if (typeof judged === "string") return filteredOut({ field, detail: `Kept out by: ${judged}.` });
		}
	},

	apply(state, act) {
		const { results, search_meta } = act.payload;
		const buy = state.get(buys, act.antecedents[0]!)!;
		const quoteExpiresAt = quoteExpiry(state, act.receivedAt);
		state.put(buys, { ...buy, matchId: act.id, results: results.length, quoteExpiresAt });
		for (const [position, { entry_id, price, confidence }] of results.entries())
			state.put(offers, {
				matchId: act.id,
				entry: entry_id,
				buyId: buy.id,
				position,
				basePriceScrip: price,
				previewPriceScrip: null,
				confidencePpm: Math.round(confidence * ONE_PPM),
				tokens: state.get(entries, entry_id)!.tokens,
				quoteExpiresAt,
				requestId: null,
				previewId: null,
				rejectedBy: null,
				orderId: null,
			});
		// A search that failed says nothing about what is missing.
		if (results.length > 0) found(state, act, buy);
		else if (search_meta?.degraded === undefined) missed(state, act, buy);
		answered(state, "exchange:match", buy.id);
	},

	answer: answer<Ports, Results | undefined>({
		async prepare({ subject }, ports) {
			const buy = await ports.read((state) => state.get(buys, subject));
			if (!buy || buy.matchId !== null) return undefined;
			const began = ports.now();
			const hits: Found = await ports.search({ task: buy.task, domains: buy.domains }).catch(() => ({
				...NOTHING_SEARCHED,
				tookMs: ports.now() - began,
				degraded: "The search failed. This says nothing about what the inventory has: buy again.",
			}));
			return ports.read((state) => results(state, wishOf(buy), hits, ports.now()));
		},

		/** What changed since the search is judged anew: prices are those of this moment, and what no longer passes is dropped. */
		draft(state, { subject }, at, prepared) {
			const buy = state.get(buys, subject);
			if (!buy || buy.matchId !== null || !prepared) return undefined;
			const { results, meta } = at < buy.expiresAt ? rejudged(state, buy, prepared, at) : EXPIRED;
			return {
				operation: "exchange:match",
				antecedents: [buy.id],
				payload: {
					results,
					search_meta: { quote_expires_at: new Date(quoteExpiry(state, at)).toISOString(), ...meta },
				},
			};
		},
	}),

	addressed: ({ results }) => results.map(({ seller_key }) => seller_key),
	caption: ({ payload }) =>
		payload.results.length === 1 ? "a match with 1 result" : `a match with ${payload.results.length} results`,
});

function judgeFacts(
	state: Reading,
	buy: Row<typeof buys>,
	one: Match["results"][number],
	at: number,
	field: string,
): Refusal | undefined {
	if (one.price > buy.budgetScrip) return overBudget({ field: `${field}/price` });
	const entry = state.get(entries, one.entry_id);
	if (!entry) return resultUntrue({ field: `${field}/entry_id` });
	const facts: Partial<Result> = {
		put_msg_id: entry.sourceId ?? entry.id,
		seller_key: entry.seller,
		description: entry.description,
		content_hash: entry.contentHash,
		content_type: entry.contentType,
		seller_reputation: reputationOf(state, entry.seller),
		token_cost_original: entry.tokenCost,
		age_hours: ageHours(at - entry.firstPutAt),
		// What has left the inventory has no price.
		...(isLive(entry, at) && { price: priceOf(state, entry, at, buy.tier) }),
	};
	for (const [name, fact] of Object.entries(facts))
		if (one[name as keyof Result] !== fact) return resultUntrue({ field: `${field}/${name}` });
}

/** What a buy asks for, as the filters read it. */
export function wishOf(buy: Row<typeof buys>): Wish {
	const { buyerOwner: owner, budgetScrip, minReputation, freshnessHours } = buy;
	const { contentType, domains, tier, maxResults } = buy;
	return { owner, budgetScrip, minReputation, freshnessHours, contentType, domains, tier, maxResults };
}

function rejudged(state: Reading, buy: Row<typeof buys>, { results, meta }: Results, at: number): Results {
	const filtered = { ...meta.filtered };
	const layers: Results["meta"]["layers"] = {};
	const still = results.flatMap(({ entry_id, confidence }) => {
		const judged = judge(state, wishOf(buy), entry_id, at);
		if (typeof judged === "string") {
			filtered[judged] = (filtered[judged] ?? 0) + 1;
			return [];
		}
		layers[entry_id] = meta.layers[entry_id]!;
		return [resultOf(judged, confidence)];
	});
	return { results: still, meta: { ...meta, filtered, layers } };
}

function quoteExpiry(state: Reading, at: number): number {
	return at + setting(state, "exchange.quote_minutes") * 60_000;
}

const NOTHING_SEARCHED = { hits: [], embedder: "none", floor: 0, candidates: 0, belowFloor: 0 };

const EXPIRED: Results = {
	results: [],
	meta: {
		embedder: "none",
		floor: 0,
		candidates: 0,
		filtered: {},
		layers: {},
		took_ms: 0,
		degraded: "The order expired before it was answered. Buy again.",
	},
};
