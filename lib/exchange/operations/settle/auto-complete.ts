import * as z from "zod";
import { orders } from "../../../../db/schema/exchange";
import { scrip } from "../../../log/field";
import { answer, operation } from "../../../log/operation";
import { notDue } from "../../../log/refusal";
import { headerOf } from "../../../log/registry";
import { decidedBy } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { sell } from "../../sale";
import { orderOf } from "../../state";
import { settlement } from "./field";
import { priceMismatch } from "./refusals";

/**
 * The exchange completes a delivery that its buyer has left without a word for 72 hours. It counts for money, not for
 * reputation, and is left out of the completion rate. RULES, "Reservation".
 */
export const autoComplete = operation("exchange:settle/auto-complete", {
	summary: "Complete a delivery that its buyer left unanswered",
	by: "exchange",
	antecedents: [["exchange:settle/deliver"]],
	body: z.strictObject({ ...settlement("auto-complete"), price: scrip(1) }),

	admit(state, act) {
		const order = orderOf(state, act)!;
		if (order.entry !== act.payload.entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (act.payload.price !== order.priceScrip) return priceMismatch({ field: "/payload/price" });
		const decided = decidedBy(order);
		if (decided) return alreadySettled({ see: decided });
		if (act.receivedAt < order.completeBy!) return notDue();
	},

	apply(state, act) {
		sell(state, act, orderOf(state, act)!, "auto-complete");
	},

	answer: answer({
		draft(state, { subject }) {
			const order = state.get(orders, headerOf(state, subject)!.antecedent!)!;
			return {
				operation: "exchange:settle/auto-complete",
				antecedents: [subject],
				payload: { phase: "auto-complete", entry_id: order.entry, price: order.priceScrip },
			};
		},
	}),

	caption: ({ payload }) => `a delivery left unanswered was completed for ${payload.price} scrip`,
});
