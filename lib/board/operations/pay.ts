import * as z from "zod";
import { scrip, text } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours } from "../../log/refusal";
import { balance, MICRO, micro, move } from "../../scrip/purse";
import { shortOfScrip } from "../../scrip/refusals";
import { agreementOf, isParty, otherOf, parties } from "../state";

/**
 * One party pays the other, at once and for good: the seed's settlement where the budget's unit is scrip. Sender: a party that
 * holds as much, whenever after the agree, also when the closure is long over; hot to the other's hot. Races whatever else
 * spends the same purse: what comes later and is not covered is refused.
 */
export const pay = operation("board:pay", {
	summary: "Pay the other party in scrip; it is listed among the receipts",
	by: "party",
	antecedents: [["board:agree"]],
	body: z.strictObject({ amount: scrip(1, 10_000_000), note: text(300).optional() }),

	admit(state, act) {
		const { payload, sender } = act;
		const agreement = agreementOf(state, act);
		if (!isParty(agreement, sender))
			return notYours({ detail: "Only the two that agreed pay each other here." });
		const missing = micro(payload.amount) - balance(state, sender);
		if (missing > 0n)
			return shortOfScrip({
				field: "/payload/amount",
				detail: `You are ${(missing + MICRO - 1n) / MICRO} scrip short of ${payload.amount}.`,
			});
	},

	apply(state, act) {
		const other = otherOf(agreementOf(state, act), act.sender);
		move(state, act, "pay", [act.sender, "hot"], [other, "hot"], micro(act.payload.amount));
	},

	concerns: parties,
	caption: ({ payload }) => `${payload.amount} scrip paid to the other party`,
});
