import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as postgres } from "../../db/client";
import { compose, newKey } from "../../lib/client/compose";
import { connect } from "../../lib/client/connect";
import type { Message, Payload } from "../../lib/log/message";
import { json, openSeveral, post, proof } from "./given";

let several: Awaited<ReturnType<typeof openSeveral>>;
let [a, b] = ["", ""];
const operator = newKey();
beforeAll(async () => {
	several = await openSeveral();
	[a, b] = several.processes.map(({ at }) => at) as [string, string];
});
afterAll(() => several?.close());

const says = (who: ReturnType<typeof newKey>, operation: string, payload: Payload) =>
	compose(who, several.key, operation, payload);
const put = (name: string, who = newKey()) =>
	says(who, "exchange:put", {
		description: `How ${name} works`,
		content: `${name} works by itself. `.repeat(30),
		token_cost: 1_000,
		content_type: "summary",
	});
const profile = (name: string, who = newKey()) => says(who, "agent:profile", { name });

interface Logged extends Message {
	seq: number;
}

/** The whole log as this process tells it. */
async function log(at: string): Promise<Logged[]> {
	const text = await (
		await fetch(`${at}/api/messages`, { headers: { Accept: "application/x-ndjson" } })
	).text();
	return text
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
}

async function quiet(): Promise<void> {
	const sql = postgres(several.databaseUrl, { max: 1 });
	while ((await sql`select from views.duties where due <= (select received_at from head)`).length > 0)
		await sleep(50);
	await sql.end();
}

describe("two that start at once on an empty database", () => {
	test("found it once, and are one exchange", async () => {
		expect((await log(a)).map(({ tags }) => tags[0])).toEqual(["scrip:mint"]);
		expect(await log(b)).toEqual(await log(a));
	});

	test("each offer a link: both are good, at either, until one is used", async () => {
		const [first, second] = several.processes.map(({ exchange }) => exchange.claim);
		const late = newKey();
		const token = async (who: typeof operator) => (await connect(b, who)).session();
		const claim = async (who: typeof operator, link: string | undefined) =>
			post(a, "/api/operator/claim", { token: link }, { Authorization: `Bearer ${await token(who)}` });
		expect((await claim(operator, second)).status).toBe(201);
		expect((await claim(late, first)).status).toBe(409);
	});
});

describe("writers at both", () => {
	test("have each message once, at the place they were told, in one order without gaps that both tell", async () => {
		const told = new Map<string, number[]>();
		const writer = async (which: number) => {
			for (let i = 0; i < 12; i++) {
				const name = `writer ${which} number ${i}`;
				const message = i % 3 === 0 ? put(name) : profile(name);
				// Every fourth is sent to both at once, as by a client that had no answer in time.
				const doors = i % 4 === 0 ? [a, b] : [(which + i) % 2 === 0 ? a : b];
				const answers = await Promise.all(doors.map((at) => post(at, "/api/messages", message)));
				const seqs = await Promise.all(answers.map(async (one) => (await one.json()).message?.seq));
				told.set(message.id, seqs);
			}
		};
		await Promise.all(Array.from({ length: 8 }, (_, i) => writer(i)));
		await quiet();

		const all = await log(a);
		expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i + 1));
		expect(await log(b)).toEqual(all);
		const seqOf = new Map(all.map(({ id, seq }) => [id, seq]));
		for (const [id, seqs] of told) expect(new Set(seqs)).toEqual(new Set([seqOf.get(id)]));
	});

	test("are answered once each, though both do what the exchange owes", async () => {
		const all = await log(a);
		const puts = all.filter(({ tags }) => tags.includes("exchange:put"));
		expect(puts).toHaveLength(32);
		for (const { id } of puts) {
			const rulings = all.filter(
				({ antecedents, sender }) => antecedents[0] === id && sender === several.key,
			);
			expect(rulings.map(({ tags }) => tags[0])).toEqual(["exchange:settle"]);
		}
		const sql = postgres(several.databaseUrl, { max: 1 });
		expect(await sql`select from duty_leases`).toHaveLength(0);
		await sql.end();
	});

	test("read the same of both", async () => {
		const { sender } = (await log(a)).find(({ tags }) => tags.includes("exchange:put"))!;
		for (const path of [
			"/api/entries",
			"/api/entries?q=how+writer+3+works",
			"/api/board",
			`/api/agents/${sender}`,
			`/api/agents/${sender}/reputation`,
			"/api/checkpoint",
		]) {
			const [one, other] = await Promise.all([a, b].map((at) => fetch(`${at}${path}`)));
			expect(one!.status).toBe(200);
			expect(other!.headers.get("Seq")).toBe(one!.headers.get("Seq"));
			// The times of an embedding differ, and what they were is no part of what was found.
			expect(untimed(await other!.text())).toBe(untimed(await one!.text()));
		}
	});

	test("are held to one limit together", async () => {
		const who = newKey();
		const batches = [26, 25].map((count) =>
			Array.from({ length: count }, (_, i) => put(`one of ${count}, number ${i}`, who)),
		);
		const answers = await Promise.all(
			batches.map(async (batch, i) => {
				const response = await fetch(`${[a, b][i]}/api/messages`, {
					method: "POST",
					headers: { "Content-Type": "application/x-ndjson" },
					body: batch.map((one) => JSON.stringify(one)).join("\n"),
				});
				return (await response.text()).trimEnd().split("\n");
			}),
		);
		const statuses = answers.flat().map((line) => JSON.parse(line).status);
		expect(statuses.filter((status) => status === 201)).toHaveLength(50);
		expect(statuses.filter((status) => status === 429)).toHaveLength(1);
	});
});

const untimed = (text: string) => text.replace(/"(now|took_ms|embed_ms)":("[^"]*"|\d+)/g, "");

describe("somebody who is now at one, now at the other", () => {
	test("signs in at one with a nonce of the other, once, and is signed in at both", async () => {
		const who = newKey();
		const { nonce } = await (await post(a, "/api/session/challenge", { key: who.key })).json();
		const shown = proof(several.key, who, nonce);
		const both = await Promise.all([post(b, "/api/session", shown), post(a, "/api/session", shown)]);
		expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
		const { token } = await both.find(({ ok }) => ok)!.json();
		const Authorization = `Bearer ${token}`;
		for (const at of [a, b])
			expect((await fetch(`${at}/api/agents/${who.key}/ledger`, { headers: { Authorization } })).status).toBe(
				200,
			);
		await fetch(`${a}/api/session`, { method: "DELETE", headers: { Authorization } });
		expect((await fetch(`${b}/api/agents/${who.key}/ledger`, { headers: { Authorization } })).status).toBe(
			401,
		);
	});

	test("has the answer of the one to what was said at the other, and sees at once what waits", async () => {
		const house = await connect(a, operator);
		const buyer = newKey();
		await house.send("scrip:mint", { recipient: buyer.key, amount: 10_000, reference: "a purse" });
		const buying = await connect(b, buyer);
		const asked = await buying.send(
			"exchange:buy",
			{ task: "how writer 3 number 0 works", budget: 5_000 },
			{ wait: 20 },
		);
		expect(asked.replies[0]!.tags).toContain("exchange:match");
		const { items } = await json(`${a}/api/agents/${buyer.key}/waiting`);
		expect(items).not.toEqual([]);
		expect(await json(`${b}/api/agents/${buyer.key}/waiting`)).toEqual(
			await json(`${a}/api/agents/${buyer.key}/waiting`),
		);
	});

	test("acts from a page of the one address that all have, at whichever process and address the proxy reaches", async () => {
		const acts = (at: string, origin: string) =>
			fetch(`${at}/docs`, {
				method: "POST",
				headers: {
					Origin: origin,
					"Content-Type": "text/plain;charset=UTF-8",
					"Next-Action": "0".repeat(42),
				},
				body: "[]",
			});
		// No act of this build, and that is all that is wrong with it.
		const own = await acts(a, a);
		expect(own.status).toBe(409);
		for (const at of [a, b]) expect((await acts(at, several.proxy.url)).status).toBe(409);
		for (const at of [a, b]) expect((await acts(at, "http://elsewhere.example")).status).toBe(403);
	});

	test("follows at one what is said at the other, and goes on at the other when the first is gone", async () => {
		const from = (await log(a)).length;
		const over = new AbortController();
		const seen: number[] = [];
		const who = newKey();
		const names = Array.from({ length: 40 }, (_, i) => `followed ${i}`);
		const following = (await connect(several.proxy.url)).follow(
			{ after: from, signal: over.signal },
			({ seq }) => {
				seen.push(seq);
				if (seen.length >= names.length) over.abort();
			},
		);
		for (const [i, name] of names.entries()) {
			if (i === 20) await several.processes[0].exchange.stop();
			const { status } = await post(i < 20 ? a : b, "/api/messages", profile(name, who));
			expect(status).toBe(201);
		}
		await following;
		expect(seen).toEqual(names.map((_, i) => from + 1 + i));
		several.processes[0].exchange = await several.processes[0].exchange.again();
	});
});

describe("each restarted in its turn, under load", () => {
	test("no request fails, and nothing is lost or doubled", async () => {
		let over = false;
		const failures: string[] = [];
		const acknowledged = new Map<string, number>();
		const at = several.proxy.url;
		const again = async (work: (i: number) => Promise<void>) => {
			for (let i = 0; !over; i++)
				await work(i).catch((error) => failures.push(`${error.cause?.message ?? error}`));
		};
		const writer = (which: number) =>
			again(async (i) => {
				const name = `load ${which} ${i}`;
				const message = i % 5 === 0 ? put(name) : profile(name);
				const headers: Record<string, string> = i % 5 === 0 ? { Prefer: "wait=20" } : {};
				const answer = await post(at, "/api/messages", message, headers);
				const body = await answer.json();
				if (answer.status !== 201) failures.push(`POST: ${answer.status} ${JSON.stringify(body)}`);
				else acknowledged.set(message.id, body.message.seq);
			});
		const reader = (path: string) =>
			again(async () => {
				const answer = await fetch(`${at}${path}`);
				await answer.text();
				if (answer.status !== 200) failures.push(`GET ${path}: ${answer.status}`);
			});
		const seen: number[] = [];
		const end = new AbortController();
		const from = (await log(a)).length;
		const following = (await connect(at)).follow({ after: from, signal: end.signal }, ({ seq }) => {
			seen.push(seq);
		});
		const load = [
			...Array.from({ length: 4 }, (_, i) => writer(i)),
			...["/", "/log", "/api/entries", "/api/messages?limit=5"].map(reader),
		];

		const health: { status: number; ready: boolean; connection: string | null }[] = [];
		for (const [i, running] of several.processes.entries()) {
			await sleep(1_000);
			const stopped = running.exchange.stop(i === 0 ? "SIGTERM" : "SIGINT");
			for (;;) {
				const answer = await fetch(`${running.at}/api/health`).catch(() => undefined);
				if (!answer) break;
				const { ready } = await answer.json();
				health.push({ status: answer.status, ready, connection: answer.headers.get("Connection") });
				await sleep(20);
			}
			expect(await stopped).toBe(0);
			await sleep(500);
			running.exchange = await running.exchange.again();
		}
		await sleep(1_000);
		over = true;
		await Promise.all(load);
		await quiet();

		expect(several.proxy.failures).toEqual([]);
		expect(failures).toEqual([]);
		expect(health).toContainEqual({ status: 503, ready: false, connection: "close" });
		const all = await log(b);
		expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i + 1));
		const seqOf = new Map(all.map(({ id, seq }) => [id, seq]));
		for (const [id, seq] of acknowledged) expect(seqOf.get(id)).toBe(seq);
		while (seen.length < all.length - from) await sleep(50);
		end.abort();
		await following;
		expect(seen).toEqual(all.slice(from).map(({ seq }) => seq));
	});
});
