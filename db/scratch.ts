import { randomBytes } from "node:crypto";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type postgres from "postgres";
import { connect } from "./client";
import { type Embedded, startEmbedded } from "./embedded";
import { migrate } from "./migrate";

type Types = Record<string, postgres.PostgresType>;

/**
 * A fresh, migrated database for one test file, on the cluster that the test run shares. `options` are those of
 * `connect` for `sql`. Drop it in `afterAll`; what is not dropped goes with the run.
 */
export async function scratchDatabase<T extends Types = Record<never, never>>(
	options: postgres.Options<T> = {},
) {
	const { SCRATCH_URL, SCRATCH_TEMPLATE } = process.env;
	if (!SCRATCH_URL || !SCRATCH_TEMPLATE)
		throw new Error("No scratch cluster: run vitest with e2e/vitest.config.ts");
	return copyTemplate(SCRATCH_URL, SCRATCH_TEMPLATE, options);
}

export interface ScratchCluster {
	/** Of the superuser, on a database that is not the template. The same after a restart. */
	readonly url: string;
	/** The postmaster's. Another after a restart. */
	readonly pid: number;
	/** The migrated database that every other is a copy of. */
	readonly template: string;
	/** As `scratchDatabase`, here. */
	database<T extends Types = Record<never, never>>(
		options?: postgres.Options<T>,
	): Promise<Awaited<ReturnType<typeof scratchDatabase<T>>>>;
	/** Ends the postmaster, by SIGKILL as a crash would unless told otherwise, and waits until it is gone. */
	kill(signal?: NodeJS.Signals): Promise<void>;
	/** Starts it again on the same data and port. */
	start(): Promise<void>;
	/** Stops it and removes everything. Also done by the death of this process, however it comes. */
	stop(): Promise<void>;
}

/**
 * A throw-away cluster of its own, for tests that kill or restart the server. With `fsync` it keeps its word about
 * what is committed, as a durability test needs; without, it is quicker.
 */
export async function scratchCluster({ fsync = false } = {}): Promise<ScratchCluster> {
	const dataDir = await mkdtemp(join(tmpdir(), "exchange-scratch-"));
	// Under root the server is another user, who must get in here.
	await chmod(dataDir, 0o711);
	const hasty = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
	const settings = { max_connections: "200", ...(fsync ? {} : hasty) };
	const launch = (port = 0) => startEmbedded({ dataDir, port, settings, throwaway: true, say: () => {} });

	let server: Embedded = await launch();
	const past: Embedded[] = [];
	const template = await makeTemplate(server.url).catch(async (failure) => {
		await server.stop();
		throw failure;
	});
	return {
		get url() {
			return server.url;
		},
		get pid() {
			return server.pid;
		},
		template,
		database: (options = {}) => copyTemplate(server.url, template, options),
		async kill(signal = "SIGKILL") {
			process.kill(server.pid, signal);
			await server.ended;
		},
		async start() {
			const { port } = new URL(server.url);
			past.push(server);
			server = await launch(Number(port));
		},
		async stop() {
			for (const one of [server, ...past]) await one.stop();
		},
	};
}

/** On any PostgreSQL: makes the migrated database that scratch databases copy. Returns its name. */
export async function makeTemplate(url: string): Promise<string> {
	const name = `scratch_${randomBytes(4).toString("hex")}`;
	await command(url, `create database ${name}`);
	await migrate(within(url, name));
	return name;
}

/** Removes a template and every copy of it. */
export async function dropTemplate(url: string, template: string): Promise<void> {
	const sql = connect(url, { max: 1 });
	const rows = await sql<{ name: string }[]>`
		select datname as name from pg_database where datname = ${template} or starts_with(datname, ${`${template}_`})`;
	for (const { name } of rows) await sql`drop database if exists ${sql(name)} with (force)`;
	await sql.end();
}

async function copyTemplate<T extends Types>(url: string, template: string, options: postgres.Options<T>) {
	const name = `${template}_${randomBytes(6).toString("hex")}`;
	await command(url, `create database ${name} template ${template}`);
	const own = within(url, name);
	const sql = connect<T>(own, options);
	return {
		url: own,
		sql,
		/** Ends `sql` and throws everybody else out, too. */
		async drop() {
			await sql.end({ timeout: 5 });
			await command(url, `drop database if exists ${name} with (force)`);
		},
	};
}

async function command(url: string, text: string) {
	const sql = connect(url, { max: 1, fetch_types: false });
	try {
		await sql.unsafe(text);
	} finally {
		await sql.end();
	}
}

function within(url: string, database: string) {
	const there = new URL(url);
	there.pathname = database;
	return there.href;
}
