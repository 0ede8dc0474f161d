import type { Sql } from "postgres";
import { duties } from "../../db/schema/log";
import { limitShape } from "./limits";
import type { Candidate, Machine, Outcome } from "./machine";
import type { Draft, Duty } from "./operation";
import { BY_INDEX, load } from "./pages";
import { State } from "./state";
import { together } from "./together";

/** Where the views stood when they were asked. */
export interface At {
	seq: number;
	receivedAt: number;
}

/** What was found, and how to put the same question to the same rows again when time has gone on. */
export interface Asked<T> {
	answer: T;
	at: At;
	/** Undefined where it would need a row that nobody has read. */
	again(): T | undefined;
}

type Question = (state: State, at: At) => unknown;
type Answered = Asked<unknown> | { thrown: unknown };

/** By the database that is asked: what asks the rules of it. */
const askers = new WeakMap<Sql, (question: Question) => Promise<Answered>>();

/**
 * Asks the rules' own state, outside the head lock: one consistent snapshot, not older than the question, the same
 * synchronous functions, page faults and all. For prepare, the dry run, and who is entitled to content. Questions that
 * come while others are answered share the next snapshot: each by itself would cost five round trips.
 */
export async function ask<T>(
	sql: Sql,
	machine: Machine,
	question: (state: State, at: At) => T,
): Promise<Asked<T>> {
	let asker = askers.get(sql);
	if (!asker) {
		asker = together((questions: Question[]) => answered(sql, machine, questions));
		askers.set(sql, asker);
	}
	const settled = await asker(question);
	if ("thrown" in settled) throw settled.thrown;
	return settled as Asked<T>;
}

/** All from one snapshot. */
async function answered(sql: Sql, machine: Machine, questions: Question[]): Promise<Answered[]> {
	const answers = await sql.begin("isolation level repeatable read read only", async (sql) => {
		const state = new State([...machine.registry.shapes, limitShape], machine.exchangeKey, false);
		const [head] = await sql`select seq, received_at, ${sql.unsafe(BY_INDEX)} from head`;
		const at = { seq: Number(head!.seq), receivedAt: Number(head!.received_at) };
		for (let pass = 0; pass < 50; pass++) {
			const answers = questions.map((question): Answered => {
				try {
					return { answer: question(state, at), at, again: () => again(state, question, at) };
				} catch (thrown) {
					return { thrown };
				} finally {
					state.undo();
				}
			});
			const faults = state.takeFaults();
			if (!faults) return answers;
			state.fill(faults, await load(sql, faults));
		}
		throw new Error("a question that never stops missing rows");
	});
	return answers as Answered[];
}

function again(state: State, question: Question, at: At): unknown {
	try {
		const answer = question(state, at);
		return state.takeFaults() ? undefined : answer;
	} finally {
		state.undo();
	}
}

export interface Trial {
	outcome: Outcome;
	changes: ReturnType<State["changes"]>;
	/** What the exchange would answer, in the batch or soon after. */
	answers: Pick<Draft, "operation" | "payload">[];
}

/**
 * What would happen, with nothing kept: the same judgement at the same place in the order, on a snapshot. `foreseen`: by the
 * kind of duty, what its answer's `foresee` found.
 */
export async function tryOut(
	sql: Sql,
	machine: Machine,
	candidate: Candidate,
	now: number,
	foreseen: ReadonlyMap<string, unknown> = new Map(),
): Promise<Trial> {
	const { answer } = await ask(sql, machine, (state, at): Trial => {
		const clock = { receivedAt: Math.max(now, at.receivedAt), nextSeq: at.seq + 1 };
		const outcome = machine.take(state, candidate, clock, { arrivedAt: now, limited: () => undefined });
		machine.bugs.splice(0);
		const changes = state.changes();
		if (outcome.kind !== "logged") return { outcome, changes, answers: [] };
		const atOnce = outcome.logged.slice(1).map(({ act: { operation, payload } }) => ({ operation, payload }));
		const soon = changes
			.filter(({ shape, before, after }) => shape.table === duties && !before && after)
			.map(({ after }) => after as unknown as Duty)
			.filter((duty) => foreseen.has(duty.kind))
			.map((duty) =>
				machine
					.answerOf(duty)!
					.answer!.draft(state, duty, clock.receivedAt, foreseen.get(duty.kind) as never),
			)
			.filter((draft) => draft !== undefined)
			.map(({ operation, payload }) => ({ operation, payload }));
		return { outcome, changes, answers: [...atOnce, ...soon] };
	});
	return answer;
}
