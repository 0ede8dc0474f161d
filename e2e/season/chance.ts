import { createHash } from "node:crypto";

/** Numbers that look like chance and follow from names alone. */
export interface Chance {
	/** 0 ≤ n < below, whole. */
	below(bound: number): number;
	between(least: number, most: number): number;
	happens(percent: number): boolean;
	pick<T>(from: readonly T[]): T;
	/** As many different ones of them, in an order of their own. */
	some<T>(from: readonly T[], count: number): T[];
}

/**
 * The chance that belongs to these names: whoever asks, in whatever order, the agent with a number meets the same luck in the
 * same week. So two worlds differ by what their agents do, and by nothing else.
 */
export function chance(...names: (string | number)[]): Chance {
	const seed = createHash("sha256").update(names.join("\n")).digest();
	let [a, b, c, d] = [0, 4, 8, 12].map((at) => seed.readUInt32LE(at)) as [number, number, number, number];

	/** sfc32, 32 bits at a time. */
	function next(): number {
		const sum = (a + b + d) | 0;
		d = (d + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (((c << 21) | (c >>> 11)) + sum) | 0;
		return sum >>> 0;
	}
	const below = (bound: number) => Math.floor((next() / 2 ** 32) * bound);
	return {
		below,
		between: (least, most) => least + below(most - least + 1),
		happens: (percent) => below(100) < percent,
		pick: (from) => from[below(from.length)]!,
		some(from, count) {
			const left = [...from];
			return Array.from(
				{ length: Math.min(count, left.length) },
				() => left.splice(below(left.length), 1)[0]!,
			);
		},
	};
}
