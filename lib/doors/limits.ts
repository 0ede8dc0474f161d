import type { Limits } from "../log/limits";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** OPERATIONS, "Limits per agent": the names are what operations give as their `limit`. */
export const LIMITS: Limits = {
	put: { count: 50, windowMs: HOUR },
	buy: { count: 30, windowMs: MINUTE },
	assign: { count: 100, windowMs: HOUR },
	note: { count: 60, windowMs: HOUR },
	flag: { count: 20, windowMs: DAY },
	other: { count: 120, windowMs: MINUTE },
};
