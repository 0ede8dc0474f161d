import * as z from "zod";
import { buys, entries, offers, orders, traders } from "../../../../db/schema/exchange";
import { ownerOf } from "../../../agents/owner";
import { setting } from "../../../agents/settings";
import { owe } from "../../../log/duties";
import { operation } from "../../../log/operation";
import { notYours, refusal } from "../../../log/refusal";
import { headerOf } from "../../../log/registry";
import type { Reading } from "../../../log/state";
import { balance, MICRO, micro, move } from "../../../scrip/purse";
import { shortOfScrip } from "../../../scrip/refusals";
import { gateOf } from "../../gate";
import { entryGone, entryNotOffered, quoteExpired } from "../../refusals";
import { mayReserve } from "../../rules/allowances";
import { PREVIEW_TOKENS } from "../../rules/plausibility";
import { numbersOf } from "../../settings";
import { type Entry, isLive, type Offer, offerOf, traderOf } from "../../state";
import { settlement } from "./field";
import { alreadyAccepted, alreadyRejected, tooSmallToPreview } from "./refusals";

const previewRequired = refusal(
	"preview-required",
	422,
	"Content of 500 tokens and more is bought on its preview.",
	"Send exchange:settle/preview-request on the match first: it is free, and the price falls.",
);
const ownEntry = refusal(
	"own-entry",
	403,
	"This entry is your owner's own.",
	"Choose another result: nobody buys from themselves.",
);
const entryGated = refusal(
	"entry-gated",
	409,
	"The entry is held back: too many of its deliveries were disputed.",
	"Choose another result, or buy again.",
);
const budgetSpent = refusal(
	"budget-spent",
	409,
	"All accepts of one match together stay within its budget.",
	"Buy again with a budget for this entry.",
);
const tooManyReservations = refusal(
	"too-many-reservations",
	409,
	"This owner has as many open reservations as are allowed.",
	"Complete or dispute what was delivered, then accept again.",
);

/**
 * The buyer commits to a quote. Scrip is reserved now, not at buy time. Exchange Operations, "Phase: buyer-accept"; RULES,
 * "Quote", "Reservation".
 */
export const buyerAccept = operation("exchange:settle/buyer-accept", {
	summary: "Commit to buy at the quoted price; the scrip is reserved and the content delivered",
	by: "party",
	antecedents: [["exchange:settle/preview"], ["exchange:match"]],
	awaits: ["exchange:settle/deliver", "exchange:settle/refund"],
	body: z.strictObject({ ...settlement("buyer-accept"), accepted: z.literal(true).optional() }),

	admit(state, act) {
		const offer = offerOf(state, act);
		if (!offer) return entryNotOffered({ field: "/payload/entry_id" });
		const previewed = headerOf(state, act.antecedents[0]!)!.operation === "exchange:settle/preview";
		if (offer.tokens >= PREVIEW_TOKENS && !previewed) return previewRequired({ field: "/antecedents" });
		if (offer.tokens < PREVIEW_TOKENS && previewed) return tooSmallToPreview({ field: "/antecedents" });

		const [buy, entry, owner] = [
			state.get(buys, offer.buyId)!,
			state.get(entries, offer.entry)!,
			ownerOf(state, act.sender),
		];
		if (buy.buyer !== act.sender) return notYours({ detail: "Only the buyer of this order can accept it." });
		// A match never offers it; but a key can have joined the seller's owner since.
		if (owner === entry.sellerOwner || owner === ownerOf(state, entry.seller)) return ownEntry();

		if (offer.orderId !== null) return alreadyAccepted({ see: offer.orderId });
		if (offer.rejectedBy !== null) return alreadyRejected({ see: offer.rejectedBy });
		if (act.receivedAt >= offer.quoteExpiresAt) return quoteExpired();
		if (!isLive(entry, act.receivedAt)) return entryGone();
		if (distrusted(state, entry)) return entryGated();
		const price = priceOf(offer);
		const left = buy.budgetScrip - buy.acceptedScrip;
		if (price > left)
			return budgetSpent({
				detail: `Of this match's budget ${left} scrip are left; the entry costs ${price}.`,
			});
		if (!mayReserve(traderOf(state, owner, act.receivedAt).openReservations, numbersOf(state)))
			return tooManyReservations();

		const missing = micro(price) - balance(state, act.sender);
		if (missing > 0n)
			return shortOfScrip({ detail: `You are ${(missing + MICRO - 1n) / MICRO} scrip short of ${price}.` });
	},

	apply(state, act) {
		const offer = offerOf(state, act)!;
		const buy = state.get(buys, offer.buyId)!;
		const entry = state.get(entries, offer.entry)!;
		const buyerOwner = ownerOf(state, act.sender);
		const priceScrip = priceOf(offer);
		const deliverBy = act.receivedAt + setting(state, "exchange.deliver_seconds") * 1_000;

		move(state, act, "hold", [act.sender, "hot"], [act.sender, "held"], micro(priceScrip));
		state.put(orders, {
			id: act.id,
			seq: act.seq,
			matchId: offer.matchId,
			buyId: offer.buyId,
			entry: entry.id,
			buyer: act.sender,
			buyerOwner,
			seller: entry.seller,
			sellerOwner: ownerOf(state, entry.seller),
			contentHash: entry.contentHash,
			tokens: offer.tokens,
			basePriceScrip: offer.basePriceScrip,
			priceScrip,
			heldMicro: micro(priceScrip),
			status: "reserved",
			acceptedAt: act.receivedAt,
			deliverBy,
			deliverId: null,
			deliveredAt: null,
			completeBy: null,
			disputeId: null,
			disputeType: null,
			ruleBy: null,
			buyerEvidence: 0,
			sellerEvidence: 0,
			smallDisputeId: null,
			endedBy: null,
			endedAt: null,
		});
		state.put(offers, { ...offer, orderId: act.id });
		state.put(buys, { ...buy, acceptedScrip: buy.acceptedScrip + priceScrip });
		const trader = traderOf(state, buyerOwner, act.receivedAt);
		state.put(traders, { ...trader, openReservations: trader.openReservations + 1 });

		owe(state, "exchange:settle/deliver", act);
		// Should nothing be delivered in time: without this the buyer's scrip would hang on our failure.
		owe(state, "exchange:settle/refund", act, { due: deliverBy });
	},

	caption: () => "an entry accepted; its price is reserved",
});

/** Exactly the quote, less what the preview took off. */
function priceOf(offer: Offer): number {
	return offer.previewPriceScrip ?? offer.basePriceScrip;
}

/**
 * Shut for what buyers found after they bought. A gate shut for want of buyers keeps the entry out of new matches, but must
 * not turn away the one who wants it: the tenth previewer would be barred by its own preview.
 */
function distrusted(state: Reading, { id, gated }: Entry): boolean {
	return (
		gated && (["completion", "disputes"] as const).some((gate) => gateOf(state, id, gate).shutBy !== null)
	);
}
