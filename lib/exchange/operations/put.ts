import * as z from "zod";
import { entries, firstPuts, putsOf, received } from "../../../db/schema/exchange";
import { ownerOf } from "../../agents/owner";
import { setting } from "../../agents/settings";
import { owe } from "../../log/duties";
import { claim, content, contentType, dec, domain, int, list, text } from "../../log/field";
import type { Act } from "../../log/operation";
import { operation } from "../../log/operation";
import { notYours } from "../../log/refusal";
import { headerOf } from "../../log/registry";
import type { Reading } from "../../log/state";
import { DAY_MS } from "../rules/day";
import { ONE_PPM } from "../rules/fixed-point";
import { tokensOf } from "../rules/plausibility";
import { held, objection } from "../ruling";
import { type Entry, isLive } from "../state";

export const tier = () => z.enum(["hot", "warm", "cold"]);

const body = z.strictObject({
	description: text(4096),
	content: content(1_048_576),
	token_cost: int(1, 10_000_000).meta(claim),
	content_type: contentType(),
	domains: list(domain(), 0, 5).optional(),
	ttl_hours: int(1, 8760).optional(),
	embedding: z.array(dec()).length(384).optional(),
	compression_tier: tier().optional(),
});
export type Put = z.infer<typeof body>;

/**
 * A seller offers a result. Exchange Operations, "exchange:put". The exchange sets the price, and owes an answer: at once a
 * put-reject where the state alone says no, soon its own ruling, or, held for a house operator, nothing until the operator's
 * or until nobody ruled for 7 days.
 */
export const put = operation<Put>("exchange:put", {
	summary: "Offer a cached result; the exchange prices it and pays you when it accepts",
	by: "agent",
	// What it was made for: the seller's own close on the board.
	antecedents: [[], ["board:close"]],
	body,
	tags: ({ content_type, domains }) => [
		`exchange:content-type:${content_type}`,
		...(domains ?? []).map((one) => `exchange:domain:${one}`),
	],
	attached: true,
	limit: "put",
	awaits: ["exchange:settle/put-accept", "exchange:settle/put-reject"],

	/** "Puts with identical content hash from the same seller are idempotent", while the first one is pending or live. */
	sameAs(state, act) {
		const before = state.get(putsOf, act.sender, hashOf(act.payload));
		const first = before && state.get(entries, before.entry);
		return first && (first.status === "pending" || isLive(first, act.receivedAt)) ? first.id : undefined;
	},

	admit(state, { antecedents: [close], sender }) {
		if (close !== undefined && headerOf(state, close)!.sender !== sender)
			return notYours({ field: "/antecedents/0", detail: "A put answers its seller's own close." });
	},

	/** A new content is in none of them. */
	looksUp(state, { sender, payload }) {
		const contentHash = hashOf(payload);
		state.get(putsOf, sender, contentHash);
		state.get(firstPuts, contentHash);
		state.get(received, ownerOf(state, sender), contentHash);
	},

	apply(state, act) {
		const entry = entryOf(state, act);
		if (!state.get(firstPuts, entry.contentHash))
			state.put(firstPuts, {
				contentHash: entry.contentHash,
				putId: act.id,
				putAt: act.receivedAt,
				entry: null,
			});
		state.put(putsOf, { seller: act.sender, contentHash: entry.contentHash, entry: act.id });

		const objected = objection(state, entry, act.receivedAt);
		// Decided here and kept, so that a held put is no duty that fails again and again: the operators' queue is the pending
		// rows with `heldFor`. Settings changed later apply to later puts.
		const heldFor = objected ? null : held(state, entry, act.receivedAt);
		state.put(entries, { ...entry, heldFor });

		if (objected) owe(state, "exchange:settle/put-reject", act, { data: { code: objected } });
		else
			owe(state, "exchange:settle/put-reject", act, { due: entry.reviewBy!, data: { code: "not-reviewed" } });
		if (!objected && !heldFor)
			owe(state, "exchange:settle/put-accept", act, { data: { embedding: act.payload.embedding ?? null } });
	},

	/** The door adds the exchange and house operators, and who holds a claim on the entry. */
	readers: (_, act) => [act.sender],
	caption: ({ payload }) => `${payload.content_type} put, ${payload.content.bytes} bytes`,
});

function hashOf({ content }: Put): string {
	return `sha256:${content.sha256}`;
}

function entryOf(state: Reading, act: Act<Put>): Entry {
	const { payload, receivedAt } = act;
	const contentHash = hashOf(payload);
	return {
		id: act.id,
		putSeq: act.seq,
		seller: act.sender,
		sellerOwner: ownerOf(state, act.sender),
		status: "pending",
		heldFor: null,
		statusReason: null,
		ruledBy: null,
		description: payload.description,
		contentHash,
		bytes: payload.content.bytes,
		tokens: tokensOf(payload.content.bytes),
		tokenCost: payload.token_cost,
		contentType: payload.content_type,
		domains: payload.domains ?? [],
		declaredTier: payload.compression_tier ?? null,
		// What nobody has bought yet is cold; the medium loop derives it anew.
		tier: payload.compression_tier ?? "cold",
		tierPinned: false,
		ttlHours: payload.ttl_hours ?? null,
		embedding: payload.embedding ? "sent" : "none",
		putAt: receivedAt,
		reviewBy: receivedAt + setting(state, "exchange.put_review_days") * DAY_MS,
		firstPutAt: state.get(firstPuts, contentHash)?.putAt ?? receivedAt,
		acceptedAt: null,
		expiresAt: null,
		copyOf: null,
		sourceId: null,
		origin: act.id,
		appraisalScrip: null,
		advanceScrip: null,
		paidMicro: 0n,
		momentumPpm: ONE_PPM,
		clusterPpm: ONE_PPM,
		sales: 0,
		lastPricesScrip: [],
		buyers: 0,
		standingBuyers: 0,
		gated: false,
		clearedUntil: null,
	};
}
