import * as z from "zod";
import { orders } from "../../../../db/schema/exchange";
import { text } from "../../../log/field";
import { operation } from "../../../log/operation";
import { notYours, refusal, tooLate } from "../../../log/refusal";
import { alreadySettled, wrongEntry } from "../../refusals";
import { orderOf } from "../../state";
import { settlement } from "./field";

const EVIDENCE_PER_SIDE = 5;
const evidenceFull = refusal(
	"evidence-full",
	409,
	"Each side may add evidence five times.",
	"Wait for the verdict.",
);

/** Buyer or seller says something to the ruling on their dispute. RULES, "Dispute": both sides may add evidence. */
export const evidence = operation("exchange:settle/evidence", {
	summary: "Add evidence to a dispute you are a party to",
	by: "party",
	antecedents: [["exchange:settle/dispute"]],
	body: z.strictObject({ ...settlement("evidence"), reason: text(2048) }),

	admit(state, act) {
		const order = orderOf(state, act)!;
		if (order.entry !== act.payload.entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (act.sender !== order.buyer && act.sender !== order.seller)
			return notYours({ detail: "Only the buyer and the seller of this order can add evidence." });
		if (order.endedBy !== null) return alreadySettled({ see: order.endedBy });
		if (act.receivedAt >= order.ruleBy!) return tooLate();
		const said = act.sender === order.buyer ? order.buyerEvidence : order.sellerEvidence;
		if (said >= EVIDENCE_PER_SIDE) return evidenceFull();
	},

	apply(state, act) {
		const order = orderOf(state, act)!;
		state.put(
			orders,
			act.sender === order.buyer
				? { ...order, buyerEvidence: order.buyerEvidence + 1 }
				: { ...order, sellerEvidence: order.sellerEvidence + 1 },
		);
	},

	caption: () => "evidence added to a dispute",
});
