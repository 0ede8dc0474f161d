import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratchFolder } from "../db/fixtures/folder";
import { audit } from "../lib/client/audit";
import { compose, type Key, newKey, verifyMessage } from "../lib/client/compose";
import { connect, type Exchange } from "../lib/client/connect";
import { keysOf } from "../lib/client/key-chain";
import { environment } from "../lib/doors/environment";
import { open } from "../lib/doors/open";
import { keyAt, signedHead } from "../lib/log/key-chain";
import { publicKey } from "../lib/log/sign";

/** README, "The exchange's key", done once from beginning to end on one exchange. */
const run = promisify(execFile);

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let settings: { DATA_DIR: string };
let running: Awaited<ReturnType<typeof started>>;
/** Kept by a reader since before any key was changed. */
let kept: string;
const first = { key: "", secret: "" };

beforeAll(async () => {
	folder = await scratchFolder();
	settings = { DATA_DIR: join(folder.path, "data") };
	running = await started();
	first.key = running.wax.key;
	first.secret = (await readFile(join(settings.DATA_DIR, "exchange.key"), "utf8")).trim();
});
afterAll(async () => {
	await running.close();
	await folder.remove();
});

/** The exchange as `npm start` opens it, without its pages, at an address. */
async function started() {
	const opened = await open(
		environment({ DEMO: "0", EMBEDDER: "lexical", ...settings }),
		() => {},
		(error) => {
			throw error;
		},
	);
	const server = createServer(opened.agents).listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url,
		wax: await connect(url),
		checkpoint: async () => (await fetch(`${url}/api/checkpoint`)).text(),
		async close() {
			server.close();
			server.closeAllConnections();
			await opened.close();
		},
	};
}

/** One of the commands, on the same data. */
async function command(name: string): Promise<string> {
	const { PATH, HOME } = process.env;
	const { stdout } = await run(process.execPath, ["--import", "tsx", `lib/doors/${name}.ts`], {
		env: { NODE_ENV: "production", PATH, HOME, ...settings },
	});
	return stdout;
}

/** Asks for something that the exchange answers by a message of its own; the key that it is signed with. */
async function answeredBy(me: Key = newKey()): Promise<string> {
	const wax: Exchange = await connect(running.url, me);
	const content = `Answer ${Math.random()}: a sentence that is long enough to be worth a few tokens, and says nothing.`;
	const { replies } = await wax.send(
		"exchange:put",
		{ description: "An answer of this story", content, token_cost: 500, content_type: "other" },
		{ wait: 20 },
	);
	expect(replies).toHaveLength(1);
	expect(verifyMessage(wax.key, replies[0])).toBe(true);
	return replies[0]!.sender;
}

describe("npm run rotate-key", () => {
	test("changes the key while the exchange runs: it signs its next message with the new one, and its name stays", async () => {
		expect(await answeredBy()).toBe(first.key);
		kept = await running.checkpoint();

		expect(await command("rotate-key")).toContain(`the exchange ${first.key} signs with`);
		const { about } = await connect(running.url);
		expect(about.key).toBe(first.key);
		expect(about.signing_key).not.toBe(first.key);
		expect(await answeredBy()).toBe(about.signing_key);

		const agent = (await running.wax.reads(`/api/agents/${about.signing_key}`)) as Record<string, unknown>;
		expect(agent).toMatchObject({ key: first.key, signing_key: about.signing_key });
		expect(agent.keys).toHaveLength(2);
	});

	test("leaves the old key nothing to say", async () => {
		const grant = { subject: newKey().key, role: "operator", reason: "By who has stolen the old key." };
		const body = JSON.stringify(compose(first, first.key, "operator:grant", grant));
		const headers = { "Content-Type": "application/json" };
		const answer = await fetch(`${running.url}/api/messages`, { method: "POST", headers, body });
		expect(answer.status).toBe(401);
		expect((await answer.json()).code).toBe("key-rotated");
	});

	test("has each checkpoint signed by the key that was in force at its size, before and after", async () => {
		const chain = await keysOf(running.url, first.key);
		expect(chain).toHaveLength(2);
		const now = await running.checkpoint();
		expect(signedHead(kept, first.key, chain)?.size).toBeGreaterThan(0);
		expect(signedHead(now, first.key, chain)?.size).toBeGreaterThan(chain[1]!.from);
		expect(keyAt(chain, chain[1]!.from - 1)).toBe(first.key);
		// By neither key at the other's time, nor for who knows the first key alone.
		expect(signedHead(now, first.key, chain.slice(0, 1))).toBeUndefined();
		expect(signedHead(kept, first.key, [{ key: chain[1]!.key, from: 0 }])).toBeUndefined();
	});

	test("keeps the history whole for whoever audits it from outside with what he kept before", async () => {
		const found = await audit(running.url, { kept });
		expect(found).toMatchObject({ good: true, faults: [], lost: undefined, compared: 1, withheld: 0 });
	});

	test("can be done again; a restart goes on with the newest key, and npm run verify and rebuild find all of it equal", async () => {
		await command("rotate-key");
		const { about } = await connect(running.url);
		expect(await answeredBy()).toBe(about.signing_key);
		await running.close();
		running = await started();
		expect((await connect(running.url)).about).toMatchObject({
			key: first.key,
			signing_key: about.signing_key,
		});
		expect(await answeredBy()).toBe(about.signing_key);
		expect(await command("rebuild")).toMatch(/^Rebuilt: /);
		expect(await answeredBy()).toBe(about.signing_key);
		await running.close();
		expect(await command("verify")).toMatch(/^Equal: /);
		running = await started();
		expect(await audit(running.url, { kept })).toMatchObject({ good: true, lost: undefined });
	});

	test("keeps every key in one file, and no start goes on without the one in force", async () => {
		const file = join(settings.DATA_DIR, "exchange.key");
		const text = await readFile(file, "utf8");
		const keys = text.trim().split("\n").map(publicKey);
		expect(keys).toEqual((await keysOf(running.url, first.key)).map(({ key }) => key));
		await running.close();
		await writeFile(file, `${first.secret}\n`);
		await expect(started()).rejects.toThrow("has changed its key since");
		await writeFile(file, text);
		running = await started();
		expect(await answeredBy()).toBe(keys.at(-1));
	});
});
