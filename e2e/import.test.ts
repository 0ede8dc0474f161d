import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { scratchDatabase } from "../db/scratch";
import { exchangeOf, importLog } from "../lib/log/import";
import { root } from "../lib/log/proof";
import { verifyLog } from "../lib/log/replay";
import { boardOf } from "./board";
import { type Market, openMarket } from "./market";

let market: Market;
/** The whole log as anybody gets it. */
let log: string[];
beforeAll(async () => {
	market = await openMarket();
	const board = boardOf(market);
	const goods = await market.stocked({ tokens: 600 });
	const sale = await market.bought(goods);
	await market.said(
		sale.buyer.says("exchange:settle/complete", { entry_id: goods.id }, { antecedent: sale.deliver }),
	);
	await market.disputed(await market.bought(await market.stocked()));
	const { author, responder, response } = await board.answered();
	const { id: agree } = await market.said(author.says("board:agree", {}, { antecedent: response }));
	await market.said(board.closes(responder, agree));
	// More than is taken in at once.
	for (let i = 0; i < 520; i++) {
		if (i % 100 === 0) market.later(60_000);
		await market.said(market.agent().says("agent:profile", { name: `${i}` }));
	}
	log = await exported();
});
afterAll(() => market.close());

let empty: Awaited<ReturnType<typeof scratchDatabase>>;
beforeEach(async () => {
	empty = await scratchDatabase();
});
afterEach(() => empty.drop());

async function exported(): Promise<string[]> {
	const answer = await market.ask("/api/messages", { headers: { Accept: "application/x-ndjson" } });
	return (await answer.text()).trimEnd().split("\n");
}

async function* lines(of: string[]) {
	yield* of;
}
const sql = () => empty.sql as unknown as Sql;
const imports = (of: string[]) =>
	sql().begin((tx) => importLog(tx, market.house.machine, lines(of))) as ReturnType<typeof importLog>;
const changed = (at: number, change: (line: Record<string, unknown>) => object) =>
	log.map((line, i) => (i === at ? JSON.stringify(change(JSON.parse(line))) : line));

/** A hash of every table that follows from the log. */
async function dump(from: Sql): Promise<Record<string, string>> {
	const tables = await from`
		select table_schema || '.' || table_name as name from information_schema.tables
		where table_schema = 'views' or table_name = 'messages' order by 1`;
	const hashes: Record<string, string> = {};
	for (const { name } of tables) {
		const [row] = await from`
			select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash
			from ${from(name)} t`;
		hashes[name] = row!.hash;
	}
	const [head] = await from`select seq, frontier, exchange_key from head`;
	return { ...hashes, head: JSON.stringify(head) };
}

describe("a log that is imported into an empty exchange", () => {
	test("makes there what it made where it came from, table by table", async () => {
		const { house } = market;
		const tree = await imports(log);
		expect(tree.size).toBe(log.length);
		const there = await dump(sql());
		expect(there).toEqual(await dump(house.sql));
		expect(Object.keys(there).length).toBeGreaterThan(20);
		// Those that a trade, a dispute and a deal leave rows in, the kept past among them.
		for (const name of ["history", "orders", "settlements", "postings", "signals", "agreements", "duties"])
			expect(there[`views.${name}`]).not.toBe("0 ");

		const heads = [{ size: tree.size, root: root(tree) }];
		expect((await verifyLog(sql(), house.machine, undefined, { heads })).faults).toEqual([]);
	});

	test("shows by its first message whose log it is", () => {
		const all = log.map((line) => JSON.parse(line));
		const senders = new Set(all.map(({ sender }) => sender));
		expect(exchangeOf(all[0], senders)).toBe(market.house.key);
		senders.delete(market.house.key);
		expect(exchangeOf(all[0], senders)).toBe(undefined);
	});

	test("is taken whole or not at all, and told where it is not as it must be", async () => {
		const { antecedents: _, ...headless } = JSON.parse(log[3]!);
		for (const [wrong, why] of [
			[log.slice(1), "Line 1 is message 2: the log is not whole"],
			[log.toSpliced(510, 1), "Line 511 is message 512: the log is not whole"],
			[log.toSpliced(4, 0, log[3]!), "Line 5 is message 4: the log is not whole"],
			[
				changed(2, (line) => ({ ...line, timestamp: "2020-01-01T00:00:00.000Z" })),
				"Message 3: the id is not",
			],
			[changed(2, (line) => ({ ...line, signature: "0".repeat(128) })), "Message 3: the signature is not"],
			[
				changed(2, (line) => ({ ...line, received_at: "2020-01-01T00:00:00.000Z" })),
				"Message 3 was received before",
			],
			[changed(2, (line) => ({ ...line, received_at: "today" })), "Line 3 has no time"],
			[changed(3, () => headless), "Line 4 is no message: The field antecedents"],
			[changed(3, (line) => ({ ...line, hidden_by: "0".repeat(64) })), "Line 4 is without its words"],
			[log.with(5, "{"), "Line 6 is not JSON"],
		] as const) {
			await expect(imports(wrong)).rejects.toThrow(why);
			expect(await sql()`select from messages`).toHaveLength(0);
			expect(await sql()`select from head`).toHaveLength(0);
		}
	});

	test("is not taken where there is a log", async () => {
		await imports(log.slice(0, 3));
		await expect(imports(log)).rejects.toThrow("There is a log in this database already");
	});
});
