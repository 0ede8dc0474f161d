import type { Sql } from "postgres";
import { type Aheads, lookAhead } from "./ahead";
import { read } from "./door";
import type { Standing } from "./limits";
import type { Candidate } from "./machine";
import { bodyText, type Content } from "./message";
import { type Refusal, refusal } from "./refusal";
import type { Registry } from "./registry";
import type { Answer, Sequencer } from "./sequencer";
import { fromRow, type Recorded, type Tail } from "./tail";
import { SMALL_CONTENT_BYTES } from "./write";

export interface Submitted {
	/** 201, or 200 with the first answer. */
	status: 201 | 200;
	message: Pick<Recorded, "id" | "seq" | "receivedAt">;
	replies: Recorded[];
	standing?: Standing;
}
export type Reply = (Submitted & { refusal?: undefined }) | { refusal: Refusal; standing?: Standing };

export const busy = refusal(
	"busy",
	503,
	"The exchange has more to do than it can promise to finish soon.",
	"Send the same message again in a moment: its id makes the retry safe.",
	1,
);

export interface Room {
	/** Beyond this many waiting messages the door says so at once, instead of promising what it cannot keep. */
	messages: number;
	/** Of messages being judged or waiting: what bounds memory under a flood of large ones. */
	bytes: number;
}
const ROOM: Room = { messages: 5_000, bytes: 256 * 1024 * 1024 };

/** Messages of one request that are read together. */
const AT_ONCE = 10;

export interface DoorParts {
	registry: Registry;
	exchangeKey: string;
	sql: Sql;
	sequencer: Sequencer;
	tail: Tail;
	now(): number;
	room?: Room;
	/** What answers are prepared with, also ahead of what they answer; undefined while none are prepared here. */
	ports?(): unknown;
	/** An answer could not be looked ahead to: it will be prepared later. */
	onTrouble?(error: unknown, what: string): void;
}

interface Settle {
	resolve(reply: Reply | Promise<Reply>): void;
	reject(error: unknown): void;
}

interface Waiting {
	reply: Promise<Recorded | undefined>;
	cancel(): void;
}

/** The one door: browser, agent and the exchange's own hand submit here (ARCHITECTURE, "The door: submit"). */
export class Door {
	#held = 0;
	/** Messages taken in hand that the sequencer has not answered for. */
	#waiting = 0;
	#waiters = new Map<string, Set<(recorded: Recorded) => void>>();
	/** Ends whoever is held; undefined once nobody is held any more. */
	#kept: Set<() => void> | undefined = new Set();

	constructor(readonly parts: DoorParts) {
		parts.tail.listen(({ messages }) => {
			for (const recorded of messages)
				if (recorded.antecedent !== null)
					for (const waiter of this.#waiters.get(recorded.antecedent) ?? []) waiter(recorded);
		});
	}

	/**
	 * Submit one message as it came. `waitMs`: hold until the exchange's answer to it is in. `unless`: what is wrong with
	 * the request that brought it, told where the message itself is well-formed.
	 */
	async submit(body: Uint8Array | string, waitMs = 0, unless?: Refusal): Promise<Reply> {
		if (!this.#hasRoom(1, body.length)) return { refusal: busy() };
		this.#held += body.length;
		try {
			return await this.#submit(body, waitMs, unless);
		} finally {
			this.#held -= body.length;
		}
	}

	/**
	 * Submit many that came together, each standing alone: sequenced in the order given, so that one may answer the one
	 * before it; ten are read at a time (PROTOCOL: never more are verified in one go). Work goes on whether or not
	 * anybody waits for the answers: what was sent is sent. All of them are taken in hand or none: a line may need the one
	 * before it.
	 */
	submitInOrder(bodies: Uint8Array[]): Promise<Reply>[] | Refusal {
		const bytes = bodies.reduce((sum, { length }) => sum + length, 0);
		if (!this.#hasRoom(bodies.length, bytes)) return busy();
		this.#held += bytes;
		this.#waiting += bodies.length;
		const settle: Settle[] = [];
		const replies = bodies.map(
			() => new Promise<Reply>((resolve, reject) => settle.push({ resolve, reject })),
		);
		for (const [i, reply] of replies.entries()) {
			const answered = () => {
				this.#held -= bodies[i]!.length;
				this.#waiting--;
			};
			reply.then(answered, answered);
		}
		this.#submitInOrder(bodies, settle).catch((error) => {
			for (const { reject } of settle) reject(error);
		});
		return replies;
	}

	async #submitInOrder(bodies: Uint8Array[], settle: Settle[]): Promise<void> {
		const { registry, exchangeKey, now } = this.parts;
		for (let from = 0; from < bodies.length; from += AT_ONCE) {
			const group = bodies.slice(from, from + AT_ONCE);
			const arrivedAt = now();
			if (from > 0) await new Promise<void>((resolve) => setImmediate(resolve));
			const judged = group.map((body) => read(registry, exchangeKey, body));
			const ready: (() => Promise<void>)[] = [];
			for (const [i, one] of judged.entries()) {
				const answer = settle[from + i]!;
				if (one.refusal) {
					answer.resolve({ refusal: one.refusal });
					continue;
				}
				try {
					await this.#storeLarge(one.contents);
				} catch (error) {
					answer.reject(error);
					continue;
				}
				const { candidate, contents } = one;
				// Begun together, so that a group waits for the slowest of them and not for each in turn.
				const looking = this.#lookAhead(candidate, contents);
				ready.push(async () => {
					const aheads = await looking;
					answer.resolve(
						this.#sequenced(candidate, contents, arrivedAt, aheads).then((is) =>
							this.#reply(is, candidate.operation.awaits, undefined, 0),
						),
					);
				});
			}
			for (const sequence of ready) await sequence();
		}
	}

	async #submit(body: Uint8Array | string, waitMs: number, unless?: Refusal): Promise<Reply> {
		const { registry, exchangeKey, now } = this.parts;
		const arrivedAt = now();
		const judged = read(registry, exchangeKey, body);
		if (judged.refusal) return { refusal: judged.refusal };
		if (unless) return { refusal: unless };
		const { candidate, contents } = judged;
		const answers = waitMs > 0 ? this.#await(candidate.id, candidate.operation.awaits, waitMs) : undefined;
		try {
			this.#waiting++;
			const answer = await this.#storeLarge(contents)
				.then(() => this.#lookAhead(candidate, contents))
				.then((aheads) => this.#sequenced(candidate, contents, arrivedAt, aheads))
				.finally(() => this.#waiting--);
			return await this.#reply(answer, candidate.operation.awaits, answers, waitMs);
		} finally {
			answers?.cancel();
		}
	}

	/** What the answers to it are prepared with, as far as that is known already. Never rejects. */
	#lookAhead(candidate: Candidate, contents: Content[]): Promise<Aheads | undefined> | undefined {
		const { registry, onTrouble } = this.parts;
		const ports = this.parts.ports?.();
		if (!ports) return undefined;
		return lookAhead(registry, candidate, contents, ports)?.catch((error) => {
			onTrouble?.(error, `looking ahead to the answers to ${candidate.operation.name}`);
			return undefined;
		});
	}

	async #sequenced(
		candidate: Candidate,
		contents: Content[],
		arrivedAt: number,
		aheads: Aheads | undefined,
	): Promise<Answer> {
		const answer = await this.parts.sequencer.submit(candidate, contents, arrivedAt, aheads);
		if (aheads && answer.kind !== "logged")
			// Known under another id, it will not get in under its own.
			for (const ahead of aheads.values())
				ahead.goes(answer.kind === "known" && answer.id === candidate.id ? answer.seq : undefined);
		return answer;
	}

	/** Holds nobody any longer: who waits for an answer is told what there is. */
	letGo(): void {
		const held = this.#kept;
		this.#kept = undefined;
		for (const end of held ?? []) end();
	}

	/** Messages taken in hand that are not in the log yet, nor refused. */
	get waiting(): number {
		return this.#waiting;
	}

	#hasRoom(messages: number, bytes: number): boolean {
		const { room = ROOM } = this.parts;
		return this.#waiting + messages <= room.messages && this.#held + bytes <= room.bytes;
	}

	async #reply(
		answer: Answer,
		awaited: readonly string[],
		answers: Waiting | undefined,
		waitMs: number,
	): Promise<Reply> {
		if (answer.kind === "refused") return { refusal: answer.refusal, standing: answer.standing };
		if (answer.kind === "nothing") throw new Error("a message is logged, known or refused");
		if (answer.kind === "logged") {
			const [first, ...rest] = answer.logged;
			const { id, seq, receivedAt } = first!.act;
			const replies = rest.filter(({ act }) => act.antecedents.includes(id)).map(record);
			if (answers && awaited.length > 0 && !replies.some(({ operation }) => awaited.includes(operation))) {
				const reply = await answers.reply;
				if (reply) replies.push(reply);
			}
			return { status: 201, message: { id, seq, receivedAt }, replies, standing: answer.standing };
		}
		const [message] = await byIds(this.parts.sql, [answer.id]);
		let replies = await this.replies(answer.id);
		if (waitMs > 0 && awaited.length > 0 && !replies.some(({ operation }) => awaited.includes(operation))) {
			const waiting = this.#await(answer.id, awaited, waitMs);
			replies = await this.replies(answer.id);
			if (!replies.some(({ operation }) => awaited.includes(operation))) {
				const reply = await waiting.reply;
				if (reply) replies.push(reply);
			}
			waiting.cancel();
		}
		return { status: 200, message: message!, replies, standing: answer.standing };
	}

	/** What the exchange and house operators have answered to a message, ascending. */
	async replies(id: string): Promise<Recorded[]> {
		const rows = await this.parts.sql`select * from messages where antecedent = ${id} order by seq limit 100`;
		return rows.map(fromRow);
	}

	#await(id: string, awaited: readonly string[], waitMs: number): Waiting {
		let finish: (recorded: Recorded | undefined) => void = () => {};
		const reply = new Promise<Recorded | undefined>((resolve) => {
			finish = resolve;
		});
		const waiter = (recorded: Recorded) => {
			if (awaited.includes(recorded.operation)) finish(recorded);
		};
		const waiters = this.#waiters.get(id) ?? new Set();
		this.#waiters.set(id, waiters.add(waiter));
		const end = () => finish(undefined);
		const timer = setTimeout(end, waitMs);
		if (this.#kept) this.#kept.add(end);
		else end();
		const cancel = () => {
			clearTimeout(timer);
			this.#kept?.delete(end);
			finish(undefined);
			waiters.delete(waiter);
			if (waiters.size === 0 && this.#waiters.get(id) === waiters) this.#waiters.delete(id);
		};
		return { reply, cancel };
	}

	/** Large contents are stored before their batch, so that no megabyte is written under the head lock. */
	async #storeLarge(contents: Content[]): Promise<void> {
		const large = contents.filter(({ bytes }) => bytes > SMALL_CONTENT_BYTES);
		if (large.length === 0) return;
		await this.parts.sql.begin(async (sql) => {
			for (const { sha256, bytes, text } of large) {
				await sql`insert into pending_contents (sha256, stored_at) values (${sha256}, ${this.parts.now()})
					on conflict (sha256) do update set stored_at = excluded.stored_at`;
				await sql`insert into contents (sha256, bytes, body) values (${sha256}, ${bytes}, ${text}) on conflict do nothing`;
			}
		});
	}
}

const SWEEP_AFTER_MS = 3_600_000;

/** Contents whose message was refused, an hour later; what a sender's message refers to stays for ever. */
export async function sweepContents(sql: Sql, now: number): Promise<number> {
	const swept = await sql.begin(async (sql) => {
		const stale =
			await sql`delete from pending_contents where stored_at < ${now - SWEEP_AFTER_MS} returning sha256`;
		if (stale.length === 0) return [];
		return sql`delete from contents c where c.sha256 in ${sql(stale.map(({ sha256 }) => sha256))}
			and not exists (select from views.content_senders s where s.sha256 = c.sha256) returning sha256`;
	});
	return swept.length;
}

/** A message this process has just logged, in the form in which the log is read. */
export function record({
	act,
	addressed,
	bytes,
	signature,
}: (Answer & { kind: "logged" })["logged"][number]): Recorded {
	const { id, seq, operation, sender, receivedAt } = act;
	return {
		id,
		seq,
		operation,
		sender,
		receivedAt,
		antecedent: act.antecedents[0] ?? null,
		addressed,
		body: bodyText(bytes),
		signature: signature!,
	};
}

export interface Answered {
	/** How far the log went at that moment. */
	seq: number;
	message: Recorded;
	/** What answers it, ascending, the first hundred. */
	replies: Recorded[];
}

/** Messages with what answers them, as of one moment; undefined for an id that is none's. */
export async function answered(sql: Sql, ids: readonly string[]): Promise<(Answered | undefined)[]> {
	const asked = [...new Set(ids)];
	const rows = await sql`
		select (select seq from head) as head, m.*
		from unnest(${asked}::text[]) as asked (id) cross join lateral (
			(select * from messages where id = asked.id)
			union all
			(select * from messages where antecedent = asked.id order by seq limit 100)
		) m order by m.seq`;
	const found = new Map<string, Answered>();
	const all = rows.map(fromRow);
	const head = Number(rows[0]?.head);
	for (const message of all) found.set(message.id, { seq: head, message, replies: [] });
	for (const reply of new Map(all.map((one) => [one.id, one])).values())
		if (reply.antecedent !== null) found.get(reply.antecedent)?.replies.push(reply);
	return ids.map((id) => found.get(id));
}

export async function byIds(sql: Sql, ids: string[]): Promise<Recorded[]> {
	const rows = await sql`select * from messages where id in ${sql(ids)}`;
	return rows.map(fromRow);
}
