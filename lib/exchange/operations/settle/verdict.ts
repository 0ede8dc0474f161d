import * as z from "zod";
import { entries, traders } from "../../../../db/schema/exchange";
import { text } from "../../../log/field";
import type { Act } from "../../../log/operation";
import { operation } from "../../../log/operation";
import { refusal, tooLate } from "../../../log/refusal";
import type { Writing } from "../../../log/state";
import { isPartyTo, refund } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { SIGNALS } from "../../rules/reputation";
import { sell } from "../../sale";
import { isLive, leave, type Order, orderOf, signal, traderOf } from "../../state";
import { settlement } from "./field";

const partyToDispute = refusal(
	"party-to-dispute",
	403,
	"Nobody rules on a dispute of their own owner.",
	"Leave it to another house operator.",
);

/**
 * A house operator rules on a dispute. `accepted`: full refund, −5 or for a wrong hash −10, and the entry leaves the
 * inventory. `declined`: settles as a purchase. RULES, "Dispute".
 */
export const verdict = operation("exchange:settle/verdict", {
	summary: "Rule on a dispute",
	by: "operator",
	antecedents: [["exchange:settle/dispute"]],
	body: z.strictObject({
		...settlement("verdict"),
		verdict: z.enum(["accepted", "declined"]),
		reason: text(2048),
	}),
	tags: ({ verdict }) => [`exchange:verdict:${verdict}`],

	admit(state, act) {
		const order = orderOf(state, act)!;
		if (order.entry !== act.payload.entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (isPartyTo(state, order, act.sender)) return partyToDispute();
		if (order.endedBy !== null) return alreadySettled({ see: order.endedBy });
		if (act.receivedAt >= order.ruleBy!) return tooLate();
	},

	apply(state, act) {
		const order = orderOf(state, act)!;
		if (act.payload.verdict === "accepted") {
			refund(state, act, order, "verdict-accepted");
			punish(state, act, order);
			remove(state, act, order);
		} else {
			sell(state, act, order, "verdict-declined");
			const trader = traderOf(state, order.buyerOwner, act.receivedAt);
			state.put(traders, { ...trader, declinedAt: act.receivedAt });
		}
	},

	weighs: (state, act) => orderOf(state, act)!.priceScrip,
	caption: ({ payload }) => `a dispute ${payload.verdict}`,
});

function punish(state: Writing, act: Act, order: Order): void {
	const name = order.disputeType === "hash_invalid" ? "hashInvalid" : "disputeUpheld";
	signal(state, act, {
		seller: order.seller,
		signal: name,
		delta: SIGNALS[name],
		entry: order.entry,
		byOwner: order.buyerOwner,
	});
}

/** "No settle(dispute) has been upheld against it": one is enough, for good. */
function remove(state: Writing, act: Act, order: Order): void {
	const entry = state.get(entries, order.entry)!;
	if (entry.status === "removed") return;
	if (isLive(entry, act.receivedAt)) leave(state, entry, act.receivedAt);
	state.put(entries, { ...entry, status: "removed", statusReason: "dispute", ruledBy: act.id });
}
