const DAY = 86_400_000;

/** The ISO 8601 week in UTC of an instant (ms), `2026-W47`: Monday 00:00Z to the next. RULES, "Week". */
export function weekOf(at: number): string {
	const midnight = at - (((at % DAY) + DAY) % DAY);
	// 1 January 1970 was a Thursday; the week belongs to the year of its Thursday.
	const daysSinceMonday = (((midnight / DAY + 3) % 7) + 7) % 7;
	const thursday = midnight + (3 - daysSinceMonday) * DAY;
	const year = new Date(thursday).getUTCFullYear();
	const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
	return `${year}-W${String(week).padStart(2, "0")}`;
}
