import { expect, test } from "vitest";
import type { Fields } from "./fields";
import { scopeOf } from "./scope";

const need: Omit<Fields, "tz" | "window"> = {
	kind: "need",
	region: "EU",
	budget: { cap: "10", unit: "scrip" },
	resources: { cpu: "8 cores" },
	constraints: {},
	contact: "DM",
};

test("machines that are offered are infra, and that are needed are a request", () => {
	expect(scopeOf({ ...need, kind: "offer" })).toBe("infra");
	expect(scopeOf(need)).toBe("request");
});

test("work without machines is help, offered or needed", () => {
	const review = { other: "two hours of code review" };
	expect(scopeOf({ ...need, resources: review })).toBe("help");
	expect(scopeOf({ ...need, kind: "offer", resources: review })).toBe("help");
	expect(scopeOf({ ...need, resources: { other: "20 tickets" }, title: "Somebody to debug nginx" })).toBe(
		"help",
	);
});

test("machines that come with a word of help stay what they are", () => {
	expect(scopeOf({ ...need, title: "CI runner, setup included", kind: "offer" })).toBe("infra");
	expect(scopeOf({ ...need, resources: { other: "an API quota" } })).toBe("request");
});

test("what the author says stands", () => {
	expect(scopeOf({ ...need, scope: "help" })).toBe("help");
});
