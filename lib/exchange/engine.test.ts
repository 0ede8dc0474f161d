import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratchDatabase } from "../../db/scratch";
import { compose } from "../client";
import { found } from "../doors/found";
import { type House, type HouseParts, openHouse } from "../doors/house";
import { hex } from "../log/bytes";
import { type Agent, agent, theExchange } from "../log/given";
import { rebuild } from "../log/replay";
import { signedBytes, verify } from "../log/sign";
import type { Submitted } from "../log/submit";
import type { Recorded } from "../log/tail";
import { bundledEmbedder } from "../match/bundled-embedder";
import { entries as library, unanswerable } from "../match/evaluation";
import { terms } from "../match/text";
import { goods, operator } from "./given";

type Said = { id: string; seq: number; operation: string; payload: Record<string, unknown> };
const said = ({ id, seq, operation, body }: Recorded): Said => ({
	id,
	seq,
	operation,
	payload: JSON.parse(body).payload,
});

let database: Awaited<ReturnType<typeof scratchDatabase>>;
const houses = new Set<House>();
const open = async (parts: Partial<HouseParts> = {}, url = database.url): Promise<House> => {
	const house = await openHouse({ url, secret: theExchange.secret, now: Date.now, ...parts });
	houses.add(house);
	return house;
};
const close = async (house: House) => {
	houses.delete(house);
	await house.close();
};

const message = (
	house: House,
	by: Agent,
	operation: string,
	payload: Record<string, unknown>,
	on: string[] = [],
) => compose(by, theExchange.key, operation, payload, { antecedents: on, at: new Date(house.now()) });

/** Says it at the door and waits for the exchange's answer, however long it takes; a refusal fails the test. */
async function says(
	house: House,
	by: Agent,
	operation: string,
	payload: Record<string, unknown>,
	...on: string[]
): Promise<{ id: string; seq: number; reply: Said }> {
	const answer = await house.door.submit(
		JSON.stringify(message(house, by, operation, payload, on)),
		3_600_000,
	);
	if (answer.refusal) throw new Error(`${operation}: ${answer.refusal.code}: ${answer.refusal.detail}`);
	return { ...answer.message, reply: answer.replies.map(said)[0]! };
}

const puts = (house: House, by: Agent, what: Record<string, unknown>) =>
	says(house, by, "exchange:put", what);
const buys = async (house: House, by: Agent, task: string, wish: Record<string, unknown> = {}) => {
	const { reply } = await says(house, by, "exchange:buy", { task, budget: 5_000, ...wish });
	return { id: reply.id, ...(reply.payload as unknown as Match) };
};
type Match = {
	results: { entry_id: string; description: string; price: number; confidence: number }[];
	search_meta: { embedder: string; floor: number; candidates: number; degraded?: string };
};
const settles = (house: House, by: Agent, phase: string, entry: string, on: string, more = {}) =>
	says(house, by, `exchange:settle/${phase}`, { phase, entry_id: entry, ...more }, on);
const mints = (house: House, to: Agent, amount: number) =>
	says(house, operator, "scrip:mint", { recipient: to.key, amount, reference: `to ${to.name}` });

const finds = async (house: House, task: string) =>
	(await house.engine.ports.search({ task, domains: [] })).hits.map(({ id }) => id);
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const founding = { treasuryFloatScrip: 1_000_000, operators: [operator.key] };

/** On the shelf: a dozen functions and runbooks, as sellers describe them. */
const shelf = library.slice(1, 13);
const shelved = ({ id, description, domains }: (typeof library)[number]) =>
	goods(id, { description, domains: [...domains], token_cost: 3_000 });

const bucket = `
export class TokenBucket {
	constructor(readonly capacity: number, readonly refillPerSecond: number, private level = capacity) {}
	private refilledAt = performance.now();
	/** Takes tokens out of the bucket; returns how many milliseconds the caller has to wait when there are too few. */
	take(count: number): number {
		const now = performance.now();
		const grown = this.level + ((now - this.refilledAt) / 1000) * this.refillPerSecond;
		this.level = Math.min(this.capacity, grown);
		this.refilledAt = now;
		if (this.level >= count) {
			this.level -= count;
			return 0;
		}
		return Math.ceil(((count - this.level) / this.refillPerSecond) * 1000);
	}
	/** Gives tokens back that were taken for work which did not happen, never above the capacity of the bucket. */
	giveBack(count: number): void {
		this.level = Math.min(this.capacity, this.level + count);
	}
}
export async function throttled<T>(bucket: TokenBucket, cost: number, work: () => Promise<T>): Promise<T> {
	for (let wait = bucket.take(cost); wait > 0; wait = bucket.take(cost)) {
		await new Promise((resolve) => setTimeout(resolve, wait));
	}
	try {
		return await work();
	} catch (error) {
		bucket.giveBack(cost);
		throw error;
	}
}
`;
/** Paragraphs with three figures each, which the copyist alters. */
const report = (figure: (n: number) => number, from = 0) =>
	library
		.slice(from, from + 25)
		.map(({ description }, i) => {
			const [times, nodes, clients] = [i * 7 + 3, i + 11, i * 13 + 5].map(figure);
			return `${description}, measured ${times} times on ${nodes} nodes with ${clients} clients.`;
		})
		.join("\n");
const asMeasured = (n: number) => n;
const alteredFigure = (n: number) => n * 2 + 1;

const code = (description: string, content: string, more = {}) => ({
	description,
	content,
	token_cost: 2_500,
	content_type: "code",
	...more,
});

afterAll(async () => {
	for (const house of houses) await house.close();
});

describe("a market of functions and runbooks", () => {
	const [ada, eve, bob] = [agent("ada"), agent("eve"), agent("bob")];
	const onShelf = new Map<string, string>();
	let house: House;

	beforeAll(async () => {
		database = await scratchDatabase();
		house = await open();
		await found(house, founding);
		await mints(house, bob, 50_000);
	});
	afterAll(async () => {
		for (const house of houses) await close(house);
		await database.drop();
	});

	test("takes a dozen puts by itself: each is accepted at once, at a price and with its preview's plan", async () => {
		for (const one of shelf) {
			const { id, reply } = await puts(house, ada, shelved(one));
			expect(reply).toMatchObject({
				operation: "exchange:settle/put-accept",
				payload: { entry_id: id, preview_plan: expect.anything() },
			});
			expect(reply.payload).not.toHaveProperty("factors.copy_of");
			onShelf.set(one.id, id);
		}
		await house.engine.embedded();
		expect(house.engine.health()).toMatchObject({ entries: 12, unembedded: 0, ready: true });
	});

	test("finds what a buyer describes in other words, and trades it to the end", async () => {
		const wanted = onShelf.get("stripe-webhooks")!;
		const match = await buys(house, bob, "customers are charged twice when the payment provider retries");
		expect(match.results[0]).toMatchObject({ entry_id: wanted });
		expect(match.search_meta).toMatchObject({ embedder: "all-MiniLM-L6-v2/1", candidates: 12 });
		expect(match.search_meta.degraded).toBe(undefined);

		const preview = (await settles(house, bob, "preview-request", wanted, match.id)).reply;
		const { purchase_price: price, preview_chunks: chunks } = preview.payload as unknown as {
			purchase_price: number;
			preview_chunks: { position: number; length: number }[];
		};
		expect(price).toBeLessThan(match.results[0]!.price);
		const shown = chunks.reduce((sum, { length }) => sum + length, 0);
		expect(shown).toBeGreaterThan(0.1 * 2_400);

		const { reply: deliver } = await settles(house, bob, "buyer-accept", wanted, preview.id, {
			accepted: true,
		});
		expect(deliver.operation).toBe("exchange:settle/deliver");
		const { sha256 } = (deliver.payload as unknown as { content: { sha256: string } }).content;
		const stripe = shelf.find(({ id }) => id === "stripe-webhooks")!;
		expect(await house.engine.ports.content(`sha256:${sha256}`)).toBe(shelved(stripe).content);
		await settles(house, bob, "complete", wanted, deliver.id, { content_hash_verified: true });
		const [sale] = await house.sql`select sales from views.entries where id = ${wanted}`;
		expect(sale).toEqual({ sales: 1 });
	});

	test("shows the same pieces of the same content to everybody, chosen by a signature anybody can check", () => {
		const bytes = house.engine.ports.chunkBytes("sha256:00");
		expect(hex(house.engine.ports.chunkBytes("sha256:00"))).toBe(hex(bytes));
		expect(verify(theExchange.key, signedBytes("preview", theExchange.key, "sha256:00"), hex(bytes))).toBe(
			true,
		);
	});

	test("answers most tasks with the right entry first, and none of the impossible ones with a full match", async () => {
		const right = [];
		for (const { id, asked } of shelf) right.push((await finds(house, asked))[0] === onShelf.get(id));
		expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(11);

		const { results, search_meta } = await buys(house, bob, "recipe for sourdough bread with rye");
		expect(results).toEqual([]);
		expect(search_meta.degraded).toBe(undefined);
		const full = [];
		for (const task of unanswerable.slice(0, 20)) {
			const { hits } = await house.engine.ports.search({ task, domains: [] });
			full.push(hits.some(({ relevance }) => relevance >= 0.5));
		}
		expect(full.filter(Boolean).length).toBeLessThanOrEqual(2);
	});

	test("finds an entry the moment its put-accept is out", async () => {
		for (const one of library.slice(13, 18)) {
			const { id } = await puts(house, ada, shelved(one));
			expect([one.id, await finds(house, one.description)]).toEqual([one.id, expect.arrayContaining([id])]);
		}
	});

	test("knows another seller's near-duplicate for a copy: no advance, and it names the put it repeats", async () => {
		const first = await puts(house, ada, code("Token bucket limiter for outgoing calls", bucket));
		const renamed = bucket.replaceAll("grown", "refilled").replace(/\t/g, "    ").toUpperCase();
		const copy = await puts(house, eve, code("Rate limiting primitive, own work", renamed));
		expect(first.reply.payload).not.toHaveProperty("factors.copy_of");
		expect(copy.reply.payload).toMatchObject({
			factors: { copy_of: first.seq, similarity: expect.anything() },
		});
		expect((copy.reply.payload as { factors: { similarity: number } }).factors.similarity).toBeGreaterThan(
			0.6,
		);

		const [row] = await house.sql`select origin, copy_of from views.entries where id = ${copy.id}`;
		expect(row).toEqual({ origin: first.id, copy_of: first.id });
	});

	test("knows the very same bytes for a copy, and of a copy of a copy the first", async () => {
		const exact = await puts(house, eve, code("A class that slows callers down", bucket));
		const [row] = await house.sql`
			select o.description from views.entries e join views.entries o on o.id = e.origin where e.id = ${exact.id}`;
		expect(row).toEqual({ description: "Token bucket limiter for outgoing calls" });
		const again = await puts(house, agent("mal"), code("Yet another limiter", `// mine\n${bucket}`));
		expect(again.reply.payload).toMatchObject({ factors: { copy_of: expect.anything() } });
		const [third] = await house.sql`
			select o.description from views.entries e join views.entries o on o.id = e.origin where e.id = ${again.id}`;
		expect(third).toEqual(row);
	});

	test("takes only the first of several variants that are sent at once for new", async () => {
		const text = goods("a long report", { tokens: 2_000 }).content as string;
		const variants = Array.from({ length: 6 }, (_, n) =>
			puts(house, agent(`sock ${n}`), code(`Report number ${n}`, `Edition ${n}.\n${text}\nThe end, ${n}.`)),
		);
		const answers = (await Promise.all(variants)).sort((a, b) => a.seq - b.seq);
		const copied = answers.map(
			({ reply }) => (reply.payload as { factors?: { copy_of?: number } }).factors?.copy_of,
		);
		expect(copied).toEqual([undefined, ...Array(5).fill(answers[0]!.seq)]);
	});

	test("takes only one of two variants for new that are sent at once to two processes", async () => {
		const other = await open();
		const text = goods("a report to everybody", { tokens: 2_000 }).content as string;
		const answers = await Promise.all(
			[house, other].map((at, n) => puts(at, agent(`sock at ${n}`), code(`Report ${n}`, `${n}.\n${text}`))),
		);
		const [first, second] = answers.sort((a, b) => a.seq - b.seq);
		expect(first!.reply.payload).not.toHaveProperty("factors.copy_of");
		expect(second!.reply.payload).toMatchObject({ factors: { copy_of: first!.seq } });
		await close(other);
	});

	test("rules on what is like nothing else in the batch that takes it: nobody has to wait for the answer", async () => {
		await house.engine.caughtUp();
		const put = message(house, ada, "exchange:put", goods("a work of its own"));
		const { replies, message: logged } = (await house.door.submit(JSON.stringify(put))) as Submitted;
		expect(replies.map(said)).toMatchObject([{ seq: logged.seq + 1, payload: { phase: "put-accept" } }]);
		expect(await house.sql`select from views.duties where subject = ${put.id}`).toHaveLength(0);
	});

	test("remembers nothing of a put that was refused: whoever puts the same next is its author", async () => {
		const work = goods("a work that was refused first");
		const refused = message(house, eve, "exchange:put", work, ["0".repeat(64)]);
		expect(await house.door.submit(JSON.stringify(refused))).toMatchObject({
			refusal: { code: "unknown-antecedent" },
		});
		const { reply } = await puts(house, ada, work);
		expect(reply.payload).toMatchObject({ phase: "put-accept" });
		expect(reply.payload).not.toHaveProperty("factors.copy_of");
	});

	test("knows a report for a copy of which every figure was altered", async () => {
		const first = await puts(house, ada, code("Benchmark report of the year", report(asMeasured)));
		const { reply } = await puts(house, eve, code("My own measurements", report(alteredFigure)));
		expect(reply.payload).toMatchObject({ factors: { copy_of: first.seq } });
		const { similarity } = (reply.payload as { factors: { similarity: number } }).factors;
		expect(similarity).toBeGreaterThan(0.97);
	});

	test("reads what a house operator accepted without its help: it is found by its meaning, and so are its copies", async () => {
		const autoAccept = (value: boolean) =>
			says(house, operator, "operator:configure", {
				changes: { "exchange.auto_accept": value },
				reason: "For one put.",
			});
		await autoAccept(false);
		const text = goods("a handbook", { tokens: 3_000 }).content as string;
		const put = compose(ada, theExchange.key, "exchange:put", code("Keeping bees through the winter", text), {
			at: new Date(house.now()),
		});
		await house.door.submit(JSON.stringify(put));
		const [held] =
			await house.sql`select put_seq, content_hash, tokens from views.entries where id = ${put.id}`;
		const { seq } = await settles(house, operator, "put-accept", put.id, put.id, {
			price: 1,
			content_hash: held!.content_hash,
			tokens: held!.tokens,
			expires_at: new Date(house.now() + 3_600_000).toISOString(),
		});
		await autoAccept(true);

		await house.engine.caughtUp(seq);
		await house.engine.embedded();
		expect(await finds(house, "how do my hives survive the cold months")).toContain(put.id);
		const copy = await puts(house, eve, code("A beekeeper's year", `Foreword.\n${text}`));
		expect(copy.reply.payload).toMatchObject({ factors: { copy_of: Number(held!.put_seq) } });
	});

	test("does not take two works on one subject for copies, however alike they are described", async () => {
		const description = "Retry an asynchronous call with exponential backoff and jitter";
		const [one, other] = [
			`export async function retry(work, tries) {
				for (let attempt = 0; ; attempt++) {
					try { return await work(); } catch (error) {
						if (attempt === tries) throw error;
						const ms = Math.random() * 100 * 2 ** attempt;
						await new Promise((resolve) => setTimeout(resolve, ms));
					}
				}
			}`,
			`import random, time
			def with_backoff(function, attempts=5, base=0.1, ceiling=30.0):
				"""Calls function until it does not raise, sleeping a random share of a doubling delay."""
				delay = base
				for left in range(attempts, 0, -1):
					try:
						return function()
					except Exception:
						if left == 1:
							raise
						time.sleep(random.uniform(0, delay))
						delay = min(ceiling, delay * 2)`,
		];
		await puts(house, ada, code(description, one));
		const { reply } = await puts(house, eve, code(description, other));
		expect(reply.operation).toBe("exchange:settle/put-accept");
		expect(reply.payload).not.toHaveProperty("factors.copy_of");
	});

	test("refuses to buy from a buyer what it was delivered", async () => {
		const stripe = shelf.find(({ id }) => id === "stripe-webhooks")!;
		const { reply } = await puts(house, bob, shelved(stripe));
		expect(reply).toMatchObject({ operation: "exchange:settle/put-reject", payload: { code: "resale" } });
	});

	test("verifies a seller's embedding against its own of the same description, and flags any other", async () => {
		const embedder = bundledEmbedder();
		const sent = async (description: string, of = description) => {
			const [vector] = await embedder.embed([of]);
			const put = goods(description, {
				description,
				embedding: [...vector!].map((x) => x * 40),
				domains: ["go"],
			});
			const { id } = await puts(house, ada, put);
			const [row] = await house.sql`select embedding from views.entries where id = ${id}`;
			return row!.embedding;
		};
		expect(await sent("Parsing dates with time zones in Go")).toBe("verified");
		expect(await sent("Reading large CSV files in Go", "customers are charged twice")).toBe("flagged");
		await embedder.close();
	});

	test("is fed by the log: another process over the same database finds what it did not log", async () => {
		const other = await open();
		const before = await finds(other, library[20]!.asked);
		const { id, reply } = await puts(house, ada, shelved(library[20]!));
		await other.engine.caughtUp(reply.seq);
		expect(before).not.toContain(id);
		expect(await finds(other, library[20]!.asked)).toEqual(await finds(house, library[20]!.asked));
		expect((await finds(other, library[20]!.asked))[0]).toBe(id);
		await close(other);
	});

	test("finds the same after the views were rebuilt from the log", async () => {
		const before = await finds(house, shelf[0]!.asked);
		await rebuild(house.sql, house.machine);
		house.tail.hint();
		await puts(house, ada, shelved(library[21]!));
		expect(await finds(house, shelf[0]!.asked)).toEqual(before);
		expect(await finds(house, library[21]!.asked)).not.toEqual([]);
	});

	test("embeds nothing again after a restart, and still finds copies of what it sold before", async () => {
		await house.engine.embedded();
		const kept = async () => (await house.sql`select embedder, sha256 from vectors order by 1, 2`).length;
		const before = await kept();
		const asked = library.slice(0, 12).map(({ asked }) => asked);
		const answers = [];
		for (const task of asked) answers.push(await finds(house, task));
		await close(house);

		house = await open();
		expect(house.engine.health()).toMatchObject({ unembedded: 0 });
		// Its model is loaded: before, a buyer may be answered by words.
		await house.engine.embedded();
		for (const [i, task] of asked.entries()) expect(await finds(house, task)).toEqual(answers[i]);
		expect(await kept()).toBe(before);
		const copy = await puts(house, agent("zoe"), code("Something else", `${bucket}\n// the end`));
		expect(copy.reply.payload).toMatchObject({ factors: { copy_of: expect.anything() } });
	});
});

describe("an embedder of the operator's own", () => {
	const [ada, bob] = [agent("ada"), agent("bob")];
	const endpoint = { fails: false, asked: [] as string[] };
	const told: [string, string][] = [];
	const description = "Sliding window rate limiter in Go with Redis";
	let server: ReturnType<typeof createServer>;
	let house: House;
	let embedder: string;
	let now = Date.now;
	const start = () =>
		open({
			embedder,
			now: () => now(),
			tell: (level, line) => {
				told.push([level, line]);
			},
		});

	beforeAll(async () => {
		database = await scratchDatabase();
		server = createServer(async (request, response) => {
			let body = "";
			for await (const chunk of request) body += chunk;
			if (endpoint.fails) {
				response.writeHead(503).end();
				return;
			}
			const { input } = JSON.parse(body) as { input: string[] };
			endpoint.asked.push(...input);
			const data = input.map((text, index) => ({ index, embedding: bagOfWords(text) }));
			response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ data }));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		embedder = `http://127.0.0.1:${port}/v1/embeddings?model=words&dims=96`;
		house = await start();
		await found(house, founding);
		await mints(house, bob, 50_000);
	});
	afterAll(async () => {
		for (const house of houses) await close(house);
		await database.drop();
		server.close();
	});

	test("is measured once, and from then on ranks by a floor of its own", async () => {
		await house.engine.embedded();
		const { id } = await puts(house, ada, goods("limiter", { description }));
		await puts(house, ada, goods("bread", { description: "Sourdough bread with rye flour" }));
		const match = await buys(house, bob, "rate limiter with a sliding window");
		expect(match.results[0]!.entry_id).toBe(id);
		expect(match.search_meta.embedder).toMatch(/\/words\/fitted$/);
		expect(match.search_meta.degraded).toBe(undefined);
		expect(endpoint.asked.filter((text) => text === description)).toHaveLength(1 + inLibrary(description));
	});

	test("is asked what a buy asks while that is on its way into the log, and once", async () => {
		const task = "flour for a dark bread";
		house.engine.hear([{ act: { operation: "exchange:buy", payload: { task } } }]);
		while (!endpoint.asked.includes(task)) await pause();
		await buys(house, bob, task);
		expect(endpoint.asked.filter((text) => text === task)).toHaveLength(1);
	});

	test("is asked for nothing twice by a second process or after a restart", async () => {
		await house.engine.embedded();
		await close(house);
		endpoint.asked = [];
		house = await start();
		const second = await start();
		await Promise.all([house.engine.embedded(), second.engine.embedded()]);
		expect(await finds(second, "rate limiter with a sliding window")).toHaveLength(1);
		await close(second);
		expect(new Set(endpoint.asked)).toEqual(
			new Set(["Is anybody there?", "rate limiter with a sliding window"]),
		);
	});

	test("that fails is said once and aloud, and buyers get what words find instead of silence", async () => {
		told.length = 0;
		endpoint.fails = true;
		for (let again = 0; again < 3; again++) {
			const match = await buys(house, bob, "sliding window limiter in Go");
			expect(match.results.map(({ description }) => description)).toEqual([description]);
			expect(match.search_meta).toMatchObject({
				embedder: "lexical/1",
				degraded: "Ranked by words alone: the embedder failed.",
			});
		}
		expect(house.engine.health()).toMatchObject({ ready: false, lastError: expect.stringContaining("503") });
		expect(told.filter(([level]) => level === "error")).toHaveLength(1);
	});

	test("that fails does not keep a put from its ruling, and what came meanwhile is embedded when it is back", async () => {
		const { id, reply } = await puts(house, ada, goods("oven", { description: "Cleaning a pizza oven" }));
		expect(reply.operation).toBe("exchange:settle/put-accept");
		expect(await finds(house, "how to go about cleaning an oven")).toContain(id);
		expect(house.engine.health().unembedded).toBe(1);

		endpoint.fails = false;
		await house.engine.embedded();
		expect(house.engine.health()).toMatchObject({ ready: true, unembedded: 0 });
		expect(told.at(-1)).toEqual(["info", "The embedder works again."]);
		const { degraded, embedder } = await house.engine.ports.search({ task: "pizza oven", domains: [] });
		expect([degraded, embedder]).toEqual([undefined, expect.stringMatching(/fitted$/)]);
	});

	test("an entry is found until the moment it expires", async () => {
		const task = "rate limiter with a sliding window";
		const [row] = await house.sql`select expires_at from views.entries where description = ${description}`;
		const expires = Number(row!.expires_at);
		now = () => expires - 1;
		expect(await finds(house, task)).toHaveLength(1);
		now = () => expires;
		expect(await finds(house, task)).toEqual([]);
		expect(house.engine.health().entries).toBe(2);
	});
});

describe("on a machine that is slow", () => {
	const [ada, eve] = [agent("ada"), agent("eve")];
	const endpoint = { answers: Promise.resolve(), let: () => {} };
	let server: ReturnType<typeof createServer>;
	let embedder: string;
	let house: House;
	/** The embedder answers nothing until it is let. */
	const stall = () => {
		endpoint.answers = new Promise((resolve) => {
			endpoint.let = resolve;
		});
	};

	beforeAll(async () => {
		database = await scratchDatabase();
		server = createServer(async (request, response) => {
			let body = "";
			for await (const chunk of request) body += chunk;
			await endpoint.answers;
			const { input } = JSON.parse(body) as { input: string[] };
			const data = input.map((text, index) => ({ index, embedding: bagOfWords(text.replace(/\d+/g, "")) }));
			response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ data }));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		embedder = `http://127.0.0.1:${port}/v1/embeddings?model=words&dims=96`;
		house = await open({ embedder });
		await found(house, founding);
		await house.engine.embedded();
	});
	afterAll(async () => {
		endpoint.let();
		for (const house of houses) await close(house);
		await database.drop();
		server.close();
	});

	/** Logged, and not waited for. */
	const sends = async (by: Agent, what: Record<string, unknown>, at = house) => {
		const answer = await at.door.submit(JSON.stringify(message(at, by, "exchange:put", what)));
		if (answer.refusal) throw new Error(answer.refusal.code);
		return answer.message;
	};
	const replyTo = async (id: string): Promise<Said | undefined> =>
		(await house.door.replies(id)).map(said)[0];
	/** The exchange's ruling on what was sent. */
	const ruling = async (id: string): Promise<Said> => {
		for (;;) {
			const reply = await replyTo(id);
			if (reply) return reply;
			await pause();
		}
	};
	/** The exchange has tried to rule on it, could not yet, and tries again. */
	const triedAgain = async (id: string) => {
		const tries = () => house.sql`select tries from duty_leases where duty = ${rulingOn(id)}`;
		while ((await tries())[0]?.tries !== 2) await pause();
	};
	const rulingOn = (put: string) => `exchange:settle/put-accept:${put}`;

	test("an altered copy is not taken for new before it was compared: its ruling comes later", async () => {
		const first = await puts(house, ada, code("Benchmark report of the year", report(asMeasured)));
		await house.engine.embedded();
		stall();
		const { id: copy } = await sends(eve, code("My own measurements", report(alteredFigure)));
		// Nor does it go by words because a buyer could not wait as long.
		await Promise.all([triedAgain(copy), finds(house, "benchmarks")]);
		expect(await replyTo(copy)).toBe(undefined);
		endpoint.let();
		expect((await ruling(copy)).payload).toMatchObject({ factors: { copy_of: first.seq } });
	});

	test("of two altered variants sent at once only the first is new", async () => {
		const variants = [asMeasured, alteredFigure].map((figure, i) =>
			puts(house, agent(`sock ${i}`), code("A field report", report(figure, 25))),
		);
		const [first, second] = (await Promise.all(variants)).sort((a, b) => a.seq - b.seq);
		expect(first!.reply.payload).not.toHaveProperty("factors.copy_of");
		expect(second!.reply.payload).toMatchObject({ factors: { copy_of: first!.seq } });
	});

	test("a variant waits for the ruling on the earlier, and for none that was given up", async () => {
		const idle = await open({ embedder });
		await idle.runner.close();
		const { id: earlier } = await sends(ada, code("A class that slows callers down", bucket), idle);
		const { id: later } = await sends(eve, code("A limiter of calls", `// mine\n${bucket}`));
		await triedAgain(later);
		expect(await replyTo(later)).toBe(undefined);
		await house.sql`update duty_leases set parked = true where duty = ${rulingOn(earlier)}`;
		expect((await ruling(later)).payload).not.toHaveProperty("factors.copy_of");
		await close(idle);
	});

	test("what a house operator accepted is known before the next ruling, while the embedder answers nothing", async () => {
		const configure = (value: boolean) =>
			says(house, operator, "operator:configure", {
				changes: { "exchange.auto_accept": value },
				reason: "To accept one by hand.",
			});
		const runbook = goods("a runbook of many steps", { tokens: 1_500 });
		await configure(false);
		stall();
		const { id: held } = await sends(ada, runbook);
		const [put] = await house.sql`select content_hash, tokens, put_seq from views.entries where id = ${held}`;
		await settles(house, operator, "put-accept", held, held, {
			price: 1,
			appraisal: 100,
			content_hash: put!.content_hash,
			tokens: put!.tokens,
			expires_at: new Date(house.now() + 3_600_000).toISOString(),
		});
		await configure(true);
		const { reply } = await puts(house, eve, { ...runbook, content: `${runbook.content}\nThe end.` });
		expect(reply.payload).toMatchObject({ factors: { copy_of: Number(put!.put_seq) } });
		endpoint.let();
	});

	test("a search that cannot know what was accepted last says so", async () => {
		let unlock = () => {};
		const unlocked = new Promise<void>((resolve) => {
			unlock = resolve;
		});
		let [isLast, locking] = [false, undefined as Promise<unknown> | undefined];
		const locks = () =>
			house.sql`
				select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
				where relation = 'vectors'::regclass and mode = 'AccessExclusiveLock'`;
		const slow = await open({
			embedder,
			// From the moment a batch is in nobody can read what is kept of the inventory.
			async step(name) {
				if (name !== "committed" || !isLast || locking) return;
				locking = house.sql.begin(async (sql) => {
					await sql`lock table vectors in access exclusive mode`;
					await unlocked;
				});
				while ((await locks()).length === 0) await pause();
			},
		});
		// Reads what another process has given up on: from now on it rules at the door.
		await puts(slow, eve, goods("something old"));
		await slow.engine.caughtUp();
		isLast = true;
		const { seq } = await sends(ada, goods("something new"), slow);
		while (slow.tail.seq < seq) await pause();
		const { degraded } = await slow.engine.ports.search({ task: "something new", domains: [] });
		unlock();
		expect(degraded).toMatch(/accepted in the last moments/);
		await locking;
		await close(slow);
	});
});

/** A model as simple as can be: every word is a direction. */
function bagOfWords(text: string): number[] {
	const vector = Array<number>(96).fill(0.01);
	for (const word of terms(text)) {
		let hash = 7;
		for (const character of word) hash = (hash * 31 + character.charCodeAt(0)) % 96;
		vector[hash]! += 1;
	}
	return vector;
}

/** The measuring embeds the evaluation's own entries, one of which says this. */
const inLibrary = (description: string) =>
	library.filter((entry) => `${entry.description}\n${entry.domains.join(" ")}` === description).length;
