import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clausesOf } from "../board/queue";
import type { Payload } from "../log/message";
import { opened, type Visit } from "./given";
import { type Moderation, moderationQuestions } from "./moderation-questions";

const MONDAY = Date.parse("2026-11-16T08:00:00.000Z");
type Speaker = ReturnType<Visit["agent"]>;

let visit: Visit;
let now = MONDAY;
let questions: ReturnType<typeof moderationQuestions>;
let house: Moderation;
const [mo, ada, bob, cyn] = [0, 1, 2, 3] as const;
let people: Speaker[];
beforeAll(async () => {
	visit = await opened({ now: () => now });
	people = [visit.agent(), visit.agent(), visit.agent(), visit.agent()];
	questions = moderationQuestions(visit.house);
	house = (await questions.moderation(visit.operator.key))!;
	const role = { subject: people[mo]!.key, role: "moderator", reason: "Helps." };
	await said(visit.operator, "operator:grant", role);
	await said(visit.operator, "operator:grant", { ...role, subject: people[cyn]!.key, role: "vouched" });
});
afterAll(() => visit.close());

async function said(by: Speaker, operation: string, payload: Payload, antecedent?: string): Promise<string> {
	now++;
	const answer = await visit.post(by.says(operation, payload, antecedent ? { antecedent } : {}));
	const body = await answer.json();
	if (answer.status !== 201) throw new Error(`${operation}: ${body.code}: ${body.detail}`);
	return body.message.id;
}

const need = (by: Speaker, title: string) =>
	said(by, "board:need", {
		title,
		region: "EU",
		tz: "Europe/Berlin",
		window: { start: "2026-11-16T10:00:00Z", end: "2026-11-18T10:00:00Z" },
		budget: { cap: "120", unit: "scrip" },
		resources: { cpu: "8 cores" },
		constraints: {},
		success_condition: "The release builds; its tests pass. It is signed.",
		contact: "DM",
	});

describe("what of the board waits for the house", () => {
	let post: string;
	let contest: string;
	let flag: string;
	let appeal: string;
	/** By an owner with standing, the last to come. */
	let known: string;
	beforeAll(async () => {
		post = await need(people[ada]!, "arm64");
		const response = await said(people[bob]!, "board:respond", { message: "I can." }, post);
		flag = await said(people[bob]!, "board:flag", { reason: "scam", note: "Asks for keys." }, post);
		const agree = await said(people[ada]!, "board:agree", {}, response);
		const closing = { outcome: "done", summary: "Built.", receipts: [] };
		const close = await said(people[ada]!, "board:close", closing, agree);
		contest = await said(people[bob]!, "board:contest", { reason: "It is not signed." }, close);
		await said(people[cyn]!, "board:flag", { reason: "spam" }, post);
		const hide = { scope: "listing", at_fault: true, reason: "Seen." };
		const hidden = await said(visit.operator, "operator:hide", hide, post);
		appeal = await said(people[ada]!, "board:appeal", { text: "Look again." }, hidden);
		known = await said(people[cyn]!, "board:flag", { reason: "spam" }, await need(visit.agent(), "coins"));
	});

	test("is asked by house operators, moderators and auditors, and by nobody else", async () => {
		expect(await questions.moderation(people[mo]!.key)).toMatchObject({
			isOperator: false,
			isModerator: true,
		});
		expect(house).toMatchObject({ isOperator: true, isModerator: false });
		expect(await questions.moderation(people[ada]!.key)).toBeUndefined();
		expect(await questions.moderation(undefined)).toBeUndefined();
	});
	test("is listed in the order of arrival, owners with standing first, with who is at it", async () => {
		await said(visit.operator, "operator:claim", {}, contest);
		const { found } = await house.queue(undefined, 10);
		expect(found.count).toBe(4);
		expect(found.cases.map(({ id, kind }) => [kind, id])).toEqual([
			["flag", known],
			["flag", flag],
			["contest", contest],
			["appeal", appeal],
		]);
		expect(found.cases[1]).toMatchObject({
			about: post,
			aboutOperation: "board:need",
			flags: 2,
			claim: null,
		});
		expect(found.cases[2]!.claim?.by).toBe(visit.operator.key);
		expect((await house.queue("appeal", 10)).found.cases.map(({ id }) => id)).toEqual([appeal]);
	});
	test("has of a contest the success condition clause by clause, both sides, and all that was said", async () => {
		const found = await house.case(contest);
		expect(found).toMatchObject({
			kind: "contest",
			clauses: ["The release builds", "its tests pass.", "It is signed."],
			author: { key: people[ada]!.key },
			responder: { key: people[bob]!.key },
			own: false,
			case: { payload: { reason: "It is not signed." } },
		});
		expect(found?.kind === "contest" && found.talk.map(({ operation }) => operation)).toContain(
			"board:close",
		);
	});
	test("has of flags each with its weight and reason, and what hides the message", async () => {
		expect(await house.case(flag)).toMatchObject({
			kind: "flag",
			target: { id: post },
			flags: [{ weight: expect.any(Number) }, { weight: expect.any(Number) }],
			hides: [{ scope: "listing", atFault: true }],
			said: { payload: { title: "arm64" } },
			reasons: [{ payload: { reason: "scam", note: "Asks for keys." } }, { payload: { reason: "spam" } }],
		});
	});
	test("has of an appeal the ruling, and is none of what is no case", async () => {
		expect(await house.case(appeal)).toMatchObject({
			kind: "appeal",
			ruling: { operation: "operator:hide", on: post },
			appellant: { key: people[ada]!.key },
			status: "open",
		});
		for (const id of [post, "0".repeat(64)]) expect(await house.case(id)).toBeUndefined();
	});
	test("leaves the queue with the ruling, and can still be read", async () => {
		for (const id of [contest, flag, appeal, known])
			await said(visit.operator, "operator:verdict", { verdict: "declined", reason: "So ruled." }, id);
		expect((await house.queue(undefined, 10)).found).toEqual({ cases: [], count: 0 });
		expect(await house.case(flag)).toMatchObject({ status: "declined" });
	});
});

test("the clauses of a success condition are its lines, sentences and parts", () => {
	expect(clausesOf("- builds on arm64\n- tests pass; logs attached")).toEqual([
		"builds on arm64",
		"tests pass",
		"logs attached",
	]);
	expect(clausesOf("能编译。 测试通过。")).toEqual(["能编译。", "测试通过。"]);
	expect(clausesOf("version 1.2 runs")).toEqual(["version 1.2 runs"]);
	expect(clausesOf("")).toEqual([]);
});
