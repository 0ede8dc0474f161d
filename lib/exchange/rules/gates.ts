import type { Numbers } from "./numbers";

/** Layer 0 of the ranking: what keeps an entry out of every match. RULES, "Gates"; counters are distinct owners unless said. */
export type Gate = "completion" | "conversion" | "disputes";

/** Deliveries that ended, and those that ended in complete; auto-completed ones are in neither. */
export function completionGate(
	entry: { deliveries: number; completions: number },
	numbers: Numbers,
): boolean {
	return (
		entry.deliveries >= numbers.completionMinDeliveries &&
		entry.completions * 10_000 < entry.deliveries * numbers.completionMinBp
	);
}

/** Previews served, and the owners that went on to complete, each once. */
export function conversionGate(
	entry: { previews: number; completedOwners: number },
	numbers: Numbers,
): boolean {
	return (
		entry.previews >= numbers.conversionMinPreviews &&
		entry.completedOwners * 10_000 < entry.previews * numbers.conversionMinBp
	);
}

/** Distinct owners that filed a small-content-dispute against the entry. */
export function disputesGate(disputers: number, numbers: Numbers): boolean {
	return disputers >= numbers.disputersToGate;
}

/**
 * A gate that rests on fewer than two owners with standing only suspends: keys cost nothing, so three of them must not be
 * able to end an entry. It posts a p0 validation and ends within 24 hours.
 */
export function provisional(ownersWithStanding: number, numbers: Numbers): boolean {
	return ownersWithStanding < numbers.standingBehindGate;
}
