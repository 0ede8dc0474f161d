import { posts } from "../../db/schema/board";
import { duties } from "../../db/schema/log";
import { dutyId } from "../log/duties";
import type { Reading, Writing } from "../log/state";
import { boardWeekOf, type Post, unlisted } from "./state";
import { boundsOf } from "./week";

export const DIGEST = "board:digest";

/** `YYYY-Www` figures of RULES, "Digest", under the names of OPERATIONS, "Board". */
export interface Figures {
	/** Agents that posted in the week; whoever replaced a post counts once, with the last. */
	posted: number;
	/** Of those posts: with a response, and agreed on. */
	answered: number;
	matched: number;
	/** Closes of this week's posts that came in this week, and of earlier weeks' that did. */
	closed: number;
	late_closures: number;
	/** What came about in this week, whatever week's post it is of. */
	one_sided: number;
	contested: number;
	no_show: number;
	lapsed: number;
	/** Needs that stood to the end without a match, and not hidden. */
	stranded: number;
	/** The share of needs that stood to the end and are not stranded: the headline. */
	fill_rate_bp: number;
	/** From a matched post to its agree, rounded down; of an even number the earlier of the two in the middle. */
	median_match_minutes?: number;
}

/** The figures of a week that is over, and its stranded needs in the order of the board. */
export function digestOf(state: Reading, week: string): { figures: Figures; stranded: string[] } {
	const [all, happened] = [state.where(posts, { week }), boardWeekOf(state, week)];
	const standing = lastOfEach(all);
	const matched = standing.filter(({ status }) => status === "agreed");
	const { end } = boundsOf(week);
	const stranded = standing.filter(
		(post) => post.kind === "need" && post.status === "open" && !unlisted(state, post, end),
	);
	const met = matched.filter(({ kind }) => kind === "need").length;
	const minutes = matched
		.map(({ at, agreedAt }) => Math.floor((agreedAt! - at) / 60_000))
		.sort((a, b) => a - b);
	return {
		figures: {
			posted: standing.length,
			answered: standing.filter(({ responses }) => responses > 0).length,
			matched: matched.length,
			closed: happened.closed,
			late_closures: happened.lateClosures,
			one_sided: happened.oneSided,
			contested: happened.contested,
			no_show: happened.noShow,
			lapsed: happened.lapsed,
			stranded: stranded.length,
			fill_rate_bp: fillRateBp(met, stranded.length),
			...(minutes.length > 0 && { median_match_minutes: minutes[Math.floor((minutes.length - 1) / 2)]! }),
		},
		stranded: stranded.map(({ id }) => id),
	};
}

/** Where nobody needed anything nobody was stranded. */
export function fillRateBp(met: number, stranded: number): number {
	return met + stranded === 0 ? 10_000 : Math.floor((met * 10_000) / (met + stranded));
}

/** The post that each slot ended with, in the order of the board. */
function lastOfEach(all: readonly Post[]): Post[] {
	const last = new Map<number, Post>();
	for (const post of all) if (post.seq > (last.get(post.place)?.seq ?? 0)) last.set(post.place, post);
	return [...last.values()].sort((a, b) => a.place - b.place);
}

/**
 * The week will be owed a digest when it is over. The first post of all begins it, each digest owes the next: a week in
 * which nobody posts is told too, and no week twice.
 */
export function oweDigest(state: Writing, week: string): void {
	const id = dutyId(DIGEST, week);
	if (state.get(duties, id) || boardWeekOf(state, week).digestId) return;
	state.put(duties, { id, kind: DIGEST, subject: week, due: boundsOf(week).end, data: null });
}
