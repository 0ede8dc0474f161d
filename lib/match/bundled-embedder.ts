import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import { type Embedder, EmbedderError, type Lane } from "./embedding";

const WEIGHTS_SHA256 = "6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d";
const MAX_TOKENS = 256;
/** More characters than 256 tokens can hold; the tokenizer would read a megabyte to keep its beginning. */
const MOST_CHARACTERS = 8_192;

type Job = {
	text: string;
	lane: Lane;
	resolve(vector: Float32Array): void;
	reject(error: EmbedderError): void;
};
/** A thread that the first one wants beside it. */
type Helper = { path: string; workerData: unknown };
type Reply =
	| { ready: true; helper?: Helper }
	| { vector: Float32Array }
	| { failed: string }
	| { unusable: string };

/**
 * all-MiniLM-L6-v2 as shipped in npm, in a worker thread that starts with the first text, and one that helps it. One text is
 * under way at a time and questions are taken first, so a question waits for one window at most, never for a content's
 * job. When a thread dies, its fellow might wait for it for ever: both are ended, what waited is rejected and the next call
 * starts others. They keep the process alive only while somebody waits for a vector. `workerPath` is for tests of a dying
 * thread.
 */
export function bundledEmbedder(workerPath = locateWorker()): Embedder {
	const waiting: Record<Lane, Job[]> = { question: [], content: [] };
	let worker: Worker | undefined;
	let helping: Worker | undefined;
	let ready = false;
	let current: Job | undefined;
	let unusable: string | undefined;

	// Asked for at run time: a bundler that sees `new Worker(path)` looks for the path among its own modules and fails.
	const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");

	const start = () => {
		const started = thread(workerPath, { sha256: WEIGHTS_SHA256, maxTokens: MAX_TOKENS }, () => started);
		started.on("message", (reply: Reply) => {
			if (worker !== started) return;
			if ("ready" in reply) {
				ready = true;
				if (reply.helper) {
					helping = thread(reply.helper.path, reply.helper.workerData, () => started);
					helping.unref();
				}
			} else if ("unusable" in reply) {
				unusable = reply.unusable;
				stop(started, unusable);
				return;
			} else {
				if ("vector" in reply) current?.resolve(reply.vector);
				else current?.reject(new EmbedderError(`The embedding model failed on a text: ${reply.failed}`));
				current = undefined;
			}
			next();
		});
		worker = started;
		ready = false;
	};

	/** One of those that begin and end with `first`. */
	const thread = (path: string, workerData: unknown, first: () => Worker): Worker => {
		// Inherited flags would run the project's loaders (tsx, vitest) in a thread that needs none.
		const started = new Thread(path, { execArgv: [], workerData });
		started.on("error", (error) => stop(first(), `The embedding thread failed: ${error.message}`));
		started.on("exit", (code) => stop(first(), `The embedding thread ended with code ${code}.`));
		return started;
	};

	const next = () => {
		if (!worker || !ready || current) return;
		current = waiting.question.shift() ?? waiting.content.shift();
		if (current) worker.postMessage({ text: current.text, lane: current.lane });
		else worker.unref();
	};

	/** Rejects all that waits. An older thread's late end must not take the newer one's work along. */
	const stop = async (ended: Worker, reason: string): Promise<void> => {
		if (worker !== ended) return;
		const threads = [worker, helping];
		worker = helping = undefined;
		const jobs = [current, ...waiting.question.splice(0), ...waiting.content.splice(0)];
		current = undefined;
		for (const job of jobs) job?.reject(new EmbedderError(reason));
		await Promise.all(threads.map((thread) => thread?.terminate()));
	};

	return {
		id: `all-MiniLM-L6-v2@${WEIGHTS_SHA256.slice(0, 8)}`,
		dims: 384,
		maxTokens: MAX_TOKENS,
		async embed(texts, lane = texts.length === 1 ? "question" : "content") {
			if (unusable !== undefined) throw new EmbedderError(unusable);
			if (texts.length === 0) return [];
			if (!worker) start();
			worker?.ref();
			const vectors = texts.map(
				(text) =>
					new Promise<Float32Array>((resolve, reject) => {
						waiting[lane].push({ text: text.slice(0, MOST_CHARACTERS), lane, resolve, reject });
					}),
			);
			next();
			return Promise.all(vectors);
		},
		async close() {
			if (worker) await stop(worker, "The embedder was closed.");
		},
	};
}

/**
 * Found from where the program was started, or a folder above it: a bundled module's own address is inside the build
 * output, where the worker file is not.
 */
function locateWorker(): string {
	const below = join("lib", "match", "embedder-worker.mjs");
	for (let folder = /* turbopackIgnore: true */ process.cwd(); ; folder = dirname(folder)) {
		const path = join(/* turbopackIgnore: true */ folder, below);
		if (existsSync(path)) return path;
		if (dirname(folder) === folder)
			throw new EmbedderError(`Start in the project's folder: ${below} is not below ${process.cwd()}.`);
	}
}
