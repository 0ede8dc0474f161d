import { contentSenders, duties, history, messages } from "../../db/schema/log";
import { agentOfKey, inAgents, replacedBy, see, signingKeyOf } from "./agent-keys";
import type { JsonObject } from "./json";
import { type Content, detachedIn, identify } from "./message";
import type { Act, Draft, Duty, Operation } from "./operation";
import { encode } from "./pages";
import {
	notProcessed,
	type Refusal,
	refusal,
	senderNotAllowed,
	unknownAntecedent,
	wrongAntecedent,
} from "./refusal";
import { type Header, headerOf, type Registry } from "./registry";
import { partsOf, type Reading, type Row, type State } from "./state";

/** What reached the door well-formed: schema, tags and signature hold; state has not been asked. */
export interface Candidate {
	id: string;
	operation: Operation;
	/** The key that signed it. */
	sender: string;
	tags: string[];
	/** Content detached. */
	payload: Record<string, unknown>;
	antecedents: string[];
	timestamp: string;
	/** The signing bytes: what the id is the hash of. */
	bytes: Uint8Array;
	/** Absent only in a dry run. */
	signature?: string;
	/** Content that came detached: good only from who sent these bytes before, and with their true number. */
	owed: { sha256: string; bytes: number; pointer: string }[];
}

/** A message in the log, as the machine made or took it. `contents` are texts the exchange itself wrote. */
export interface Logged {
	act: Act;
	addressed: string[];
	bytes: Uint8Array;
	/** Absent while the exchange has not signed it: signing comes last, the id does not cover it. */
	signature?: string;
	contents: Content[];
}

export type Outcome =
	| { kind: "logged"; logged: Logged[] }
	| { kind: "known"; header: Header }
	| { kind: "refused"; refusal: Refusal };

const contentRequired = refusal(
	"content-required",
	422,
	"This content came as a hash only, and this sender has never sent these bytes here.",
	"Send the text itself in `content`: a hash is public and proves no possession.",
);
const ALWAYS_ATTACHED =
	"This operation brings its content along: a hash will not do, not even of what was sent before.";
const timestampOff = refusal(
	"timestamp-off",
	422,
	"The timestamp is more than 5 minutes off the exchange's clock.",
	"Sign again with the present time; Date in any answer tells the exchange's.",
);
export const keyRotated = refusal(
	"key-rotated",
	401,
	"Another key has taken the place of this one: nothing new is heard under it.",
	"Sign with the agent's new key: GET /api/agents/{key} tells which. If it is not yours, its recovery key can put yours in its place.",
);
export const TIMESTAMP_SLACK_MS = 5 * 60_000;

/** What the door knows of a message beside what it says. */
export interface AtDoor {
	arrivedAt: number;
	/** Asked between the timestamp and the antecedents, where 429 stands. */
	limited(): Refusal | undefined;
	/** What is prepared already for this kind of duty; undefined: nothing. */
	ahead?(kind: string): unknown;
}

export interface Clocked {
	/** The exchange's clock at this batch; never before the last message's. */
	receivedAt: number;
	/** The number the next message gets. */
	nextSeq: number;
}

/**
 * The machine: judges one message against the state and folds it in, with what the exchange owes for it at once.
 * Knows no domain, no clock, no database; the same in tests, at the door and in replay.
 */
export class Machine {
	constructor(
		readonly registry: Registry,
		/** Names this exchange for ever; what signs for it. */
		readonly exchangeKey: string,
	) {}

	/** What rules threw since it was last emptied: a bug each. Of a pass that met a fault it means nothing. */
	bugs: { error: unknown; where: string }[] = [];

	/** Judge and fold. */
	take(state: State, candidate: Candidate, clock: Clocked, door: AtDoor | undefined): Outcome {
		try {
			return this.#take(state, candidate, clock, door);
		} finally {
			state.judging(undefined);
		}
	}

	#take(state: State, candidate: Candidate, clock: Clocked, door: AtDoor | undefined): Outcome {
		const { faulted } = state;
		const known = headerOf(state, candidate.id);
		if (known) return { kind: "known", header: known };
		state.judging(state.faulted === faulted ? candidate.id : undefined);
		// After the known id: what a key said while it was good keeps its first answer.
		const rotated = replacedBy(state, candidate.sender);
		if (rotated) return { kind: "refused", refusal: keyRotated({ field: "/sender", see: rotated }) };
		const act = heard(state, candidate.operation, actOf(candidate, clock));
		const refused = this.#judge(state, candidate, act, door);
		if (refused && "sameAs" in refused) {
			const header = headerOf(state, refused.sameAs);
			if (header) return { kind: "known", header };
		} else if (refused) return { kind: "refused", refusal: refused };

		const mark = state.mark();
		try {
			const logged = [this.#fold(state, candidate, act)];
			this.#answerNow(state, clock, logged, mark, door?.ahead);
			return { kind: "logged", logged };
		} catch (error) {
			state.undo(mark);
			this.bugs.push({ error, where: candidate.operation.name });
			return { kind: "refused", refusal: notProcessed() };
		}
	}

	#judge(
		state: State,
		candidate: Candidate,
		act: Act,
		door: AtDoor | undefined,
	): Refusal | { sameAs: string } | undefined {
		const { operation } = candidate;
		if (door) {
			for (const { sha256, bytes, pointer } of candidate.owed) {
				if (operation.attached) return contentRequired({ field: pointer, detail: ALWAYS_ATTACHED });
				if (state.get(contentSenders, sha256, act.sender)?.bytes !== bytes)
					return contentRequired({ field: pointer });
			}
			if (Math.abs(door.arrivedAt - Date.parse(act.timestamp)) > TIMESTAMP_SLACK_MS)
				return timestampOff({ field: "/timestamp" });
			const limited = door.limited() ?? operation.limited?.(state, act);
			if (limited) return limited;
		}
		const answered = act.antecedents.map((id) => headerOf(state, id));
		const missing = answered.indexOf(undefined);
		if (missing >= 0) return unknownAntecedent({ field: `/antecedents/${missing}` });
		const fits = operation.antecedents.some(
			(names) =>
				names.length === answered.length &&
				names.every((name, i) => name === "*" || name === answered[i]!.operation),
		);
		if (!fits) return wrongAntecedent({ field: "/antecedents", detail: expected(operation) });
		const may = operation.by.map((name) => this.registry.senders[name]!(state, act.sender, act.receivedAt));
		if (!may.includes(true))
			return (
				may.find((refused) => typeof refused === "object") ??
				senderNotAllowed({
					field: "/sender",
					detail: `${operation.name} is sent by: ${operation.by.join(" or ")}.`,
				})
			);
		const same = operation.sameAs?.(state, act);
		if (same) return { sameAs: same };
		return operation.admit(state, act);
	}

	#fold(
		state: State,
		{ operation, bytes, signature }: Pick<Candidate, "operation" | "bytes" | "signature">,
		act: Act,
		contents: Content[] = [],
	): Logged {
		const antecedent = act.antecedents[0];
		const before = antecedent === undefined ? undefined : headerOf(state, antecedent);
		state.put(messages, {
			id: act.id,
			seq: act.seq,
			operation: act.operation,
			sender: act.sender,
			receivedAt: act.receivedAt,
			antecedent: antecedent ?? null,
		} as Row<typeof messages>);
		const mark = state.mark();
		operation.apply(state, act);
		this.#remember(state, act, mark);
		if (operation.readers && act.sender !== this.exchangeKey)
			for (const { sha256, bytes } of detachedIn(act.payload as JsonObject))
				state.put(contentSenders, { sha256, sender: act.sender, bytes });
		const addressed = new Set([
			...(operation.addressed?.(act.payload) ?? []),
			...(operation.concerns?.(state, act) ?? []),
		]);
		if (before) addressed.add(before.sender);
		addressed.delete(act.sender);
		for (const key of [act.sender, ...addressed]) see(state, key);
		return { act, addressed: [...addressed], bytes, signature, contents };
	}

	/** What the act made of each row whose past is kept. */
	#remember(state: State, { seq }: Act, mark: number): void {
		for (const { shape, key: parts, after } of state.changes(mark)) {
			if (!shape.kept) continue;
			const key = partsOf(parts).join("/");
			if (state.outlet) state.outlet.past(shape, key, seq, after);
			else state.put(history, { tableName: shape.name, key, seq, row: after ? encode(shape, after) : null });
		}
	}

	/**
	 * Duties that need no preparation, or for which the message brought it along, are met in the batch that made them, in the order
	 * in which they were owed.
	 */
	#answerNow(
		state: State,
		clock: Clocked,
		logged: Logged[],
		mark: number,
		ahead: AtDoor["ahead"] = () => undefined,
	): void {
		const { id } = logged[0]!.act;
		const prepared = ({ kind, subject }: Duty) => (subject === id ? ahead(kind) : undefined);
		// Each answer ends its duty, so this ends; the bound is for a rule that owes itself for ever.
		for (let round = 0; round < 100; round++) {
			const due = state
				.changes(mark)
				.filter(({ shape, after }) => shape.table === duties && after)
				.map(({ after }) => after as unknown as Duty)
				.filter(
					(duty) =>
						duty.due <= clock.receivedAt &&
						(!this.answerOf(duty)?.answer?.prepare || prepared(duty) !== undefined),
				);
			let said = false;
			for (const duty of due) {
				const before = state.mark();
				try {
					const next = { receivedAt: clock.receivedAt, nextSeq: clock.nextSeq + logged.length };
					const outcome = this.meet(state, duty, next, prepared(duty));
					if (outcome?.kind === "logged") {
						logged.push(...outcome.logged);
						said = true;
					}
				} catch (error) {
					// What was asked stands; the duty's row stays, is tried again by the runner, and parks there.
					state.undo(before);
					this.bugs.push({ error, where: duty.id });
				}
			}
			if (!said) return;
		}
		throw new Error("an answer that owes itself for ever");
	}

	answerOf(duty: Pick<Duty, "kind">): Operation | undefined {
		return this.registry.get(duty.kind);
	}

	/** Meet one duty: its draft becomes the exchange's own message, judged like any other. */
	meet(state: State, duty: Duty, clock: Clocked, prepared: unknown): Outcome | undefined {
		const answer = this.answerOf(duty)?.answer;
		if (!answer) throw new Error(`nothing answers the duty ${duty.kind}`);
		const draft = answer.draft(state, duty, clock.receivedAt, prepared as never);
		if (!draft) return undefined;
		const outcome = this.say(state, draft, clock);
		if (outcome.kind === "logged" && state.get(duties, duty.id)?.due === duty.due)
			throw new Error(`${draft.operation} leaves the duty ${duty.id} it answers`);
		return outcome;
	}

	/** The exchange speaks: same rules, its own key, signed last. */
	say(state: State, draft: Draft, clock: Clocked): Outcome {
		const operation = this.registry.get(draft.operation);
		if (!operation) throw new Error(`no operation ${draft.operation}`);
		const { message, contents, bytes, id } = identify(this.exchangeKey, {
			antecedents: draft.antecedents,
			payload: draft.payload as JsonObject,
			sender: signingKeyOf(state, this.exchangeKey),
			tags: tagsOf(operation, draft.payload, draft.tags),
			timestamp: new Date(clock.receivedAt).toISOString(),
		});
		const parsed = operation.body.safeParse(message.payload);
		if (!parsed.success)
			throw new Error(`${draft.operation}: the exchange's own payload is wrong: ${parsed.error.message}`);
		const candidate: Candidate = { ...message, id, bytes, operation, owed: [] };
		const act = heard(state, operation, actOf(candidate, clock));
		const refused = this.#judge(state, candidate, act, undefined);
		if (refused) return { kind: "refused", refusal: "sameAs" in refused ? notProcessed() : refused };
		const mark = state.mark();
		const logged = [this.#fold(state, candidate, act, contents)];
		this.#answerNow(state, clock, logged, mark);
		return { kind: "logged", logged };
	}

	/**
	 * Fold a message that the log already holds, as it was signed: no judgement, no answers, they are in the log too. Says which
	 * agent sent it and whom it concerns.
	 */
	replay(state: State, act: Act): Pick<Logged, "addressed"> & { sender: string } {
		const operation = this.registry.get(act.operation);
		if (!operation)
			throw new Error(`the log holds ${act.operation} at ${act.seq}, which this build does not know`);
		const said = heard(state, operation, act);
		const { addressed } = this.#fold(state, { operation, bytes: NOTHING }, said);
		return { sender: said.sender, addressed };
	}
}

/** A signed message as the rules hear it: from an agent, about agents, whichever of their keys stand in it. */
export function heard(state: Reading, operation: Operation, act: Act): Act {
	const payload = inAgents(state, act.payload, operation.addressed?.(act.payload) ?? []);
	return { ...act, sender: agentOfKey(state, act.key), payload };
}

const NOTHING = new Uint8Array();

function actOf(
	{ id, operation, sender, tags, payload, antecedents, timestamp }: Candidate,
	clock: Clocked,
): Act {
	const { nextSeq: seq, receivedAt } = clock;
	return {
		id,
		seq,
		operation: operation.name,
		sender,
		key: sender,
		tags,
		payload,
		antecedents,
		timestamp,
		receivedAt,
		appended: 0,
	};
}

/** The tags a payload produces: the operation's, its phase's, then what the operation derives. */
export function tagsOf(
	operation: Operation,
	payload: Record<string, unknown>,
	also: string[] = [],
): string[] {
	const phase = operation.phase ? [`exchange:phase:${operation.phase}`] : [];
	return [operation.tag, ...phase, ...operation.tags(payload), ...also];
}

function expected(operation: Operation): string {
	const alternatives = operation.antecedents.map((names) =>
		names.length === 0 ? "none" : names.join(" and "),
	);
	return `${operation.name} answers: ${alternatives.join(", or ")}.`;
}
