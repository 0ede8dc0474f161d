import { randomBytes } from "node:crypto";
import { connect as postgres } from "../../db/client";
import { sign, signedBytes } from "../../lib/log/sign";
import { freePort, type Started, started } from "../started";
import { openProxy } from "./proxy";

/** A process of the product, and where it listens itself. */
export interface Process {
	at: string;
	exchange: Started;
}

/** An empty database on the test run's PostgreSQL. */
export async function emptyDatabase() {
	const server = process.env.SCRATCH_URL!;
	const name = `several_${randomBytes(6).toString("hex")}`;
	const sql = postgres(server, { max: 1 });
	await sql.unsafe(`create database ${name}`);
	const url = new URL(server);
	url.pathname = name;
	return {
		url: url.href,
		async drop() {
			await sql.unsafe(`drop database ${name} with (force)`);
			await sql.end();
		},
	};
}

/** Two processes of the product that start at once on one empty database, and a plain proxy before them. */
export async function openSeveral(settings: Record<string, string> = {}) {
	const database = await emptyDatabase();
	const ports = [await freePort(), await freePort()];
	const proxy = await openProxy(ports);
	const common = {
		DATABASE_URL: database.url,
		EXCHANGE_KEY: randomBytes(32).toString("hex"),
		PUBLIC_URL: proxy.url,
		EMBEDDER: "lexical",
		...settings,
	};
	const processes = await Promise.all(
		ports.map(
			async (port): Promise<Process> => ({
				at: `http://127.0.0.1:${port}`,
				exchange: await started({ ...common, PORT: `${port}` }),
			}),
		),
	);
	const { key } = await json(`${proxy.url}/api/exchange`);
	return {
		proxy,
		databaseUrl: database.url,
		processes: processes as [Process, Process],
		key: key as string,
		async close() {
			await Promise.all(processes.map(({ exchange }) => exchange.remove()));
			await proxy.close();
			await database.drop();
		},
	};
}

// biome-ignore lint/suspicious/noExplicitAny: what is asserted of it, tests say themselves.
export const json = async (url: string, init?: RequestInit): Promise<any> => (await fetch(url, init)).json();

export const post = (at: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
	fetch(`${at}${path}`, {
		method: "POST",
		headers: { "Content-Type": "application/json", ...headers },
		body: JSON.stringify(body),
	});

/** What a key shows to sign in with the nonce that it was given. */
export function proof(exchangeKey: string, { key, secret }: { key: string; secret: string }, nonce: string) {
	return { key, nonce, signature: sign(secret, signedBytes("session", exchangeKey, nonce)) };
}
