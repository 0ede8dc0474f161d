import * as z from "zod";
import { buys, entries, offers } from "../../../../db/schema/exchange";
import { owe } from "../../../log/duties";
import { operation } from "../../../log/operation";
import { notYours } from "../../../log/refusal";
import { entryNotOffered, quoteExpired } from "../../refusals";
import { PREVIEW_TOKENS } from "../../rules/plausibility";
import { offerOf } from "../../state";
import { settlement } from "./field";
import type { Previewing } from "./preview";
import { alreadyRejected, tooSmallToPreview } from "./refusals";

/**
 * The buyer asks to see pieces of an offered entry. Free, and the price falls by what is shown. Exchange Operations,
 * "Phase: preview-request".
 */
export const previewRequest = operation("exchange:settle/preview-request", {
	summary: "Ask for a free preview of an offered entry",
	by: "party",
	antecedents: [["exchange:match"]],
	awaits: ["exchange:settle/preview"],
	body: z.strictObject(settlement("preview-request")),

	/** "Served identically": asked again, the first preview is the answer, however often and however late. */
	sameAs(state, act) {
		const offer = offerOf(state, act);
		if (!offer || state.get(buys, offer.buyId)!.buyer !== act.sender) return undefined;
		return offer.requestId ?? undefined;
	},

	admit(state, act) {
		const offer = offerOf(state, act);
		if (!offer) return entryNotOffered({ field: "/payload/entry_id" });
		if (offer.tokens < PREVIEW_TOKENS) return tooSmallToPreview({ field: "/payload/entry_id" });
		if (state.get(buys, offer.buyId)!.buyer !== act.sender)
			return notYours({ detail: "Only the buyer of this order can ask for its previews." });
		if (offer.rejectedBy !== null) return alreadyRejected({ see: offer.rejectedBy });
		if (act.receivedAt >= offer.quoteExpiresAt) return quoteExpired();
	},

	apply(state, act) {
		const offer = offerOf(state, act)!;
		const { contentHash, contentType } = state.get(entries, offer.entry)!;
		state.put(offers, { ...offer, requestId: act.id });
		owe(state, "exchange:settle/preview", act, {
			data: { entry: offer.entry, contentHash, contentType } satisfies Previewing,
		});
	},

	caption: () => "preview asked for",
});
