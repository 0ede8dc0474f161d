import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexicalCalibration, minilmCalibration } from "./calibration";
import { MatchIndex } from "./match-index";

const all = () => true;
const unit = (...values: number[]) => {
	const length = Math.hypot(...values);
	return Float32Array.from(values, (value) => value / length);
};
const lexical = (...entries: [id: string, text: string][]) => {
	const index = new MatchIndex(0, lexicalCalibration);
	for (const [id, text] of entries) index.put({ id, text, vectors: null });
	return index;
};

describe("MatchIndex", () => {
	it("scores an entry by its best vector, so that a long description is not diluted", () => {
		const index = new MatchIndex(3, minilmCalibration);
		index.put({ id: "long", text: "", vectors: [unit(1, 1, 1), unit(0, 1, 0), unit(0.02, 0, 1)] });
		index.put({ id: "short", text: "", vectors: [unit(1, 1, 1)] });
		const { hits } = index.search({ text: "", vector: unit(0, 0, 1) }, all, 10);
		expect(hits.map(({ id }) => id)).toEqual(["long", "short"]);
		expect(hits[0]!.similarity).toBeCloseTo(1, 2);
		expect(hits[1]!.similarity).toBeCloseTo(0.577, 2);
	});

	it("adds shared words to the meaning: of two equally near entries the one that names the thing comes first", () => {
		const index = new MatchIndex(2, minilmCalibration);
		index.put({ id: "a", text: "queues in general", vectors: [unit(4, 3)] });
		index.put({ id: "b", text: "pgboss queues", vectors: [unit(4, 3)] });
		const { hits } = index.search({ text: "tuning pgboss", vector: unit(1, 0) }, all, 10);
		expect(hits[0]).toMatchObject({ id: "b", lexical: 1 });
		expect(hits[0]!.score).toBeCloseTo(0.8 + 0.3, 2);
		expect(hits[1]).toMatchObject({ id: "a", lexical: 0 });
	});

	it("shows nothing below the floor and says how much fell below it", () => {
		const index = new MatchIndex(2, minilmCalibration);
		index.put({ id: "near", text: "", vectors: [unit(0.56, 0.83)] });
		index.put({ id: "far", text: "", vectors: [unit(0.52, 0.85)] });
		expect(index.search({ text: "", vector: unit(1, 0) }, all, 10)).toMatchObject({
			hits: [{ id: "near" }],
			candidates: 2,
			belowFloor: 1,
		});
	});

	it("filters first: what is refused neither takes a place nor changes how relevant another is", () => {
		const index = new MatchIndex<{ priceScrip: number }>(2, minilmCalibration);
		for (let at = 0; at < 20; at++)
			index.put({ id: `dear${at}`, text: "redis limiter", vectors: [unit(1, 0)], priceScrip: 900 });
		index.put({ id: "cheap", text: "redis", vectors: [unit(4, 3)], priceScrip: 10 });
		const question = { text: "redis limiter", vector: unit(1, 0) };
		const open = index.search(question, all, 100).hits.find(({ id }) => id === "cheap");
		const filtered = index.search(question, (_, { priceScrip }) => priceScrip <= 100, 3);
		expect(filtered.hits).toEqual([open]);
		expect(filtered.candidates).toBe(1);
	});

	it("ranks an entry that is not embedded yet by its words, beside the others", () => {
		const index = new MatchIndex(2, minilmCalibration);
		index.put({ id: "new", text: "Sliding window rate limiter in Go with Redis", vectors: null });
		index.put({ id: "old", text: "Notes on gardening", vectors: [unit(1, 0)] });
		const found = index.search({ text: "sliding window limiter for Redis", vector: unit(4, 3) }, all, 10);
		expect(found.hits.map(({ id, by }) => [id, by])).toEqual([
			["new", "words"],
			["old", "vector"],
		]);
		expect(found.unembedded).toBe(1);
	});

	it("goes on by words when the question has no vector, and ignores shared function words", () => {
		const index = lexical(
			["limiter", "How to limit the rate of requests"],
			["garden", "How to do the planting of roses"],
		);
		expect(
			index.search({ text: "limiting request rates", vector: null }, all, 10).hits.map(({ id }) => id),
		).toEqual(["limiter"]);
		expect(index.search({ text: "how do I do this to the", vector: null }, all, 10).hits).toEqual([]);
	});

	it("replaces an entry put again and forgets one removed", () => {
		const index = new MatchIndex<{ k: number }>(2, minilmCalibration);
		index.put({ id: "a", text: "kafka", vectors: [unit(1, 0), unit(0, 1)], k: 1 });
		index.put({ id: "a", text: "roses", vectors: [unit(1, 0)], k: 2 });
		expect(index.size).toBe(1);
		expect(index.get("a")).toEqual({ k: 2 });
		expect(index.search({ text: "kafka", vector: unit(0, 1) }, all, 10).hits).toEqual([]);
		index.remove("a");
		index.remove("unknown");
		expect(index.search({ text: "roses", vector: unit(1, 0) }, all, 10)).toMatchObject({
			hits: [],
			candidates: 0,
		});
	});

	it("answers the same whatever was put and removed before", () => {
		const text = fc.array(fc.constantFrom("kafka", "redis", "rust", "window", "limit", "css"), {
			maxLength: 6,
		});
		const entry = fc.record({
			id: fc.integer({ min: 0, max: 9 }),
			text,
			angle: fc.double({ min: 0, max: 3, noNaN: true }),
		});
		const put = (
			index: MatchIndex,
			{ id, text: words, angle }: { id: number; text: string[]; angle: number },
		) => {
			const vectors = id % 3 ? [unit(Math.cos(angle), Math.sin(angle))] : null;
			index.put({ id: `e${id}`, text: words.join(" "), vectors });
		};
		fc.assert(
			fc.property(
				fc.array(entry, { maxLength: 30 }),
				fc.array(fc.integer({ min: 0, max: 9 })),
				text,
				(puts, gone, asked) => {
					const lived = new MatchIndex(2, minilmCalibration);
					for (const one of puts) put(lived, one);
					for (const id of gone) lived.remove(`e${id}`);
					const fresh = new MatchIndex(2, minilmCalibration);
					const last = new Map(puts.map((one) => [one.id, one]));
					for (const one of last.values()) if (!gone.includes(one.id)) put(fresh, one);
					const question = { text: asked.join(" "), vector: unit(1, 0.2) };
					expect(lived.search(question, all, 50)).toEqual(fresh.search(question, all, 50));
				},
			),
		);
	});

	it("stays right when thousands of entries come and go, and reuses their room", () => {
		const index = new MatchIndex(2, minilmCalibration);
		for (let at = 0; at < 6_000; at++) {
			index.put({ id: `e${at}`, text: `topic${at} shared`, vectors: [unit(1, at)] });
			if (at >= 50) index.remove(`e${at - 50}`);
		}
		expect(index.size).toBe(50);
		const { hits, candidates } = index.search({ text: "topic5990", vector: unit(1, 5990) }, all, 1);
		expect(hits[0]).toMatchObject({ id: "e5990", lexical: 1 });
		expect(candidates).toBe(50);
		expect(index.search({ text: "topic10", vector: null }, all, 5).hits).toEqual([]);
	});

	it("refuses a vector of other dimensions instead of comparing nonsense", () => {
		const index = new MatchIndex(3, minilmCalibration);
		expect(() => index.put({ id: "a", text: "", vectors: [unit(1, 0)] })).toThrow(RangeError);
		expect(() => index.search({ text: "", vector: unit(1, 0) }, all, 1)).toThrow(RangeError);
		expect(index.size).toBe(0);
	});

	it("orders equally relevant entries by id", () => {
		const index = lexical(["b", "redis limiter"], ["a", "redis limiter"], ["c", "garden"]);
		expect(index.search({ text: "redis limiter", vector: null }, all, 10).hits.map(({ id }) => id)).toEqual([
			"a",
			"b",
		]);
	});
});
