import { type Embedder, EmbedderError, unit } from "./embedding";

const TEXTS_A_REQUEST = 32;
const TIMEOUT_MS = 30_000;

/**
 * An OpenAI-style endpoint: `https://host/v1/embeddings?model=name&dims=384[&tokens=512]`. The three parameters are
 * ours and are not sent on in the address. Redirects are refused: they would carry the key to another host.
 */
export function httpEmbedder(setting: string, key?: string): Embedder {
	const url = new URL(setting);
	const model = url.searchParams.get("model");
	const dims = Number(url.searchParams.get("dims"));
	const maxTokens = Number(url.searchParams.get("tokens") ?? 256);
	if (!model || !Number.isInteger(dims) || dims < 1 || !Number.isInteger(maxTokens) || maxTokens < 1)
		throw new EmbedderError(
			"An http EMBEDDER needs ?model=<name>&dims=<whole number>, and &tokens= if not 256.",
		);
	for (const parameter of ["model", "dims", "tokens"]) url.searchParams.delete(parameter);
	const closing = new AbortController();

	const request = async (input: readonly string[]): Promise<Float32Array[]> => {
		const answer = await fetch(url, {
			method: "POST",
			redirect: "error",
			headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
			body: JSON.stringify({ model, input, encoding_format: "float" }),
			signal: AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
		});
		if (!answer.ok) throw new EmbedderError(`${url.host} answered ${answer.status} to embeddings.`);
		return vectorsOf(await answer.json(), input.length, dims);
	};

	return {
		id: `${url.host}/${model}`,
		dims,
		maxTokens,
		async embed(texts) {
			const vectors: Float32Array[] = [];
			try {
				for (let at = 0; at < texts.length; at += TEXTS_A_REQUEST)
					vectors.push(...(await request(texts.slice(at, at + TEXTS_A_REQUEST))));
			} catch (error) {
				if (error instanceof EmbedderError) throw error;
				throw new EmbedderError(`${url.host} could not embed: ${(error as Error).message}`);
			}
			return vectors;
		},
		async close() {
			closing.abort(new EmbedderError("The embedder was closed."));
		},
	};
}

/** `{data: [{index, embedding}]}` as unit vectors in the order asked; anything else is an EmbedderError. */
function vectorsOf(answer: unknown, count: number, dims: number): Float32Array[] {
	const data = (answer as { data?: unknown } | null)?.data;
	if (!Array.isArray(data) || data.length !== count)
		throw new EmbedderError(`The endpoint did not answer with ${count} vectors.`);
	const vectors: Float32Array[] = [];
	data.forEach((item: { index?: unknown; embedding?: unknown } | null, position) => {
		const at = typeof item?.index === "number" ? item.index : position;
		const values = item?.embedding;
		if (!Array.isArray(values) || values.length !== dims || !values.every(Number.isFinite))
			throw new EmbedderError(`The endpoint's vectors are not ${dims} numbers long.`);
		vectors[at] = unit(Float32Array.from(values));
	});
	if (vectors.length !== count || Object.keys(vectors).length !== count)
		throw new EmbedderError("The endpoint's vectors are numbered wrongly.");
	return vectors;
}
