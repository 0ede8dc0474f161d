/**
 * Finding near-duplicates of what was put before (RULES, Copies: shingle overlap ≥ 0.6). A text is the set of hashes of
 * its runs of four words. Of an earlier entry only the 128 lowest hashes are kept, half a kilobyte: hashes are as good as
 * random, so these are a fair sample of the whole set. Of a new text all hashes are at hand, and asking how many of the
 * sample it has gives containment with an error of 4 %, however much was put around the copy. Two samples of
 * each other (MinHash) would know the resemblance only, and that falls with every word of padding.
 */

/** Words in a shingle: with five, a renamed identifier here and there already hides a copy; with three, boilerplate meets. */
const SHINGLE_WORDS = 4;
const SKETCH_HASHES = 128;

/**
 * All distinct shingle hashes of a text, ascending. Letters' case, white space, punctuation, accents, invisible characters and
 * the difference between `userId` and `user_id` make none. `salt` (32 bits, kept by the exchange) decides
 * which shingles are sampled, so that nobody can compute which 128 places to edit. Under 50 ms for 1 MiB.
 */
export function shingles(content: string, salt = 0): Uint32Array {
	const words = wordHashes(content, salt);
	if (words.length === 0) return new Uint32Array(0);
	const count = Math.max(1, words.length - SHINGLE_WORDS + 1);
	const hashes = new Uint32Array(count);
	for (let at = 0; at < count; at++) {
		let hash = salt ^ 0x9e3779b9;
		const end = Math.min(words.length, at + SHINGLE_WORDS);
		for (let word = at; word < end; word++) hash = mixed(Math.imul(hash, 0x85ebca6b) ^ words[word]!);
		hashes[at] = hash;
	}
	hashes.sort();
	let distinct = 0;
	for (let at = 0; at < count; at++)
		if (at === 0 || hashes[at] !== hashes[at - 1]) hashes[distinct++] = hashes[at]!;
	return hashes.slice(0, distinct);
}

/** What is kept of an entry: its lowest shingle hashes, ascending, at most 128. */
export const sketch = (content: string, salt = 0): Uint32Array => sketchOf(shingles(content, salt));

export const sketchOf = (hashes: Uint32Array): Uint32Array => hashes.slice(0, SKETCH_HASHES);

export type Nearest = {
	id: string;
	/** The share of the earlier text that is in the new one, and of the new one that is in the earlier, 0…1. */
	containment: number;
	contained: number;
	/** What the rule compares with 0.6, 0…1: see `overlap`. */
	overlap: number;
};

/**
 * The sketches of earlier entries, and for each of their hashes which entries have it: a put costs its own shingles and
 * what it has in common with others, however many there are. Scanning all sketches held the main thread for 20 to 45 ms
 * at 10,000 entries, several times a put; the chains cost twice the memory of the sketches, a kilobyte an entry.
 */
export class CopyIndex {
	#rows = new Map<string, number>();
	#ids: string[] = [];
	#free: number[] = [];
	/** Place `row * 128 + n` holds the n-th hash of a row; `#next` of it the next place of the same chain, or −1. */
	#sketches = new Uint32Array(SKETCH_HASHES * 64);
	#next = new Int32Array(SKETCH_HASHES * 64);
	#lengths = new Uint8Array(64);
	/** By the lower bits of a hash: the first place of its chain, or −1. As many chains as places. */
	#chains = new Int32Array(SKETCH_HASHES * 64).fill(-1);
	/** Of the search that is running: hashes in common, by row; all 0 between searches. */
	#common = new Uint8Array(64);

	get size(): number {
		return this.#rows.size;
	}

	put(id: string, kept: Uint32Array): void {
		if (kept.length > SKETCH_HASHES) throw new RangeError(`A sketch has at most ${SKETCH_HASHES} hashes.`);
		this.remove(id);
		const row = this.#free.pop() ?? this.#ids.length;
		if (row >= this.#lengths.length) this.#grow();
		this.#rows.set(id, row);
		this.#ids[row] = id;
		this.#sketches.set(kept, row * SKETCH_HASHES);
		this.#lengths[row] = kept.length;
		this.#chain(row);
	}

	remove(id: string): void {
		const row = this.#rows.get(id);
		if (row === undefined) return;
		for (let n = 0; n < this.#lengths[row]!; n++) this.#unchain(row * SKETCH_HASHES + n);
		this.#rows.delete(id);
		this.#free.push(row);
	}

	/**
	 * The entry that overlaps most with a new text, given all its `shingles`; undefined when nothing is in common. Of
	 * equals the lower id. `accept` leaves entries out, e.g. the seller's own.
	 */
	nearest(hashes: Uint32Array, accept: (id: string) => boolean = () => true): Nearest | undefined {
		let best: Nearest | undefined;
		for (const found of this.#overlapping(hashes, accept))
			if (!best || found.overlap > best.overlap || (found.overlap === best.overlap && found.id < best.id))
				best = found;
		return best;
	}

	/** All entries that overlap with it by `least` or more, in no order. */
	near(hashes: Uint32Array, least: number, accept: (id: string) => boolean): Nearest[] {
		return [...this.#overlapping(hashes, accept)].filter(({ overlap }) => overlap >= least);
	}

	*#overlapping(hashes: Uint32Array, accept: (id: string) => boolean): Generator<Nearest> {
		for (const [row, common] of this.#inCommon(hashes)) {
			const id = this.#ids[row]!;
			if (!accept(id)) continue;
			const kept = this.#sketches.subarray(row * SKETCH_HASHES, row * SKETCH_HASHES + this.#lengths[row]!);
			yield { id, ...overlap(kept, common, hashes) };
		}
	}

	/** Rows with how many hashes they share. */
	#inCommon(hashes: Uint32Array): [row: number, common: number][] {
		const mask = this.#chains.length - 1;
		const met: number[] = [];
		for (const hash of hashes)
			for (let place = this.#chains[hash & mask]!; place !== -1; place = this.#next[place]!) {
				if (this.#sketches[place] !== hash) continue;
				const row = Math.floor(place / SKETCH_HASHES);
				if (this.#common[row]!++ === 0) met.push(row);
			}
		return met.map((row) => {
			const common = this.#common[row]!;
			this.#common[row] = 0;
			return [row, common];
		});
	}

	#chain(row: number): void {
		const mask = this.#chains.length - 1;
		for (let n = 0; n < this.#lengths[row]!; n++) {
			const place = row * SKETCH_HASHES + n;
			const chain = this.#sketches[place]! & mask;
			this.#next[place] = this.#chains[chain]!;
			this.#chains[chain] = place;
		}
	}

	#unchain(gone: number): void {
		const chain = this.#sketches[gone]! & (this.#chains.length - 1);
		if (this.#chains[chain] === gone) {
			this.#chains[chain] = this.#next[gone]!;
			return;
		}
		let place = this.#chains[chain]!;
		while (this.#next[place] !== gone) place = this.#next[place]!;
		this.#next[place] = this.#next[gone]!;
	}

	#grow(): void {
		const rows = this.#lengths.length * 2;
		const sketches = new Uint32Array(rows * SKETCH_HASHES);
		sketches.set(this.#sketches);
		const lengths = new Uint8Array(rows);
		lengths.set(this.#lengths);
		this.#sketches = sketches;
		this.#lengths = lengths;
		this.#common = new Uint8Array(rows);
		// More chains: every hash lies in another one.
		this.#next = new Int32Array(rows * SKETCH_HASHES);
		this.#chains = new Int32Array(rows * SKETCH_HASHES).fill(-1);
		for (const row of this.#rows.values()) this.#chain(row);
	}
}

/**
 * Resemblance (Jaccard) at least; containment where it means copying: the earlier text is of some length and makes a
 * twentieth of the new one or more, or the new one lies in the earlier. Without these limits whoever first put a
 * licence's header or an import line would be the author of everything that contains it.
 */
function overlap(kept: Uint32Array, common: number, hashes: Uint32Array): Omit<Nearest, "id"> {
	const whole = kept.length < SKETCH_HASHES;
	// The kept hashes sample everything up to the highest of them; so many of the new text's lie there too.
	const highest = whole ? 0xffffffff : kept[kept.length - 1]!;
	const comparable = countUpTo(hashes, highest);
	const earlier = whole ? kept.length : Math.round(((kept.length - 1) * 2 ** 32) / highest);
	const containment = common / kept.length;
	const contained = comparable ? common / comparable : 0;
	const resemblance = common / (kept.length + comparable - common);
	const copied = earlier >= LEAST_COPIED && earlier * containment >= hashes.length / 20 ? containment : 0;
	const taken = hashes.length >= LEAST_COPIED && comparable >= LEAST_SAMPLE ? contained : 0;
	return { containment, contained, overlap: Math.max(resemblance, copied, taken) };
}

/** Shingles below which containment says nothing, and hashes below which a sample doesn't. */
const LEAST_COPIED = 32;
const LEAST_SAMPLE = 12;

function countUpTo(ascending: Uint32Array, highest: number): number {
	let [low, high] = [0, ascending.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (ascending[middle]! <= highest) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** One hash a word, in order, in a single pass over the text. */
function wordHashes(content: string, salt: number): Uint32Array {
	// Wide and ligature forms look the same and are not, and accents are read over: they are taken off. Plain ASCII, the
	// common case, normalises to itself for free.
	const text = content.normalize("NFKD").toLowerCase();
	const words = new Uint32Array(text.length);
	let count = 0;
	let hash = 0;
	let inWord = false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		const kind = code < 128 ? ASCII[code]! : kindOf(code);
		if (kind === Kind.letter) {
			hash = Math.imul((inWord ? hash : salt) ^ code, 0x01000193);
			hash ^= hash >>> 15;
			inWord = true;
			continue;
		}
		if (kind === Kind.ignored) continue;
		if (inWord) words[count++] = hash;
		inWord = false;
		if (kind === Kind.alone) words[count++] = Math.imul(salt ^ code, 0x01000193);
	}
	if (inWord) words[count++] = hash;
	return words.subarray(0, count);
}

enum Kind {
	between = 0,
	letter = 1,
	/** Neither word nor gap: `_`, soft hyphens, zero-width characters, combining accents, variation selectors. */
	ignored = 2,
	/** A word by itself: scripts without spaces, and halves of characters beyond the basic plane. */
	alone = 3,
}

function kindOf(code: number): Kind {
	if (code === 0xad || (code >= 0x200b && code <= 0x200f) || code === 0x2060 || code === 0xfeff)
		return Kind.ignored;
	if ((code >= 0x300 && code <= 0x36f) || (code >= 0xfe00 && code <= 0xfe0f)) return Kind.ignored;
	if (code <= 0xbf || code === 0xd7 || code === 0xf7 || (code >= 0x2000 && code <= 0x2bff))
		return Kind.between;
	if (code >= 0x3000 && code <= 0x303f) return Kind.between;
	return code >= 0x2e80 && code <= 0xdfff ? Kind.alone : Kind.letter;
}

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
	if (code === 0x5f) return Kind.ignored;
	return /[a-z0-9]/.test(String.fromCharCode(code)) ? Kind.letter : Kind.between;
});

/** Spreads every bit over all 32 (the finaliser of MurmurHash3), so that the lowest hashes are a fair sample. */
function mixed(hash: number): number {
	let h = hash ^ (hash >>> 16);
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}
