import { atLeastZero, micro, partOf } from "./fixed-point";
import type { Numbers } from "./numbers";

/**
 * What an owner may be advanced: a first line, plus 0.85 of what its own sales brought the treasury, less what it was
 * advanced. RULES, "Put price". So a stranger can cost the exchange its first line once, and everybody else only gets what
 * they brought. Scores play no part: they can be bought with one's own scrip.
 */
export interface Line {
	readonly advancesMicro: bigint;
	/** Sum of `keptMicro` of this owner's sales (see split). */
	readonly treasuryShareMicro: bigint;
	/** The UTC day up to which both have faded. */
	readonly fadedAtDay: number;
}

export function newLine(today: number): Line {
	return { advancesMicro: 0n, treasuryShareMicro: 0n, fadedAtDay: today };
}

/** How much may still be advanced; never negative. The line must have been faded to today. */
export function lineMicro(line: Line, vouched: boolean, numbers: Numbers): bigint {
	const firstScrip = vouched ? numbers.lineVouchedScrip : numbers.lineScrip;
	return atLeastZero(micro(firstScrip) + earnedLine(line, numbers) - line.advancesMicro);
}

/** The part of the line that the owner's own sales have earned: advances beyond it rest on the first line alone. */
export function recordMicro(line: Line, numbers: Numbers): bigint {
	return atLeastZero(earnedLine(line, numbers) - line.advancesMicro);
}

function earnedLine(line: Line, numbers: Numbers): bigint {
	return partOf(line.treasuryShareMicro, numbers.lambdaBp);
}

/**
 * The line as it stands today: for every whole day since `fadedAtDay` and up to `fadesUntilDay` both sums lose a thirtieth
 * (x − floor(x / 30), so the last 29 micro-scrip stay). Days that did not fade are over all the same: a sale in autumn does
 * not forgive the summer. Fade before anything changes that `fadesUntil` reads, else days are judged by tomorrow's facts.
 */
export function fade(line: Line, today: number, fadesUntilDay: number, numbers: Numbers): Line {
	if (today <= line.fadedAtDay) return line;
	const period = BigInt(numbers.fadeDays);
	let { advancesMicro, treasuryShareMicro } = line;

	for (let days = Math.min(today, fadesUntilDay) - line.fadedAtDay; days > 0; days--) {
		// After some 1,300 days nothing is left to fade: years of absence cost no more than that.
		if (advancesMicro < period && treasuryShareMicro < period) break;
		advancesMicro -= advancesMicro / period;
		treasuryShareMicro -= treasuryShareMicro / period;
	}
	return { advancesMicro, treasuryShareMicro, fadedAtDay: today };
}

/**
 * The last day on which this owner's sums fade: any day for vouched owners, 30 days from the last sale to an owner with
 * standing for others, never for those who had none. Forgiving a stranger with no such sale would refill first lines for nothing.
 */
export function fadesUntil(
	owner: { vouched: boolean; lastSaleToStandingDay: number | undefined },
	today: number,
	numbers: Numbers,
): number {
	if (owner.vouched) return today;
	if (owner.lastSaleToStandingDay === undefined) return Number.NEGATIVE_INFINITY;
	return owner.lastSaleToStandingDay + numbers.fadeDays;
}

/** An advance was paid: the exchange's own, or a house operator's, which may exceed the line and counts in it. */
export function lineAfterAdvance(line: Line, paidMicro: bigint): Line {
	return { ...line, advancesMicro: line.advancesMicro + paidMicro };
}

/** An entry of this owner was sold: `keptMicro` of its split. */
export function lineAfterSale(line: Line, keptMicro: bigint): Line {
	return { ...line, treasuryShareMicro: line.treasuryShareMicro + keptMicro };
}
