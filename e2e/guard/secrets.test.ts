import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as postgres } from "../../db/client";
import { scratchDatabase } from "../../db/scratch";
import { newKey } from "../../lib/client/compose";
import { connect } from "../../lib/client/connect";
import { freePort, launch, type Started, started } from "../started";
import { signedIn } from "./signed-in";

const secret = () => randomBytes(32).toString("hex");
const BUILD = fileURLToPath(new URL("../../.next", import.meta.url));

/** What the exchange is told and must tell nobody. */
const SECRETS = {
	EXCHANGE_KEY: secret(),
	NOSTR_KEY: secret(),
	EMBEDDER_KEY: `embedder-${secret()}`,
	"the database's password": secret(),
	"an agent's private key": secret(),
};

let database: Awaited<ReturnType<typeof scratchDatabase>>;
/** An embedding service that refuses, and says so as such services do: with the key in it. */
let service: Server;
let exchange: Started;
/** Every answer to anybody: its status line's headers and its body. */
const answers: string[] = [];
let tokens: { Cookie: string; Authorization: string };

const asOwner = (password: string) => {
	const url = new URL(database.url);
	Object.assign(url, { username: "keeper", password });
	return url.href;
};

beforeAll(async () => {
	database = await scratchDatabase();
	await database.sql.unsafe(
		`drop role if exists keeper; create role keeper superuser login password '${SECRETS["the database's password"]}'`,
	);
	service = createServer((request, response) => {
		response.writeHead(401).end(`no such key: ${request.headers.authorization}`);
	}).listen(0, "127.0.0.1");
	await once(service, "listening");
	const { port } = service.address() as AddressInfo;
	exchange = await started({
		EXCHANGE_KEY: SECRETS.EXCHANGE_KEY,
		DATABASE_URL: asOwner(SECRETS["the database's password"]),
		NOSTR_KEY: SECRETS.NOSTR_KEY,
		NOSTR_RELAYS: `ws://127.0.0.1:${await freePort()}`,
		EMBEDDER: `http://127.0.0.1:${port}/v1/embeddings?model=some&dims=8`,
		EMBEDDER_KEY: SECRETS.EMBEDDER_KEY,
		LOG_LEVEL: "debug",
	});
});
afterAll(async () => {
	await exchange?.remove();
	service?.close();
	await database?.sql.unsafe("reassign owned by keeper to current_user; drop role keeper").catch(() => {});
	await database?.drop();
});

async function ask(path: string, init?: RequestInit): Promise<number> {
	const answer = await fetch(`${exchange.url}${path}`, init);
	answers.push(`${JSON.stringify([...answer.headers])}\n${await answer.text()}`);
	return answer.status;
}

describe("a secret", () => {
	test("is asked for, failed with and used", async () => {
		const me = newKey(SECRETS["an agent's private key"]);
		tokens = await signedIn(exchange.url, me);
		const agent = await connect(exchange.url, me);
		await agent.send("agent:profile", { name: "Ada" });
		const put = { description: "d", content: "words", token_cost: 9, content_type: "code" };
		await agent.send("exchange:put", put);
		await ask("/api/entries?q=words");
		const ways: Record<string, string>[] = [
			{},
			tokens,
			{ Authorization: "Bearer none" },
			{ Cookie: "session=none" },
		];
		for (const headers of ways)
			for (const path of [
				...["/", "/desk", "/operator", "/operator/health", "/keys", "/nothing", "/exchange?q=words"],
				...["/api/exchange", "/api/health", "/api/metrics", "/api/openapi.json", "/llms.txt", "/client.mjs"],
				...[
					"/api/drafts",
					`/api/agents/${me.key}/ledger`,
					"/api/messages",
					"/api/auth/session",
					"/api/nothing",
				],
			])
				expect([path, await ask(path, { headers })]).toEqual([
					path,
					expect.toSatisfy((status) => status < 500),
				]);
		for (const body of ["{", "{}", '{"token":"x"}'])
			for (const path of ["/api/messages", "/api/session", "/api/session/challenge", "/api/operator/claim"])
				await ask(path, { method: "POST", headers: { "Content-Type": "application/json", ...tokens }, body });
	});

	test("nor is it told while the database is away", async () => {
		const name = new URL(database.url).pathname.slice(1);
		const server = postgres(process.env.SCRATCH_URL!, { max: 1 });
		const allow = (whether: boolean) =>
			server.unsafe(`alter database "${name}" allow_connections ${whether}`);
		await allow(false);
		await server`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
		for (const path of ["/api/entries?q=other", "/api/health", "/", "/desk"])
			await ask(path, { headers: tokens });
		await allow(true);
		await server.end();
		while ((await ask("/api/health")) !== 200);
	});

	for (const name of Object.keys(SECRETS) as (keyof typeof SECRETS)[])
		test(`stands in no answer and no line: ${name}`, () => {
			expect(answers.filter((answer) => answer.includes(SECRETS[name]))).toEqual([]);
			expect(exchange.said()).not.toContain(SECRETS[name]);
		});

	test("that a sign-in gives is in no line, nor is the one-time link in any but its own", () => {
		const said = exchange.said();
		const cookies = tokens.Cookie.split("; ").map((one) => one.split("=")[1]!);
		for (const token of [
			tokens.Authorization.slice("Bearer ".length),
			...cookies.filter((one) => one.length > 20),
		])
			expect(said).not.toContain(token);
		expect(said.split(exchange.claim!)).toHaveLength(2);
		expect(answers.filter((answer) => answer.includes(exchange.claim!))).toEqual([]);
	});

	test("is not quoted by a start that fails on it", async () => {
		const wrong = secret();
		const { EXCHANGE_KEY } = SECRETS;
		const wrongs: Record<string, string>[] = [
			{ DATABASE_URL: asOwner(wrong) },
			{ DATABASE_URL: `mysql://x:${wrong}@y/z` },
			{ EXCHANGE_KEY: `${wrong}0` },
			{ NOSTR_KEY: `${wrong}0`, NOSTR_RELAYS: `wss://user:${wrong}@relay.example` },
		];
		for (const settings of wrongs) {
			const own = { EXCHANGE_KEY, DATA_DIR: join(exchange.folder, "other"), PORT: `${await freePort()}` };
			const command = await launch("start", { ...own, LOG_LEVEL: "debug", ...settings });
			expect(await command.ended).toBe(1);
			const said = command.said();
			expect(said).not.toContain(wrong);
			for (const one of Object.values(SECRETS)) expect(said).not.toContain(one);
		}
	});
});

describe("what browsers are sent", () => {
	const files = (folder: string) =>
		readdirSync(join(BUILD, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && /\.(js|css|html|rsc|json)$/.test(entry.name))
			.map(({ parentPath, name }) => join(parentPath, name));

	test("names none of the settings that hold a secret", () => {
		const chunks = files("static");
		expect(chunks.length).toBeGreaterThan(20);
		for (const file of chunks) {
			const text = readFileSync(file, "utf8");
			for (const name of ["EXCHANGE_KEY", "DATABASE_URL", "DATABASE_READ_URL", "NOSTR_KEY", "EMBEDDER_KEY"])
				expect([file, text.includes(name)]).toEqual([file, false]);
		}
	});

	test("and the build takes nothing of what the exchange is told", () => {
		const { config } = JSON.parse(readFileSync(join(BUILD, "required-server-files.json"), "utf8"));
		expect(config.env).toEqual({});
	});
});
