import type { Sql } from "postgres";
import type { Committed } from "./sequencer";

/** A message as it stands in the log: its body is the exact signed text. */
export interface Recorded {
	seq: number;
	id: string;
	operation: string;
	/** The agent, by its first key; the key that signed stands in the body. */
	sender: string;
	receivedAt: number;
	antecedent: string | null;
	addressed: string[];
	body: string;
	signature: string;
}

export interface Advance {
	from: number;
	seq: number;
	messages: Recorded[];
	touched: [table: string, ...key: string[]][];
	/** The rows as they have become, where this process made them so. */
	changes?: Committed["changes"];
	/** The views were swapped by a rebuild, or too much was missed: whoever keeps a copy reads it anew. */
	reset: boolean;
}

type Listener = (advance: Advance) => void;

const POLL_MS = 500;
const PAGE = 1_000;

/**
 * The end of the log as this process sees it: one reader feeds streams, waiters, the duty runner and the match
 * index. What this process wrote arrives at once; what others wrote, by notification (a hint) or poll (the truth).
 */
export class Tail {
	seq = 0;
	#batch = 0;
	#epoch = 0;
	#listeners = new Set<Listener>();
	#timer: NodeJS.Timeout | undefined;
	#polling: Promise<void> | undefined;
	#again = false;
	#closed = false;
	#unlisten: (() => Promise<void>) | undefined;

	constructor(
		readonly sql: Sql,
		readonly onTrouble: (error: unknown) => void,
		/** Name of this process among those that write: of its own batches it is told by `committed`. */
		readonly process?: string,
	) {}

	async start(): Promise<void> {
		const [head] = await this.sql`select seq, batch, epoch from head`;
		this.seq = Number(head!.seq);
		this.#batch = Number(head!.batch);
		this.#epoch = head!.epoch;
		this.sql
			.listen("wax_head", (writer) => writer === this.process || this.hint())
			.then((listening) => {
				this.#unlisten = listening.unlisten;
			}, this.onTrouble);
		this.#timer = setInterval(() => this.hint(), POLL_MS);
		this.#timer.unref();
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearInterval(this.#timer);
		await this.#unlisten?.().catch(() => {});
		await this.#polling;
	}

	/** Called after each advance, in log order. Must not throw; work that takes long is for the listener's own queue. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** This process has committed a batch. */
	committed(batch: Committed, messages: Recorded[]): void {
		if (!this.#polling && batch.batch === this.#batch + 1 && batch.epoch === this.#epoch) {
			this.#batch = batch.batch;
			const { from, seq, touched, changes } = batch;
			this.#emit({ from, seq, messages, touched, changes, reset: false });
		} else this.hint();
	}

	/** There may be more: look. */
	hint(): void {
		if (this.#closed) return;
		if (this.#polling) {
			this.#again = true;
			return;
		}
		this.#polling = this.#poll()
			.catch(this.onTrouble)
			.finally(() => {
				this.#polling = undefined;
				if (!this.#again) return;
				this.#again = false;
				this.hint();
			});
	}

	async #poll(): Promise<void> {
		const [head] = await this.sql`select seq, batch, epoch from head`;
		if (!head || Number(head.batch) === this.#batch) return;
		const batch = Number(head.batch);
		const batches = await this
			.sql`select batch, touched from batches where batch > ${this.#batch} and batch <= ${batch}`;
		const reset = head.epoch !== this.#epoch || batches.length !== batch - this.#batch;
		const touched = reset ? [] : batches.flatMap((row) => row.touched as [string, ...string[]][]);
		let page: Recorded[];
		do {
			page = await recorded(this.sql, this.seq, Number(head.seq), PAGE);
			const last = page.at(-1)?.seq ?? Number(head.seq);
			const done = last >= Number(head.seq);
			// What was touched is told with the last page: by then every row of it is there to be read.
			this.#emit({
				from: this.seq,
				seq: last,
				messages: page,
				touched: done ? touched : [],
				reset: done && reset,
			});
		} while (page.length === PAGE);
		this.#batch = batch;
		this.#epoch = head.epoch;
	}

	#emit(advance: Advance): void {
		this.seq = advance.seq;
		for (const listener of this.#listeners) {
			try {
				listener(advance);
			} catch (error) {
				this.onTrouble(error);
			}
		}
	}
}

/** Messages after `after` up to `to`, in order. */
export async function recorded(sql: Sql, after: number, to: number, limit: number): Promise<Recorded[]> {
	const rows = await sql`
		select seq, id, operation, sender, received_at, antecedent, addressed, body, signature
		from messages where seq > ${after} and seq <= ${to} order by seq limit ${limit}`;
	return rows.map(fromRow);
}

export function fromRow(row: Record<string, unknown>): Recorded {
	return {
		seq: Number(row.seq),
		id: row.id as string,
		operation: row.operation as string,
		sender: row.sender as string,
		receivedAt: Number(row.received_at),
		antecedent: row.antecedent as string | null,
		addressed: row.addressed as string[],
		body: row.body as string,
		signature: row.signature as string,
	};
}
