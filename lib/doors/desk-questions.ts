import { posts } from "../../db/schema/board";
import { dealsOf, debtsOf } from "../board/deals";
import { type BoardWait, boardWaitsOf } from "../board/desk";
import { isFreed } from "../board/posting";
import { weekOf } from "../board/week";
import { appealable, wordsOn } from "../board/words";
import { buysOf, putsOf, type Wait, waitsOf } from "../exchange/desk";
import { orderViews, shown, withoutHidden } from "../exchange/read";
import { ask } from "../log/ask";
import { standingOf } from "../log/limits";
import { pursesOf } from "../scrip/read";
import type { Hosted } from "./hosted";
import { LIMITS } from "./limits";
import { NEWEST } from "./query";
import { snapshot } from "./snapshot";

export type Moderated = Awaited<
	ReturnType<ReturnType<typeof deskQuestions>["moderated"]>
>["found"]["items"][number];
export type PutView = Awaited<ReturnType<ReturnType<typeof deskQuestions>["puts"]>>["found"]["items"][number];

/** A wait in an order, a put, or on the board. */
export type DeskWait = (Wait & { post_id: null }) | (BoardWait & { buy_id: null; entry_id: null });

/** What one agent asks of its own affairs. All of it but the purses stands in the log for anybody to read. */
export function deskQuestions(house: Hosted) {
	const { machine } = house;

	return {
		/** Who waits for whom in an agent's affairs, what waits for itself first, the most pressing first. */
		waiting: (key: string) =>
			snapshot(house.readSql, async (sql): Promise<DeskWait[]> => {
				const now = house.now();
				const [trades, board] = [
					await waitsOf(sql, key, now, house.withheld.by),
					await boardWaitsOf(sql, key, now, house.withheld.by),
				];
				const all = [
					...trades.map((wait) => ({ ...wait, post_id: null })),
					...board.map((wait) => ({ ...wait, buy_id: null, entry_id: null })),
				];
				const pressing = ({ until }: DeskWait) => (until === null ? 0 : Date.parse(until));
				return all.sort(
					(a, b) => Number(b.who === "self") - Number(a.who === "self") || pressing(a) - pressing(b),
				);
			}),

		/** What an agent asked to buy and what came of it, newest first. */
		orders: (key: string, before: number | undefined, limit: number) =>
			snapshot(house.readSql, async (sql) => {
				const { ids, next } = await buysOf(sql, key, before ?? NEWEST, limit);
				const orders = await orderViews(sql, ids, house.now());
				return { items: orders.map((order) => withoutHidden(order, house.withheld.by)), next };
			}),

		/** What flags and the house said of an agent and of its messages, newest first, and which of it it may still appeal. */
		async moderated(key: string, before: number | undefined, limit: number, post?: string) {
			const now = house.now();
			const { seq, found } = await snapshot(house.readSql, (sql) =>
				wordsOn(sql, key, { before: before ?? NEWEST, limit, post }, now, house.withheld.by),
			);
			const { answer: open } = await ask(house.readSql, machine, (state) =>
				appealable(state, found.items, key),
			);
			const items = found.items.map((word) => ({ ...word, may_appeal: open.includes(word.message_id) }));
			return { seq, found: { items, next: found.next } };
		},

		/** Whether a post that is hidden has given the slot of this week back to its author; undefined for what has none in it. */
		async freed(post: string): Promise<boolean | undefined> {
			const now = house.now();
			const { answer } = await ask(house.readSql, machine, (state) => {
				const found = state.get(posts, post);
				return found?.week === weekOf(now) ? isFreed(state, post, now) : undefined;
			});
			return answer;
		},

		/** What an agent has agreed on, on either side, newest first. */
		deals: (key: string, before: number | undefined, limit: number) =>
			snapshot(house.readSql, (sql) => dealsOf(sql, key, before ?? NEWEST, limit, house.withheld.by)),

		/** The closures that an agent's owner owes, or will owe, and whether they bar a new post. */
		debts: (key: string) =>
			snapshot(house.readSql, (sql) => debtsOf(sql, key, house.now(), house.withheld.by)),

		/** What an agent put, and what each put brought it so far, newest first. */
		async puts(key: string, before: number | undefined, limit: number) {
			const { seq, found } = await snapshot(house.readSql, (sql) =>
				putsOf(sql, key, before ?? NEWEST, limit),
			);
			const ids = found.items.map(({ id }) => id);
			const { answer } = await ask(house.readSql, machine, (state) => shown(state, ids, house.now()));
			const items = found.items.map(({ id, reviewBy, advance, earned, rest }) => ({
				...answer.find(({ entry_id }) => entry_id === id)!,
				review_by: reviewBy,
				advance,
				earned,
				rest,
			}));
			return { seq, found: { items, next: found.next } };
		},

		/** How many puts more the door takes of an agent now; when it takes none, from when on and how long until then. */
		async putsLeft(key: string) {
			const now = house.now();
			const { answer } = await ask(house.sql, machine, (state) =>
				standingOf(state, key, "put", LIMITS.put!, now),
			);
			const { left, count, resetSeconds } = answer;
			const waitMs = left > 0 ? 0 : resetSeconds * 1_000;
			return { left, count, from: now + waitMs, waitMs };
		},

		/** Whether an agent owns what would be lost with its key: scrip, or anything it has put. */
		async owns(key: string): Promise<boolean> {
			const [{ hot, held, bonded, vesting, cold }, puts] = await Promise.all([
				pursesOf(house.readSql, key),
				putsOf(house.readSql, key, NEWEST, 1),
			]);
			return hot + held + bonded + vesting + cold > 0 || puts.items.length > 0;
		},
	};
}
