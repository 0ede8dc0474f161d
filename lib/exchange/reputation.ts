import { customers, entries, entryBuyers, scores } from "../../db/schema/exchange";
import type { Act } from "../log/operation";
import type { Writing } from "../log/state";
import { dayOf } from "./rules/day";
import { grantedBySale } from "./rules/reputation";
import { numbersOf } from "./settings";
import { type Order, scoreOf, signal } from "./state";

const WINDOW_DAYS = 30;
/** Exchange Operations, "Seller Reputation": three distinct buyers that succeed with the same entry. */
const CONVERGENCE = 3;

/**
 * A buyer completed and had nothing to dispute: +1, +2 when its owner returns for the first time, +3 when it is the third
 * owner with whom this entry worked; bounded for owners without standing and for one owner in 30 days (rules/reputation).
 */
export function reward(state: Writing, act: Act, order: Order, buyerStanding: boolean): void {
	const { entry, seller, buyerOwner } = order;
	const today = dayOf(act.receivedAt);
	const customer = state.get(customers, seller, buyerOwner);
	const given = (customer?.given ?? []).filter(({ day }) => day > today - WINDOW_DAYS);
	const granted = grantedBySale(
		{
			returns: customer?.completions === 1,
			thirdOwner: countBuyer(state, order, buyerStanding) === CONVERGENCE,
			buyerStanding,
			fromWithoutStanding: scoreOf(state, seller).fromWithoutStanding,
			fromThisBuyer: given.reduce((sum, { sum: one }) => sum + one, 0),
		},
		numbersOf(state),
	);

	for (const name of ["sale", "repeatBuyer", "convergence"] as const)
		signal(state, act, { seller, signal: name, delta: granted[name], entry, byOwner: buyerOwner });

	const score = scoreOf(state, seller);
	state.put(scores, {
		...score,
		fromWithoutStanding: score.fromWithoutStanding + (buyerStanding ? 0 : granted.sum),
		standingOwners: score.standingOwners + (buyerStanding && !customer?.standing ? 1 : 0),
	});
	state.put(customers, {
		seller,
		owner: buyerOwner,
		completions: (customer?.completions ?? 0) + 1,
		standing: buyerStanding || (customer?.standing ?? false),
		given: granted.sum === 0 ? given : [...given, { day: today, sum: granted.sum }],
	});
}

/** Counts the buyer's owner among those with whom the entry worked; the number of owners if it is a new one, else undefined. */
function countBuyer(state: Writing, order: Order, standing: boolean): number | undefined {
	const known = state.get(entryBuyers, order.entry, order.buyerOwner);
	const before = known?.completions ?? 0;
	state.put(entryBuyers, {
		entry: order.entry,
		owner: order.buyerOwner,
		completions: before + 1,
		standing: standing || (known?.standing ?? false),
	});
	const entry = state.get(entries, order.entry)!;
	const buyers = entry.buyers + (before === 0 ? 1 : 0);
	const standingBuyers = entry.standingBuyers + (standing && !known?.standing ? 1 : 0);
	state.put(entries, { ...entry, buyers, standingBuyers });
	return before === 0 ? buyers : undefined;
}
