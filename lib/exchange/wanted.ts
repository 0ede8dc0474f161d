import { sha256 } from "@noble/hashes/sha2.js";
import { type buys, wanted, wantedAskers } from "../../db/schema/exchange";
import { hasStanding } from "../agents/owner";
import { hex } from "../log/bytes";
import type { Act } from "../log/operation";
import type { Row, Writing } from "../log/state";

type Buy = Row<typeof buys>;

/** A buy found nothing: it stays as open demand, once for all who ask the same (RULES, "Empty match"). */
export function missed(state: Writing, act: Act, buy: Buy): void {
	const key = keyOf(buy);
	const row = state.get(wanted, key);
	const asker = state.get(wantedAskers, key, buy.buyerOwner);
	const standing = hasStanding(state, buy.buyerOwner);
	const gained = standing && !asker?.standing ? 1 : 0;
	state.put(wantedAskers, {
		key,
		owner: buy.buyerOwner,
		standing: standing || (asker?.standing ?? false),
	});
	state.put(wanted, {
		key,
		task: buy.task,
		contentType: buy.contentType,
		domains: buy.domains,
		budgetScrip: Math.max(row?.budgetScrip ?? 0, buy.budgetScrip),
		misses: (row?.misses ?? 0) + 1,
		askers: (row?.askers ?? 0) + (asker ? 0 : 1),
		standingAskers: (row?.standingAskers ?? 0) + gained,
		firstAt: row?.firstAt ?? act.receivedAt,
		lastAt: act.receivedAt,
		lastBuyId: buy.id,
		foundBy: null,
	});
}

/** The same was asked again, and found: it is no longer wanted. */
export function found(state: Writing, act: Act, buy: Buy): void {
	const row = state.get(wanted, keyOf(buy));
	if (row && row.foundBy === null) state.put(wanted, { ...row, foundBy: act.id });
}

/**
 * ASCII alone is folded: what Unicode calls lower case or space changes with the runtime's version, and a replay must find
 * the same rows for ever.
 */
function keyOf({ contentType, task }: Buy): string {
	const folded = task
		.replace(/[\t\n\r ]+/g, " ")
		.replace(/^ | $/g, "")
		.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
	return hex(sha256(new TextEncoder().encode(`${contentType ?? ""}\n${folded}`)));
}
