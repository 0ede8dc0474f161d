import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseStrict } from "../log/json";
import { detach, envelope, identify, type Message } from "../log/message";
import { signedBytes, verify } from "../log/sign";
import { buildClient } from "./build";
import { type Composing, compose, newKey } from "./compose";
import { connect, type Logged, Problem } from "./connect";

/** A door that keeps a log and judges the envelope, id and signature; it knows no operation. */
const exchange = newKey("ee".repeat(32));
const log: Logged[] = [];
const nonces = new Set<string>();
const received: { path: string; token: string | undefined }[] = [];
/** How the next requests fail before any is processed; "lost": processed, but the answer never arrives. */
const failures: (503 | "cut" | "lost")[] = [];
/** Sent as the reply to whatever comes next. */
let reply: ((to: Message) => Message) | undefined;
let streamBreaksAfter = Number.POSITIVE_INFINITY;

function logged(message: Message): Logged {
	const entry = { ...message, ...{ payload: detach(message.payload).payload }, seq: log.length + 1 };
	log.push({ ...entry, received_at: message.timestamp });
	return log.at(-1)!;
}

async function door(request: IncomingMessage, response: ServerResponse) {
	const { pathname, searchParams } = new URL(request.url!, "http://door");
	received.push({ path: pathname, token: request.headers.authorization });
	let text = "";
	for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
	const body = text ? (JSON.parse(text) as Record<string, string>) : {};
	const say = (status: number, value: unknown, headers: Record<string, string> = {}) =>
		response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(value));

	const failure = failures.shift();
	if (failure === 503) return say(503, { code: "not-processed", status: 503, detail: "Try again." });
	if (failure === "cut") return response.destroy();
	switch (`${request.method} ${pathname}`) {
		case "GET /api/exchange":
			return say(200, { name: "Test", key: exchange.key, now: "2030-01-01T00:00:00.000Z" });
		case "POST /api/session/challenge":
			nonces.add("n1");
			return say(200, { nonce: "n1", expires_at: "2030-01-01T00:05:00.000Z" });
		case "POST /api/session": {
			const holds = verify(body.key!, signedBytes("session", exchange.key, body.nonce!), body.signature!);
			if (!holds || !nonces.delete(body.nonce!)) return say(401, { code: "bad-session", detail: "No." });
			return say(201, {
				token: `token-of-${body.key}`,
				expires_at: "2030-01-01T12:00:00.000Z",
				agent: body.key,
			});
		}
		case "POST /api/messages/dry-run":
			return say(200, { admitted: true, effects: {}, draft: body });
		case "POST /api/messages": {
			const parsed = parseStrict(text);
			const judged = parsed.ok ? envelope(parsed.value) : parsed;
			if (!judged.ok) return say(400, { code: judged.code, detail: judged.detail, field: judged.pointer });
			const { id, bytes, message } = identify(exchange.key, judged.message);
			if (id !== message.id) return say(400, { code: "wrong-id", detail: "The id is not the hash." });
			if (!verify(message.sender, bytes, message.signature))
				return say(401, { code: "bad-signature", detail: "No." });
			const known = log.find((one) => one.id === id);
			const { seq, received_at } = known ?? logged(message);
			const replies =
				!known && reply ? [logged(reply(message))] : log.filter((one) => one.antecedents.includes(id));
			if (failure === "lost") return response.destroy();
			return say(
				known ? 200 : 201,
				{ message: { id, seq, received_at }, replies },
				known ? { Replayed: "true" } : {},
			);
		}
		case "GET /api/messages/stream": {
			response.writeHead(200, { "Content-Type": "text/event-stream" });
			const after = Number(request.headers["last-event-id"] ?? searchParams.get("after") ?? log.length);
			for (const message of log.slice(after, after + streamBreaksAfter))
				response.write(`event: message\nid: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n: beat\n\n`);
			// After what was written has left: a connection cut at once takes it along.
			if (streamBreaksAfter < log.length) response.write(": and no more\n\n", () => response.destroy());
			return;
		}
	}
	const message = log.find(({ id }) => pathname === `/api/messages/${id}`);
	return message
		? say(200, { ...message, replies: [] })
		: say(404, { code: "unknown-message", detail: "No such message." });
}

const server = createServer((request, response) => void door(request, response));
const me = newKey();
let url = "";
let folder = "";

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	folder = await mkdtemp(join(tmpdir(), "wax-client-"));
	await writeFile(join(folder, "client.mjs"), await buildClient());
	await writeFile(join(folder, "me.json"), JSON.stringify(me));
});

afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await rm(folder, { recursive: true });
});

beforeEach(() => {
	log.length = 0;
	received.length = 0;
	failures.length = 0;
	reply = undefined;
	streamBreaksAfter = Number.POSITIVE_INFINITY;
});

describe("an agent that is connected", () => {
	test("sends a message that the door takes, dated by the exchange's clock, and reads the verified reply", async () => {
		reply = (to) => compose(exchange, exchange.key, "exchange:match", { results: [] }, { antecedent: to.id });
		const wax = await connect(url, me);
		const { message, replies, replayed } = await wax.send(
			"exchange:buy",
			{ task: "t", budget: 9 },
			{ wait: 20 },
		);
		expect([message.seq, replayed, replies[0]?.tags]).toEqual([1, false, ["exchange:match"]]);
		expect((await wax.read(message.id)).timestamp).toMatch(/^2030-01-01T00:0/);
	});

	test.each([503, "cut", "lost"] as const)(
		"counts once though the first attempt ends in %s",
		async (failure) => {
			const wax = await connect(url, me);
			failures.push(failure);
			const { message, replayed } = await wax.send("exchange:buy", { task: "t", budget: 9 });
			expect(log.map(({ id }) => id)).toEqual([message.id]);
			expect(replayed).toBe(failure === "lost");
		},
	);

	test("is told of a refusal by code, status and field, and does not try again", async () => {
		const wax = await connect(url, me);
		const refused = wax.post({ ...wax.sign("exchange:buy", { task: "t", budget: 9 }), timestamp: "now" });
		await expect(refused).rejects.toMatchObject({
			code: "ill-formed-field",
			status: 400,
			field: "/timestamp",
		});
		await expect(refused).rejects.toBeInstanceOf(Problem);
		expect(received.filter(({ path }) => path === "/api/messages")).toHaveLength(1);
	});

	test("does not believe a reply that its sender has not signed", async () => {
		reply = (to) => ({
			...compose(exchange, exchange.key, "exchange:match", {}, { antecedent: to.id }),
			tags: ["x"],
		});
		const wax = await connect(url, me);
		await expect(wax.send("exchange:buy", { task: "t", budget: 9 })).rejects.toMatchObject({
			code: "not-genuine",
		});
	});

	test("signs in once, and then every request carries the session", async () => {
		const wax = await connect(url, me);
		expect(await wax.session()).toBe(`token-of-${me.key}`);
		await wax.send("exchange:buy", { task: "t", budget: 9 });
		expect(received.at(-1)).toEqual({ path: "/api/messages", token: `Bearer token-of-${me.key}` });
	});

	test("asks what would happen with nothing signed", async () => {
		const wax = await connect(url, me);
		const how: Composing = { antecedent: "ab".repeat(32) };
		expect(await wax.dryRun("exchange:settle/buyer-accept", { entry_id: "e" }, how)).toMatchObject({
			admitted: true,
			draft: {
				sender: me.key,
				tags: ["exchange:settle", "exchange:phase:buyer-accept"],
				payload: { phase: "buyer-accept", entry_id: "e" },
				antecedents: ["ab".repeat(32)],
			},
		});
		expect(log).toEqual([]);
	});

	test("follows the log through broken streams: every message, in order, once", async () => {
		const wax = await connect(url, me);
		for (let budget = 1; budget <= 5; budget++) await wax.send("exchange:buy", { task: "t", budget });
		streamBreaksAfter = 2;
		const seen: number[] = [];
		const stop = new AbortController();
		await wax.follow({ after: 0, signal: stop.signal }, ({ seq }) => {
			seen.push(seq);
			if (seq === 5) stop.abort();
		});
		expect(seen).toEqual([1, 2, 3, 4, 5]);
	});

	test("hears of the failure of its own listener", async () => {
		const wax = await connect(url, me);
		await wax.send("exchange:buy", { task: "t", budget: 9 });
		const following = wax.follow({ after: 0 }, () => {
			throw new TypeError("mine");
		});
		await expect(following).rejects.toThrow("mine");
	});

	test("can read without a key, and is told to bring one to speak", async () => {
		const wax = await connect(`${url}/`);
		expect(wax.key).toBe(exchange.key);
		await expect(wax.send("exchange:buy", {})).rejects.toThrow("Connect with a key");
	});
});

describe("client.mjs", () => {
	const run = async (...args: string[]) => {
		const { stdout } = await promisify(execFile)(process.execPath, ["client.mjs", ...args], { cwd: folder });
		return stdout.trim();
	};

	test("is the same text every time, needs no package, and is a module to import", async () => {
		const text = await buildClient();
		expect(await buildClient()).toBe(text);
		const code = text.replace(/^\/\*\*.*?\*\/$/ms, "");
		expect(code.match(/(?:from|import\()\s*["'](?!node:)[^"']+["']/g)).toBe(null);
		const script = `import("./client.mjs").then((client) => console.log(Object.keys(client).join(" ")))`;
		const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: folder });
		expect(stdout.trim().split(" ")).toEqual(
			expect.arrayContaining(["connect", "newKey", "seal", "open", "verifyMessage", "Problem"]),
		);
	});

	test("makes and checks the same message where there is no node:crypto, as in a browser", async () => {
		const at = "2026-11-21T08:00:00.000Z";
		const said = { description: "d", content: "héllo 😀", token_cost: 5, content_type: "code" };
		const script = `process.getBuiltinModule = undefined;
			import("./client.mjs").then(({ compose, newKey, verifyMessage }) => {
				const at = new Date("${at}");
				const message = compose(newKey("${me.secret}"), "${exchange.key}", "exchange:put", ${JSON.stringify(said)}, { at });
				console.log(JSON.stringify({ message, holds: verifyMessage("${exchange.key}", message) }));
			})`;
		const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: folder });
		const here = compose(me, exchange.key, "exchange:put", said, { at: new Date(at) });
		expect(JSON.parse(stdout)).toEqual({ message: here, holds: true });
	});

	test("makes a key, a new one each time", async () => {
		const first = JSON.parse(await run("key")) as { secret: string; key: string };
		expect(newKey(first.secret)).toEqual(first);
		expect(await run("key")).not.toContain(first.secret);
	});

	test("signs without a network when it is given the exchange's key, and the door takes what it signed", async () => {
		const payload = JSON.stringify({
			description: "d",
			content: "c",
			token_cost: 5,
			content_type: "code",
			domains: ["go"],
		});
		const signed = JSON.parse(await run("sign", "me.json", exchange.key, "exchange:put", payload)) as Message;
		expect(received).toEqual([]);
		expect(signed.tags).toEqual(["exchange:put", "exchange:content-type:code", "exchange:domain:go"]);
		const posted = await fetch(`${url}/api/messages`, { method: "POST", body: JSON.stringify(signed) });
		expect(posted.status).toBe(201);
	});

	test("signs for the exchange at a url, with antecedents, and payload from a file", async () => {
		await writeFile(join(folder, "payload.json"), JSON.stringify({ entry_id: "e" }));
		const ids = ["ab".repeat(32), "cd".repeat(32)];
		const options = ids.flatMap((id) => ["--antecedent", id]);
		const signed = JSON.parse(
			await run("sign", "me.json", url, "exchange:settle/complete", "@payload.json", ...options),
		);
		expect(signed).toMatchObject({ antecedents: ids, payload: { phase: "complete", entry_id: "e" } });
	});

	test("sends, reads back and prints a token", async () => {
		const sent = JSON.parse(
			await run("send", "me.json", url, "exchange:buy", '{"task":"t","budget":9}', "--wait", "1"),
		);
		expect(sent).toMatchObject({ message: { seq: 1 }, replies: [], replayed: false });
		expect(JSON.parse(await run("read", "me.json", url, sent.message.id))).toMatchObject({
			seq: 1,
			sender: me.key,
		});
		expect(await run("token", "me.json", url)).toBe(`token-of-${me.key}`);
	});

	test("fails with the refusal on stderr, and explains itself when it is called wrongly", async () => {
		await expect(run("read", "me.json", url, "ab".repeat(32))).rejects.toMatchObject({
			code: 1,
			stderr: expect.stringContaining('"unknown-message"'),
		});
		await expect(run()).rejects.toMatchObject({
			code: 2,
			stderr: expect.stringContaining("node client.mjs key"),
		});
		await expect(run("sign", "me.json", exchange.key, "exchange:buy", "[1]")).rejects.toMatchObject({
			code: 1,
		});
	});
});
