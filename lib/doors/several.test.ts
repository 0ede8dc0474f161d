import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratchDatabase } from "../../db/scratch";
import { newKey } from "../client/compose";
import { found } from "./found";
import { opened, type Visit } from "./given";
import { openHouse } from "./house";

let visit: Visit;
beforeAll(async () => {
	visit = await opened({ embedder: "lexical" });
});
afterAll(() => visit.close());

const another = (secret = visit.house.secret) =>
	openHouse({ url: visit.databaseUrl, secret, now: Date.now, embedder: "lexical" });

describe("a process on its way out", () => {
	test("leaves what it owes to the others, also what was taken in by it last", async () => {
		const last = await another();
		// What it owes from now on it does not come to do.
		await last.runner.close();
		const put = visit.agent().says("exchange:put", {
			description: "How a process hands over",
			content: "It says of what it has leased that it is free. ".repeat(20),
			token_cost: 1_000,
			content_type: "summary",
		});
		// Nobody else looks before it has gone.
		await visit.house.runner.close();
		const reply = await last.door.submit(JSON.stringify(put));
		expect(reply.refusal).toBeUndefined();
		const held = () => visit.house.sql`select duty, leased_until > ${Date.now()} as held from duty_leases`;
		expect(await held()).toEqual([{ duty: `exchange:settle/put-accept:${put.id}`, held: true }]);
		await last.close();
		expect(await held()).toEqual([{ duty: `exchange:settle/put-accept:${put.id}`, held: false }]);

		const next = await another();
		while ((await next.door.replies(put.id)).length === 0) await new Promise(setImmediate);
		await next.close();
	});

	test("tells who is held for an answer what there is, and holds nobody any more", async () => {
		const house = await another();
		await house.runner.close();
		const buy = (task: string) =>
			JSON.stringify(
				visit.agent().says("exchange:put", {
					description: task,
					content: `${task} `.repeat(50),
					token_cost: 1_000,
					content_type: "summary",
				}),
			);
		const early = house.door.submit(buy("Held for an answer"), 30_000);
		while ((await house.sql`select from duty_leases where leased_until > ${Date.now()}`).length === 0)
			await new Promise(setImmediate);
		house.door.letGo();
		expect(await early).toMatchObject({ status: 201, replies: [] });
		expect(await house.door.submit(buy("Come too late to be held"), 30_000)).toMatchObject({
			status: 201,
			replies: [],
		});
		await house.close();
	});

	test("ends its streams, each after the id from which its reader goes on elsewhere", async () => {
		const leaving = await opened({ embedder: "lexical" });
		const stream = await leaving.get("/api/messages/stream?after=0&tag=exchange:put");
		const told = stream.text();
		leaving.house.leave();
		expect(await told).toMatch(/^retry: 1000\n: from 0\n\nid: \d+\n\n$/);
		expect((await (await leaving.get("/api/messages/stream")).text()).startsWith("retry: 1000\n")).toBe(true);
		const health = await leaving.get("/api/health");
		expect([health.status, (await health.json()).ready]).toEqual([503, false]);
		await leaving.close();
	});
});

describe("processes that find an empty log together", () => {
	test("say its first messages once, all of them", async () => {
		const database = await scratchDatabase();
		const secret = newKey().secret;
		const open = () => openHouse({ url: database.url, secret, now: Date.now, embedder: "lexical" });
		const houses = await Promise.all([open(), open(), open()]);
		const operators = [newKey().key, newKey().key];
		const first = await Promise.all(
			houses.map((house) => found(house, { treasuryFloatScrip: 5, operators })),
		);
		expect(first.filter(Boolean)).toHaveLength(1);
		const log = await database.sql`select operation from messages order by seq`;
		expect(log.map(({ operation }) => operation)).toEqual(["scrip:mint", "operator:grant", "operator:grant"]);
		// In one batch: whoever is killed on the way leaves an empty log.
		expect(await database.sql`select from batches`).toHaveLength(1);
		await Promise.all(houses.map((house) => house.close()));
		await database.drop();
	});
});
