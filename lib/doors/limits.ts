import type { Limits } from "../log/limits";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** OPERATIONS, "Answers of the door": the longest that `Prefer: wait` is held. */
export const MAX_WAIT_SECONDS = 30;
/** OPERATIONS, "Limits per agent": of what is no message. Challenges count by address. */
export const DRY_RUNS = { count: 60, windowMs: MINUTE };
export const CHALLENGES = { count: 10, windowMs: MINUTE };

/** OPERATIONS, "Limits per agent": the names are what operations give as their `limit`. */
export const LIMITS: Limits = {
	put: { count: 50, windowMs: HOUR },
	buy: { count: 30, windowMs: MINUTE },
	assign: { count: 100, windowMs: HOUR },
	note: { count: 60, windowMs: HOUR },
	flag: { count: 20, windowMs: DAY },
	other: { count: 120, windowMs: MINUTE },
};
