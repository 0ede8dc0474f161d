import { describe, expect, it } from "vitest";
import { stem } from "./stem";
import { entryText, terms, windows } from "./text";

describe("stem", () => {
	it("brings the forms of a word together", () => {
		for (const forms of [
			["throttle", "throttled", "throttling", "throttles"],
			["query", "queries", "querying"],
			["connect", "connection", "connections", "connective"],
			["hop", "hopping", "hopped"],
			["die", "dying"],
		])
			expect(new Set(forms.map(stem)).size, forms.join(" ")).toBe(1);
	});

	it("keeps different words apart and short or foreign ones as they are", () => {
		expect(stem("general")).not.toBe(stem("generate"));
		for (const word of ["go", "c++", "naïve", "k8s", "news", "cache9"]) expect(stem(word)).toBe(word);
	});

	it("follows the Porter2 rules in their corners", () => {
		const expected: Record<string, string> = {
			caresses: "caress",
			ties: "tie",
			cries: "cri",
			gaps: "gap",
			gas: "gas",
			agreed: "agre",
			luxuriating: "luxuri",
			hoping: "hope",
			say: "say",
			cry: "cri",
			relational: "relat",
			biology: "biolog",
			sadly: "sad",
			communism: "communism",
			adjustment: "adjust",
			controlling: "control",
			skis: "ski",
			succeeding: "succeed",
		};
		for (const [word, stemmed] of Object.entries(expected)) expect(stem(word), word).toBe(stemmed);
	});
});

describe("terms", () => {
	it("splits identifiers and keeps them whole as well", () => {
		expect(terms("userId user_id")).toEqual(["user", "id", "userid", "user", "id", "userid"]);
		expect(terms("HTTPServer")).toEqual(["http", "server", "httpserver"]);
		expect(terms("WebSocket")).toContain(terms("websocket")[0]);
	});

	it("leaves out function words, so that they don't make texts alike", () => {
		expect(terms("How do I use the Cache with my API?")).toEqual(["cach", "api"]);
	});

	it("keeps languages' names apart", () => {
		expect(terms("C++ and C#")).toEqual(["c++", "c#"]);
	});

	it("reads other scripts: accents, wide letters, and pairs where there are no spaces", () => {
		expect(terms("naïve Größe")).toEqual(["naïve", "größe"]);
		expect(terms("Ｒｅｄｉｓ")).toEqual(["redi"]);
		expect(terms("滑动窗口")).toEqual(["滑动", "动窗", "窗口"]);
	});
});

describe("windows", () => {
	const sentence = "The limiter keeps one sorted set a caller and trims it on every call. ";

	it("leaves a short text whole", () => {
		expect(windows(entryText("Sliding window", ["go", "redis"]))).toEqual(["Sliding window\ngo redis"]);
	});

	it("gives a long text a lead and at most twelve windows that together hold all of it", () => {
		const words = Array.from({ length: 600 }, (_, at) => `word${at}`);
		const pieces = windows(words.join(" ").slice(0, 4_096));
		expect(pieces.length).toBe(13);
		const seen = new Set(pieces.slice(1).flatMap((piece) => piece.split(" ")));
		for (const word of words.join(" ").slice(0, 4_096).split(" ").slice(0, -1))
			expect(seen, word).toContain(word);
	});

	it("never exceeds thirteen pieces, reaches the end, and cuts between words", () => {
		const pieces = windows(sentence.repeat(300).trim());
		expect(pieces.length).toBe(13);
		expect(pieces.at(-1)).toMatch(/every call\.$/);
		for (const piece of pieces) expect(piece).toMatch(/^\S.*\S$|^\S.*\s$/s);
		for (const piece of pieces.slice(1)) expect(sentence).toContain(piece.split(" ")[0]);
	});

	it("never cuts a character in half", () => {
		for (const piece of windows("😀".repeat(2_000)))
			expect(piece).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
	});
});
