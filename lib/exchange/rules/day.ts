/** UTC days and hours as plain numbers, counted from 1970-01-01T00:00Z: the buckets in which windows slide. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The UTC day an instant (ms) belongs to; a day is half-open, 00:00Z belongs to the new one. */
export function dayOf(atMs: number): number {
	return Math.floor(atMs / DAY_MS);
}

/** The hour an instant (ms) belongs to, counted from 1970. */
export function hourOf(atMs: number): number {
	return Math.floor(atMs / HOUR_MS);
}

/** 0…23, UTC. */
export function hourOfDay(atMs: number): number {
	return hourOf(atMs) - dayOf(atMs) * 24;
}
