import * as z from "zod";
import { buys, offers } from "../../../../db/schema/exchange";
import { operation } from "../../../log/operation";
import { notYours } from "../../../log/refusal";
import { entryNotOffered } from "../../refusals";
import { offerOf } from "../../state";
import { settlement } from "./field";
import { alreadyAccepted, alreadyRejected } from "./refusals";

/** The buyer declines. No scrip, no penalty; other results of the match stay open. Exchange Operations, "Phase: buyer-reject". */
export const buyerReject = operation("exchange:settle/buyer-reject", {
	summary: "Decline an offered entry, free of charge",
	by: "party",
	antecedents: [["exchange:settle/preview"], ["exchange:match"]],
	body: z.strictObject({ ...settlement("buyer-reject"), accepted: z.literal(false).optional() }),

	admit(state, act) {
		const offer = offerOf(state, act);
		if (!offer) return entryNotOffered({ field: "/payload/entry_id" });
		if (state.get(buys, offer.buyId)!.buyer !== act.sender)
			return notYours({ detail: "Only the buyer of this order can decline it." });
		if (offer.orderId !== null) return alreadyAccepted({ see: offer.orderId });
		if (offer.rejectedBy !== null) return alreadyRejected({ see: offer.rejectedBy });
	},

	apply(state, act) {
		state.put(offers, { ...offerOf(state, act)!, rejectedBy: act.id });
	},

	caption: () => "an offered entry declined",
});
