import type { OrderView } from "./read";
import { PREVIEW_TOKENS } from "./rules/plausibility";

/** What somebody may say next about an order: all of it but what a person adds, a reason or a type of dispute. */
export interface Sayable {
	operation: string;
	payload: { entry_id: string; auto_refund?: true };
	antecedents: string[];
}

/**
 * What follows from an order's state and from who `reader` is in it. It leaves out what can no longer happen; whether the rest
 * can happen now (scrip, time, allowances) the door judges, and a dry run tells.
 */
export function sayable(order: OrderView, reader: string, at: number): Sayable[] {
	const about = (phase: string, entry_id: string, antecedent: string, more: object = {}): Sayable => ({
		operation: `exchange:settle/${phase}`,
		payload: { entry_id, ...more },
		antecedents: [antecedent],
	});
	const buyer = reader === order.buyer;
	const says: Sayable[] = [];

	for (const offer of order.offers) {
		if (!buyer || offer.rejected_by !== null || offer.order_id !== null) continue;
		const { entry_id, preview_id, preview_request_id } = offer;
		const on = preview_id ?? order.match_id!;
		if (offer.tokens < PREVIEW_TOKENS || preview_id !== null) says.push(about("buyer-accept", entry_id, on));
		else if (preview_request_id === null) says.push(about("preview-request", entry_id, on));
		// Nobody needs to decline what nobody can accept any more.
		if (at < Date.parse(order.quote_expires_at!)) says.push(about("buyer-reject", entry_id, on));
	}

	for (const one of order.orders) {
		const { entry_id, status, deliver_id, dispute_id } = one;
		const small = order.offers.some((offer) => offer.entry_id === entry_id && offer.tokens < PREVIEW_TOKENS);
		if (buyer && status === "delivered" && dispute_id === null) {
			says.push(about("complete", entry_id, deliver_id!));
			if (small) says.push(about("small-content-dispute", entry_id, deliver_id!, { auto_refund: true }));
			says.push(about("dispute", entry_id, deliver_id!));
		}
		if (status === "disputed" && (buyer || reader === one.seller_key))
			says.push(about("evidence", entry_id, dispute_id!));
	}
	return says;
}
