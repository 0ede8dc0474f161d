import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyMessage } from "../client/compose";
import { opened, type Visit } from "./given";
import { openHouse } from "./house";

let visit: Visit;
let url: string;
beforeAll(async () => {
	visit = await opened();
	url = await visit.listen();
});
afterAll(() => visit.close());

interface Event {
	id: number;
	event: string;
	data: { id: string; seq: number; sender: string; tags: string[] };
}

/** A reader of the stream: what it has seen so far, and a wait until it has seen enough. */
async function follow(query: string, headers: Record<string, string> = {}) {
	const hangUp = new AbortController();
	const response = await fetch(`${url}/api/messages/stream?${query}`, { headers, signal: hangUp.signal });
	const events: Event[] = [];
	let wake = () => {};
	const reading = (async () => {
		let rest = "";
		const decoder = new TextDecoder();
		for await (const chunk of response.body!) {
			const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n\n");
			rest = blocks.pop()!;
			for (const block of blocks) {
				const of = (name: string) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
				if (of("event"))
					events.push({ id: Number(of("id")), event: of("event")!, data: JSON.parse(of("data")!) });
			}
			wake();
		}
	})().catch(() => {});
	return {
		response,
		events,
		ids: () => events.map(({ id }) => id),
		async until(enough: (events: Event[]) => boolean) {
			while (!enough(events))
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
		},
		async hangUp() {
			hangUp.abort();
			await reading;
		},
	};
}

const send = async (name: string, agent = visit.agent()) => {
	const response = await visit.post(agent.says("agent:profile", { name }));
	return (await response.json()).message as { id: string; seq: number };
};

const upTo = (seq: number) => (events: Event[]) => (events.at(-1)?.id ?? 0) >= seq;
const consecutive = (ids: number[], from: number) => ids.map((_, i) => from + i);

describe("the stream", () => {
	test("tells what is logged from now on, each message verifiable, its id its seq", async () => {
		const reader = await follow("");
		const [first, second] = [await send("one"), await send("two")];
		await reader.until(upTo(second.seq));
		await reader.hangUp();

		expect(reader.response.headers.get("Content-Type")).toBe("text/event-stream");
		expect(reader.events.map(({ event, id, data }) => [event, id, data.id])).toEqual([
			["message", first.seq, first.id],
			["message", second.seq, second.id],
		]);
		for (const { data } of reader.events) expect(verifyMessage(visit.house.key, data)).toBe(true);
	});

	test("begins where it is asked to, without a gap or a repetition while others write", async () => {
		for (let i = 0; i < 150; i++) await send(`before ${i}`);
		const readers = [
			await follow("after=0"),
			await follow("after=7"),
			await follow("", { "Last-Event-ID": "9" }),
		];
		const writing = Promise.all(Array.from({ length: 150 }, (_, i) => send(`while ${i}`)));
		const last = Math.max(...(await writing).map(({ seq }) => seq));
		for (const reader of readers) {
			await reader.until(upTo(last));
			await reader.hangUp();
		}
		expect(readers[0]!.ids()).toEqual(consecutive(readers[0]!.ids(), 1));
		expect(readers[1]!.ids()).toEqual(consecutive(readers[1]!.ids(), 8));
		expect(readers[2]!.ids()).toEqual(consecutive(readers[2]!.ids(), 10));
	});

	test("follows where a browser got to rather than the address it began with", async () => {
		const { seq } = await send("last");
		const reader = await follow("after=0", { "Last-Event-ID": `${seq - 2}` });
		await reader.until(upTo(seq));
		await reader.hangUp();
		expect(reader.ids()).toEqual([seq - 1, seq]);
	});

	test("tells only what fits its filters: sender, tag, and whom it concerns", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const after = visit.house.tail.seq;
		const readers = {
			sender: await follow(`after=${after}&sender=${ada.key}`),
			tag: await follow(`after=${after}&tag=operator:grant`),
			to: await follow(`after=${after}&to=${bob.key}`),
		};
		const own = await send("ada", ada);
		await send("bob", bob);
		const grant = visit.operator.says("operator:grant", {
			subject: bob.key,
			role: "vouched",
			reason: "Known.",
		});
		const granted = (await (await visit.post(grant)).json()).message.seq as number;
		const again = await send("ada again", ada);

		await readers.sender.until(upTo(again.seq));
		await readers.tag.until(upTo(granted));
		await readers.to.until(upTo(granted));
		for (const reader of Object.values(readers)) await reader.hangUp();
		expect(readers.sender.ids()).toEqual([own.seq, again.seq]);
		expect(readers.tag.ids()).toEqual([granted]);
		expect(readers.to.ids()).toEqual([granted]);
	});

	test("tells what is said in a talk: what answers a post, and what answers that, before and after it was opened", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const said = async (message: Parameters<typeof visit.post>[0]) => {
			const { message: recorded } = await (await visit.post(message)).json();
			return recorded as { id: string; seq: number };
		};
		const hour = (ahead: number) => `${new Date(Date.now() + ahead * 3_600_000).toISOString().slice(0, 19)}Z`;
		const terms = {
			region: "EU",
			tz: "UTC",
			window: { start: hour(0), end: hour(2) },
			budget: { cap: "1", unit: "scrip" },
			resources: { cpu: "1 core" },
			constraints: {},
			contact: "DM",
		};
		const post = await said(ada.says("board:need", terms));
		const known = await said(bob.says("board:respond", { message: "I can." }, { antecedent: post.id }));
		const late = await follow(`talk=${post.id}&after=${known.seq}`);
		const early = await follow(`talk=${post.id}&after=${post.seq}`);
		await early.until(upTo(known.seq));

		await said(visit.agent().says("board:need", terms));
		const fresh = await said(
			visit.agent().says("board:respond", { message: "So can I." }, { antecedent: post.id }),
		);
		await said(ada.says("board:decline", {}, { antecedent: fresh.id }));
		const agreed = await said(ada.says("board:agree", {}, { antecedent: known.id }));
		for (const reader of [early, late]) {
			await reader.until(upTo(agreed.seq));
			await reader.hangUp();
		}
		expect(late.ids()).toEqual([fresh.seq, fresh.seq + 1, agreed.seq]);
		expect(early.ids()).toEqual([known.seq, ...late.ids()]);
	});

	test("tells what another process wrote", async () => {
		const other = await openHouse({ url: visit.databaseUrl, secret: visit.house.secret, now: Date.now });
		const reader = await follow("");
		const reply = await other.door.submit(
			JSON.stringify(visit.agent().says("agent:profile", { name: "from elsewhere" })),
		);
		if (reply.refusal) throw new Error(reply.refusal.code);
		await reader.until(upTo(reply.message.seq));
		await reader.hangUp();
		await other.close();
		expect(reader.events.at(-1)!.data.id).toBe(reply.message.id);
	});

	test("keeps little for a reader that does not read, and gives it everything once it does", async () => {
		const from = visit.house.tail.seq;
		const response = await visit.app.request(`/api/messages/stream?after=${from}`);
		const reader = response.body!.getReader();
		const writes = await Promise.all(Array.from({ length: 300 }, (_, i) => send(`flood ${i}`)));
		const last = Math.max(...writes.map(({ seq }) => seq));

		const ids: number[] = [];
		const decoder = new TextDecoder();
		for (let text = ""; ids.at(-1) !== last; ) {
			const { value } = await reader.read();
			text = decoder.decode(value);
			for (const [, id] of text.matchAll(/^id: (\d+)\nevent: message$/gm)) ids.push(Number(id));
		}
		await reader.cancel();
		expect(ids).toEqual(consecutive(ids, from + 1));
	});

	test("is not held open by a reader that has hung up", async () => {
		const reader = await follow("after=0");
		await reader.until((events) => events.length > 3);
		expect(await streamsOpen()).toBe(1);
		await reader.hangUp();
		while ((await streamsOpen()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
	});

	test("answers HEAD without opening one, and refuses questions that are no questions", async () => {
		const head = await fetch(`${url}/api/messages/stream`, { method: "HEAD" });
		expect([head.status, head.headers.get("Content-Type")]).toEqual([200, "text/event-stream"]);
		expect(await streamsOpen()).toBe(0);
		for (const query of ["after=-1", "to=ada", "limit=5"])
			expect((await fetch(`${url}/api/messages/stream?${query}`)).status).toBe(400);
		const headers = { "Last-Event-ID": "soon" };
		expect((await fetch(`${url}/api/messages/stream`, { headers })).status).toBe(400);
	});
});

async function streamsOpen(): Promise<number> {
	const metrics = await (await visit.get("/api/metrics")).text();
	return Number(/^wax_streams_open (\d+)$/m.exec(metrics)![1]);
}
