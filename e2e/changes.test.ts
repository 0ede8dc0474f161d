import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fold, gains } from "../lib/client/fold";
import type { Changes } from "../lib/doors/changes";
import { unbase64 } from "../lib/log/bytes";
import type { Message } from "../lib/log/message";
import { frontierBefore } from "../lib/log/proof";
import { boardOf } from "./board";
import { type Goods, type Market, openMarket, type Purchase } from "./market";

/** What a message changed, as the exchange says it, and as a reader folds it from the public log. */
let market: Market;
let goods: Goods;
let sale: Purchase;
let sold: string;
let log: (Message & { seq: number })[];
let lines: string[];

beforeAll(async () => {
	market = await openMarket();
	goods = await market.stocked({ tokens: 600 });
	sale = await market.bought(goods);
	const done = await market.said(
		sale.buyer.says("exchange:settle/complete", { entry_id: goods.id }, { antecedent: sale.deliver }),
	);
	sold = done.id;
	const dispute = await market.disputed(await market.bought(await market.stocked()));
	const ruling = { entry_id: (await byId(dispute)).payload.entry_id, verdict: "accepted", reason: "Seen." };
	await market.said(
		market.operator.says("exchange:settle/verdict", ruling as never, { antecedent: dispute }),
	);
	const board = boardOf(market);
	const { author, response } = await board.answered();
	await market.said(author.says("board:agree", {}, { antecedent: response }));
	await market.said(market.operator.says("scrip:burn", { amount: 3, reason: "For this story." }));
	lines = (await (await market.ask("/api/messages", { headers: { Accept: "application/x-ndjson" } })).text())
		.trimEnd()
		.split("\n");
	log = lines.map((line) => JSON.parse(line));
});
afterAll(() => market.close());

const byId = async (id: string) => (await market.ask(`/api/messages/${id}`)).json();
const changes = async (id: string, headers: Record<string, string> = {}) =>
	(await (await market.ask(`/api/messages/${id}/changes`, { headers })).json()) as Changes;
const asMoves = ({ moves }: Changes) =>
	moves.map(({ from, to, amount }) => ({
		from: `${from.owner}/${from.purse}`,
		to: `${to.owner}/${to.purse}`,
		amount: BigInt(amount),
	}));
async function standsAfter(id: string) {
	const { leaf_index, tree_size, hashes } = await (await market.ask(`/api/messages/${id}/proof`)).json();
	return frontierBefore(
		leaf_index,
		tree_size,
		hashes.map((hash: string) => unbase64(hash)),
	);
}

describe("what a message changed", () => {
	test("in purses, is for each message what a reader folds from the log up to it", async () => {
		let moving = 0;
		for (const { id, seq } of log) {
			const fold = new Fold(market.house.key);
			fold.take(lines, seq);
			const { moved, genuine, lost } = fold.end(await standsAfter(id));
			expect([genuine, lost]).toEqual([true, undefined]);
			const said = asMoves(await changes(id));
			expect(gains(moved!)).toEqual(gains(said));
			if (said.length > 0) moving++;
		}
		expect(moving).toBeGreaterThan(8);
	});

	test("is told by the things it put into which state, and by whose reputation it changed", async () => {
		const accept = log.find(
			({ tags, antecedents }) => tags.includes("exchange:phase:put-accept") && antecedents[0] === goods.id,
		)!;
		expect((await changes(goods.id)).objects).toEqual([
			{ kind: "entry", id: goods.id, from: null, to: "pending" },
		]);
		expect((await changes(accept.id)).objects).toEqual([
			{ kind: "entry", id: goods.id, from: "pending", to: "live" },
		]);
		const done = await changes(sold);
		expect(done.objects).toEqual([{ kind: "order", id: sale.accept, from: "delivered", to: "completed" }]);
		expect(done.moves.map(({ why }) => why)).toContain("burn");
		const agreed = log.find(({ tags }) => tags.includes("board:agree"))!;
		expect((await changes(agreed.id)).objects.map(({ kind, to }) => `${kind} ${to}`).sort()).toEqual([
			"agreement agreed",
			"post agreed",
			"response agreed",
		]);
	});

	test("shows purses to whose they are and to who oversees the house, and the movements to anybody", async () => {
		const told = async (headers?: Record<string, string>) => (await changes(sale.accept, headers)).purses;
		const own = [
			{
				owner: sale.buyer.key,
				purse: "hot",
				before: 500_000_000,
				after: 500_000_000 - sale.price * 1_000_000,
			},
			{ owner: sale.buyer.key, purse: "held", before: 0, after: sale.price * 1_000_000 },
		];
		expect(await told()).toEqual([]);
		expect(await told(await market.session(market.agent()))).toEqual([]);
		expect(await told(await market.session(sale.buyer))).toEqual(own);
		expect(await told(await market.session(market.operator))).toEqual(own);
		expect((await changes(sale.accept)).moves).toMatchObject([{ why: "hold" }]);
	});

	test("is not taken for folded where a message before it was changed, left out or is withheld", async () => {
		const of = log.find(({ id }) => id === sold)!;
		const proof = await standsAfter(sold);
		const folded = (text: string[]) => {
			const fold = new Fold(market.house.key);
			fold.take(text, of.seq);
			return fold.end(proof);
		};
		const other = lines.map((line) => line.replace('"amount":500,', '"amount":501,'));
		expect(folded(other).genuine).toBe(false);
		expect(folded(lines.toSpliced(2, 1)).genuine).toBe(false);
		expect(folded([...lines.slice(1, 2), ...lines.slice(0, 1), ...lines.slice(2)]).genuine).toBe(false);
		const withheld = lines.map((line, i) => (i === 3 ? `${line.slice(0, -1)},"hidden_by":"x"}` : line));
		expect(folded(withheld)).toMatchObject({
			genuine: true,
			moved: undefined,
			lost: expect.stringContaining("withheld"),
		});
	});
});
