import { orders, settlements, traders } from "../../db/schema/exchange";
import { ownerOf } from "../agents/owner";
import { answered } from "../log/duties";
import type { Act } from "../log/operation";
import type { Reading, Row, Writing } from "../log/state";
import { move } from "../scrip/purse";
import { type Order, traderOf } from "./state";

/**
 * The message that decided this order or holds it. Complete, dispute, auto-complete and refund exclude each other: the
 * first one wins, and every later one is told which it was.
 */
export function decidedBy(order: Order): string | undefined {
	return order.endedBy ?? order.smallDisputeId ?? order.disputeId ?? undefined;
}

/** Buyer, seller, or another key of either's owner, as it stood at the purchase or stands now: who must not rule on it. */
export function isPartyTo(state: Reading, order: Order, key: string): boolean {
	const [owner, buyerNow, sellerNow] = [
		ownerOf(state, key),
		ownerOf(state, order.buyer),
		ownerOf(state, order.seller),
	];
	return (
		key === order.buyer ||
		key === order.seller ||
		[order.buyerOwner, order.sellerOwner, buyerNow, sellerNow].includes(owner)
	);
}

export type Refund = "refund" | "small-content-dispute" | "verdict-accepted";

/** The reservation goes back to the buyer, in whole. What it means for the seller's reputation, each caller says. */
export function refund(state: Writing, act: Act, order: Order, how: Refund): void {
	move(state, act, "refund", [order.buyer, "held"], [order.buyer, "hot"], order.heldMicro);
	end(state, act, order, "refunded", how, { ...NOTHING_PAID, refundedMicro: order.heldMicro });
}

type Parts = Omit<Row<typeof settlements>, "orderId" | "seq" | "messageId" | "how" | "at" | "heldMicro">;

const NOTHING_PAID = {
	refundedMicro: 0n,
	burnMicro: 0n,
	earnOutMicro: 0n,
	residualMicro: 0n,
	maintenanceMicro: 0n,
	treasuryMicro: 0n,
};

/** The order is over: its one settlement is written, and nothing more is owed for it. */
export function end(
	state: Writing,
	act: Act,
	order: Order,
	status: "completed" | "refunded",
	how: string,
	parts: Parts,
): void {
	state.put(settlements, {
		...parts,
		orderId: order.id,
		seq: act.seq,
		messageId: act.id,
		how,
		at: act.receivedAt,
		heldMicro: order.heldMicro,
	});
	state.put(orders, { ...order, status, endedBy: act.id, endedAt: act.receivedAt });

	const buyer = traderOf(state, order.buyerOwner, act.receivedAt);
	state.put(traders, {
		...buyer,
		openReservations: buyer.openReservations - 1,
		openDisputes: buyer.openDisputes - (order.status === "disputed" ? 1 : 0),
	});

	if (order.status === "reserved") {
		answered(state, "exchange:settle/deliver", order.id);
		answered(state, "exchange:settle/refund", order.id);
	} else if (order.status === "delivered") answered(state, "exchange:settle/auto-complete", order.deliverId!);
	for (const dispute of [order.disputeId, order.smallDisputeId])
		if (dispute !== null) answered(state, "exchange:settle/refund", dispute);
}
