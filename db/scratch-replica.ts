import { execFile } from "node:child_process";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Embedded, startEmbedded } from "./embedded";
import { migrate } from "./migrate";

export interface Replicated {
	/** Of the superuser, on the migrated database `postgres`: where it is written, and where it is followed. */
	primary: string;
	replica: string;
	/** Ends the replica as a crash does. */
	killReplica(): Promise<void>;
	/** Starts it again on the same data and port. */
	startReplica(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * A throw-away cluster with a streaming replica. The embedded binaries bring no pg_basebackup: a replica is the copy of a
 * cluster that is at rest, told to follow.
 */
export async function scratchReplica(): Promise<Replicated> {
	const folders = [await folder(), await folder()] as const;
	const settings = { wal_keep_size: "1GB", max_connections: "100" };
	const quiet = () => {};
	const first = await startEmbedded({ dataDir: folders[0], port: 0, settings, say: quiet });
	await migrate(first.url);
	await first.stop();
	await promisify(execFile)("cp", ["-Rp", first.location, join(folders[1], "postgres")]);
	await writeFile(join(folders[1], "postgres", "standby.signal"), "");

	const primary = await startEmbedded({
		dataDir: folders[0],
		port: 0,
		settings,
		throwaway: true,
		say: quiet,
	});
	const { hostname, port, username, password } = new URL(primary.url);
	const follow = (at = 0) =>
		startEmbedded({
			dataDir: folders[1],
			port: at,
			settings: {
				...settings,
				primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password}`,
				// Soon there again, however long the primary was away.
				wal_retrieve_retry_interval: "100ms",
			},
			throwaway: true,
			say: quiet,
		});
	let replica: Embedded = await follow();
	const past: Embedded[] = [];
	return {
		primary: primary.url,
		get replica() {
			return replica.url;
		},
		async killReplica() {
			process.kill(replica.pid, "SIGKILL");
			await replica.ended;
		},
		async startReplica() {
			past.push(replica);
			replica = await follow(Number(new URL(replica.url).port));
		},
		async stop() {
			for (const one of [replica, ...past, primary]) await one.stop();
		},
	};
}

async function folder(): Promise<string> {
	const made = await mkdtemp(join(tmpdir(), "exchange-replica-"));
	// Under root the server is another user, who must get in here.
	await chmod(made, 0o711);
	return made;
}
