import { type Calibration, LEXICAL_WEIGHT, lexicalCalibration, relevanceOf } from "./calibration";
import { terms } from "./text";
import { Vectors } from "./vectors";

export type Indexed<Attributes extends object> = Attributes & {
	id: string;
	/** `entryText(description, domains)` */
	text: string;
	/** Unit vectors of `windows(text)`, in the index's dimensions; null while not embedded: then words alone rank it. */
	vectors: readonly Float32Array[] | null;
};

export type Hit = {
	id: string;
	/** The best cosine over the entry's vectors, 0…1; 0 when words alone ranked it. */
	similarity: number;
	/** BM25 over its maximum, 0…1. */
	lexical: number;
	score: number;
	/** Calibrated, 0…1; 0.5 parts full from partial matches. */
	relevance: number;
	by: "vector" | "words";
};

export type Found = {
	/** Best first: relevance, then id. None below its calibration's floor. */
	hits: Hit[];
	/** Entries the filters let through, and how many of them fell below the floor. */
	candidates: number;
	belowFloor: number;
	/** Candidates that words alone ranked, though there may be an embedder. */
	unembedded: number;
};

/**
 * The live entries of one process, searched exactly: filters first, then every vector of what is left, and BM25 over an
 * inverted index. An approximate index would lose answers on the filtered sets that matter and saves nothing here.
 *
 * Everything about an entry lives in typed arrays under its number ("row"); a removed row is only marked and swept together
 * with its postings when enough of them have gathered, so put and remove cost what one entry costs.
 */
export class MatchIndex<Attributes extends object = Record<never, never>> {
	readonly dims: number;
	readonly calibration: Calibration;

	#rows = new Map<string, number>();
	#ids: string[] = [];
	#attributes: (Attributes | undefined)[] = [];
	#live = new Uint8Array(64);
	#lengths = new Uint32Array(64);
	#firstVector = new Uint32Array(64);
	#freeRows: number[] = [];
	#deadRows: number[] = [];
	#totalLength = 0;

	// Postings: one chain a term, each link a row and its count packed in one number (row × 16 + count up to 15).
	#terms = new Map<string, number>();
	#firstLink: number[] = [];
	#links = new Uint32Array(1024);
	#nextLink = new Uint32Array(1024);
	#linkCount = 1;

	#vectors: Vectors;
	#owners = new Int32Array(64);
	#nextVector = new Uint32Array(64);
	#vectorCount = 1;
	#freeVectors: number[] = [];

	/** Of the search that is running, by row. Made for each, they were a megabyte and a half of garbage at 100,000 entries. */
	#scores = new Float64Array(0);
	#best = new Float64Array(0);
	#accepted = new Uint8Array(0);

	/** `dims` 0 is the lexical driver: vectors are then not taken. The calibration is the embedder's. */
	constructor(dims: number, calibration: Calibration) {
		this.dims = dims;
		this.#vectors = new Vectors(dims);
		// Place 0 ends a row's chain: it is nobody's vector.
		this.#owners[0] = -1;
		this.calibration = calibration;
	}

	get size(): number {
		return this.#rows.size;
	}

	/** The attributes an entry was put with. */
	get(id: string): Attributes | undefined {
		const row = this.#rows.get(id);
		return row === undefined ? undefined : this.#attributes[row];
	}

	/** Adds an entry, or replaces the one with this id. Throws a RangeError when a vector has other dimensions. */
	put(entry: Indexed<Attributes>): void {
		const { id, text, vectors, ...attributes } = entry;
		if (vectors?.some((vector) => vector.length !== this.dims))
			throw new RangeError(`Vectors of ${id} need ${this.dims} dimensions.`);
		this.remove(id);
		const row = this.#freeRows.pop() ?? this.#ids.length;
		this.#live = grown(this.#live, row);
		this.#lengths = grown(this.#lengths, row);
		this.#firstVector = grown(this.#firstVector, row);
		this.#rows.set(id, row);
		this.#ids[row] = id;
		this.#attributes[row] = attributes as unknown as Attributes;
		this.#live[row] = 1;
		this.#index(row, terms(text));
		for (const vector of vectors ?? []) this.#addVector(row, vector);
	}

	/** Takes an entry out; an unknown id is no error. */
	remove(id: string): void {
		const row = this.#rows.get(id);
		if (row === undefined) return;
		this.#rows.delete(id);
		this.#attributes[row] = undefined;
		this.#live[row] = 0;
		this.#totalLength -= this.#lengths[row]!;
		for (let at = this.#firstVector[row]!; at !== 0; at = this.#nextVector[at]!) {
			this.#owners[at] = -1;
			this.#freeVectors.push(at);
		}
		this.#firstVector[row] = 0;
		this.#deadRows.push(row);
		if (this.#deadRows.length > 1_000 + this.#rows.size / 4) this.#sweep();
	}

	/**
	 * The entries that answer a question, best first. `vector` is the question's, or null when there is none: words
	 * alone rank then. `accept` sees every live entry before anything is scored, so that no filter acts after the cut.
	 */
	search(
		question: { text: string; vector: Float32Array | null },
		accept: (id: string, attributes: Attributes) => boolean,
		limit: number,
	): Found {
		if (question.vector && question.vector.length !== this.dims)
			throw new RangeError(`The question's vector needs ${this.dims} dimensions.`);
		const words = this.#bm25(question.text);
		this.#accepted = cleared(this.#accepted, this.#ids.length, 0);
		const accepted = this.#accepted.subarray(0, this.#ids.length);
		let candidates = 0;
		for (let row = 0; row < accepted.length; row++) {
			if (!this.#live[row] || !accept(this.#ids[row]!, this.#attributes[row]!)) continue;
			accepted[row] = 1;
			candidates++;
		}
		const cosines = question.vector && this.#cosines(question.vector, accepted);
		const hits: Hit[] = [];
		let belowFloor = 0;
		let unembedded = 0;
		for (let row = 0; row < accepted.length; row++) {
			if (!accepted[row]) continue;
			const bm25 = words.scores[row]!;
			const lexical = words.highest ? bm25 / words.highest : 0;
			const by = cosines && this.#firstVector[row] ? "vector" : "words";
			const calibration = by === "vector" ? this.calibration : lexicalCalibration;
			const similarity = by === "vector" ? Math.min(1, Math.max(0, cosines![row]!)) : 0;
			const ofPossible = words.possible ? bm25 / words.possible : 0;
			const score = by === "vector" ? similarity + LEXICAL_WEIGHT * lexical : ofPossible;
			if (by === "words") unembedded++;
			if (score < calibration.floor) belowFloor++;
			else
				hits.push({
					id: this.#ids[row]!,
					similarity,
					lexical,
					score,
					relevance: relevanceOf(calibration, score),
					by,
				});
		}
		hits.sort((a, b) => b.relevance - a.relevance || (a.id < b.id ? -1 : 1));
		return { hits: hits.slice(0, limit), candidates, belowFloor, unembedded };
	}

	#index(row: number, words: readonly string[]): void {
		const counts = new Map<string, number>();
		for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
		for (const [word, count] of counts) {
			let term = this.#terms.get(word);
			if (term === undefined) {
				term = this.#firstLink.length;
				this.#terms.set(word, term);
				this.#firstLink.push(0);
			}
			this.#addLink(term, row * 16 + Math.min(count, 15));
		}
		this.#lengths[row] = words.length;
		this.#totalLength += words.length;
	}

	#addLink(term: number, link: number): void {
		const at = this.#linkCount++;
		this.#links = grown(this.#links, at);
		this.#nextLink = grown(this.#nextLink, at);
		this.#links[at] = link;
		this.#nextLink[at] = this.#firstLink[term]!;
		this.#firstLink[term] = at;
	}

	/**
	 * BM25 of every live row, the maximum it is measured against, and the highest this question could reach at all. The
	 * maximum is taken over all live entries, not over the filtered ones, so that a filter never changes how relevant an
	 * entry is; and it is at least a tenth of the possible one: in a small inventory somebody is always "the best" by one
	 * accidental word (that tenth took wrong answers past the floor from 18 % to 7 %, right ones from 100 % to 98 %).
	 */
	#bm25(text: string): { scores: Float64Array; highest: number; possible: number } {
		this.#scores = cleared(this.#scores, this.#ids.length, 0);
		const scores = this.#scores.subarray(0, this.#ids.length);
		const live = this.#rows.size;
		const mean = live ? this.#totalLength / live || 1 : 1;
		let possible = 0;
		for (const word of new Set(terms(text))) {
			const first = this.#firstLink[this.#terms.get(word) ?? -1] ?? 0;
			let having = 0;
			for (let at = first; at !== 0; at = this.#nextLink[at]!) having += this.#live[this.#links[at]! >>> 4]!;
			const idf = Math.log(1 + (live - having + 0.5) / (having + 0.5));
			possible += idf * (K1 + 1);
			for (let at = first; at !== 0; at = this.#nextLink[at]!) {
				const row = this.#links[at]! >>> 4;
				if (!this.#live[row]) continue;
				const count = this.#links[at]! & 15;
				const penalty = K1 * (1 - B + (B * this.#lengths[row]!) / mean);
				scores[row]! += (idf * count * (K1 + 1)) / (count + penalty);
			}
		}
		let highest = LEAST_MAXIMUM * possible;
		for (const score of scores) if (score > highest) highest = score;
		return { scores, highest, possible };
	}

	#addVector(row: number, vector: Float32Array): void {
		const at = this.#freeVectors.pop() ?? this.#vectorCount++;
		this.#owners = grown(this.#owners, at);
		this.#nextVector = grown(this.#nextVector, at);
		this.#vectors.set(at, vector);
		this.#owners[at] = row;
		this.#nextVector[at] = this.#firstVector[row]!;
		this.#firstVector[row] = at;
	}

	/** The best cosine of every accepted row. */
	#cosines(vector: Float32Array, accepted: Uint8Array): Float64Array {
		this.#best = cleared(this.#best, accepted.length, -1);
		const best = this.#best;
		const owners = this.#owners;
		this.#vectors.cosines(vector, this.#vectorCount, (at, cosine) => {
			const row = owners[at]!;
			if (row >= 0 && accepted[row] && cosine > best[row]!) best[row] = cosine;
		});
		return best;
	}

	/** Drops the postings of dead rows, and words nobody uses any more; only then may a row's number be used again. */
	#sweep(): void {
		const [oldTerms, oldFirst, oldLinks, oldNext] = [
			this.#terms,
			this.#firstLink,
			this.#links,
			this.#nextLink,
		];
		this.#terms = new Map();
		this.#firstLink = [];
		this.#links = new Uint32Array(1024);
		this.#nextLink = new Uint32Array(1024);
		this.#linkCount = 1;
		for (const [word, oldTerm] of oldTerms) {
			const term = this.#firstLink.length;
			for (let at = oldFirst[oldTerm]!; at !== 0; at = oldNext[at]!) {
				if (!this.#live[oldLinks[at]! >>> 4]) continue;
				if (term === this.#firstLink.length) {
					this.#terms.set(word, term);
					this.#firstLink.push(0);
				}
				this.#addLink(term, oldLinks[at]!);
			}
		}
		this.#freeRows.push(...this.#deadRows);
		this.#deadRows = [];
	}
}

const K1 = 1.2;
const B = 0.75;
const LEAST_MAXIMUM = 0.1;

/** The array, or a larger one, with this everywhere. */
function cleared<T extends Uint8Array | Float64Array>(array: T, length: number, value: number): T {
	if (array.length >= length) {
		array.fill(value);
		return array;
	}
	const larger = new (array.constructor as new (length: number) => T)(Math.ceil(length * 1.25));
	larger.fill(value);
	return larger;
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(array: T, at: number): T {
	if (at < array.length) return array;
	const larger = new (array.constructor as new (length: number) => T)(
		Math.max(at + 1, Math.ceil(array.length * 1.25)),
	);
	larger.set(array);
	return larger;
}
