import { connect } from "../../db/client";
import { startEmbedded } from "../../db/embedded";
import type { Environment } from "./environment";
import type { Tell } from "./tell";

export interface Database {
	/** With the password in it: not for logs. */
	url: string;
	stop(): Promise<void>;
}

const OLDEST = 15;

/**
 * The PostgreSQL that DATABASE_URL names; else our own on DATA_DIR, joined when it is running, started when not, and
 * started again when it ends while we need it.
 */
export async function openDatabase(
	{ databaseUrl, dataDir }: Environment,
	tell: Tell,
	lost: (error: unknown) => void,
): Promise<Database> {
	if (databaseUrl !== undefined) {
		await refuseUnusable(databaseUrl);
		return { url: databaseUrl, stop: async () => {} };
	}
	const start = (port?: number) => startEmbedded({ dataDir, port, say: (line) => tell("info", line) });
	const first = await start();
	const { url } = first;
	/** What runs, or is on its way back. */
	let server = Promise.resolve(first);
	let stopped = false;
	const watch = async (): Promise<void> => {
		await (await server).ended;
		if (stopped) return;
		tell("warn", "the embedded PostgreSQL has ended: starting it again");
		server = start(Number(new URL(url).port));
		// Everybody here knows it by its port.
		if ((await server).url !== url)
			throw new Error("The embedded PostgreSQL lost its port to another program: start again");
		watch().catch(lost);
	};
	watch().catch(lost);
	return {
		url,
		async stop() {
			stopped = true;
			// What could not come back is not there to be stopped, and `lost` has been told why.
			const running = await server.catch(() => undefined);
			await running?.stop();
		},
	};
}

async function refuseUnusable(url: string): Promise<void> {
	const sql = connect(url, { max: 1, fetch_types: false });
	try {
		const [row] = await sql`show server_version_num`;
		const major = Math.floor(Number(row?.server_version_num) / 10_000);
		if (major < OLDEST)
			throw new Error(`The PostgreSQL of DATABASE_URL is version ${major}: ${OLDEST} or newer is needed`);
	} finally {
		await sql.end({ timeout: 1 });
	}
}
