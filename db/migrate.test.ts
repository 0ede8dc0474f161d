import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scratchFolder } from "./fixtures/folder";
import { migrate, refuseOtherRelease } from "./migrate";
import { type ScratchCluster, scratchCluster, scratchDatabase } from "./scratch";

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let folder: string;
beforeAll(async () => {
	scratch = await scratchFolder();
	folder = scratch.path;
	await mkdir(join(folder, "meta"));
});
afterAll(() => scratch.remove());

/** Newer than any real migration, of which the scratch database has had all. */
const NEXT = Date.UTC(9999, 0);

async function write(...statements: string[]) {
	const entries = statements.map((_, idx) => ({
		idx,
		version: "7",
		when: NEXT + idx,
		tag: `${idx}_step`,
		breakpoints: true,
	}));
	for (const [idx, statement] of statements.entries())
		await writeFile(join(folder, `${idx}_step.sql`), statement);
	await writeFile(
		join(folder, "meta/_journal.json"),
		JSON.stringify({ version: "7", dialect: "postgresql", entries }),
	);
}

it("migrates once however many processes start at the same moment", async () => {
	const { url, sql, drop } = await scratchDatabase();
	await write("create table step (n int); select pg_sleep(0.2); insert into step values (1)");
	await Promise.all([migrate(url, folder), migrate(url, folder), migrate(url, folder)]);
	expect(await sql`select n from step`).toEqual([{ n: 1 }]);
	await drop();
});

it("applies what is new, and all of it or nothing", async () => {
	const { url, sql, drop } = await scratchDatabase();
	await write("create table step (n int)");
	await migrate(url, folder);
	await write("create table step (n int)", "insert into step values (2)", "insert into nowhere values (3)");
	await expect(migrate(url, folder)).rejects.toThrow();
	expect(await sql`select n from step`).toEqual([]);
	await write("create table step (n int)", "insert into step values (2)", "insert into step values (3)");
	await migrate(url, folder);
	expect(await sql`select n from step order by n`).toEqual([{ n: 2 }, { n: 3 }]);
	await drop();
});

it("gives every test file a database that no other sees", async () => {
	const [one, two] = await Promise.all([scratchDatabase(), scratchDatabase()]);
	await one.sql`create table mine (n int)`;
	expect(await two.sql`select to_regclass('mine') as found`).toEqual([{ found: null }]);
	await Promise.all([one.drop(), two.drop()]);
	await expect(two.sql`select 1`).rejects.toThrow();
});

it("keeps what was committed through the death of a scratch cluster's server", async () => {
	const cluster: ScratchCluster = await scratchCluster({ fsync: true });
	const { url, sql } = await cluster.database();
	await sql`create table kept as select 1 as n`;
	await cluster.kill();
	await expect(sql`select n from kept`).rejects.toThrow();
	await cluster.start();
	expect(new URL(cluster.url).port).toBe(new URL(url).port);
	expect(await sql`select n from kept`).toEqual([{ n: 1 }]);
	await sql.end();
	await cluster.stop();
});

it("refuses a database that a newer release has been at, in a line that says what to do", async () => {
	const { url, sql, drop } = await scratchDatabase();
	await refuseOtherRelease(sql as unknown as Sql);
	await sql`update drizzle.__drizzle_migrations set created_at = ${Date.UTC(9999, 0)}
		where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`;
	const line = /^The tables .* by a newer release than this one: start that release, or [^\n]*$/;
	await expect(migrate(url)).rejects.toThrow(line);
	await expect(refuseOtherRelease(sql as unknown as Sql)).rejects.toThrow(line);
	await drop();
});

it("tells who only reads of a database that an older release made how it is brought up to date", async () => {
	const { sql, drop } = await scratchDatabase();
	await sql`delete from drizzle.__drizzle_migrations
		where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`;
	await expect(refuseOtherRelease(sql as unknown as Sql)).rejects.toThrow(/an older release: npm start/);
	await drop();
});
