import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as postgres } from "../../db/client";
import { type Replicated, scratchReplica } from "../../db/scratch-replica";
import { newKey } from "../../lib/client/compose";
import { connect } from "../../lib/client/connect";
import { launch, type Started, started } from "../started";
import { emptyDatabase } from "./given";

let both: Replicated;
let standby: Sql;
let exchange: Started;
beforeAll(async () => {
	both = await scratchReplica();
	standby = postgres(both.replica, { max: 1 }) as Sql;
	exchange = await started({
		DATABASE_URL: both.primary,
		DATABASE_READ_URL: both.replica,
		EMBEDDER: "lexical",
	});
});
afterAll(async () => {
	await exchange?.remove();
	await standby?.end();
	await both?.stop();
});

/** A page as somebody sees it whose browser has seen the log up to here: its status, its words, and where it says it stands. */
async function page(path: string, seen?: number) {
	const headers: Record<string, string> = seen === undefined ? {} : { Cookie: `seen=${seen}` };
	const answer = await fetch(`${exchange.url}${path}`, { headers });
	const html = await answer.text();
	const [, place] = /Log up to (#\d+[^<"\\]*)/.exec(html) ?? [];
	return { status: answer.status, html, place };
}

async function said(name: string) {
	const me = newKey();
	const { message } = await (await connect(exchange.url, me)).send("agent:profile", { name });
	return { path: `/agents/${me.key}`, seq: message.seq };
}

describe("a page", () => {
	test("says where the log stands that it shows; whoever has seen more is shown more", async () => {
		const { path, seq } = await said("first among them");
		expect((await page(path, seq)).html).toContain("first among them");

		while (Number((await standby`select seq from head`)[0]!.seq) < seq) await sleep(20);
		await standby`select pg_wal_replay_pause()`;
		const late = await said("told a moment ago");
		while (!(await page(late.path)).place?.includes("newer")) await sleep(20);
		expect(await page(late.path)).toMatchObject({
			status: 404,
			place: `#${seq}; one newer message is on its way here`,
		});
		const own = await page(late.path, late.seq);
		expect(own.html).toContain("told a moment ago");
		expect(own).toMatchObject({ status: 200, place: `#${late.seq}` });
		// The cookie of another log asks for no more than there is.
		expect((await page(late.path, 999_999)).status).toBe(200);

		await standby`select pg_wal_replay_resume()`;
		while ((await page(late.path)).status !== 200) await sleep(20);
		expect((await page(late.path)).place).toBe(`#${late.seq}`);
	});

	test("comes all the same when the replica is gone", async () => {
		await both.killReplica();
		for (const path of ["/", "/log", "/exchange", "/agents/nobody"])
			expect([200, 404]).toContain((await page(path)).status);
		const { path, seq } = await said("said meanwhile");
		expect(await page(path, seq)).toMatchObject({ status: 200, place: `#${seq}` });
		await both.startReplica();
	});
});

test("a replica that is none ends the start, in one line", async () => {
	const other = await emptyDatabase();
	const command = await launch("start", {
		DATA_DIR: exchange.dataDir,
		PORT: "0",
		DATABASE_URL: both.primary,
		DATABASE_READ_URL: other.url,
	});
	expect(await command.ended).toBe(1);
	expect(command.said().trimEnd().split("\n")).toHaveLength(1);
	await other.drop();
});
