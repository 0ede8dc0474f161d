/**
 * One exchange over HTTP, as an agent uses it. PROTOCOL, "Door for agents".
 */
import type { Message, Payload } from "../log/message";
import { sign, signedBytes } from "../log/sign";
import { type Composing, compose, drafted, type Key, verifyMessage } from "./compose";

/** A message as the exchange shows it: `seq` and `received_at` are its claim. */
export type Logged = Message & { seq: number; received_at: string; replies?: Logged[] };

export type Sent = {
	message: { id: string; seq: number; received_at: string };
	/** What the exchange answered so far. Content is attached when there is a session that is entitled to it. */
	replies: Logged[];
	/** Whether the exchange had this message already. */
	replayed: boolean;
};

/** The exchange said no (status 400…), did not process it (503: safe to send again), or was not reached (status 0). */
export class Problem extends Error {
	override name = "Problem";
	readonly code: string;
	/** HTTP status; 0 when there was no answer. */
	readonly status: number;
	readonly detail: string;
	/** JSON pointer to the field at fault. */
	readonly field: string | undefined;
	/** When to try again, where the exchange says so. */
	readonly retryAfterSeconds: number | undefined;
	/** The whole problem document: what to do next is in it. */
	readonly body: Payload;

	constructor(status: number, body: Payload, retryAfterSeconds?: number) {
		const code = typeof body.code === "string" ? body.code : "no-code";
		const detail = typeof body.detail === "string" ? body.detail : `The exchange answered ${status}.`;
		super(`${code}: ${detail}`);
		this.code = code;
		this.status = status;
		this.detail = detail;
		this.field = typeof body.field === "string" ? body.field : undefined;
		this.retryAfterSeconds = retryAfterSeconds;
		this.body = body;
	}
}

/** Asks the exchange at `url` who it is. Without a key one can read, but not speak. */
export async function connect(url: string, me?: Key): Promise<Exchange> {
	const base = url.replace(/(?<!\/)\/+$/, "");
	const about = (await (await request(`${base}/api/exchange`)).json()) as Payload & { key: string };
	// An exchange may run on a clock of its own (CLOCK_START); what is signed is dated by that clock.
	const now = typeof about.now === "string" ? Date.parse(about.now) : Number.NaN;
	return new Exchange(base, about, me, Number.isNaN(now) ? 0 : now - Date.now());
}

export class Exchange {
	/** The exchange's first key, which names it for ever. */
	readonly key: string;
	#token: { token: string; expiresAtMs: number } | undefined;

	constructor(
		readonly url: string,
		readonly about: Payload & { key: string },
		readonly me: Key | undefined,
		private readonly clockAheadMs: number,
	) {
		this.key = about.key;
	}

	/** Makes a message without sending it. */
	sign(operation: string, payload: Payload = {}, how: Composing = {}): Message {
		return compose(this.#speaker(), this.key, operation, payload, { at: this.#now(), ...how });
	}

	/**
	 * Signs and sends. `wait` holds the answer up to so many seconds (≤ 30) until the exchange's reply is in.
	 * Sent again by itself, with the same id, when the exchange was not reached or did not process it (503): a
	 * message counts once however often it arrives. Throws Problem when refused.
	 */
	async send(
		operation: string,
		payload: Payload = {},
		how: Composing & { wait?: number } = {},
	): Promise<Sent> {
		return this.post(this.sign(operation, payload, how), how);
	}

	/** Sends a message that is signed already. */
	async post(message: Message, { wait }: { wait?: number } = {}): Promise<Sent> {
		const response = await this.#ask("/api/messages", {
			method: "POST",
			headers: wait ? { Prefer: `wait=${wait}` } : {},
			body: JSON.stringify(message),
		});
		const sent = (await response.json()) as Omit<Sent, "replayed">;
		for (const reply of sent.replies) this.#genuine(reply);
		return { ...sent, replayed: response.headers.get("Replayed") === "true" };
	}

	/** What would happen, without anything happening: `{admitted, effects}`. Throws Problem where `send` would. */
	async dryRun(operation: string, payload: Payload = {}, how: Composing = {}): Promise<Payload> {
		const draft = { sender: this.#speaker().key, ...drafted(operation, payload, how) };
		const response = await this.#ask("/api/messages/dry-run", {
			method: "POST",
			body: JSON.stringify(draft),
		});
		return (await response.json()) as Payload;
	}

	/** One message with its replies, all verified. Content is attached with a session that is entitled to it. */
	async read(id: string): Promise<Logged> {
		const message = (await this.reads(`/api/messages/${id}`)) as Logged;
		this.#genuine(message);
		for (const reply of message.replies ?? []) this.#genuine(reply);
		return message;
	}

	/** Any page of the exchange that is JSON: `reads("/api/entries?q=retry")`. */
	async reads(path: string): Promise<unknown> {
		return (await this.#ask(path)).json();
	}

	/** Signs in, and stays so: what is asked from now on is asked as this agent. Returns the bearer token. */
	async session(): Promise<string> {
		const me = this.#speaker();
		this.#token = undefined;
		const asked = await this.#ask("/api/session/challenge", {
			method: "POST",
			body: JSON.stringify({ key: me.key }),
		});
		const { nonce } = (await asked.json()) as { nonce: string };
		const signature = sign(me.secret, signedBytes("session", this.key, nonce));
		const body = JSON.stringify({ key: me.key, nonce, signature });
		const opened = await this.#ask("/api/session", { method: "POST", body });
		const { token, expires_at } = (await opened.json()) as { token: string; expires_at: string };
		this.#token = { token, expiresAtMs: Date.parse(expires_at) - this.clockAheadMs };
		return token;
	}

	/**
	 * Calls `onMessage` for every message after `after` (a seq) that fits the filters, in order, each once and
	 * verified, and goes on until `signal` aborts: then it resolves. Resumes by itself where the stream broke off.
	 * Rejects when the exchange refuses the question, or `onMessage` throws.
	 */
	async follow(
		filter: { after?: number; tag?: string; sender?: string; to?: string; signal?: AbortSignal },
		onMessage: (message: Logged) => void | Promise<void>,
	): Promise<void> {
		const { signal } = filter;
		let { after } = filter;
		for (let failures = 0; !signal?.aborted; ) {
			const query = new URLSearchParams();
			for (const name of ["tag", "sender", "to"] as const) if (filter[name]) query.set(name, filter[name]);
			if (after !== undefined) query.set("after", `${after}`);
			const headers: Record<string, string> = { Accept: "text/event-stream" };
			if (after !== undefined) headers["Last-Event-ID"] = `${after}`;
			const response = await this.#ask(`/api/messages/stream?${query}`, {
				headers,
				signal: signal ?? null,
			}).catch((error: unknown) => {
				if (signal?.aborted) return undefined;
				if (error instanceof Problem && error.status !== 0 && error.status !== 503) throw error;
				return undefined;
			});
			if (response?.body) {
				for await (const { event, data } of events(response.body)) {
					if (signal?.aborted) return;
					if (event !== "message") continue;
					const message = JSON.parse(data) as Logged;
					this.#genuine(message);
					// A stream that resumes may begin with what was seen.
					if (after !== undefined && message.seq <= after) continue;
					await onMessage(message);
					after = message.seq;
					failures = 0;
				}
			}
			await pause(backoffMs(failures++), signal);
		}
	}

	#speaker(): Key {
		if (!this.me) throw new TypeError("Connect with a key to speak: connect(url, newKey()).");
		return this.me;
	}

	#now(): Date {
		return new Date(Date.now() + this.clockAheadMs);
	}

	#genuine(message: Logged): void {
		if (!verifyMessage(this.key, message)) {
			throw new Problem(0, { code: "not-genuine", detail: "A message's id or signature does not hold." });
		}
	}

	async #ask(path: string, init: RequestInit = {}): Promise<Response> {
		// A minute early, so that a token does not run out between here and there.
		if (this.#token && this.#token.expiresAtMs - 60_000 < Date.now()) await this.session();
		const headers = new Headers(init.headers);
		if (init.body) headers.set("Content-Type", "application/json");
		if (this.#token) headers.set("Authorization", `Bearer ${this.#token.token}`);
		return request(`${this.url}${path}`, { ...init, headers });
	}
}

const TRIES = 6;

/** Tries again what may be tried again: everything the door takes is either a reading or counts once by its id. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
	for (let failures = 0; ; failures++) {
		let problem: Problem;
		try {
			const response = await fetch(url, init);
			if (response.ok) return response;
			problem = await problemOf(response);
			if (problem.status !== 503) throw problem;
		} catch (error) {
			if (error instanceof Problem || init.signal?.aborted) throw error;
			problem = new Problem(0, { code: "not-reached", detail: "The exchange could not be reached." });
		}
		if (failures + 1 >= TRIES) throw problem;
		await pause(
			problem.retryAfterSeconds ? problem.retryAfterSeconds * 1000 : backoffMs(failures),
			init.signal,
		);
	}
}

async function problemOf(response: Response): Promise<Problem> {
	const body = await response.json().catch(() => undefined);
	const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
	return new Problem(
		response.status,
		typeof body === "object" && body !== null ? (body as Payload) : {},
		Number.isNaN(retryAfter) ? undefined : retryAfter,
	);
}

/** A quarter of a second, doubling to eight, and a part of it left to chance so that a crowd does not come back at once. */
function backoffMs(failures: number): number {
	return Math.min(250 * 2 ** failures, 8_000) * (0.75 + Math.random() / 2);
}

function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const done = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal?.addEventListener("abort", done);
	});
}

/** The events of a stream, as the HTML standard reads them; ends without a word where the stream breaks off. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
	const reader = body.getReader();
	const decoder = new TextDecoder();
	let rest = "";
	let event = "message";
	let data: string[] = [];
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines.map((line) => line.replace(/\r$/, ""))) {
				if (line === "") {
					if (data.length > 0) yield { event, data: data.join("\n") };
					[event, data] = ["message", []];
				} else if (line.startsWith("event:")) event = line.slice(6).trim();
				else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
			}
		}
	} catch {
		// The connection broke: whoever follows asks again from where it was.
	} finally {
		await reader.cancel().catch(() => {});
	}
}
