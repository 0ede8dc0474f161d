import * as fc from "fast-check";
import type { Sql } from "postgres";
import { describe, expect, test } from "vitest";
import { scratchDatabase } from "../../db/scratch";
import { theExchange } from "../log/given";
import { Machine } from "../log/machine";
import { rebuild, verifyLog } from "../log/replay";
import { begin, listener, rowsIn, rowsOf } from "../log/told";
import { operations } from "../operations";
import { opening, passes, play, Reader, step } from "./crowd";
import { Board, DAY } from "./given";

/** What the crowd of the board does in memory, told to two processes on one PostgreSQL by turns. */
const crowds = fc.record({
	run: fc.array(step, { minLength: 50, maxLength: 60, size: "max" }),
	/** Who hears the next instant, and whether it has forgotten everything before. */
	turns: fc.array(fc.record({ process: fc.nat(1), forgets: fc.boolean() }), { minLength: 9, maxLength: 9 }),
});

describe("a crowd's board on PostgreSQL", () => {
	test("is answered as in memory, and leaves the rows that memory has and that a rebuild makes, table by table", async () => {
		let crowd = 0;
		let together = 0;
		const seen = new Set<string>();
		await fc.assert(
			fc.asyncProperty(crowds, async ({ run, turns }) => {
				const story = new Board();
				opening(story);
				story.hurried = true;
				const reader = new Reader(story);
				for (const one of run) {
					reader.news();
					play(reader, one);
				}
				passes(story, 8 * DAY);
				const rows = rowsOf(operations, story.state);

				const database = await scratchDatabase();
				const sql = database.sql as unknown as Sql;
				const troubles: unknown[] = [];
				const processes = ["a", "b"].map((name) =>
					listener(operations, database.url, name, (error) => troubles.push(error)),
				);
				try {
					await begin(sql);
					for (const [i, instant] of story.instants.entries()) {
						const { process, forgets } = turns[i % turns.length]!;
						if (forgets) processes[process]!.forget();
						expect(await processes[process]!.hears(instant)).toEqual(instant.map(({ outcome }) => outcome));
						if (instant.length > 1) together++;
					}
					expect(await rowsIn(operations, sql)).toEqual(rows);

					const verdict = await verifyLog(sql, new Machine(operations, theExchange.key));
					expect(verdict).toMatchObject({ faults: [], messages: story.acts.length });
					// The verdict has folded the log already; that what it folds to also gets into the tables takes seconds to say.
					if (crowd++ % 6 === 0) {
						await rebuild(sql, new Machine(operations, theExchange.key));
						expect(await rowsIn(operations, sql)).toEqual(rows);
					}
					expect(troubles).toEqual([]);
				} finally {
					for (const one of processes) await one.close();
					await database.drop();
				}
				for (const { operation } of story.acts) seen.add(operation);
			}),
			{ numRuns: 10 },
		);

		// Crowds that hardly did anything would prove nothing.
		expect(together).toBeGreaterThan(30);
		for (const name of ["revise", "withdraw", "agree", "close", "confirm", "lapse", "digest"])
			expect(seen).toContain(`board:${name}`);
	});
});
