import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../db/client";
import { scratchDatabase } from "../../db/scratch";
import { type Replicated, scratchReplica } from "../../db/scratch-replica";
import { compose, newKey } from "../client/compose";
import { api } from "./api";
import { found } from "./found";
import { headOf } from "./head";
import { type House, openHouse } from "./house";
import { type Questions, questions } from "./questions";

const { secret } = newKey();
const told: string[] = [];
let both: Replicated;
let house: House;
let asked: Questions;
let app: ReturnType<typeof api>;
/** The replica's own administrator. */
let standby: Sql;
beforeAll(async () => {
	both = await scratchReplica();
	standby = connect(both.replica, { max: 1 }) as Sql;
	house = await openHouse({
		url: both.primary,
		readUrl: both.replica,
		secret,
		now: Date.now,
		embedder: "lexical",
		tell: (_, line) => told.push(line),
	});
	await found(house, { treasuryFloatScrip: 1_000, operators: [] });
	asked = questions(house);
	app = api(house, asked);
});
afterAll(async () => {
	await standby?.end();
	await house?.close();
	await both?.stop();
});

/** Somebody new says who they are; gives where that stands. */
async function said(): Promise<{ key: string; seq: number }> {
	const me = newKey();
	const message = compose(me, house.key, "agent:profile", { name: `number ${me.key.slice(0, 8)}` });
	const reply = await house.door.submit(JSON.stringify(message));
	if (reply.refusal) throw new Error(reply.refusal.code);
	return { key: me.key, seq: reply.message.seq };
}

const isReplica = async (sql: Sql) => (await sql`select pg_is_in_recovery() as so`)[0]!.so as boolean;
const reached = async (seq: number) => {
	while ((await headOf(standby)) < seq) await sleep(20);
};
const became = async (standing: House["reads"]["standing"]) => {
	while (house.reads.standing !== standing) await sleep(20);
};

describe("a replica", () => {
	test("answers what is only shown, and nothing else", async () => {
		await reached(await headOf(house.sql));
		expect(await isReplica(house.readSql)).toBe(false);
		await house.reads.from(undefined, async () => {
			expect(await isReplica(house.readSql)).toBe(true);
			expect(await isReplica(house.sql)).toBe(false);
		});
		expect(house.reads.standing).toBe("read");
	});

	test("that stands still shows where it stands and how much is newer; an agent reads what it wrote all the same", async () => {
		const before = await headOf(house.sql);
		await reached(before);
		await standby`select pg_wal_replay_pause()`;
		const { key, seq } = await said();
		while (house.tail.seq < seq) await sleep(5);

		await house.reads.from(undefined, async () => {
			expect(house.reads.place()).toEqual({ seq: before, behind: 1 });
			expect(await asked.agent(key)).toEqual({ seq: before, found: undefined });
		});
		const answer = await app.request(`/api/agents/${key}`);
		expect([answer.status, answer.headers.get("Seq")]).toEqual([200, `${seq}`]);
		// Its browser names the place it has seen.
		await house.reads.from(seq, async () => {
			expect(await isReplica(house.readSql)).toBe(false);
			expect((await asked.agent(key)).found).toBeDefined();
			expect(house.reads.place()).toEqual({ seq, behind: 0 });
		});

		await standby`select pg_wal_replay_resume()`;
		await reached(seq);
		await house.reads.from(seq, async () => expect(await isReplica(house.readSql)).toBe(true));
		expect((await app.request(`/api/agents/${key}`)).headers.get("Seq")).toBe(`${seq}`);
	});

	test("is waited for by who has written, where it is there in a moment", async () => {
		for (let i = 0; i < 20; i++) {
			const { key, seq } = await said();
			await house.reads.from(seq, async () => expect((await asked.agent(key)).found).toBeDefined());
			expect((await app.request(`/api/agents/${key}`)).status).toBe(200);
		}
	});

	test("that ends a question is not asked it again: the primary is", async () => {
		const cut = async (sql: Sql) => {
			const places: boolean[] = [];
			await sql.begin(async (tx) => {
				places.push((await tx`select pg_is_in_recovery() as so`)[0]!.so);
				if (places.length === 1) await tx`select pg_terminate_backend(pg_backend_pid())`;
			});
			return places;
		};
		await house.reads.from(undefined, async () => {
			expect(await cut(house.readSql)).toEqual([true, false]);
			expect(await house.readSql`select 1 as one`).toEqual([{ one: 1 }]);
		});
		await became("read");
	});

	test("that is gone is told once and costs nobody an answer, and is read again when it is back", async () => {
		const { key } = await said();
		told.length = 0;
		await both.killReplica();
		for (let i = 0; i < 20; i++) {
			expect((await app.request(`/api/agents/${key}`)).status).toBe(200);
			await house.reads.from(undefined, async () => expect((await asked.agent(key)).found).toBeDefined());
		}
		await became("away");
		expect(told.filter((line) => line.includes("DATABASE_READ_URL"))).toEqual([
			"the database of DATABASE_READ_URL is away: pages read the primary",
		]);
		await both.startReplica();
		await became("read");
		expect(told.at(-1)).toBe("pages read the database of DATABASE_READ_URL");
		await house.reads.from(undefined, async () => expect(await isReplica(house.readSql)).toBe(true));
	});
});

describe("DATABASE_READ_URL", () => {
	const opened = (readUrl: string) =>
		openHouse({ url: both.primary, readUrl, secret, now: Date.now, embedder: "lexical" });

	test("may name the primary itself", async () => {
		const same = await opened(both.primary);
		await same.reads.from(undefined, async () => expect(await isReplica(same.readSql)).toBe(false));
		await same.close();
	});

	test("is refused where it takes writes of its own, whoever's log it holds", async () => {
		const other = await scratchDatabase();
		await expect(opened(other.url)).rejects.toThrow(/takes writes of its own, it follows nobody/);
		await other.drop();
	});

	test("is refused where it follows the log of another exchange", async () => {
		const other = await scratchDatabase();
		const others = openHouse({
			url: other.url,
			readUrl: both.replica,
			secret: newKey().secret,
			now: Date.now,
			embedder: "lexical",
		});
		await expect(others).rejects.toThrow(/holds the log of another exchange/);
		await other.drop();
	});

	test("is refused where nobody is let in, in a line that names it", async () => {
		const url = new URL(both.replica);
		url.password = "another";
		await expect(opened(url.href)).rejects.toThrow(
			/^The database of DATABASE_READ_URL cannot be read \(password authentication failed/,
		);
	});

	test("that is away at the start is waited for", async () => {
		const nobody = new URL(both.replica);
		nobody.port = "1";
		const house = await opened(nobody.href);
		expect(house.reads.standing).toBe("away");
		await house.reads.from(undefined, async () => expect(await isReplica(house.readSql)).toBe(false));
		await house.close();
	});

	test("is not read any more once it has been promoted, and refused at the next start", async () => {
		await standby`select pg_promote()`;
		await became("away");
		await expect(opened(both.replica)).rejects.toThrow(/takes writes of its own/);
	});
});
