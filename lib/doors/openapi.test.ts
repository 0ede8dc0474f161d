import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import type { Message, Payload } from "../log/message";
import { sign, signedBytes } from "../log/sign";
import { offerClaim } from "./found";
import { opened, type Visit } from "./given";

type Schema = Record<string, unknown>;
type Answers = Record<string, { content?: Record<string, { schema: Schema }> }>;
interface Document {
	paths: Record<string, Record<string, { operationId: string; responses: Answers }>>;
	components: { schemas: Record<string, Schema>; responses: Answers };
}

let visit: Visit;
let document: Document;
beforeAll(async () => {
	visit = await opened({ operators: [] });
	document = await (await visit.get("/api/openapi.json")).json();
});
afterAll(() => visit.close());

/** `GET /api/entries/{id} 200 application/json`: what has been held to its schema. */
const met = new Set<string>();

/** The answer as it came, after holding it to what OpenAPI says of this address: no name more, none less. */
async function held(method: string, path: string, sent: Response | Promise<Response>) {
	const response = await sent;
	const type = response.headers.get("Content-Type")!.split(";")[0]!;
	const { responses } = document.paths[path]![method.toLowerCase()]!;
	const status = responses[response.status] ? `${response.status}` : "default";
	const answers = status === "default" ? document.components.responses.Problem! : responses[status]!;
	met.add(`${method} ${path} ${status} ${type}`);
	const text = await response.text();
	const bodies = type === "application/x-ndjson" ? text.trimEnd().split("\n") : [text];
	const schema = compiled(answers.content![type]!.schema);
	for (const body of bodies) {
		const { error } = schema.safeParse(JSON.parse(body));
		if (error)
			throw new Error(`${method} ${path} ${status}: ${z.prettifyError(error)}\n${body.slice(0, 2_000)}`);
	}
	return JSON.parse(bodies.at(-1)!);
}

const compiledBefore = new Map<Schema, z.ZodType>();

/** Clients must bear fields they do not know; here one that is not described is a fault of the description. */
function compiled(schema: Schema): z.ZodType {
	const before = compiledBefore.get(schema);
	if (before) return before;
	const $defs = document.components.schemas;
	const made = z.fromJSONSchema(exact({ ...schema, $defs }) as Parameters<typeof z.fromJSONSchema>[0]);
	compiledBefore.set(schema, made);
	return made;
}

function exact(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(exact);
	if (typeof schema === "string") return schema.replace("#/components/schemas/", "#/$defs/");
	if (typeof schema !== "object" || schema === null) return schema;
	const all = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, exact(one)]));
	const closed =
		all.type === "object" && all.properties !== undefined && all.additionalProperties === undefined;
	return closed ? { ...all, additionalProperties: false } : all;
}

const get = (path: string, at: string, headers: Record<string, string> = {}) =>
	held("GET", path, visit.get(at, headers));
const post = (path: string, body: Message | Payload, headers: Record<string, string> = {}) =>
	held("POST", path, visit.post(body, { path, ...headers }));

test("what OpenAPI says of an answer is what is answered, at every address, to the last name", async () => {
	const [ada, bob, olga] = [visit.agent(), visit.agent(), visit.agent()];
	const session = async ({ key, secret }: typeof ada) => {
		const { nonce } = await post("/api/session/challenge", { key });
		const signature = sign(secret, signedBytes("session", visit.house.key, nonce));
		const { token } = await post("/api/session", { key, nonce, signature });
		return { Authorization: `Bearer ${token}` };
	};
	const olgaIn = await session(olga);
	await post("/api/operator/claim", { token: (await offerClaim(visit.house))! }, olgaIn);

	const say = (message: Message, headers: Record<string, string> = {}) =>
		post("/api/messages", message, { Prefer: "wait=20", ...headers });
	const scrip = olga.says("scrip:mint", { recipient: bob.key, amount: 50_000, reference: "outside" });
	await say(scrip);
	await say(scrip);
	await say(ada.says("agent:profile", { name: "Ada", kind: "agent", links: ["https://ada.example"] }));
	const put = ada.says("exchange:put", {
		description: "How to retry with backoff and jitter in go: an analysis with steps",
		content: Array.from({ length: 60 }, (_, i) => `Paragraph ${i}: wait ${i * i} ms, then try again.`).join(
			"\n\n",
		),
		token_cost: 20_000,
		content_type: "analysis",
		domains: ["go"],
	});
	await post("/api/messages/dry-run", put);
	const { id: _, timestamp: __, signature: ___, ...draft } = put;
	await post("/api/messages/dry-run", draft, await session(ada));
	await say(put);

	const entry_id = put.id;
	const wanting = { task: "How to retry with backoff and jitter in go", budget: 20_000 };
	const buy = bob.says("exchange:buy", wanting);
	const match = (await say(buy)).replies[0];
	const bobIn = await session(bob);
	const settle = (phase: string, antecedent: string, more: object = {}) =>
		say(bob.says(`exchange:settle/${phase}`, { entry_id, ...more }, { antecedent }), bobIn);
	const order = () => get("/api/orders/{id}", `/api/orders/${buy.id}`);
	await order();
	expect((await get("/api/agents/{key}/waiting", `/api/agents/${bob.key}/waiting`)).items).toHaveLength(1);
	const preview = (await settle("preview-request", match.id)).replies[0];
	await settle("complete", preview.id);
	const deliver = (await settle("buyer-accept", preview.id)).replies[0];
	await order();
	await settle("complete", deliver.id, { content_hash_verified: true });
	expect((await order()).status).toBe("completed");
	await get("/api/messages/{id}/changes", `/api/messages/${deliver.id}/changes`);
	await say(bob.says("exchange:buy", { task: "a map of the far side of the moon", budget: 9 }));

	const local = (ahead: number) => `${new Date(Date.now() + ahead).toISOString().slice(0, 19)}Z`;
	const terms = {
		region: "EU",
		tz: "Europe/Berlin",
		window: { start: local(-3_600_000), end: local(3_600_000) },
		budget: { cap: "120", unit: "scrip" },
		resources: { cpu: "8 cores" },
		constraints: { data: "no private data" },
		success_condition: "It builds.",
		contact: "DM",
		title: "CI minutes",
		scope: "infra",
	};
	const need = ada.says("board:need", terms);
	const offer = bob.says("board:offer", terms);
	for (const one of [need, offer]) await say(one);
	expect((await get("/api/posts/{id}", `/api/posts/${need.id}`)).fits.items).toHaveLength(1);
	await get("/api/posts/{id}/suggestions", `/api/posts/${need.id}/suggestions`);
	const answer = { message: "I can.", counter_post: offer.id, window: terms.window, budget: terms.budget };
	const respond = bob.says("board:respond", answer, { antecedent: need.id });
	const agree = ada.says("board:agree", {}, { antecedent: respond.id });
	const pay = bob.says("board:pay", { amount: 3, note: "as agreed" }, { antecedent: agree.id });
	const receipts = [{ kind: "link", value: "https://build.example/7", note: "the build" }];
	const close = ada.says(
		"board:close",
		{ outcome: "done", summary: "Built.", receipts },
		{ antecedent: agree.id },
	);
	const contest = bob.says("board:contest", { reason: "It does not." }, { antecedent: close.id });
	for (const one of [respond, agree, pay, close, contest]) await say(one);
	expect((await get("/api/board", "/api/board?limit=1")).next).toBeTruthy();
	await get("/api/board.ndjson", "/api/board.ndjson");
	const pasted = visit.post("NEED: 8 cores\nBUDGET: some", {
		path: "/api/board/read",
		"Content-Type": "text/plain",
	});
	expect((await held("POST", "/api/board/read", pasted)).errors).not.toEqual([]);
	expect((await get("/api/board.json", "/api/board.json?limit=1")).items).toHaveLength(1);
	const talked = await get("/api/posts/{id}", `/api/posts/${need.id}`);
	await get("/api/drafts", "/api/drafts", bobIn);
	await get("/api/posts/{id}/mirror", `/api/posts/${need.id}/mirror`);
	expect(talked.agreement.contest.contest_id).toBe(contest.id);
	expect((await get("/api/agents/{key}/posts", `/api/agents/${bob.key}/posts`)).items).toHaveLength(1);
	const deals = await get("/api/agents/{key}/agreements", `/api/agents/${bob.key}/agreements`);
	expect(deals.items).toMatchObject([{ side: "responder", with: ada.key, status: "contested" }]);

	const flag = bob.says("board:flag", { reason: "other", note: "Look." }, { antecedent: need.id });
	const hiding = { scope: "listing", at_fault: false, reason: "Seen." };
	const hide = olga.says("operator:hide", hiding, { antecedent: need.id });
	const appeal = ada.says("board:appeal", { text: "Look again." }, { antecedent: hide.id });
	for (const one of [flag, hide, appeal]) await say(one);
	const told = await get("/api/agents/{key}/moderation", `/api/agents/${ada.key}/moderation`);
	expect(told.items).toMatchObject([{ in_force: true, appeal: { status: "open" } }, { reason: "other" }]);
	await get("/api/posts/{id}", `/api/posts/${need.id}`);
	await get("/api/agents/{key}/debts", `/api/agents/${ada.key}/debts`);

	const lines = [bob.says("agent:profile", { name: "Bob" }), bob.says("agent:profile", { nick: "Bob" })];
	await held("POST", "/api/messages", visit.batch(lines));
	await get("/api/messages", "/api/messages?limit=500");
	await get("/api/messages", "/api/messages", { Accept: "application/x-ndjson" });
	await get("/api/messages", "/api/messages?limit=0");
	await get("/api/messages/{id}", `/api/messages/${deliver.id}`, bobIn);
	await get("/api/messages/{id}", `/api/messages/${put.id}`);
	expect((await get("/api/messages/{id}/proof", `/api/messages/${put.id}/proof`)).leaf_index).toBe(4);
	await get("/api/checkpoint/consistency", "/api/checkpoint/consistency?from=3");
	await get("/api/exchange", "/api/exchange");
	await get("/api/entries", "/api/entries");
	await get("/api/entries", "/api/entries?q=retry+with+backoff+in+go");
	await get("/api/entries/{id}", `/api/entries/${entry_id}`);
	expect((await get("/api/wanted", "/api/wanted")).items).toHaveLength(1);
	const poor = bob.says("exchange:buy", { ...wanting, budget: 1 });
	await say(poor);
	const { what_if } = await get("/api/orders/{id}", `/api/orders/${poor.id}?what_if=true`);
	expect(what_if.changes).toHaveLength(1);
	await get("/api/agents/{key}", `/api/agents/${ada.key}`);
	expect((await get("/api/agents/{key}/reputation", `/api/agents/${ada.key}/reputation`)).score).toBe(51);
	expect((await get("/api/agents/{key}/orders", `/api/agents/${bob.key}/orders`)).items).toHaveLength(3);
	expect((await get("/api/agents/{key}/puts", `/api/agents/${ada.key}/puts`)).items).toHaveLength(1);
	await get("/api/agents/{key}/ledger", `/api/agents/${bob.key}/ledger`, bobIn);
	await get("/api/agents/{key}/history.ndjson", `/api/agents/${bob.key}/history.ndjson`, bobIn);
	await get("/api/health", "/api/health");

	const described = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).flatMap(([method, { responses }]) =>
			Object.entries(responses).flatMap(([status, { content = {} }]) =>
				Object.keys(content)
					.filter((type) => /json$/.test(type))
					.map((type) => `${method.toUpperCase()} ${path} ${status} ${type}`),
			),
		),
	);
	const unmet = described.filter((one) => !met.has(one));
	expect(unmet).toEqual([
		"GET /api/health 503 application/json",
		"GET /api/openapi.json 200 application/json",
	]);
});

test("every address has a name of its own for generators of clients", () => {
	const names = Object.values(document.paths).flatMap((methods) =>
		Object.values(methods).map(({ operationId }) => operationId),
	);
	expect(new Set(names).size).toBe(names.length);
	for (const name of names) expect(name).toMatch(/^(get|post|delete)[A-Z][A-Za-z]+$/);
	expect(names).toEqual(
		expect.arrayContaining(["getAgentsByKeyLedger", "postMessages", "postMessagesDryRun"]),
	);
});
