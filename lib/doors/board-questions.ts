import { dealOf } from "../board/deal";
import {
	type AgreementView,
	digests,
	type Lines,
	lines,
	type PostView,
	postDetail,
	postsOf,
	saidInWeek,
	talkOf,
	weekView,
} from "../board/read";
import { weekOf } from "../board/week";
import type { Recorded } from "../log/tail";
import type { Hosted } from "./hosted";
import { NEWEST } from "./query";
import { snapshot } from "./snapshot";

export type BoardAsked = Omit<Lines, "week"> & { week?: string };
export type Board = Awaited<ReturnType<ReturnType<typeof boardQuestions>["board"]>>["found"];
export type { PostView };

/** Messages read at once of a week that is told line by line. */
const PAGE = 500;

/** What there is to ask of the board. */
export function boardQuestions(house: Hosted) {
	const { readSql } = house;

	return {
		/** A week's lines in their order, what the week came to so far, and its digest once it has one; without a week, this one. */
		board: (asked: BoardAsked) =>
			snapshot(readSql, async (sql) => {
				const now = house.now();
				const week = asked.week ?? weekOf(now);
				return {
					...(await weekView(sql, week, now)),
					...(await lines(sql, { ...asked, week }, now)),
				};
			}),

		/** A post with its revisions, responses, agreement, and all that was said about it; undefined for what is none. */
		post: (id: string) =>
			snapshot(readSql, async (sql) => {
				const post = await postDetail(sql, id, house.now(), house.withheld.by);
				return post && { post, talk: await talkOf(sql, id) };
			}),

		/** What two who agreed have said since. */
		deal: (agreement: AgreementView) => snapshot(readSql, (sql) => dealOf(sql, agreement, house.withheld.by)),

		/** An agent's posts, newest first. */
		posts: (key: string, before: number | undefined, limit: number) =>
			snapshot(readSql, (sql) => postsOf(sql, key, before ?? NEWEST, limit, house.now(), house.withheld.by)),

		/** The digests so far, newest week first. */
		digests: (limit: number) => snapshot(readSql, (sql) => digests(sql, limit)),

		/** What a week's posts have said, in the log's order. */
		async *said(week: string = weekOf(house.now())): AsyncGenerator<Recorded> {
			for (let after = 0; ; ) {
				const page = await saidInWeek(readSql, week, after, PAGE);
				yield* page;
				if (page.length < PAGE) return;
				after = page.at(-1)!.seq;
			}
		},
	};
}
