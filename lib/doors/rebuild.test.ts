import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../db/client";
import { Machine } from "../log/machine";
import { rebuild, verifyLog } from "../log/replay";
import { operations } from "../operations";
import { opened, type Visit } from "./given";

let visit: Visit;
let sql: Sql;
/** More than are read from the log in one go, twice. */
const MESSAGES = 2_300;

beforeAll(async () => {
	visit = await opened({ embedder: "lexical" });
	sql = connect(visit.databaseUrl, { max: 4 }) as Sql;
	for (let sent = 0; sent < MESSAGES; sent += 460) {
		const profiles = Array.from({ length: 460 }, (_, i) =>
			JSON.stringify(visit.agent().says("agent:profile", { name: `Agent ${sent + i}\t\\N "quoted"\n` })),
		);
		const answers = await (await visit.batch(profiles)).text();
		expect(answers.match(/"status":201/g)).toHaveLength(460);
	}
	const [ada, { operator }] = [visit.agent(), visit];
	const put = {
		description: "A tab\t, a \\N and a line\r\n",
		content: "Steps. ".repeat(90),
		token_cost: 9_000,
	};
	for (const message of [
		operator.says("scrip:mint", { recipient: ada.key, amount: 900, reference: "one" }),
		ada.says("exchange:put", { ...put, content_type: "plan" }),
	]) {
		const response = await visit.post(message, { Prefer: "wait=20" });
		expect(response.status, await response.text()).toBe(201);
	}
	// Nobody writes: what differs afterwards is the rebuild's.
	await visit.house.runner.close();
}, 120_000);
afterAll(async () => {
	await sql.end();
	await visit.close();
});

const machine = () => new Machine(operations, visit.house.key);
const indexes = () =>
	sql`select tablename, indexdef from pg_indexes where schemaname = 'views' order by tablename, indexname`;
const constraints = () =>
	sql`select conrelid::regclass::text as of, conname, pg_get_constraintdef(oid) as is from pg_constraint
		where connamespace = 'views'::regnamespace order by 1, 2`;
const epoch = async () => (await sql`select epoch from head`)[0]!.epoch;

test("a rebuild makes the same rows, indexes and constraints, of a log that is read in several goes", async () => {
	const before = [await indexes(), await constraints()];
	const was = await epoch();
	const { messages } = await rebuild(sql, machine());
	expect(messages).toBeGreaterThan(MESSAGES);
	expect([await indexes(), await constraints()]).toEqual(before);
	expect(await epoch()).toBe(was + 1);
	const { faults, tables } = await verifyLog(sql, machine());
	expect(faults).toEqual([]);
	expect(tables.find(({ name }) => name === "profiles")?.rows).toBe(MESSAGES);
	expect(tables.find(({ name }) => name === "history")?.rows).toBeGreaterThan(2);
}, 60_000);

test("one that ends on the way leaves everything as it was, no connection held, and the next goes through", async () => {
	for (const page of [1, 2, 3]) {
		const was = await epoch();
		let folded = 0;
		const failing = rebuild(sql, machine(), () => {
			if (++folded === page) throw new Error("the power went out");
		});
		await expect(failing).rejects.toThrow("the power went out");
		expect(await epoch()).toBe(was);
		expect((await verifyLog(sql, machine())).faults).toEqual([]);
		await Promise.all(Array.from({ length: 8 }, () => sql`select pg_sleep(0.01)`));
	}
	await rebuild(sql, machine());
	expect((await verifyLog(sql, machine())).faults).toEqual([]);
}, 120_000);

test("one whose rows the database does not take says so, and changes nothing", async () => {
	const was = await epoch();
	await sql`alter table views.history add constraint never check (seq < 0) not valid`;
	await expect(rebuild(sql, machine())).rejects.toThrow(/never/);
	await sql`alter table views.history drop constraint never`;
	expect(await epoch()).toBe(was);
	await rebuild(sql, machine());
	expect((await verifyLog(sql, machine())).faults).toEqual([]);
});
