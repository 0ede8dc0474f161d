import * as z from "zod";
import { orders, traders } from "../../../../db/schema/exchange";
import { setting } from "../../../agents/settings";
import { answered, owe } from "../../../log/duties";
import { claim } from "../../../log/field";
import { operation } from "../../../log/operation";
import { notYours, refusal, tooLate } from "../../../log/refusal";
import { decidedBy } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { mayDispute } from "../../rules/allowances";
import { DAY_MS } from "../../rules/day";
import { numbersOf } from "../../settings";
import { orderOf, traderOf } from "../../state";
import { settlement } from "./field";

const openDisputes = refusal(
	"too-many-open-disputes",
	409,
	"This owner has as many open disputes as are allowed.",
	"Wait for a verdict on one of them, or complete.",
);
const DECLINED_DAYS = 30;

/**
 * The buyer wants a house operator to rule; its reservation is held until then. Exchange Operations, "Phase: dispute
 * (legacy)"; RULES, "Dispute".
 *
 * `hash_invalid` needs no recomputing: contents are stored by the hash the engine took of their bytes, and `deliver` is
 * refused unless its bytes are those of the entry's `content_hash`. So for every order the engine's finding is that the hash
 * holds, and that is what the ruling goes by; what a client received otherwise was altered on its way.
 */
export const dispute = operation("exchange:settle/dispute", {
	summary: "Ask a house operator to rule on a delivery; the reservation is held",
	by: "party",
	antecedents: [["exchange:settle/deliver"]],
	body: z.strictObject({
		...settlement("dispute"),
		dispute_type: z
			.enum(["content_mismatch", "quality_inadequate", "hash_invalid", "stale_content"])
			.meta(claim),
	}),

	admit(state, act) {
		const order = orderOf(state, act)!;
		if (order.entry !== act.payload.entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (order.buyer !== act.sender)
			return notYours({ detail: "Only the buyer of this order can dispute it." });
		const decided = decidedBy(order);
		if (decided) return alreadySettled({ see: decided });
		if (act.receivedAt >= order.completeBy!) return tooLate();
		const { openDisputes: open, declinedAt } = traderOf(state, order.buyerOwner, act.receivedAt);
		const declinedIn30Days = declinedAt !== null && act.receivedAt < declinedAt + DECLINED_DAYS * DAY_MS;
		if (!mayDispute({ open, declinedIn30Days }, numbersOf(state))) return openDisputes();
	},

	apply(state, act) {
		const order = orderOf(state, act)!;
		const ruleBy = act.receivedAt + setting(state, "exchange.verdict_days") * DAY_MS;
		state.put(orders, {
			...order,
			status: "disputed",
			disputeId: act.id,
			disputeType: act.payload.dispute_type,
			ruleBy,
		});
		const trader = traderOf(state, order.buyerOwner, act.receivedAt);
		state.put(traders, { ...trader, openDisputes: trader.openDisputes + 1 });
		answered(state, "exchange:settle/auto-complete", order.deliverId!);
		owe(state, "exchange:settle/refund", act, { due: ruleBy });
	},

	caption: ({ payload: { dispute_type } }) =>
		dispute_type === "hash_invalid"
			? "a delivery disputed: hash invalid; the engine finds that the stored bytes have the stated hash"
			: `a delivery disputed: ${dispute_type.replaceAll("_", " ")}`,
});
