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
 * at 10,000 entries, several times a put.
 *
 * Of a hash only its upper half is kept: the lower one is the beginning of its chain's number. With the chains that is a
 * kilobyte an entry. A removed entry is only left out, and swept when enough of them have gathered.
 */
export class CopyIndex {
	#rows = new Map<string, number>();
	/** By row; undefined for one that was removed and not yet swept. */
	#ids: (string | undefined)[] = [];
	#free: number[] = [];
	#dead: number[] = [];
	#lengths = new Uint8Array(64);
	#highest = new Uint32Array(64);
	/** Place `row * 128 + n` is the n-th hash of a row, in blocks of so many places: its upper half, and the next of its chain. */
	#halves: Uint16Array[] = [];
	#next: Int32Array[] = [];
	/** By the lower bits of a hash, 16 of them at least: the first place of its chain, or −1. */
	#chains = new Int32Array(2 ** 16).fill(-1);
	/** Of the search that is running: hashes in common, by row; all 0 between searches. */
	#common = new Uint8Array(64);

	get size(): number {
		return this.#rows.size;
	}

	put(id: string, kept: Uint32Array): void {
		if (kept.length > SKETCH_HASHES) throw new RangeError(`A sketch has at most ${SKETCH_HASHES} hashes.`);
		this.remove(id);
		const row = this.#free.pop() ?? this.#ids.length;
		this.#reserve(row);
		this.#rows.set(id, row);
		this.#ids[row] = id;
		this.#lengths[row] = kept.length;
		this.#highest[row] = kept.at(-1) ?? 0;
		const mask = this.#chains.length - 1;
		for (const [n, hash] of kept.entries()) {
			const place = row * SKETCH_HASHES + n;
			this.#halves[place >>> BLOCK_BITS]![place & BLOCK_MASK] = hash >>> 16;
			this.#link(place, hash & mask);
		}
	}

	remove(id: string): void {
		const row = this.#rows.get(id);
		if (row === undefined) return;
		this.#rows.delete(id);
		this.#ids[row] = undefined;
		this.#dead.push(row);
		if (this.#dead.length > 1_000 + this.#rows.size / 4) this.#chainAnew(this.#chains.length);
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
	near(hashes: Uint32Array, least: number, accept: (id: string) => boolean = () => true): Nearest[] {
		return [...this.#overlapping(hashes, accept)].filter(({ overlap }) => overlap >= least);
	}

	*#overlapping(hashes: Uint32Array, accept: (id: string) => boolean): Generator<Nearest> {
		for (const [row, common] of this.#inCommon(hashes)) {
			const id = this.#ids[row];
			if (id === undefined || !accept(id)) continue;
			yield { id, ...overlap({ hashes: this.#lengths[row]!, highest: this.#highest[row]! }, common, hashes) };
		}
	}

	/** Rows with how many hashes they share. */
	#inCommon(hashes: Uint32Array): [row: number, common: number][] {
		const mask = this.#chains.length - 1;
		const met: number[] = [];
		for (const hash of hashes) {
			const half = hash >>> 16;
			for (let place = this.#chains[hash & mask]!; place !== -1; place = this.#after(place)) {
				if (this.#halves[place >>> BLOCK_BITS]![place & BLOCK_MASK] !== half) continue;
				const row = Math.floor(place / SKETCH_HASHES);
				if (this.#common[row]!++ === 0) met.push(row);
			}
		}
		return met.map((row) => {
			const common = this.#common[row]!;
			this.#common[row] = 0;
			return [row, common];
		});
	}

	#after(place: number): number {
		return this.#next[place >>> BLOCK_BITS]![place & BLOCK_MASK]!;
	}

	#link(place: number, chain: number): void {
		this.#next[place >>> BLOCK_BITS]![place & BLOCK_MASK] = this.#chains[chain]!;
		this.#chains[chain] = place;
	}

	/**
	 * Room for one more row, and chains enough that they hold four places each at most on average. With two an entry took 170
	 * bytes more, and a put's comparison, among 50,000, 70 µs instead of 120: little of its 4 ms.
	 */
	#reserve(row: number): void {
		const places = (row + 1) * SKETCH_HASHES;
		if (places > this.#halves.length << BLOCK_BITS) {
			this.#halves.push(new Uint16Array(1 << BLOCK_BITS));
			this.#next.push(new Int32Array(1 << BLOCK_BITS));
		}
		if (row >= this.#lengths.length) {
			const rows = Math.ceil(this.#lengths.length * 1.25);
			const [lengths, highest] = [new Uint8Array(rows), new Uint32Array(rows)];
			lengths.set(this.#lengths);
			highest.set(this.#highest);
			[this.#lengths, this.#highest, this.#common] = [lengths, highest, new Uint8Array(rows)];
		}
		if (places > this.#chains.length * 4) this.#chainAnew(this.#chains.length * 2);
	}

	/** All places into so many chains, those of removed rows into none: their rows are free again. */
	#chainAnew(count: number): void {
		const old = this.#chains;
		this.#chains = new Int32Array(count).fill(-1);
		for (let chain = 0; chain < old.length; chain++)
			for (let place = old[chain]!; place !== -1; ) {
				const [here, after] = [place, this.#after(place)];
				place = after;
				if (this.#ids[Math.floor(here / SKETCH_HASHES)] === undefined) continue;
				const half = this.#halves[here >>> BLOCK_BITS]![here & BLOCK_MASK]!;
				this.#link(here, ((half << 16) | (chain & 0xffff)) & (count - 1));
			}
		this.#free.push(...this.#dead);
		this.#dead = [];
	}
}

const BLOCK_BITS = 15;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;

/**
 * Resemblance (Jaccard) at least; containment where it means copying: the earlier text is of some length and makes a
 * twentieth of the new one or more, or the new one lies in the earlier. Without these limits whoever first put a
 * licence's header or an import line would be the author of everything that contains it.
 */
function overlap(
	kept: { hashes: number; highest: number },
	common: number,
	hashes: Uint32Array,
): Omit<Nearest, "id"> {
	const whole = kept.hashes < SKETCH_HASHES;
	// The kept hashes sample everything up to the highest of them; so many of the new text's lie there too.
	const comparable = countUpTo(hashes, whole ? 0xffffffff : kept.highest);
	const earlier = whole ? kept.hashes : Math.round(((kept.hashes - 1) * 2 ** 32) / kept.highest);
	const containment = common / kept.hashes;
	const contained = comparable ? common / comparable : 0;
	const resemblance = common / (kept.hashes + comparable - common);
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
