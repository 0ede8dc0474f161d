import type { Sql } from "postgres";
import { contentSenders, duties, history } from "../../db/schema/log";
import { agentOfKey } from "./agent-keys";
import type { Aheads } from "./ahead";
import { unhex } from "./bytes";
import type { JsonObject } from "./json";
import { count, type Limits, limitShape, type Standing } from "./limits";
import type { Candidate, Clocked, Logged, Machine, Outcome } from "./machine";
import { type Content, detachedIn } from "./message";
import type { Draft, Duty } from "./operation";
import { BY_INDEX, load } from "./pages";
import { append, type Frontier, leafData, leafHash } from "./proof";
import { notProcessed, type Refusal } from "./refusal";
import { headers } from "./registry";
import { partsOf, State } from "./state";
import { writeBatch } from "./write";

/** What happened to one thing that was submitted. */
export type Answer =
	| { kind: "logged"; logged: Logged[]; standing?: Standing }
	| { kind: "known"; id: string; seq: number; standing?: Standing }
	/** `outage`: the database could not be had; nothing is said of the message itself. */
	| { kind: "refused"; refusal: Refusal; standing?: Standing; outage?: boolean }
	/** The duty had been met, or its draft says nothing for now. */
	| { kind: "nothing" };

type Job =
	| { kind: "message"; candidate: Candidate; arrivedAt: number; contents: Content[]; aheads?: Aheads }
	| { kind: "duty"; id: string; prepared: unknown }
	/** Acts of the exchange that answer nothing: first mint, first grants. */
	| { kind: "say"; draft: Draft };

interface Waiting {
	job: Job;
	resolve(answer: Answer): void;
}

/** What a committed batch did, for the tail: streams, waiters, duty runner and match index feed on it. */
export interface Committed {
	/** Head before and after. */
	from: number;
	seq: number;
	batch: number;
	epoch: number;
	logged: Logged[];
	/** Rows changed: table name and key parts. */
	touched: [table: string, ...key: string[]][];
	changes: ReturnType<State["changes"]>;
	/** Duties that this batch made and that need preparation at once; leased to this process. */
	prepare: Duty[];
}

export interface SequencerParts {
	/** A client of its own with one connection, and how to make the next one after a failure. */
	connect(): Sql;
	machine: Machine;
	limits: Limits;
	now(): number;
	sign(logged: Logged): string;
	/** Name of this process in leases. */
	process: string;
	/** What a batch has been judged to add to the log, while the database is about to be told: it may not come to be. */
	onJudged?(logged: readonly Logged[]): void;
	onCommitted(batch: Committed): void;
	onTrouble(error: unknown, what: string): void;
	/** For tests that wait, kill or cut at a given step. */
	step?(name: "locked" | "folded" | "committed"): Promise<void> | void;
}

const BATCH = 500;
const TRIES = 5;
/** No further try begins after this long: whoever sent it has been waiting, and can send it again. */
const PATIENCE_MS = 20_000;
const WATCHDOG_MS = 15_000;
const MAX_ROWS = 400_000;
export const LEASE_MS = 60_000;

/**
 * One sequencer a process. It gathers what waits into a batch, takes the one head row, judges and folds under it,
 * writes everything in one statement, and answers after COMMIT (ARCHITECTURE, "The door").
 */
export class Sequencer {
	readonly state: State;
	#sql: Sql | undefined;
	#queue: Waiting[] = [];
	#running: Promise<void> | undefined;
	/** The batch and epoch this state reflects; −1: nothing. */
	#batch = -1;
	#epoch = -1;
	/** Where the log stood when this process last found in it what it had not written itself. */
	#foreign = -1;
	#closed = false;

	constructor(readonly parts: SequencerParts) {
		this.state = new State([...parts.machine.registry.shapes, limitShape], parts.machine.exchangeKey, false);
	}

	submit(candidate: Candidate, contents: Content[], arrivedAt: number, aheads?: Aheads): Promise<Answer> {
		return this.#enqueue({ kind: "message", candidate, contents, arrivedAt, aheads });
	}

	/** Meet a duty with what `prepare` found. The duty's row under the head lock is the guard against two answers. */
	meet(id: string, prepared: unknown): Promise<Answer> {
		return this.#enqueue({ kind: "duty", id, prepared });
	}

	say(draft: Draft): Promise<Answer> {
		return this.#enqueue({ kind: "say", draft });
	}

	/** How many wait: the door answers 503 before it promises what it cannot keep. */
	get waiting(): number {
		return this.#queue.length;
	}

	/** Finish what waits, then let the connection go. */
	async close(): Promise<void> {
		this.#closed = true;
		while (this.#running) await this.#running;
		await this.#sql?.end({ timeout: 5 }).catch(() => {});
		this.#sql = undefined;
	}

	#enqueue(job: Job): Promise<Answer> {
		if (this.#closed)
			return Promise.resolve({ kind: "refused", refusal: notProcessed({ retryAfterSeconds: 1 }) });
		return new Promise((resolve) => {
			this.#queue.push({ job, resolve });
			this.#wake();
		});
	}

	#wake(): void {
		this.#running ??= this.#drain().finally(() => {
			this.#running = undefined;
			// What came in between the loop's last look and this turn.
			if (this.#queue.length > 0) this.#wake();
		});
	}

	async #drain(): Promise<void> {
		// One turn of the loop lets requests that arrived together share a batch.
		await new Promise<void>((resolve) => setImmediate(resolve));
		while (this.#queue.length > 0) {
			const batch = this.#queue.splice(0, BATCH);
			await this.#settle(batch);
		}
	}

	/** Run a batch until it is in, or is known not to be: connection trouble is waited out, a poison message isolated. */
	async #settle(batch: Waiting[]): Promise<void> {
		const began = performance.now();
		for (let attempt = 1; ; attempt++) {
			const watch = { alive: true };
			try {
				const answers = await this.#watched(watch, batch);
				for (const [i, waiting] of batch.entries()) waiting.resolve(answers[i]!);
				return;
			} catch (error) {
				watch.alive = false;
				this.#forget();
				this.parts.onTrouble(error, `batch of ${batch.length}, attempt ${attempt}`);
				if (isConnectionTrouble(error)) {
					if (attempt < TRIES && performance.now() - began < PATIENCE_MS && !this.#closed) {
						await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
						continue;
					}
					// Those behind it would wait as long for the same answer, one batch after the other.
					for (const waiting of [...batch, ...this.#queue.splice(0)])
						waiting.resolve({ kind: "refused", refusal: notProcessed(), outage: true });
					return;
				}
				if (batch.length === 1) {
					batch[0]!.resolve({ kind: "refused", refusal: notProcessed() });
					return;
				}
				const half = Math.ceil(batch.length / 2);
				await this.#settle(batch.slice(0, half));
				await this.#settle(batch.slice(half));
				return;
			}
		}
	}

	/** State and client are thrown away: what the database did with the batch is read back from it. */
	#forget(): void {
		this.state.clear();
		this.#batch = -1;
		const sql = this.#sql;
		this.#sql = undefined;
		sql?.end({ timeout: 0 }).catch(() => {});
	}

	async #watched(watch: { alive: boolean }, batch: Waiting[]): Promise<Answer[]> {
		let timer: NodeJS.Timeout | undefined;
		const timeout = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Watchdog()), WATCHDOG_MS);
		});
		try {
			return await Promise.race([this.#run(watch, batch), timeout]);
		} finally {
			clearTimeout(timer);
		}
	}

	async #run(watch: { alive: boolean }, batch: Waiting[]): Promise<Answer[]> {
		this.#sql ??= this.parts.connect();
		const alive = () => {
			if (!watch.alive) throw new Watchdog();
		};
		// Whoever throws from here on leaves it in its transaction: the client is thrown away, which ends both.
		const line = await this.#sql.reserve();
		alive();
		// Sent together, done in this order: a question after the lock sees all that was written before it.
		const begun = line`begin`.execute();
		const locked = line`
			select seq, received_at, batch, epoch, frontier, ${line.unsafe(BY_INDEX)} from head for update`.execute();
		const foreseen = this.#foresee(batch);
		const [[head], found] = await Promise.all([locked, foreseen && load(line, foreseen), begun]);
		alive();
		await this.parts.step?.("locked");
		if (!head) throw new Error("the log has no head: the database is not set up");
		const from = Number(head.seq);
		if (await this.#caughtUp(line, Number(head.batch), head.epoch)) {
			if (foreseen) this.state.fill(foreseen, found!);
		} else {
			this.#foreign = from;
			// What was foreseen was what this process did not know; now it may know less.
			const first = this.#foresee(batch);
			if (first) this.state.fill(first, await load(line, first));
		}

		const at = this.parts.now();
		const receivedAt = Math.max(at, Number(head.received_at));
		const { answers, logged } = await this.#fold(line, batch, from, { at, receivedAt }, alive);
		await this.parts.step?.("folded");
		const changes = this.state.changes();
		let written: PromiseLike<unknown> | undefined;
		let committed: Committed | undefined;
		if (changes.length > 0) {
			const edge: Frontier = { size: from, hashes: (head.frontier as string[]).map((hash) => unhex(hash)!) };
			const { frontier } = append(
				edge,
				logged.map(({ act }) => leafHash(leafData(act.id, act.receivedAt))),
			);
			for (const one of logged) one.signature ??= this.parts.sign(one);
			const prepare = changes
				.filter(({ shape, before, after }) => shape.table === duties && !before && after)
				.map(({ after }) => after as unknown as Duty)
				.filter((duty) => duty.due <= receivedAt && this.parts.machine.answerOf(duty)?.answer?.prepare);
			const touched = changes
				.filter(({ shape }) => shape !== headers && shape.table !== history)
				.map(({ shape, key }): [string, ...string[]] => [shape.name, ...partsOf(key)]);
			const next = { seq: from + logged.length, batch: Number(head.batch) + 1 };
			alive();
			written = writeBatch(line, {
				logged,
				contents: batch.flatMap(({ job }, i) =>
					job.kind === "message" && answers[i]!.kind === "logged" ? job.contents : [],
				),
				changes,
				touched,
				process: this.parts.process,
				head: { ...next, receivedAt, frontier },
				leases: prepare.map(({ id }) => ({
					duty: id,
					process: this.parts.process,
					leased_until: at + LEASE_MS,
					tries: 1,
				})),
			});
			committed = { from, ...next, epoch: head.epoch, logged, touched, changes, prepare };
		}
		this.parts.onJudged?.(logged);
		// Together again: where the writing is refused, this commits nothing.
		await Promise.all([written, line`commit`.execute()]);
		line.release();
		alive();
		await this.parts.step?.("committed");
		this.state.keep();
		if (committed) {
			this.#batch = committed.batch;
			this.#epoch = committed.epoch;
			this.parts.onCommitted(committed);
		}
		if (this.state.size > MAX_ROWS) this.state.clear();
		return answers;
	}

	/** Fold the batch, pass after pass, until one meets no page fault; that pass is the real one. */
	async #fold(
		sql: Sql,
		batch: Waiting[],
		from: number,
		{ at, receivedAt }: { at: number; receivedAt: number },
		alive: () => void,
	): Promise<{ answers: Answer[]; logged: Logged[] }> {
		for (let pass = 0; pass < 50; pass++) {
			const logged: Logged[] = [];
			const answers = batch.map(({ job }): Answer => {
				const [mark, faulted] = [this.state.mark(), this.state.faulted];
				let answer: Answer;
				try {
					answer = this.#judge(job, { receivedAt, nextSeq: from + logged.length + 1 }, at);
				} catch (error) {
					this.parts.machine.bugs.push({ error, where: job.kind });
					answer = { kind: "refused", refusal: notProcessed() };
				}
				// Judged with rows missing: it means nothing, and must not stand in the way of those behind it.
				if (this.state.faulted > faulted || (answer.kind === "refused" && answer.refusal.status === 503))
					this.state.undo(mark);
				else if (answer.kind === "logged") logged.push(...answer.logged);
				return answer;
			});
			const faults = this.state.takeFaults();
			const bugs = this.parts.machine.bugs.splice(0);
			if (!faults) {
				for (const { error, where } of bugs) this.parts.onTrouble(error, where);
				return { answers, logged };
			}
			this.state.undo();
			const found = await load(sql, faults);
			alive();
			this.state.fill(faults, found);
		}
		throw new Error("a batch that never stops missing rows");
	}

	/** `at`: by the clock of this process. Limits count by it: the log's time may stand still after a clock that ran ahead. */
	#judge(job: Job, clock: Clocked, at: number): Answer {
		const { machine, limits } = this.parts;
		if (job.kind === "say") return this.#outcome(machine.say(this.state, job.draft, clock));
		if (job.kind === "duty") {
			const duty = this.state.get(duties, job.id);
			if (!duty || duty.due > clock.receivedAt) return { kind: "nothing" };
			const outcome = machine.meet(this.state, duty, clock, job.prepared);
			return outcome ? this.#outcome(outcome) : { kind: "nothing" };
		}
		const { candidate, arrivedAt, aheads } = job;
		let standing: Standing | undefined;
		const outcome = machine.take(this.state, candidate, clock, {
			arrivedAt,
			limited: () => {
				const limit = limits[candidate.operation.limit];
				if (!limit) return undefined;
				const counted = count(
					this.state,
					agentOfKey(this.state, candidate.sender),
					candidate.operation.limit,
					limit,
					at,
				);
				standing = counted.standing;
				return counted.refused;
			},
			ahead: (kind) => {
				const ahead = aheads?.get(kind);
				return ahead && ahead.seq >= this.#foreign ? ahead.prepared() : undefined;
			},
		});
		return { ...this.#outcome(outcome), standing };
	}

	#outcome(outcome: Outcome): Exclude<Answer, { kind: "nothing" }> {
		if (outcome.kind === "known") return { kind: "known", id: outcome.header.id, seq: outcome.header.seq };
		return outcome;
	}

	/** What every message asks first: whether its id and its antecedents are in the log, whose it is, its limit, its duty. */
	#foresee(batch: Waiting[]) {
		for (const { job } of batch) {
			if (job.kind === "say") continue;
			if (job.kind === "duty") {
				this.state.get(duties, job.id);
				continue;
			}
			const { candidate } = job;
			this.state.get(headers.table as never, candidate.id);
			for (const id of candidate.antecedents) this.state.get(headers.table as never, id);
			const { operation, payload } = candidate;
			const agent = agentOfKey(this.state, candidate.sender);
			this.state.get(limitShape.table as never, agent, operation.limit);
			operation.looksUp?.(this.state, { sender: agent, payload });
			if (operation.readers)
				for (const { sha256 } of detachedIn(payload as JsonObject))
					this.state.get(contentSenders, sha256, agent);
		}
		return this.state.takeFaults();
	}

	/**
	 * Whether the state was that of this batch already. If not, then now: another process wrote since, and what it touched
	 * is dropped; or a rebuild swapped the views, and everything is.
	 */
	async #caughtUp(sql: Sql, batch: number, epoch: number): Promise<boolean> {
		if (this.#batch === batch && this.#epoch === epoch) return true;
		const foreign =
			this.#batch >= 0 && this.#epoch === epoch
				? await sql`select touched from batches where batch > ${this.#batch}`
				: [];
		// Old rows are pruned: where not every batch since is there, what they touched is not known.
		if (foreign.length > 0 && foreign.length === batch - this.#batch) {
			for (const { touched } of foreign)
				for (const [table, ...key] of touched as [string, ...string[]][])
					this.state.drop(table, key.join("\u001f"));
		} else this.state.clear();
		this.#batch = batch;
		this.#epoch = epoch;
		return false;
	}
}

class Watchdog extends Error {
	code = "WATCHDOG";
	constructor() {
		super(`a batch took longer than ${WATCHDOG_MS} ms`);
	}
}

/**
 * Postgres classes 08 (connection), 57P (shutdown), 53 (resources), 58 (the system under it), 55P03/57014 (timeouts), 40
 * (rollback), 25006 (it takes no writes for now), and the driver's own.
 */
export function isConnectionTrouble(error: unknown): boolean {
	const code = String((error as { code?: unknown } | undefined)?.code ?? "");
	return /^(08|57P|53|58|40|55P03|57014|25P0|25006)|^(CONNECTION|CONNECT|ECONN|EPIPE|ETIMEDOUT|ENOENT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI|WATCHDOG)/.test(
		code,
	);
}
