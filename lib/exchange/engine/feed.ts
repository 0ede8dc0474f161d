import type { Sql } from "postgres";
import type { Advance, Tail } from "../../log/tail";
import type { Earlier } from "./earlier";
import { Inventory, type Listed, piecesOf } from "./inventory";
import type { Meaning, Tell } from "./meaning";
import { pause } from "./patience";

/** Rows that are brought in at a time: some 20 ms of the main thread. */
const PAGE = 250;
const PAUSE_MS = [1_000, 5_000, 25_000, 60_000];

interface FeedParts {
	sql: Sql;
	tail: Pick<Tail, "listen" | "seq">;
	meaning: Meaning;
	earlier: Earlier;
	/** The text with this sha256. */
	content(sha256: string): Promise<string>;
	tell: Tell;
}

/**
 * Brings what the log changed into the indexes. One reader: what the tail tells while rows are being read is read in the
 * next go, however many batches that was. What must first be embedded or sketched comes in at once by what is there, and
 * is finished in the background.
 */
export class Feed {
	#parts: FeedParts;
	#inventory: Inventory;
	#changed = new Set<string>();
	#anew = false;
	/** How far the tail has told, and how far the indexes are. */
	#told: number;
	#done: number;
	#waiting: { seq: number; resolve(): void }[] = [];
	#running: Promise<void> | undefined;
	#unfinished = new Map<string, Listed>();
	#finishing: Promise<void> | undefined;
	#unlisten: () => void;
	#closing = new AbortController();

	constructor(parts: FeedParts) {
		this.#parts = parts;
		this.#inventory = new Inventory(parts.meaning);
		this.#told = this.#done = parts.tail.seq;
		this.#unlisten = parts.tail.listen((advance) => this.#tell(advance));
	}

	/** What may be searched now. Another one after the views or the calibration changed. */
	get inventory(): Inventory {
		return this.#inventory;
	}

	/** Reads everything for the first time; rejects with what the database rejects with. */
	async open(): Promise<void> {
		this.#running = this.#load();
		try {
			await this.#running;
		} finally {
			this.#running = undefined;
		}
		this.#run();
	}

	async rows(ids: readonly string[]): Promise<Listed[]> {
		const rows = await this.#parts
			.sql`select ${this.#columns} from views.entries where id = any(${ids as string[]})`;
		return rows.map(listed);
	}

	/**
	 * Resolves when whatever the log said up to `seq` can be found. Without one: whatever this process has heard of until
	 * now, so that who was told of a put-accept here, searches here and finds it. What another process logged is heard of a
	 * notification, at most half a second, later.
	 */
	caughtUp(seq = this.#told): Promise<void> {
		if (this.#done >= seq) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push({ seq, resolve }));
	}

	/** Resolves when nothing waits to be embedded or sketched. */
	async finished(): Promise<void> {
		while (this.#running || this.#finishing) await (this.#running ?? this.#finishing);
	}

	/** The calibration has become known: what the vectors mean has changed. */
	anew(): void {
		this.#anew = true;
		this.#run();
	}

	async close(): Promise<void> {
		this.#unlisten();
		this.#closing.abort();
		await this.#running;
		await this.#finishing;
		for (const { resolve } of this.#waiting.splice(0)) resolve();
	}

	#tell({ seq, touched, reset }: Advance): void {
		for (const [table, key] of touched) if (table === "entries") this.#changed.add(key!);
		if (reset) this.#anew = true;
		this.#told = seq;
		this.#run();
	}

	#run(): void {
		const { signal } = this.#closing;
		const behind = () => this.#anew || this.#changed.size > 0 || this.#done !== this.#told;
		if (this.#running || signal.aborted || !behind()) return;
		this.#running = this.#read().finally(() => {
			this.#running = undefined;
			this.#run();
		});
	}

	async #read(): Promise<void> {
		const [anew, changed, told] = [this.#anew, [...this.#changed], this.#told];
		this.#anew = false;
		this.#changed.clear();
		try {
			if (anew) await this.#load();
			for (let at = 0; at < changed.length; at += PAGE) {
				const rows = await this.rows(changed.slice(at, at + PAGE));
				this.#unfinish(await this.#take(this.#inventory, rows));
			}
		} catch (error) {
			const { signal } = this.#closing;
			if (!signal.aborted) this.#parts.tell("warn", "reading entries for the match", error);
			this.#anew ||= anew;
			for (const id of changed) this.#changed.add(id);
			return pause(500, signal);
		}
		this.#done = told;
		const waiting = this.#waiting;
		this.#waiting = waiting.filter(({ seq }) => seq > told);
		for (const { seq, resolve } of waiting) if (seq <= told) resolve();
	}

	/**
	 * In pages, without holding the event loop for longer than one takes; searches find the old inventory until the new
	 * one is whole. Costs entries ever accepted, whatever the length of the log.
	 */
	async #load(): Promise<void> {
		const inventory = new Inventory(this.#parts.meaning);
		const unfinished: Listed[] = [];
		let after = { putSeq: -1, id: "" };
		for (;;) {
			const rows = await this.#parts.sql`
				select ${this.#columns} from views.entries
				where (accepted_at is not null or (status = 'pending' and held_for is null)) and (put_seq, id) > (${after.putSeq}, ${after.id})
				order by put_seq, id limit ${PAGE}`;
			const page = rows.map(listed);
			unfinished.push(...(await this.#take(inventory, page)));
			if (page.length < PAGE) break;
			after = page.at(-1)!;
		}
		this.#inventory = inventory;
		this.#unfinish(unfinished);
	}

	/** Brings rows into the indexes with what is kept of them; gives those of which not all is. */
	async #take(inventory: Inventory, rows: readonly Listed[]): Promise<Listed[]> {
		const { meaning, earlier } = this.#parts;
		const coming = rows.filter((entry) => entry.status === "live" && !inventory.holds(entry));
		const unsketched = rows.filter(({ id, acceptedAt }) => acceptedAt !== null && !earlier.isAccepted(id));
		const [vectors, sketches] = await Promise.all([
			meaning.known(coming.flatMap(piecesOf)),
			earlier.sketches(unsketched.map(({ sha256 }) => sha256)),
		]);
		for (const entry of rows) {
			if (entry.status !== "live") inventory.remove(entry.id);
			if (entry.status === "rejected") earlier.rejected(entry.id);
			if (entry.status === "pending" && !entry.held) earlier.pending(entry);
		}
		const unfinished = new Set<Listed>();
		for (const entry of coming) if (!inventory.put(entry, vectors)) unfinished.add(entry);
		for (const entry of unsketched)
			if (!earlier.accepted(entry, sketches.get(entry.sha256))) unfinished.add(entry);
		return [...unfinished];
	}

	#unfinish(entries: readonly Listed[]): void {
		for (const entry of entries) this.#unfinished.set(entry.id, entry);
		this.#finish();
	}

	#finish(): void {
		if (this.#finishing || this.#unfinished.size === 0 || this.#closing.signal.aborted) return;
		this.#finishing = this.#finishAll().finally(() => {
			this.#finishing = undefined;
			this.#finish();
		});
	}

	/** One entry after the other, in no order, so that several processes that start with the same backlog share it. */
	async #finishAll(): Promise<void> {
		const { signal } = this.#closing;
		let failures = 0;
		while (this.#unfinished.size > 0 && !signal.aborted) {
			const entry = [...this.#unfinished.values()][Math.floor(Math.random() * this.#unfinished.size)]!;
			try {
				await this.#finishOne(entry);
				failures = 0;
				if (this.#unfinished.get(entry.id) === entry) this.#unfinished.delete(entry.id);
			} catch (error) {
				// An embedder's failing is told by itself, once.
				if (this.#parts.meaning.trouble === undefined && !signal.aborted)
					this.#parts.tell("warn", `finishing entry ${entry.id} for the match`, error);
				await pause(PAUSE_MS[Math.min(failures++, PAUSE_MS.length - 1)]!, signal);
			}
		}
	}

	async #finishOne(entry: Listed): Promise<void> {
		const { meaning, earlier, content } = this.#parts;
		if (entry.acceptedAt !== null && !earlier.isAccepted(entry.id)) {
			const hashes = await earlier.read(await content(entry.sha256));
			earlier.accepted(entry, await earlier.keep(entry.sha256, hashes));
		}
		if (meaning.wordsOnly || !this.#inventory.holds(entry)) return;
		const pieces = piecesOf(entry);
		const vectors = await meaning.known(pieces);
		for (const piece of pieces) {
			if (vectors.has(piece)) continue;
			vectors.set(piece, await meaning.made(piece));
			if (this.#closing.signal.aborted) return;
			// The lead alone finds most; the windows behind it come as they are made.
			if (this.#inventory.holds(entry)) this.#inventory.put(entry, vectors);
		}
		if (this.#inventory.holds(entry)) this.#inventory.put(entry, vectors);
	}

	get #columns() {
		return this.#parts.sql`
			id, put_seq, status, held_for, accepted_at, expires_at, origin, description, domains, content_hash`;
	}
}

function listed(row: Record<string, unknown>): Listed {
	const instant = (value: unknown) => (value === null ? null : Number(value));
	return {
		id: row.id as string,
		putSeq: Number(row.put_seq),
		status: row.status as Listed["status"],
		held: row.held_for !== null,
		acceptedAt: instant(row.accepted_at),
		expiresAt: instant(row.expires_at),
		origin: row.origin as string,
		description: row.description as string,
		domains: row.domains as string[],
		sha256: (row.content_hash as string).slice("sha256:".length),
	};
}
