import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sql } from "postgres";
import { type Key, newKey } from "../../lib/client/compose";
import type { Setting } from "./bench";
import { type Child, start } from "./child";

/** An exchange of its own on a database of its own, served by a process of its own. */
export interface House {
	exchange: Child;
	/** Its address. */
	url: string;
	databaseUrl: string;
	/** The exchange's first key. */
	key: string;
	operator: Key;
	sql: Sql;
	close(): Promise<void>;
	/** Ends the process and starts another on the same log. */
	restart(): Promise<void>;
}

export async function housed({ cluster }: Setting, env: Record<string, string> = {}): Promise<House> {
	const database = await cluster.database();
	const dataDir = await mkdtemp(join(tmpdir(), "exchange-bench-"));
	const operator = newKey();
	const port = await freePort();
	const begin = () =>
		start("exchange.ts", {
			DATABASE_URL: database.url,
			DATA_DIR: dataDir,
			PORT: String(port),
			OPERATORS: operator.key,
			TREASURY_FLOAT: "1000000000",
			LOG_LEVEL: "warn",
			...env,
		});
	const exchange = await begin();
	const house: House = {
		exchange,
		url: `http://127.0.0.1:${port}`,
		databaseUrl: database.url,
		key: await exchange.ask<string>("key"),
		operator,
		sql: database.sql as Sql,
		async restart() {
			await house.exchange.stop();
			house.exchange = await begin();
		},
		async close() {
			await house.exchange.stop();
			await database.drop();
			await rm(dataDir, { recursive: true });
		},
	};
	return house;
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
