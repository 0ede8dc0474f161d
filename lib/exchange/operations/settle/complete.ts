import * as z from "zod";
import { claim, scrip } from "../../../log/field";
import { operation } from "../../../log/operation";
import { notYours, refusal, tooLate } from "../../../log/refusal";
import { decidedBy } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { sell } from "../../sale";
import { orderOf } from "../../state";
import { settlement } from "./field";
import { priceMismatch } from "./refusals";

const hashNotVerified = refusal(
	"hash-not-verified",
	422,
	"A delivery whose content does not match its hash is not completed.",
	"Send exchange:settle/dispute with dispute_type hash_invalid: it keeps your reservation until a house operator has ruled.",
);

/**
 * The buyer has got what it paid for: the reservation is consumed and split, and the seller's reputation grows. Exchange
 * Operations, "Phase: complete"; RULES, "Split", "Reservation".
 */
export const complete = operation("exchange:settle/complete", {
	summary: "Confirm the delivery; the reserved price is paid",
	by: "party",
	antecedents: [["exchange:settle/deliver"]],
	body: z.strictObject({
		...settlement("complete"),
		content_hash_verified: z.boolean().meta(claim).optional(),
		price: scrip().optional(),
	}),

	admit(state, act) {
		const order = orderOf(state, act)!;
		const { entry_id, content_hash_verified, price } = act.payload;
		if (order.entry !== entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (content_hash_verified === false)
			return hashNotVerified({ field: "/payload/content_hash_verified", see: "exchange:settle/dispute" });
		if (price !== undefined && price !== order.priceScrip)
			return priceMismatch({
				field: "/payload/price",
				detail: `${order.priceScrip} scrip were reserved, not ${price}.`,
			});
		if (order.buyer !== act.sender)
			return notYours({ detail: "Only the buyer of this order can complete it." });
		const decided = decidedBy(order);
		if (decided) return alreadySettled({ see: decided });
		if (act.receivedAt >= order.completeBy!) return tooLate();
	},

	apply(state, act) {
		sell(state, act, orderOf(state, act)!, "complete");
	},

	caption: () => "a purchase completed; its price was split",
});
