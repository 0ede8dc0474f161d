import { AbstractRelay } from "nostr-tools/abstract-relay";
import type { Filter } from "nostr-tools/filter";
import { WebSocket } from "ws";
import type { NostrEvent } from "../../agents/nostr";

const CONNECT_MS = 10_000;
/** A gift wrap may be of some size; what is larger is nobody's message to us. */
const MAX_FRAME_BYTES = 262_144;
const TIMED_OUT = "publish timed out";
/** What a relay answers that has this event already, or a newer one at its address: nothing is left to tell it. */
const HAS_IT = /^(duplicate|replaced):/;
const NOT_NOW = /^rate-limited:/;

/** Node 20 has no WebSocket of its own. */
class Socket extends WebSocket {
	constructor(url: string) {
		super(url, { handshakeTimeout: CONNECT_MS, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
		// The library lets go of its handlers before it closes; an error that nobody hears then would end the process.
		this.on("error", () => {});
	}
}

export interface Hears {
	filters(): Filter[];
	/** Unverified: who hears it checks it, at its own pace. It must not throw. */
	event(event: NostrEvent): void;
}

/** The line to one relay. It is opened when it is needed, and closed when the relay goes away. */
export class RelayLine {
	#relay: AbstractRelay | undefined;

	constructor(
		readonly url: string,
		readonly hears: Hears,
	) {}

	get open(): boolean {
		return this.#relay?.connected ?? false;
	}

	/** Throws when the relay cannot be reached. */
	async connect(): Promise<void> {
		if (this.open) return;
		const relay = new AbstractRelay(this.url, {
			verifyEvent: () => true,
			websocketImplementation: Socket as unknown as typeof globalThis.WebSocket,
			enablePing: true,
		});
		// What a relay says to people reaches no log of ours.
		relay.onnotice = () => {};
		await relay.connect({ timeout: CONNECT_MS });
		this.#relay = relay;
		this.listen();
	}

	/** Listens anew, to what there is to hear now. */
	listen(): void {
		if (!this.open) return;
		for (const sub of [...this.#relay!.openSubs.values()]) sub.close();
		const filters = this.hears.filters();
		if (filters.length > 0) this.#relay!.subscribe(filters, { onevent: (event) => this.hears.event(event) });
	}

	/** Why the relay will not have it; undefined when it has. Throws when it has not said: it is out of reach, or busy. */
	async publish(event: NostrEvent): Promise<string | undefined> {
		const relay = this.#relay;
		if (!relay?.connected) throw new Error("The relay is gone.");
		try {
			await relay.publish(event);
			return undefined;
		} catch (error) {
			const reason = (error as Error).message;
			if (HAS_IT.test(reason)) return undefined;
			if (!relay.connected || reason === TIMED_OUT || NOT_NOW.test(reason)) throw error;
			return reason;
		}
	}

	close(): void {
		this.#relay?.close();
		this.#relay = undefined;
	}
}
