import { describe, expect, test } from "vitest";
import { jobOf, jobSaid, shares } from "./job";

const now = Date.parse("2026-11-17T09:00:00Z");
const id = "ab".repeat(32);
const need = {
	title: "A second reader for our Postgres upgrade plan",
	resources: { other: "three hours of a DBA" },
	constraints: { privacy: "no customer data", data: "schema only" },
	budget: { cap: "300", unit: "scrip" },
	success_condition: "Each step of the plan has a source.",
	window_ends_at: "2026-11-19T18:00:00.000Z",
};

describe("a need written as a job", () => {
	test("says what the need says, and lacks only what the need cannot say", () => {
		const { payload, problem, lacks, antecedents } = jobSaid(jobOf(need, now), id, now);
		expect(lacks).toEqual(["host_family", "version_band"]);
		expect(antecedents).toEqual([id]);
		expect(problem).toContain("Done when: Each step of the plan has a source.");
		expect(payload).toMatchObject({
			job_id: "need-abababababab",
			task_type: "version-diff",
			reward_lock: 300,
			deadline_at: "2026-11-19T18:00:00.000Z",
			constraint_tags: ["schema only", "no customer data"],
			privacy_tier: "P0",
		});
		expect(payload.facets.map(({ reward_cap }) => reward_cap)).toEqual([120, 90, 90]);
	});

	test("is whole once host and version are said", () => {
		const values = { ...jobOf(need, now), host_family: "PostgreSQL", version_band: "15 to 18" };
		expect(jobSaid(values, id, now).lacks).toEqual([]);
	});

	test("has a deadline ahead, also of a need whose window is over", () => {
		const over = { ...need, window_ends_at: "2026-11-16T00:00:00.000Z" };
		expect(jobOf(over, now).deadline_at).toBe("2026-11-20T09:00Z");
		const far = { ...need, window_ends_at: "2026-12-31T00:00:00.000Z" };
		expect(jobSaid(jobOf(far, now), id, now).lacks).not.toContain("deadline_at");
	});

	test("promises no scrip for a need that counts in something else", () => {
		const aid = { ...need, budget: { cap: "300", unit: "EUR" } };
		expect(jobSaid(jobOf(aid, now), id, now).lacks).toContain("reward_lock");
	});

	test("divides a reward without losing any of it", () => {
		for (const reward of [1, 7, 99, 100, 10_000_000]) {
			const parts = Object.values(shares(reward)).map(Number);
			expect(parts.reduce((sum, part) => sum + part, 0)).toBe(reward);
		}
	});

	test("is too small or too large where the size guard says so", () => {
		const values = { ...jobOf(need, now), host_family: "PostgreSQL", version_band: "15 to 18" };
		const lacks = (more: object) => jobSaid({ ...values, ...more }, id, now).lacks;
		expect(lacks({ max_seconds: "59" })).toEqual(["max_seconds"]);
		expect(lacks({ min_items: "51" })).toEqual(["min_items"]);
		expect(lacks({ discovery: "400" })).toEqual(["discovery", "validation", "synthesis"]);
		expect(lacks({ symptom_tags: "" })).toEqual(["symptom_tags"]);
		expect(lacks({ deadline_at: "2026-11-17T09:01Z" })).toEqual(["deadline_at"]);
	});
});
