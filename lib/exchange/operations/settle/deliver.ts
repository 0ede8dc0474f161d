import * as z from "zod";
import { entries, orders, received } from "../../../../db/schema/exchange";
import { setting } from "../../../agents/settings";
import { answered, owe } from "../../../log/duties";
import { content, hash } from "../../../log/field";
import { answer, operation } from "../../../log/operation";
import { refusal, tooLate } from "../../../log/refusal";
import { headerOf } from "../../../log/registry";
import { decidedBy } from "../../order";
import { alreadySettled, wrongEntry } from "../../refusals";
import { HOUR_MS } from "../../rules/day";
import { orderOf } from "../../state";
import { settlement } from "./field";

const alreadyDelivered = refusal(
	"already-delivered",
	409,
	"This order has been delivered.",
	"Look at the replies of its accept.",
);
const wrongContent = refusal(
	"wrong-content",
	422,
	"This is not the content that was sold.",
	"Deliver the bytes behind the entry's content_hash.",
);

/**
 * The exchange hands over the content, at once. Exchange Operations, "Phase: deliver". An entry that expired or left the
 * inventory since the accept is delivered all the same: the price is reserved for it.
 */
export const deliver = operation("exchange:settle/deliver", {
	summary: "Hand the content over to its buyer",
	by: "exchange",
	antecedents: [["exchange:settle/buyer-accept"]],
	body: z.strictObject({ ...settlement("deliver"), content: content(1_048_576), content_hash: hash() }),

	admit(state, act) {
		const order = orderOf(state, act)!;
		const { entry_id, content, content_hash } = act.payload;
		if (order.entry !== entry_id) return wrongEntry({ field: "/payload/entry_id" });
		if (content_hash !== order.contentHash || content_hash !== `sha256:${content.sha256}`)
			return wrongContent({ field: "/payload/content" });
		const decided = decidedBy(order);
		if (decided) return alreadySettled({ see: decided });
		if (order.deliverId !== null) return alreadyDelivered({ see: order.deliverId });
		if (act.receivedAt >= order.deliverBy) return tooLate();
	},

	apply(state, act) {
		const order = orderOf(state, act)!;
		const completeBy = act.receivedAt + setting(state, "exchange.complete_hours") * HOUR_MS;
		state.put(orders, {
			...order,
			status: "delivered",
			deliverId: act.id,
			deliveredAt: act.receivedAt,
			completeBy,
		});
		// From now on this owner may not put these bytes (RULES, "Copies").
		state.put(received, { owner: order.buyerOwner, contentHash: order.contentHash });
		answered(state, "exchange:settle/deliver", order.id);
		answered(state, "exchange:settle/refund", order.id);
		owe(state, "exchange:settle/auto-complete", act, { due: completeBy });
	},

	/** The door adds the exchange and house operators. */
	readers: (state, act) => [headerOf(state, act.antecedents[0]!)!.sender],

	answer: answer({
		draft(state, { subject }) {
			const order = state.get(orders, subject)!;
			const { bytes } = state.get(entries, order.entry)!;
			return {
				operation: "exchange:settle/deliver",
				antecedents: [order.id],
				payload: {
					phase: "deliver",
					entry_id: order.entry,
					content: { bytes, sha256: order.contentHash.slice("sha256:".length) },
					content_hash: order.contentHash,
				},
			};
		},
	}),

	caption: ({ payload }) => `${payload.content.bytes} bytes delivered`,
});
