import { limits } from "../../db/schema/log";
import { type Refusal, refusal } from "./refusal";
import { type Reading, shapeOf, type Writing } from "./state";

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
	const windows = windowsOf(state, sender, name, limit, now);
	const { windowStart, current, previous, remaining, weighed } = windows;
	const used = weighed + current + 1;
	// Counting stops at the limit: a flood must not lock its sender out for longer than one window.
	const counted = Math.min(current + 1, limit.count);
	state.put(limits, { sender, name, windowStart, current: counted, previous });
	const left = Math.max(0, limit.count - used);
	const again = secondsUntilOneMore(limit, counted, previous, windows);
	const standing = { ...limit, name, left, resetSeconds: left > 0 ? Math.ceil(remaining / 1000) : again };
	if (used <= limit.count) return { standing };
	return { standing, refused: overLimit({ retryAfterSeconds: again, detail: sentence(name, limit) }) };
}

/** What an agent has left before it sends anything, by the same counters: nothing is counted. */
export function standingOf(
	state: Reading,
	sender: string,
	name: string,
	limit: Limit,
	now: number,
): Standing {
	const windows = windowsOf(state, sender, name, limit, now);
	const { current, previous, remaining, weighed } = windows;
	const left = Math.max(0, limit.count - weighed - current);
	const again = secondsUntilOneMore(limit, current, previous, windows);
	return { ...limit, name, left, resetSeconds: left > 0 ? Math.ceil(remaining / 1000) : again };
}

/** What was counted in this window and in the one before, and how much of that one still weighs. */
function windowsOf(state: Reading, sender: string, name: string, limit: Limit, now: number) {
	const row = state.get(limits, sender, name);
	const own = now - (now % limit.windowMs);
	// Clocks differ, and may step back: a window that has begun goes on. One further ahead was begun by a clock that was wrong.
	const windowStart = row?.windowStart === own + limit.windowMs ? row.windowStart : own;
	const covered = Math.max(now, windowStart) - windowStart;
	const current = row?.windowStart === windowStart ? row.current : 0;
	const previous =
		row?.windowStart === windowStart
			? row.previous
			: row?.windowStart === windowStart - limit.windowMs
				? row.current
				: 0;
	const weight = limit.windowMs - covered;
	return {
		windowStart,
		current,
		previous,
		/** Until the window ends. */
		remaining: windowStart + limit.windowMs - now,
		weighed: Math.floor((previous * weight) / limit.windowMs),
	};
}

/** Until one more is within the limit, if nothing else is sent; `current` is what this window has counted so far. */
function secondsUntilOneMore(
	limit: Limit,
	current: number,
	previous: number,
	{ remaining: end }: { remaining: number },
): number {
	// One more fits once ⌊weight × remaining ÷ window⌋ + current + 1 ≤ count: in this window by what came before it, in
	// the next one by what came in this.
	const [until, weight, own] =
		current < limit.count ? [end, previous, current] : [end + limit.windowMs, current, 0];
	const remaining = weight === 0 ? limit.windowMs : ((limit.count - own) * limit.windowMs) / weight;
	return Math.max(1, Math.ceil((until - remaining + 1) / 1000));
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
