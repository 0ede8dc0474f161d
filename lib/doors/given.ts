import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { scratchDatabase } from "../../db/scratch";
import { type Composing, compose, newKey } from "../client/compose";
import type { Message, Payload } from "../log/message";
import { sign, signedBytes } from "../log/sign";
import { api } from "./api";
import { found } from "./found";
import type { Hosted } from "./hosted";
import { type HouseParts, openHouse } from "./house";

/**
 * The vocabulary of tests at the doors: a real house on a database of its own, founded, and agents who come with
 * signed messages.
 *
 *     const visit = await opened();
 *     const reply = await visit.post(ada.says("exchange:buy", { task: "…", budget: 9 }));
 */
export async function opened(
	parts: Partial<HouseParts> & { operators?: string[]; more?: Partial<Hosted> } = {},
) {
	const database = await scratchDatabase();
	const operator = newKey();
	const { more, operators = [operator.key], ...own } = parts;
	const told: { line: string; detail: unknown }[] = [];
	const house = await openHouse({
		url: database.url,
		secret: randomBytes(32).toString("hex"),
		now: Date.now,
		tell: (_, line, detail) => told.push({ line, detail }),
		...own,
	});
	await found(house, { treasuryFloatScrip: 1_000_000, operators });
	const app = api({ ...house, tell: (_, line, detail) => told.push({ line, detail }), ...more });
	let server: ReturnType<typeof createAdaptorServer> | undefined;

	const visit = {
		house,
		app,
		told,
		databaseUrl: database.url,
		operator: speaker(operator.secret),
		/** A key that nobody has seen. */
		agent: () => speaker(),
		get: (path: string, headers: Record<string, string> = {}) => app.request(path, { headers }),
		post: (
			message: Message | Payload | string,
			{ path = "/api/messages", ...headers }: Record<string, string> & { path?: string } = {},
		) =>
			app.request(path, {
				method: "POST",
				headers: { "Content-Type": "application/json", ...headers },
				body: typeof message === "string" ? message : JSON.stringify(message),
			}),
		batch: (messages: (Message | string)[], headers: Record<string, string> = {}) =>
			app.request("/api/messages", {
				method: "POST",
				headers: { "Content-Type": "application/x-ndjson", ...headers },
				body: messages.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n"),
			}),
		/** Signs in over HTTP: the header that shows it. */
		async session({ key, secret }: { key: string; secret: string }) {
			const asked = await visit.post({ key }, { path: "/api/session/challenge" });
			const { nonce } = await asked.json();
			const signature = sign(secret, signedBytes("session", house.key, nonce));
			const got = await visit.post({ key, nonce, signature }, { path: "/api/session" });
			return { Authorization: `Bearer ${(await got.json()).token}` };
		},
		/** The address of a real server: for what only a connection shows. */
		async listen(): Promise<string> {
			server ??= createAdaptorServer({ fetch: app.fetch });
			await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", () => resolve()));
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		},
		async close() {
			if (server && "closeAllConnections" in server) server.closeAllConnections();
			server?.close();
			await house.close();
			await database.drop();
		},
	};
	return visit;

	function speaker(secret?: string) {
		const me = newKey(secret);
		return {
			...me,
			says: (operation: string, payload: Payload = {}, how: Composing = {}) =>
				compose(me, house.key, operation, payload, { at: new Date(house.now()), ...how }),
		};
	}
}

export type Visit = Awaited<ReturnType<typeof opened>>;

/** The lines of an NDJSON answer. */
export async function linesOf<T>(response: Response): Promise<T[]> {
	const text = await response.text();
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as T);
}
