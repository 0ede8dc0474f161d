import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../log/message";
import { agents } from "./agents";
import { api } from "./api";
import { opened, type Visit } from "./given";
import { Measures } from "./health";
import { openHouse } from "./house";

let visit: Visit;
let server: Server;
let url: string;
let now = Date.parse("2026-11-23T12:00:00.250Z");

beforeAll(async () => {
	visit = await opened({ now: () => now, embedder: "lexical" });
	const measures = new Measures(visit.house);
	server = createServer(agents(visit.house, api(visit.house, undefined, measures), measures));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await visit.close();
});
// Each test in seconds of its own.
beforeEach(() => {
	now += 60_000;
});

const ask = async (path: string, headers: Record<string, string> = {}) => {
	const response = await fetch(`${url}${path}`, { headers });
	return { response, body: await response.text() };
};
const profile = (name: string) => visit.agent().says("agent:profile", { name });

describe("an answer that was given", () => {
	test("is given again word for word, with its headers, while nothing has happened", async () => {
		const first = await ask("/api/exchange");
		const again = await ask("/api/exchange");
		expect(again.response.status).toBe(200);
		expect(again.body).toBe(first.body);
		const headers = ({ response }: typeof first) =>
			[...response.headers].filter(([name]) => name !== "date").sort();
		expect(headers(again)).toEqual(headers(first));
	});

	test("costs its reader nothing when he has it already", async () => {
		const { response } = await ask("/api/messages");
		const etag = response.headers.get("ETag")!;
		for (const had of [etag, `W/${etag}`, `"other", ${etag}`]) {
			const again = await ask("/api/messages", { "If-None-Match": had });
			expect(again.response.status).toBe(304);
			expect(again.response.headers.get("ETag")).toBe(etag);
			expect(again.body).toBe("");
		}
		expect((await ask("/api/messages", { "If-None-Match": '"other"' })).response.status).toBe(200);
	});

	test("is over with the next message, here or through another process on the same log", async () => {
		const { secret } = visit.house;
		const other = await openHouse({
			url: visit.databaseUrl,
			secret,
			now: () => now,
			embedder: "lexical",
		});
		for (const [name, door] of [
			["here", visit.house.door],
			["elsewhere", other.door],
		] as const) {
			const before = JSON.parse((await ask("/api/messages")).body).items.length;
			expect((await door.submit(JSON.stringify(profile(name)))).refusal).toBeUndefined();
			const after = JSON.parse((await ask("/api/messages")).body).items;
			expect(after).toHaveLength(before + 1);
			expect(after.at(-1).payload).toEqual({ name });
		}
		await other.close();
	});

	test("is over with its second: what moves with time moves on", async () => {
		const told = async () => JSON.parse((await ask("/api/exchange")).body).now;
		const first = await told();
		now += 700;
		expect(await told()).toBe(first);
		now += 100;
		expect(Date.parse(await told())).toBe(Date.parse(first) + 1000);
	});

	test("of a message outlives its second, but not the instant until which its words are hidden", async () => {
		const message = profile("Ada");
		await visit.post(message);
		const words = async () => JSON.parse((await ask(`/api/messages/${message.id}`)).body).payload;
		expect(await words()).toEqual({ name: "Ada" });
		now += 5_000;
		expect(await words()).toEqual({ name: "Ada" });
		const hide = { scope: "payload", at_fault: false, reason: "Until it is looked at." };
		const until = new Date(now + 60_000).toISOString();
		const hidden = await visit.post(
			visit.operator.says("operator:hide", { ...hide, until }, { antecedent: message.id }),
		);
		expect(hidden.status, await hidden.text()).toBe(201);
		expect(await words()).not.toEqual({ name: "Ada" });
		now += 59_000;
		expect(await words()).not.toEqual({ name: "Ada" });
		now += 1_000;
		expect(await words()).toEqual({ name: "Ada" });
	});

	test("is made again of what was read for it, second by second, as it would be asked anew", async () => {
		const late = await opened({ now: () => now, embedder: "lexical" });
		const measures = new Measures(late.house);
		const app = api(late.house, undefined, measures);
		const { fetch: answers } = app;
		let asked = 0;
		app.fetch = (...request) => {
			asked++;
			return answers(...request);
		};
		const own = createServer(agents(late.house, app, measures));
		await once(own.listen(0, "127.0.0.1"), "listening");
		const at = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
		const told = async (message: Message) => {
			const response = await late.post(message, { Prefer: "wait=20" });
			const answer = await response.json();
			expect(response.status, JSON.stringify(answer)).toBe(201);
			return answer;
		};
		const [ada, bob, cy] = [late.agent(), late.agent(), late.agent()];
		for (const recipient of [bob.key, cy.key])
			await told(late.operator.says("scrip:mint", { recipient, amount: 50_000, reference: recipient }));
		const lasts = async (about: string, ttl_hours: number) => {
			const content = Array.from({ length: 12 }, (_, i) => `${about}, step ${i} of many.`).join("\n\n");
			const put = { description: `How to ${about}`, content, token_cost: 20_000, content_type: "plan" };
			return (await told(ada.says("exchange:put", { ...put, ttl_hours }))).message.id as string;
		};
		const entries = [await lasts("retry with backoff", 1_000), await lasts("seal letters with wax", 30)];
		const buys: string[] = [];
		for (const buyer of [bob, cy]) {
			const task = "How to retry with backoff";
			const bought = await told(buyer.says("exchange:buy", { task, budget: 20_000 }));
			buys.push(bought.message.id);
			const how = { antecedent: bought.replies[0].id };
			if (buyer === bob) await told(bob.says("exchange:settle/buyer-accept", { entry_id: entries[0]! }, how));
		}
		const hide = { scope: "payload", at_fault: false, reason: "Until it is looked at." };
		const until = new Date(now + 7_200_000).toISOString();
		await told(late.operator.says("operator:hide", { ...hide, until }, { antecedent: entries[1] }));
		// What falls due is left: the log stands while time goes on.
		await late.house.runner.close();

		const { seq } = late.house.tail;
		const paths = [
			"/api/exchange",
			"/api/entries",
			"/api/entries?type=plan&limit=1",
			"/api/entries?max_price=100000",
			"/api/wanted",
			...entries.flatMap((id) => [`/api/entries/${id}`, `/api/entries/${id}?as_of=${seq}`]),
			...buys.flatMap((id) => [`/api/orders/${id}`, `/api/orders/${id}?as_of=${seq}`]),
			...[...entries, ...buys].map((id) => `/api/messages/${id}`),
		];
		const begun = now;
		for (const after of [0, 1, 11, 60, 3_600, 7_199, 7_200, 86_400, 108_000, 400_000, 3_600_000]) {
			now = begun + after * 1000;
			for (const path of paths) {
				const hot = await fetch(`${at}${path}`);
				const anew = await late.get(path);
				expect(await hot.text(), `${path} after ${after} s`).toBe(await anew.text());
				for (const name of ["ETag", "Seq", "Content-Type", "Cache-Control"])
					expect(hot.headers.get(name), path).toBe(anew.headers.get(name));
			}
		}
		// Of eleven times, most were asked for once.
		expect(asked).toBeLessThan(paths.length * 4);
		own.closeAllConnections();
		own.close();
		await late.close();
	});

	test("is one person's where it was asked with a session, and another's is another", async () => {
		const ada = visit.agent();
		const session = await visit.session(ada);
		const path = `/api/agents/${ada.key}/ledger`;
		await visit.post(ada.says("agent:profile", { name: "Ada" }));
		expect((await ask(path, session)).response.status).toBe(200);
		expect((await ask(path)).response.status).toBe(401);
		expect((await ask(path, { Authorization: "Bearer nobody" })).response.status).toBe(401);
	});

	test("does not stand for the same address asked in another form", async () => {
		const json = await ask("/api/messages");
		const lines = await ask("/api/messages", { Accept: "application/x-ndjson" });
		expect(json.response.headers.get("Content-Type")).toBe("application/json");
		expect(lines.response.headers.get("Content-Type")).toBe("application/x-ndjson");
		expect((await ask("/api/messages", { Accept: "application/json" })).body).toBe(json.body);
		const head = await fetch(`${url}/api/messages`, { method: "HEAD" });
		expect([head.status, await head.text()]).toEqual([200, ""]);
	});

	test("is none where it was refused: what is there a moment later is found", async () => {
		const message = profile("Later");
		expect((await ask(`/api/messages/${message.id}`)).response.status).toBe(404);
		await visit.post(message);
		expect((await ask(`/api/messages/${message.id}`)).response.status).toBe(200);
	});
});

test("readers who come together all read what was there when they came", async () => {
	for (let round = 0; round < 5; round++) {
		const message = profile(`Round ${round}`);
		await visit.post(message);
		const seen = await Promise.all(Array.from({ length: 20 }, () => ask(`/api/messages/${message.id}`)));
		expect(seen.map(({ response }) => response.status)).toEqual(Array(20).fill(200));
	}
});

test("what is answered again is counted like everything else, under its route", async () => {
	const counted = async () => {
		const { body } = await ask("/api/metrics");
		const line = body
			.split("\n")
			.find((one) => /request_seconds_count\{.*"\/api\/exchange".*"200"/.test(one));
		return Number(line?.split(" ").at(-1) ?? 0);
	};
	const before = await counted();
	for (let i = 0; i < 3; i++) await ask("/api/exchange");
	expect(await counted()).toBe(before + 3);
});
