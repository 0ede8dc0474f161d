/** Turns texts into vectors of unit length whose products say how near two meanings are. */
export interface Embedder {
	/** Names model and weights: equal ids give comparable vectors, so it keys caches and calibrations. */
	id: string;
	/** 0 for the lexical driver, which has no vectors. */
	dims: number;
	/** What lies beyond is not seen; `windows` cuts longer texts. */
	maxTokens: number;
	/**
	 * One vector a text, in order. A question is somebody waiting and goes before content, whatever was asked first; the
	 * default takes a single text for a question. Rejects with an EmbedderError; the next call starts afresh.
	 */
	embed(texts: readonly string[], lane?: Lane): Promise<Float32Array[]>;
	/** Lets go of threads and models; what was still waiting is rejected. */
	close(): Promise<void>;
}

export type Lane = "question" | "content";

/** An embedder that can't do its work, in a sentence for the health page. Matching then goes on by words. */
export class EmbedderError extends Error {
	override name = "EmbedderError";
}

/** The same direction with length 1. */
export function unit(vector: Float32Array): Float32Array {
	let squares = 0;
	for (const value of vector) squares += value * value;
	if (squares === 0) throw new EmbedderError("A vector of zeros has no direction.");
	const length = Math.sqrt(squares);
	return vector.map((value) => value / length);
}
