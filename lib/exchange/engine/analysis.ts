import { spread } from "../../match/text";
import type { Analysis, PutToAnalyse } from "../ports";
import { COPY_OVERLAP, type Earlier } from "./earlier";
import type { Feed } from "./feed";
import { type Listed, piecesOf } from "./inventory";
import type { Meaning } from "./meaning";
import { within } from "./patience";

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

/** How long a ruling waits for its description's vector, for a comparison of passages, and for an earlier ruling. */
const LEAD_PATIENCE_MS = 1_000;
const PASSAGES_PATIENCE_MS = 5_000;
const RULING_PATIENCE_MS = 2_000;
/** In a flood of puts the embedder falls behind; then rulings go by words, instead of every one by its full patience. */
const MOST_WAITING = 4;

interface AnalystParts {
	feed: Feed;
	earlier: Earlier;
	meaning: Meaning;
	content(sha256: string): Promise<string>;
}

/**
 * Compares puts with what was put before them (`Ports.analyse`). A ruling waits for it, so it does what is quick: the
 * shingles of the content, and one vector, of the beginning of the description, made meanwhile in the embedder's thread.
 */
export class Analyst {
	#waiting = 0;

	constructor(readonly parts: AnalystParts) {}

	async analyse(put: PutToAnalyse): Promise<Analysis> {
		const { feed, earlier, meaning, content } = this.parts;
		// Then all that was put before is known here, ruled on or not.
		await within(RULING_PATIENCE_MS, feed.caughtUp(put.putSeq));
		const [entry] = await feed.rows([put.id]);
		if (!entry) throw new Error(`there is no put ${put.id}`);
		if (entry.status === "pending") earlier.pending(entry);
		const [lead, embedding, hashes] = await Promise.all([
			this.#patiently(() => meaning.of(piecesOf(entry)[0]!)),
			put.embedding && this.#agreement(put.description, put.embedding),
			earlier.hashesOf(entry, async () => put.text),
		]);
		const before = earlier.unruledBefore(put.putSeq);
		await within(
			RULING_PATIENCE_MS,
			Promise.allSettled(before.map((other) => earlier.hashesOf(other, () => content(other.sha256)))),
		);
		const [copy] = await Promise.all([
			this.#copy(put, hashes, lead),
			// Before the ruling: then every process that hears of it finds the sketch.
			earlier.keep(entry.sha256, hashes),
		]);
		return { ...(copy && { copy }), ...(embedding !== undefined && { embedding }) };
	}

	/** The copy that words give away, for who asks before putting. */
	async resembles(text: string): Promise<Analysis["copy"]> {
		const { feed, earlier } = this.parts;
		await within(RULING_PATIENCE_MS, feed.caughtUp());
		const hashes = await earlier.read(text);
		const nearest = earlier.nearest(hashes, Number.MAX_SAFE_INTEGER, (id) => earlier.isAccepted(id));
		return nearest && nearest.overlap >= COPY_OVERLAP
			? { id: nearest.id, similarity: nearest.overlap }
			: undefined;
	}

	async #copy(
		put: PutToAnalyse,
		hashes: Uint32Array,
		lead: Float32Array | undefined,
	): Promise<Analysis["copy"]> {
		const copy = await this.#byWords(put, hashes);
		if (copy) return copy;
		return within(PASSAGES_PATIENCE_MS, this.#byPassages(put, hashes, lead)).catch(() => undefined);
	}

	/** What overlaps by 0.6. Variants sent together are ruled on in their order: a later one waits for the earlier. */
	async #byWords({ putSeq }: PutToAnalyse, hashes: Uint32Array): Promise<Analysis["copy"]> {
		const { earlier } = this.parts;
		for (;;) {
			const nearest = earlier.nearest(hashes, putSeq);
			if (!nearest || nearest.overlap < COPY_OVERLAP) return undefined;
			if (earlier.isAccepted(nearest.id)) return { id: nearest.id, similarity: nearest.overlap };
			const ruled = earlier.untilRuled(nearest.id)?.then(() => true);
			if (ruled && (await within(RULING_PATIENCE_MS, ruled))) continue;
			const accepted = earlier.nearest(hashes, putSeq, (id) => earlier.isAccepted(id));
			return accepted && accepted.overlap >= COPY_OVERLAP
				? { id: accepted.id, similarity: accepted.overlap }
				: undefined;
		}
	}

	/** What says the same passage by passage, the earliest put first; only what there is reason to suspect is compared. */
	async #byPassages(
		{ putSeq, text }: PutToAnalyse,
		hashes: Uint32Array,
		lead: Float32Array | undefined,
	): Promise<Analysis["copy"]> {
		const { feed, earlier, meaning } = this.parts;
		if (meaning.wordsOnly) return undefined;
		const accepted = (id: string) => earlier.isAccepted(id);
		const nearest = earlier.nearest(hashes, putSeq, accepted);
		const suspects = new Set<string>();
		if (nearest && nearest.overlap >= SUSPECT_OVERLAP) suspects.add(nearest.id);
		for (const id of lead ? feed.inventory.alike(lead, putSeq, DESCRIBED_ALIKE, MOST_SUSPECTS) : []) {
			const overlap = earlier.nearest(hashes, putSeq, (other) => other === id && accepted(id))?.overlap ?? 0;
			if (overlap >= SUSPECT_OVERLAP_DESCRIBED_ALIKE) suspects.add(id);
		}
		if (suspects.size === 0) return undefined;
		const entries = await feed.rows([...suspects]);
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

	/** The seller's vector against the engine's own of the same text; only vectors of the same model can be compared. */
	async #agreement(description: string, sent: readonly number[]): Promise<number | undefined> {
		const { id, dims } = this.parts.meaning.embedder;
		if (dims !== sent.length || !id.includes("all-MiniLM-L6-v2")) return undefined;
		const own = await this.#patiently(() => this.parts.meaning.of(description));
		return own && cosine(own, sent);
	}

	/** What the embedder makes of it in time; undefined when it is busy, slow or failing. */
	async #patiently(make: () => Promise<Float32Array>): Promise<Float32Array | undefined> {
		if (this.parts.meaning.wordsOnly || this.#waiting >= MOST_WAITING) return undefined;
		this.#waiting++;
		const made = make().finally(() => this.#waiting--);
		return within(LEAD_PATIENCE_MS, made).catch(() => undefined);
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
