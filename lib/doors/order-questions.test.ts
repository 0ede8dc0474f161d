import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message, Payload } from "../log/message";
import { opened, type Visit } from "./given";
import { orderQuestions } from "./order-questions";

let visit: Visit;
let ask: ReturnType<typeof orderQuestions>;
let ahead = 0;
beforeAll(async () => {
	visit = await opened({ now: () => Date.now() + ahead });
	ask = orderQuestions(visit.house);
	await visit.house.engine.embedded();
});
afterAll(() => visit.close());
type Speaker = ReturnType<Visit["agent"]>;

async function said(message: Message, headers: Record<string, string> = {}) {
	const response = await visit.post(message, { Prefer: "wait=20", ...headers });
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${body.code}: ${body.detail}`);
	return { ...body.message, reply: body.replies[0] };
}

async function rich(amount = 50_000): Promise<Speaker> {
	const agent = visit.agent();
	await said(
		visit.operator.says("scrip:mint", { recipient: agent.key, amount, reference: `for ${agent.key}` }),
	);
	return agent;
}

const words = (about: string, paragraphs: number) =>
	Array.from({ length: paragraphs }, (_, i) => {
		const digest = createHash("sha256").update(`${about} ${i}`).digest("hex");
		return `Paragraph ${i} about ${about}: ${digest.repeat(4)}.`;
	}).join("\n\n");

function goods(about: string, { paragraphs = 12, ...more }: Payload & { paragraphs?: number } = {}) {
	return {
		description: `How to ${about}: an analysis with steps`,
		content: words(about, paragraphs),
		token_cost: 20_000,
		content_type: "analysis",
		...more,
	};
}

/** An entry, and a buy that finds it. */
async function quoted(about: string, what: Parameters<typeof goods>[1] = {}) {
	const [seller, buyer] = [visit.agent(), await rich()];
	const { id: entry_id } = await said(seller.says("exchange:put", goods(about, what)));
	const buy = await said(buyer.says("exchange:buy", { task: `How to ${about}`, budget: 20_000 }));
	const settle = (phase: string, antecedent: string, more: Payload = {}, by = buyer) =>
		said(by.says(`exchange:settle/${phase}`, { entry_id, ...more }, { antecedent }));
	return { seller, buyer, entry_id, buy: buy.id as string, match: buy.reply.id as string, settle };
}

const possible = async (buy: string, reader?: string) =>
	(await ask.purchase(buy, reader)).found!.possible.map(({ operation, blocked }) =>
		[operation.split("/")[1], blocked?.code].filter(Boolean).join(": "),
	);

describe("a purchase", () => {
	test("tells each what they may say next, and nobody else anything", async () => {
		const { seller, buyer, buy, match, settle } = await quoted("roll out a schema change without downtime");
		expect(await possible(buy, buyer.key)).toEqual(["preview-request", "buyer-reject"]);
		expect(await possible(buy, seller.key)).toEqual([]);
		expect(await possible(buy)).toEqual([]);

		const preview = (await settle("preview-request", match)).reply.id;
		expect(await possible(buy, buyer.key)).toEqual(["buyer-accept", "buyer-reject"]);
		const deliver = (await settle("buyer-accept", preview)).reply.id;
		expect(await possible(buy, buyer.key)).toEqual(["complete", "dispute"]);
		expect(await possible(buy, seller.key)).toEqual([]);

		await settle("dispute", deliver, { dispute_type: "stale_content", reason: "It is of last year." });
		for (const party of [buyer, seller]) expect(await possible(buy, party.key)).toEqual(["evidence"]);
		expect(await possible(buy, visit.operator.key)).toEqual([]);
		const { said, order } = (await ask.purchase(buy)).found!;
		expect(order.status).toBe("disputed");
		expect(said.at(-1)).toMatchObject({
			operation: "exchange:settle/dispute",
			sender: buyer.key,
			caption: "a delivery disputed: stale content",
			payload: { reason: "It is of last year." },
		});
	});

	test("says what the door would refuse now, by its code, and leaves no trace of having asked", async () => {
		const { buyer, buy, match, settle } = await quoted("shrink a container image layer by layer");
		await settle("preview-request", match);
		const before = await ask.purchase(buy, buyer.key);
		expect(before.found!.order.status).toBe("quoted");

		ahead += 61 * 60_000;
		const { seq, found } = await ask.purchase(buy, buyer.key);
		expect(found!.possible).toMatchObject([
			{ operation: "exchange:settle/buyer-accept", blocked: { code: "quote-expired" } },
		]);
		expect(found!.order.status).toBe("expired");
		expect(seq).toBe(before.seq);
	});

	test("shows the pieces of a preview to its buyer and to the seller, and only their places to others", async () => {
		const { seller, buyer, buy, match, settle } = await quoted("review a pull request in ten minutes");
		await settle("preview-request", match);
		const chunks = async (reader?: string) => {
			const { said } = (await ask.purchase(buy, reader)).found!;
			const { payload } = said.find(({ operation }) => operation === "exchange:settle/preview")!;
			return payload.preview_chunks as { content: unknown; position: number; length: number }[];
		};
		for (const party of [buyer, seller, visit.operator])
			for (const { content, length } of await chunks(party.key))
				expect(Buffer.byteLength(content as string)).toBe(length);
		for (const reader of [undefined, visit.agent().key])
			for (const { content, length } of await chunks(reader))
				expect(content).toEqual({ bytes: length, sha256: expect.any(String) });
	});

	test("gives what was delivered to its buyer and to the house, and never within the rest", async () => {
		const about = "keep a secret out of a log";
		const { seller, buyer, buy, match, settle } = await quoted(about);
		const preview = (await settle("preview-request", match)).reply.id;
		const deliver = (await settle("buyer-accept", preview)).reply.id;
		for (const reader of [buyer, visit.operator])
			expect(await ask.goods(deliver, reader.key)).toBe(words(about, 12));
		for (const reader of [seller.key, visit.agent().key, undefined])
			expect(await ask.goods(deliver, reader)).toBeUndefined();
		for (const other of [match, preview, "f".repeat(64)])
			expect(await ask.goods(other, buyer.key)).toBeUndefined();
		const { said } = (await ask.purchase(buy, buyer.key)).found!;
		expect(said.find(({ id }) => id === deliver)!.payload.content).toEqual({
			bytes: words(about, 12).length,
			sha256: expect.any(String),
		});
	});

	test("of small content says what may still be refunded without a ruling", async () => {
		const { buyer, buy, match, settle } = await quoted("name a branch", { paragraphs: 2, token_cost: 3_000 });
		expect(await possible(buy, buyer.key)).toEqual(["buyer-accept", "buyer-reject"]);
		expect((await ask.purchase(buy, buyer.key)).found!.allowance).toBeUndefined();
		await settle("buyer-accept", match);
		expect(await possible(buy, buyer.key)).toEqual(["complete", "small-content-dispute", "dispute"]);
		const { found } = await ask.purchase(buy, buyer.key);
		expect(found!.allowance).toMatchObject({ left_today: 5, free_left: 10 });
	});

	test("is none for what is no buy", async () => {
		const { match } = await quoted("tell a mock from a stub");
		expect((await ask.purchase(match)).found).toBeUndefined();
		expect((await ask.purchase("f".repeat(64))).found).toBeUndefined();
	});
});

describe("what if", () => {
	test("a buy that found nothing had had a little more to spend, said to pages and to agents alike", async () => {
		const about = "measure what a cache is good for";
		const seller = visit.agent();
		const { id } = await said(seller.says("exchange:put", goods(about, { domains: ["caching"] })));
		const entry = await (await visit.get(`/api/entries/${id}`)).json();
		const buyer = await rich();
		const wish = { task: `How to ${about}`, domains: ["caching"], budget: entry.price - 1 };
		const { id: buy } = await said(buyer.says("exchange:buy", wish));
		const asked = await ask.whatIf(buy);
		expect(asked).toMatchObject({
			now: [],
			changes: [{ filter: "budget", to: entry.price, result: { entry_id: id } }],
		});
		const over = await visit.get(`/api/orders/${buy}?what_if=true`);
		expect((await over.json()).what_if).toEqual(asked);

		expect((await (await visit.get(`/api/orders/${buy}`)).json()).what_if).toBeUndefined();
		expect((await visit.get(`/api/orders/${buy}?what_if=perhaps`)).status).toBe(400);
	});

	test("a buy had left out its domains", async () => {
		const about = "lay out a bilingual menu";
		const { id } = await said(visit.agent().says("exchange:put", goods(about, { domains: ["typography"] })));
		const buyer = await rich();
		const wish = { task: `How to ${about}`, domains: ["kitchen"], budget: 20_000 };
		const { id: buy } = await said(buyer.says("exchange:buy", wish));
		expect(await ask.whatIf(buy)).toMatchObject({
			changes: [{ filter: "domains", to: null, result: { entry_id: id } }],
		});
	});

	test("is not asked of what is no buy", async () => {
		expect(await ask.whatIf("f".repeat(64))).toBeUndefined();
	});
});
