import * as z from "zod";
import { orders, smallDisputers, traders } from "../../../../db/schema/exchange";
import { owe } from "../../../log/duties";
import { operation } from "../../../log/operation";
import { notYours, refusal, tooLate } from "../../../log/refusal";
import type { Reading } from "../../../log/state";
import { failed } from "../../correctness";
import { decidedBy } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { maySmallDispute } from "../../rules/allowances";
import { DAY_MS } from "../../rules/day";
import { PREVIEW_TOKENS } from "../../rules/plausibility";
import { SIGNALS } from "../../rules/reputation";
import { numbersOf } from "../../settings";
import { addToday, lastThirtyDays, orderOf, signal, traderOf } from "../../state";
import { settlement } from "./field";
import { AUTO_REFUNDED } from "./refund";

const tooManyDisputes = refusal(
	"too-many-disputes",
	429,
	"A buyer may file 5 small-content-disputes in 24 hours.",
	"Wait as Retry-After says, complete, or send exchange:settle/dispute, on which a house operator rules.",
);
const disputeAllowance = refusal(
	"dispute-allowance",
	429,
	"This owner's automatic refunds of 30 days have reached a quarter of what it completed at sellers with standing.",
	"Complete other purchases first, or send exchange:settle/dispute, on which a house operator rules.",
);
const notSmallContent = refusal(
	"not-small-content",
	422,
	"Content of 500 tokens and more could be previewed, and is not refunded without a ruling.",
	"Send exchange:settle/dispute.",
);

/**
 * The buyer of content too small to preview wants its scrip back, and gets it at once, without anybody's ruling: −3 for the
 * seller, and out of all matches at the third owner. Exchange Operations, "Phase: small-content-dispute".
 */
export const smallContentDispute = operation("exchange:settle/small-content-dispute", {
	summary: "Have the price of small content refunded at once",
	by: "party",
	antecedents: [["exchange:settle/deliver"]],
	awaits: ["exchange:settle/refund"],
	body: z.strictObject({ ...settlement("small-content-dispute"), auto_refund: z.literal(true) }),
	optionalTags: () => [AUTO_REFUNDED],

	limited(state, act) {
		const filed = filedIn24Hours(state, act.sender, act.receivedAt);
		const { smallDisputesPerDay: most } = numbersOf(state);
		if (filed.length < most) return undefined;
		const frees = filed[filed.length - most] ?? act.receivedAt;
		return tooManyDisputes({
			detail: `A buyer may file ${most} small-content-disputes in 24 hours.`,
			retryAfterSeconds: Math.ceil((frees + DAY_MS - act.receivedAt) / 1_000),
		});
	},

	admit(state, act) {
		const order = orderOf(state, act)!;
		const at = act.receivedAt;
		const [filed, used, { smallRefunds }] = [
			filedIn24Hours(state, act.sender, at),
			lastThirtyDays(state, order.buyerOwner, at),
			traderOf(state, order.buyerOwner, at),
		];
		const allowed = maySmallDispute(
			{ ...used, lastDay: filed.length, refunds: smallRefunds },
			order.heldMicro,
			numbersOf(state),
		);
		// The window slides by days: tomorrow is the first time that anything can have changed by itself.
		if (!allowed && order.buyer === act.sender)
			return disputeAllowance({ retryAfterSeconds: Math.ceil((DAY_MS - (at % DAY_MS)) / 1_000) });

		if (order.entry !== act.payload.entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (order.tokens >= PREVIEW_TOKENS)
			return notSmallContent({ field: "/payload/entry_id", see: "exchange:settle/dispute" });
		if (order.buyer !== act.sender)
			return notYours({ detail: "Only the buyer of this order can dispute it." });
		const decided = decidedBy(order);
		if (decided) return alreadySettled({ see: decided });
		if (at >= order.completeBy!) return tooLate();
	},

	apply(state, act) {
		const order = orderOf(state, act)!;
		const { entry, seller, buyerOwner } = order;
		const at = act.receivedAt;
		state.put(orders, { ...order, smallDisputeId: act.id });
		const filedAt = [...filedIn24Hours(state, act.sender, at), at];
		state.put(smallDisputers, { buyer: act.sender, filedAt });
		const trader = traderOf(state, buyerOwner, at);
		state.put(traders, { ...trader, smallRefunds: trader.smallRefunds + 1 });
		if (trader.smallRefunds >= numbersOf(state).smallDisputesFree)
			addToday(state, buyerOwner, at, { refundedMicro: order.heldMicro });

		const delta = SIGNALS.smallContentRefund;
		if (failed(state, act, entry, buyerOwner, delta))
			signal(state, act, { seller, signal: "smallContentRefund", delta, entry, byOwner: buyerOwner });
		owe(state, "exchange:settle/refund", act);
	},

	caption: () => "small content disputed: refunded without a ruling",
});

/** Instants, ascending, of this buyer's disputes of the last 24 hours. */
export function filedIn24Hours(state: Reading, buyer: string, at: number): number[] {
	const filed = state.get(smallDisputers, buyer)?.filedAt ?? [];
	return filed.filter((filedAt) => filedAt > at - DAY_MS);
}
