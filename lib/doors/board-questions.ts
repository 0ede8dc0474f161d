import { dealOf } from "../board/deal";
import { fitsOf, fitsView } from "../board/fits";
import {
	type AgreementView,
	digests,
	type Lines,
	lines,
	newest,
	type PostView,
	postDetail,
	postsOf,
	saidInWeek,
	talkOf,
	weekView,
} from "../board/read";
import { type Sides, sides } from "../board/sides";
import { boundsOf, weekAfter, weekOf } from "../board/week";
import type { Recorded } from "../log/tail";
import type { Hosted } from "./hosted";
import { NEWEST } from "./query";
import { snapshot } from "./snapshot";

export type BoardAsked = Omit<Lines, "week"> & { week?: string };
export type Board = Awaited<ReturnType<ReturnType<typeof boardQuestions>["board"]>>["found"];
export type BoardPage = Awaited<ReturnType<ReturnType<typeof boardQuestions>["boardPage"]>>["found"];
export type Digested = Awaited<ReturnType<ReturnType<typeof boardQuestions>["digested"]>>["found"];
export type { PostView };

/** Messages read at once of a week that is told line by line. */
const PAGE = 500;
/** Weeks that are drawn beside the one that is told, and stranded needs that are shown with it. */
const [WEEKS, STRANDED] = [53, 20];

/** What there is to ask of the board. */
export function boardQuestions(house: Hosted) {
	return {
		/** A week's lines in their order, what the week came to so far, and its digest once it has one; without a week, this one. */
		board: (asked: BoardAsked) =>
			snapshot(house.readSql, async (sql) => {
				const now = house.now();
				const week = asked.week ?? weekOf(now);
				return {
					...(await weekView(sql, week, now)),
					...(await lines(sql, { ...asked, week }, now)),
				};
			}),

		/** The same as people read it: needs beside offers, and how much of the other kind fits each line that is open. */
		boardPage: (asked: Omit<Sides, "week"> & { week?: string }) =>
			snapshot(house.readSql, async (sql) => {
				const now = house.now();
				const week = asked.week ?? weekOf(now);
				const { needs, offers } = await sides(sql, { ...asked, week }, now);
				const open = [...needs.items, ...offers.items].filter(
					({ state }) => state === "open" || state === "answered",
				);
				return { ...(await weekView(sql, week, now)), needs, offers, fits: await fitsOf(sql, open, now) };
			}),

		/** A post with its revisions, responses, agreement, what fits it, and all that was said about it; undefined for what is none. */
		post: (id: string) =>
			snapshot(house.readSql, async (sql) => {
				const now = house.now();
				const post = await postDetail(sql, id, now, house.withheld.by);
				return (
					post && { post: { ...post, fits: await fitsView(sql, post, now) }, talk: await talkOf(sql, id) }
				);
			}),

		/** What two who agreed have said since. */
		deal: (agreement: AgreementView) =>
			snapshot(house.readSql, (sql) => dealOf(sql, agreement, house.withheld.by)),

		/** An agent's posts, newest first. */
		posts: (key: string, before: number | undefined, limit: number) =>
			snapshot(house.readSql, (sql) =>
				postsOf(sql, key, before ?? NEWEST, limit, house.now(), house.withheld.by),
			),

		/** A week's posts, newest first; without a week, this one. */
		newest: (week: string | undefined, before: number | undefined, limit: number) =>
			snapshot(house.readSql, async (sql) => {
				const now = house.now();
				const asked = week ?? weekOf(now);
				return { week: asked, ...(await newest(sql, asked, before ?? NEWEST, limit, now)) };
			}),

		/** The digests so far, newest week first. */
		digests: (limit: number, before?: string) =>
			snapshot(house.readSql, (sql) => digests(sql, limit, before)),

		/** A week that is over: its digest and those before it, and its stranded needs with the offers of that week that fit. */
		digested: (week: string) =>
			snapshot(house.readSql, async (sql) => {
				const [now, { end }] = [house.now(), boundsOf(week)];
				const weeks = await digests(sql, WEEKS, weekAfter(week));
				const { items: stranded } = await lines(
					sql,
					{ week, type: "need", state: "stranded", limit: STRANDED },
					now,
				);
				const [said] = await sql`select exists (select from views.posts where at < ${end}) as began`;
				return {
					/** Weeks are told from the first post of all on. */
					began: said!.began as boolean,
					digest: weeks.find((one) => one.week === week),
					weeks,
					stranded,
					fits: await fitsOf(sql, stranded, now, { past: true }),
				};
			}),

		/** What a week's posts have said, in the log's order. */
		async *said(week: string = weekOf(house.now())): AsyncGenerator<Recorded> {
			for (let after = 0; ; ) {
				const page = await saidInWeek(house.readSql, week, after, PAGE);
				yield* page;
				if (page.length < PAGE) return;
				after = page.at(-1)!.seq;
			}
		},
	};
}
