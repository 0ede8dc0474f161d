import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { limitHeaders, type Standing } from "../log/limits";
import type { Refusal } from "../log/refusal";
import { tooMany } from "./problem";

/** What the log's own counters cannot count, because nothing of it is logged: by this process, in memory. */
export function rate(name: string, count: number, windowMs: number) {
	const limiter = new RateLimiterMemory({ points: count, duration: windowMs / 1000 });
	return async (who: string): Promise<{ refused?: Refusal; headers: Record<string, string> }> => {
		const counted = await limiter.consume(who).catch((over: unknown) => {
			if (over instanceof RateLimiterRes) return over;
			throw over;
		});
		const resetSeconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1000));
		const standing: Standing = {
			name,
			count,
			windowMs,
			left: Math.max(0, counted.remainingPoints),
			resetSeconds,
		};
		const headers = limitHeaders(standing);
		if (counted.consumedPoints <= count) return { headers };
		return { headers, refused: tooMany({ retryAfterSeconds: resetSeconds }) };
	};
}
