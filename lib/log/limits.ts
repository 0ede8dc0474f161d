import { limits } from "../../db/schema/log";
import { type Refusal, refusal } from "./refusal";
import { shapeOf, type Writing } from "./state";

export interface Limit {
	count: number;
	windowMs: number;
}

/** What an agent has left, for the RateLimit headers of every answer. */
export interface Standing extends Limit {
	name: string;
	left: number;
	resetSeconds: number;
}

const overLimit = refusal(
	"over-limit",
	429,
	"This agent has sent too many of these in a short time.",
	"Wait as Retry-After says; a refused message counts too, a replay does not.",
);

export const limitShape = shapeOf(limits);

/**
 * Counts one message and says whether it is one too many. A sliding window from two fixed ones: what was counted
 * in the window before weighs by how much of it the sliding one still covers, so that a seam never lets through
 * twice the limit. Counters live in the batch's own transaction: exact over any number of processes and restarts.
 */
export function count(
	state: Writing,
	sender: string,
	name: string,
	limit: Limit,
	now: number,
): { standing: Standing; refused?: Refusal } {
	const windowStart = now - (now % limit.windowMs);
	const row = state.get(limits, sender, name);
	const current = row?.windowStart === windowStart ? row.current : 0;
	const previous =
		row?.windowStart === windowStart
			? row.previous
			: row?.windowStart === windowStart - limit.windowMs
				? row.current
				: 0;
	const remaining = windowStart + limit.windowMs - now;
	const weighed = Math.floor((previous * remaining) / limit.windowMs);
	const used = weighed + current + 1;
	const over = used > limit.count;
	// Counting stops at the limit plus one window's worth: a flood must not lock its sender out for a day.
	state.put(limits, { sender, name, windowStart, current: Math.min(current + 1, limit.count), previous });
	const standing = {
		...limit,
		name,
		left: Math.max(0, limit.count - used),
		resetSeconds: Math.ceil(remaining / 1000),
	};
	if (!over) return { standing };
	return {
		standing,
		refused: overLimit({
			retryAfterSeconds: retryAfter(limit, current, previous, now),
			detail: sentence(name, limit),
		}),
	};
}

/** Seconds until one more would be within the limit, if nothing else is sent. */
function retryAfter(limit: Limit, current: number, previous: number, now: number): number {
	const windowStart = now - (now % limit.windowMs);
	const end = windowStart + limit.windowMs;
	if (current < limit.count && previous > 0) {
		// previous × remaining / window ≤ count − current − 1
		const remaining = ((limit.count - current) * limit.windowMs) / previous;
		return Math.max(1, Math.ceil((end - remaining - now) / 1000));
	}
	// The window turns, and `count` of it weighs until a part has slid out.
	return Math.max(1, Math.ceil((end + limit.windowMs / limit.count - now) / 1000));
}

function sentence(name: string, { count, windowMs }: Limit): string {
	const per =
		windowMs === 3_600_000
			? "an hour"
			: windowMs === 60_000
				? "a minute"
				: windowMs === 86_400_000
					? "a day"
					: `${windowMs / 1000} seconds`;
	return `An agent may send ${count} ${name === "other" ? "messages of these kinds together" : `messages of the kind "${name}"`} ${per}.`;
}

export function limitHeaders(standing: Standing): Record<string, string> {
	return {
		"RateLimit-Policy": `"${standing.name}";q=${standing.count};w=${standing.windowMs / 1000}`,
		RateLimit: `"${standing.name}";r=${standing.left};t=${standing.resetSeconds}`,
	};
}

export type Limits = Readonly<Record<string, Limit>>;
