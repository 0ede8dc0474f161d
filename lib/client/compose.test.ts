import { describe, expect, test } from "vitest";
import { detach, envelope } from "../log/message";
import { compose, newKey, tagsOf, verifyMessage } from "./compose";

const exchange = "ab".repeat(32);
const me = newKey();
const put = {
	description: "A fold",
	content: "text",
	token_cost: 9,
	content_type: "code",
	domains: ["go", "sql"],
};

describe("tags follow from the payload", () => {
	test.each<[string, Record<string, unknown>, string[]]>([
		["exchange:put", put, ["exchange:content-type:code", "exchange:domain:go", "exchange:domain:sql"]],
		["exchange:buy", { task: "t", budget: 5 }, []],
		["exchange:buy", { task: "t", budget: 5, content_type: "data" }, ["exchange:content-type:data"]],
		["exchange:settle", { phase: "preview", content_type: "code" }, ["exchange:phase:preview"]],
		[
			"exchange:settle",
			{ phase: "verdict", verdict: "accepted" },
			["exchange:phase:verdict", "exchange:verdict:accepted"],
		],
		["exchange:assign", { task_type: "validate" }, ["exchange:assign-type:validate"]],
		["board:need", { region: "EU", domains: ["go"] }, []],
		["operator:verdict", { verdict: "accepted" }, []],
	])("%s %j", (operation, payload, tags) => {
		expect(tagsOf(operation, payload)).toEqual([operation, ...tags]);
	});
});

describe("a message", () => {
	const message = compose(me, exchange, "exchange:put", put);

	test("is well-formed and verifies, with its content attached or detached", () => {
		expect(envelope(JSON.parse(JSON.stringify(message)))).toMatchObject({ ok: true });
		expect(verifyMessage(exchange, message)).toBe(true);
		expect(
			verifyMessage(exchange, { ...message, ...detach(put), seq: 4, received_at: message.timestamp }),
		).toBe(true);
	});

	test("verifies no more when anything signed is another, or the exchange", () => {
		for (const change of [
			{ payload: { ...put, content: "other" } },
			{ tags: [] },
			{ antecedents: ["cd".repeat(32)] },
			{ timestamp: "2026-11-21T08:00:00.000Z" },
			{ sender: newKey().key },
			{ id: "cd".repeat(32) },
			{ signature: compose(me, exchange, "exchange:put", { ...put, token_cost: 8 }).signature },
		])
			expect(verifyMessage(exchange, { ...message, ...change })).toBe(false);
		expect(verifyMessage("ac".repeat(32), message)).toBe(false);
		for (const none of [undefined, null, "text", {}]) expect(verifyMessage(exchange, none)).toBe(false);
	});

	test("of a settle phase can be named with its phase", () => {
		const accept = compose(
			me,
			exchange,
			"exchange:settle/buyer-accept",
			{ entry_id: "e" },
			{ antecedent: message.id },
		);
		expect(accept.tags).toEqual(["exchange:settle", "exchange:phase:buyer-accept"]);
		expect(accept.payload).toEqual({ phase: "buyer-accept", entry_id: "e" });
		expect(accept.antecedents).toEqual([message.id]);
	});

	test("holds only what JSON carries, so that what is signed is what arrives", () => {
		const at = new Date("2026-11-21T08:00:00.000Z");
		const sent = compose(
			me,
			exchange,
			"exchange:buy",
			{ task: "t", budget: 5, domains: undefined, at },
			{ at },
		);
		expect(sent.payload).toEqual({ task: "t", budget: 5, at: at.toISOString() });
		expect(sent.timestamp).toBe(at.toISOString());
		expect(verifyMessage(exchange, JSON.parse(JSON.stringify(sent)))).toBe(true);
	});
});
