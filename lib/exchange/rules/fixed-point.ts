/**
 * The only arithmetic the fold knows: integers with a stated rounding. Floats are kept out, because a sum of them depends
 * on its order and `Math.pow` or `Math.exp` on the machine, and a replay must give the same scrip everywhere, for ever.
 *
 * Units: scrip are whole `number`s, micro-scrip `bigint`s, factors parts per million (ppm), settings basis points (bp).
 */
export const MICRO_PER_SCRIP = 1_000_000n;
export const ONE_PPM = 1_000_000;
const BP = 10_000n;

/** Whole scrip as micro-scrip. */
export function micro(scrip: number): bigint {
	return BigInt(scrip) * MICRO_PER_SCRIP;
}

/** The whole scrip contained in an amount that is not negative; the fraction stays where it is. */
export function wholeScrip(amountMicro: bigint): number {
	return Number(amountMicro / MICRO_PER_SCRIP);
}

/** `bp` basis points of an amount that is not negative, rounded down: nobody is paid a fraction that does not exist. */
export function partOf(amountMicro: bigint, bp: number): bigint {
	return (amountMicro * BigInt(bp)) / BP;
}

/** numerator ÷ denominator, both not negative, halves upwards: the rounding of every price a buyer sees. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
	return (2n * numerator + denominator) / (2n * denominator);
}

/** A factor for people: four decimals. No money is ever computed from it. */
export function decimal(ppm: number): number {
	return Math.round(ppm / 100) / 10_000;
}

/**
 * `from` ppm at 0, moved in a straight line by `change` ppm until `at` reaches `span`, constant from there on.
 * The moved part is rounded towards zero. `at` below 0 counts as 0.
 */
export function linearPpm(from: number, change: number, at: number, span: number): number {
	if (at <= 0) return from;
	if (at >= span) return from + change;
	return from + Number((BigInt(change) * BigInt(at)) / BigInt(span));
}

export function least(one: bigint, other: bigint): bigint {
	return one < other ? one : other;
}

/** The amount, or zero when it is negative. */
export function atLeastZero(amount: bigint): bigint {
	return amount > 0n ? amount : 0n;
}
