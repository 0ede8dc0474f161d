import type { Sql } from "postgres";
import { describe, expect, test } from "vitest";
import { connect } from "../../db/client";
import { gates, orders, settlements, wanted } from "../../db/schema/exchange";
import { scratchDatabase } from "../../db/scratch";
import { dutyId } from "../log/duties";
import { agent, type Result, type Saying, theExchange } from "../log/given";
import { type Candidate, Machine } from "../log/machine";
import type { Draft } from "../log/operation";
import { decode, qualified } from "../log/pages";
import { Sequencer } from "../log/sequencer";
import { sign } from "../log/sign";
import { State } from "../log/state";
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

type Step =
	| { at: number; candidate: Candidate }
	| { at: number; draft: Draft }
	| { at: number; duty: string; prepared: unknown };

/** A market that remembers what came in from outside: what agents said, and what the engine prepared. */
class Told extends Market {
	/** Assigned while the parent's constructor speaks, so without an initializer. */
	declare steps: Step[];

	override when(saying: Saying): Result {
		this.now++;
		const candidate = this.candidate(saying);
		this.tell({
			at: this.now,
			candidate: { ...candidate, signature: sign(saying.by.secret, candidate.bytes) },
		});
		return this.send(candidate);
	}

	override exchangeSays(draft: Draft): Result {
		this.tell({ at: this.now + 1, draft });
		return super.exchangeSays(draft);
	}

	override meet(kind: string, subject: string, prepared?: unknown) {
		this.tell({ at: this.now, duty: dutyId(kind, subject), prepared });
		return super.meet(kind, subject, prepared);
	}

	protected tell(step: Step): void {
		this.steps ??= [];
		this.steps.push(step);
	}
}

function tell(): Told {
	const story = new Told({ start: "2026-11-16T08:00:00.000Z" });
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

/** Tells the story's steps to a sequencer on a fresh database, at the same instants; gives what the database then holds. */
async function retold(before: (sequencer: Sequencer) => void): Promise<Record<string, unknown[]>> {
	const database = await scratchDatabase();
	const sql = database.sql as unknown as Sql;
	await sql`insert into head (one, seq, received_at, batch, epoch, frontier, exchange_key) values (true, 0, 0, 0, 0, '{}', ${theExchange.key})`;
	let now = 0;
	const troubles: unknown[] = [];
	const sequencer = new Sequencer({
		connect: () => connect(database.url, { max: 1 }) as Sql,
		machine: new Machine(operations, theExchange.key),
		limits: {},
		now: () => now,
		sign: ({ bytes }) => sign(theExchange.secret, bytes),
		process: "the only one",
		onCommitted: () => {},
		onTrouble: (error) => troubles.push(error),
	});
	try {
		for (const step of story.steps) {
			now = step.at;
			before(sequencer);
			if ("candidate" in step) await sequencer.submit(step.candidate, [], now);
			else if ("draft" in step) await sequencer.say(step.draft);
			else await sequencer.meet(step.duty, step.prepared);
		}
		expect(troubles).toEqual([]);

		const held = new State(operations.shapes, theExchange.key, true);
		for (const shape of operations.shapes.filter(({ schema }) => schema === "views")) {
			const columns = shape.columns.map(({ name }) => `"${name}"`).join(", ");
			for (const row of await sql.unsafe(`select ${columns} from ${qualified(shape)}`))
				held.put(shape.table, decode(shape, row) as never);
		}
		return tables(held);
	} finally {
		await sequencer.close();
		await database.drop();
	}
}

const tables = (state: State) =>
	Object.fromEntries(
		operations.shapes
			.filter(({ schema }) => schema === "views")
			.map((shape) => [shape.name, state.all(shape.table)]),
	);

describe("the exchange on PostgreSQL", () => {
	test("holds what memory holds, row for row, when the process remembers everything", async () => {
		expect(await retold(() => {})).toEqual(tables(story.state));
	});

	test("holds the same when the process has forgotten everything before each message", async () => {
		expect(await retold((sequencer) => sequencer.state.clear())).toEqual(tables(story.state));
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
