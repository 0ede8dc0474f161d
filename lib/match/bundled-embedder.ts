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
	resolve(vector: Float32Array): void;
	reject(error: EmbedderError): void;
};
/** A thread that the first one wants beside it. */
type Helper = { path: string; workerData: unknown };
type Reply =
	| { ready: true; helper?: Helper }
	| { lane: Lane; vector: Float32Array }
	| { lane: Lane; failed: string }
	| { unusable: string };

/**
 * all-MiniLM-L6-v2 as shipped in npm, in a worker thread that starts with the first text, and one that helps it. One text of
 * a lane is under way at a time, and a question goes before contents, also before the rest of one that is under way. When
 * a thread dies, its fellow might wait for it for ever: both are ended, what waited is rejected and the next call starts
 * others; one that helped and died is done without. They keep the process alive only while somebody waits for a vector.
 * `workerPath` is for tests of a dying thread.
 */
export function bundledEmbedder(workerPath = locateWorker()): Embedder {
	const waiting: Record<Lane, Job[]> = { question: [], content: [] };
	let worker: Worker | undefined;
	let helping: Worker | undefined;
	let ready = false;
	let current: Partial<Record<Lane, Job>> = {};
	let alone = false;
	let unusable: string | undefined;

	// Asked for at run time: a bundler that sees `new Worker(path)` looks for the path among its own modules and fails.
	const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");

	const start = () => {
		const ended = (reason: string) => stop(started, reason);
		const started = thread(workerPath, { sha256: WEIGHTS_SHA256, maxTokens: MAX_TOKENS }, ended);
		started.on("message", (reply: Reply) => {
			if (worker !== started) return;
			if ("ready" in reply) {
				ready = true;
				if (reply.helper && !alone) {
					helping = thread(reply.helper.path, reply.helper.workerData, (reason) => {
						alone ||= worker === started;
						ended(reason);
					});
					helping.unref();
				}
			} else if ("unusable" in reply) {
				unusable = reply.unusable;
				ended(unusable);
				return;
			} else {
				const job = current[reply.lane];
				current[reply.lane] = undefined;
				if ("vector" in reply) job?.resolve(reply.vector);
				else job?.reject(new EmbedderError(`The embedding model failed on a text: ${reply.failed}`));
			}
			next();
		});
		worker = started;
		ready = false;
	};

	const thread = (path: string, workerData: unknown, ended: (reason: string) => void): Worker => {
		// Inherited flags would run the project's loaders (tsx, vitest) in a thread that needs none.
		const started = new Thread(path, { execArgv: [], workerData });
		started.on("error", (error) => ended(`The embedding thread failed: ${error.message}`));
		started.on("exit", (code) => ended(`The embedding thread ended with code ${code}.`));
		return started;
	};

	const next = () => {
		if (!worker || !ready || current.question) return;
		const lane = waiting.question.length > 0 ? "question" : "content";
		if (!current[lane]) {
			current[lane] = waiting[lane].shift();
			if (current[lane]) worker.postMessage({ text: current[lane].text, lane });
		}
		if (!current.question && !current.content) worker.unref();
	};

	/** Rejects all that waits. An older thread's late end must not take the newer one's work along. */
	const stop = async (ended: Worker, reason: string): Promise<void> => {
		if (worker !== ended) return;
		const threads = [worker, helping];
		worker = helping = undefined;
		const jobs = [...Object.values(current), ...waiting.question.splice(0), ...waiting.content.splice(0)];
		current = {};
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
						waiting[lane].push({ text: text.slice(0, MOST_CHARACTERS), resolve, reject });
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
