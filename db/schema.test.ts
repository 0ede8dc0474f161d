import { readFile } from "node:fs/promises";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Machine } from "../lib/log/machine";
import { rebuild } from "../lib/log/replay";
import { operations } from "../lib/operations";
import journal from "./migrations/meta/_journal.json";
import * as agents from "./schema/agents";
import * as board from "./schema/board";
import * as exchange from "./schema/exchange";
import * as log from "./schema/log";
import * as rails from "./schema/rails";
import * as scrip from "./schema/scrip";
import { scratchDatabase } from "./scratch";

const schema = generateDrizzleJson({ ...agents, ...board, ...exchange, ...log, ...rails, ...scrip });

describe("the migrations", () => {
	test("leave drizzle-kit generate nothing to do", async () => {
		const newest = `${String(journal.entries.at(-1)!.idx).padStart(4, "0")}_snapshot.json`;
		const known = JSON.parse(await readFile(new URL(`migrations/meta/${newest}`, import.meta.url), "utf8"));
		expect(await generateMigration(known, schema)).toEqual([]);
	});

	test("make what db/schema says, to the last name, column, check and index", async () => {
		const [migrated, made] = await Promise.all([scratchDatabase(), scratchDatabase()]);
		await made.sql`drop schema views, public cascade`;
		await made.sql`create schema public`;
		for (const statement of await generateMigration(generateDrizzleJson({}), schema))
			await made.sql.unsafe(statement);
		const [one, other] = await Promise.all([migrated, made].map(({ sql }) => drawn(sql)));
		expect(one!.length).toBeGreaterThan(400);
		expect(one).toEqual(other);
		await Promise.all([migrated.drop(), made.drop()]);
	});

	test("still describe the views after a rebuild, to the last name, so that the next one fits them", async () => {
		const { sql, drop } = await scratchDatabase();
		await sql`insert into head values (true, 0, 0, 0, 0, '{}', 'key')`;
		const before = await drawn(sql);
		await rebuild(sql as unknown as Sql, new Machine(operations, "key"));
		expect(await drawn(sql)).toEqual(before);
		await drop();
	});
});

describe("the database itself refuses", () => {
	let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
	let sql: typeof scratch.sql;
	beforeAll(async () => {
		scratch = await scratchDatabase();
		sql = scratch.sql;
		await sql`insert into messages values (1, 'id', 'scrip:mint', 'sender', 1000, null, '{}', '{}', 'signature')`;
		await sql`insert into contents values ('hash', 4, 'text')`;
		await sql`insert into head values (true, 1, 1000, 1, 0, '{}', 'key')`;
		await sql`insert into views.purses values ('ada', 'hot', 5), ('issued', 'hot', -5)`;
		await sql`insert into views.settlements values ('order', 9, 'complete', 'complete', 1000, 0, 2, 0, 0, 0, 98, 100)`;
	});
	afterAll(() => scratch.drop());

	const refused = {
		"a change of what is in the log": "update messages set sender = 'another'",
		"to take a message out of the log": "delete from messages",
		"to empty the log": "truncate messages",
		"to empty the log by way of another table": "truncate contents, messages",
		"another text for a content's hash": "update contents set body = 'tale'",
		"to lose all contents at once": "truncate contents",
		"a head that goes back": "update head set seq = 0",
		"a time that goes back": "update head set received_at = 999",
		"another exchange's key for the same log": "update head set exchange_key = 'another'",
		"to lose the head": "delete from head",
		"to empty the head": "truncate head",
		"a second head": "insert into head values (false, 1, 1000, 1, 0, '{}', 'key')",
		"a second message of the same number":
			"insert into messages values (1, 'other', 'scrip:mint', 'sender', 1000, null, '{}', '{}', 'signature')",
		"a second message of the same id":
			"insert into messages values (2, 'id', 'scrip:mint', 'sender', 1000, null, '{}', '{}', 'signature')",
		"a purse below zero": "update views.purses set amount = amount - 6 where owner = 'ada'",
		"a posting of nothing": "insert into views.postings values (1, 0, 'ada', 'hot', 'bob', 'hot', 0, 'sale')",
		"a second settlement of an order":
			"insert into views.settlements values ('order', 10, 'refund', 'refund', 1000, 100, 0, 0, 0, 0, 0, 100)",
		"a settlement that pays out more than was held":
			"insert into views.settlements values ('another', 10, 'complete', 'complete', 1000, 0, 2, 0, 0, 0, 99, 100)",
		"a refund of a part":
			"insert into views.settlements values ('another', 10, 'refund', 'refund', 1000, 50, 2, 0, 0, 0, 48, 100)",
	};
	for (const [what, statement] of Object.entries(refused))
		test(what, async () => {
			// 23: an integrity constraint, the guards' own among them.
			await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
		});

	test("and lets the log grow, its head advance, what nobody refers to be swept, and only issued owe", async () => {
		await sql`insert into messages values (2, 'next', 'scrip:mint', 'sender', 1000, null, '{}', '{}', 'signature')`;
		await sql`update head set seq = 2, received_at = 1001, batch = 2`;
		await sql`delete from contents`;
		await sql`update views.purses set amount = amount - 1 where owner = 'issued'`;
		expect(await sql`select seq from messages order by seq`).toEqual([{ seq: "1" }, { seq: "2" }]);
	});
});

/** Every table's columns, constraints and indexes, a line each, as the database itself would write them. */
async function drawn(sql: Pick<Sql, "unsafe">): Promise<string[]> {
	const rows = await sql.unsafe(`
		with tables as (
			select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where c.relkind = 'r' and n.nspname in ('public', 'views')
		)
		select t.name || ': ' || line as line from tables t, lateral (
			select concat_ws(' ', attname, format_type(atttypid, atttypmod), case when attnotnull then 'not null' end,
				'default ' || pg_get_expr(adbin, adrelid)) as line
				from pg_attribute a left join pg_attrdef d on adrelid = attrelid and adnum = attnum
				where attrelid = t.oid and attnum > 0
			union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = t.oid
			union all select pg_get_indexdef(indexrelid) from pg_index where indrelid = t.oid
		) as lines
		order by 1`);
	return rows.map(({ line }) => line);
}
