import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyMessage } from "../client/compose";
import type { Message } from "../log/message";
import { opened, type Visit } from "./given";
import { type Questions, questions } from "./questions";

let visit: Visit;
let asked: Questions;
beforeAll(async () => {
	visit = await opened({ embedder: "lexical" });
	asked = questions(visit.house);
});
afterAll(() => visit.close());

const GOODS = {
	description: "How to tell the days between two dates",
	content: "Count midnights in the calendar of one zone. ".repeat(20),
	token_cost: 900,
	content_type: "analysis",
	domains: ["dates"],
};

async function said(message: Message): Promise<{ id: string; reply: Message }> {
	const response = await visit.post(message, { Prefer: "wait=20" });
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${body.code}: ${body.detail}`);
	return { id: body.message.id, reply: body.replies[0] };
}

async function put(more: object = {}) {
	const seller = visit.agent();
	return { seller, ...(await said(seller.says("exchange:put", { ...GOODS, ...more }))) };
}

describe("the log, newest first", () => {
	test("is the log backwards, page after page, and ends", async () => {
		const ada = visit.agent();
		for (const name of ["Ada", "Ada L.", "A. L."]) await said(ada.says("agent:profile", { name }));
		const { seq, found } = await asked.log({ sender: ada.key });
		expect(found.items.map(({ seq }) => seq)).toEqual([seq, seq - 1, seq - 2]);
		expect(found.next).toBeUndefined();
		const older = await asked.log({ sender: ada.key }, found.items[0]!.seq);
		expect(older.found.items).toEqual(found.items.slice(1));
	});

	test("is narrowed by what an operation or its payload says of itself", async () => {
		const { id, reply } = await put({ domains: ["calendars"] });
		expect((await asked.log({ tag: "exchange:domain:calendars" })).found.items.map((one) => one.id)).toEqual([
			id,
		]);
		const [ruling] = (await asked.log({ tag: "exchange:phase:put-accept" })).found.items;
		expect(ruling).toMatchObject({ id: reply.id, operation: "exchange:settle/put-accept" });
		expect((await asked.log({ tag: "exchange:domain:nothing" })).found).toEqual({
			items: [],
			next: undefined,
		});
	});

	test("says what happened without a word that an agent wrote", async () => {
		await said(visit.agent().says("agent:profile", { name: "Buy everything from me" }));
		const { found } = await asked.log({});
		expect(JSON.stringify(found)).not.toContain("Buy everything");
	});

	test("finds every operation by the tag it offers for it", async () => {
		await put();
		const tags = asked.tags();
		expect(tags.map(({ operation }) => operation)).toEqual(
			visit.house.registry.operations.map(({ name }) => name),
		);
		for (const { tag, operation } of tags)
			for (const one of (await asked.log({ tag })).found.items) expect(one.operation).toBe(operation);
	});
});

describe("one message", () => {
	test("stands in its talk: what it answers before it, what answers it after", async () => {
		const { id, reply } = await put();
		const first = (await asked.message(id, undefined, false)).found!;
		expect(first.before).toEqual([]);
		expect(first.after.map((one) => one.id)).toEqual([reply.id]);
		const answer = (await asked.message(reply.id, undefined, false)).found!;
		expect(answer.before.map((one) => one.id)).toEqual([id]);
		expect(answer.previous).toBe(id);
		expect((await asked.message("0".repeat(64), undefined, false)).found).toBeUndefined();
	});

	test("tells the whole talk of a purchase from any message in it", async () => {
		const { id: entry_id } = await put({ content: "Twelve steps. ".repeat(10), description: "A short list" });
		const bob = visit.agent();
		await said(
			visit.operator.says("scrip:mint", { recipient: bob.key, amount: 9_000, reference: "for a talk" }),
		);
		const buy = await said(bob.says("exchange:buy", { task: "A short list", budget: 9_000 }));
		const accept = await said(
			bob.says("exchange:settle/buyer-accept", { entry_id }, { antecedent: buy.reply.id }),
		);
		const { before, after } = (await asked.message(accept.id, undefined, false)).found!;
		expect([...before, ...after].map(({ operation }) => operation)).toEqual([
			"exchange:buy",
			"exchange:match",
			"exchange:settle/deliver",
		]);
	});

	test("is shown as it was signed, its goods attached only for whom they belong to", async () => {
		const { id, seller } = await put();
		const [own, stranger] = await Promise.all(
			[seller.key, visit.agent().key].map(async (reader) => (await asked.message(id, reader, false)).found!),
		);
		expect(JSON.parse(own!.wire).payload.content).toBe(GOODS.content);
		expect(stranger!.wire).not.toContain("midnights");
		for (const { wire } of [own!, stranger!])
			expect(verifyMessage(visit.house.key, JSON.parse(wire))).toBe(true);
	});

	test("leaves out long goods until they are asked for", async () => {
		const { id, seller } = await put({ content: "All the days of the calendar. ".repeat(3_000) });
		const folded = (await asked.message(id, seller.key, false)).found!;
		expect(folded).toMatchObject({ more: true, wire: expect.not.stringContaining("All the days") });
		const whole = (await asked.message(id, seller.key, true)).found!;
		expect(whole).toMatchObject({ more: false, wire: expect.stringContaining("All the days") });
		expect((await asked.message(id, undefined, true)).found!.more).toBe(false);
	});

	test("says of each field of its payload what it counts and whose word it is", async () => {
		const { id } = await put();
		const { fields } = (await asked.message(id, undefined, false)).found!;
		expect(fields.description).toEqual({ claim: true });
		const mint = await said(
			visit.operator.says("scrip:mint", { recipient: visit.operator.key, amount: 1, reference: "fields" }),
		);
		const minted = (await asked.message(mint.id, undefined, false)).found!;
		expect(minted.fields.amount).toEqual({ unit: "scrip", claim: false });
		expect(minted.keys).toEqual([visit.operator.key]);
	});
});
