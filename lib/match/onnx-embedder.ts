import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Embedder, EmbedderError, unit } from "./embedding";
import { wordPiece } from "./wordpiece.mjs";

const MAX_TOKENS = 256;

/** The little of onnxruntime-node that is used here; the package itself is an optional peer. */
type Tensor = { data: ArrayLike<number>; dims: readonly number[] };
type Session = {
	inputNames: readonly string[];
	outputNames: readonly string[];
	run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
	release(): Promise<void>;
};
type Runtime = {
	InferenceSession: { create(path: string, options: { intraOpNumThreads: number }): Promise<Session> };
	Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => Tensor;
};

/**
 * A sentence model of BERT's family exported to ONNX, in a folder with `model.onnx` (or `onnx/model.onnx`), a WordPiece
 * `tokenizer.json` and a `config.json` that states `hidden_size`. Tokens' vectors are averaged, as the
 * sentence-transformers models do. Needs the optional package onnxruntime-node: its install script downloads from
 * outside, so it can't be a dependency; `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node` takes what npm ships.
 * Throws an EmbedderError at once when a file is missing, and with the first text when the package is.
 */
export function onnxEmbedder(folder: string): Embedder {
	const at = resolve(/* turbopackIgnore: true */ folder);
	const model = [join(at, "model.onnx"), join(at, "onnx", "model.onnx")].find((path) => existsSync(path));
	const missing = [
		...(model ? [] : ["model.onnx"]),
		...["tokenizer.json", "config.json"].filter((name) => !existsSync(join(at, name))),
	];
	if (!model || missing.length) throw new EmbedderError(`${at} lacks ${missing.join(", ")}.`);
	const { hidden_size: dims } = JSON.parse(readFileSync(join(at, "config.json"), "utf8")) as {
		hidden_size?: number;
	};
	if (!dims) throw new EmbedderError(`${join(at, "config.json")} states no hidden_size.`);
	const tokenize = wordPiece(readFileSync(join(at, "tokenizer.json"), "utf8"));
	const sha256 = createHash("sha256").update(readFileSync(model)).digest("hex");

	let opened: Promise<{ runtime: Runtime; session: Session }> | undefined;
	const open = async () => {
		const runtime = await onnxRuntime();
		return { runtime, session: await runtime.InferenceSession.create(model, { intraOpNumThreads: 1 }) };
	};
	const embedOne = async (text: string): Promise<Float32Array> => {
		const ids = tokenize(text, MAX_TOKENS);
		// A failed start is not remembered: the package may be there at the next call.
		opened ??= open().catch((error: Error) => {
			opened = undefined;
			throw error instanceof EmbedderError
				? error
				: new EmbedderError(`${model} could not be run: ${error.message}`);
		});
		const { runtime, session } = await opened;
		const shape = [1, ids.length];
		const inputs: Record<string, Tensor> = {
			input_ids: new runtime.Tensor("int64", BigInt64Array.from(ids, BigInt), shape),
			attention_mask: new runtime.Tensor("int64", new BigInt64Array(ids.length).fill(1n), shape),
			token_type_ids: new runtime.Tensor("int64", new BigInt64Array(ids.length), shape),
		};
		const feeds = Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]!]));
		const output = (await session.run(feeds))[session.outputNames[0]!]!;
		const mean = new Float32Array(dims);
		for (let i = 0; i < ids.length * dims; i++) mean[i % dims]! += output.data[i]! / ids.length;
		return unit(mean);
	};

	return {
		id: `onnx/${basename(at)}@${sha256.slice(0, 8)}`,
		dims,
		maxTokens: MAX_TOKENS,
		async embed(texts) {
			const vectors: Float32Array[] = [];
			try {
				for (const text of texts) vectors.push(await embedOne(text));
			} catch (error) {
				if (error instanceof EmbedderError) throw error;
				throw new EmbedderError(`${model} failed on a text: ${(error as Error).message}`);
			}
			return vectors;
		},
		async close() {
			const was = opened;
			opened = undefined;
			await (await was)?.session.release();
		},
	};
}

async function onnxRuntime(): Promise<Runtime> {
	// In a variable, so that neither compiler nor bundler insists on a package that may be absent.
	const name = "onnxruntime-node";
	try {
		return (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ name)) as Runtime;
	} catch (error) {
		throw new EmbedderError(
			`EMBEDDER=onnx needs the optional package onnxruntime-node, which could not be loaded (${(error as Error).message}). ` +
				"Install it with ONNXRUNTIME_NODE_INSTALL=skip, or set EMBEDDER=bundled.",
		);
	}
}
