import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { type Composing, compose, type Key, newKey } from "../../lib/client/compose";
import type { House } from "../../lib/doors/house";
import { PREVIEW_TOKENS, tokensOf } from "../../lib/exchange/rules/plausibility";
import { sha256Hex, utf8 } from "../../lib/log/bytes";
import { bodyOf, type Payload } from "../../lib/log/message";
import type { Refusal } from "../../lib/log/refusal";
import { sign, signedBytes } from "../../lib/log/sign";
import { type Name, SHELF } from "./shelf";

export type Hall = Pick<House, "key" | "secret" | "now" | "sql" | "door" | "sequencer" | "engine">;

/** Within this an answer of the exchange is in, even on a slow machine. */
const ANSWER_MS = 20_000;
const AGAIN_MS = 1_000;

/** What the door said to something that was said. */
export interface Said {
	id: string;
	receivedAt: number;
	replies: { id: string; operation: string; payload: Payload }[];
}

/** A match, to an agent that is about to buy. */
export interface Match {
	id: string;
	/** Entry ids, the best first. */
	offers: string[];
}

/** What an agent has been delivered. */
export interface Delivery {
	id: string;
	entry: string;
}

/**
 * Says the story's messages at the house's own door. What was said before, by a telling that was cut short, is said again
 * with its first timestamp: then it is the same message, and the door gives its first answer again.
 */
export class Telling {
	#saidAt = new Map<string, string>();
	/** Puts by the file that was put. */
	readonly puts = new Map<Name, Said>();
	/** Rejects when the process leaves: nothing is waited for then. */
	readonly #left: Promise<never>;

	constructor(
		readonly house: Hall,
		readonly trouble: (what: string, why: unknown) => void,
		readonly stop: AbortSignal,
	) {
		this.#left = new Promise((_, reject) => {
			stop.addEventListener("abort", () => reject(stop.reason), { once: true });
		});
		this.#left.catch(() => {});
	}

	/** What an answer is, however long it takes, unless the process leaves. */
	async awaits<T>(answer: Promise<T>): Promise<T> {
		answer.catch(() => {});
		this.stop.throwIfAborted();
		return Promise.race([answer, this.#left]);
	}

	async recall(agents: readonly Agent[]): Promise<void> {
		const keys = agents.map(({ key }) => key.key);
		for (const { body } of await this.house
			.sql`select body from messages where sender in ${this.house.sql(keys)}`)
			this.#saidAt.set(words(body), JSON.parse(body).timestamp);
	}

	/** One scene: when somebody of outside got between, it ends, and the story goes on with the next. */
	async scene(what: string, play: () => Promise<void>): Promise<void> {
		try {
			await play();
		} catch (error) {
			this.stop.throwIfAborted();
			this.trouble(what, error);
		}
	}

	async say(
		me: Key,
		operation: string,
		payload: Payload,
		{ waitMs = ANSWER_MS, ...how }: Composing & { waitMs?: number },
	): Promise<Said> {
		const { house } = this;
		const signed = (at: Date) => compose(me, house.key, operation, payload, { ...how, at });
		const draft = signed(new Date(house.now()));
		const before = this.#saidAt.get(words(bodyOf(draft)));
		const message = before === undefined ? draft : signed(new Date(before));
		for (;;) {
			const reply = await this.awaits(house.door.submit(JSON.stringify(message), waitMs));
			if (!reply.refusal) {
				this.#saidAt.set(words(bodyOf(message)), message.timestamp);
				const { id, receivedAt } = reply.message;
				const replies = reply.replies.map(({ id, operation, body }) => {
					const { payload } = JSON.parse(body) as { payload: Payload };
					return { id, operation, payload };
				});
				return { id, receivedAt, replies };
			}
			if (reply.refusal.status !== 503) throw new Refused(operation, reply.refusal);
			await this.awaits(sleep(AGAIN_MS));
		}
	}
}

/** The body of a message but for when it was said. */
const words = (body: string) => body.slice(0, body.lastIndexOf(',"timestamp":'));

class Refused extends Error {
	constructor(operation: string, { code, detail }: Refusal) {
		super(`${operation}: ${code}: ${detail}`);
	}
}

/** An agent of the story. Its key follows from the exchange's: nothing is kept, and a later start finds it again. */
export class Agent {
	readonly key: Key;

	constructor(
		readonly telling: Telling,
		readonly name: string,
	) {
		this.key = keyOf(telling.house.secret, name);
	}

	says(operation: string, payload: Payload = {}, antecedent?: string): Promise<Said> {
		return this.telling.say(this.key, operation, payload, { antecedent });
	}

	/** Lets another key join this one's `operator_id`. */
	vouchesFor({ key: { key } }: Agent, operatorId: string): string {
		return sign(this.key.secret, signedBytes("operator", this.telling.house.key, operatorId, key));
	}

	async puts(file: Name, more: Payload = {}, waitMs?: number): Promise<void> {
		const { type, domains, tokenCost, description } = SHELF[file];
		const payload = {
			description,
			content: await contentOf(file),
			content_type: type,
			domains: [...domains, DEMO],
			token_cost: tokenCost,
			ttl_hours: SOLD_FOR_HOURS,
			...more,
		};
		const said = await this.telling.say(this.key, "exchange:put", payload, { waitMs });
		const rejected = said.replies.some(({ operation }) => operation === "exchange:settle/put-reject");
		if (!rejected) this.telling.puts.set(file, said);
	}

	/** Puts what is worth more than the exchange accepts by itself: until somebody rules there is no answer to wait for. */
	offers(file: Name): Promise<void> {
		return this.puts(file, {}, 0);
	}

	/** Asks in its own words. */
	async asks(task: string, budget: number, more: Payload = {}): Promise<Match> {
		// What was put a moment ago is found by its meaning once it is embedded; words do when that takes long.
		const { engine } = this.telling.house;
		await this.telling.awaits(Promise.race([engine.embedded(), sleep(ANSWER_MS)]));
		const { replies } = await this.says("exchange:buy", { task, budget, domains: [DEMO], ...more });
		const [match] = replies;
		if (!match) throw new Error("the buy is not answered yet");
		const results = match.payload.results as { entry_id: string }[];
		return { id: match.id, offers: results.map(({ entry_id }) => entry_id) };
	}

	/** Looks at a part of it where it is large enough for that, and commits. */
	async takes(match: Match, file: Name): Promise<Delivery> {
		const entry = this.#offered(match, file);
		const seen = await this.previews(match, file);
		const accepted = await this.says("exchange:settle/buyer-accept", { entry_id: entry }, seen);
		const deliver = accepted.replies.find(({ operation }) => operation === "exchange:settle/deliver");
		if (!deliver) throw new Error("the accept is not delivered yet");
		return { id: deliver.id, entry };
	}

	/** The preview's id; of content too small for one, the match's. */
	async previews(match: Match, file: Name): Promise<string> {
		const entry = this.#offered(match, file);
		if (tokensOf(Buffer.byteLength(await contentOf(file))) < PREVIEW_TOKENS) return match.id;
		const { replies } = await this.says("exchange:settle/preview-request", { entry_id: entry }, match.id);
		if (!replies[0]) throw new Error("the preview is not there yet");
		return replies[0].id;
	}

	async completes({ id, entry }: Delivery): Promise<void> {
		await this.says("exchange:settle/complete", { entry_id: entry, content_hash_verified: true }, id);
	}

	/** The plain case: asked, looked, taken, good. */
	async buys(file: Name, task: string, budget: number): Promise<void> {
		await this.telling.scene(`${this.name} buys ${file}`, async () => {
			await this.completes(await this.takes(await this.asks(task, budget), file));
		});
	}

	/** As a house operator: a put that is held. */
	async accepts(file: Name, terms: { price: number; appraisal: number; reason: string }): Promise<void> {
		const { id, receivedAt } = this.#put(file);
		const content = await contentOf(file);
		await this.says(
			"exchange:settle/put-accept",
			{
				entry_id: id,
				content_hash: `sha256:${sha256Hex(utf8(content))}`,
				tokens: tokensOf(Buffer.byteLength(content)),
				// Counted from the put, so that it is the same however often this is said.
				expires_at: new Date(receivedAt + SOLD_FOR_HOURS * 3_600_000).toISOString(),
				...terms,
			},
			id,
		);
	}

	async declines(file: Name, reason: string): Promise<void> {
		const { id } = this.#put(file);
		await this.says("exchange:settle/put-reject", { entry_id: id, reason, code: "other" }, id);
	}

	#put(file: Name): Said {
		const put = this.telling.puts.get(file);
		if (!put) throw new Error(`${file} was not put`);
		return put;
	}

	#offered({ offers }: Match, file: Name): string {
		const { id } = this.#put(file);
		if (!offers.includes(id)) throw new Error(`the match does not offer ${file}`);
		return id;
	}
}

export function keyOf(secret: string, name: string): Key {
	return newKey(createHmac("sha256", secret).update(`weekly-agent-exchange/1/demo\n${name}`).digest("hex"));
}

/** Keeps no process alive. */
const sleep = (ms: number) => wait(ms, undefined, { ref: false });

/** On every put and buy, so that pages, filters and readers can tell the story's from real ones. */
const DEMO = "demo";
const SOLD_FOR_HOURS = 90 * 24;

export const contentOf = (file: Name) => readFile(new URL(`./goods/${file}`, import.meta.url), "utf8");
