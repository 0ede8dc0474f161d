import { sha256Hex, utf8 } from "../../log/bytes";
import { calibrationOf } from "../../match/calibrate";
import type { Calibration } from "../../match/calibration";
import { type Embedder, EmbedderError } from "../../match/embedder";
import { type Kept, packed, unpacked } from "./kept";
import { within } from "./patience";

export type Tell = (level: "info" | "warn" | "error", line: string, detail?: unknown) => void;

/** Somebody waits for a match: an embedder that needs longer has failed this question. */
export const QUESTION_PATIENCE_MS = 5_000;
const CALIBRATIONS = "calibration/1";
/** Questions whose vectors are at hand: who buys has mostly searched with the same words just before. */
const MOST_REMEMBERED = 256;

/**
 * The embedder as the engine uses it: nothing is embedded twice, and its failing is said once, until it works again.
 */
export class Meaning {
	/** How its scores are read; undefined until that is known: nothing is searched by meaning before. */
	calibration: Calibration | undefined;
	/** Why it does not work, as of its last attempt. */
	trouble: string | undefined;
	/** Its last answer was none. One that is merely too slow for a question does not fail: it can be waited for. */
	fails = false;
	/** It has embedded something, so its model is there. */
	#works = false;
	#making = new Map<string, Promise<Float32Array>>();
	/** The longest unasked first. */
	#asked = new Map<string, Promise<Float32Array>>();
	/** Made of what may come to be sold, the oldest first: kept once it is asked for. */
	#foreseen = new Map<string, Float32Array>();
	#closed = false;

	constructor(
		readonly embedder: Embedder,
		readonly kept: Kept,
		readonly tell: Tell,
	) {}

	/** The lexical driver: there are no vectors, and that is no failure. */
	get wordsOnly(): boolean {
		return this.embedder.dims === 0;
	}

	get ready(): boolean {
		return this.calibration !== undefined && this.trouble === undefined && (this.wordsOnly || this.#works);
	}

	/** Known models have theirs at once; any other is measured, once for all processes and starts. Rejects as `embed` does. */
	async calibrate(): Promise<void> {
		const { embedder, kept } = this;
		const name = sha256Hex(utf8(embedder.id));
		const known = (await kept.find(CALIBRATIONS, [name])).get(name);
		if (known) {
			this.calibration = JSON.parse(new TextDecoder().decode(known)) as Calibration;
			return;
		}
		let measured = false;
		const measuring: Embedder = {
			...embedder,
			embed: (texts, lane) => {
				measured = true;
				return this.#embed(texts, lane);
			},
		};
		const calibration = await calibrationOf(measuring);
		// A known model's own is not kept: it may come with a better one in the next version.
		if (measured) await kept.keep(CALIBRATIONS, name, utf8(JSON.stringify(calibration)));
		this.calibration = calibration;
	}

	/** The model loaded, or its endpoint asked, for as long as that takes: nobody waits yet. Never rejects. */
	async warmUp(): Promise<void> {
		if (this.wordsOnly || !this.calibration) return;
		await this.#embed(["Is anybody there?"], "question").catch(() => {
			// Said already.
		});
	}

	/** The vector of somebody's question, before all content; null when there is none to be had. Never rejects. */
	async question(text: string): Promise<Float32Array | null> {
		if (this.wordsOnly || !this.calibration) return null;
		try {
			const vector = await within(QUESTION_PATIENCE_MS, this.#answered(text));
			if (vector) return vector;
			this.#failed(new EmbedderError(`No answer to a question within ${QUESTION_PATIENCE_MS} ms.`));
		} catch {
			// Said already.
		}
		return null;
	}

	/** Somebody will ask for this question's vector at once. */
	expect(text: string): void {
		// Its failing is said already, and met by who asks.
		if (!this.wordsOnly && this.calibration) this.#answered(text).catch(() => {});
	}

	/** The same text gives the same vector; asked by several at once, it is made once. */
	#answered(text: string): Promise<Float32Array> {
		const vector = this.#asked.get(text) ?? this.#embed([text], "question").then(([made]) => made!);
		this.#asked.delete(text);
		this.#asked.set(text, vector);
		vector.catch(() => {
			if (this.#asked.get(text) === vector) this.#asked.delete(text);
		});
		if (this.#asked.size > MOST_REMEMBERED) this.#asked.delete(this.#asked.keys().next().value!);
		return vector;
	}

	/**
	 * Makes the vector of a text that may come to be sold, so that it is known at once where it does. Not kept before: what is
	 * refused must leave nothing behind.
	 */
	async foresee(text: string): Promise<void> {
		if (this.wordsOnly || this.#foreseen.has(text) || (await this.known([text])).has(text)) return;
		const [vector] = await this.#embed([text], "content");
		this.#foreseen.set(text, vector!);
		if (this.#foreseen.size > MOST_REMEMBERED) this.#foreseen.delete(this.#foreseen.keys().next().value!);
	}

	/** Vectors that are kept, by text. */
	async known(texts: readonly string[]): Promise<Map<string, Float32Array>> {
		const found = new Map<string, Float32Array>();
		if (this.wordsOnly) return found;
		for (const text of texts) {
			const vector = this.#foreseen.get(text);
			if (!vector) continue;
			await this.#keep(text, vector);
			this.#foreseen.delete(text);
			found.set(text, vector);
		}
		const others = texts.filter((text) => !found.has(text));
		const hashes = new Map(others.map((text) => [sha256Hex(utf8(text)), text]));
		for (const [hash, bytes] of await this.kept.find(this.embedder.id, [...hashes.keys()])) {
			const vector = unpacked(bytes, this.embedder.dims);
			if (vector) found.set(hashes.get(hash)!, vector);
		}
		return found;
	}

	/** The vector of a piece of content, kept before it is given; rejects as `embed` does. */
	async of(text: string): Promise<Float32Array> {
		return (await this.known([text])).get(text) ?? this.made(text);
	}

	/** The same, of a text that is not among the known; made once for all that ask meanwhile. */
	made(text: string): Promise<Float32Array> {
		let making = this.#making.get(text);
		if (!making) {
			making = this.#make(text).finally(() => this.#making.delete(text));
			this.#making.set(text, making);
		}
		return making;
	}

	async #make(text: string): Promise<Float32Array> {
		const [vector] = await this.#embed([text], "content");
		await this.#keep(text, vector!);
		return vector!;
	}

	#keep(text: string, vector: Float32Array): Promise<void> {
		return this.kept.keep(this.embedder.id, sha256Hex(utf8(text)), packed(vector));
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.embedder.close();
	}

	async #embed(texts: readonly string[], lane?: "question" | "content"): Promise<Float32Array[]> {
		try {
			const vectors = await this.embedder.embed(texts, lane);
			this.#works = true;
			if (this.trouble !== undefined) this.tell("info", "The embedder works again.");
			this.trouble = undefined;
			this.fails = false;
			return vectors;
		} catch (error) {
			this.fails = true;
			this.#failed(error);
			throw error;
		}
	}

	#failed(error: unknown): void {
		if (this.#closed) return;
		// Once a streak: thousands of entries that wait to be embedded are one failure.
		if (this.trouble === undefined)
			this.tell("error", "The embedder failed; matches are ranked by words alone.", error);
		this.trouble = error instanceof Error ? error.message : String(error);
	}
}
