import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyMessage } from "../client/compose";
import { linesOf, opened, type Visit } from "./given";
import { headOf } from "./head";

let visit: Visit;
let now = Date.now;
beforeAll(async () => {
	visit = await opened({ now: () => now() });
});
afterAll(() => visit.close());

const named = (name: string) => ({ name });

describe("a message sent over HTTP", () => {
	test("is answered 201 with its place in the log, and the same again 200 with the first answer", async () => {
		const message = visit.agent().says("agent:profile", named("Ada"));

		const first = await visit.post(message);
		const { message: logged, replies } = await first.json();
		expect([first.status, logged.id, replies]).toEqual([201, message.id, []]);
		expect(logged.received_at).toMatch(/^\d{4}-.*Z$/);

		const again = await visit.post(message);
		expect([again.status, again.headers.get("Replayed")]).toEqual([200, "true"]);
		expect((await again.json()).message).toEqual(logged);
	});

	test("says what is left of its sender's limit, and how long to wait once nothing is", async () => {
		// One instant of one window, however long it takes to send all this.
		const instant = Date.now();
		now = () => instant;
		const ada = visit.agent();
		const first = await visit.post(ada.says("agent:profile", named("1")));
		expect(first.headers.get("RateLimit-Policy")).toBe('"other";q=120;w=60');
		expect(first.headers.get("RateLimit")).toMatch(/^"other";r=119;t=\d+$/);

		const more = Array.from({ length: 119 }, (_, i) => ada.says("agent:profile", named(`more ${i}`)));
		await linesOf(await visit.batch(more));
		const over = await visit.post(ada.says("agent:profile", named("one too many")));
		expect(over.status).toBe(429);
		expect(Number(over.headers.get("Retry-After"))).toBeGreaterThan(0);
		expect(over.headers.get("RateLimit")).toMatch(/r=0/);
		now = Date.now;
	});

	test("is refused as problem+json: a fact for programs, a sentence for people, the field, and what to do", async () => {
		const response = await visit.post(visit.agent().says("agent:profile", { kind: "robot" }));

		expect(response.status).toBe(422);
		expect(response.headers.get("Content-Type")).toBe("application/problem+json");
		expect(await response.json()).toMatchObject({
			status: 422,
			code: "invalid-field",
			title: "Invalid field",
			field: "/payload/kind",
			detail: expect.stringContaining("."),
			next: expect.stringContaining("."),
		});
	});

	test.each([
		["not JSON", "nonsense{", 400, "not-json"],
		["a key twice", '{"id":"1","id":"2"}', 400, "not-json"],
		["an array", "[]", 400, "not-a-message"],
		["nothing", "", 400, "not-json"],
		["a __proto__", '{"__proto__":1}', 400, "not-json"],
	])("that is %s is refused, never an error of ours", async (_, body, status, code) => {
		const response = await visit.post(body);
		expect([response.status, (await response.json()).code]).toEqual([status, code]);
	});

	test("is refused 415 when it is compressed or of another type, and 413 before that when it is too large", async () => {
		const { app } = visit;
		const send = (headers: Record<string, string>, body = "{}") =>
			app.request("/api/messages", { method: "POST", headers, body });

		expect((await send({ "Content-Type": "application/json", "Content-Encoding": "gzip" })).status).toBe(415);
		expect((await send({ "Content-Type": "text/plain" })).status).toBe(415);
		expect((await send({ "Content-Type": "application/json", "Content-Encoding": "identity" })).status).toBe(
			400,
		);
		const large = { "Content-Length": `${9 * 1024 * 1024}`, "Content-Encoding": "gzip" };
		expect((await send(large)).status).toBe(413);
	});

	test("is cut off at 7 MiB while it arrives, without waiting for the rest", async () => {
		let sent = 0;
		let cancelled = false;
		const endless = new ReadableStream<Uint8Array>({
			pull(controller) {
				sent += 65_536;
				controller.enqueue(new Uint8Array(65_536).fill(0x20));
			},
			cancel() {
				cancelled = true;
			},
		});
		const response = await visit.app.request("/api/messages", {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: endless,
			duplex: "half",
		} as RequestInit);

		expect([response.status, (await response.json()).code]).toEqual([413, "too-large"]);
		expect(cancelled).toBe(true);
		expect(sent).toBeLessThan(8 * 1024 * 1024);
	});

	test("has at most 7 MiB, and a batch 8: the last byte is taken, one more is refused", async () => {
		const mebibyte = 1024 * 1024;
		const said = (name: string) => JSON.stringify(visit.agent().says("agent:profile", named(name)));
		expect((await visit.post(said("all of it").padEnd(7 * mebibyte))).status).toBe(201);
		expect((await visit.post(said("one more").padEnd(7 * mebibyte + 1))).status).toBe(413);
		const full = await visit.batch([said("a full batch").padEnd(8 * mebibyte)]);
		expect([full.status, (await linesOf<{ status: number }>(full))[0]!.status]).toEqual([200, 413]);
		const lines = [said("one"), said("another").padEnd(4 * mebibyte)];
		const left = 8 * mebibyte - lines.join("\n").length - 1;
		const batch = await visit.batch([...lines, " ".repeat(left)]);
		expect((await linesOf<{ status: number }>(batch)).map(({ status }) => status)).toEqual([201, 201]);
		expect((await visit.batch([...lines, " ".repeat(left + 1)])).status).toBe(413);
	});

	test("says which wait was applied, at most thirty seconds, and returns at once when nothing is awaited", async () => {
		const ada = visit.agent();
		const applied = async (prefer: string) =>
			(await visit.post(ada.says("agent:profile", named(prefer)), { Prefer: prefer })).headers.get(
				"Preference-Applied",
			);
		expect(await applied("wait=5")).toBe("wait=5");
		expect(await applied("respond-async, wait=300")).toBe("wait=30");
		expect(await applied("wait=soon")).toBe(null);
	});
});

describe("a batch of messages", () => {
	type Line = { status: number; message?: { id: string; seq: number }; problem?: { code: string } };

	test("is answered line by line in the order sent, each line standing alone", async () => {
		const ada = visit.agent();
		const [a, b] = [ada.says("agent:profile", named("A")), ada.says("agent:profile", named("B"))];
		const response = await visit.batch([a, "nonsense", b, a, JSON.stringify({ ...b, id: a.id })]);

		expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/x-ndjson"]);
		const answers = await linesOf<Line>(response);
		expect(answers.map(({ status }) => status)).toEqual([201, 400, 201, 200, 400]);
		expect(answers[0]!.message!.id).toBe(a.id);
		expect(answers[1]!.problem!.code).toBe("not-json");
		expect(answers[3]!.message).toEqual(answers[0]!.message);
		expect(answers[4]!.problem!.code).toBe("id-mismatch");
	});

	test("is sequenced in the order sent, so that a line may answer the one before it", async () => {
		const messages = Array.from({ length: 60 }, (_, i) => visit.agent().says("agent:profile", named(`${i}`)));
		const answers = await linesOf<Line>(await visit.batch(messages));
		const seqs = answers.map(({ message }) => message!.seq);
		expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
		expect(answers.map(({ message }) => message!.id)).toEqual(messages.map(({ id }) => id));
	});

	test("keeps that order where a line's content is large", async () => {
		const ada = visit.agent();
		const put = (size: number) =>
			ada.says("exchange:put", {
				description: `content of ${size}`,
				content: `${size} `.repeat(size / 4),
				token_cost: 1_000,
				content_type: "data",
			});
		const answers = await linesOf<Line>(await visit.batch([put(400_000), put(40), put(300_000), put(80)]));
		const seqs = answers.map(({ message }) => message!.seq);
		expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
		expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
	});

	test("holds at least one line and at most five hundred", async () => {
		expect((await visit.batch(["", "  "])).status).toBe(400);
		expect((await visit.batch(Array.from({ length: 501 }, () => "{}"))).status).toBe(413);
		expect(await linesOf(await visit.batch(Array.from({ length: 500 }, () => "{}")))).toHaveLength(500);
	});
});

describe("the log", () => {
	type Page = { items: { seq: number; id: string; sender: string; tags: string[] }[]; next: number | null };
	const log = async (query: string) => (await (await visit.get(`/api/messages?${query}`)).json()) as Page;

	test("is read in order, page by page, every message as it was signed", async () => {
		const head = await headOf(visit.house.sql);
		const seen: Page["items"] = [];
		for (let after: number | null = 0; after !== null; ) {
			const page: Page = await log(`after=${after}&limit=50`);
			seen.push(...page.items);
			after = page.next;
		}
		expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i + 1));
		expect(seen.length).toBeGreaterThanOrEqual(head);
		for (const message of seen) expect(verifyMessage(visit.house.key, message)).toBe(true);
	});

	test("goes on from the `next` of a page as from any list's, whatever the address began with", async () => {
		const first = await log("after=1&limit=2");
		expect(first.items.map(({ seq }) => seq)).toEqual([2, 3]);
		const second = await log(`after=1&limit=2&cursor=${first.next}`);
		expect(second.items.map(({ seq }) => seq)).toEqual([4, 5]);
	});

	test("is filtered by tag, by sender and by what is answered", async () => {
		const ada = visit.agent();
		const put = ada.says("exchange:put", {
			description: "filtered",
			content: "a filtered content",
			token_cost: 10,
			content_type: "plan",
			domains: ["filtered-domain"],
		});
		await visit.post(put, { Prefer: "wait=20" });

		expect((await log(`sender=${ada.key}`)).items.map(({ id }) => id)).toEqual([put.id]);
		expect((await log("tag=exchange:domain:filtered-domain")).items.map(({ id }) => id)).toEqual([put.id]);
		const { items } = await log(`antecedent=${put.id}&tag=exchange:settle`);
		expect(items.map(({ sender }) => sender)).toEqual([visit.house.key]);
		const [phase] = items[0]!.tags.filter((tag) => tag.startsWith("exchange:phase:"));
		expect((await log(`antecedent=${put.id}&tag=${phase}`)).items).toHaveLength(1);
		expect((await log("tag=no:such:tag")).items).toEqual([]);
	});

	test("streams as lines up to the head", async () => {
		const response = await visit.get("/api/messages?after=1", { Accept: "application/x-ndjson" });
		const seqs = (await linesOf<{ seq: number }>(response)).map(({ seq }) => seq);
		expect(seqs).toEqual(Array.from({ length: Number(response.headers.get("Seq")) - 1 }, (_, i) => i + 2));
	});

	test("streams no more lines than it is asked for", async () => {
		const response = await visit.get("/api/messages?after=1&limit=2", { Accept: "application/x-ndjson" });
		expect((await linesOf<{ seq: number }>(response)).map(({ seq }) => seq)).toEqual([2, 3]);
	});

	test.each([
		"after=-1",
		"after=x",
		"cursor=x",
		"limit=0",
		"limit=501",
		"sender=ada",
		"antecedent=1",
		"tag=a%20b",
		"senders=x",
		"limit=1&limit=2",
	])("refuses the question %s by its parameter", async (query) => {
		const response = await visit.get(`/api/messages?${query}`);
		expect([response.status, (await response.json()).code]).toEqual([400, "bad-parameter"]);
	});

	test("costs nothing to ask again while nothing has changed", async () => {
		const first = await visit.get("/api/messages?limit=3");
		const etag = first.headers.get("ETag")!;
		const again = await visit.get("/api/messages?limit=3", { "If-None-Match": etag });
		expect([again.status, await again.text()]).toEqual([304, ""]);
		expect((await visit.get("/api/messages?limit=4", { "If-None-Match": etag })).status).toBe(200);
	});
});

describe("one message", () => {
	test("is read with its replies, and is unknown otherwise", async () => {
		const put = visit.agent().says("exchange:put", {
			description: "read back",
			content: "to be read back",
			token_cost: 10,
			content_type: "plan",
		});
		await visit.post(put, { Prefer: "wait=20" });
		const response = await visit.get(`/api/messages/${put.id}`);
		const read = await response.json();
		expect(verifyMessage(visit.house.key, read)).toBe(true);
		// The place in the log that the answer reflects: the reply it shows is in it.
		expect(Number(response.headers.get("Seq"))).toBeGreaterThanOrEqual(read.replies[0].seq);
		expect(read.replies.map(({ antecedents }: { antecedents: string[] }) => antecedents)).toEqual([[put.id]]);

		for (const id of ["0".repeat(64), "nonsense", "%00"])
			expect((await visit.get(`/api/messages/${id}`)).status).toBe(404);
	});

	test("has its content attached for who may read it, and for nobody else", async () => {
		const ada = visit.agent();
		const content = "the very text of ada's answer";
		const put = ada.says("exchange:put", {
			description: "hers",
			content,
			token_cost: 10,
			content_type: "plan",
		});
		await visit.post(put);
		const seen = async (headers: Record<string, string>) => {
			const response = await visit.get(`/api/messages/${put.id}`, headers);
			return { ...(await response.json()), cache: response.headers.get("Cache-Control") };
		};
		const detached = { bytes: content.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) };

		expect((await seen({})).payload.content).toEqual(detached);
		expect((await seen(await visit.session(visit.agent()))).payload.content).toEqual(detached);
		const own = await seen(await visit.session(ada));
		expect([own.payload.content, own.cache]).toEqual([content, "no-store"]);
		expect(verifyMessage(visit.house.key, own)).toBe(true);
		expect((await seen(await visit.session(visit.operator))).payload.content).toBe(content);
		const auditor = visit.agent();
		await visit.post(
			visit.operator.says("operator:grant", { subject: auditor.key, role: "auditor", reason: "reads" }),
		);
		expect((await seen(await visit.session(auditor))).payload.content).toBe(content);
		expect(JSON.stringify(await (await visit.get("/api/messages?limit=500")).json())).not.toContain(content);
	});
});
