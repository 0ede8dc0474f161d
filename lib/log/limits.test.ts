import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { count, limitShape, standingOf } from "./limits";
import { State } from "./state";

const limit = { count: 5, windowMs: 60_000 };
const begin = Date.parse("2026-11-16T08:00:00.000Z");

/** One sender who sends after each of these pauses, in ms; what it is told each time. */
function sends(pauses: readonly number[]) {
	const state = new State([limitShape], "the exchange", true);
	let now = begin;
	return pauses.map((pause) => {
		now += pause;
		return count(state, "ada", "put", limit, now);
	});
}
const pauses = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 30 });

describe("a limit", () => {
	test("lets its count through at once, and then no more", () => {
		const told = sends([0, 0, 0, 0, 0, 0]);
		expect(told.map(({ standing }) => standing.left)).toEqual([4, 3, 2, 1, 0, 0]);
		expect(told.map(({ refused }) => refused?.code)).toEqual([...Array(5).fill(undefined), "over-limit"]);
	});

	test("counts on where the clock steps back by less than its window, and starts afresh where it had run far ahead", () => {
		const back = sends([0, 0, 0, 0, 0, -30_000]).at(-1)!;
		expect(back.refused?.code).toBe("over-limit");
		const wait = back.refused!.retryAfterSeconds! * 1000;
		expect(sends([0, 0, 0, 0, 0, -30_000, wait]).at(-1)!.refused).toBeUndefined();
		expect(sends([0, 0, 0, 0, 0, -30_000, wait - 1_000]).at(-1)!.refused?.code).toBe("over-limit");

		const day = 86_400_000;
		expect(sends([day, 0, 0, 0, 0, 0, -day]).at(-1)!.standing.left).toBe(4);
	});

	test("tells the same wait in Retry-After and RateLimit, and it is neither too short nor a second too long", () => {
		fc.assert(
			fc.property(pauses, (before) => {
				const { standing, refused } = sends(before).at(-1)!;
				fc.pre(refused !== undefined);
				const wait = refused!.retryAfterSeconds!;
				expect(standing).toMatchObject({ left: 0, resetSeconds: wait });
				expect(sends([...before, wait * 1_000]).at(-1)!.refused).toBe(undefined);
				if (wait > 1) expect(sends([...before, (wait - 1) * 1_000]).at(-1)!.refused).toBeDefined();
			}),
		);
	});

	test("tells before anything is sent how many more it takes, and until when it takes none", () => {
		fc.assert(
			fc.property(pauses, fc.integer({ min: 0, max: 200_000 }), (before, pause) => {
				const state = new State([limitShape], "the exchange", true);
				let now = begin;
				for (const one of before) {
					now += one;
					count(state, "ada", "put", limit, now);
				}
				now += pause;
				const { left, resetSeconds } = standingOf(state, "ada", "put", limit, now);
				expect(standingOf(state, "ada", "put", limit, now)).toEqual({
					...limit,
					name: "put",
					left,
					resetSeconds,
				});
				if (left === 0) {
					const again = standingOf(state, "ada", "put", limit, now + resetSeconds * 1_000);
					expect(again.left).toBeGreaterThan(0);
				}
				for (let more = 0; more < left; more++)
					expect(count(state, "ada", "put", limit, now).refused).toBe(undefined);
				expect(count(state, "ada", "put", limit, now).refused?.code).toBe("over-limit");
			}),
		);
	});

	test("never lets twice its count through a seam between two windows", () => {
		fc.assert(
			fc.property(pauses, (before) => {
				const at: number[] = [];
				let now = begin;
				for (const [i, { refused }] of sends(before).entries()) {
					now += before[i]!;
					if (!refused) at.push(now);
				}
				for (const one of at) {
					const within = at.filter((other) => other >= one && other < one + limit.windowMs);
					expect(within.length).toBeLessThan(2 * limit.count);
				}
			}),
		);
	});
});
