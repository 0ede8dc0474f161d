import type { Sql } from "postgres";
import { limitShape } from "./limits";
import type { Candidate, Machine, Outcome } from "./machine";
import { load } from "./pages";
import { State } from "./state";

/** Where the views stood when they were asked. */
export interface At {
	seq: number;
	receivedAt: number;
}

/**
 * Asks the rules' own state, outside the head lock: one consistent snapshot, the same synchronous functions, page
 * faults and all. For prepare, the dry run, and who is entitled to content.
 */
export async function ask<T>(
	sql: Sql,
	machine: Machine,
	question: (state: State, at: At) => T,
): Promise<{ answer: T; at: At }> {
	const state = new State([...machine.registry.shapes, limitShape], machine.exchangeKey, false);
	return (await sql.begin("isolation level repeatable read read only", async (sql) => {
		const [head] = await sql`select seq, received_at from head`;
		const at = { seq: Number(head!.seq), receivedAt: Number(head!.received_at) };
		for (let pass = 0; pass < 50; pass++) {
			let answer: T | undefined;
			let thrown: unknown;
			try {
				answer = question(state, at);
			} catch (error) {
				thrown = error;
			}
			const faults = state.takeFaults();
			if (!faults) {
				if (thrown !== undefined) throw thrown;
				return { answer: answer as T, at };
			}
			state.undo();
			state.fill(faults, await load(sql, faults));
		}
		throw new Error("a question that never stops missing rows");
	})) as { answer: T; at: At };
}

export interface Trial {
	outcome: Outcome;
	changes: ReturnType<State["changes"]>;
}

/** What would happen, with nothing kept: the same judgement at the same place in the order, on a snapshot. */
export async function tryOut(sql: Sql, machine: Machine, candidate: Candidate, now: number): Promise<Trial> {
	const { answer } = await ask(sql, machine, (state, at): Trial => {
		const clock = { receivedAt: Math.max(now, at.receivedAt), nextSeq: at.seq + 1 };
		const outcome = machine.take(state, candidate, clock, { arrivedAt: now, limited: () => undefined });
		machine.bugs.splice(0);
		return { outcome, changes: state.changes() };
	});
	return answer;
}
