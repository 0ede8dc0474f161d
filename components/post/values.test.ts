import { describe, expect, test } from "vitest";
import type { Draft } from "@/lib/board/fields";
import { clockOf, draftFrom, readingsOf, valuesOf } from "./values";

const draft: Draft = {
	kind: "need",
	title: "CI minutes",
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 arm64 cores" },
	constraints: { privacy: "no private data" },
	success_condition: "The release builds.",
	contact: "DM",
};

describe("a post in the form", () => {
	test("shows times by the clocks of its zone and says them again with their offset", () => {
		const values = valuesOf(draft);
		expect(values["/window/start"]).toBe("2026-11-17T18:00");
		expect(draftFrom(values)).toEqual(draft);
	});

	test("keeps the offset of a time that those clocks would read otherwise", () => {
		const window = { start: "2026-11-17T18:00:00+03:00", end: "2026-11-18T02:00:00+01:00" };
		const values = valuesOf({ ...draft, window });
		expect(values["/window/start"]).toBe("2026-11-17T18:00:00+03:00");
		expect(draftFrom(values).window).toEqual(window);
	});

	test("does not say what is empty, and trims what is not", () => {
		const values = { "/title": "  CI minutes ", "/contact": "   ", "/resources/cpu": " 8 cores " };
		expect(draftFrom(values)).toEqual({
			title: "CI minutes",
			resources: { cpu: "8 cores" },
			constraints: {},
		});
	});

	test("leaves a time as it was typed while no zone is known", () => {
		expect(draftFrom({ "/window/start": "2026-11-17T18:00" }).window).toEqual({ start: "2026-11-17T18:00" });
	});
});

describe("an hour that the zone's clocks skip or show twice", () => {
	test("has both readings to choose from", () => {
		expect(readingsOf("2026-10-25T02:30", "Europe/Berlin")).toEqual({
			fault: "repeated",
			choices: ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"],
		});
		expect(readingsOf("2026-03-29T02:30", "Europe/Berlin")?.fault).toBe("skipped");
	});

	test("has nothing to ask once its offset is said, and elsewhere", () => {
		expect(readingsOf("2026-10-25T02:30:00+02:00", "Europe/Berlin")).toBeUndefined();
		expect(readingsOf("2026-10-25T04:30", "Europe/Berlin")).toBeUndefined();
		expect(readingsOf("2026-10-25T02:30", undefined)).toBeUndefined();
	});

	test("stands in its input without offset, and without seconds that are none", () => {
		expect(clockOf("2026-10-25T02:30:00+02:00")).toBe("2026-10-25T02:30");
		expect(clockOf("2026-10-25T02:30:15Z")).toBe("2026-10-25T02:30:15");
	});
});
