import type { Sql } from "postgres";
import { describe, expect, test } from "vitest";
import { gates, orders, settlements, wanted } from "../../db/schema/exchange";
import { scratchDatabase } from "../../db/scratch";
import { agent } from "../log/given";
import { begin, listener, rowsIn, rowsOf } from "../log/told";
import { operations } from "../operations";
import { configured, goods, Market, minted, operator, owned, vouched } from "./given";
import { bought, completes, disputes, disputesSmall, next, rules, settles } from "./operations/settle/given";

/**
 * One story of every exchange operation, told twice: in memory, and through the sequencer on PostgreSQL by processes that
 * remember everything or nothing. Every row must come out the same, and every constraint must hold.
 */
const [ada, bea, bob, cyd, dan] = ["ada", "bea", "bob", "cyd", "dan"].map((name) => agent(name)) as [
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
];
const [HOUR, DAY] = [3_600_000, 86_400_000];

function tell(): Market {
	const story = new Market({ start: "2026-11-16T08:00:00.000Z" });
	for (const one of [bob, cyd, dan]) story.given(minted(one, 5_000));
	story.given(vouched(cyd), owned("house-a", ada, bea));

	// Supply: ruled by the exchange, a copy, refused at once, held and accepted, held and forgotten.
	const shell = story.accepted(ada, goods("shell", { domains: ["go", "sql"], compression_tier: "hot" }));
	story.put(dan, goods("implausible", { tokens: 1, token_cost: 1_000_000 }));
	story.accepted(dan, goods("shell"));
	const near = story.accepted(dan, goods("shell, renamed", { embedding: new Array(384).fill(0.05) }), {
		copy: { id: shell, similarity: 0.8 },
		embedding: 0.4,
	});
	story.given(configured({ "exchange.auto_accept": false }));
	story.put(bea, goods("forgotten"));
	story.given(configured({ "exchange.auto_accept": true }));
	const small = story.stocked(bea, 90, { tokens: 300, ttl_hours: 8_000 });
	const table = story.stocked(ada, 400, { content_type: "data", ttl_hours: 2_000 });

	// Demand: found, not found, filtered, expired.
	story.matched(bob, [shell, near, small, table], { budget: 2_000, max_results: 2, domains: ["go"] });
	story.matched(bob, [], { task: "What nobody has", content_type: "plan" });
	story.matched(cyd, [], { task: "What nobody has", content_type: "plan" });
	const slow = story.buy(cyd);
	story.later(2 * HOUR);
	story.answered(slow, [shell]);

	// Sales: completed, a resale refused, rejected, of a near-duplicate, left in silence.
	story.said(completes(bought(story, bob, shell)));
	story.put(bob, goods("shell"));
	story.said(completes(bought(story, cyd, shell)));
	story.said(settles(bob, "buyer-reject", table, story.quoted(bob, table)));
	story.said(completes(bought(story, bob, near)));
	bought(story, dan, table);

	// Disputes: upheld, declined, unruled, small ones that shut a gate for a day.
	const dispute = (buyer: typeof bob, entry: string) => story.said(disputes(bought(story, buyer, entry)));
	const bad = story.stocked(dan, 200);
	const upheld = dispute(cyd, bad);
	story.given(rules(bad, upheld, "accepted"));
	const declined = dispute(cyd, table);
	story.said(settles(cyd, "evidence", table, declined, { reason: "Its third table is empty." }));
	story.given(rules(table, declined, "declined"));
	dispute(bob, table);
	for (const buyer of [bob, cyd, dan]) story.said(disputesSmall(bought(story, buyer, small)));
	const refusedLate = bought(story, bob, table);
	story.later(4 * DAY);
	expect(story.when(next(refusedLate, "complete"))).toHaveProperty("refused");
	story.later(10 * DAY);
	story.given(operator.says("scrip:burn", { amount: 100, reason: "Too much of it." }));
	story.accepted(ada, goods("afterwards"));
	return story;
}

const story = tell();

/** Tells the story to a process on a fresh database, at the same instants; gives what the database then holds. */
async function retold(before: (process: ReturnType<typeof listener>) => void) {
	const database = await scratchDatabase();
	const sql = database.sql as unknown as Sql;
	await begin(sql);
	const troubles: unknown[] = [];
	const process = listener(operations, database.url, "the only one", (error) => troubles.push(error));
	try {
		for (const telling of story.tellings) {
			before(process);
			await process.hears([telling]);
		}
		expect(troubles).toEqual([]);
		return await rowsIn(operations, sql);
	} finally {
		await process.close();
		await database.drop();
	}
}

describe("the exchange on PostgreSQL", () => {
	test("holds what memory holds, row for row, when the process remembers everything", async () => {
		expect(await retold(() => {})).toEqual(rowsOf(operations, story.state));
	});

	test("holds the same when the process has forgotten everything before each message", async () => {
		expect(await retold((process) => process.forget())).toEqual(rowsOf(operations, story.state));
	});
});

describe("the story", () => {
	test("ends every order, opens every provisional gate, and settles nothing twice", () => {
		const all = story.state.all(orders);
		expect(all.length).toBeGreaterThan(8);
		expect(all.filter(({ endedBy }) => endedBy === null)).toEqual([]);
		expect(story.state.all(settlements)).toHaveLength(all.length);
		expect(story.state.all(gates).filter(({ provisional }) => provisional)).toEqual([]);
		expect(story.state.all(wanted)).toMatchObject([{ askers: 2, misses: 2 }]);
		expect(story.purse(bob, "held")).toBe(0n);
		story.sound();
	});
});
