import { Hono } from "hono";
import { id as idField, key as keyField } from "../log/field";
import { type Filter, fits, page, talkOn } from "../log/read";
import { busy } from "../log/submit";
import type { Recorded } from "../log/tail";
import { ALWAYS, type Env } from "./answer";
import { headOf } from "./head";
import type { Measures } from "./health";
import type { House } from "./house";
import { badParameter, isRefusal, problem } from "./problem";
import { PLACE, place, query, tagParam } from "./query";
import { plain } from "./show";

const BEAT_MS = 15_000;
/** Beats that a reader may leave unread before its connection is let go. */
const PATIENCE = 8;
/** Messages kept for a reader that is slower than the log; beyond it, it reads on from the database. */
const MAX_QUEUED = 64;
const PAGE = 100;
const MAX_STREAMS = 2_000;

export const STREAM_QUERY = {
	after: place().optional(),
	tag: tagParam().optional(),
	sender: keyField().optional(),
	to: keyField().optional(),
	talk: idField().optional(),
};

/** `GET /api/messages/stream`: the log as it grows, as server-sent events; id = seq, so that a reader resumes where it was. */
export function stream(house: House, { streams }: Measures): Hono<Env> {
	const app = new Hono<Env>();
	let open = 0;
	const count = (change: 1 | -1) => {
		open += change;
		streams.set(open);
	};

	app.get("/api/messages/stream", async (c) => {
		const asked = query(c, STREAM_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { after, ...filter } = asked;
		const last = c.req.header("Last-Event-ID");
		const resumed = last === undefined || last === "" ? undefined : PLACE.safeParse(last);
		if (resumed && !resumed.success)
			return problem(badParameter({ detail: "Last-Event-ID must be the id of an event: a seq." }));
		const headers = {
			...ALWAYS,
			"Content-Type": "text/event-stream",
			"Cache-Control": "no-store",
			// Proxies that gather answers before they pass them on would hold the stream back.
			"X-Accel-Buffering": "no",
		};
		if (c.req.method === "HEAD") return new Response(null, { headers });
		if (open >= MAX_STREAMS) return problem(busy({ retryAfterSeconds: 5 }));
		// A browser that reconnects repeats the address it began with: where it got to is newer.
		const from = resumed?.data ?? after ?? (await headOf(house.sql));
		const talk = filter.talk === undefined ? undefined : new Set(await talkOn(house.sql, filter.talk));
		count(1);
		return new Response(
			events(house, filter, talk, from, () => count(-1)),
			{ headers },
		);
	});

	return app;
}

const encoder = new TextEncoder();

function events(
	house: House,
	filter: Filter,
	talk: Set<string> | undefined,
	from: number,
	ended: () => void,
): ReadableStream<Uint8Array> {
	const follower = new Follower(house, filter, talk, from);
	const { leaving } = house;
	let unread = 0;
	let beat: NodeJS.Timeout;
	let over = false;
	let bow = () => {};
	const end = () => {
		if (over) return;
		over = true;
		clearInterval(beat);
		leaving.removeEventListener("abort", bow);
		follower.close();
		ended();
	};
	return new ReadableStream<Uint8Array>(
		{
			start(controller) {
				controller.enqueue(encoder.encode(`retry: 1000\n: from ${from}\n\n`));
				beat = setInterval(() => {
					if ((controller.desiredSize ?? 0) > 0) {
						unread = 0;
						// The id lets a filtered reader resume from here, not from the last message that fitted.
						controller.enqueue(encoder.encode(`: ${BEAT_MS / 1000} s\nid: ${follower.at}\n\n`));
					} else if (++unread > PATIENCE) {
						end();
						controller.error(new Error("the reader has gone away"));
					}
				}, BEAT_MS);
				beat.unref();
				// The reader comes back by itself, to another process, and goes on from the id it was told last.
				bow = () => {
					if (over) return;
					controller.enqueue(encoder.encode(`id: ${follower.at}\n\n`));
					end();
					controller.close();
				};
				if (leaving.aborted) bow();
				else leaving.addEventListener("abort", bow);
			},
			async pull(controller) {
				try {
					const recorded = await follower.next();
					if (!recorded || over) return;
					unread = 0;
					controller.enqueue(
						encoder.encode(`id: ${recorded.seq}\nevent: message\ndata: ${plain(house, recorded)}\n\n`),
					);
				} catch (error) {
					end();
					throw error;
				}
			},
			cancel: end,
		},
		{ highWaterMark: 2 },
	);
}

/**
 * Every message that fits, in order, each once: from the database while behind, from the tail once it is there. What a
 * reader does not fetch in time is not kept for it: it falls back to the database.
 */
class Follower {
	#queue: Recorded[] = [];
	#behind = true;
	#closed = false;
	#wake: (() => void) | undefined;
	/** How far was looked for what is in the queue. */
	#seen: number;
	#unlisten: () => void;

	constructor(
		readonly house: House,
		readonly filter: Filter,
		/** What is known of the talk that is followed. */
		readonly talk: Set<string> | undefined,
		/** Everything up to here has been handed out or does not fit. */
		public at: number,
	) {
		this.#seen = at;
		const wanted = fits(house.registry, filter, talk);
		this.#unlisten = house.tail.listen(({ messages, seq }) => {
			if (this.#behind) return this.#wake?.();
			for (const recorded of messages)
				if (recorded.seq > this.at && wanted(recorded)) this.#queue.push(recorded);
			this.#seen = Math.max(this.#seen, seq);
			if (this.#queue.length > MAX_QUEUED) {
				this.#queue = [];
				this.#behind = true;
			} else if (this.#queue.length === 0) this.at = this.#seen;
			this.#wake?.();
		});
	}

	/** The next message; undefined once it is closed. */
	async next(): Promise<Recorded | undefined> {
		while (!this.#closed) {
			const queued = this.#queue.shift();
			if (queued) {
				// The queue is in order, so with its last message all that was looked through is done.
				this.at = this.#queue.length === 0 ? this.#seen : queued.seq;
				return queued;
			}
			if (this.#behind) await this.#catchUp();
			else
				await new Promise<void>((resolve) => {
					this.#wake = resolve;
				});
		}
		return undefined;
	}

	close(): void {
		this.#closed = true;
		this.#unlisten();
		this.#wake?.();
	}

	async #catchUp(): Promise<void> {
		const { sql, registry, tail } = this.house;
		const head = tail.seq;
		if (this.at >= head) {
			// Nothing lies between the database and the tail: from this turn of the loop on, the tail tells everything.
			this.#behind = false;
			this.#seen = this.at;
			return;
		}
		const { messages, reached } = await page(sql, registry, this.filter, this.at, head, PAGE);
		this.#queue = messages;
		for (const { id } of messages) this.talk?.add(id);
		this.#seen = reached;
		if (messages.length === 0) this.at = reached;
	}
}
