import { atLeastZero, micro, partOf } from "./fixed-point";
import type { Numbers } from "./numbers";

/**
 * What an owner may be advanced: a first line, plus 0.85 of what its own sales brought the treasury, less what it was
 * advanced. RULES, "Put price". So a stranger can cost the exchange its first line once, and everybody else only gets what
 * they brought. Scores play no part: they can be bought with one's own scrip.
 */
export interface Line {
	/** Paid at put-accept, ever. */
	readonly advancesMicro: bigint;
	/** What this owner's sales earned it, less what faded unused. */
	readonly earnedMicro: bigint;
	/** The UTC day up to which it has faded. */
	readonly fadedAtDay: number;
}

export function newLine(today: number): Line {
	return { advancesMicro: 0n, earnedMicro: 0n, fadedAtDay: today };
}

/** How much may still be advanced; never negative. The line must have been faded to today. */
export function lineMicro(line: Line, vouched: boolean, numbers: Numbers): bigint {
	const firstScrip = vouched ? numbers.lineVouchedScrip : numbers.lineScrip;
	return atLeastZero(micro(firstScrip) + line.earnedMicro - line.advancesMicro);
}

/** What sales earned beyond all advances: an advance of more rests on the first line alone. */
export function recordMicro(line: Line): bigint {
	return atLeastZero(line.earnedMicro - line.advancesMicro);
}

/**
 * The line as it stands today: for every whole day since `fadedAtDay` its record loses a thirtieth (x − floor(x / 30), so
 * the last 29 micro-scrip stay). What was advanced beyond the record is never forgiven, to nobody: a ring that sells to a
 * buyer of its own with standing would be paid its first lines anew, 66 scrip a day and owner, for a sale a month.
 */
export function fade(line: Line, today: number, numbers: Numbers): Line {
	if (today <= line.fadedAtDay) return line;
	const period = BigInt(numbers.fadeDays);
	const record = recordMicro(line);

	let left = record;
	// After some 1,300 days nothing is left to fade: years of absence cost no more than that.
	for (let days = today - line.fadedAtDay; days > 0 && left >= period; days--) left -= left / period;
	return { ...line, earnedMicro: line.earnedMicro - (record - left), fadedAtDay: today };
}

/** An advance was paid: the exchange's own, or a house operator's, which may exceed the line and counts in it. */
export function lineAfterAdvance(line: Line, paidMicro: bigint): Line {
	return { ...line, advancesMicro: line.advancesMicro + paidMicro };
}

/**
 * An entry of this owner was sold: `keptMicro` of its split. λ is taken now, not when the line is asked for: a λ raised
 * later, when β has fallen, must not give back of an old sale what its workers have already had.
 */
export function lineAfterSale(line: Line, keptMicro: bigint, numbers: Numbers): Line {
	return { ...line, earnedMicro: line.earnedMicro + partOf(keptMicro, numbers.lambdaBp) };
}
