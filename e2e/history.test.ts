import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "../lib/client/compose";
import { verifyHistory } from "../lib/client/history";
import { shell } from "../lib/client/shell";
import { type Goods, type Market, openMarket, type Purchase, type Speaker } from "./market";

/** One's own history as a file: what stands in it, for whom, and that it verifies with nothing beside it. */
let market: Market;
let goods: Goods;
let sale: Purchase;
/** Completes the sale: said by the buyer, and money for the seller. */
let completed: string;

beforeAll(async () => {
	market = await openMarket();
	goods = await market.stocked({ tokens: 600 });
	sale = await market.bought(goods);
	const done = { entry_id: goods.id };
	completed = (
		await market.said(sale.buyer.says("exchange:settle/complete", done, { antecedent: sale.deliver }))
	).id;
	await market.bought(await market.stocked());
});
afterAll(() => market.close());

type Read = { id: string; sender: string; seq: number; tags: string[]; payload: Record<string, unknown> };
async function historyOf(agent: Speaker, reader: Speaker): Promise<string[]> {
	const answer = await market.ask(`/api/agents/${agent.key}/history.ndjson`, {
		headers: await market.session(reader),
	});
	expect(answer.headers.get("Content-Type")).toBe("application/x-ndjson");
	return (await answer.text()).trimEnd().split("\n");
}
const messagesOf = (lines: string[]) => lines.slice(1).map((line) => JSON.parse(line) as Read);
const verified = (lines: string[]) => verifyHistory(lines, market.house.key);

describe("an agent's history as a file", () => {
	test("holds what it sent, what concerned it and what moved its scrip, and nothing of others", async () => {
		const { buyer } = sale;
		const [sold, bought] = [
			messagesOf(await historyOf(goods.seller, goods.seller)),
			messagesOf(await historyOf(buyer, buyer)),
		];
		const kinds = (all: Read[]) => all.map(({ tags }) => tags.find((tag) => /phase/.test(tag)) ?? tags[0]);
		expect(kinds(sold)).toEqual([
			expect.stringMatching(/^exchange:(put|content-type)/),
			"exchange:phase:put-accept",
			"exchange:match",
			"exchange:phase:complete",
		]);
		expect(sold.at(-1)!.id).toBe(completed);
		expect(kinds(bought)).toEqual([
			"scrip:mint",
			"exchange:buy",
			"exchange:match",
			"exchange:phase:preview-request",
			"exchange:phase:preview",
			"exchange:phase:buyer-accept",
			"exchange:phase:deliver",
			"exchange:phase:complete",
		]);
	});

	test("brings the content that is its agent's, and verifies by itself", async () => {
		const { buyer } = sale;
		const lines = await historyOf(buyer, buyer);
		expect(await verified(lines)).toEqual({
			good: true,
			faults: [],
			exchange: market.house.key,
			agent: buyer.key,
			size: expect.any(Number),
			messages: 8,
			sent: 4,
			withContent: 2,
			withheld: 0,
		});
		expect(messagesOf(lines).find(({ id }) => id === sale.deliver)!.payload.content).toBe(goods.content);
	});

	test("is given without content to who oversees the house, and to nobody else", async () => {
		const lines = await historyOf(sale.buyer, market.operator);
		expect(await verified(lines)).toMatchObject({ good: true, withContent: 0, messages: 8 });
		expect(lines.join()).not.toContain(goods.content.slice(0, 60));
		const path = `/api/agents/${sale.buyer.key}/history.ndjson`;
		expect((await market.ask(path)).status).toBe(401);
		expect((await market.ask(path, { headers: await market.session(goods.seller) })).status).toBe(403);
	});

	test("does not verify where a word, a time, a place, a signature or the exchange is another", async () => {
		const lines = await historyOf(sale.buyer, sale.buyer);
		const wrong = async (change: (line: string) => string, at: number) =>
			(await verified(lines.map((line, i) => (i === at ? change(line) : line)))).faults;
		const deliver = messagesOf(lines).findIndex(({ id }) => id === sale.deliver) + 1;
		expect(
			await wrong((line) => line.replace("works", "walks").replace("number", "numbed"), deliver),
		).toEqual([expect.stringContaining("not what its sender signed")]);
		expect(await wrong((line) => line.replace(/"seq":(\d+)/, '"seq":1$1'), 2)).toEqual(
			expect.arrayContaining([expect.stringContaining("does not stand in the log")]),
		);
		expect(await wrong((line) => line.replace(/"received_at":"\d{4}/, '"received_at":"2031'), 3)).toEqual([
			expect.stringContaining("does not stand in the log"),
		]);
		expect(await wrong((line) => line.replace(/"signature":"\w{4}/, '"signature":"0000'), 2)).toEqual([
			expect.stringContaining("not what its sender signed"),
		]);
		expect((await wrong((line) => line.replace("\\n\\n", "\\n\\n\\n"), 0)).length).toBeGreaterThan(0);
		expect((await verifyHistory(lines, newKey().key)).faults).toEqual([
			expect.stringContaining("another exchange"),
		]);
		expect((await verifyHistory([])).good).toBe(false);
		expect((await verifyHistory(lines.slice(1))).good).toBe(false);
	});

	test("says of what the house withholds that it could not be checked, and still where it stands", async () => {
		const word = { scope: "payload", at_fault: false, reason: "For this story." };
		await market.said(market.operator.says("operator:hide", word, { antecedent: goods.id }));
		expect(await verified(await historyOf(goods.seller, goods.seller))).toMatchObject({
			good: true,
			withheld: 1,
			messages: 5,
		});
		await market.said(market.operator.says("operator:restore", word, { antecedent: goods.id }));
	});

	test("is verified by the client from a shell, without the exchange", async () => {
		const folder = await mkdtemp(join(tmpdir(), "history-"));
		const file = join(folder, "history.ndjson");
		const lines = await historyOf(sale.buyer, sale.buyer);
		const [said, complaints]: [string[], string[]] = [[], []];
		const run = (...args: string[]) =>
			shell(
				args,
				(line) => said.push(line),
				(line) => complaints.push(line),
			);
		await writeFile(file, lines.join("\n"));
		expect(await run("verify", file, market.house.key)).toBe(0);
		expect(said).toEqual([expect.stringMatching(/^Sound: 8 messages .*\nThe content of 2 is here/s)]);
		await writeFile(file, lines.toSpliced(2, 1, lines[2]!.replace('"budget":', '"budget":1')).join("\n"));
		expect(await run("verify", file)).toBe(1);
		expect(complaints).toEqual([expect.stringMatching(/^Not sound:\n- /)]);
		await rm(folder, { recursive: true });
	});
});
