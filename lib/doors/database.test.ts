import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../db/client";
import { type Database, openDatabase } from "./database";
import { environment } from "./environment";

let dataDir: string;
let told: string[];
const open: Database[] = [];
beforeEach(async () => {
	dataDir = await mkdtemp(join(tmpdir(), "exchange-database-"));
	// Under root the database server is another user, who must get in here.
	await chmod(dataDir, 0o711);
	told = [];
});
afterEach(async () => {
	for (const database of open.splice(0)) await database.stop();
	await rm(dataDir, { recursive: true });
});

async function opened(lost: (error: unknown) => void = () => {}) {
	const settings = environment({ DATA_DIR: dataDir });
	const database = await openDatabase(settings, (level, line) => told.push(`${level}: ${line}`), lost);
	open.push(database);
	return database;
}

const postmaster = async () =>
	Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);

async function ask(url: string, question: string) {
	const sql = connect(url, { max: 1, connect_timeout: 5 });
	try {
		return (await sql.unsafe(question).values()).flat();
	} finally {
		await sql.end({ timeout: 1 });
	}
}

/** What it answers as soon as it does. */
async function untilAnswered(url: string, question: string): Promise<unknown[]> {
	for (;;) {
		const answer = await ask(url, question).catch(() => undefined);
		if (answer) return answer;
		await sleep(50);
	}
}

describe("the embedded database of a running exchange", () => {
	test("comes back where it was each time it is killed", async () => {
		const { url } = await opened();
		await ask(url, "create table kept as select 'a word' as word");
		for (let times = 1; times <= 2; times++) {
			process.kill(await postmaster(), "SIGKILL");
			while (told.length < times) await sleep(20);
			expect(await untilAnswered(url, "select word from kept")).toEqual(["a word"]);
		}
		expect(told).toEqual(Array(2).fill("warn: the embedded PostgreSQL has ended: starting it again"));
	});

	test("is shared by a second start, which keeps it when the first one ends", async () => {
		const first = await opened();
		await ask(first.url, "create table kept as select 'a word' as word");
		const second = await opened();
		expect(second.url).toBe(first.url);
		await first.stop();
		expect(await untilAnswered(second.url, "select word from kept")).toEqual(["a word"]);
		await second.stop();
		await expect(ask(second.url, "select 1")).rejects.toThrow();
	});

	test("is lost, in a line that says what to do, when it cannot come back", async () => {
		const lost = new Promise<Error>((tell) => void opened(tell as (error: unknown) => void));
		while (!open[0]) await sleep(20);
		await writeFile(join(dataDir, "postgres/PG_VERSION"), "17\n");
		process.kill(await postmaster(), "SIGKILL");
		expect((await lost).message).toMatch(/made by PostgreSQL 17 and this release brings 18: move [^\n]*$/);
	});

	test("is lost, in a line that says what to do, when its port is taken meanwhile", async () => {
		const lost = new Promise<Error>((tell) => void opened(tell as (error: unknown) => void));
		while (!open[0]) await sleep(20);
		const { url } = open[0];
		process.kill(await postmaster(), "SIGKILL");
		const stranger = createServer();
		const listen = () => stranger.listen(Number(new URL(url).port), "127.0.0.1");
		stranger.on("error", () => setTimeout(listen, 1));
		listen();
		expect((await lost).message).toBe(
			"The embedded PostgreSQL lost its port to another program: start again",
		);
		stranger.close();
	});
});
