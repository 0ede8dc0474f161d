import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { accessSync } from "node:fs";
import { chmod, chown, copyFile, cp, mkdir, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../db/client";
import { scratchFolder } from "../db/fixtures/folder";
import { compose, newKey } from "../lib/client/compose";
import { environment } from "../lib/doors/environment";
import { open } from "../lib/doors/open";

/** README, "Backup and restore": everything there is done here. */
const run = promisify(execFile);

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
	folder = await scratchFolder();
});
afterAll(() => folder.remove());

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const step of undo.splice(0).reverse()) await step();
});

type Settings = { DATA_DIR: string; DATABASE_URL?: string };

/** The exchange as `npm start` opens it, without its pages. */
async function exchange(settings: Settings) {
	const given = environment({ DEMO: "0", EMBEDDER: "lexical", ...settings });
	const opened = await open(
		given,
		() => {},
		(error) => {
			throw error;
		},
	);
	let over = false;
	const close = async () => {
		if (!over) await opened.close();
		over = true;
	};
	undo.push(close);
	const { key } = opened.house;
	return {
		key,
		close,
		/** As many messages of new agents; the number of the last. */
		async grows(by: number): Promise<number> {
			let seq = 0;
			for (let i = 0; i < by; i++) {
				const message = compose(newKey(), key, "agent:profile", { name: `agent ${i}` }, { at: new Date() });
				const answer = await opened.api.request("/api/messages", {
					method: "POST",
					headers: { "Content-Type": "application/json" },
					body: JSON.stringify(message),
				});
				expect(answer.status).toBe(201);
				seq = (await answer.json()).message.seq;
			}
			return seq;
		},
		checkpoint: async () => (await opened.api.request("/api/checkpoint")).text(),
	};
}

/** `npm run verify`, which ends with 1 and throws here when anything differs. */
async function verified(settings: Settings): Promise<string> {
	const { PATH, HOME } = process.env;
	const { stdout } = await run(process.execPath, ["--import", "tsx", "lib/doors/verify.ts"], {
		env: { NODE_ENV: "production", PATH, HOME, ...settings },
	});
	return stdout;
}

describe("a backup", () => {
	test("of a stopped exchange is a copy of DATA_DIR, and goes on elsewhere with the same key and checkpoint", async () => {
		const DATA_DIR = join(folder.path, "stopped");
		const first = await exchange({ DATA_DIR });
		const length = await first.grows(3);
		const checkpoint = await first.checkpoint();
		await first.close();

		const restored = { DATA_DIR: join(folder.path, "restored") };
		await run("cp", ["-RpL", DATA_DIR, restored.DATA_DIR]);
		const second = await exchange(restored);
		expect(second.key).toBe(first.key);
		expect(await second.checkpoint()).toBe(checkpoint);
		expect(await second.grows(1)).toBe(length + 1);
		await second.close();
		expect(await verified(restored)).toMatch(new RegExp(`^Equal: ${length + 1} messages`));
	});

	test("that is older than its checkpoints is refused: what was signed since would be said to be lost", async () => {
		const DATA_DIR = join(folder.path, "older");
		const first = await exchange({ DATA_DIR });
		await first.grows(1);
		await first.close();
		const old = join(folder.path, "older-database");
		await cp(join(DATA_DIR, "postgres"), old, { recursive: true, preserveTimestamps: true });
		const second = await exchange({ DATA_DIR });
		await second.grows(1);
		await second.close();
		await rm(join(DATA_DIR, "postgres"), { recursive: true });
		await cp(old, join(DATA_DIR, "postgres"), { recursive: true });
		await expect(exchange({ DATA_DIR })).rejects.toThrow(/Restore a backup that has it whole/);
	});
});

/** Where a whole PostgreSQL is installed on this machine: ours comes without pg_dump. */
async function installed(): Promise<string | undefined> {
	const debian = await readdir("/usr/lib/postgresql").catch(() => [] as string[]);
	const folders = [
		...debian.map((major) => join("/usr/lib/postgresql", major, "bin")),
		...(process.env.PATH ?? "").split(delimiter),
	];
	return folders.find((bin) => {
		try {
			for (const name of ["initdb", "postgres", "pg_dump", "psql"]) accessSync(join(bin, name));
			return true;
		} catch {
			return false;
		}
	});
}

/** PostgreSQL refuses root. */
const NOBODY = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Somebody's own PostgreSQL, which knows nothing of us. */
async function givenPostgres(bin: string): Promise<string> {
	const data = join(folder.path, "given");
	await mkdir(data, { mode: 0o700 });
	if (NOBODY.uid) await chown(data, NOBODY.uid, NOBODY.gid);
	const as = { ...NOBODY, cwd: "/" };
	await run(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], as);
	const probe = createServer().listen(0, "127.0.0.1");
	await once(probe, "listening");
	const { port } = probe.address() as { port: number };
	probe.close();
	const words = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
	const server = spawn(join(bin, "postgres"), ["-D", data, ...words.flatMap((word) => ["-c", word])], {
		...as,
		stdio: "ignore",
	});
	const die = () => server.kill("SIGQUIT");
	process.once("exit", die);
	const gone = once(server, "exit");
	undo.push(async () => {
		server.kill("SIGINT");
		await gone;
		process.off("exit", die);
	});
	const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
	while (!(await asked(url, "select 1").catch(() => undefined))) await sleep(50);
	return url;
}

async function asked(url: string, statement: string) {
	const sql = connect(url, { max: 1, fetch_types: false });
	try {
		return await sql.unsafe(statement);
	} finally {
		await sql.end({ timeout: 1 });
	}
}

const bin = await installed();
if (bin)
	test("a given PostgreSQL is dumped while the exchange runs, and restored into another one it verifies and goes on", async () => {
		const original = { DATA_DIR: join(folder.path, "keys"), DATABASE_URL: await givenPostgres(bin) };
		const first = await exchange(original);
		await first.grows(3);
		await first.close();
		const running = await exchange(original);
		const length = await running.grows(1);

		// In this order: a restored log must not be shorter than the checkpoints say.
		const copied = join(folder.path, "keys-copied");
		await mkdir(copied);
		for (const name of ["exchange.key", "checkpoints"])
			await copyFile(join(original.DATA_DIR, name), join(copied, name));
		const dump = join(folder.path, "dump.sql");
		await run(join(bin, "pg_dump"), ["--no-owner", "--file", dump, original.DATABASE_URL]);
		await chmod(dump, 0o644);
		const after = await running.grows(1);
		expect(after).toBe(length + 1);

		const another = new URL(process.env.SCRATCH_URL!);
		const name = `restored_${randomBytes(6).toString("hex")}`;
		await asked(another.href, `create database ${name}`);
		undo.unshift(() => asked(process.env.SCRATCH_URL!, `drop database ${name} with (force)`));
		another.pathname = name;
		const restored = { DATA_DIR: copied, DATABASE_URL: another.href };
		await run(join(bin, "psql"), ["-qX", "-v", "ON_ERROR_STOP=1", "-1", "-f", dump, restored.DATABASE_URL]);

		expect(await verified(restored)).toMatch(new RegExp(`^Equal: ${length} messages`));
		const second = await exchange(restored);
		expect(second.key).toBe(first.key);
		expect(await second.grows(1)).toBe(length + 1);
		await second.close();
		expect(await verified(restored)).toMatch(new RegExp(`^Equal: ${length + 1} messages`));
	});
