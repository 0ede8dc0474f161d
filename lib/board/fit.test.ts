import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FITS_FROM_BP, fitOf, fitting, type Post, WEIGHTS_BP } from "./fit";

const NOW = Date.parse("2026-11-16T09:00:00.000Z");
const HOUR_MS = 3_600_000;
const from = (start: number, end: number) => ({ start: NOW + start * HOUR_MS, end: NOW + end * HOUR_MS });

const need: Post = {
	id: "need",
	first: 1,
	tz: "Europe/Berlin",
	span: from(24, 32),
	budget: { cap: "120", unit: "scrip" },
	resources: { gpu: "2×A100 80 GB", ram: "64 GB" },
	constraints: {},
	title: "Fine-tune a small model",
	success_condition: "checkpoint uploaded",
};
const offer: Post = {
	id: "offer",
	first: 2,
	tz: "Europe/Paris",
	span: from(20, 40),
	budget: { cap: "100", unit: "scrip" },
	resources: { gpu: "8×A100 80 GB", ram: "512 GB", storage: "2 TB" },
	constraints: {},
	title: "A100 evenings to fine-tune models",
};
const judged = (needs: Partial<Post> = {}, offers: Partial<Post> = {}, similarityBp?: number) =>
	fitOf(
		{ ...need, ...needs },
		{ ...offer, ...offers },
		{ now: NOW, ...(similarityBp !== undefined && { similarityBp }) },
	);
const part = (name: keyof typeof WEIGHTS_BP, needs: Partial<Post>, offers: Partial<Post> = {}) => {
	const { bp, reason } = judged(needs, offers).parts[name];
	return [bp, reason];
};

describe("the fit of a need and an offer", () => {
	test("is whole in each part that has all that is needed", () => {
		const { bp, parts } = judged();
		expect(parts.resources).toEqual({
			bp: 10_000,
			reason: "resources-all",
			values: { resources: "gpu, ram" },
		});
		expect(parts.window).toEqual({ bp: 10_000, reason: "window-whole", values: { minutes: 480 } });
		expect([parts.zone.reason, parts.budget.reason]).toEqual(["zone-same", "budget-covers"]);
		expect(bp).toBeGreaterThan(9_000);
	});

	test("weighs its parts to a whole", () => {
		expect(Object.values(WEIGHTS_BP).reduce((sum: number, weight) => sum + weight, 0)).toBe(10_000);
	});

	test("counts what is offered of what is needed, the worst measure deciding", () => {
		expect(part("resources", {}, { resources: { gpu: "1×A100 80 GB", ram: "64 GB" } })).toEqual([
			7_500,
			"resources-short",
		]);
		expect(part("resources", {}, { resources: { gpu: "2×A100 40 GB", ram: "16 GB" } })).toEqual([
			3_750,
			"resources-short",
		]);
		expect(part("resources", {}, { resources: { gpu: "2×A100 80 GB" } })).toEqual([
			5_000,
			"resources-lacking",
		]);
		expect(part("resources", {}, { resources: { storage: "2 TB" } })).toEqual([0, "resources-none"]);
	});

	test("takes another card for a fifth, and an unnamed one for a half", () => {
		expect(part("resources", { resources: { gpu: "A100" } }, { resources: { gpu: "T4" } })[0]).toBe(2_000);
		expect(part("resources", { resources: { gpu: "A100" } }, { resources: { gpu: "4 GPUs" } })[0]).toBe(
			5_000,
		);
		expect(part("resources", { resources: { gpu: "a GPU" } }, { resources: { gpu: "T4" } })[0]).toBe(10_000);
		expect(
			part("resources", { resources: { cpu: "8 arm64 cores" } }, { resources: { cpu: "64 cores EPYC" } })[0],
		).toBe(2_000);
	});

	test("compares work by its words", () => {
		const review = { resources: { other: "code review of a Rust patch" } };
		const [bp, reason] = part("resources", review, { resources: { other: "Rust code reviews" } });
		expect(reason).toBe("resources-short");
		expect(bp).toBeGreaterThan(5_000);
		expect(part("resources", review, { title: "GPU", resources: { gpu: "1" } })).toEqual([
			0,
			"resources-none",
		]);
	});

	test("is how much of the shorter window both have, from now on", () => {
		expect(part("window", {}, { span: from(28, 60) })).toEqual([5_000, "window-part"]);
		expect(part("window", { span: from(-8, 8) }, { span: from(-8, 4) })).toEqual([10_000, "window-whole"]);
		expect(part("window", {}, { span: from(32, 40) })).toEqual([0, "window-none"]);
		expect(part("window", { span: from(-8, 0) }, { span: from(-8, 4) })).toEqual([0, "window-none"]);
	});

	test("is nothing at all where they never meet, or nothing needed is there", () => {
		expect(judged({}, { span: from(32, 40) }).bp).toBe(0);
		expect(judged({}, { resources: { storage: "2 TB" } }).bp).toBe(0);
	});

	test("falls with the hours between their clocks", () => {
		expect(part("zone", {}, { tz: "America/New_York" })).toEqual([5_000, "zone-apart"]);
		expect(judged({}, { tz: "America/New_York" }).parts.zone.values).toEqual({ hours: 6 });
	});

	test("holds cap against cap in one unit, to the last digit", () => {
		const caps = (has: string, asks: string) =>
			part("budget", { budget: { cap: has, unit: "scrip" } }, { budget: { cap: asks, unit: "scrip" } });
		expect(caps("120", "120.000001")).toEqual([9_999, "budget-below"]);
		expect(caps("120", "120")).toEqual([10_000, "budget-covers"]);
		expect(caps("0", "1")).toEqual([0, "budget-below"]);
		expect(caps("0", "0")).toEqual([10_000, "budget-free"]);
		expect(caps("999999999999.999999", "999999999999.999998")).toEqual([10_000, "budget-covers"]);
	});

	test("never takes one unit for another, and asks none of what is free", () => {
		expect(part("budget", {}, { budget: { cap: "1", unit: "EUR" } })).toEqual([0, "budget-other-unit"]);
		expect(part("budget", {}, { budget: { cap: "0", unit: "EUR" } })).toEqual([10_000, "budget-free"]);
	});

	test("counts an hourly price for the hours that both windows share", () => {
		const hourly = (cap: string) => part("budget", {}, { budget: { cap, unit: "scrip/h" } });
		expect(hourly("15")).toEqual([10_000, "budget-hours"]);
		expect(hourly("30")).toEqual([5_000, "budget-hours-part"]);
		expect(
			part(
				"budget",
				{ budget: { cap: "20", unit: "scrip/h" } },
				{ budget: { cap: "15", unit: "scrip per hour" } },
			),
		).toEqual([10_000, "budget-covers"]);
	});

	test("takes the better of shared words and of what an embedder finds near", () => {
		expect(judged().parts.text.reason).toBe("text-words");
		expect(judged({}, {}, 9_000).parts.text).toMatchObject({ bp: 9_000, reason: "text-near" });
		expect(judged({}, {}, -50).parts.text).toEqual(judged().parts.text);
		expect(judged({}, {}, 99_999).parts.text.bp).toBe(10_000);
	});

	test("is whole basis points from 0 to 10,000, the same each time it is asked", () => {
		const hours = fc.integer({ min: -50, max: 300 });
		const post = fc.record({
			span: fc
				.tuple(hours, fc.integer({ min: 1, max: 300 }))
				.map(([start, length]) => from(start, start + length)),
			tz: fc.constantFrom("UTC", "Asia/Tokyo", "America/St_Johns", "UTC-11:00"),
			budget: fc.record({
				cap: fc.stringMatching(/^\d{1,12}(\.\d{1,6})?$/),
				unit: fc.constantFrom("scrip", "scrip/h", "EUR"),
			}),
			resources: fc.record(
				{
					gpu: fc.string({ maxLength: 40 }),
					cpu: fc.constantFrom("0 cores", "8", "1 core"),
					other: fc.string({ maxLength: 40 }),
				},
				{ requiredKeys: ["cpu"] },
			),
			title: fc.string({ maxLength: 120 }),
		});
		fc.assert(
			fc.property(post, post, (needs, offers) => {
				const found = judged(needs, offers);
				expect(found).toEqual(judged(needs, offers));
				for (const { bp } of [found, ...Object.values(found.parts)])
					expect(Number.isInteger(bp) && bp >= 0 && bp <= 10_000).toBe(true);
			}),
		);
	});
});

describe("the offers that fit a need", () => {
	const among = (...offers: Post[]) =>
		fitting(offers, (one) => fitOf(need, one, { now: NOW })).map(({ post }) => post.id);

	test("come best first", () => {
		const worse = { ...offer, id: "worse", first: 1, span: from(28, 40) };
		expect(among(worse, offer)).toEqual(["offer", "worse"]);
	});

	test("and of equal ones the first published first", () => {
		const [later, earlier] = [
			{ ...offer, id: "later", first: 9 },
			{ ...offer, id: "earlier", first: 3 },
		];
		expect(among(later, earlier)).toEqual(["earlier", "later"]);
	});

	test("are only those that reach half", () => {
		const never = { ...offer, id: "never", span: from(100, 120) };
		const poor = {
			...offer,
			id: "poor",
			span: from(31, 60),
			resources: { gpu: "T4" },
			budget: { cap: "900", unit: "EUR" },
		};
		expect(among(never, poor)).toEqual([]);
		expect(fitOf(need, poor, { now: NOW }).bp).toBeLessThan(FITS_FROM_BP);
	});
});
