import type { Sql, TransactionSql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Auditor } from "../lib/client/audit";
import { compose, newKey } from "../lib/client/compose";
import { api } from "../lib/doors/api";
import { hex } from "../lib/log/bytes";
import { bodyOf } from "../lib/log/message";
import { type Head, verifyCheckpoint } from "../lib/log/proof";
import { verifyLog } from "../lib/log/replay";
import { leafTiles } from "../lib/log/tree";
import { Witness } from "../lib/log/witness";
import { boardOf } from "./board";
import { chance } from "./chance";
import { type Market, openMarket } from "./market";

/**
 * What a superuser of the database can do to it, at random, each time on the same sound exchange: without triggers, and every
 * other time with the log's head made to fit what he did. An auditor who kept a checkpoint sees it from outside where it is
 * public; `npm run verify` sees it from inside wherever it is.
 */
const TAMPERS = Number(process.env.TAMPERS ?? 60);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = chance(SEED);

let market: Market;
let app: (sql: Sql) => ReturnType<typeof api>;
/** The checkpoint that the auditor, and the exchange beside its database, have kept. */
let kept: Head;
beforeAll(async () => {
	console.log(`${TAMPERS} tampers, SEED=${SEED}`);
	market = await openMarket();
	const { house } = market;
	app = (sql) => api({ ...house, sql, readSql: sql });
	await told();
	kept = (await headOf(house.sql))!;
});
afterAll(() => market.close());

/** A little of everything: sales of small and large goods, a dispute, a refund, a deal that is paid and closed. */
async function told(): Promise<void> {
	const board = boardOf(market);
	for (const tokens of [100, 600]) {
		const goods = await market.stocked({ tokens });
		const [done, other] = [await market.bought(goods), await market.bought(goods)];
		const on = (antecedent: string) => ({ antecedent });
		const entry = { entry_id: goods.id };
		await market.said(done.buyer.says("exchange:settle/complete", entry, on(done.deliver)));
		if (tokens === 100)
			await market.said(
				other.buyer.says(
					"exchange:settle/small-content-dispute",
					{ ...entry, auto_refund: true },
					on(other.deliver),
				),
			);
		else await market.disputed(other);
	}
	const { author, responder, response } = await board.answered();
	await market.minted(500, author);
	const { id: agree } = await market.said(author.says("board:agree", {}, { antecedent: response }));
	await market.said(author.says("board:pay", { amount: 20 }, { antecedent: agree }));
	await market.said(board.closes(responder, agree));
}

async function headOf(sql: Sql): Promise<Head | undefined> {
	const note = await (await app(sql).request("/api/checkpoint")).text();
	return verifyCheckpoint(note, market.house.key);
}

/** What an auditor finds who reads the log over HTTP. */
async function fromOutside(sql: Sql): Promise<string[]> {
	const head = await headOf(sql);
	const log = await app(sql).request("/api/messages", { headers: { Accept: "application/x-ndjson" } });
	const auditor = new Auditor(market.house.key, head ? [kept, head] : [kept]);
	await auditor.take((await log.text()).split("\n").filter((line) => line !== ""));
	const { faults, lost } = auditor.end();
	if (faults.length === 0) expect(lost).toBe(undefined);
	return faults;
}

/** What `npm run verify` finds. */
async function fromInside(sql: Sql): Promise<string[]> {
	const { faults } = await verifyLog(sql, market.house.machine, undefined, { heads: [kept], contents: true });
	return faults;
}

/** The database as it is within a transaction: what reads it on a snapshot of its own reads this one. */
function within(tx: TransactionSql): Sql {
	return new Proxy(tx, {
		get: (own, name) =>
			name === "begin"
				? (_: string, work: (sql: TransactionSql) => Promise<unknown>) => own.savepoint(work)
				: Reflect.get(own, name),
	}) as unknown as Sql;
}

class Undo extends Error {}

/** Does something to the database, looks, and undoes it. Undefined where PostgreSQL itself would not have it. */
async function tampered<T>(
	tamper: (tx: TransactionSql) => Promise<unknown>,
	look: (sql: Sql) => Promise<T>,
): Promise<T | undefined> {
	let seen: T | undefined;
	await market.house.sql
		.begin(async (tx) => {
			await tx`set local session_replication_role = replica`;
			await tamper(tx);
			seen = await look(within(tx));
			throw new Undo();
		})
		.catch((error) => {
			// 22, 23: values and constraints, for a tamper that makes no sense as it fell.
			if (!(error instanceof Undo) && !/^2[23]/.test(error.code ?? "")) throw error;
		});
	return seen;
}

// ---- What he does

type Tamper = { what: string; public: boolean; do(tx: TransactionSql): Promise<unknown> };

const seqs = () => 1 + random(kept.size);

const kinds: (() => Tamper)[] = [edit, edit, remove, swap, insert, truncate, content, view, view];

function edit(): Tamper {
	const seq = seqs();
	const [column, change] = one<[string, (tx: TransactionSql) => unknown]>([
		["body", (tx) => tx`body = overlay(body placing 'x' from ${1 + random(200)}::int for 1)`],
		["body", (tx) => tx`body = (select body from messages where seq = ${other(seq)})`],
		["body", (tx) => tx`body = regexp_replace(body, '"amount":\\d+', '"amount":77')`],
		["signature", (tx) => tx`signature = overlay(signature placing '0' from ${1 + random(128)}::int for 1)`],
		["signature", (tx) => tx`signature = (select signature from messages where seq = ${other(seq)})`],
		[
			"id",
			(tx) => tx`id = overlay(id placing ${one([..."0123456789abcdef"])} from ${1 + random(64)}::int for 1)`,
		],
		["id", (tx) => tx`id = 'none'`],
		["body", (tx) => tx`body = left(body, ${1 + random(100)}::int)`],
		["received_at", (tx) => tx`received_at = received_at + ${one([-60_000, -1, 1, 2, 1_000])}::int`],
		["sender", (tx) => tx`sender = ${newKey().key}`],
		["operation", (tx) => tx`operation = 'agent:profile'`],
		["antecedent", (tx) => tx`antecedent = ${"0".repeat(64)}`],
		["addressed", (tx) => tx`addressed = array[${newKey().key}]`],
	]);
	return {
		what: `message ${seq}: another ${column}`,
		// The columns that only help to find a message are not read to anybody.
		public: ["body", "signature", "id", "received_at"].includes(column),
		do: (tx) => tx`update messages set ${change(tx) as never} where seq = ${seq}`,
	};
}

function remove(): Tamper {
	const [seq, renumbers] = [seqs(), random(2) === 0];
	return {
		what: `message ${seq}: deleted${renumbers ? ", the others moved up" : ""}`,
		public: true,
		async do(tx) {
			await tx`delete from messages where seq = ${seq}`;
			if (renumbers) await shift(tx, seq, -1);
		},
	};
}

function swap(): Tamper {
	const a = seqs();
	const b = other(a);
	const times = random(2) === 0;
	return {
		what: `messages ${a} and ${b}: swapped${times ? " with their times" : ""}`,
		public: true,
		async do(tx) {
			const rows = await tx`select seq, received_at from messages where seq in (${a}, ${b}) order by seq`;
			await tx`update messages set seq = -seq where seq = ${a}`;
			await tx`update messages set seq = ${a} where seq = ${b}`;
			await tx`update messages set seq = ${b} where seq = ${-a}`;
			if (!times)
				for (const { seq, received_at } of rows)
					await tx`update messages set received_at = ${received_at} where seq = ${seq}`;
		},
	};
}

function insert(): Tamper {
	const [at, from] = [seqs(), seqs()];
	const kind = one(["a copy", "a forgery", "one signed by a stranger"]);
	return {
		what: `at ${at}: ${kind} inserted`,
		public: true,
		async do(tx) {
			await tx`drop index messages_id`;
			const [row] = await tx`select * from messages where seq = ${from}`;
			const [there] = await tx`select received_at from messages where seq = ${at}`;
			await shift(tx, at - 1, 1);
			const place = { seq: at, received_at: there!.received_at };
			if (kind === "one signed by a stranger") {
				const { id, signature, ...said } = compose(newKey(), market.house.key, "agent:profile", {
					name: "Mallory",
				});
				const own = { id, signature, sender: said.sender, operation: "agent:profile", body: bodyOf(said) };
				await tx`insert into messages ${tx({ ...own, antecedent: null, addressed: [], ...place })}`;
			} else {
				const id = kind === "a copy" ? row!.id : hex(crypto.getRandomValues(new Uint8Array(32)));
				await tx`insert into messages ${tx({ ...row, id, ...place })}`;
			}
		},
	};
}

function truncate(): Tamper {
	const last = random(kept.size);
	return {
		what: `all after ${last}: gone`,
		public: true,
		do: (tx) => tx`delete from messages where seq > ${last}`,
	};
}

function content(): Tamper {
	const skip = random(1_000);
	const gone = random(2) === 0;
	return {
		what: gone ? "a content: deleted" : "a content: another text",
		public: false,
		async do(tx) {
			const all = await tx`select sha256 from contents order by sha256`;
			const { sha256 } = all[skip % all.length]!;
			if (gone) await tx`delete from contents where sha256 = ${sha256}`;
			else
				await tx`update contents set body = overlay(body placing '~' from 3 for 1) where sha256 = ${sha256}`;
		},
	};
}

/** A row of a view: deleted, or one of its values another. */
function view(): Tamper {
	const [table, place, column, gone] = [random(1_000), random(1_000), random(1_000), random(3) === 0];
	const tamper: Tamper = {
		what: "a view",
		public: false,
		async do(tx) {
			const filled: string[] = [];
			for (const { name } of await tx`
				select table_name as name from information_schema.tables where table_schema = 'views' order by 1`) {
				const [row] = await tx`select from ${tx(`views.${name}`)} limit 1`;
				if (row) filled.push(name);
			}
			const name = filled[table % filled.length]!;
			const rows = await tx`select ctid::text as at from ${tx(`views.${name}`)} order by ctid`;
			const { at } = rows[place % rows.length]!;
			tamper.what = `the view ${name}: a row deleted`;
			if (gone) return tx`delete from ${tx(`views.${name}`)} where ctid = ${at}::text::tid`;
			const columns = await tx`
				select column_name as name, data_type as type from information_schema.columns
				where table_schema = 'views' and table_name = ${name}
					and data_type in ('text', 'bigint', 'integer', 'smallint', 'boolean') order by ordinal_position`;
			const { name: own, type } = columns[column % columns.length]!;
			tamper.what = `the view ${name}: another ${own}`;
			const value = {
				text: tx`coalesce(${tx(own)}, '') || 'x'`,
				boolean: tx`not coalesce(${tx(own)}, false)`,
			}[type as string];
			return tx`
				update ${tx(`views.${name}`)} set ${tx(own)} = ${value ?? tx`coalesce(${tx(own)}, 0) + 1`}
				where ctid = ${at}::text::tid`;
		},
	};
	return tamper;
}

/** Everything after `seq` moves by one. */
async function shift(tx: TransactionSql, seq: number, by: 1 | -1): Promise<void> {
	await tx`update messages set seq = -(seq + ${by}::int) where seq > ${seq}`;
	await tx`update messages set seq = -seq where seq < 0`;
}

/** The head made to fit the log as it now is. */
async function coverUp(tx: TransactionSql): Promise<void> {
	const witness = new Witness();
	for await (const tiles of leafTiles(tx, 0, 1_000_000)) witness.take(tiles.flat());
	await tx`update head set seq = ${witness.tree.size}, frontier = ${witness.tree.hashes.map(hex)}`;
}

function other(seq: number): number {
	return 1 + ((seq - 1 + 1 + random(kept.size - 1)) % kept.size);
}

function one<T>(of: readonly T[]): T {
	return of[random(of.length)]!;
}

/** Every table that says what the exchange is, as text: to know whether anything changed at all. */
async function dump(sql: Sql): Promise<string> {
	const tables = await sql`
		select table_schema || '.' || table_name as name from information_schema.tables
		where table_schema = 'views' or table_name in ('messages', 'contents') order by 1`;
	const rows = await Promise.all(
		tables.map(
			({ name }) => sql`
			select md5(string_agg(t::text, '|' order by t::text)) as rows from ${sql(name)} t`,
		),
	);
	return rows.map(([row]) => row!.rows).join();
}

describe("a superuser of the database", () => {
	test("who does nothing raises no alarm", async () => {
		const { sql } = market.house;
		expect(await fromOutside(sql)).toEqual([]);
		expect(await fromInside(sql)).toEqual([]);
		// Nor does a log that went on since the checkpoint that was kept.
		await market.said(market.agent().says("agent:profile", { name: "A newcomer" }));
		expect(await fromOutside(sql)).toEqual([]);
		expect(await fromInside(sql)).toEqual([]);
	});

	// A second each is enough on a machine that does ten other things.
	test("is found out whatever he does", { timeout: 600_000 + TAMPERS * 2_000 }, async () => {
		const { sql } = market.house;
		const whole = await dump(sql);
		const missed: string[] = [];
		const done = new Map<string, number>();
		for (let count = 0; count < TAMPERS; ) {
			const tamper = one(kinds)();
			const covers = random(2) === 0;
			const found = await tampered(
				async (tx) => {
					await tamper.do(tx);
					if (covers) await coverUp(tx);
				},
				async (tx) => ({
					same: (await dump(tx)) === whole,
					outside: tamper.public ? await fromOutside(tx) : undefined,
					inside: await fromInside(tx),
				}),
			);
			// A digit that was there already, or a value that the table does not take.
			if (!found || found.same) continue;
			count++;
			const [name] = tamper.what.split(/[\d:]/);
			done.set(name!, (done.get(name!) ?? 0) + 1);
			const how = `${tamper.what}${covers ? ", the head made to fit" : ""}`;
			if (found.inside.length === 0) missed.push(`${how}: not found from inside`);
			if (found.outside?.length === 0) missed.push(`${how}: not found from outside`);
		}
		console.log(Object.fromEntries(done));
		expect(missed).toEqual([]);
		expect(await dump(sql)).toBe(whole);
	});
});
