import * as z from "zod";
import { scrip } from "../../../log/field";
import { answer, operation } from "../../../log/operation";
import { notDue, wrongTags } from "../../../log/refusal";
import { refund as giveBack } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { type Order, orderOf } from "../../state";
import { settlement } from "./field";
import { priceMismatch } from "./refusals";

export const AUTO_REFUNDED = "exchange:verdict:auto-refunded";

/**
 * The exchange returns the reservation: for a small-content-dispute at once, for an accept that was not delivered in time,
 * for a dispute that nobody ruled on. Only the first of them moved reputation, and did so itself. RULES, "Reservation",
 * "Dispute".
 */
export const refund = operation("exchange:settle/refund", {
	summary: "Return a reservation to its buyer",
	by: "exchange",
	antecedents: [
		["exchange:settle/small-content-dispute"],
		["exchange:settle/buyer-accept"],
		["exchange:settle/dispute"],
	],
	body: z.strictObject({ ...settlement("refund"), price: scrip(1) }),
	optionalTags: () => [AUTO_REFUNDED],

	admit(state, act) {
		const order = orderOf(state, act)!;
		const [antecedent] = act.antecedents;
		if (order.entry !== act.payload.entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (act.payload.price !== order.priceScrip) return priceMismatch({ field: "/payload/price" });
		if (act.tags.includes(AUTO_REFUNDED) !== (antecedent === order.smallDisputeId))
			return wrongTags({ field: "/tags" });
		if (order.endedBy !== null) return alreadySettled({ see: order.endedBy });
		if (antecedent === order.id && order.deliverId !== null) return alreadySettled({ see: order.deliverId });
		if (act.receivedAt < dueAt(order, antecedent!)) return notDue();
	},

	apply(state, act) {
		const order = orderOf(state, act)!;
		giveBack(
			state,
			act,
			order,
			act.antecedents[0] === order.smallDisputeId ? "small-content-dispute" : "refund",
		);
	},

	answer: answer({
		draft(state, { subject }) {
			const order = orderOf(state, { antecedents: [subject] })!;
			return {
				operation: "exchange:settle/refund",
				antecedents: [subject],
				payload: { phase: "refund", entry_id: order.entry, price: order.priceScrip },
				tags: subject === order.smallDisputeId ? [AUTO_REFUNDED] : [],
			};
		},
	}),

	caption: ({ payload }) => `${payload.price} scrip returned to the buyer`,
});

function dueAt(order: Order, antecedent: string): number {
	if (antecedent === order.smallDisputeId) return 0;
	return antecedent === order.disputeId ? order.ruleBy! : order.deliverBy;
}
