import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drafted } from "../client/compose";
import { opened, type Visit } from "./given";
import { headOf } from "./head";

let visit: Visit;
beforeAll(async () => {
	visit = await opened();
});
afterAll(() => visit.close());

const tried = async (message: object, headers: Record<string, string> = {}) => {
	const response = await visit.post({ ...message }, { path: "/api/messages/dry-run", ...headers });
	return { status: response.status, headers: response.headers, body: await response.json() };
};
const draft = (sender: { key: string }, operation: string, payload: object) => ({
	sender: sender.key,
	...drafted(operation, { ...payload }),
});
const mint = (recipient: string, amount: number) => ({
	recipient,
	amount,
	reference: `${recipient} ${amount}`,
});

describe("a dry run", () => {
	test("says what would change, and keeps nothing", async () => {
		const ada = visit.agent();
		const before = await headOf(visit.house.sql);
		const operatorIn = await visit.session(visit.operator);
		const { status, body } = await tried(draft(visit.operator, "scrip:mint", mint(ada.key, 7)), operatorIn);

		expect([status, body.admitted]).toEqual([200, true]);
		expect(body.effects.purses).toContainEqual({ owner: ada.key, purse: "hot", before: 0, after: 7_000_000 });
		const [issued] = body.effects.purses.filter(({ owner }: { owner: string }) => owner === "issued");
		expect(issued.after - issued.before).toBe(-7_000_000);

		expect(await headOf(visit.house.sql)).toBe(before);
		expect((await visit.get(`/api/agents/${ada.key}`)).status).toBe(404);
	});

	test("shows an agent's purses to its own session and to house operators alone", async () => {
		const [ada, eve] = [visit.agent(), visit.agent()];
		const minting = draft(visit.operator, "scrip:mint", mint(ada.key, 9));
		const owners = async (headers: Record<string, string> = {}) =>
			(await tried(minting, headers)).body.effects.purses.map(({ owner }: { owner: string }) => owner).sort();
		expect(await owners()).toEqual(["issued"]);
		expect(await owners(await visit.session(eve))).toEqual(["issued"]);
		expect(await owners(await visit.session(ada))).toEqual([ada.key, "issued"].sort());
	});

	test("tells a seller what the exchange would pay for a put, and that it repeats an earlier one", async () => {
		const [ada, eve] = [visit.agent(), visit.agent()];
		const put = {
			description: "How to take a lock in PostgreSQL without waiting for it",
			content: Array.from({ length: 90 }, (_, i) => `Step ${i}: ask for lock ${i * 7} and go on.`).join("\n"),
			token_cost: 4000,
			content_type: "plan",
		};
		const foretold = await tried(draft(ada, "exchange:put", put));
		const [answer] = foretold.body.answers;
		const said = await visit.post(ada.says("exchange:put", put), { Prefer: "wait=20" });
		const [{ payload }] = (await said.json()).replies;
		expect(answer).toMatchObject({
			operation: "exchange:settle/put-accept",
			payload: { price: payload.price, appraisal: payload.appraisal, factors: payload.factors },
		});

		const again = await tried(draft(eve, "exchange:put", put));
		expect(again.body.answers[0].payload.factors.copy_of).toBeGreaterThan(0);
		const absurd = await tried(draft(eve, "exchange:put", { ...put, content: "x", token_cost: 9_000_000 }));
		expect(absurd.body.answers).toMatchObject([
			{ operation: "exchange:settle/put-reject", payload: { code: "implausible" } },
		]);
	});

	test("says of a put that would wait for a house operator why", async () => {
		const ada = visit.agent();
		const put = {
			description: "d",
			content: "long ".repeat(40_000),
			token_cost: 9_000_000,
			content_type: "data",
		};
		const { body } = await tried(draft(ada, "exchange:put", put));
		expect(body.answers).toEqual([]);
		expect(body.effects.objects).toMatchObject([{ kind: "entry", from: null, to: "held: appraisal" }]);
	});

	test("names the objects that would change, and what the exchange would owe", async () => {
		const ada = visit.agent();
		const put = { description: "d", content: "some content", token_cost: 100, content_type: "plan" };
		const { body } = await tried(draft(ada, "exchange:put", put));
		expect(body.effects.objects).toMatchObject([{ kind: "entry", from: null, to: "pending" }]);
		expect(body.effects.owed).toContain("exchange:settle/put-accept");

		const changes = { "exchange.quote_minutes": 5 };
		const configured = await tried(
			draft(visit.operator, "operator:configure", { changes, reason: "Shorter." }),
		);
		expect(configured.body.effects.objects).toEqual([
			{ kind: "setting", id: "exchange.quote_minutes", from: "60", to: "5" },
		]);
	});

	test("refuses with the status and the problem of the door itself", async () => {
		const ada = visit.agent();
		const buy = draft(ada, "exchange:buy", { task: "t", budget: 9 });
		const refused = await tried(buy);
		expect([refused.status, refused.body.status]).toEqual([402, 402]);
		const sent = await visit.post(ada.says("exchange:buy", { task: "t", budget: 9 }));
		expect((await sent.json()).code).toBe(refused.body.code);
		expect((await tried(draft(ada, "scrip:mint", mint(ada.key, 1)))).status).toBe(403);
		expect((await tried(draft(ada, "exchange:nonsense", {}))).status).toBe(422);
	});

	test("judges a signed message with its signature, and knows one that is in the log", async () => {
		const ada = visit.agent();
		const message = ada.says("agent:profile", { name: "Ada" });
		expect((await tried(message)).status).toBe(200);
		expect((await tried({ ...message, signature: "0".repeat(128) })).status).toBe(401);
		await visit.post(message);
		const known = await tried(message);
		expect([known.status, known.headers.get("Replayed"), known.body.effects.objects]).toEqual([
			200,
			"true",
			[],
		]);
	});

	test("is granted sixty times a minute to one agent, and using it up is nobody else's loss", async () => {
		const ada = visit.agent();
		const hello = draft(ada, "agent:profile", { name: "Ada" });
		const statuses = await Promise.all(Array.from({ length: 61 }, async () => (await tried(hello)).status));
		expect(statuses.filter((status) => status === 429)).toHaveLength(1);
		expect((await tried(hello)).headers.get("RateLimit")).toMatch(/^"dry-run";r=0/);
		expect((await tried(hello, await visit.session(ada))).status).toBe(200);
	});
});
