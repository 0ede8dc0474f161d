import { purchasedFrom } from "../../db/schema/agents";
import { customers, entries, entryBuyers, traders, treasuryDays } from "../../db/schema/exchange";
import { hasStanding, prove, recordOf } from "../agents/owner";
import type { Act } from "../log/operation";
import type { Writing } from "../log/state";
import { type Account, BURNED, balance, micro, move, TREASURY } from "../scrip/purse";
import { converted, succeeded } from "./correctness";
import { gateOf } from "./gate";
import { end } from "./order";
import { reward } from "./reputation";
import { dayOf } from "./rules/day";
import { lineAfterSale } from "./rules/line";
import { split } from "./rules/split";
import { numbersOf } from "./settings";
import {
	addToday,
	addTreasuryShare,
	lastThirtyDays,
	liveCount,
	type Order,
	originOf,
	scoreOf,
	sold,
	traderOf,
} from "./state";

/** `complete`: the buyer was content. `verdict-declined`: a house operator overruled it. `auto-complete`: it kept silent. */
export type Sale = "complete" | "verdict-declined" | "auto-complete";

/**
 * The reservation is consumed. However the sale came about, the price is split alike (RULES, "Split") and what follows the
 * money follows it: line, treasury's day, standing, allowances. A silence says nothing about the goods, so an auto-completion
 * stays out of the completion rate; and the seed rewards a "complete, no dispute", so only a complete moves reputation, and
 * only its buyer counts as one with whom the entry worked.
 */
export function sell(state: Writing, act: Act, order: Order, how: Sale): void {
	const at = act.receivedAt;
	const { entry, origin, buyerStanding, sellerStanding } = read(state, order, at);
	const parts = split(
		{
			priceMicro: order.heldMicro,
			appraisalMicro: micro(origin.appraisalScrip!),
			paidMicro: origin.paidMicro,
			buyer: order.buyerOwner,
			seller: origin.sellerOwner,
			workers: [],
		},
		numbersOf(state),
	);

	const held: Account = [order.buyer, "held"];
	const author: Account = [origin.seller, "hot"];
	move(state, act, "burn", held, [BURNED, "hot"], parts.burnMicro);
	move(state, act, "earn-out", held, author, parts.earnOutMicro);
	move(state, act, "residual", held, author, parts.residualMicro);
	move(state, act, "sale", held, [TREASURY, "hot"], parts.treasuryMicro);
	end(state, act, order, "completed", how, {
		refundedMicro: 0n,
		burnMicro: parts.burnMicro,
		earnOutMicro: parts.earnOutMicro,
		residualMicro: parts.residualMicro,
		maintenanceMicro: 0n,
		treasuryMicro: parts.treasuryMicro,
	});
	addTreasuryShare(state, at, parts.treasuryMicro);

	state.put(entries, { ...origin, paidMicro: origin.paidMicro + parts.earnOutMicro });
	sold(state, entry, at);
	const paid = state.get(entries, entry.id)!;
	const lastPricesScrip = [...paid.lastPricesScrip, order.priceScrip].slice(-5);
	state.put(entries, { ...paid, sales: paid.sales + 1, lastPricesScrip });

	const trader = traderOf(state, origin.sellerOwner, at);
	state.put(traders, { ...trader, ...lineAfterSale(trader, parts.keptMicro, numbersOf(state)) });
	if (buyerStanding) addToday(state, entry.sellerOwner, at, { salesToStanding: 1 });
	if (sellerStanding) boughtFromStanding(state, order, at);

	converted(state, entry.id, order.buyerOwner);
	if (how !== "auto-complete") succeeded(state, act, entry.id);
	if (how === "complete") reward(state, act, order, buyerStanding);
}

/** What a sale touches, asked for in two breaths: a process that has none of it yet needs two passes for it, not twenty. */
function read(state: Writing, order: Order, at: number) {
	const [entry, buyerStanding, sellerStanding] = [
		state.get(entries, order.entry)!,
		hasStanding(state, order.buyerOwner),
		hasStanding(state, order.sellerOwner),
		traderOf(state, order.buyerOwner, at),
		lastThirtyDays(state, order.buyerOwner, at),
		state.get(purchasedFrom, order.buyerOwner, order.sellerOwner),
		state.get(customers, order.seller, order.buyerOwner),
		state.get(entryBuyers, order.entry, order.buyerOwner),
		state.get(treasuryDays, dayOf(at)),
		scoreOf(state, order.seller),
		gateOf(state, order.entry, "completion"),
		gateOf(state, order.entry, "conversion"),
		balance(state, order.buyer, "held"),
		balance(state, BURNED),
		balance(state, TREASURY),
	];
	const origin = originOf(state, entry);
	[
		balance(state, origin.seller),
		traderOf(state, origin.sellerOwner, at),
		lastThirtyDays(state, entry.sellerOwner, at),
		liveCount(state, `unsold:${entry.sellerOwner}`, at),
	];
	return { entry, origin, buyerStanding, sellerStanding };
}

/** RULES, "Standing": completed purchases of 1,000 scrip from 3 owners that had standing then; and what the allowance for small disputes is measured by. */
function boughtFromStanding(
	state: Writing,
	{ buyerOwner, sellerOwner, priceScrip, heldMicro }: Order,
	at: number,
): void {
	addToday(state, buyerOwner, at, { completedMicro: heldMicro });
	const known = state.get(purchasedFrom, buyerOwner, sellerOwner);
	if (!known) state.put(purchasedFrom, { owner: buyerOwner, seller: sellerOwner });
	const record = recordOf(state, buyerOwner);
	prove(state, buyerOwner, {
		purchasedScrip: record.purchasedScrip + priceScrip,
		purchasedFrom: record.purchasedFrom + (known ? 0 : 1),
	});
}
