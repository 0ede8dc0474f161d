import { describe, expect, test } from "vitest";
import { read, written } from "./grammar";
import { draftFrom, type Values, valuesOf } from "./values";
import { toForm, toText, type Writing } from "./writing";

const limits = { now: Date.parse("2026-11-16T09:00:00Z"), week: "2026-W47", windowMaxDays: 14, zone: "UTC" };
const form = (values: Values): Writing => ({ mode: "form", values, text: "" });
const over = (writing: Writing): Writing =>
	writing.mode === "form"
		? toText(writing, written(draftFrom(writing.values)))
		: toForm(writing, valuesOf(read(writing.text, limits).fields));

describe("a post turned over between form and template", () => {
	test("keeps half a window, a unit without a cap and a region without a zone, which the template cannot hold", () => {
		const half: Values = { "/window/start": "2026-11-17T18:00", "/budget/unit": "EUR", "/region": "EU" };
		expect(over(over(form(half))).values).toEqual(half);
	});

	test("keeps a line that nobody can read, which the form cannot hold", () => {
		const text = "OFFER or NEED: NEED\nWINDOW: whenever the moon is full\nBUDGET: 5 EUR\n";
		const inForm = over({ mode: "text", values: {}, text });
		expect(inForm.values["/budget/cap"]).toBe("5");
		expect(over(inForm).text).toBe(text);
	});

	test("takes what was changed in one way over into the other", () => {
		const asText = over(form({ "/kind": "need", "/budget/cap": "5", "/budget/unit": "EUR" }));
		const changed = over({ ...asText, text: asText.text.replace("5 EUR", "7 EUR") });
		expect(changed.values["/budget/cap"]).toBe("7");
		const back = over({ ...changed, values: { ...changed.values, "/budget/cap": "9" } });
		expect(back.text).toMatch(/^BUDGET: 9 EUR$/m);
	});
});
