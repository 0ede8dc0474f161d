import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "../lib/client/compose";
import { connect } from "../lib/client/connect";
import { type Started, started } from "./started";

/** The demo story, as a newcomer gets it who sets nothing and is in a hurry. */

interface Told {
	seq: number;
	id: string;
	sender: string;
	tags: string[];
	payload: Record<string, unknown>;
	antecedents: string[];
}

interface Order {
	settlement: { residual: number } | null;
}

let exchange: Started;
let log: Told[];

beforeAll(async () => {
	// Not given: what the product does by itself.
	exchange = await started({ DEMO: "" });
});
afterAll(() => exchange?.remove());

describe("the demo story", () => {
	test("is told while the house is open, and goes on after a start that was cut short", async () => {
		expect(exchange.claim).toHaveLength(43);
		await until(async () => (await messages()).length > 60);
		const before = await messages();
		expect(await exchange.stop()).toBe(0);

		exchange = await exchange.again();
		expect(exchange.lines()).toEqual([expect.stringMatching(/\/operator\/claim#\S{43}$/)]);
		await until(async () => (await messages()).at(-1)!.tags[0] === "operator:revoke");
		log = await messages();
		expect(log.slice(0, before.length)).toEqual(before);
	});

	test("says nothing twice", () => {
		const words = log.map(({ sender, tags, payload, antecedents }) =>
			JSON.stringify([sender, tags, payload, antecedents]),
		);
		expect(new Set(words).size).toBe(words.length);
	});

	test("fills the inventory with some fifty entries, each labelled as the story's", async () => {
		const items = await all("/api/entries");
		expect(items).toHaveLength(54);
		for (const { domains } of items) expect(domains).toContain("demo");
		const types = new Set(items.map(({ content_type }) => content_type));
		expect(types.size).toBeGreaterThanOrEqual(6);
	});

	test("shows a purchase in all its endings, and puts declined for three reasons", async () => {
		const buys = log.filter(({ tags }) => tags[0] === "exchange:buy");
		const orders = await Promise.all(buys.map(({ id }) => json(`/api/orders/${id}`)));
		expect(count(orders, ({ status }) => status)).toEqual({
			completed: 21,
			refunded: 2,
			rejected: 1,
			delivered: 1,
			empty: 4,
		});
		// What its entry was thought worth is earned out, and it sells on: from then on for ever.
		const parts = orders.flatMap((order) => order.orders.map((one: Order) => one.settlement));
		expect(parts.filter((part) => part?.residual > 0)).toHaveLength(2);
		const declined = log.filter(({ payload }) => payload.phase === "put-reject");
		expect(count(declined, ({ payload }) => String(payload.code))).toEqual({
			implausible: 1,
			resale: 1,
			other: 1,
		});
	});

	test("leaves open what was asked for and not found", async () => {
		const { items } = await json("/api/wanted");
		expect(items).toHaveLength(3);
		expect(items.map(({ askers }: { askers: number }) => askers).sort()).toEqual([1, 1, 2]);
		for (const { domains } of items) expect(domains).toContain("demo");
	});

	test("has no house operator left: the link makes the first, who finds one put to rule on", async () => {
		const file = join(exchange.folder, "client.mjs");
		await writeFile(file, await (await fetch(`${exchange.url}/client.mjs`)).text());
		const client: typeof import("../lib/client/main") = await import(
			/* @vite-ignore */ pathToFileURL(file).href
		);
		const vera = await client.connect(exchange.url, client.newKey());
		const claimed = await fetch(`${exchange.url}/api/operator/claim`, {
			method: "POST",
			headers: { "Content-Type": "application/json", Authorization: `Bearer ${await vera.session()}` },
			body: JSON.stringify({ token: exchange.claim }),
		});
		expect(claimed.status).toBe(201);

		const ruled = new Set(
			log.filter(({ payload }) => /^put-(accept|reject)$/.test(String(payload.phase))).map(antecedent),
		);
		const held = log.filter(({ id, tags }) => tags[0] === "exchange:put" && !ruled.has(id));
		expect(held).toHaveLength(1);
		const [put] = held;
		expect(await json(`/api/entries/${put!.id}`)).toMatchObject({ status: "pending", held_for: "appraisal" });
		const declined = await vera.send(
			"exchange:settle/put-reject",
			{ entry_id: put!.id, code: "other", reason: "Not for our buyers." },
			{ antecedent: put!.id },
		);
		expect(declined.message.seq).toBe(log.length + 2);
	});

	test("verifies like any other log", async () => {
		expect(await exchange.run("verify")).toMatchObject({
			code: 0,
			said: expect.stringMatching(/^Equal: \d+ messages/m),
		});
	});

	test("is sound to whoever audits it from outside, and to one who comes back with an earlier checkpoint", async () => {
		const [client, kept] = ["client.mjs", "checkpoints.txt"].map((name) => join(exchange.folder, name));
		await writeFile(client!, await (await fetch(`${exchange.url}/client.mjs`)).text());
		for (const compared of [0, 1]) {
			const { stdout } = await promisify(execFile)("node", [client!, "audit", exchange.url, kept!]);
			expect(stdout).toMatch(new RegExp(`^Sound: \\d+ messages.* continues ${compared} kept`));
			expect(stdout).toMatch(/micro-scrip: issued \d+ = burned \d+ \+ treasury \d+ \+ agents \d+\./);
			const wax = await connect(exchange.url, newKey());
			await wax.send("agent:profile", { name: `A neighbour ${compared}` });
		}

		const notes = await readFile(kept!, "utf8");
		await writeFile(kept!, notes.replace(/^weekly/m, "monthly"));
		await expect(promisify(execFile)("node", [client!, "audit", exchange.url, kept!])).rejects.toMatchObject({
			code: 1,
			stderr: expect.stringContaining("A kept checkpoint is not of this exchange"),
		});
	});

	test("is not told again", async () => {
		expect(await exchange.stop()).toBe(0);
		exchange = await exchange.again();
		expect(exchange.claim).toBeUndefined();
		expect(await messages()).toHaveLength(log.length + 4);
	});
});

const antecedent = ({ antecedents }: Told) => antecedents[0];

function count<T>(all: T[], of: (one: T) => string): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const one of all) counts[of(one)] = (counts[of(one)] ?? 0) + 1;
	return counts;
}

async function messages(): Promise<Told[]> {
	const found: Told[] = [];
	for (;;) {
		const { items } = await json(`/api/messages?limit=500&after=${found.at(-1)?.seq ?? 0}`);
		if (items.length === 0) return found;
		found.push(...items);
	}
}

/** Every page of a list. */
async function all(path: string): Promise<Record<string, unknown>[]> {
	const items: Record<string, unknown>[] = [];
	for (let cursor = ""; ; ) {
		const page = await json(`${path}${path.includes("?") ? "&" : "?"}limit=100${cursor}`);
		items.push(...page.items);
		if (page.next === null) return items;
		cursor = `&cursor=${page.next}`;
	}
}

async function json(path: string) {
	return (await fetch(`${exchange.url}${path}`)).json();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 250));
}
