import type { Sql, TransactionSql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../db/client";
import { linesOf, opened, type Visit } from "../../lib/doors/given";

/** What can be wrong with a database that is there: each is begun, and ends by itself or by an administrator. */
let visit: Visit;
let sql: Sql;
let server: Sql;
let database: string;
beforeAll(async () => {
	visit = await opened({ embedder: "lexical", patienceMs: 400 });
	database = new URL(visit.databaseUrl).pathname.slice(1);
	sql = connect(visit.databaseUrl, { max: 2 }) as Sql;
	server = connect(process.env.SCRATCH_URL!, { max: 1 }) as Sql;
	await sql`
		create function full_up() returns trigger language plpgsql as
		$$ begin raise exception 'could not extend file: no space left on device' using errcode = '53100'; end $$`;
});
afterAll(async () => {
	await sql.end();
	await server.end();
	await visit.close();
});

interface Trouble {
	begin(): Promise<unknown>;
	end(): Promise<unknown>;
}

const full = (table: string, deferred = ""): Trouble => ({
	begin: () =>
		sql.unsafe(`create ${deferred && "constraint"} trigger full_up ${deferred ? "after" : "before"} insert on ${table}
			${deferred} for each row execute function full_up()`),
	end: () => sql.unsafe(`drop trigger full_up on ${table}`),
});

const everybodyOut = () => server`
	select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database}`;

/** Someone else's transaction that stands open. */
function held(what: (tx: TransactionSql) => Promise<unknown>): Trouble {
	let letGo = () => {};
	let over: Promise<unknown>;
	return {
		begin: () =>
			new Promise<void>((begun) => {
				over = sql.begin(async (tx) => {
					await what(tx);
					begun();
					await new Promise<void>((resolve) => {
						letGo = resolve;
					});
				});
			}),
		end() {
			letGo();
			return over;
		},
	};
}

/** Everything that a message changes. What is stored of its content before its turn is not of it until then. */
async function dump(): Promise<string> {
	const tables = await sql`
		select table_schema || '.' || table_name as name from information_schema.tables
		where table_schema = 'views' or table_name in ('messages', 'head', 'batches', 'limits') order by 1`;
	let all = "";
	for (const { name } of tables) {
		const [row] =
			await sql`select md5(string_agg(t::text, '|' order by t::text)) as rows from ${sql(name)} t`;
		all += `${name} ${row!.rows}\n`;
	}
	return all;
}

const profile = (name: string) => visit.agent().says("agent:profile", { name });
const put = (name: string, size: number) =>
	visit.agent().says("exchange:put", {
		description: name,
		content: `${name} `.repeat(Math.ceil(size / (name.length + 1))),
		token_cost: 1_000,
		content_type: "data",
	});

describe.each<[string, Trouble]>([
	["has no space left for a message", full("messages")],
	["has no space left when it comes to COMMIT", full("messages", "deferrable initially deferred")],
	["has no space left for a content", full("contents")],
	[
		"takes no writes",
		{
			begin: async () => {
				await server.unsafe(`alter database "${database}" set default_transaction_read_only = on`);
				await everybodyOut();
			},
			end: async () => {
				await server.unsafe(`alter database "${database}" reset default_transaction_read_only`);
				await everybodyOut();
			},
		},
	],
	["lets nobody at the head of the log", held((tx) => tx`select from head for update`)],
])("a database that %s", (name, trouble) => {
	test("is answered for with 503 and when to try again, changes nothing, and the same is taken once it can be", async () => {
		const messages = [put(`small ${name}`, 100), put(`large ${name}`, 100_000)];
		const lines = [put(`a line ${name}`, 100), put(`another line ${name}`, 100_000)];
		const before = await dump();
		await trouble.begin();

		const [batch, ...answers] = await Promise.all([
			visit.batch(lines),
			...messages.map((one) => visit.post(one)),
		]);
		for (const answer of answers) {
			expect(answer.status).toBe(503);
			expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
		}
		for (const { status, problem } of await linesOf<{
			status: number;
			problem: { retry_after_seconds: number };
		}>(batch!))
			expect([status, problem.retry_after_seconds > 0]).toEqual([503, true]);
		// What is written can be read all the while.
		expect((await visit.get("/api/messages?limit=1")).status).toBe(200);

		await trouble.end();
		expect(await dump()).toBe(before);
		for (const one of [...messages, ...lines]) {
			const answer = await visit.post(one, { Prefer: "wait=20" });
			expect(answer.status).toBe(201);
			expect((await answer.json()).replies).toHaveLength(1);
		}
	});
});

test("more readers than there are connections, all of whose questions hang, are answered 503; once they do not, 200", async () => {
	const trouble = held((tx) => tx`lock table messages in access exclusive mode`);
	await trouble.begin();
	const ask = (i: number) => visit.get(`/api/messages?limit=${i + 1}`);
	const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(i)));
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
	expect(answers.every(({ headers }) => Number(headers.get("Retry-After")) > 0)).toBe(true);
	await trouble.end();
	expect((await ask(0)).status).toBe(200);
	expect((await visit.post(profile("after"))).status).toBe(201);
});
