import { partOf } from "./fixed-point";
import type { Numbers } from "./numbers";

export interface SmallDisputes {
	/** By this buyer (key) in the last 24 hours. */
	lastDay: number;
	/** Automatic refunds of this owner, ever. */
	refunds: number;
	/** Refunded to this owner in the last 30 days beyond its free ones. */
	refundedMicro: bigint;
	/** Completed by this owner in the last 30 days at sellers with standing. */
	completedMicro: bigint;
}

/**
 * May a small-content-dispute over this price be filed? 5 a buyer and day; an owner's first 10 refunds are free and never
 * counted, later ones together stay within a quarter of what it completed at sellers with standing. Reading for nothing
 * would else be a business: the refund is automatic.
 */
export function maySmallDispute(owner: SmallDisputes, priceMicro: bigint, numbers: Numbers): boolean {
	if (owner.lastDay >= numbers.smallDisputesPerDay) return false;
	if (owner.refunds < numbers.smallDisputesFree) return true;
	return owner.refundedMicro + priceMicro <= partOf(owner.completedMicro, numbers.smallDisputesBp);
}

/** At most 60 unsold live entries an owner, and 10 more for each sale to standing in the last 30 days. Beyond: put-reject `inventory`. */
export function mayPut(owner: { unsoldLive: number; salesToStanding: number }, numbers: Numbers): boolean {
	return owner.unsoldLive < numbers.unsoldEntries + numbers.unsoldEntriesPerSale * owner.salesToStanding;
}

/** At most 3 open disputes an owner, 1 for 30 days after a declined one. */
export function mayDispute(owner: { open: number; declinedIn30Days: boolean }, numbers: Numbers): boolean {
	return owner.open < (owner.declinedIn30Days ? numbers.openDisputesDeclined : numbers.openDisputes);
}

/** At most 5 open reservations an owner. */
export function mayReserve(openReservations: number, numbers: Numbers): boolean {
	return openReservations < numbers.openReservations;
}
