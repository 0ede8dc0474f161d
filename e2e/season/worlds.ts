import { opened } from "../../lib/doors/given";
import { type Clock, houseOf, type Played, play, type Season, type WeekFigures } from "./season";
import { type Sound, sound } from "./sound";

/** Plays a season in a house of its own, on a database of its own, whose time is the season's. */
export async function world(
	season: Season,
	told?: (figures: WeekFigures) => void,
): Promise<{ played: Played; sound: Sound }> {
	const clock: Clock = { at: Date.UTC(2026, 10, 1) };
	const { exchange, operator } = houseOf(season.seed);
	const visit = await opened({
		now: () => clock.at,
		secret: exchange.secret,
		operators: [operator.key],
		embedder: "lexical",
	});
	try {
		const played = await play(season, visit, clock, told);
		return { played, sound: await sound(visit, season.weeks) };
	} finally {
		await visit.close();
	}
}

/** Needs that were met, of all that stood to the end. */
export function notStranded(weeks: readonly WeekFigures[]): { needs: number; met: number; share: string } {
	const needs = weeks.reduce((sum, week) => sum + week.needs, 0);
	const met = weeks.reduce((sum, week) => sum + week.met, 0);
	return { needs, met, share: needs === 0 ? "100 %" : `${((100 * met) / needs).toFixed(1)} %` };
}
