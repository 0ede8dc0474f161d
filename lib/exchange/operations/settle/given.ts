import { offers, orders, previewPlans, settlements } from "../../../../db/schema/exchange";
import type { Agent, Saying } from "../../../log/given";
import type { JsonObject } from "../../../log/json";
import { about, chunkBytes, type Market, operator } from "../../given";
import { PREVIEW_TOKENS } from "../../rules/plausibility";
import { previewChunks, previewPlan } from "../../rules/preview";
import type { Order } from "../../state";

/** The words of settlements, on top of lib/exchange/given. */
export const settles = (
	who: Agent,
	phase: string,
	entry: string,
	on: string,
	more: JsonObject = {},
): Saying => who.says(`exchange:settle/${phase}`, about(entry, phase, more), on);

/** A purchase that stands where it was delivered. */
export interface Purchase {
	buyer: Agent;
	entry: string;
	match: string;
	/** The buyer-accept: the order's id. */
	accept: string;
	deliver: string;
}

/** What `prepare` finds for a preview. */
export function cut(market: Market, entry: string) {
	const { contentHash, contentType } = market.entry(entry);
	const text = market.contents.get(contentHash.slice("sha256:".length))!;
	const randomBytes = chunkBytes(contentHash);
	const plan =
		market.state.get(previewPlans, contentHash)?.chunks ??
		previewPlan({ contentHash, contentType, text, randomBytes }).chunks;
	return { plan, chunks: previewChunks(text, plan) };
}

/** Asks for a preview and gets it: its id. */
export function previewed(market: Market, buyer: Agent, entry: string, match: string): string {
	const request = market.said(settles(buyer, "preview-request", entry, match));
	const shown = market.meet("exchange:settle/preview", request, cut(market, entry));
	if (!shown) throw new Error("no preview was shown");
	return shown[0]!.id;
}

/** What its buyer accepts it on: the preview, of small content the match. */
export function considered(market: Market, buyer: Agent, entry: string, match: string): string {
	return market.entry(entry).tokens < PREVIEW_TOKENS ? match : previewed(market, buyer, entry, match);
}

/** Quoted, previewed where it must be, accepted and delivered. */
export function bought(market: Market, buyer: Agent, entry: string, wish: JsonObject = {}): Purchase {
	const match = market.quoted(buyer, entry, wish);
	const on = considered(market, buyer, entry, match);
	const accept = market.said(settles(buyer, "buyer-accept", entry, on));
	return { buyer, entry, match, accept, deliver: orderOf(market, accept).deliverId! };
}

/** The buyer's next word on a purchase. */
export function next({ buyer, entry, deliver }: Purchase, phase: string, more: JsonObject = {}): Saying {
	return settles(buyer, phase, entry, deliver, more);
}

export const completes = (purchase: Purchase) => next(purchase, "complete");
export const disputesSmall = (purchase: Purchase) =>
	next(purchase, "small-content-dispute", { auto_refund: true });
export const disputes = (purchase: Purchase, type = "quality_inadequate") =>
	next(purchase, "dispute", { dispute_type: type });
export const rules = (entry: string, dispute: string, verdict: "accepted" | "declined", by = operator) =>
	settles(by, "verdict", entry, dispute, { verdict, reason: "Read and compared." });

export function orderOf(market: Market, accept: string): Order {
	const order = market.state.get(orders, accept);
	if (!order) throw new Error(`no order ${accept}`);
	return order;
}

export function settlementOf(market: Market, accept: string) {
	return market.state.get(settlements, accept);
}

export function offerOf(market: Market, match: string, entry: string) {
	return market.state.get(offers, match, entry)!;
}

/** What a test expects of a refusal. */
export const refused = (code: string, status: number, more: JsonObject = {}) => ({
	refused: { code, status, ...more },
});
