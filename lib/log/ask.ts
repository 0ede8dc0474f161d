import type { Sql } from "postgres";
import { duties } from "../../db/schema/log";
import { limitShape } from "./limits";
import type { Candidate, Machine, Outcome } from "./machine";
import type { Draft, Duty } from "./operation";
import { load } from "./pages";
import { State } from "./state";

/** Where the views stood when they were asked. */
export interface At {
	seq: number;
	receivedAt: number;
}

interface Asking {
	question(state: State, at: At): unknown;
	resolve(asked: { answer: never; at: At }): void;
	reject(error: unknown): void;
}

/** What waits to be asked of a database, while others are being answered there. */
const waiting = new WeakMap<Sql, Asking[]>();

/**
 * Asks the rules' own state, outside the head lock: one consistent snapshot, not older than the question, the same
 * synchronous functions, page faults and all. For prepare, the dry run, and who is entitled to content. Questions that
 * come while others are answered share the next snapshot: each by itself would cost five round trips.
 */
export function ask<T>(
	sql: Sql,
	machine: Machine,
	question: (state: State, at: At) => T,
): Promise<{ answer: T; at: At }> {
	return new Promise((resolve, reject) => {
		const together = waiting.get(sql);
		const asking = { question, resolve, reject };
		if (together) {
			together.push(asking);
			return;
		}
		waiting.set(sql, [asking]);
		answerAll(sql, machine);
	});
}

async function answerAll(sql: Sql, machine: Machine): Promise<void> {
	// One turn of the loop lets questions that arrived together share a snapshot.
	await new Promise<void>((resolve) => setImmediate(resolve));
	for (let asked = waiting.get(sql)!; asked.length > 0; asked = waiting.get(sql)!) {
		waiting.set(sql, []);
		// One that fails alone must not take the others with it.
		await answerThese(sql, machine, asked).catch(async () => {
			for (const one of asked) await answerThese(sql, machine, [one]).catch(one.reject);
		});
	}
	waiting.delete(sql);
}

async function answerThese(sql: Sql, machine: Machine, asked: Asking[]): Promise<void> {
	const state = new State([...machine.registry.shapes, limitShape], machine.exchangeKey, false);
	const settled = await sql.begin("isolation level repeatable read read only", async (sql) => {
		const [head] = await sql`select seq, received_at from head`;
		const at = { seq: Number(head!.seq), receivedAt: Number(head!.received_at) };
		for (let pass = 0; pass < 50; pass++) {
			const settled = asked.map(({ question }) => {
				try {
					return { answer: question(state, at) as never };
				} catch (thrown) {
					return { thrown };
				} finally {
					state.undo();
				}
			});
			const faults = state.takeFaults();
			if (!faults) return settled.map((one) => ({ ...one, at }));
			state.fill(faults, await load(sql, faults));
		}
		throw new Error("a question that never stops missing rows");
	});
	for (const [i, one] of settled.entries()) {
		if ("thrown" in one) asked[i]!.reject(one.thrown);
		else asked[i]!.resolve(one);
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
