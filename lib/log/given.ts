import { createHash } from "node:crypto";
import { duties } from "../../db/schema/log";
import { dutyId } from "./duties";
import type { JsonObject } from "./json";
import { type Candidate, type Logged, Machine, type Outcome, tagsOf } from "./machine";
import { detachedIn, identify } from "./message";
import type { Act, Draft, Duty } from "./operation";
import type { Refusal } from "./refusal";
import type { Registry } from "./registry";
import { publicKey, sign, signedBytes } from "./sign";
import { State } from "./state";

/**
 * The vocabulary of rule tests: a whole exchange in memory, no database, no clock but the story's own.
 *
 *     const market = story(operations).given(...)
 *     expect(market.when(ada.says("scrip:burn", { … }))).toRefuse("treasury-short")
 */
export interface Saying {
	by: Agent;
	operation: string;
	payload: JsonObject;
	on: string[];
	/** Tags that are not derived from the payload. */
	tags?: string[];
	/** Set to leave the derived tags out and send exactly these. */
	exactTags?: string[];
}

export interface Agent {
	name: string;
	secret: string;
	key: string;
	says(operation: string, payload: JsonObject, ...on: string[]): Saying;
}

const secrets = new Map<string, string>();

/** The secret of a key that `agent` made. */
export function secretOf(key: string): string {
	return secrets.get(key)!;
}

/** The same name is the same key, in every test. */
export function agent(name: string): Agent {
	const secret = createHash("sha256").update(`agent ${name}`).digest("hex");
	secrets.set(publicKey(secret), secret);
	const one: Agent = {
		name,
		secret,
		key: publicKey(secret),
		says: (operation, payload, ...on) => ({ by: one, operation, payload, on }),
	};
	return one;
}

export const theExchange = agent("the exchange");

export type Result =
	| { refused: Refusal; id?: undefined; logged?: undefined; known?: undefined }
	| { refused?: undefined; id: string; logged: Act[]; known?: undefined }
	| { refused?: undefined; id: string; logged?: undefined; known: string };

/** What came in from outside at an instant, and what memory made of it: the ids it logged, or why it did not. */
export type Telling = { at: number; outcome: string } & (
	| { candidate: Candidate; secret: string }
	| { draft: Draft }
	| { duty: string; prepared: unknown }
);

export const NOTHING = "nothing";
export const loggedIds = (acts: readonly Act[]) => `logged ${acts.map(({ id }) => id).join(" ")}`;

function outcomeOf({ refused, known, logged }: Result): string {
	if (refused) return `refused ${refused.code}`;
	return logged ? loggedIds(logged) : `known ${known}`;
}

export class Story {
	readonly machine: Machine;
	readonly state: State;
	readonly log: Logged[] = [];
	/** Everything that came in from outside: what it takes to tell the story again (lib/log/told). */
	readonly tellings: Telling[] = [];
	/** Three in four messages come at the same instant as the one before, and so may share its batch. */
	hurried = false;
	/** By the first key of those that have changed it, the one that they sign with. */
	readonly #keys = new Map<string, string>();
	/** Texts by sha256, as the door would keep them. */
	readonly contents = new Map<string, string>();
	now: number;

	constructor(
		readonly registry: Registry,
		start = "2026-11-16T08:00:00.000Z",
	) {
		this.machine = new Machine(registry, theExchange.key);
		this.state = new State(registry.shapes, theExchange.key, true);
		this.now = Date.parse(start);
	}

	/** History that must stand: a refusal in it fails the test. */
	given(...sayings: (Saying | ((story: Story) => unknown))[]): this {
		for (const saying of sayings) {
			if (typeof saying === "function") {
				saying(this);
				continue;
			}
			const result = this.when(saying);
			if (result.refused)
				throw new Error(
					`given ${saying.operation} by ${saying.by.name}: ${result.refused.code}: ${result.refused.detail}`,
				);
		}
		return this;
	}

	/** Send one message now; a millisecond passes, so that no two are the same. */
	when(saying: Saying): Result {
		if (!this.hurried || this.log.length % 4 === 0) this.now++;
		const candidate = this.candidate(saying);
		const { now: at } = this;
		const result = this.#send(candidate);
		this.tellings.push({ at, candidate, secret: secretOf(candidate.sender), outcome: outcomeOf(result) });
		return result;
	}

	/** An agent, or the exchange, changes its key: whatever it says in this story from now on is signed with a new one. */
	rotates(who: Agent): Result {
		const old = this.signerOf(who.key);
		const next = agent(`${who.name}, key ${this.log.length} of ${old}`);
		const proof = sign(next.secret, signedBytes("rotate", theExchange.key, old, next.key));
		const payload = { new_key: next.key, proof };
		const result =
			who === theExchange
				? this.exchangeSays({ operation: "agent:rotate", antecedents: [], payload })
				: this.when(who.says("agent:rotate", payload));
		if (!result.refused) this.#keys.set(who.key, next.key);
		return result;
	}

	/** The key that an agent signs with in this story by now. */
	signerOf(key: string): string {
		return this.#keys.get(key) ?? key;
	}

	/** The candidate the door would hand on, for races and replays of the very same message. */
	candidate(saying: Saying): Candidate {
		const operation = this.registry.get(saying.operation);
		if (!operation) throw new Error(`no operation ${saying.operation}`);
		const fields = {
			antecedents: saying.on,
			payload: saying.payload,
			sender: this.signerOf(saying.by.key),
			tags: [] as string[],
			timestamp: new Date(this.now).toISOString(),
		};
		const plain = identify(theExchange.key, fields);
		const body = operation.body.safeParse(plain.message.payload);
		if (!body.success) throw new Error(`${saying.operation}: ${body.error.message}`);
		const { message, contents, bytes, id } = identify(theExchange.key, {
			...fields,
			tags: saying.exactTags ?? tagsOf(operation, plain.message.payload, saying.tags),
		});
		for (const content of contents) this.contents.set(content.sha256, content.text);
		const attached = new Set(contents.map(({ sha256 }) => sha256));
		const owed = detachedIn(saying.payload).filter(({ sha256 }) => !attached.has(sha256));
		return {
			...message,
			id,
			bytes,
			operation,
			owed: owed.map((detached) => ({ ...detached, pointer: "/payload/content" })),
		};
	}

	send(candidate: Candidate): Result {
		return this.#send(candidate);
	}

	#send(candidate: Candidate): Result {
		const door = { arrivedAt: this.now, limited: () => undefined };
		return this.#taken(this.machine.take(this.state, candidate, this.#clock(), door));
	}

	#taken(outcome: Outcome): Result {
		this.#throwBugs();
		if (outcome.kind === "refused") return { refused: outcome.refusal };
		if (outcome.kind === "known") return { id: outcome.header.id, known: outcome.header.id };
		this.#keep(outcome.logged);
		return { id: outcome.logged[0]!.act.id, logged: outcome.logged.map(({ act }) => act) };
	}

	/** The exchange says something of its own accord. */
	exchangeSays(draft: Draft): Result {
		this.now++;
		const result = this.#taken(this.machine.say(this.state, draft, this.#clock()));
		this.tellings.push({ at: this.now, draft, outcome: outcomeOf(result) });
		return result;
	}

	/** Meet a duty that needs preparation, with what `prepare` would have found. Undefined: it says nothing, or is gone. */
	meet(kind: string, subject: string, prepared?: unknown): Act[] | undefined {
		const logged = this.#meet(dutyId(kind, subject), prepared);
		this.tellings.push({
			at: this.now,
			duty: dutyId(kind, subject),
			prepared,
			outcome: logged ? loggedIds(logged) : NOTHING,
		});
		return logged;
	}

	#meet(id: string, prepared: unknown): Act[] | undefined {
		const duty = this.state.get(duties, id);
		if (!duty || duty.due > this.now) return undefined;
		const outcome = this.machine.meet(this.state, duty as Duty, this.#clock(), prepared);
		if (outcome) return this.#taken(outcome).logged;
		this.#throwBugs();
	}

	/** Time passes; what falls due without preparation is done, earliest first. */
	later(ms: number): this {
		const end = this.now + ms;
		for (;;) {
			const [next] = this.state
				.all(duties)
				.filter((duty) => duty.due <= end && !this.machine.answerOf(duty)?.answer?.prepare)
				.sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1));
			if (!next) break;
			this.now = Math.max(this.now, next.due);
			if (!this.meet(next.kind, next.subject))
				throw new Error(`the duty ${next.id} fell due and said nothing`);
		}
		this.now = end;
		return this;
	}

	/** Tellings that may come in one batch: those of one instant, in their order. */
	get instants(): Telling[][] {
		const instants: Telling[][] = [];
		for (const telling of this.tellings) {
			const last = instants.at(-1);
			if (last?.[0]?.at === telling.at) last.push(telling);
			else instants.push([telling]);
		}
		return instants;
	}

	get acts(): Act[] {
		return this.log.map(({ act }) => act);
	}

	/** The same log folded afresh: must equal `state` in every row. */
	replayed(): State {
		const state = new State(this.registry.shapes, theExchange.key, true);
		for (const { act } of this.log) this.machine.replay(state, { ...act, sender: act.key, appended: 0 });
		return state;
	}

	/** Every view's rows, by table: what live and rebuilt state are compared by. */
	tables(state = this.state): Record<string, unknown[]> {
		return Object.fromEntries(this.registry.shapes.map((shape) => [shape.name, state.all(shape.table)]));
	}

	#clock() {
		const last = this.log.at(-1)?.act.receivedAt ?? 0;
		return { receivedAt: Math.max(this.now, last), nextSeq: this.log.length + 1 };
	}

	#keep(logged: Logged[]): void {
		for (const one of logged)
			for (const content of one.contents) this.contents.set(content.sha256, content.text);
		this.log.push(...logged);
		this.state.keep();
	}

	#throwBugs(): void {
		const [bug] = this.machine.bugs.splice(0);
		if (bug) throw new Error(`${bug.where} threw`, { cause: bug.error });
	}
}
