import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compose, newKey } from "../lib/client/compose";
import { freePort, launch, type Started, started } from "./started";

/** No test here is about finding by meaning. */
const LEAN = { EMBEDDER: "lexical" };

const postmaster = async (dataDir: string) =>
	Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);

async function json(exchange: Started, path: string) {
	return (await fetch(`${exchange.url}${path}`)).json();
}

/** A new agent's message, sent again until the exchange has it, as its answer tells an agent to; gives its number. */
async function said(exchange: Started, key: string): Promise<number> {
	const body = JSON.stringify(
		compose(newKey(), key, "agent:profile", { name: "one more" }, { at: new Date() }),
	);
	for (;;) {
		const headers = { "Content-Type": "application/json" };
		const asked = fetch(`${exchange.url}/api/messages`, { method: "POST", headers, body });
		// Who is not there any more has said why.
		const answer = await asked.catch((cause) => {
			throw new Error(exchange.said(), { cause });
		});
		if (answer.ok) return (await answer.json()).message.seq;
		expect(answer.status).toBe(503);
		await sleep(100);
	}
}

describe("killed without a word", () => {
	let exchange: Started;
	let key: string;
	let told: number;
	beforeAll(async () => {
		exchange = await started(LEAN);
		({ key } = await json(exchange, "/api/exchange"));
		told = await said(exchange, key);
	});
	afterAll(() => exchange?.remove());

	test("its database alone, it goes on by itself", async () => {
		const before = await postmaster(exchange.dataDir);
		process.kill(before, "SIGKILL");
		expect(await said(exchange, key)).toBe(++told);
		expect(await postmaster(exchange.dataDir)).not.toBe(before);
	});

	for (const order of [["itself"], ["its database", "itself"], ["itself", "its database"]] as const)
		test(`${order.join(" and then ")}, the next start has everything that was answered`, async () => {
			const database = await postmaster(exchange.dataDir);
			for (const one of order)
				if (one === "itself") await exchange.kill();
				else process.kill(database, "SIGKILL");
			exchange = await exchange.again();
			expect(await json(exchange, "/api/health")).toMatchObject({ ready: true, seq: told });
			expect(await said(exchange, key)).toBe(++told);
		});
});

describe("a second start on the same data", () => {
	test("at another port is the same exchange, and outlives the first", async () => {
		const first = await started(LEAN);
		const second = await first.again({ PORT: `${await freePort()}` });
		const { key } = await json(first, "/api/exchange");
		const length = await said(first, key);
		expect(await said(second, key)).toBe(length + 1);
		await first.kill();
		expect(await said(second, key)).toBe(length + 2);
		expect(await second.stop()).toBe(0);
		await expect(postmaster(second.dataDir)).rejects.toThrow("ENOENT");
		await second.remove();
	});
});

describe("Ctrl-C before it is up", () => {
	let folder: string;
	let settings: Record<string, string> & { DATA_DIR: string };
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "exchange-launcher-"));
		// Under root the database server is another user, who must get in here.
		await chmod(folder, 0o711);
		settings = { ...LEAN, DATA_DIR: join(folder, "data"), PORT: `${await freePort()}` };
	});
	afterAll(() => rm(folder, { recursive: true, force: true }));

	/** What is running on the data: only there, for nothing else knows the folder. */
	async function running(): Promise<string[]> {
		const lines = platform() === "linux" ? await commandLines() : await listed();
		return lines.filter((line) => line.includes(folder));
	}

	async function commandLines(): Promise<string[]> {
		const pids = (await readdir("/proc")).filter((name) => Number(name) > 0);
		return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
	}

	async function listed(): Promise<string[]> {
		return (await promisify(execFile)("ps", ["-A", "-ww", "-o", "command="])).stdout.split("\n");
	}

	for (const [moment, path] of [
		["while it makes the database", "postgres.new-"],
		["while it starts the database", "postgres"],
	] as const)
		test(`${moment}, it ends in order and leaves no process`, async () => {
			const start = await launch("start", settings);
			const inside = () => readdir(settings.DATA_DIR).catch(() => [] as string[]);
			while (!(await inside()).some((name) => (path.endsWith("-") ? name.startsWith(path) : name === path)))
				await sleep(5);
			start.child.kill("SIGINT");
			expect(await start.ended).toBe(0);
			expect(start.said()).toBe("");
			while ((await running()).length > 0) await sleep(50);
		});

	test("and the next start begins where that one left off", async () => {
		const start = await launch("start", settings);
		await start.until(/Weekly Agent Exchange: \S+/);
		expect(await readdir(settings.DATA_DIR)).toEqual(["checkpoints", "exchange.key", "postgres"]);
		start.child.kill("SIGINT");
		expect(await start.ended).toBe(0);
		while ((await running()).length > 0) await sleep(50);
	});
});

describe("a start that cannot be", () => {
	for (const [what, settings, line] of [
		[
			"at an address that this machine has not",
			{ HOST: "192.0.2.1" },
			/^HOST 192\.0\.2\.1 is no address .*: set HOST/,
		],
		[
			"in a DATA_DIR that is a file",
			{ DATA_DIR: "package.json" },
			/^DATA_DIR \S+ is a file .*: set DATA_DIR/,
		],
		[
			"on a given PostgreSQL that is not there",
			{ DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" },
			/^The database cannot be reached .*: is DATABASE_URL right/,
		],
		["with settings that are none", { PORT: "none" }, /^PORT must be a whole number/],
	] as const)
		test(`${what} says so in one line that says what to do`, async () => {
			const folder = await mkdtemp(join(tmpdir(), "exchange-launcher-"));
			const start = await launch("start", {
				...LEAN,
				DATA_DIR: join(folder, "data"),
				PORT: `${await freePort()}`,
				...settings,
			});
			expect(await start.ended).toBe(1);
			expect(start.said()).toMatch(line);
			expect(start.said().trimEnd()).not.toContain("\n");
			await rm(folder, { recursive: true });
		});
});
