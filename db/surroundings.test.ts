import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "./client";
import { scratchFolder } from "./fixtures/folder";

/** What a machine may deny to the embedded PostgreSQL, where these tests have the rights to deny it: as root on Linux. */
const ROOT = process.geteuid?.() === 0;
const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const PROGRAM = join(REPOSITORY, "db/fixtures/launcher.ts");
const can = (command: string, ...words: string[]) => spawnSync(command, words).status === 0;

interface Fact {
	url?: string;
	error?: string;
	answer?: string;
}

let place: string;
let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
	folder = await scratchFolder();
	place = folder.path;
});
afterAll(() => folder.remove());

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const stop of running.splice(0)) await stop();
});

/** The start command's part, behind `before`: words that take its rights and then run it, and go at `end`. */
async function launched(dataDir: string, before: string[] = [], end: NodeJS.Signals = "SIGINT") {
	const options = { dataDir, port: 0, settings: { fsync: "off" } };
	const [command, ...words] = [
		...before,
		process.execPath,
		"--import",
		"tsx",
		PROGRAM,
		JSON.stringify(options),
	];
	const child = spawn(command!, words, {
		cwd: REPOSITORY,
		stdio: ["ignore", "pipe", "inherit"],
		// As in a container: no home, no language, no name.
		env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV },
	});
	const gone = once(child, "exit");
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	const next = async () => JSON.parse((await lines.next()).value ?? "{}") as Fact;
	const fact = await next();
	const stop = async () => {
		child.kill(end);
		await gone;
	};
	running.push(stop);
	return { ...fact, stop };
}

async function ask(url: string, question: string) {
	const sql = connect(url, { max: 1 });
	try {
		return (await sql.unsafe(question).values()).flat();
	} finally {
		await sql.end();
	}
}

/** In a container of any user: a number that has no name here. */
const NAMELESS = 54_321;
const asNameless = ["setpriv", `--reuid=${NAMELESS}`, `--regid=${NAMELESS}`, "--clear-groups"];

if (ROOT && can(asNameless[0]!, ...asNameless.slice(1), process.execPath, "--version"))
	describe("in a container", () => {
		test("a user without a name is told what making a database takes", async () => {
			const mine = join(place, "nameless");
			await mkdir(mine);
			await chown(mine, NAMELESS, NAMELESS);
			const { error } = await launched(mine, asNameless);
			expect(error).toMatch(/could not look up effective user ID 54321.*\/etc\/passwd.*DATABASE_URL[^\n]*$/);
		});

		test("a user without a name or a home starts what is made", async () => {
			const mine = join(place, "given");
			const made = await launched(mine);
			await ask(made.url!, "create table kept as select 'a word' as word");
			await made.stop();
			expect(spawnSync("chown", ["-R", `${NAMELESS}:${NAMELESS}`, mine]).status).toBe(0);
			const { url, error } = await launched(mine, asNameless);
			expect(error).toBeUndefined();
			expect(await ask(url!, "select word from kept")).toEqual(["a word"]);
		});

		test("a root that may become nobody else is told what to allow", async () => {
			const { error } = await launched(join(place, "bound"), ["setpriv", "--bounding-set=-setuid,-setgid"]);
			expect(error).toMatch(/^PostgreSQL does not run as root, .* allow the container SETUID[^\n]*$/);
		});
	});

/** Sees no process of ours, nor we any of its by their numbers there. */
const apart = ["--pid", "--ipc", "--fork", "--mount-proc"];
const ended = ["unshare", ...apart, "--kill-child=SIGINT"];
const killed = ["unshare", ...apart, "--kill-child=SIGKILL"];

if (ROOT && can("unshare", ...apart, "true"))
	describe("of two containers on one volume", () => {
		test("the second is told of the first, and has the data when that one is gone, however it went", async () => {
			const shared = join(place, "shared");
			const first = await launched(shared, ended, "SIGKILL");
			await ask(first.url!, "create table kept as select 'a word' as word");
			const refused = await launched(shared, ended, "SIGKILL");
			expect(refused.error).toMatch(
				/is held by an exchange in another container [^\n]*: end that one[^\n]*$/,
			);
			await first.stop();
			while (await ask(first.url!, "select 1").catch(() => undefined)) await sleep(50);
			const second = await launched(shared, killed, "SIGKILL");
			expect(await ask(second.url!, "select word from kept")).toEqual(["a word"]);
			await second.stop();
			while (await ask(second.url!, "select 1").catch(() => undefined)) await sleep(50);
			const third = await launched(shared, ended, "SIGKILL");
			expect(await ask(third.url!, "select word from kept")).toEqual(["a word"]);
		});
	});

/** A disk of its own, too small. */
async function disk(name: string, megabytes: number) {
	const path = join(place, name);
	await mkdir(path);
	const mounted = can("mount", "-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", path);
	return {
		path,
		mounted,
		/** Takes what is free of it. */
		fill: () => spawnSync("dd", ["if=/dev/zero", `of=${join(path, "filler")}`, "bs=4k"]),
		free: () => rm(join(path, "filler")),
		async remove() {
			if (mounted) expect(can("umount", path)).toBe(true);
			await rm(path, { recursive: true });
		},
	};
}

/** Whether this system lets us have one: containers mostly do not. */
async function mounts(): Promise<boolean> {
	const own = await scratchFolder();
	const granted = can("mount", "-t", "tmpfs", "tmpfs", own.path);
	if (granted) can("umount", own.path);
	await own.remove();
	return granted;
}

if (ROOT && (await mounts()))
	describe("on a full disk", () => {
		test("it is told that a database cannot be made, and leaves nothing of it", async () => {
			const { path, remove } = await disk("small", 16);
			const { error, stop } = await launched(join(path, "data"));
			expect(error).toMatch(/could not be made .*No space left on device.*: free some space[^\n]*$/);
			await stop();
			expect(can("rmdir", join(path, "data"))).toBe(true);
			await remove();
		});

		test("it does not start, says so, and has everything when there is space again", async () => {
			const { path, fill, free, remove } = await disk("filling", 120);
			const data = join(path, "data");
			const first = await launched(data);
			await ask(first.url!, "create table kept as select 'a word' as word");
			await first.stop();
			fill();
			const refused = await launched(data);
			expect(refused.error).toMatch(/[Nn]o space (is )?left[^\n]*$/);
			await refused.stop();
			await free();
			const again = await launched(data);
			expect(await ask(again.url!, "select word from kept")).toEqual(["a word"]);
			await again.stop();
			await remove();
		});

		test("it ends a statement rather than the server, and goes on when there is space again", async () => {
			const { path, fill, free, remove } = await disk("filled", 120);
			const { url, stop } = await launched(join(path, "data"));
			await ask(url!, "create table kept (word text)");
			fill();
			const much = "insert into kept select repeat('word', 400) from generate_series(1, 20000)";
			await expect(ask(url!, much)).rejects.toMatchObject({ code: "53100" });
			await free();
			await ask(url!, "insert into kept values ('a word')");
			expect(await ask(url!, "select word from kept")).toEqual(["a word"]);
			await stop();
			await remove();
		});
	});
