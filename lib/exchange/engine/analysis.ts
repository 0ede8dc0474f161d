import type { Nearest } from "../../match/copies";
import { EmbedderError } from "../../match/embedder";
import { spread } from "../../match/text";
import type { Alone, Analysis, PutToAnalyse, PutToCome } from "../ports";
import { COPY_OVERLAP, type Earlier } from "./earlier";
import type { Feed } from "./feed";
import { type Listed, piecesOf } from "./inventory";
import type { Meaning } from "./meaning";
import { inTime, within } from "./patience";

/** RULES, "Copies". */
const COPY_COSINE = 0.97;
/**
 * When contents are compared passage by passage, at a third of a second each: they share a fifth of their words' runs, or a
 * twentieth and their descriptions say the same. Nothing reaches 0.97 over several passages with less in common.
 */
const SUSPECT_OVERLAP = 0.2;
const SUSPECT_OVERLAP_DESCRIBED_ALIKE = 0.05;
const DESCRIBED_ALIKE = 0.9;
const MOST_SUSPECTS = 3;
/** Longer contents have so many runs of words that their overlap says it all. */
const MOST_COMPARED_CHARACTERS = 50_000;
const PASSAGE_CHARACTERS = 900;
const MOST_PASSAGES = 8;

/**
 * How long a try waits for what was put before to be known and ruled on, for the embedder's comparison, and for a vector on
 * which nothing depends but that the entry is found by its meaning at once. A ruling is never made on less than all of the
 * first two: on a slow machine, or in a flood, it comes later.
 */
const READING_PATIENCE_MS = 2_000;
const COMPARING_PATIENCE_MS = 5_000;
const LEAD_PATIENCE_MS = 1_000;
/** The same while a put is at the door: its sender waits to hear that it is in the log at all. */
const DOOR_PATIENCE_MS = 250;
/** As much as is read there and then, in 3 ms at most; longer texts when it is their turn. */
const MOST_READ_AT_THE_DOOR = 65_536;
/** In a flood of puts the embedder falls behind; then no more of those that do the exchange's work wait for it. */
const MOST_WAITING = 4;

interface AnalystParts {
	feed: Feed;
	earlier: Earlier;
	meaning: Meaning;
	content(sha256: string): Promise<string>;
	/** Whether the exchange has given up ruling on this put, which is then a person's to mend. */
	isParked(put: string): Promise<boolean>;
}

/** What was compared: the put, its row, and all its shingle hashes. */
interface Read {
	put: PutToAnalyse;
	entry: Listed;
	hashes: Uint32Array;
}

/**
 * Compares puts with what was put before them (`Ports.analyse`). A ruling waits for it, so most are judged by what is quick:
 * the shingles of the content. Only where these give reason to suspect does the embedder have its say, however long that takes.
 */
export class Analyst {
	#leads = 0;
	#comparisons = new Map<string, Promise<Analysis | undefined>>();

	constructor(readonly parts: AnalystParts) {}

	async analyse(put: PutToAnalyse): Promise<Analysis | undefined> {
		const { feed, earlier, meaning, content } = this.parts;
		if (!(await inTime(READING_PATIENCE_MS, feed.known(put.putSeq)))) return undefined;
		const entry = await feed.row(put.id);
		if (!entry) throw new Error(`there is no put ${put.id}`);
		if (entry.status === "pending") earlier.pending(entry);
		const [hashes] = await Promise.all([
			earlier.hashesOf(entry, async () => put.text),
			this.#lead(() => meaning.of(piecesOf(entry)[0]!), LEAD_PATIENCE_MS),
		]);
		const before = earlier.unruledBefore(put.putSeq);
		const reading = Promise.allSettled(
			before.map((other) => earlier.hashesOf(other, () => content(other.sha256))),
		);
		if (!(await inTime(READING_PATIENCE_MS, reading))) return undefined;
		// Before the ruling: then every process that hears of it finds the sketch.
		await earlier.keep(entry.sha256, hashes);

		const byWords = await this.#byWords(put, hashes);
		if (!byWords) return undefined;
		const near =
			byWords.copy || meaning.wordsOnly
				? []
				: earlier.near(hashes, put.putSeq, SUSPECT_OVERLAP_DESCRIBED_ALIKE);
		if (near.length === 0 && !this.#isComparable(put.embedding)) return byWords;
		if (!feed.inventory.byMeaning) return this.#ifFailing(byWords);
		return this.#compared(put.id, byWords, () => this.#byMeaning({ put, entry, hashes }, byWords, near));
	}

	/**
	 * What can be known of a put before it is in the log: most are like nothing else, and are ruled on in the batch that takes
	 * them. Whatever may be a copy, or have one at the door beside it, waits for `analyse`.
	 */
	async comes(put: PutToCome): Promise<Alone> {
		const { feed, earlier, meaning } = this.parts;
		const { id, text, embedding } = put;
		const { seq } = feed;
		const alone: Alone = {
			seq,
			holds: () => false,
			// What the log holds and the feed has not come to yet, it will: until then others are compared with it.
			goes: (knownAt) => (knownAt === undefined || knownAt <= feed.seq) && earlier.goes(id),
		};
		if (!earlier.come(id)) return { ...alone, goes: () => {} };
		if (text.length > MOST_READ_AT_THE_DOOR) return alone;
		earlier.readComing(id, text, meaning.wordsOnly ? COPY_OVERLAP : SUSPECT_OVERLAP_DESCRIBED_ALIKE);
		if (!feed.isRead || !earlier.isAlone(id) || this.#isComparable(embedding)) return alone;
		await this.#lead(() => meaning.foresee(piecesOf(put)[0]!), DOOR_PATIENCE_MS);
		return { ...alone, holds: () => earlier.isAlone(id) };
	}

	/** The copy that words give away, for who asks before putting. */
	async resembles(text: string): Promise<Analysis["copy"]> {
		const { feed, earlier } = this.parts;
		await within(READING_PATIENCE_MS, feed.known());
		const hashes = await earlier.read(text);
		const nearest = earlier.nearest(hashes, Number.MAX_SAFE_INTEGER, (id) => earlier.isAccepted(id));
		return nearest && nearest.overlap >= COPY_OVERLAP
			? { id: nearest.id, similarity: nearest.overlap }
			: undefined;
	}

	/**
	 * What overlaps by 0.6. Variants sent together are ruled on in their order: a later one waits for the earlier, also where
	 * only their passages will tell.
	 */
	async #byWords({ putSeq }: PutToAnalyse, hashes: Uint32Array): Promise<Analysis | undefined> {
		const { earlier, isParked, meaning } = this.parts;
		const least = meaning.wordsOnly ? COPY_OVERLAP : SUSPECT_OVERLAP;
		const parked = new Set<string>();
		for (;;) {
			const nearest = earlier.nearest(hashes, putSeq, (id) => !parked.has(id));
			if (!nearest || nearest.overlap < least) return {};
			const { id, overlap } = nearest;
			if (earlier.isAccepted(id)) return overlap < COPY_OVERLAP ? {} : { copy: { id, similarity: overlap } };
			const ruled = earlier.untilRuled(id);
			if (ruled && (await inTime(READING_PATIENCE_MS, ruled))) continue;
			if (!(await isParked(id))) return undefined;
			parked.add(id);
		}
	}

	/** Nobody waits for an embedder that fails: then it goes by words. */
	#ifFailing(byWords: Analysis): Analysis | undefined {
		return this.parts.meaning.fails ? byWords : undefined;
	}

	/** The comparison of a put, begun once and waited for by each try. */
	async #compared(
		put: string,
		byWords: Analysis,
		compare: () => Promise<Analysis | undefined>,
	): Promise<Analysis | undefined> {
		let comparison = this.#comparisons.get(put);
		if (!comparison) {
			if (this.#comparisons.size >= MOST_WAITING) return this.#ifFailing(byWords);
			comparison = compare()
				.catch((error) => {
					if (error instanceof EmbedderError) return byWords;
					throw error;
				})
				.finally(() => this.#comparisons.delete(put));
			this.#comparisons.set(put, comparison);
		}
		return (await within(COMPARING_PATIENCE_MS, comparison)) ?? this.#ifFailing(byWords);
	}

	async #byMeaning(read: Read, { copy }: Analysis, near: readonly Nearest[]): Promise<Analysis | undefined> {
		const suspects = copy ? [] : await this.#suspects(read, near);
		if (!suspects) return undefined;
		const found = copy ?? (await this.#byPassages(read.put, suspects));
		const embedding = await this.#agreement(read.put);
		return { ...(found && { copy: found }), ...(embedding !== undefined && { embedding }) };
	}

	/** What there is reason to compare with; undefined while one of them waits for its own ruling. */
	async #suspects({ put, entry }: Read, near: readonly Nearest[]): Promise<string[] | undefined> {
		const { feed, meaning, earlier, isParked } = this.parts;
		const accepted = near.filter(({ id }) => earlier.isAccepted(id));
		const among = new Set(accepted.map(({ id }) => id));
		const [lead] = await Promise.all([meaning.of(piecesOf(entry)[0]!), feed.embedded(among)]);

		const pending = earlier
			.unruledBefore(put.putSeq)
			.filter((other) => near.some(({ id }) => id === other.id));
		for (const other of pending) {
			const alike = cosine(lead, await meaning.of(piecesOf(other)[0]!)) >= DESCRIBED_ALIKE;
			if (alike && !(await isParked(other.id))) return undefined;
		}
		const nearest = accepted.slice(0, 1).filter(({ overlap }) => overlap >= SUSPECT_OVERLAP);
		const alike = feed.inventory.alike(lead, among, DESCRIBED_ALIKE, MOST_SUSPECTS);
		return [...new Set([...nearest.map(({ id }) => id), ...alike])];
	}

	/** What says the same passage by passage, the earliest put first. */
	async #byPassages({ text }: PutToAnalyse, suspects: readonly string[]): Promise<Analysis["copy"]> {
		if (suspects.length === 0) return undefined;
		const entries = await this.parts.feed.rows(suspects);
		for (const entry of entries.sort((a, b) => a.putSeq - b.putSeq)) {
			const similarity = await this.#sameContent(text, entry);
			if (similarity !== undefined) return { id: entry.id, similarity };
		}
	}

	/** The mean of the passages' cosines when it reaches 0.97; given up as soon as it no longer can. */
	async #sameContent(text: string, { sha256 }: Listed): Promise<number | undefined> {
		const { meaning, content } = this.parts;
		const passages = facing(text, await content(sha256));
		let missing = 0;
		for (const [ours, theirs] of passages) {
			missing += 1 - cosine(await meaning.of(ours), await meaning.of(theirs));
			if (missing > (1 - COPY_COSINE) * passages.length) return undefined;
		}
		// One vector tells subjects apart, not works: two functions of a few lines on one subject reach 0.97.
		return passages.length < 2 ? undefined : 1 - missing / passages.length;
	}

	/** Only vectors of the same model can be compared. */
	#isComparable(sent: PutToAnalyse["embedding"]): boolean {
		const { id, dims } = this.parts.meaning.embedder;
		return dims === sent?.length && id.includes("all-MiniLM-L6-v2");
	}

	/** The seller's vector against the engine's own of the same text. */
	async #agreement({ description, embedding }: PutToAnalyse): Promise<number | undefined> {
		if (!embedding || !this.#isComparable(embedding)) return undefined;
		return cosine(await this.parts.meaning.of(description), embedding);
	}

	/** The vector by which most entries are found, made before the ruling is out where the embedder is quick enough. */
	async #lead(make: () => Promise<unknown>, patienceMs: number): Promise<void> {
		if (this.parts.meaning.wordsOnly || this.#leads >= MOST_WAITING) return;
		this.#leads++;
		const made = make().finally(() => this.#leads--);
		await within(patienceMs, made).catch(() => {});
	}
}

/**
 * Pieces of both texts at the same share of their length, up to eight and as long as an embedder sees. Cut at equal
 * distances instead, they drift apart with every word that was put in: the same text with "the" in every fifth place then
 * has a mean of 0.74, here 0.96; two works have 0.2. None of texts that differ twofold in length, or are too long.
 */
function facing(one: string, other: string): [string, string][] {
	const longer = Math.max(one.length, other.length);
	if (longer > MOST_COMPARED_CHARACTERS || longer > 2 * Math.min(one.length, other.length)) return [];
	const count = Math.min(MOST_PASSAGES, Math.ceil(longer / PASSAGE_CHARACTERS));
	const longest = Math.min(longer / count, PASSAGE_CHARACTERS);
	const cut = (text: string) => spread(text, count, Math.ceil((longest * text.length) / longer));
	const [ours, theirs] = [cut(one), cut(other)];
	return ours.map((passage, i) => [passage, theirs[i]!]);
}

/** −1…1, of any lengths; 0 when one has no direction. A seller may send numbers whose squares are no numbers. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
	const [largestA, largestB] = [a, b].map((vector) => Math.max(...Array.from(vector, Math.abs)));
	if (!largestA || !largestB) return 0;
	let [product, squaresA, squaresB] = [0, 0, 0];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i]! / largestA, b[i]! / largestB];
		product += x * y;
		squaresA += x * x;
		squaresB += y * y;
	}
	return Math.min(1, Math.max(-1, product / Math.sqrt(squaresA * squaresB)));
}
