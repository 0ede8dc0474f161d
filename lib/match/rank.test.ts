import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minilmCalibration } from "./calibration";
import { MatchIndex } from "./match-index";
import { type Candidate, rank } from "./rank";

const day = 24 * 3_600_000;
const candidate = (over: Partial<Candidate>): Candidate => ({
	id: "a",
	seller: "key-a",
	ownerId: "owner-a",
	relevance: 0.8,
	tokenCost: 1_000,
	priceScrip: 500,
	reputation: 50,
	ageMs: day,
	domains: ["go"],
	...over,
});
const order = (...candidates: Candidate[]) => rank(candidates).map(({ id }) => id);

const candidates = fc.uniqueArray(
	fc.record({
		id: fc.string({ minLength: 1, maxLength: 6 }),
		seller: fc.constantFrom("k1", "k2", "k3", "k4"),
		ownerId: fc.constantFrom("o1", "o2", "o3"),
		relevance: fc.double({ min: 0, max: 1, noNaN: true }),
		tokenCost: fc.integer({ min: 1, max: 10_000_000 }),
		priceScrip: fc.integer({ min: 1, max: 10_000_000 }),
		reputation: fc.integer({ min: 0, max: 100 }),
		ageMs: fc.integer({ min: 0, max: 400 * day }),
		domains: fc.uniqueArray(fc.constantFrom("go", "redis", "aws", "sql", "css", "rust"), { maxLength: 5 }),
	}),
	{ selector: ({ id }) => id, maxLength: 12 },
);
const asked = fc.uniqueArray(fc.constantFrom("go", "redis", "aws", "sql"), { maxLength: 5 });

describe("rank", () => {
	it("computes the confidence that RULES states", () => {
		const [only] = rank([candidate({ ageMs: 0, reputation: 100, domains: ["a", "b", "c", "d", "e"] })]);
		// 0.8 × (0.85 + 0.15 × (0.15 × 0.2 + 0.80 × 1 + 0.05 × 0.5)); one seller alone is neither new nor common.
		expect(only).toEqual({ id: "a", confidence: 0.7826, r: 0.8, l1: 0.2, l2: 1, l3: 0.5, partial: false });
	});

	it("puts the more relevant entry first, however good the other's price and seller are", () => {
		expect(
			order(
				candidate({
					id: "dear",
					relevance: 0.95,
					priceScrip: 1_000,
					reputation: 0,
					ageMs: 300 * day,
					domains: [],
				}),
				candidate({ id: "cheap", relevance: 0.8, priceScrip: 1, reputation: 100, ageMs: 0 }),
			),
		).toEqual(["dear", "cheap"]);
	});

	it("prefers, of equally relevant ones, the cheaper, the better reputed and the fresher", () => {
		expect(order(candidate({ id: "a" }), candidate({ id: "b", priceScrip: 100 }))[0]).toBe("b");
		expect(order(candidate({ id: "a" }), candidate({ id: "b", reputation: 90 }))[0]).toBe("b");
		expect(order(candidate({ id: "a" }), candidate({ id: "b", ageMs: 0 }))[0]).toBe("b");
	});

	it("counts the domains the buyer asked for, so that five tags on everything bring nothing", () => {
		const tagged = candidate({ id: "tagged", domains: ["go", "x1", "x2", "x3", "x4"] });
		const plain = candidate({ id: "plain", domains: ["go"] });
		const [a, b] = rank([tagged, plain], ["go"]);
		expect(a!.l2).toBe(b!.l2);
		const [first] = rank([plain, tagged]);
		expect(first!.id).toBe("tagged");
	});

	it("lifts the seller that is rare among the candidates, and takes an owner's keys for one seller", () => {
		const flood = ["f1", "f2", "f3"].map((id) => candidate({ id, seller: `key-${id}`, ownerId: "flood" }));
		expect(order(...flood, candidate({ id: "z", ownerId: "newcomer" }))[0]).toBe("z");
	});

	it("puts the older entry first when all else is equal, then the lower id", () => {
		const stale = { ageMs: 5_000 * day };
		expect(
			order(candidate({ id: "copy", ...stale }), candidate({ id: "original", ageMs: 5_001 * day })),
		).toEqual(["original", "copy"]);
		expect(order(candidate({ id: "b" }), candidate({ id: "a" }))).toEqual(["a", "b"]);
	});

	it("never lifts a partial match to a full one, not even by rounding", () => {
		expect(
			rank([candidate({ relevance: 0.49999, tokenCost: 10_000, ageMs: 0, reputation: 100 })])[0],
		).toMatchObject({
			partial: true,
		});
		fc.assert(
			fc.property(candidates, asked, (given, domains) => {
				for (const { id, confidence, partial } of rank(given, domains)) {
					const { relevance } = given.find((one) => one.id === id)!;
					expect(confidence).toBeLessThanOrEqual(relevance);
					expect(confidence).toBeGreaterThanOrEqual(Math.max(0, 0.85 * relevance - 0.0001));
					expect(partial).toBe(confidence < 0.5);
					if (relevance < 0.5) expect(partial).toBe(true);
				}
			}),
		);
	});

	it("orders every set of candidates in one way only, best first, each once", () => {
		fc.assert(
			fc.property(candidates, asked, (given, domains) => {
				const ranked = rank(given, domains);
				expect(rank([...given].reverse(), domains)).toEqual(ranked);
				expect(ranked.map(({ id }) => id).sort()).toEqual(given.map(({ id }) => id).sort());
				const confidences = ranked.map(({ confidence }) => confidence);
				expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
			}),
		);
	});

	it("gives numbers from 0 to 1 with four decimals, as they are signed", () => {
		fc.assert(
			fc.property(candidates, asked, (given, domains) => {
				for (const { confidence, r, l1, l2, l3 } of rank(given, domains))
					for (const value of [confidence, r, l1, l2, l3]) {
						expect(value).toBeGreaterThanOrEqual(0);
						expect(value).toBeLessThanOrEqual(1);
						expect(String(value)).toMatch(/^[01](\.\d{1,4})?$|^[1-9]e-4$/);
					}
			}),
		);
	});

	it("never brings back what is below the floor: it ranks what was found and nothing else", () => {
		const vector = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));
		fc.assert(
			fc.property(fc.array(fc.double({ min: 0, max: Math.PI, noNaN: true }), { maxLength: 20 }), (angles) => {
				const index = new MatchIndex(2, minilmCalibration);
				angles.forEach((angle, at) => {
					index.put({ id: `e${at}`, text: "", vectors: [vector(angle)] });
				});
				const { hits } = index.search({ text: "", vector: vector(0) }, () => true, 20);
				const perfect = { tokenCost: 1_000_000, priceScrip: 1, reputation: 100, ageMs: 0 };
				const ranked = rank(hits.map(({ id, relevance }) => candidate({ id, relevance, ...perfect })));
				for (const { id } of ranked)
					expect(Math.cos(angles[Number(id.slice(1))]!)).toBeGreaterThan(minilmCalibration.floor - 0.02);
			}),
		);
	});
});
