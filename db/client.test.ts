import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { connect } from "./client";
import { type ScratchCluster, scratchCluster } from "./scratch";

// Its own, because a backend that is killed takes all others of its cluster with it; and with fsync, because
// what was acknowledged before a kill must be found after it.
let cluster: ScratchCluster;
let url: string;
beforeAll(async () => {
	cluster = await scratchCluster({ fsync: true });
	const database = await cluster.database({ max: 1 });
	await database.sql.end();
	url = database.url;
});
afterAll(() => cluster.stop());

describe("a client", () => {
	it("speaks UTC under our name and keeps the server's notices to itself", async () => {
		const sql = connect(url, { max: 1 });
		const [row] =
			await sql`select current_setting('TimeZone') as zone, current_setting('application_name') as name`;
		expect(row).toEqual({ zone: "UTC", name: "weekly-agent-exchange" });
		const printed: unknown[] = [];
		const { log } = console;
		console.log = (...words: unknown[]) => printed.push(words);
		await sql`drop table if exists never_made`;
		console.log = log;
		expect(printed).toEqual([]);
		await sql.end();
	});

	it("prepares statements, so that one sent again is not planned again", async () => {
		const sql = connect(url, { max: 1 });
		for (const n of [1, 2, 3]) await sql`select ${n}::int as again`;
		const prepared = await sql`select statement from pg_prepared_statements where statement like '%as again'`;
		expect(prepared).toHaveLength(1);
		await sql.end();
	});

	it("leaves int8 as text unless the caller says otherwise", async () => {
		const plain = connect(url, { max: 1 });
		expect(await plain`select 9007199254740993::int8 as micro`).toEqual([{ micro: "9007199254740993" }]);
		await plain.end();
		const exact = connect(url, { max: 1, types: { bigint: postgres.BigInt } });
		expect(await exact`select 9007199254740993::int8 as micro`).toEqual([{ micro: 9007199254740993n }]);
		await exact.end();
	});

	it("lets the URL name the application", async () => {
		const sql = connect(`${url}?application_name=bench`, { max: 1 });
		expect(await sql`show application_name`).toEqual([{ application_name: "bench" }]);
		await sql.end();
	});

	it("answers soon when nobody listens", async () => {
		const sql = connect("postgres://postgres@127.0.0.1:1/postgres", { max: 1 });
		await expect(sql`select 1`).rejects.toMatchObject({ code: "ECONNREFUSED" });
		await sql.end();
	});
});

// What db/patches changes in postgres.js. Each of these fails without the patch.
describe("when a backend dies", () => {
	function strike(pid: number, signal: "SIGTERM" | "SIGKILL") {
		try {
			process.kill(pid, signal);
		} catch {
			// It has ended by itself since it was listed.
		}
	}
	/** Until that backend is gone and the server serves others again, after a recovery if need be. */
	async function recovered(pid: number) {
		const sql = connect(url, { max: 1 });
		const gone = async () => (await sql`select from pg_stat_activity where pid = ${pid}`).length === 0;
		while (!(await gone().catch(() => false))) await sleep(20);
		await sql.end();
	}
	/** As an operator would by SIGTERM, or the kernel by SIGKILL, on which the whole cluster recovers. */
	async function kill(pid: number, signal: "SIGTERM" | "SIGKILL") {
		strike(pid, signal);
		await recovered(pid);
	}
	/** Until that backend is at what the test has it do. */
	async function sleeps(pid: number) {
		const sql = connect(url, { max: 1 });
		const at = () => sql`select from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`;
		while ((await at()).length === 0) await sleep(20);
		await sql.end();
	}
	const pidOf = async (sql: postgres.ISql) => Number((await sql`select pg_backend_pid() as pid`)[0]?.pid);

	for (const signal of ["SIGTERM", "SIGKILL"] as const)
		it(`the statement it ran and the transaction around it reject, and the pool serves on (${signal})`, async () => {
			const sql = connect(url, { max: 1 });
			let statement: Promise<unknown> | undefined;
			let killed: Promise<void> | undefined;
			const transaction = sql.begin(async (tx) => {
				const pid = await pidOf(tx);
				statement = tx`select pg_sleep(60)`.execute();
				killed = sleeps(pid).then(() => kill(pid, signal));
				await statement;
			});
			await expect(transaction).rejects.toThrow();
			await expect(statement).rejects.toThrow();
			await killed;
			expect(await sql`select ${1}::int as n`).toEqual([{ n: 1 }]);
			await sql.end();
		});

	/** A message of PostgreSQL's protocol. */
	const says = (type: string, body: string) => {
		const length = Buffer.alloc(4);
		length.writeInt32BE(4 + body.length);
		return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
	};
	const welcome = Buffer.concat([says("R", "\0\0\0\0"), says("Z", "I")]);
	const terminated = says("E", "SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0");
	it.each<[how: string, code: string, ends: (line: Socket) => void]>([
		["reset", "ECONNRESET", (line) => line.once("data", () => line.resetAndDestroy())],
		["terminated", "57P01", (line) => line.end(terminated)],
	])("the client it served ends at once when its question has failed (%s)", async (_, code, ends) => {
		const server = createServer((line) => {
			line.on("error", () => {});
			line.once("data", () => {
				line.write(welcome);
				setImmediate(ends, line);
			});
		});
		await once(server.listen(0, "127.0.0.1"), "listening");
		const { port } = server.address() as AddressInfo;
		const sql = connect(`postgres://postgres@127.0.0.1:${port}/postgres`, { max: 1 });
		await expect(sql`select 1`).rejects.toMatchObject({ code });
		await sql.end();
		server.close();
	});

	it("its transaction cannot write outside of itself once the connection is open anew", async () => {
		const sql = connect(url, { max: 1 });
		await sql`create table outside (n int)`;
		const transaction = sql.begin(async (tx) => {
			await kill(await pidOf(tx), "SIGTERM");
			await sql`select 'the connection is open anew'`;
			await tx`insert into outside values (${1})`;
		});
		await expect(transaction).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
		await sleep(50);
		expect(await sql`select n from outside`).toEqual([]);
		await sql.end();
	});

	it("its rollback does not undo the transaction that has the connection now", async () => {
		const sql = connect(url, { max: 1 });
		await sql`create table stranger (n int)`;
		let fail = () => {};
		const dead = sql.begin(async (tx) => {
			await kill(await pidOf(tx), "SIGTERM");
			await new Promise<void>((_, reject) => {
				fail = () => reject(new Error("the dead one gives up"));
			});
		});
		await expect(dead).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
		await sql.begin(async (tx) => {
			await tx`insert into stranger values (1)`;
			fail();
			await sleep(50);
			await tx`insert into stranger values (2)`;
		});
		expect(await sql`select n from stranger order by n`).toEqual([{ n: 1 }, { n: 2 }]);
		await sql.end();
	});

	it("a cursor rejects instead of ending as if every row had been read", async () => {
		const sql = connect(url, { max: 1 });
		const readAll = async () => {
			for await (const [row] of sql`select pg_backend_pid() as pid from generate_series(1, 1000)`.cursor(10))
				await kill(Number(row?.pid), "SIGTERM").catch(() => {});
		};
		await expect(readAll()).rejects.toThrow();
		expect(await sql`select ${1}::int as n`).toEqual([{ n: 1 }]);
		await sql.end();
	});

	it("a reserved connection rejects and, released, does not poison the pool", async () => {
		const sql = connect(url, { max: 1 });
		const reserved = await sql.reserve();
		await kill(await pidOf(reserved), "SIGTERM");
		await expect(reserved`select ${1}::int`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
		reserved.release();
		expect(await sql`select ${1}::int as n`).toEqual([{ n: 1 }]);
		await sql.end();
	});

	for (const build of ["import", "require"] as const)
		it(`a process that writes through ${build} lives on, and every pair it was promised is whole`, async () => {
			const admin = connect(url, { max: 1 });
			await admin`drop table if exists pairs`;
			await admin`create table pairs (pair int, part text)`;
			await admin.end();

			const program = fileURLToPath(new URL("./fixtures/bystander.ts", import.meta.url));
			const child = spawn(process.execPath, ["--import", "tsx", program, url, build], {
				stdio: ["pipe", "pipe", "pipe"],
			});
			onTestFinished(() => void child.kill("SIGKILL"));
			const died = once(child, "exit");
			const [output, complaints] = [text(child.stdout), text(child.stderr)];
			await once(child.stdout, "data");

			let written = 0;
			for (let round = 0; round < 30; round++) {
				const sql = connect(url, { max: 1 });
				// It has got on since the last blow, and is in the middle of more.
				const count = async () => Number((await sql`select count(*) as n from pairs`)[0]?.n);
				for (let before = written; written <= before; await sleep(20))
					written = await count().catch(() => written);
				// Every tenth by SIGKILL: a backend in the middle of whatever it is at.
				const rows =
					await sql`select pid from pg_stat_activity where application_name = 'postgres.js' limit 2`.catch(
						() => [],
					);
				for (const { pid } of rows) strike(pid, round % 10 === 9 ? "SIGKILL" : "SIGTERM");
				await sql.end();
			}
			await recovered(0);
			child.stdin.end();
			expect(await died, await complaints).toEqual([0, null]);

			const seen = JSON.parse((await output).trim().split("\n").at(-1)!);
			expect(seen.answer).toBe("at the end");
			expect(seen.refused).toBeGreaterThan(0);
			const after = connect(url, { max: 1 });
			const whole = await after`select pair from pairs group by pair having count(*) = 2`;
			const halves = await after`select pair from pairs group by pair having count(*) <> 2`;
			expect(halves).toEqual([]);
			const found = new Set(whole.map(({ pair }) => pair));
			expect(seen.acknowledged.filter((pair: number) => !found.has(pair))).toEqual([]);
			expect(seen.acknowledged.length).toBeGreaterThan(0);
			await after.end();
		});
});
