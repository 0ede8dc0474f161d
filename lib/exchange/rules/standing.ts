import { micro } from "./fixed-point";
import type { Numbers } from "./numbers";

export interface OwnerRecord {
	/** Granted by a house operator. */
	vouched: boolean;
	/** Minted to this owner against an external reference. */
	mintedMicro: bigint;
	/** Completed purchases from owners that had standing at that moment. */
	completedMicro: bigint;
	/** The number of those owners. */
	sellers: number;
}

/** Owner ids cost nothing, so they prove nothing; these three cost something. RULES, "Standing". */
export function hasStanding(owner: OwnerRecord, numbers: Numbers): boolean {
	return (
		owner.vouched ||
		owner.mintedMicro >= micro(numbers.standingMintedScrip) ||
		(owner.completedMicro >= micro(numbers.standingCompletedScrip) &&
			owner.sellers >= numbers.standingSellers)
	);
}
