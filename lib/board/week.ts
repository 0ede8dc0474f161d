import type { Span } from "./span";

const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

/** The ISO 8601 week in UTC of an instant (ms), `2026-W47`: Monday 00:00Z to the next. RULES, "Week". */
export function weekOf(at: number): string {
	// The week belongs to the year of its Thursday.
	const thursday = mondayOf(at) + 3 * DAY_MS;
	const year = new Date(thursday).getUTCFullYear();
	const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK_MS) + 1;
	return `${year}-W${String(week).padStart(2, "0")}`;
}

/** Whether a text names a week there is: `2026-W53` does, `2025-W53` does not. Weeks begin with the count of ms, in 1970. */
export function isWeek(text: string): boolean {
	return /^(19[7-9]|[2-9]\d\d)\d-W\d\d$/.test(text) && weekOf(mondayNamed(text)) === text;
}

/** Monday 00:00Z of a week (`isWeek`) and of the next. */
export function boundsOf(week: string): Span {
	const start = mondayNamed(week);
	return { start, end: start + WEEK_MS };
}

/** The week `weeks` later, or earlier when negative. */
export function weekAfter(week: string, weeks = 1): string {
	return weekOf(mondayNamed(week) + weeks * WEEK_MS);
}

export const weekBefore = (week: string): string => weekAfter(week, -1);

/** 4 January lies in the first week of every year. */
function mondayNamed(week: string): number {
	const year = Number(week.slice(0, 4));
	return mondayOf(Date.UTC(year, 0, 4)) + (Number(week.slice(6)) - 1) * WEEK_MS;
}

function mondayOf(at: number): number {
	const midnight = at - modulo(at, DAY_MS);
	// 1 January 1970 was a Thursday.
	return midnight - modulo(midnight / DAY_MS + 3, 7) * DAY_MS;
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
