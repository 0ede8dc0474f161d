import { bigint, text } from "drizzle-orm/pg-core";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { connect } from "../../db/client";
import { views } from "../../db/schema/log";
import { scratchDatabase } from "../../db/scratch";
import { answered, owe } from "./duties";
import { key, scrip } from "./field";
import { type Agent, agent, Story, theExchange } from "./given";
import { Machine } from "./machine";
import { identify } from "./message";
import { answer, operation } from "./operation";
import { refusal } from "./refusal";
import { registry } from "./registry";
import { rebuild, verifyLog } from "./replay";
import { Runner } from "./runner";
import { type Answer, type Committed, Sequencer, type SequencerParts } from "./sequencer";
import { sign } from "./sign";

/** A domain as small as can be: gifts out of a purse, a promise the exchange keeps at once, an errand it prepares for. */
const balances = views.table("toy_balances", {
	owner: text().primaryKey(),
	amount: bigint({ mode: "bigint" }).notNull(),
});
const short = refusal("toy-short", 402, "Too little.", "Give less.");
const gift = operation("toy:gift", {
	summary: "Give",
	by: "anybody",
	body: z.strictObject({ to: key(), amount: scrip(1) }),
	admit(state, { sender, payload }) {
		if ((state.get(balances, sender)?.amount ?? 10n) < BigInt(payload.amount)) return short();
	},
	apply(state, { sender, payload }) {
		const of = (owner: string) => state.get(balances, owner)?.amount ?? 10n;
		state.put(balances, { owner: sender, amount: of(sender) - BigInt(payload.amount) });
		state.put(balances, { owner: payload.to, amount: of(payload.to) + BigInt(payload.amount) });
	},
	caption: () => "a gift",
});
const promise = operation("toy:promise", {
	summary: "Ask for two answers",
	by: "anybody",
	body: z.strictObject({ fails: z.boolean().optional() }),
	apply(state, act) {
		owe(state, "toy:thanks", act);
		owe(state, "toy:errand", act);
		if (act.payload.fails) throw new Error("a bug in a rule");
	},
	caption: () => "a promise",
});
const thanks = operation("toy:thanks", {
	summary: "Thank at once",
	by: "exchange",
	body: z.strictObject({}),
	antecedents: [["toy:promise"]],
	apply: (state, act) => answered(state, "toy:thanks", act.antecedents[0]!),
	answer: answer<never, never>({
		draft: (_, duty) => ({ operation: "toy:thanks", antecedents: [duty.subject], payload: {} }),
	}),
	caption: () => "thanks",
});
const errand = operation("toy:errand", {
	summary: "Run an errand",
	by: "exchange",
	body: z.strictObject({ found: z.string() }),
	antecedents: [["toy:promise"]],
	apply: (state, act) => answered(state, "toy:errand", act.antecedents[0]!),
	answer: answer<{ seek(): Promise<string | undefined> }, string | undefined>({
		prepare: (_, ports) => ports.seek(),
		draft(_, duty, __, found) {
			if (found === undefined) return undefined;
			return { operation: "toy:errand", antecedents: [duty.subject], payload: { found } };
		},
	}),
	caption: () => "an errand",
});
const toys = registry({
	operations: [gift, promise, thanks, errand],
	senders: { anybody: () => true, exchange: (state, sender) => sender === state.exchangeKey },
	tables: [balances],
});

const ada = agent("ada");
const bob = agent("bob");
let database: Awaited<ReturnType<typeof scratchDatabase>>;
let sql: Sql;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
	database = await scratchDatabase();
	sql = database.sql as unknown as Sql;
	await sql`create table views.toy_balances (owner text primary key, amount bigint not null check (amount >= 0))`;
	await sql`insert into head (one, seq, received_at, batch, epoch, frontier, exchange_key) values (true, 0, 0, 0, 0, '{}', ${theExchange.key})`;
});
afterAll(async () => {
	for (const one of open) await one.close();
	await database.drop();
});

/** One process's sequencer and, when asked, its runner. */
function process_(name: string, parts: Partial<SequencerParts> = {}) {
	const committed: Committed[] = [];
	const troubles: unknown[] = [];
	const machine = new Machine(toys, theExchange.key);
	const sequencer = new Sequencer({
		connect: () => connect(database.url, { max: 1 }) as Sql,
		machine,
		limits: {},
		now: Date.now,
		sign: ({ bytes }) => sign(theExchange.secret, bytes),
		process: name,
		onCommitted: (batch) => committed.push(batch),
		onTrouble: (error) => troubles.push(error),
		...parts,
	});
	open.push(sequencer);
	return { sequencer, committed, troubles, machine };
}

const begun = Date.now();
let said = 0;
function message(by: Agent, name: string, payload: Record<string, unknown> = {}, on: string[] = []) {
	const timestamp = new Date(begun - said++).toISOString();
	const { message, bytes, id } = identify(theExchange.key, {
		antecedents: on,
		payload,
		sender: by.key,
		tags: [name],
		timestamp,
	});
	return { ...message, id, bytes, operation: toys.get(name)!, signature: sign(by.secret, bytes), owed: [] };
}
const send = (sequencer: Sequencer, one: ReturnType<typeof message>) => sequencer.submit(one, [], Date.now());
const kinds = (answers: Answer[]) => answers.map(({ kind }) => kind);

describe("the sequencer", () => {
	test("reads of the log what a batch asks for and no more, though there was nothing in it at first", async () => {
		const { sequencer } = process_("a");
		for (let round = 0; round < 60; round++) await send(sequencer, message(agent("early"), "toy:promise"));
		// A backend tells what it has read at its end.
		await sequencer.close();
		const read = async () => {
			const [row] = await sql`
				select seq_scan + idx_scan as asked, seq_tup_read as rows from pg_stat_user_tables where relname = 'messages'`;
			return { asked: Number(row!.asked), rows: Number(row!.rows) };
		};
		while ((await read()).asked < 60) await pause(20);
		expect((await read()).rows).toBe(0);
	});

	test("N gifts at once out of a purse that holds enough for ten: ten are recorded, the rest refused", async () => {
		const { sequencer } = process_("a");
		const answers = await Promise.all(
			Array.from({ length: 25 }, () => send(sequencer, message(ada, "toy:gift", { to: bob.key, amount: 1 }))),
		);
		expect(kinds(answers).filter((kind) => kind === "logged")).toHaveLength(10);
		expect(kinds(answers).filter((kind) => kind === "refused")).toHaveLength(15);
		expect(await sql`select amount from views.toy_balances order by amount`).toEqual([
			{ amount: "0" },
			{ amount: "20" },
		]);
	});

	test("the same message twice at once through two processes is recorded once", async () => {
		const [a, b] = [process_("a"), process_("b")];
		for (let round = 0; round < 10; round++) {
			const one = message(agent(`twice ${round}`), "toy:promise");
			const answers = await Promise.all([
				send(a.sequencer, one),
				send(b.sequencer, one),
				send(a.sequencer, one),
			]);
			expect(kinds(answers).sort()).toEqual(["known", "known", "logged"]);
		}
	});

	test("two processes give one order without gaps, and money is never spent in both", async () => {
		const [a, b] = [process_("a"), process_("b")];
		const spenders = Array.from({ length: 8 }, (_, i) => agent(`spender ${i}`));
		const answers = await Promise.all(
			Array.from({ length: 240 }, (_, i) =>
				send(
					i % 2 ? a.sequencer : b.sequencer,
					message(spenders[i % 8]!, "toy:gift", { to: bob.key, amount: 1 }),
				),
			),
		);
		expect(kinds(answers).filter((kind) => kind === "logged")).toHaveLength(80);
		const [order] =
			await sql`select count(*)::int as n, max(seq)::int as last, count(distinct id)::int as ids from messages`;
		expect(order).toEqual({ n: order!.last, last: order!.last, ids: order!.last });
		const [head] = await sql`select seq from head`;
		expect(Number(head!.seq)).toBe(order!.last);
	});

	test("what the exchange owes at once is in the same batch, signed by its key", async () => {
		const { sequencer } = process_("a");
		const answered = await send(sequencer, message(ada, "toy:promise"));
		if (answered.kind !== "logged") throw new Error(answered.kind);
		expect(answered.logged.map(({ act }) => act.operation)).toEqual(["toy:promise", "toy:thanks"]);
		expect(answered.logged[1]!.act.sender).toBe(theExchange.key);
	});

	test("a rule that throws undoes its own message alone and is answered 503", async () => {
		const { sequencer, troubles } = process_("a");
		const [bad, good] = await Promise.all([
			send(sequencer, message(ada, "toy:promise", { fails: true })),
			send(sequencer, message(ada, "toy:promise")),
		]);
		expect(bad).toMatchObject({
			kind: "refused",
			refusal: { code: "not-processed", status: 503, retryAfterSeconds: 5 },
		});
		expect(good.kind).toBe("logged");
		expect(troubles.length).toBeGreaterThan(0);
		expect(
			await sql`select from views.duties where subject = ${(good as { logged: { act: { id: string } }[] }).logged[0]!.act.id}`,
		).toHaveLength(1);
	});

	test("the reply to COMMIT is lost: the batch runs again and finds its messages recorded", async () => {
		let cut = true;
		const { sequencer } = process_("a", {
			async step(name) {
				if (name !== "committed" || !cut) return;
				cut = false;
				throw Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" });
			},
		});
		const one = message(ada, "toy:promise");
		expect((await send(sequencer, one)).kind).toBe("known");
		expect(await sql`select from messages where id = ${one.id}`).toHaveLength(1);
	});

	test("a backend that is killed mid-batch loses nothing and doubles nothing", async () => {
		let kills = 3;
		const { sequencer } = process_("killed", {
			async step(name) {
				if (name !== "folded" || kills-- <= 0) return;
				await sql`select pg_terminate_backend(pid) from pg_stat_activity
					where pid <> pg_backend_pid() and datname = current_database() and query like '%for update%'`;
			},
		});
		const ones = Array.from({ length: 5 }, (_, i) => message(agent(`killed ${i}`), "toy:promise"));
		const answers = await Promise.all(ones.map((one) => send(sequencer, one)));
		expect(new Set(kinds(answers))).toEqual(new Set(["logged"]));
		expect(await sql`select from messages where id in ${sql(ones.map(({ id }) => id))}`).toHaveLength(5);
	});

	test("when a batch is given up because the database is away, those behind it are told at once, too", async () => {
		let tries = 0;
		const { sequencer } = process_("away", {
			step(name) {
				if (name !== "locked") return;
				tries++;
				throw Object.assign(new Error("read only"), { code: "25006" });
			},
		});
		const ones = Array.from({ length: 1_200 }, (_, i) => message(agent(`away ${i % 3}`), "toy:promise"));
		const answers = await Promise.all(ones.map((one) => send(sequencer, one)));
		expect(new Set(answers.map((answer) => answer.kind === "refused" && answer.refusal.status))).toEqual(
			new Set([503]),
		);
		expect(tries).toBe(5);
	});

	test("the database refuses to change, remove or truncate what is recorded", async () => {
		await expect(sql`update messages set sender = sender`).rejects.toThrow("append-only");
		await expect(sql`delete from messages`).rejects.toThrow("append-only");
		await expect(sql`truncate messages`).rejects.toThrow("append-only");
	});
});

describe("duties", () => {
	test("two processes race for the same errands: each is answered exactly once", async () => {
		const running = ["a", "b"].map((name) => {
			const one = process_(name);
			const runner = new Runner({
				...one,
				sql,
				ports: { seek: async () => `by ${name}` },
				process: name,
				now: Date.now,
				alarm: () => {},
			});
			open.push(runner);
			return { ...one, runner };
		});
		for (let n = 0; n < 40; n++)
			await send(running[n % 2]!.sequencer, message(agent(`errand ${n}`), "toy:promise"));
		// Leases of processes that are gone: as if each had died with its work in hand.
		await sql`update duty_leases set leased_until = 0`;
		const left = async () => (await sql`select from views.duties`).length;
		while ((await left()) > 0)
			await Promise.all(running.map(({ runner }) => runner.look().then(() => pause(20))));
		expect(
			await sql`select antecedent from messages where operation = 'toy:errand' group by antecedent having count(*) > 1`,
		).toHaveLength(0);
		expect(await sql`select from duty_leases`).toHaveLength(0);
	});

	describe("an errand that was run before the promise was in the log", () => {
		const aheadOf = (seq: number, found: () => string | undefined) => {
			const ahead = { seq, prepared: found, goes: () => {} };
			return new Map([["toy:errand", ahead]]);
		};
		const said = (answer: Answer) =>
			answer.kind === "logged" ? answer.logged.map(({ act }) => act.operation) : [];
		const headNow = async () => Number((await sql`select seq from head`)[0]!.seq);

		test("is told in the batch that takes the promise, and leaves nothing to be done", async () => {
			const { sequencer } = process_("ahead");
			const asked = message(agent("early bird"), "toy:promise");
			const answer = await sequencer.submit(
				asked,
				[],
				Date.now(),
				aheadOf(await headNow(), () => "found"),
			);
			expect(said(answer)).toEqual(["toy:promise", "toy:thanks", "toy:errand"]);
			expect(await sql`select from views.duties where subject = ${asked.id}`).toHaveLength(0);
			expect(await sql`select from duty_leases where duty like ${`%${asked.id}`}`).toHaveLength(0);
		});

		test("is run anew where what it found does not hold any more, or another process has written since", async () => {
			const { sequencer } = process_("ahead");
			const before = await headNow();
			await send(sequencer, message(agent("first"), "toy:promise"));
			const mine = await headNow();
			const taken = async (aheads: ReturnType<typeof aheadOf>) =>
				said(await sequencer.submit(message(agent("early bird"), "toy:promise"), [], Date.now(), aheads));
			const [withErrand, without] = [
				["toy:promise", "toy:thanks", "toy:errand"],
				["toy:promise", "toy:thanks"],
			];
			expect(await taken(aheadOf(before, () => undefined))).toEqual(without);
			expect(await taken(aheadOf(before, () => "found"))).toEqual(withErrand);
			await send(process_("another").sequencer, message(agent("elsewhere"), "toy:promise"));
			expect(await taken(aheadOf(mine, () => "found"))).toEqual(without);
			expect(await taken(aheadOf(await headNow(), () => "found"))).toEqual(withErrand);
			for (const { id } of await sql`select id from views.duties`) await sequencer.meet(id, "found late");
		});
	});

	test("an errand that takes long is no nearer to being parked when it fails for once", async () => {
		let time = Date.now();
		const one = process_("slow", { now: () => time });
		const alarms: string[] = [];
		let sought = 0;
		const runner = new Runner({
			...one,
			sql,
			ports: {
				async seek() {
					if (++sought === 8) throw new Error("the errand boy stumbled");
					return sought > 8 ? "at last" : undefined;
				},
			},
			process: "slow",
			now: () => time,
			alarm: (duty) => alarms.push(duty.id),
		});
		open.push(runner);
		const asked = message(agent("patient"), "toy:promise");
		await send(one.sequencer, asked);
		runner.take(one.committed.flatMap(({ prepare }) => prepare));
		const met = () => sql`select from messages where antecedent = ${asked.id} and operation = 'toy:errand'`;
		while ((await met()).length === 0) {
			await pause(20);
			time += 5_000;
			await runner.look();
		}
		expect(sought).toBe(9);
		expect(alarms).toEqual([]);
	});

	test("an errand is no nearer to being parked by a database that is away", async () => {
		let away = false;
		const one = process_("cut off", {
			step() {
				if (away) throw Object.assign(new Error("no space left on device"), { code: "53100" });
			},
		});
		const alarms: string[] = [];
		const runner = new Runner({
			...one,
			sql,
			ports: { seek: async () => "at last" },
			process: "cut off",
			now: Date.now,
			alarm: (duty) => alarms.push(duty.id),
		});
		open.push(runner);
		const asked = message(agent("cut off"), "toy:promise");
		await send(one.sequencer, asked);
		// As if it had been tried already as often as it may be but once.
		await sql`update duty_leases set tries = 4, leased_until = 0`;
		away = true;
		const lease = () => sql`select tries, parked, error from duty_leases`;
		await runner.look();
		while ((await lease())[0]!.tries !== 2) await pause(20);
		expect(await lease()).toEqual([{ tries: 2, parked: false, error: null }]);

		away = false;
		await sql`update duty_leases set leased_until = 0`;
		const met = () => sql`select from messages where antecedent = ${asked.id} and operation = 'toy:errand'`;
		while ((await met()).length === 0) await runner.look().then(() => pause(20));
		expect(alarms).toEqual([]);
	});

	test("an errand that fails five times is parked and alarmed, and stops nothing else", async () => {
		let time = Date.now();
		const one = process_("sick", { now: () => time });
		const alarms: string[] = [];
		const runner = new Runner({
			...one,
			sql,
			ports: { seek: () => Promise.reject(new Error("the errand boy is ill")) },
			process: "sick",
			now: () => time,
			alarm: (duty) => alarms.push(duty.id),
		});
		open.push(runner);
		const asked = message(agent("parked"), "toy:promise");
		await send(one.sequencer, asked);
		runner.take(one.committed.flatMap(({ prepare }) => prepare));
		while (alarms.length === 0) {
			await pause(20);
			time += 300_000;
			await runner.look();
		}
		expect(alarms).toEqual([`toy:errand:${asked.id}`]);
		expect(await sql`select tries, parked from duty_leases`).toEqual([{ tries: 5, parked: true }]);
		expect(
			(await send(one.sequencer, message(agent("unharmed"), "toy:gift", { to: bob.key, amount: 1 }))).kind,
		).toBe("logged");
	});
});

describe("rebuild and verify", () => {
	test("a rebuild folds the same views while writers go on, and every process drops what it had cached", async () => {
		const a = process_("a");
		await send(a.sequencer, message(agent("before"), "toy:gift", { to: bob.key, amount: 3 }));
		const [rebuilt] = await Promise.all([
			rebuild(sql, new Machine(toys, theExchange.key)),
			...Array.from({ length: 30 }, (_, i) =>
				send(a.sequencer, message(agent(`during ${i}`), "toy:gift", { to: bob.key, amount: 1 })),
			),
		]);
		await send(a.sequencer, message(agent("before"), "toy:gift", { to: bob.key, amount: 7 }));
		expect(
			(await send(a.sequencer, message(agent("before"), "toy:gift", { to: bob.key, amount: 1 }))).kind,
		).toBe("refused");
		expect(rebuilt.epoch).toBe(1);
		const verdict = await verifyLog(sql, new Machine(toys, theExchange.key));
		expect(verdict.faults).toEqual([]);
		expect(verdict.tables.find(({ name }) => name === "toy_balances")!.rows).toBeGreaterThan(10);
	});

	test("verify says where a view, a signature or the tree is not what the log makes of it", async () => {
		await sql`update views.toy_balances set amount = amount + 1 where owner = ${bob.key}`;
		await sql`alter table messages disable trigger all`;
		await sql`update messages set signature = repeat('0', 128) where seq = 3`;
		await sql`update messages set received_at = received_at + 1 where seq = 1`;
		const { faults } = await verifyLog(sql, new Machine(toys, theExchange.key));
		expect(faults).toContain("message 3: the signature does not verify");
		expect(faults).toContain("the head's tree is not the tree over the log");
		expect(faults.some((fault) => fault.startsWith("the view toy_balances differs"))).toBe(true);
	});
});

test("a story in memory folds to the same rows as its replay", () => {
	const story = new Story(toys);
	story.given(ada.says("toy:gift", { to: bob.key, amount: 4 }), ada.says("toy:promise", {}));
	expect(story.tables(story.replayed())).toEqual(story.tables());
	expect(story.when(ada.says("toy:gift", { to: bob.key, amount: 7 }))).toMatchObject({
		refused: { code: "toy-short" },
	});
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
