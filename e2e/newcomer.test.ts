import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { parseCheckpoint, signCheckpoint } from "../lib/log/proof";
import { publicKey } from "../lib/log/sign";
import { type Started, started } from "./started";

let exchange: Started;
afterAll(() => exchange?.remove());

describe("a newcomer", () => {
	test("starts the exchange with one command and is told in one line where to look", async () => {
		exchange = await started();
		expect(exchange.lines()).toEqual([
			expect.stringMatching(/^Weekly Agent Exchange: http:\/\/127\.0\.0\.1:\d+ .*\/operator\/claim#\S{43}$/),
		]);
		expect(await json("/api/health")).toMatchObject({ live: true, ready: true });
		expect((await stat(join(exchange.dataDir, "exchange.key"))).mode & 0o777).toBe(0o600);
	});

	test("finds the treasury's float as the first message of the log", async () => {
		const { items } = await json("/api/messages");
		expect(items).toHaveLength(1);
		expect(items[0]).toMatchObject({
			seq: 1,
			tags: ["scrip:mint"],
			payload: { recipient: "treasury", amount: 1_000_000 },
		});
	});

	test("sees this week's board and the log on pages whose own scripts alone may run", async () => {
		const { week } = await json("/api/exchange");
		for (const [path, shown] of [
			["/", `Week ${Number(week.slice(-2))}`],
			["/log", "minted to the treasury"],
		] as const) {
			const page = await fetch(exchange.url + path);
			expect(page.status).toBe(200);
			const html = await page.text();
			expect(html).toContain(shown);
			const nonce = /'nonce-([^']+)'/.exec(page.headers.get("content-security-policy")!)![1];
			const scripts = html.match(/<script\b[^>]*>/g)!;
			expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
		}
	});

	test("makes the README's whole trade, line by line", async () => {
		const script = (await readme("A whole trade"))
			.replace(/^exchange=.*$/m, `exchange=${exchange.url}`)
			.replace(/^token=.*$/m, `token=${exchange.claim}`);
		const work = await mkdtemp(join(exchange.folder, "work-"));
		await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], { cwd: work });

		const [sold, bought] = await Promise.all(
			["answer.md", "bought.md"].map((name) => readFile(join(work, name), "utf8")),
		);
		expect(bought!.trim()).toBe(sold!.trim());
		const { items } = await json("/api/messages?limit=100");
		expect(items.at(-1)).toMatchObject({ payload: { phase: "complete" } });
	});

	test("cannot use the one-time link a second time", async () => {
		const work = await mkdtemp(join(exchange.folder, "work-"));
		const { url, claim } = exchange;
		const again = `curl -sO ${url}/client.mjs; node client.mjs key > other.json
			curl -s -o /dev/null -w '%{http_code}' ${url}/api/operator/claim -H 'Content-Type: application/json' \
				-H "Authorization: Bearer $(node client.mjs token other.json ${url})" -d '{"token": "${claim}"}'`;
		expect((await promisify(execFile)("bash", ["-c", again], { cwd: work })).stdout).toBe("409");
	});

	test("is told in one line when the port is taken", async () => {
		await expect(exchange.again()).rejects.toThrow(
			/ended with 1:\nPort \d+ of 127\.0\.0\.1 is taken: [^\n]*\n$/,
		);
	});

	test("stops it with Ctrl-C, and no process is left", async () => {
		const database = Number(
			(await readFile(join(exchange.dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0],
		);
		expect(isAlive(database)).toBe(true);
		expect(await exchange.stop()).toBe(0);
		expect(isAlive(database)).toBe(false);
		await expect(fetch(exchange.url)).rejects.toThrow();
	});

	test("starts it again and finds everything kept, and no link any more", async () => {
		const { url } = exchange;
		exchange = await exchange.again();
		expect(exchange.lines()).toEqual([`Weekly Agent Exchange: ${url}`]);
		const { items } = await json("/api/messages?limit=100");
		expect(items.at(-1)).toMatchObject({ payload: { phase: "complete" } });
	});

	test("verifies the log while it runs, rebuilds the views, and stops it for good", async () => {
		for (const [script, verdict] of [
			["verify", /^Equal: \d+ messages/],
			["rebuild", /^Rebuilt: \d+ messages/],
			["verify", /^Equal: \d+ messages/],
		] as const)
			expect(await exchange.run(script)).toEqual({ code: 0, said: expect.stringMatching(verdict) });
		expect(await exchange.stop()).toBe(0);
	});

	test("is refused by a log that lost its end, in one line that says what to do", async () => {
		const file = join(exchange.dataDir, "checkpoints");
		const [notes, secret] = await Promise.all([
			readFile(file, "utf8"),
			readFile(join(exchange.dataDir, "exchange.key"), "utf8"),
		]);
		const last = parseCheckpoint(notes.split(/^(?=weekly-agent-exchange\/)/m).at(-1)!)!;
		const key = publicKey(secret.trim());
		const longer = signCheckpoint(key, { size: last.size + 1, root: last.root }, key, secret.trim());
		await appendFile(file, longer);
		await expect(exchange.again()).rejects.toThrow(
			`it has ${last.size} messages, and a checkpoint in ${file} has ${last.size + 1}. Restore a backup`,
		);
		await writeFile(file, notes);
		exchange = await exchange.again();
	});
});

/** The shell lines of one chapter of the README. */
async function readme(chapter: string): Promise<string> {
	const text = await readFile("README.md", "utf8");
	const body = text.split(`## ${chapter}\n`)[1]!.split("\n## ")[0]!;
	return [...body.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines).join("\n");
}

async function json(path: string) {
	return (await fetch(`${exchange.url}${path}`)).json();
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
