import type * as z from "zod";
import type { Refusal } from "./refusal";
import type { Reading, Writing } from "./state";

/** A message as the rules see it: content always detached, `received_at` in ms, its place in the log. */
export interface Act<Body = Record<string, unknown>> {
	id: string;
	seq: number;
	/** `exchange:put`, or with its phase `exchange:settle/put-accept`. */
	operation: string;
	/** The agent, by its first key; so are the agents that the payload names. */
	sender: string;
	/** The agent's key that signed it. */
	key: string;
	tags: string[];
	payload: Body;
	antecedents: string[];
	timestamp: string;
	/** ms since 1970 by the exchange's clock; never decreases along `seq`. */
	receivedAt: number;
	/** How many rows it has appended so far: numbers them, so that a replay numbers them alike. */
	appended: number;
}

/** What the exchange will say: the machine adds sender, time, tags, id and signature. */
export interface Draft {
	operation: string;
	antecedents: string[];
	/** `content` fields may hold their text: they are detached and kept. */
	payload: Record<string, unknown>;
	/** Tags the operation allows but does not derive from its payload. */
	tags?: string[];
}

/** What the exchange owes: created by `owe` in an `apply`, ended by `answered` in another. */
export interface Duty {
	id: string;
	kind: string;
	/** The message that made the exchange owe it; "" for what recurs. */
	subject: string;
	/** Not before this instant, ms. */
	due: number;
	data: unknown;
}

/**
 * How a duty is met. Declared by the operation that answers, not by the one that owes (an accept owes a
 * deliver now and a refund later): the file of an answer holds all there is to say about it.
 */
export interface Answer<Ports = never, Prepared = unknown> {
	/** Slow and impure, outside the head lock. Without it, the answer is in the batch that made the duty. */
	prepare?(duty: Duty, ports: Ports): Promise<Prepared>;
	/**
	 * The same of an act that has not been said yet, as far as it can be known: a dry run then tells the answer too. `texts`: by
	 * sha256, the contents that came with it.
	 */
	foresee?(act: Pick<Act, "sender" | "payload">, texts: Map<string, string>, ports: Ports): Promise<Prepared>;
	/**
	 * The same of an act that is at the door: what can be said of it before it is in the log, so that the answer is in the batch
	 * that takes it. Whatever is not known then waits for `prepare`.
	 */
	ahead?(act: AtTheDoor, texts: Map<string, string>, ports: Ports): Promise<Ahead<Prepared>>;
	/** Pure, under the head row: re-checks what prepare found; undefined = not now. */
	draft(state: Reading, duty: Duty, at: number, prepared: Prepared): Draft | undefined;
}

/** An act that has a name, and no place in the log yet. */
export type AtTheDoor = Pick<Act, "id" | "sender" | "payload">;

export interface Ahead<Prepared = unknown> {
	/** The log as it was known up to here, and all that this process has taken since. What another has said since undoes it. */
	seq: number;
	/** What `prepare` would find, asked under the head row; undefined when that is not sure (any more). Takes no time. */
	prepared(): Prepared | undefined;
	/** The act did not get into the log; `knownAt`: because it is there already. */
	goes(knownAt?: number): void;
}

export interface Operation<Body = Record<string, unknown>> {
	/** `exchange:put` or `exchange:settle/put-accept`. */
	name: string;
	tag: string;
	phase?: string;
	/** One line for the reference, llms.txt and OpenAPI. */
	summary: string;
	/** Who may send it, names of the registry's senders; any of them suffices. */
	by: readonly string[];
	/** The one schema of the payload (content detached). */
	body: z.ZodType<Body>;
	/** The alternatives of antecedent lists, by operation name: `[[]]`, `[["exchange:buy"]]`, `[["a"], ["b"]]`. */
	antecedents: readonly (readonly string[])[];
	/** The tags besides the operation's own that the payload produces; they must be there, and no others. */
	tags(body: Body): string[];
	/** Tags that may be there too. */
	optionalTags?(body: Body): string[];
	/** Content must come with the message even from who sent it before. */
	attached?: boolean;
	/** Which limit of OPERATIONS "Limits per agent" it counts in. */
	limit: string;
	/** A limit of its own beside that one, asked where 429 stands: before the antecedents are. */
	limited?(state: Reading, act: Act<Body>): Refusal | undefined;
	/** The replies `Prefer: wait` waits for: any of these operations. */
	awaits: readonly string[];
	/** Judge once, at the door. Order of checks: 404, 422, 403, 409, 402. */
	admit(state: Reading, act: Act<Body>): Refusal | undefined;
	/**
	 * Reads what of its rows is hardly ever in memory, so that it is asked for together with the head and not by a first try that
	 * is thrown away. Only ever makes it quicker.
	 */
	looksUp?(state: Reading, act: Pick<Act<Body>, "sender" | "payload">): void;
	/** Change the state. Never judges, never throws, reads no clock; runs on every replay for ever. */
	apply(state: Writing, act: Act<Body>): void;
	/** Whole scrip that it moves: above a sum the house takes two hands to it. */
	weighs?(state: Reading, act: Act<Body>): number;
	/** An earlier act that already is what this one asks for: its first answer is given, nothing is logged. */
	sameAs?(state: Reading, act: Act<Body>): string | undefined;
	/** Who gets `content` attached when reading it (OPERATIONS, "Who gets content attached"). */
	readers?(state: Reading, act: Act<Body>): string[] | "anybody";
	/** A sentence for the log: what happened, without text that the sender wrote. */
	caption(act: Act<Body>): string;
	/** Payload fields that name agents by a key of theirs: for the stream's `to` filter, and so that rules are told the agents. */
	addressed?(body: Body): string[];
	/** Whom it concerns beside those and the antecedent's sender: who would otherwise wait for it and not be told. */
	concerns?(state: Reading, act: Act<Body>): string[];
	answer?: Answer<never, never>;
}

type Spec<Body> = Omit<
	Operation<Body>,
	"name" | "tag" | "phase" | "tags" | "limit" | "awaits" | "admit" | "apply" | "antecedents" | "by"
> & {
	by: string | readonly string[];
	/** `[]`: none. A name: exactly this one. Several alternatives: lists. Default none. */
	antecedents?: readonly (readonly string[])[];
	tags?(body: Body): string[];
	limit?: string;
	awaits?: readonly string[];
	admit?(state: Reading, act: Act<Body>): Refusal | undefined;
	apply?(state: Writing, act: Act<Body>): void;
};

/** `operation("exchange:buy", {…})`, `operation("exchange:settle/put-accept", {…})`: one verb, one file. */
export function operation<Body>(name: string, spec: Spec<Body>): Operation {
	const [tag = name, phase] = name.split("/");
	const typed: Operation<Body> = {
		limit: "other",
		awaits: [],
		...spec,
		name,
		tag,
		phase,
		by: typeof spec.by === "string" ? [spec.by] : spec.by,
		antecedents: spec.antecedents ?? [[]],
		tags: spec.tags ?? (() => []),
		admit: spec.admit ?? (() => undefined),
		apply: spec.apply ?? (() => {}),
	};
	// The registry holds operations of every body; the door hands each only what its own schema let through.
	return typed as unknown as Operation;
}

/** Declares an answer with its own types of ports and prepared value, which the machine passes through. */
export function answer<Ports, Prepared>(parts: Answer<Ports, Prepared>): Answer<never, never> {
	return parts as unknown as Answer<never, never>;
}
