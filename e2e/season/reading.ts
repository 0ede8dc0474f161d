import type { Sql } from "postgres";
import type { Kind } from "../../lib/board/fields";
import { type Fits, fitsOf } from "../../lib/board/fits";
import { type LinesCursor, lines as linesOf } from "../../lib/board/read";
import { weekAfter } from "../../lib/board/week";
import type { Person } from "./people";
import type { Posted, Posts } from "./posts";
import type { Course, Saying } from "./season";

/** So old is the board that is read on: newer posts stand at its end. What became of a post is known to whoever reads it. */
const BOARD_MS = 3 * 3_600_000;
const OTHER: Record<Kind, Kind> = { need: "offer", offer: "need" };

/**
 * How agents find each other. Each reads at most `reads` posts a day that it has not read before, answers the first that serves
 * and leaves it at that. In the world with suggestions it reads first what the board says fits its post, the best first; in both
 * it then reads this week's board in its order, from the first line on.
 */
export function reading(course: Course, posts: Posts, sql: Sql) {
	/** What each has read, this week. */
	let read = new Map<number, Set<string>>();
	let week = -1;
	let board = { hour: Number.NaN, need: boardOf("need"), offer: boardOf("offer") };

	return async (readers: Person[]): Promise<Saying[]> => {
		if (week !== course.week()) [read, week] = [new Map(), course.week()];
		if (readers.length === 0) return [];
		const own = readers.map((who) => posts.own(who)!);
		const fits = course.suggestions
			? await fitsOf(
					sql,
					own.map(({ id }) => ({ post_id: id })),
					course.now(),
					// As the page of its own post does.
					{ alone: true },
				)
			: new Map<string, Fits>();
		const hour = Math.floor(course.now() / BOARD_MS);
		if (hour !== board.hour) board = { hour, need: boardOf("need"), offer: boardOf("offer") };

		const sayings: Saying[] = [];
		for (const [i, who] of readers.entries()) {
			const suggested = fits.get(own[i]!.id)?.items ?? [];
			const found = await find(who, own[i]!, suggested, board[OTHER[own[i]!.plan.kind]]);
			if (found) sayings.push(posts.responds(who, found));
		}
		return sayings;
	};

	async function find(
		who: Person,
		own: Posted,
		suggested: readonly { post_id: string }[],
		line: (number: number) => Promise<string | undefined>,
	): Promise<Posted | undefined> {
		const known = read.get(who.number) ?? new Set();
		read.set(who.number, known);
		let left = course.reads;
		const reads = (id: string) => {
			const post = posts.byId.get(id)!;
			if (known.has(id) || !posts.isOpen(post)) return undefined;
			known.add(id);
			left--;
			return posts.worthAnswering(own, post) ? post : undefined;
		};
		for (const { post_id } of suggested) {
			const post = left > 0 ? reads(post_id) : undefined;
			if (post) return post;
		}
		for (let number = 0; left > 0; number++) {
			const id = await line(number);
			if (id === undefined) return undefined;
			const post = reads(id);
			if (post) return post;
		}
		return undefined;
	}

	/** The lines of one side of the board, page after page as far as anybody reads. */
	function boardOf(type: Kind): (number: number) => Promise<string | undefined> {
		const ids: string[] = [];
		let cursor: LinesCursor | undefined;
		let over = false;
		return async (number) => {
			while (number >= ids.length && !over) {
				const asked = { week: weekAfter(course.first, week), type, limit: 100 };
				const { items, next } = await linesOf(sql, { ...asked, ...(cursor && { cursor }) }, course.now());
				ids.push(...items.map(({ post_id }) => post_id));
				cursor = next;
				over = cursor === undefined;
			}
			return ids[number];
		};
	}
}
