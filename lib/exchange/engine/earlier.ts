import { createHmac } from "node:crypto";
import { CopyIndex, type Nearest, shingles, sketchOf } from "../../match/copies";
import type { Listed } from "./inventory";
import { type Kept, packedHashes, unpackedHashes } from "./kept";

/** RULES, "Copies". */
export const COPY_OVERLAP = 0.6;
const SKETCHES = "sketch/1";

interface Author {
	putSeq: number;
	origin: string;
	accepted: boolean;
}

interface Ruling {
	put: Listed;
	/** All its shingle hashes, once somebody needed them. */
	hashes?: Promise<Uint32Array>;
	over: Promise<void>;
	end(): void;
}

/** A put at the door, from when it comes until what the log says of it is read. */
interface Coming {
	/** Undefined while nobody has read it. */
	hashes?: Uint32Array;
	/** Nothing that is known, and nothing that came since, is like it. */
	isAlone: boolean;
}

/**
 * Sketches of everything that was ever accepted, live or not, of the puts that wait for their ruling, and of those at the door:
 * ten variants sent at once must not each be new because none of them is accepted yet.
 */
export class Earlier {
	#sketches = new CopyIndex();
	#authors = new Map<string, Author>();
	#rulings = new Map<string, Ruling>();
	#coming = new Map<string, Coming>();
	/** At the door or waiting for their ruling, and not read yet: what comes now may be like them. */
	#unread = new Set<string>();
	/** Read at the door and accepted since, by sha256: found by this process alone until they are kept. */
	#unkept = new Map<string, Uint32Array>();
	#salt: number;
	#turn: Promise<unknown> = Promise.resolve();

	/** Which shingles are sampled follows from the exchange's secret: else a seller could compute which places to edit. */
	constructor(
		secret: string,
		readonly kept: Kept,
	) {
		this.#salt = createHmac("sha256", secret)
			.update("weekly-agent-exchange/1/shingles")
			.digest()
			.readUInt32BE();
	}

	/** All shingle hashes of a text. A mebibyte holds the main thread for 20 to 50 ms, so there is one a turn. */
	read(text: string): Promise<Uint32Array> {
		return this.inTurn(() => this.#hashes(text));
	}

	#hashes(text: string): Uint32Array {
		return shingles(text, this.#salt);
	}

	/** Work that takes a while, one after the other with a turn of the event loop between. */
	inTurn<T>(work: () => T): Promise<T> {
		const done = this.#turn.then(() => new Promise((resolve) => setImmediate(resolve))).then(work);
		this.#turn = done.catch(() => {});
		return done;
	}

	/** Keeps what a content is recognised by, by its sha256, and gives it. */
	async keep(sha256: string, hashes: Uint32Array): Promise<Uint32Array> {
		const sketch = sketchOf(hashes);
		await this.kept.keep(SKETCHES, sha256, packedHashes(sketch));
		return sketch;
	}

	async sketches(contents: readonly string[]): Promise<Map<string, Uint32Array>> {
		const found = await this.kept.find(SKETCHES, contents);
		return new Map([...found].map(([sha256, bytes]) => [sha256, unpackedHashes(bytes)]));
	}

	/** A put is at the door: from now on others are compared with it. False when it is known already. */
	come(id: string): boolean {
		if (this.#coming.has(id) || this.#authors.has(id) || this.#rulings.has(id)) return false;
		this.#coming.set(id, { isAlone: false });
		this.#unread.add(id);
		return true;
	}

	/** Reads a put at the door. Whatever overlaps with it by `least` or more is not alone any more, nor is it then. */
	readComing(id: string, text: string, least: number): void {
		const coming = this.#coming.get(id)!;
		coming.hashes = this.#hashes(text);
		const near = this.#sketches.near(coming.hashes, least);
		for (const other of near) this.#spoil(other.id);
		coming.isAlone = near.length === 0;
		this.#sketches.put(id, sketchOf(coming.hashes));
		this.#authors.set(id, { putSeq: Number.POSITIVE_INFINITY, origin: id, accepted: false });
		this.#unread.delete(id);
	}

	#spoil(id: string): void {
		const coming = this.#coming.get(id);
		if (coming) coming.isAlone = false;
	}

	/** Whether a put at the door is like nothing that is known by now, and nothing waits to be read that may be like it. */
	isAlone(id: string): boolean {
		return this.#unread.size === 0 && this.#coming.get(id)?.isAlone === true;
	}

	/** A put that came to the door did not get into the log, or waits there for a house operator: nobody is its copy. */
	goes(id: string): void {
		const coming = this.#coming.get(id);
		if (!coming) return;
		this.#heardOf(id);
		if (!coming.hashes) return;
		this.#sketches.remove(id);
		this.#authors.delete(id);
	}

	/** The log has said of it what it says. */
	#heardOf(id: string): void {
		this.#coming.delete(id);
		this.#unread.delete(id);
	}

	/** A put waits for the exchange's own ruling. */
	pending(put: Listed): void {
		const { id, putSeq } = put;
		if (this.#rulings.has(id) || this.#authors.get(id)?.putSeq === putSeq) return;
		const hashes = this.#coming.get(id)?.hashes;
		this.#heardOf(id);
		let end = () => {};
		const over = new Promise<void>((resolve) => {
			end = resolve;
		});
		this.#rulings.set(id, { put, over, end, ...(hashes && { hashes: Promise.resolve(hashes) }) });
		if (hashes) this.#authors.set(id, { putSeq, origin: id, accepted: false });
		else this.#unread.add(id);
	}

	/** The shingles of a pending put, from now on compared with; read once for all that ask. */
	hashesOf(put: Listed, text: () => Promise<string>): Promise<Uint32Array> {
		const ruling = this.#rulings.get(put.id);
		if (!ruling) return text().then((text) => this.read(text));
		ruling.hashes ??= text()
			.then((text) => this.read(text))
			.then((hashes) => {
				if (this.#rulings.has(put.id)) {
					this.#sketches.put(put.id, sketchOf(hashes));
					this.#authors.set(put.id, { putSeq: put.putSeq, origin: put.id, accepted: false });
					this.#unread.delete(put.id);
				}
				return hashes;
			})
			.catch((error) => {
				ruling.hashes = undefined;
				throw error;
			});
		return ruling.hashes;
	}

	/** What was put before and has no ruling yet. */
	unruledBefore(putSeq: number): Listed[] {
		return [...this.#rulings.values()].map(({ put }) => put).filter((put) => put.putSeq < putSeq);
	}

	/** Whether this entry was accepted, as far as this process knows. */
	isAccepted(id: string): boolean {
		return this.#authors.get(id)?.accepted === true;
	}

	/** Whether its sketch is here, whatever became of it. */
	isRead(id: string): boolean {
		return this.#authors.has(id);
	}

	/**
	 * It was accepted: from now on others are its copies. Needs no `sketch` of what was read here before; without one of anything
	 * else only its wait is over, and false is returned.
	 */
	accepted({ id, putSeq, origin, sha256 }: Listed, sketch?: Uint32Array): boolean {
		const hashes = this.#coming.get(id)?.hashes;
		if (hashes) this.#unkept.set(sha256, sketchOf(hashes));
		const isRead = this.isRead(id);
		if (sketch && !isRead) this.#sketches.put(id, sketch);
		if (sketch || isRead) this.#authors.set(id, { putSeq, origin, accepted: true });
		this.#ruled(id);
		return this.isRead(id);
	}

	/** It was rejected: it never was in the inventory and made nobody its author. */
	rejected(id: string): void {
		this.#sketches.remove(id);
		this.#authors.delete(id);
		this.#ruled(id);
	}

	/** Keeps what was read at the door and has been accepted since. Rejects where it cannot; to be asked again. */
	async keepAccepted(): Promise<void> {
		await Promise.all(
			Array.from(this.#unkept, async ([sha256, sketch]) => {
				await this.kept.keep(SKETCHES, sha256, packedHashes(sketch));
				this.#unkept.delete(sha256);
			}),
		);
	}

	/**
	 * What was put before `putSeq` and overlaps by 0.6 or more: the earliest such, or of a copy of a copy the copy, whose
	 * `origin` says the rest. Else what overlaps most.
	 */
	nearest(
		hashes: Uint32Array,
		putSeq: number,
		among: (id: string) => boolean = () => true,
	): Nearest | undefined {
		let found: Nearest | undefined;
		for (let before = putSeq; ; ) {
			const accept = (id: string) => this.#authors.get(id)!.putSeq < before && among(id);
			const next = this.#sketches.nearest(hashes, accept);
			if (!next || next.overlap < COPY_OVERLAP) return found ?? next;
			found = next;
			const author = this.#authors.get(next.id)!;
			before = Math.min(author.putSeq, this.#authors.get(author.origin)?.putSeq ?? author.putSeq);
		}
	}

	/** What was put before `putSeq`, accepted or not ruled on yet, and overlaps by `least` or more: what overlaps most first. */
	near(hashes: Uint32Array, putSeq: number, least: number): Nearest[] {
		const before = (id: string) => this.#authors.get(id)!.putSeq < putSeq;
		return this.#sketches.near(hashes, least, before).sort((a, b) => b.overlap - a.overlap);
	}

	/** Resolves when a put has its ruling; undefined when it waits for none. */
	untilRuled(id: string): Promise<void> | undefined {
		return this.#rulings.get(id)?.over;
	}

	#ruled(id: string): void {
		this.#heardOf(id);
		this.#rulings.get(id)?.end();
		this.#rulings.delete(id);
	}
}
