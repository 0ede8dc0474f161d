import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linesOf, opened, type Visit } from "../../lib/doors/given";
import type { Message } from "../../lib/log/message";

const ROOM = { messages: 40, bytes: 100_000 };

let visit: Visit;
/** While it is shut, nothing gets into the log. */
let gate: Promise<void> | undefined;
let open = () => {};
const shut = () => {
	gate = new Promise((resolve) => {
		open = () => {
			gate = undefined;
			resolve();
		};
	});
};
beforeAll(async () => {
	visit = await opened({
		embedder: "lexical",
		room: ROOM,
		step: (name) => (name === "locked" ? gate : undefined),
	});
});
afterAll(() => visit.close());

/** Until the door has so many in hand. */
async function read(count: number): Promise<void> {
	while (visit.house.door.waiting < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

const profile = (name: string) => visit.agent().says("agent:profile", { name });
const profiles = (count: number, what: string) =>
	Array.from({ length: count }, (_, i) => profile(`${what} ${i}`));

async function busy(answer: Response): Promise<void> {
	expect([answer.status, (await answer.json()).code]).toEqual([503, "busy"]);
	expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
}

/** Those that come in while the door is full are told so while those before them still wait. */
async function all(taken: (Response | Promise<Response>)[]): Promise<void> {
	open();
	for (const answer of await Promise.all(taken)) {
		if (answer.headers.get("Content-Type") !== "application/x-ndjson") expect(answer.status).toBe(201);
		else for (const { status } of await linesOf<{ status: number }>(answer)) expect(status).toBe(201);
	}
}

describe("a door that has as much as it can hold", () => {
	test("takes messages up to its room, tells the next at once to come again, and answers those it took", async () => {
		shut();
		const taken = [
			...profiles(29, "single").map((one) => visit.post(one)),
			visit.batch(profiles(10, "line")),
		];
		const [last, late] = [profile("the last"), profile("too late")];
		await read(39);
		// Two where there is room for one: neither is taken, for the second may need the first.
		await busy(await visit.batch(profiles(2, "a pair")));
		taken.push(visit.post(last));
		await read(40);
		await busy(await visit.post(late));
		await busy(await visit.batch([late]));
		await all(taken);
		expect((await visit.post(late)).status).toBe(201);
	});

	test("takes bytes up to its room, and not one more", async () => {
		const said = profile("padded");
		const padded = (bytes: number, message: Message = said) => JSON.stringify(message).padEnd(bytes);
		shut();
		const large = visit.post(padded(60_000));
		await read(1);
		await busy(await visit.post(padded(40_001)));
		const rest = visit.post(padded(40_000, profile("the rest")));
		await read(2);
		await busy(await visit.post(padded(1_000, profile("one more"))));
		await all([large, rest]);
		expect((await visit.post(padded(ROOM.bytes, profile("all of it")))).status).toBe(201);
		await busy(await visit.post(padded(ROOM.bytes + 1, profile("more than all of it"))));
	});
});

describe("streams", () => {
	test("are two thousand, and the next is told to come again; one that ends makes room", async () => {
		const ask = () => visit.get("/api/messages/stream");
		const streams: Response[] = [];
		for (let i = 0; i < 20; i++) streams.push(...(await Promise.all(Array.from({ length: 100 }, ask))));
		expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
		await busy(await ask());
		// Two thousand who do not read are in nobody's way.
		for (const one of profiles(5, "meanwhile")) expect((await visit.post(one)).status).toBe(201);
		await streams.pop()!.body!.cancel();
		streams.push(await ask());
		expect(streams.at(-1)!.status).toBe(200);
		await Promise.all(streams.map(({ body }) => body!.cancel()));
	});
});
