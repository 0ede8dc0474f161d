import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message, Payload } from "../log/message";
import { opened, type Visit } from "./given";

/** Asked over HTTP, where pages and agents get the same answers. */
let visit: Visit;
let ahead = 0;
beforeAll(async () => {
	visit = await opened({ now: () => Date.now() + ahead });
	await visit.house.engine.embedded();
});
afterAll(() => visit.close());

const HOUR_MS = 3_600_000;
type Speaker = ReturnType<Visit["agent"]>;
interface Wait {
	kind: string;
	who: string;
	about: string;
	until: string | null;
	offers: number | null;
	operations: string[];
}

async function said(message: Message) {
	const response = await visit.post(message, { Prefer: "wait=20" });
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${body.code}: ${body.detail}`);
	return { ...body.message, reply: body.replies[0] };
}

async function rich(amount = 50_000): Promise<Speaker> {
	const agent = visit.agent();
	const reference = `for ${agent.key}`;
	await said(visit.operator.says("scrip:mint", { recipient: agent.key, amount, reference }));
	return agent;
}

async function configured(changes: Payload) {
	await said(visit.operator.says("operator:configure", { changes, reason: "For this story." }));
}

function goods(about: string, paragraphs: number) {
	const paragraph = (i: number) =>
		`Paragraph ${i} about ${about}: ${createHash("sha256").update(`${about} ${i}`).digest("hex").repeat(4)}.`;
	return {
		description: `How to ${about}`,
		content: Array.from({ length: paragraphs }, (_, i) => paragraph(i)).join("\n\n"),
		token_cost: 2_000,
		content_type: "analysis",
	};
}

/** An entry, and a buy that finds it. */
async function quoted(about: string, { paragraphs = 2 } = {}) {
	const [seller, buyer] = [visit.agent(), await rich()];
	const { id: entry_id } = await said(seller.says("exchange:put", goods(about, paragraphs)));
	const buy = await said(buyer.says("exchange:buy", { task: `How to ${about}`, budget: 9_000 }));
	const settle = (phase: string, antecedent: string, more: Payload = {}, by = buyer) =>
		said(by.says(`exchange:settle/${phase}`, { entry_id, ...more }, { antecedent }));
	return { seller, buyer, entry_id, buy: buy.id as string, match: buy.reply.id as string, settle };
}

const page = async (path: string) => (await visit.get(path)).json();
const waits = async ({ key }: Speaker): Promise<[string, string][]> =>
	(await page(`/api/agents/${key}/waiting`)).items.map(({ who, kind }: Wait) => [who, kind]);
const firstWait = async ({ key }: Speaker): Promise<Wait> =>
	(await page(`/api/agents/${key}/waiting`)).items[0];

describe("what waits at an agent's desk", () => {
	test("is nothing for who has begun nothing", async () => {
		expect(await page(`/api/agents/${visit.agent().key}/waiting`)).toEqual({ items: [], next: null });
	});

	test("is a look at what a question found, while its prices hold and until one of the answers is taken", async () => {
		const { buyer, match, settle } = await quoted("prune a pear tree");
		const look = await firstWait(buyer);
		expect(look).toMatchObject({ who: "self", kind: "look", about: "How to prune a pear tree", offers: 1 });
		expect(Date.parse(look.until!) - visit.house.now()).toBeGreaterThan(HOUR_MS / 2);
		await settle("buyer-accept", match);
		expect(await waits(buyer)).toEqual([["self", "complete"]]);

		const late = await quoted("prune a plum tree");
		ahead += HOUR_MS;
		expect(await waits(late.buyer)).toEqual([]);
	});

	test("is a delivery to confirm, until the exchange confirms it by itself", async () => {
		const { buyer, match, settle } = await quoted("sharpen a scythe");
		const { reply: deliver } = await settle("buyer-accept", match);
		expect(await firstWait(buyer)).toMatchObject({
			kind: "complete",
			about: "How to sharpen a scythe",
			operations: expect.arrayContaining(["exchange:settle/complete"]),
			otherwise: expect.stringContaining("completes"),
		});
		await settle("complete", deliver.id, { content_hash_verified: true });
		expect(await waits(buyer)).toEqual([]);
	});

	test("is evidence that either side of a dispute may give, and the ruling that both wait for", async () => {
		const { seller, buyer, match, settle } = await quoted("lay a dry stone wall", { paragraphs: 12 });
		const { reply: preview } = await settle("preview-request", match);
		const { reply: deliver } = await settle("buyer-accept", preview.id);
		const dispute = await settle("dispute", deliver.id, { dispute_type: "quality_inadequate" });
		const both = [
			["self", "evidence"],
			["operator", "verdict"],
		];
		expect([await waits(buyer), await waits(seller)]).toEqual([both, both]);
		await settle("evidence", dispute.id, { reason: "Paragraph 3 says it all." }, seller);
		expect(await waits(seller)).toEqual([["operator", "verdict"]]);
		expect(await waits(buyer)).toEqual(both);
	});

	test("is a put that a house operator has not looked at yet", async () => {
		await configured({ "exchange.auto_accept": false });
		const seller = visit.agent();
		const put = await said(seller.says("exchange:put", goods("graft an apple", 2)));
		await configured({ "exchange.auto_accept": true });
		const held = await firstWait(seller);
		expect(held).toMatchObject({ who: "operator", kind: "review", about: "How to graft an apple" });
		expect(Date.parse(held.until!) - visit.house.now()).toBeGreaterThan(6 * 24 * HOUR_MS);
		await said(
			visit.operator.says(
				"exchange:settle/put-reject",
				{ entry_id: put.id, reason: "No.", code: "other" },
				{ antecedent: put.id },
			),
		);
		expect(await waits(seller)).toEqual([]);
	});

	test("comes with what waits for the agent itself first, the most pressing before the others", async () => {
		const { buyer, match, settle } = await quoted("mend a puncture");
		await settle("buyer-accept", match);
		await said(buyer.says("exchange:buy", { task: "How to mend a puncture", budget: 9_000 }));
		expect(await waits(buyer)).toEqual([
			["self", "look"],
			["self", "complete"],
		]);
	});
});

describe("an agent's orders", () => {
	test("are its questions, newest first, each as its own page shows it, page after page", async () => {
		const { buyer, buy, match, settle } = await quoted("tie a bowline");
		await settle("buyer-accept", match);
		const miss = await said(buyer.says("exchange:buy", { task: "zzyzx qwfpgj", budget: 5 }));
		const first = await page(`/api/agents/${buyer.key}/orders?limit=1`);
		expect(first.items).toMatchObject([{ buy_id: miss.id, status: "empty", orders: [] }]);
		const { items, next } = await page(`/api/agents/${buyer.key}/orders?limit=1&cursor=${first.next}`);
		const { timeline: _, ...order } = await page(`/api/orders/${buy}`);
		expect([items, next]).toEqual([[order], null]);
	});
});

describe("an agent's puts", () => {
	const puts = async ({ key }: Speaker) => (await page(`/api/agents/${key}/puts`)).items;

	test("say what was paid at once, what sales brought, and what of the appraisal they are still to bring", async () => {
		const { seller, match, settle } = await quoted("read a barometer");
		const [before] = await puts(seller);
		expect(before).toMatchObject({ status: "live", earned: 0, review_by: expect.any(String) });
		expect(before.advance + before.rest).toBe(before.appraisal * 1_000_000);

		const { reply: deliver } = await settle("buyer-accept", match);
		await settle("complete", deliver.id, { content_hash_verified: true });
		const [after] = await puts(seller);
		expect(after.earned).toBeGreaterThan(0);
		expect(after.advance + after.earned + after.rest).toBe(after.appraisal * 1_000_000);
		const hot = Number(
			(
				await visit.house.sql`select amount from views.purses where owner = ${seller.key} and purse = 'hot'`
			)[0]!.amount,
		);
		expect(after.advance + after.earned).toBe(hot);
	});

	test("are shown also while they wait, and when they were rejected, with the reason", async () => {
		const seller = visit.agent();
		await said(seller.says("exchange:put", { ...goods("count to ten", 1), token_cost: 9_999_999 }));
		expect(await puts(seller)).toMatchObject([
			{ status: "rejected", status_reason: "implausible", appraisal: null, advance: 0, earned: 0, rest: 0 },
		]);
	});
});

test("a key that is none has no desk, and a list takes no questions that are no questions", async () => {
	for (const list of ["waiting", "orders", "puts"]) {
		expect((await visit.get(`/api/agents/nobody/${list}`)).status).toBe(404);
		expect((await visit.get(`/api/agents/${"0".repeat(64)}/${list}?sort=price`)).status).toBe(400);
	}
});
