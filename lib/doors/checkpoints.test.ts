import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hex } from "../log/bytes";
import { verifyLog } from "../log/replay";
import { leafTiles } from "../log/tree";
import { Witness } from "../log/witness";
import { checkpointsFile, keepCheckpoints, keptHeads, readBehind, refuseAnotherLog } from "./checkpoints";
import { opened, type Visit } from "./given";
import { chainIn } from "./signer";

let visit: Visit;
let dataDir: string;
let told: unknown[];
beforeAll(async () => {
	visit = await opened();
});
afterAll(() => visit.close());
beforeEach(async () => {
	dataDir = await mkdtemp(join(tmpdir(), "exchange-checkpoints-"));
	told = [];
});
afterEach(() => rm(dataDir, { recursive: true }));

const says = async (name: string) => visit.post(visit.agent().says("agent:profile", { name }));
/** A start that takes this log for its own. */
const start = async () => {
	const { databaseUrl: url } = visit;
	const { key, signer } = visit.house;
	const tree = await refuseAnotherLog(url, dataDir, key);
	return keepCheckpoints({ url, dataDir, key, signer, tree, tell: (...what) => told.push(what) });
};
const ran = async (...names: string[]) => {
	const keeping = await start();
	for (const name of names) await says(name);
	await keeping.close();
};
const kept = async () => {
	const { sql, key } = visit.house;
	return keptHeads(dataDir, key, await chainIn(sql, key));
};
const sizes = async () => (await kept()).map(({ size }) => size);
const file = () => checkpointsFile(dataDir);

/** What a superuser does to the log, undone when the test is over. */
async function tampered(change: (sql: Sql) => Promise<unknown>, meanwhile: () => Promise<void>) {
	const { sql } = visit.house;
	const saved = await sql`select * from messages order by seq`;
	const [head] = await sql`select seq, frontier from head`;
	const freely = (work: (sql: Sql) => Promise<unknown>) =>
		sql.begin(async (tx) => {
			await tx`set local session_replication_role = replica`;
			await work(tx as unknown as Sql);
		});
	await freely(change);
	try {
		await meanwhile();
	} finally {
		await freely(async (tx) => {
			await tx`delete from messages`;
			await tx`insert into messages ${tx(saved)}`;
			await tx`update head set seq = ${head!.seq}, frontier = ${head!.frontier}`;
		});
	}
}

/** The head made to fit what the log now is: no trace is left in the database. */
async function coverUp(sql: Sql): Promise<void> {
	const witness = new Witness();
	for await (const tiles of leafTiles(sql, 0, 1_000)) witness.take(tiles.flat());
	await sql`update head set seq = ${witness.tree.size}, frontier = ${witness.tree.hashes.map(hex)}`;
}

describe("checkpoints beside the database", () => {
	test("are kept at the start and at the end, and say the head of each", async () => {
		const [head] = await visit.house.sql`select seq from head`;
		const before = Number(head!.seq);
		await ran("Ada", "Bob");
		expect(await sizes()).toEqual([before, before + 2]);
		await ran();
		expect(await sizes()).toEqual([before, before + 2]);
		await ran("Eve");
		expect(await sizes()).toEqual([before, before + 2, before + 3]);
		expect(told).toEqual([]);
		const { faults } = await verifyLog(visit.house.sql, visit.house.machine, undefined, {
			heads: await kept(),
			contents: true,
		});
		expect(faults).toEqual([]);
	});

	test("go on after one that a crash cut short", async () => {
		await ran("before");
		const whole = await sizes();
		const note = (await readFile(file(), "utf8")).slice(0, 60);
		await appendFile(file(), note);
		expect(await sizes()).toEqual(whole);
		await ran("after");
		expect(await sizes()).toEqual([...whole, whole.at(-1)! + 1]);
	});

	test("that this exchange did not sign are refused, and said which", async () => {
		await ran("Ada");
		const text = await readFile(file(), "utf8");
		const [size] = await sizes();
		await writeFile(file(), text.replace(`\n${size}\n`, `\n${size! + 1}\n`));
		await expect(start()).rejects.toThrow(
			`holds a checkpoint that this exchange did not sign (size ${size! + 1}): bring that file back`,
		);
	});

	test("are not signed for a head that does not follow from the last one: it is told", async () => {
		const keeping = await start();
		const before = await sizes();
		await says("Ada");
		await tampered(
			(sql) => sql`update head set frontier[1] = ${"0".repeat(64)}`,
			async () => keeping.close(),
		);
		expect(await sizes()).toEqual(before);
		expect(told).toEqual([["error", "keeping a checkpoint", expect.any(Error)]]);
	});
});

describe("a start on a log that its checkpoints contradict", () => {
	const refusedAfter = async (change: (sql: Sql) => Promise<unknown>, why: RegExp) => {
		await ran("Ada", "Bob", "Eve");
		const heads = await kept();
		await tampered(change, async () => {
			const refused = await start().catch((error: Error) => error.message);
			expect(refused).toMatch(why);
			expect(refused).toContain(`move ${file()} away`);
			expect(`${refused}`.split("\n")).toHaveLength(1);
			const { faults } = await verifyLog(visit.house.sql, visit.house.machine, undefined, { heads });
			expect(faults.join("\n")).toMatch(/checkpoint|tree|head says/);
		});
		await (await start()).close();
	};

	test("is refused when its end is gone, also when the head was made to fit", () =>
		refusedAfter(async (sql) => {
			await sql`delete from messages where seq > (select max(seq) - 2 from messages)`;
			await coverUp(sql);
		}, /it has \d+ messages, and a checkpoint in .* has \d+/));

	test("is refused when a message is another", () =>
		refusedAfter(async (sql) => {
			await sql`update messages set id = ${"ab".repeat(32)} where seq = 2`;
			await coverUp(sql);
		}, /its first \d+ messages are not those of a checkpoint/));

	test("is refused when a message came a millisecond later", () =>
		refusedAfter(async (sql) => {
			await sql`update messages set received_at = received_at + 1 where seq = 3`;
			await coverUp(sql);
		}, /its first \d+ messages are not those of a checkpoint/));

	test("is refused when the head was not made to fit", () =>
		refusedAfter(
			(sql) => sql`delete from messages where seq = (select max(seq) from messages)`,
			/it has \d+ messages, and a checkpoint|its head says/,
		));
});

describe("a start on a log whose head is right, and whose messages are not", () => {
	const foundAfter = async (change: (sql: Sql) => Promise<unknown>, why: RegExp) => {
		await ran("Ada", "Bob", "Eve");
		await tampered(change, async () => {
			await (await start()).close();
			const found: string[] = [];
			const { databaseUrl: url, house } = visit;
			const reading = readBehind({
				...{ url, dataDir, key: house.key },
				found: ({ message }) => found.push(message),
				tell: (...what) => told.push(what),
			});
			await reading.done;
			expect(found).toEqual([expect.stringMatching(why)]);
		});
		expect(told).toEqual([]);
	};

	test("goes on for as long as it takes to read them, and is then told which", () =>
		foundAfter(
			(sql) => sql`update messages set id = ${"ab".repeat(32)} where seq = 2`,
			/its first \d+ messages are not those of a checkpoint/,
		));
	test("is told that one is missing", () =>
		foundAfter((sql) => sql`delete from messages where seq = 3`, /changed from outside/));
	test("is told nothing when it ends before", async () => {
		await ran("Ada");
		const { databaseUrl: url, house } = visit;
		const found: Error[] = [];
		const tell = (...what: unknown[]) => told.push(what);
		await readBehind({ url, dataDir, key: house.key, found: (error) => found.push(error), tell }).close();
		expect([found, told]).toEqual([[], []]);
	});
});
