import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message, Payload } from "../log/message";
import { opened, type Visit } from "./given";
import { postQuestions } from "./post-questions";

let visit: Visit;
let ask: ReturnType<typeof postQuestions>;
beforeAll(async () => {
	visit = await opened({});
	ask = postQuestions(visit.house);
	await visit.house.engine.embedded();
});
afterAll(() => visit.close());
type Speaker = ReturnType<Visit["agent"]>;

const DAY_MS = 86_400_000;
const local = (ahead: number) => `${new Date(Date.now() + ahead).toISOString().slice(0, 19)}Z`;
const terms = (more: Payload = {}): Payload => ({
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: local(0), end: local(DAY_MS) },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 arm64 cores" },
	constraints: {},
	success_condition: "The release builds.",
	contact: "DM",
	...more,
});

async function said(message: Message): Promise<string> {
	const response = await visit.post(message, { Prefer: "wait=20" });
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${body.code}: ${body.detail}`);
	return body.message.id;
}
const responds = (by: Speaker, post: string) =>
	said(by.says("board:respond", { message: "I can do that." }, { antecedent: post }));

/** A need with an answer. */
async function answered() {
	const [author, responder] = [visit.agent(), visit.agent()];
	const post = await said(author.says("board:need", terms()));
	return { author, responder, post, response: await responds(responder, post) };
}

/** By operation, each with the code it would be refused with. */
async function possible(post: string, reader?: Speaker) {
	const { found } = await ask.posted(post, reader?.key);
	return found!.possible.map(({ operation, blocked }) =>
		blocked ? `${operation} ${blocked.code}` : operation,
	);
}

describe("what a reader may say about a post", () => {
	test("is to answer it, for somebody without a key too", async () => {
		const { post } = await answered();
		expect(await possible(post)).toEqual(["board:respond"]);
		expect(await possible(post, visit.agent())).toEqual(["board:respond"]);
	});
	test("is for its author to agree or decline, to say it anew, or to take it back", async () => {
		const { author, post } = await answered();
		expect(await possible(post, author)).toEqual([
			"board:agree",
			"board:decline",
			"board:revise",
			"board:withdraw",
		]);
	});
	test("is for who answered to take the answer back, and after that to give another", async () => {
		const { responder, post, response } = await answered();
		expect(await possible(post, responder)).toEqual(["board:retract"]);
		await said(responder.says("board:retract", {}, { antecedent: response }));
		expect(await possible(post, responder)).toEqual(["board:respond"]);
	});
	test("tells an author why no agreement is possible on terms that have changed since, and lets the answer be given anew", async () => {
		const { author, responder, post } = await answered();
		const changed = { kind: "need", ...terms({ budget: { cap: "60", unit: "scrip" } }) };
		await said(author.says("board:revise", changed, { antecedent: post }));
		expect(await possible(post, author)).toContain("board:agree response-stale");
		expect(await possible(post, responder)).toEqual(["board:retract", "board:respond"]);
	});
	test("is nothing once it is agreed on", async () => {
		const { author, responder, post, response } = await answered();
		await said(author.says("board:agree", {}, { antecedent: response }));
		for (const reader of [author, responder, visit.agent()]) expect(await possible(post, reader)).toEqual([]);
	});
});

describe("whether an agent may post", () => {
	test("is told before a word is written: which post has the slot, and nothing where it is free", async () => {
		const { author, responder, post } = await answered();
		expect(await ask.barred(author.key)).toMatchObject({ code: "slot-taken", see: post });
		expect(await ask.barred(responder.key)).toBeUndefined();
	});
});
