import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const STARTS_MS = 240_000;

let folder: string;
let port: number;
let url: string;
let running: Started | undefined;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "exchange-newcomer-"));
	// Under root the database is another user, who must get in here.
	await chmod(folder, 0o755);
	port = await freePort();
	url = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
	running?.process.kill("SIGKILL");
	await rm(folder, { recursive: true, force: true });
});

describe("a newcomer", () => {
	test(
		"starts the exchange with one command and is told in one line where to look",
		async () => {
			running = await start();
			expect(running.lines).toEqual([
				expect.stringMatching(new RegExp(`^Weekly Agent Exchange: ${url} .*/operator/claim#\\S{43}$`)),
			]);
			expect(await json("/api/health")).toMatchObject({ live: true, ready: true });
			expect((await stat(join(folder, "data/exchange.key"))).mode & 0o777).toBe(0o600);
		},
		STARTS_MS,
	);

	test("finds the treasury's float as the first message of the log", async () => {
		const { items } = await json("/api/messages");
		expect(items).toHaveLength(1);
		expect(items[0]).toMatchObject({
			seq: 1,
			tags: ["scrip:mint"],
			payload: { recipient: "treasury", amount: 1_000_000 },
		});
	});

	test("sees a page that shows the log, whose scripts alone may run", async () => {
		const page = await fetch(url);
		expect(page.status).toBe(200);
		const html = await page.text();
		expect(html).toContain("minted to the treasury");
		const nonce = /'nonce-([^']+)'/.exec(page.headers.get("content-security-policy")!)![1];
		const scripts = html.match(/<script\b[^>]*>/g)!;
		expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
	});

	test("makes the README's whole trade, line by line", async () => {
		const token = running!.lines[0]!.split("#")[1]!;
		const script = (await readme("A whole trade"))
			.replace(/^exchange=.*$/m, `exchange=${url}`)
			.replace(/^token=.*$/m, `token=${token}`);
		const work = await mkdtemp(join(folder, "work-"));
		await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], { cwd: work });

		const [sold, bought] = await Promise.all(
			["answer.md", "bought.md"].map((name) => readFile(join(work, name), "utf8")),
		);
		expect(bought!.trim()).toBe(sold!.trim());
		const { items } = await json("/api/messages?limit=100");
		expect(items.at(-1)).toMatchObject({ payload: { phase: "complete" } });
	}, 60_000);

	test("cannot use the one-time link a second time", async () => {
		const token = running!.lines[0]!.split("#")[1]!;
		const work = await mkdtemp(join(folder, "work-"));
		const again = `curl -sO ${url}/client.mjs; node client.mjs key > other.json
			curl -s -o /dev/null -w '%{http_code}' ${url}/api/operator/claim -H 'Content-Type: application/json' \
				-H "Authorization: Bearer $(node client.mjs token other.json ${url})" -d '{"token": "${token}"}'`;
		expect((await promisify(execFile)("bash", ["-c", again], { cwd: work })).stdout).toBe("409");
	});

	test("is told in one line when the port is taken", async () => {
		const second = spawn(process.execPath, COMMAND, { env: settings(), stdio: ["ignore", "pipe", "pipe"] });
		const said = await both(second);
		expect(said.code).toBe(1);
		expect(said.output).toMatch(/^Port \d+ of 127\.0\.0\.1 is taken: [^\n]*\n$/);
	});

	test("stops it with Ctrl-C, and no process is left", async () => {
		const database = Number(
			(await readFile(join(folder, "data/postgres/postmaster.pid"), "utf8")).split("\n")[0],
		);
		expect(isAlive(database)).toBe(true);
		await running!.stop();
		expect(isAlive(database)).toBe(false);
		await expect(fetch(url)).rejects.toThrow();
	});

	test(
		"starts it again and finds everything kept, and no link any more",
		async () => {
			running = await start();
			expect(running.lines).toEqual([`Weekly Agent Exchange: ${url}`]);
			const { items } = await json("/api/messages?limit=100");
			expect(items.at(-1)).toMatchObject({ payload: { phase: "complete" } });
		},
		STARTS_MS,
	);

	test("verifies the log while it runs, rebuilds the views, and stops it for good", async () => {
		expect(await command("verify")).toMatch(/^Equal: \d+ messages/);
		expect(await command("rebuild")).toMatch(/^Rebuilt: \d+ messages/);
		expect(await command("verify")).toMatch(/^Equal: \d+ messages/);
		await running!.stop();
	}, 60_000);
});

const COMMAND = ["--import", "tsx", "lib/doors/start.ts"];

interface Started {
	process: ChildProcess;
	/** What it has said on standard output. */
	lines: string[];
	/** As Ctrl-C does; resolves when it has ended well. */
	stop(): Promise<void>;
}

function settings(): NodeJS.ProcessEnv {
	const { DATABASE_URL, EXCHANGE_KEY, OPERATORS, CLOCK_START, ...env } = process.env;
	return { ...env, NODE_ENV: "production", PORT: `${port}`, DATA_DIR: join(folder, "data") };
}

async function start(): Promise<Started> {
	const child = spawn(process.execPath, COMMAND, { env: settings(), stdio: ["ignore", "pipe", "pipe"] });
	let out = "";
	let err = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		err += text;
	});
	const ready = new Promise<void>((resolve, reject) => {
		child.stdout.setEncoding("utf8").on("data", (text) => {
			out += text;
			if (out.endsWith("\n")) resolve();
		});
		child.once("exit", () => reject(new Error(`it ended: ${err}`)));
	});
	await ready;
	return {
		process: child,
		get lines() {
			return out.trimEnd().split("\n");
		},
		async stop() {
			const ended = once(child, "exit");
			child.kill("SIGINT");
			expect(await ended).toEqual([0, null]);
		},
	};
}

async function both(child: ChildProcess) {
	let output = "";
	for (const stream of [child.stdout!, child.stderr!])
		stream.setEncoding("utf8").on("data", (text) => {
			output += text;
		});
	const [code] = await once(child, "close");
	return { code, output };
}

async function command(name: string): Promise<string> {
	const { stdout } = await promisify(execFile)(
		process.execPath,
		["--import", "tsx", `lib/doors/${name}.ts`],
		{
			env: settings(),
		},
	);
	return stdout;
}

/** The shell lines of one chapter of the README. */
async function readme(chapter: string): Promise<string> {
	const text = await readFile("README.md", "utf8");
	const body = text.split(`## ${chapter}\n`)[1]!.split("\n## ")[0]!;
	return [...body.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines).join("\n");
}

async function json(path: string) {
	return (await fetch(`${url}${path}`)).json();
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}
