import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { minilmCalibration } from "../../match/calibration";
import { type Embedder, EmbedderError } from "../../match/embedding";
import type { Kept } from "./kept";
import { Meaning } from "./meaning";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** An embedder whose model takes ten seconds to load; `told` is what is said of it. Nothing is kept, so nothing is asked of that. */
function slow() {
	const told: string[] = [];
	const embedder: Embedder = {
		id: "a large one",
		dims: 2,
		maxTokens: 256,
		embed: (texts) =>
			new Promise((resolve) => setTimeout(() => resolve(texts.map(() => Float32Array.of(1, 0))), 10_000)),
		close: async () => {},
	};
	const meaning = new Meaning(embedder, {} as Kept, (_, line) => told.push(line));
	meaning.calibration = minilmCalibration;
	return { meaning, told };
}

test("a model that takes long to load has not failed: nobody waits yet", async () => {
	const { meaning, told } = slow();
	const warm = meaning.warmUp();
	await vi.advanceTimersByTimeAsync(10_000);
	await warm;
	expect([told, meaning.ready]).toEqual([[], true]);
});

test("it has for somebody who waits for a match, until it answers", async () => {
	const { meaning, told } = slow();
	const question = meaning.question("how to retry");
	await vi.advanceTimersByTimeAsync(5_000);
	expect(await question).toBe(null);
	expect([told, meaning.ready]).toEqual([["The embedder failed; matches are ranked by words alone."], false]);
	// Whoever can wait longer than a buyer still may.
	expect(meaning.fails).toBe(false);
	await vi.advanceTimersByTimeAsync(5_000);
	expect([told.at(-1), meaning.ready]).toEqual(["The embedder works again.", true]);
});

test("who asks with the same words again waits for nothing, unless it failed", async () => {
	const asked: string[] = [];
	let fails = false;
	const embedder: Embedder = {
		id: "a counting one",
		dims: 2,
		maxTokens: 256,
		embed: async (texts) => {
			asked.push(...texts);
			if (fails) throw new EmbedderError("It is away.");
			return texts.map(() => Float32Array.of(1, 0));
		},
		close: async () => {},
	};
	const meaning = new Meaning(embedder, {} as Kept, () => {});
	meaning.calibration = minilmCalibration;
	await Promise.all([meaning.question("how to retry"), meaning.question("how to retry")]);
	expect(await meaning.question("how to retry")).toEqual(Float32Array.of(1, 0));
	expect(asked).toEqual(["how to retry"]);
	meaning.expect("how to hurry");
	await meaning.question("how to hurry");
	expect(asked).toEqual(["how to retry", "how to hurry"]);

	fails = true;
	expect(await meaning.question("how to wait")).toBe(null);
	fails = false;
	expect(await meaning.question("how to wait")).toEqual(Float32Array.of(1, 0));
	meaning.expect("how to give up");
	expect(asked.slice(2)).toEqual(["how to wait", "how to wait", "how to give up"]);

	// Those asked last are remembered.
	for (let i = 0; i < 254; i++) await meaning.question(`question ${i}`);
	asked.length = 0;
	await meaning.question("how to wait");
	await meaning.question("how to retry");
	expect(asked).toEqual(["how to retry"]);
});
