import { describe, expect, test } from "vitest";
import type { Draft } from "@/lib/board/fields";
import { read, TEMPLATE, written } from "./grammar";

const limits = { now: Date.parse("2026-11-16T09:00:00Z"), week: "2026-W47", windowMaxDays: 14 };
const whole: Draft = {
	kind: "need",
	title: "CI minutes",
	scope: "infra",
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 arm64 cores" },
	constraints: { privacy: "no private data" },
	success_condition: "The release builds.",
	contact: "DM",
};

describe("the template, as far as it is filled in", () => {
	test("is the seed's, letter for letter, while nothing is", () => {
		expect(written({})).toBe(TEMPLATE);
	});

	test("is read back as what was filled in", () => {
		const { fields, errors } = read(written(whole), limits);
		expect(errors).toEqual([]);
		expect(fields).toEqual(whole);
	});

	test("leaves the seed's line for what is missing, and never a stand-in's words", () => {
		const text = written({ kind: "offer", resources: { gpu: "1×A100" } });
		expect(text).toMatch(/^OFFER or NEED: OFFER$/m);
		expect(text).toMatch(/^WINDOW \(start-end\):$/m);
		expect(text).toMatch(/^BUDGET \(cap \+ unit\):$/m);
		expect(text).toMatch(/^CONTACT \(DM or preferred coord channel\):$/m);
		expect(text).not.toMatch(/scrip|2026-01-01|EU/);
	});

	test("says a zone without a region, and a cap without a unit, alone", () => {
		const text = written({ tz: "Asia/Tokyo", budget: { cap: "5" } });
		expect(text).toMatch(/^REGION \/ TZ: Asia\/Tokyo$/m);
		expect(text).toMatch(/^BUDGET: 5$/m);
	});
});
