import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Vectors } from "./vectors";

const unit = (values: readonly number[]) => {
	const length = Math.hypot(...values) || 1;
	return Float32Array.from(values, (value) => value / length);
};
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const cosinesOf = (dims: number, kept: Float32Array[], question: Float32Array) => {
	const vectors = new Vectors(dims);
	for (const [at, vector] of kept.entries()) vectors.set(at, vector);
	const found: number[] = [];
	vectors.cosines(question, kept.length, (at, cosine) => {
		found[at] = cosine;
	});
	return found;
};

describe("Vectors", () => {
	it("give the cosine to within the fineness of their codes, in any number of dimensions", () => {
		const cases = fc.integer({ min: 1, max: 1_600 }).chain((dims) => {
			const vector = fc
				.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dims, maxLength: dims })
				.map(unit);
			return fc.tuple(fc.constant(dims), fc.array(vector, { minLength: 1, maxLength: 4 }), vector);
		});
		fc.assert(
			fc.property(cases, ([dims, kept, question]) => {
				for (const [at, cosine] of cosinesOf(dims, kept, question).entries()) {
					// Half a code in each dimension of the one, half a finer one in the other.
					const code = Math.max(...kept[at]!.map(Math.abs)) / 127;
					expect(Math.abs(cosine - dot(kept[at]!, question))).toBeLessThan(code * Math.sqrt(dims) + 0.001);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it("hold where all products are as large as they can be: no sum leaves its 32 bits", () => {
		for (const dims of [384, 3_072, 16_000]) {
			const flat = unit(Array(dims).fill(1));
			const [same, opposite] = cosinesOf(dims, [flat, flat.map((value) => -value)], flat);
			expect(same).toBeCloseTo(1, 2);
			expect(opposite).toBeCloseTo(-1, 2);
		}
	});

	it("replace one another under a number, over as many as a search has pages for", () => {
		const axis = (n: number) => unit(Array.from({ length: 9 }, (_, i) => (i === n % 9 ? 1 : 0)));
		const vectors = new Vectors(9);
		for (let at = 0; at < 3_000; at++) vectors.set(at, axis(at));
		vectors.set(2_999, axis(4));
		const near: number[] = [];
		vectors.cosines(axis(4), 3_000, (at, cosine) => {
			if (cosine > 0.9) near.push(at);
		});
		const expected = Array.from({ length: 2_999 }, (_, at) => at).filter((at) => at % 9 === 4);
		expect(near).toEqual([...expected, 2_999]);
	});

	it("have nothing to say before there is one", () => {
		expect(cosinesOf(384, [], unit(Array(384).fill(1)))).toEqual([]);
		expect(cosinesOf(0, [], new Float32Array())).toEqual([]);
	});
});
