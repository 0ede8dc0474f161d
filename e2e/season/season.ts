import type { Sql } from "postgres";
import { digests } from "../../lib/board/read";
import { boundsOf, weekAfter } from "../../lib/board/week";
import { compose, type Key } from "../../lib/client/compose";
import { linesOf, type Visit } from "../../lib/doors/given";
import type { Message, Payload } from "../../lib/log/message";
import { chance } from "./chance";
import { Deals } from "./deals";
import { isLooking, keyOf, type Person, person, planOf } from "./people";
import { Posts } from "./posts";
import { reading } from "./reading";

const HOUR_MS = 3_600_000;
/** Below what an agent may say in a minute. */
const MINTS_A_MINUTE = 60;

/** The first Monday: 2026 has a week 53, and in the nineteenth week Europe's clocks change. */
export const FIRST_WEEK = "2026-W47";

export interface Season {
	seed: string;
	agents: number;
	weeks: number;
	/** Posts that somebody reads in a day before doing something else. */
	reads: number;
	/** Whether agents look at what the board says fits their post before they read on in its order. */
	suggestions: boolean;
}

/** What a week came to by the exchange's digest, and how many of its needs were met. */
export interface WeekFigures {
	week: string;
	posted: number;
	matched: number;
	closed: number;
	needs: number;
	met: number;
}

export interface Played {
	weeks: WeekFigures[];
	messages: number;
	/** What the door said no to, by its codes: two who want the same, a window that passed, a closure that is owed. */
	refused: Record<string, number>;
}

/** An act on its way, and what becomes known when the door has taken it. */
export interface Saying {
	message: Message;
	taken?(): void;
	refused?(code: string): void;
}

/** Where a season stands: what agents know of each other is what the door has taken. */
export interface Course extends Season {
	people: Person[];
	first: string;
	operator: Key;
	/** ms */
	now(): number;
	/** Whole weeks since the first Monday. */
	week(): number;
	says(by: Key, operation: string, payload: Payload, antecedent?: string): Message;
}

export interface Clock {
	at: number;
}

/** The keys of the exchange and of its house operator, the same for the same seed. */
export const houseOf = (seed: string) => ({
	exchange: keyOf(seed, "exchange"),
	operator: keyOf(seed, "operator"),
});

/**
 * A season of the board through the door of a house whose clock is `clock`: every hour those who look at that hour of their own
 * day say what they have to say, in one request. What time brings, the exchange does by its own duties.
 */
export async function play(
	season: Season,
	visit: Visit,
	clock: Clock,
	told: (figures: WeekFigures) => void = () => {},
): Promise<Played> {
	const { seed, weeks } = season;
	const { house } = visit;
	const start = boundsOf(FIRST_WEEK).start;
	const { operator } = houseOf(seed);
	const course: Course = {
		...season,
		people: Array.from({ length: season.agents }, (_, number) => person(seed, number, weeks)),
		first: FIRST_WEEK,
		operator,
		now: () => clock.at,
		week: () => Math.floor((clock.at - start) / (168 * HOUR_MS)),
		says: (by, operation, payload, antecedent) =>
			compose(by, house.key, operation, payload, {
				at: new Date(clock.at),
				...(antecedent !== undefined && { antecedent }),
			}),
	};
	const posts = new Posts(course);
	const deals = new Deals(course, posts);
	const played: Played = { weeks: [], messages: 0, refused: {} };
	const read = reading(course, posts, house.readSql);

	await purses();
	for (let hour = 0; hour < weeks * 168; hour++) {
		clock.at = start + hour * HOUR_MS;
		await met(visit, clock);
		if (hour > 0 && hour % 168 === 0) await ended(hour / 168 - 1);

		const awake = awakeAt(hour);
		const agrees = new Map(awake.map((who) => [who, posts.agrees(who, deals)]));
		// Whoever agrees looks no further.
		const readers = awake.filter((who) => agrees.get(who)!.length === 0 && posts.isLooking(who));
		const sayings = [
			...deals.houseRules(),
			...awake.flatMap((who) => deals.says(who)),
			...[...agrees.values()].flat(),
			...(await read(readers)),
			...awake.flatMap((who) => posts.raises(who)),
			...awake.flatMap((who) => {
				const plan = planOf(seed, who, FIRST_WEEK, course.week());
				return plan && hour % 168 >= plan.afterHours ? posts.posts(who, plan) : [];
			}),
		];
		await said(sayings);
	}
	clock.at = start + weeks * 168 * HOUR_MS;
	await met(visit, clock);
	await ended(weeks - 1);
	return played;

	/** Who looks at the board in this hour, in an order of its own each time. */
	function awakeAt(hour: number): Person[] {
		const awake = course.people.filter((who) => hour < who.goneAfter && isLooking(who, clock.at));
		return chance(seed, "order", hour).some(awake, awake.length);
	}

	/** Before the season everybody has something to pay with; every third so much that its owner has standing. */
	async function purses(): Promise<void> {
		for (let from = 0; from < course.people.length; from += MINTS_A_MINUTE) {
			clock.at = start - 24 * HOUR_MS + from * 1_000;
			const some = course.people.slice(from, from + MINTS_A_MINUTE);
			await said(
				some.map(({ me, number }) => {
					const amount = number % 3 === 0 ? 2_000 : 500;
					const payload = { recipient: me.key, amount, reference: `purse ${number}` };
					return { message: course.says(operator, "scrip:mint", payload) };
				}),
			);
		}
	}

	async function said(sayings: Saying[]): Promise<void> {
		for (let from = 0; from < sayings.length; from += 500) {
			const some = sayings.slice(from, from + 500);
			const answers = await linesOf<{ status: number; problem?: { code: string } }>(
				await visit.batch(some.map(({ message }) => message)),
			);
			for (const [i, { status, problem }] of answers.entries()) {
				if (status === 201) some[i]!.taken?.();
				else {
					const code = problem?.code ?? `${status}`;
					played.refused[code] = (played.refused[code] ?? 0) + 1;
					some[i]!.refused?.(code);
				}
				played.messages += Number(status === 201);
			}
		}
	}

	async function ended(number: number): Promise<void> {
		const week = weekAfter(FIRST_WEEK, number);
		const figures = await figuresOf(house.readSql, week, posts);
		played.weeks.push(figures);
		told(figures);
	}
}

/** Waits until the exchange has said what it owes by now: its own runner says it. */
async function met({ house }: Visit, { at }: Clock): Promise<void> {
	const since = performance.now();
	for (;;) {
		const owed = await house.sql`select id from views.duties where due <= ${at} limit 3`;
		if (owed.length === 0) return;
		if (performance.now() - since > 60_000)
			throw new Error(`The exchange owes since a minute: ${owed.map(({ id }) => id).join(", ")}`);
		await house.runner.look();
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** The digest's figures, which must be those that the agents themselves could count. */
async function figuresOf(sql: Sql, week: string, posts: Posts): Promise<WeekFigures> {
	const [digest] = await digests(sql, 1, weekAfter(week));
	if (digest?.week !== week) throw new Error(`${week} is over and has no digest`);
	const { figures, stranded } = digest;
	const own = posts.counted(week);
	const told = {
		posted: figures.posted,
		matched: figures.matched,
		stranded: figures.stranded,
		fill_rate_bp: figures.fill_rate_bp,
	};
	if (JSON.stringify(told) !== JSON.stringify(own.figures) || stranded.join() !== own.stranded.join())
		throw new Error(
			`The digest of ${week} says ${JSON.stringify(told)}, its agents ${JSON.stringify(own.figures)}`,
		);
	return {
		week,
		posted: figures.posted!,
		matched: figures.matched!,
		closed: figures.closed! + figures.late_closures!,
		needs: own.met + own.stranded.length,
		met: own.met,
	};
}
