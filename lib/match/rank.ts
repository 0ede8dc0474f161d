/** What the layers need to know of an entry that passed the gates, the filters and the embedder's floor. */
export type Candidate = {
	id: string;
	/** The key that put it, and the owner behind that key. */
	seller: string;
	ownerId: string;
	/** The calibrated relevance, 0…1 (`Hit.relevance`). */
	relevance: number;
	/** Whole tokens and whole scrip. */
	tokenCost: number;
	priceScrip: number;
	/** 0…100 */
	reputation: number;
	/** Since its put was received; a near-duplicate has the first one's age. */
	ageMs: number;
	domains: readonly string[];
};

export type Ranked = {
	id: string;
	/** 0…1 with four decimals, as it is signed. */
	confidence: number;
	/** Relevance and the three layers, 0…1 with four decimals, for `search_meta.layers`. */
	r: number;
	l1: number;
	l2: number;
	l3: number;
	partial: boolean;
};

/** Below it a match is partial (seed, Match Ranking). */
export const PARTIAL_BELOW = 0.5;

/** How much of the confidence rests on relevance alone, how much on the layers, and on which of them. */
export const WEIGHTS = { relevance: 0.85, layers: 0.15, l1: 0.15, l2: 0.8, l3: 0.05 } as const;

/** The three layers as one number, 0…1. */
export const weighed = ({ l1, l2, l3 }: Pick<Ranked, "l1" | "l2" | "l3">): number =>
	WEIGHTS.l1 * l1 + WEIGHTS.l2 * l2 + WEIGHTS.l3 * l3;

/**
 * The value stack of the seed over what was found (RULES, Ranking): confidence = r × (0.85 + 0.15 × (0.15·L1 + 0.80·L2'
 * + 0.05·L3)). Relevance decides; efficiency, value and novelty order what is about equally relevant, and as the factor
 * is at most 1 they never make a full match of a partial one. Best first; equal confidence: the older entry, then the
 * lower id, so that the order is total and a copy never stands before what it copies.
 */
export function rank(candidates: readonly Candidate[], queryDomains: readonly string[] = []): Ranked[] {
	const novelty = noveltyAmong(candidates);
	return candidates
		.map((candidate) => {
			const l1 = Math.min(candidate.tokenCost / Math.max(1, candidate.priceScrip) / 10, 1);
			const l2 = value(candidate, queryDomains);
			const l3 = novelty(candidate);
			const r = within(candidate.relevance);
			const factor = WEIGHTS.relevance + WEIGHTS.layers * weighed({ l1, l2, l3 });
			const confidence = fourDecimals(r * factor);
			return {
				ranked: {
					id: candidate.id,
					confidence,
					r: fourDecimals(r),
					l1: fourDecimals(l1),
					l2: fourDecimals(l2),
					l3: fourDecimals(l3),
					partial: confidence < PARTIAL_BELOW,
				},
				ageMs: candidate.ageMs,
			};
		})
		.sort(
			(a, b) =>
				b.ranked.confidence - a.ranked.confidence ||
				b.ageMs - a.ageMs ||
				(a.ranked.id < b.ranked.id ? -1 : 1),
		)
		.map(({ ranked }) => ranked);
}

/** L2 without similarity, which relevance already is; the other weights (0.25, 0.15, 0.10) rescaled to 1. */
function value({ reputation, ageMs, domains }: Candidate, queryDomains: readonly string[]): number {
	// A buyer's domains say what counts, so only shared ones do: else five tags on everything would always pay. Without
	// any from the buyer, how many fields an entry touches is all there is to go by.
	const own = new Set(domains);
	const counted = queryDomains.length
		? [...new Set(queryDomains)].filter((domain) => own.has(domain)).length
		: own.size;
	const freshness = Math.exp(-Math.max(0, ageMs) / FOURTEEN_DAYS_MS);
	return 0.5 * within(reputation / 100) + 0.3 * freshness + 0.2 * within(counted / 5);
}

/**
 * L3: the larger of seller and domain novelty. Sellers are counted by owner: an owner with three keys is one seller, or
 * a flood spread over keys would look like many newcomers.
 */
function noveltyAmong(candidates: readonly Candidate[]): (candidate: Candidate) => number {
	const owners = counts(candidates.map(({ ownerId }) => ownerId));
	const domains = counts(candidates.flatMap((candidate) => [...new Set(candidate.domains)]));
	return (candidate) =>
		Math.max(
			rarity(owners, [candidate.ownerId]),
			candidate.domains.length ? rarity(domains, candidate.domains) : 0,
		);
}

/** 1 − n/max n of the rarest of the names; 0.5 where there is nothing to compare with. */
function rarity({ of, highest }: ReturnType<typeof counts>, names: readonly string[]): number {
	if (of.size === 1) return 0.5;
	return 1 - Math.min(...names.map((name) => of.get(name)!)) / highest;
}

function counts(names: readonly string[]) {
	const of = new Map<string, number>();
	for (const name of names) of.set(name, (of.get(name) ?? 0) + 1);
	return { of, highest: Math.max(0, ...of.values()) };
}

const FOURTEEN_DAYS_MS = 14 * 24 * 3_600_000;

const within = (value: number): number => Math.min(1, Math.max(0, value));

/** Cut, not rounded: 0.49996 is a partial match and must not be signed as 0.5. */
const fourDecimals = (value: number): number => Math.floor(value * 10_000) / 10_000;
