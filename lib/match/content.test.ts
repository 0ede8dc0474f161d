import { describe, expect, it } from "vitest";
import { contentWindows, keepsContent, similarContent } from "./content";

const unit = (...values: number[]) => Float32Array.from(values, (value) => value / Math.hypot(...values));
const paragraph = (at: number) => Array.from({ length: 60 }, (_, word) => `topic${at}word${word}`).join(" ");

describe("contentWindows", () => {
	it("covers contents up to 7,200 characters in full and takes at most eight passages of any", () => {
		expect(contentWindows("short")).toEqual(["short"]);
		const words = Array.from({ length: 900 }, (_, at) => `word${at}`);
		const covered = new Set(
			contentWindows(words.join(" ").slice(0, 7_000)).flatMap((passage) => passage.split(" ")),
		);
		const missed = words
			.join(" ")
			.slice(0, 7_000)
			.split(" ")
			.filter((word) => !covered.has(word));
		expect(missed.length).toBeLessThanOrEqual(8);
		expect(contentWindows("sentence ".repeat(100_000))).toHaveLength(8);
	});

	it("finds the counterpart's passages in a long content wherever they went", () => {
		const original = Array.from({ length: 60 }, (_, at) => paragraph(at));
		const shuffled = [...original].reverse().join("\n");
		const windows = contentWindows(original.join("\n"));
		const passages = contentWindows(shuffled, original.join("\n"));
		const topics = (texts: string[]) =>
			new Set(texts.flatMap((text) => text.match(/topic\d+(?=word30\b)/g) ?? []));
		for (const topic of topics(windows)) expect(topics(passages)).toContain(topic);
	});
});

describe("similarContent", () => {
	it("notices what the other content lost, and what it added, in both directions alike", () => {
		const [a, b, c] = [unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)];
		expect(similarContent([a, b, c], [c, b, a])).toEqual({ mean: 1, worst: 1 });
		const cut = similarContent([a, b, c], [a, b]);
		expect(cut.mean).toBeCloseTo(2 / 3);
		expect(cut.worst).toBe(0);
		expect(similarContent([a, b], [a, b, c])).toEqual(cut);
		expect(() => similarContent([], [a])).toThrow(RangeError);
	});

	it("does not let a good mean hide one lost passage", () => {
		expect(keepsContent({ mean: 0.9, worst: 0.6 })).toBe(false);
		expect(keepsContent({ mean: 0.84, worst: 0.8 })).toBe(false);
		expect(keepsContent({ mean: 0.86, worst: 0.76 })).toBe(true);
	});
});
