import type { Sql } from "postgres";
import { entries } from "../../../db/schema/exchange";
import { decode } from "../../log/pages";
import { shapeOf } from "../../log/state";
import type { Advance, Tail } from "../../log/tail";
import { together } from "../../log/together";
import type { Entry } from "../state";
import { Backlog } from "./backlog";
import type { Earlier } from "./earlier";
import { Inventory, type Listed, piecesOf } from "./inventory";
import type { Meaning, Tell } from "./meaning";
import { pause } from "./patience";

/** Rows that are brought in at a time: some 20 ms of the main thread. */
const PAGE = 250;

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
	/** By id, with the row as it has become where this process wrote it. */
	#changed = new Map<string, Listed | undefined>();
	#anew = false;
	/** How far the tail has told, and how far the indexes are. */
	#told: number;
	#done: number;
	#waiting: { seq: number; resolve(): void }[] = [];
	#running: Promise<void> | undefined;
	/** Accepted without a sketch, as by a house operator; and live without all vectors. Apart: an embedder may fail for days. */
	#unread: Backlog;
	#unembedded: Backlog;
	#unlisten: () => void;
	#closing = new AbortController();

	constructor(parts: FeedParts) {
		this.#parts = parts;
		const { signal } = this.#closing;
		this.#unread = new Backlog({
			work: (entry) => this.#sketch(entry),
			trouble: (entry, error) => parts.tell("warn", `reading the content of entry ${entry.id}`, error),
			signal,
		});
		this.#unembedded = new Backlog({
			work: (entry) => this.#embed(entry),
			// An embedder's failing is told by itself, once.
			trouble: (entry, error) =>
				parts.meaning.trouble === undefined && parts.tell("warn", `embedding entry ${entry.id}`, error),
			signal,
		});
		this.#inventory = new Inventory(parts.meaning);
		this.#told = this.#done = parts.tail.seq;
		this.#unlisten = parts.tail.listen((advance) => this.#tell(advance));
	}

	/** What may be searched now. Another one after the views or the calibration changed. */
	get inventory(): Inventory {
		return this.#inventory;
	}

	/** How far the log is known here. */
	get seq(): number {
		return this.#done;
	}

	/** Whether the content of all that was accepted up to there is known. */
	get isRead(): boolean {
		return this.#unread.running === undefined;
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

	/** One row; undefined for an id that is no entry's. */
	readonly row = together(async (ids: string[]) => {
		const rows = new Map((await this.rows(ids)).map((row) => [row.id, row]));
		return ids.map((id) => rows.get(id));
	});

	async rows(ids: readonly string[]): Promise<Listed[]> {
		if (ids.length === 0) return [];
		// One by one down the index: planned while the table is small, `= any` would read all of it for as long as the plan is kept.
		const rows = await this.#parts.sql`
			select entry.* from unnest(${ids as string[]}::text[]) as asked (id)
			cross join lateral (select ${this.#columns} from views.entries where id = asked.id limit 1) entry`;
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

	/**
	 * Resolves when all that was put before `putSeq`, or that this process has heard of until now, is known: what waits for
	 * its ruling, and the content of what was accepted.
	 */
	async known(putSeq?: number): Promise<void> {
		await this.caughtUp(putSeq);
		await this.#unread.without((entry) => putSeq === undefined || entry.putSeq < putSeq);
	}

	/** Resolves when those that are live among these entries can be found by their meaning. */
	embedded(ids: ReadonlySet<string>): Promise<void> {
		return this.#unembedded.without(({ id }) => ids.has(id));
	}

	/** Resolves when nothing waits to be embedded or sketched. */
	async finished(): Promise<void> {
		const running = () => this.#running ?? this.#unread.running ?? this.#unembedded.running;
		while (running()) await running();
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
		await Promise.all([this.#unread.running, this.#unembedded.running]);
		for (const { resolve } of this.#waiting.splice(0)) resolve();
	}

	#tell({ seq, touched, changes, reset }: Advance): void {
		for (const [table, key] of touched) if (table === "entries") this.#changed.set(key!, undefined);
		for (const { shape, key, after } of changes ?? [])
			if (shape.table === entries) this.#changed.set(key, after && listedOf(after as unknown as Entry));
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
		const [anew, changed, told] = [this.#anew, this.#changed, this.#told];
		this.#anew = false;
		this.#changed = new Map();
		try {
			if (anew) await this.#load();
			const ids = [...changed.keys()];
			for (let at = 0; at < ids.length; at += PAGE) {
				const page = ids.slice(at, at + PAGE);
				const known = page.flatMap((id) => changed.get(id) ?? []);
				const rows = await this.rows(page.filter((id) => !changed.get(id)));
				this.#unembedded.add(await this.#take(this.#inventory, [...known, ...rows]));
			}
		} catch (error) {
			const { signal } = this.#closing;
			if (!signal.aborted) this.#parts.tell("warn", "reading entries for the match", error);
			this.#anew ||= anew;
			for (const [id, row] of changed) if (!this.#changed.has(id)) this.#changed.set(id, row);
			return pause(500, signal);
		}
		this.#done = told;
		const waiting = this.#waiting;
		this.#waiting = waiting.filter(({ seq }) => seq > told);
		for (const { seq, resolve } of waiting) if (seq <= told) resolve();
		await this.#parts.earlier
			.keepAccepted()
			.catch((error) => this.#parts.tell("warn", "keeping what contents are recognised by", error));
	}

	/**
	 * In pages, without holding the event loop for longer than one takes; searches find the old inventory until the new
	 * one is whole. Costs entries ever accepted, whatever the length of the log.
	 */
	async #load(): Promise<void> {
		const inventory = new Inventory(this.#parts.meaning);
		const unembedded: Listed[] = [];
		let after = { putSeq: -1, id: "" };
		for (;;) {
			const rows = await this.#parts.sql`
				select ${this.#columns} from views.entries
				where (accepted_at is not null or (status = 'pending' and held_for is null)) and (put_seq, id) > (${after.putSeq}, ${after.id})
				order by put_seq, id limit ${PAGE}`;
			const page = rows.map(listed);
			unembedded.push(...(await this.#take(inventory, page)));
			if (page.length < PAGE) break;
			after = page.at(-1)!;
		}
		this.#inventory = inventory;
		this.#unembedded.add(unembedded);
	}

	/** Brings rows into the indexes with what is kept of them; gives those that lack vectors. */
	async #take(inventory: Inventory, rows: readonly Listed[]): Promise<Listed[]> {
		const { meaning, earlier } = this.#parts;
		const coming = rows.filter((entry) => entry.status === "live" && !inventory.holds(entry));
		const unsketched = rows.filter(({ id, acceptedAt }) => acceptedAt !== null && !earlier.isAccepted(id));
		const [vectors, sketches] = await Promise.all([
			meaning.known(coming.flatMap(piecesOf)),
			earlier.sketches(unsketched.flatMap(({ id, sha256 }) => (earlier.isRead(id) ? [] : sha256))),
		]);
		for (const entry of rows) {
			if (entry.status !== "live") inventory.remove(entry.id);
			if (entry.status === "rejected") earlier.rejected(entry.id);
			if (entry.status !== "pending") continue;
			if (entry.held) earlier.goes(entry.id);
			else earlier.pending(entry);
		}
		this.#unread.add(unsketched.filter((entry) => !earlier.accepted(entry, sketches.get(entry.sha256))));
		return coming.filter((entry) => !inventory.put(entry, vectors));
	}

	async #sketch(entry: Listed): Promise<void> {
		const { earlier, content } = this.#parts;
		if (earlier.isAccepted(entry.id)) return;
		const hashes = await earlier.read(await content(entry.sha256));
		earlier.accepted(entry, await earlier.keep(entry.sha256, hashes));
	}

	async #embed(entry: Listed): Promise<void> {
		const { meaning } = this.#parts;
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
		const { sql } = this.#parts;
		return sql(shape.columns.map(({ name }) => name));
	}
}

/** Of a row as the database gives it. */
const listed = (row: Record<string, unknown>): Listed => listedOf(decode(shape, row) as unknown as Entry);
const shape = shapeOf(entries, {
	only: [
		...["id", "putSeq", "status", "heldFor", "acceptedAt", "expiresAt", "origin"],
		...["description", "domains", "contentHash"],
	],
});

function listedOf({ heldFor, contentHash, origin, ...entry }: Entry): Listed {
	const { id, putSeq, status, acceptedAt, expiresAt, description, domains } = entry;
	return {
		...{ id, putSeq, status, acceptedAt, expiresAt, description, domains },
		held: heldFor !== null,
		// Most are their own: one string then, which is kept for as long as the entry is.
		origin: origin === id ? id : origin,
		sha256: contentHash.slice("sha256:".length),
	};
}
