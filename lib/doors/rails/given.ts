import type { AddressInfo } from "node:net";
import { type Filter, matchFilters } from "nostr-tools/filter";
import { type NostrEvent, verifyEvent } from "nostr-tools/pure";
import { type WebSocket, WebSocketServer } from "ws";

const DELETION = 5;
const isAddressable = (kind: number) => kind >= 30_000 && kind < 40_000;

/**
 * A relay for tests, in this process: it takes, replaces, deletes and serves events as NIP-01 and NIP-09 say, on a real
 * connection. `away()` closes its port as an outage would, `back()` opens it again with what it held.
 */
export async function relay() {
	const held = new Map<string, NostrEvent>();
	const deletions: NostrEvent[] = [];
	const open = new Map<WebSocket, Map<string, Filter[]>>();
	let refuses: string | undefined;
	let heard = 0;
	let server: WebSocketServer;
	let port = 0;

	async function back(): Promise<void> {
		server = new WebSocketServer({ host: "127.0.0.1", port });
		await new Promise((resolve) => server.once("listening", resolve));
		port = (server.address() as AddressInfo).port;
		server.on("connection", (socket) => {
			open.set(socket, new Map());
			socket.on("message", (data) => hear(socket, JSON.parse(String(data))));
			socket.on("close", () => open.delete(socket));
		});
	}

	async function away(): Promise<void> {
		for (const socket of open.keys()) socket.terminate();
		await new Promise((resolve) => server.close(resolve));
	}

	function hear(socket: WebSocket, [verb, ...rest]: unknown[]): void {
		const say = (...what: unknown[]) => socket.send(JSON.stringify(what));
		if (verb === "REQ") {
			const [name, ...filters] = rest as [string, ...Filter[]];
			open.get(socket)!.set(name, filters);
			for (const event of held.values()) if (matchFilters(filters, event)) say("EVENT", name, event);
			say("EOSE", name);
		}
		if (verb === "CLOSE") open.get(socket)!.delete(rest[0] as string);
		if (verb === "EVENT") {
			const event = rest[0] as NostrEvent;
			heard++;
			const why = refuses ?? take(event);
			say("OK", event.id, why === undefined, why ?? "");
		}
	}

	/** Why it is not taken. */
	function take(event: NostrEvent): string | undefined {
		if (!verifyEvent(event)) return "invalid: wrong id or signature";
		if (held.has(event.id)) return "duplicate: have it";
		const address = addressOf(event);
		if (event.kind === DELETION) {
			deletions.push(event);
			for (const one of [...held.values()]) if (deletes(event, one)) held.delete(one.id);
		} else if (deletions.some((one) => deletes(one, event))) return "blocked: deleted";
		const before = address && [...held.values()].find((one) => addressOf(one) === address);
		if (before && before.created_at >= event.created_at) return "replaced: have a newer one";
		if (before) held.delete(before.id);
		held.set(event.id, event);
		for (const [socket, subscriptions] of open)
			for (const [name, filters] of subscriptions)
				if (matchFilters(filters, event)) socket.send(JSON.stringify(["EVENT", name, event]));
		return undefined;
	}

	await back();
	return {
		get url() {
			return `ws://127.0.0.1:${port}`;
		},
		/** What it holds of a kind, the newest first. */
		holds: (kind: number) =>
			[...held.values()].filter((event) => event.kind === kind).sort((a, b) => b.created_at - a.created_at),
		/** How many events it has been told, those it has not taken too. */
		heard: () => heard,
		/** Somebody else publishes here. */
		publish(event: NostrEvent) {
			const why = take(event);
			if (why !== undefined) throw new Error(why);
		},
		/** Answers everything with this reason from now on; undefined: takes again. */
		refuse(reason: string | undefined) {
			refuses = reason;
		},
		away,
		back,
		close: away,
	};
}

export type Relay = Awaited<ReturnType<typeof relay>>;

function addressOf({ kind, pubkey, tags }: NostrEvent): string | undefined {
	return isAddressable(kind) ? `${kind}:${pubkey}:${tagOf({ tags }, "d") ?? ""}` : undefined;
}

/** NIP-09: its own author's events, by id, or at an address up to the deletion's own time. */
function deletes(deletion: NostrEvent, event: NostrEvent): boolean {
	if (event.kind === DELETION || deletion.pubkey !== event.pubkey) return false;
	return deletion.tags.some(
		([name, value]) =>
			(name === "e" && value === event.id) ||
			(name === "a" && value === addressOf(event) && event.created_at <= deletion.created_at),
	);
}

export function tagOf({ tags }: Pick<NostrEvent, "tags">, name: string): string | undefined {
	return tags.find(([one]) => one === name)?.[1];
}
