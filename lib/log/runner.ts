import type { Sql } from "postgres";
import { duties } from "../../db/schema/log";
import type { Machine } from "./machine";
import type { Duty } from "./operation";
import { decode } from "./pages";
import { LEASE_MS, type Sequencer } from "./sequencer";
import { shapeOf } from "./state";

const POLL_MS = 500;
/** Enough that their questions and their answers share round trips; each may hold a mebibyte of content. */
const AT_ONCE = 32;
const TRIES = 5;
/** What is not to be said yet is asked for after one second, then after five. */
const PATIENT_TRIES = 2;
/** Pause before the next try, by tries made. */
const PAUSE_MS = [0, 1_000, 5_000, 25_000, 120_000];

const shape = shapeOf(duties);

export interface RunnerParts {
	sql: Sql;
	machine: Machine;
	sequencer: Sequencer;
	/** What `prepare` works with. */
	ports: unknown;
	process: string;
	now(): number;
	/** A duty was parked after its last try: somebody must look. */
	alarm(duty: Duty, error: unknown): void;
	/** What is owed could not be looked for, or what came of it not be written down: it is tried again. */
	onTrouble?(error: unknown, what: string): void;
}

/**
 * Does what the exchange owes: at once what this process's own batches made, and every 500 ms what is overdue or
 * timed. A lease says who works on it; the duty's row, looked up under the head lock, is what keeps a second
 * answer out. There is no other scheduler and no other queue (ARCHITECTURE, "Duties").
 */
export class Runner {
	#timer: NodeJS.Timeout | undefined;
	#working = new Map<string, Promise<void>>();
	#waiting: { duty: Duty; tries: number }[] = [];
	#looking: Promise<void> | undefined;
	#closed = false;

	constructor(readonly parts: RunnerParts) {}

	start(): void {
		this.#timer = setInterval(() => this.look(), POLL_MS);
		this.#timer.unref();
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearInterval(this.#timer);
		this.#waiting = [];
		await this.#looking;
		await Promise.allSettled(this.#working.values());
	}

	/** Whether it does what is owed. */
	get isOpen(): boolean {
		return !this.#closed;
	}

	/** What it has leased and not done, also by batches that were written since it closed: whoever runs takes it up at once. */
	async release(): Promise<void> {
		const { sql, process } = this.parts;
		await sql`update duty_leases set leased_until = 0 where process = ${process} and not parked`;
	}

	/** Duties that a batch of this process made and leased to it. */
	take(made: Duty[]): void {
		if (this.#closed) return;
		for (const duty of made) this.#waiting.push({ duty, tries: 1 });
		this.#next();
	}

	/** Lease what is due and nobody works on. */
	look(): Promise<void> {
		this.#looking ??= this.#look()
			.catch((error) => this.parts.onTrouble?.(error, "looking for what is owed"))
			.finally(() => {
				this.#looking = undefined;
			});
		return this.#looking;
	}

	async #look(): Promise<void> {
		const free = AT_ONCE * 4 - this.#working.size - this.#waiting.length;
		if (this.#closed || free <= 0) return;
		const { sql, process } = this.parts;
		const now = this.parts.now();
		// What the log says is past is due also where this process's clock has stepped back, or is behind the others'.
		const leased = await sql`
			with due as (
				select d.id from views.duties d left join duty_leases l on l.duty = d.id
				where d.due <= greatest(${now}, (select received_at from head)) and (l.duty is null or (not l.parked and l.leased_until <= ${now}))
				order by d.due, d.id limit ${free}
			), taken as (
				insert into duty_leases (duty, process, leased_until, tries)
				select id, ${process}, ${now + LEASE_MS}, 1 from due
				on conflict (duty) do update set process = excluded.process, leased_until = excluded.leased_until,
					tries = duty_leases.tries + 1
				where not duty_leases.parked and duty_leases.leased_until <= ${now}
				returning duty, tries
			)
			select d.*, taken.tries from taken join views.duties d on d.id = taken.duty order by d.due, d.id`;
		for (const row of leased)
			this.#waiting.push({ duty: decode(shape, row) as unknown as Duty, tries: row.tries });
		this.#next();
	}

	#next(): void {
		while (!this.#closed && this.#working.size < AT_ONCE && this.#waiting.length > 0) {
			const { duty, tries } = this.#waiting.shift()!;
			if (this.#working.has(duty.id)) continue;
			const work = this.#perform(duty, tries).finally(() => {
				this.#working.delete(duty.id);
				this.#next();
			});
			this.#working.set(duty.id, work);
		}
	}

	async #perform(duty: Duty, tries: number): Promise<void> {
		const { machine, sequencer, ports } = this.parts;
		let trouble: unknown;
		try {
			const prepare = machine.answerOf(duty)?.answer?.prepare;
			const prepared = prepare ? await prepare(duty, ports as never) : undefined;
			const answer = await sequencer.meet(duty.id, prepared);
			if (answer.kind === "logged") return;
			// A database that is away says nothing of the duty, which would otherwise be parked by an outage of minutes.
			trouble =
				answer.kind === "refused" && !answer.outage
					? `${answer.refusal.code}: ${answer.refusal.detail}`
					: undefined;
		} catch (error) {
			trouble = error;
		}
		await this.#again(duty, tries, trouble).catch((error) =>
			this.parts.onTrouble?.(error, `duty ${duty.id}`),
		);
	}

	/** Not done: gone, not yet, or in trouble. A duty in trouble is tried with growing pauses, then parked. */
	async #again(duty: Duty, tried: number, trouble: unknown): Promise<void> {
		const { sql } = this.parts;
		// What takes long has not failed, and comes no nearer to being parked.
		const tries = trouble === undefined ? Math.min(tried, PATIENT_TRIES) : tried;
		const parked = trouble !== undefined && tries >= TRIES;
		const until = this.parts.now() + PAUSE_MS[Math.min(tries, PAUSE_MS.length - 1)]!;
		const error = trouble === undefined ? null : String((trouble as Error)?.stack ?? trouble).slice(0, 2_000);
		await sql`
			update duty_leases l set leased_until = ${until}, tries = ${tries}, parked = ${parked}, error = ${error}
			where l.duty = ${duty.id} and exists (select from views.duties d where d.id = l.duty)`;
		await sql`delete from duty_leases l where l.duty = ${duty.id} and not exists (select from views.duties d where d.id = l.duty)`;
		if (parked) this.parts.alarm(duty, trouble);
	}
}
