import { atLeastZero, least, partOf } from "./fixed-point";
import type { Numbers } from "./numbers";

/** What the exchange may advance on one UTC day, and what it has. One row a day; RULES, "Put price". */
export interface AdvanceDay {
	readonly day: number;
	/** Fixed when the day's first put is answered. */
	readonly budgetMicro: bigint;
	readonly spentMicro: bigint;
	/** The part of `spentMicro` that rests on first lines alone; vouched owners' not counted. */
	readonly beyondRecordMicro: bigint;
	/** First scrips of new owners, outside `spentMicro`. */
	readonly firstScripsMicro: bigint;
}

/**
 * `treasurySharesMicro` is the sum of `treasuryMicro` of all splits of the seven whole days before this one, `floatMicro`
 * what was ever minted to the treasury: a burn must not lower the floor. What came in may go out again, and of the old
 * reserve only a twentieth a day: hit rates of 5 % leave the exchange slow, not dry.
 */
export function openAdvanceDay(
	day: number,
	at: { treasurySharesMicro: bigint; treasuryMicro: bigint; floatMicro: bigint },
	numbers: Numbers,
): AdvanceDay {
	const spare = atLeastZero(at.treasuryMicro - partOf(at.floatMicro, numbers.treasuryReserveBp));
	return {
		day,
		budgetMicro: at.treasurySharesMicro / 7n + partOf(spare, numbers.advanceReleaseBp),
		spentMicro: 0n,
		beyondRecordMicro: 0n,
		firstScripsMicro: 0n,
	};
}

/**
 * The part of the day's budget that is free in this UTC hour (0…23): a quarter at 00:00Z, and an equal 23rd of the rest at
 * 01:00Z, 02:00Z … 23:00Z, so that midnight cannot take the day and the whole is free before it ends.
 */
export function releasedMicro(budgetMicro: bigint, hourOfDay: number, numbers: Numbers): bigint {
	const midnight = partOf(budgetMicro, numbers.midnightBp);
	return midnight + ((budgetMicro - midnight) * BigInt(hourOfDay)) / 23n;
}

/**
 * What of the budget this owner may have now. At most half of what is free goes to advances beyond their owner's record,
 * so that a flood of new names cannot stop those who sell; `recordMicro` is undefined for vouched owners, who stand outside
 * that half.
 */
export function budgetLeftMicro(
	today: AdvanceDay,
	hourOfDay: number,
	recordMicro: bigint | undefined,
	numbers: Numbers,
): bigint {
	const released = releasedMicro(today.budgetMicro, hourOfDay, numbers);
	const left = atLeastZero(released - today.spentMicro);
	if (recordMicro === undefined) return left;
	const half = atLeastZero(partOf(released, numbers.beyondRecordBp) - today.beyondRecordMicro);
	return least(left, recordMicro + half);
}

/** What the treasury holds above the last 25 % of the float, from which no put is paid. */
export function aboveFloorMicro(treasuryMicro: bigint, floatMicro: bigint, numbers: Numbers): bigint {
	return atLeastZero(treasuryMicro - partOf(floatMicro, numbers.treasuryFloorBp));
}

/** An advance was paid out of the day's budget, by the exchange or by a house operator. `recordMicro` as it stood before. */
export function dayAfterAdvance(
	today: AdvanceDay,
	paidMicro: bigint,
	recordMicro: bigint | undefined,
): AdvanceDay {
	const beyond = recordMicro === undefined ? 0n : atLeastZero(paidMicro - recordMicro);
	return {
		...today,
		spentMicro: today.spentMicro + paidMicro,
		beyondRecordMicro: today.beyondRecordMicro + beyond,
	};
}

export function dayAfterFirstScrip(today: AdvanceDay, paidMicro: bigint): AdvanceDay {
	return { ...today, firstScripsMicro: today.firstScripsMicro + paidMicro };
}
