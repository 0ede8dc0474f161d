import { lexicalCalibration } from "../../match/calibration";
import { MatchIndex } from "../../match/match-index";
import { entryText, windows } from "../../match/text";
import type { Found } from "../ports";
import type { Meaning } from "./meaning";

/** What the engine reads of a row of `entries`. */
export interface Listed {
	id: string;
	putSeq: number;
	status: "pending" | "live" | "rejected" | "removed";
	/** It waits for a house operator. */
	held: boolean;
	acceptedAt: number | null;
	expiresAt: number | null;
	origin: string;
	description: string;
	domains: readonly string[];
	/** 64 hex. */
	sha256: string;
}

/** The live entries of one process, and the search over them. */
export class Inventory {
	#index: MatchIndex<{ expiresAt: number }>;
	/** Those of which not every window has its vector. */
	#unfinished = new Set<string>();

	/** Until the embedder is calibrated its vectors mean nothing: then this is an index of words. */
	constructor(readonly meaning: Meaning) {
		const { calibration, embedder } = meaning;
		this.#index = new MatchIndex(calibration ? embedder.dims : 0, calibration ?? lexicalCalibration);
	}

	get size(): number {
		return this.#index.size;
	}

	/** Whether it has vectors: not before the embedder is calibrated. */
	get byMeaning(): boolean {
		return this.#index.dims > 0;
	}

	/** How many are ranked by words, or by the beginning of their description, until the rest is embedded. */
	get unembedded(): number {
		return this.#unfinished.size;
	}

	/** Whether it holds this entry as it is: its words never change, and what else of a row does is nothing to a search. */
	holds({ id, expiresAt }: Listed): boolean {
		const held = this.#index.get(id);
		return held !== undefined && held.expiresAt === expiresAt;
	}

	/** Brings in a live entry, or its change. Returns whether all its windows were among the known vectors. */
	put(entry: Listed, known: ReadonlyMap<string, Float32Array>): boolean {
		const text = textOf(entry);
		const pieces = piecesOf(entry);
		const vectors = this.#index.dims === 0 ? [] : pieces.flatMap((piece) => known.get(piece) ?? []);
		const expiresAt = entry.expiresAt!;
		this.#index.put({ id: entry.id, text, vectors: vectors.length > 0 ? vectors : null, expiresAt });
		const finished = this.meaning.wordsOnly || vectors.length === pieces.length;
		if (finished) this.#unfinished.delete(entry.id);
		else this.#unfinished.add(entry.id);
		return finished;
	}

	remove(id: string): void {
		this.#index.remove(id);
		this.#unfinished.delete(id);
	}

	/** Everything above the floor. Nobody announces that an entry expires: those are left out, and let go. */
	search(text: string, vector: Float32Array | null, at: number): Omit<Found, "tookMs"> {
		// Asked for before the embedder was calibrated: then there is nothing here to compare it with.
		const comparable = vector !== null && vector.length === this.#index.dims ? vector : null;
		const expired: string[] = [];
		const accept = (id: string, { expiresAt }: { expiresAt: number }) => {
			if (at < expiresAt) return true;
			expired.push(id);
			return false;
		};
		const { hits, candidates, belowFloor, unembedded } = this.#index.search(
			{ text, vector: comparable },
			accept,
			Number.POSITIVE_INFINITY,
		);
		for (const id of expired) this.remove(id);
		const { id: embedder, floor } = comparable ? this.#index.calibration : lexicalCalibration;
		const degraded = this.#degraded(comparable !== null, unembedded, candidates);
		return {
			hits: hits.map(({ id, relevance }) => ({ id, relevance })),
			embedder,
			floor,
			candidates,
			belowFloor,
			...(degraded && { degraded }),
		};
	}

	/** Which of these entries have a description that means the same (cosine ≥ `least`), the nearest first, at most `most`. */
	alike(vector: Float32Array, among: ReadonlySet<string>, least: number, most: number): string[] {
		if (vector.length !== this.#index.dims) return [];
		const { hits } = this.#index.search({ text: "", vector }, (id) => among.has(id), most);
		return hits.filter(({ similarity }) => similarity >= least).map(({ id }) => id);
	}

	#degraded(byMeaning: boolean, unembedded: number, candidates: number): string | undefined {
		if (this.meaning.wordsOnly) return undefined;
		if (!byMeaning)
			return this.meaning.trouble === undefined
				? "Ranked by words alone: the embedder is not ready yet."
				: "Ranked by words alone: the embedder failed.";
		// A few are always on their way in; said of those, no miss would ever count as demand.
		if (unembedded * 10 <= candidates) return undefined;
		return `${unembedded} of ${candidates} entries were ranked by words alone: they are not embedded yet.`;
	}
}

/** The pieces of an entry that are embedded, the lead first. */
export const piecesOf = (entry: Described): string[] => windows(textOf(entry));

type Described = Pick<Listed, "description" | "domains">;
const textOf = ({ description, domains }: Described): string => entryText(description, domains);
