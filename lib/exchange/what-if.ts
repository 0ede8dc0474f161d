import type { Reading } from "../log/state";
import { PARTIAL_BELOW } from "../match/rank";
import type { Found } from "./ports";
import { judge, type Result, results, type Wish } from "./results";

/** One filter of a wish changed, and the best that the same search would then show. */
export interface WhatIf {
	filter: "budget" | "reputation" | "freshness" | "type" | "domains" | "tier";
	/** What to ask for instead: scrip, the least reputation, hours, a type. Null: leave the filter out. */
	to: number | string | null;
	result: Result;
}

export interface Asked {
	/** What the wish as it is finds now, best first. */
	now: Result[];
	/** The single changes that would find something better, the best first. */
	changes: WhatIf[];
}

const MAX_BUDGET = 10_000_000;
const MAX_FRESHNESS_HOURS = 8_760;

/** Each filter: the wish without it, which of the results it kept out is nearest to passing it, and what would let that one in. */
const FILTERS: Record<
	WhatIf["filter"],
	{
		without(wish: Wish): Partial<Wish> | undefined;
		distance?(result: Result): number;
		to(result: Result): WhatIf["to"];
	}
> = {
	budget: {
		without: ({ budgetScrip }) => (budgetScrip === undefined ? undefined : { budgetScrip: MAX_BUDGET }),
		distance: ({ price }) => price,
		to: ({ price }) => price,
	},
	reputation: {
		without: ({ minReputation }) => (minReputation === 0 ? undefined : { minReputation: 0 }),
		distance: ({ seller_reputation }) => -seller_reputation,
		to: ({ seller_reputation }) => seller_reputation,
	},
	freshness: {
		without: ({ freshnessHours }) => (freshnessHours === null ? undefined : { freshnessHours: null }),
		distance: ({ age_hours }) => age_hours,
		// An hour to spare: it goes on ageing while somebody thinks about it.
		to: ({ age_hours }) => (age_hours + 2 <= MAX_FRESHNESS_HOURS ? age_hours + 2 : null),
	},
	type: {
		without: ({ contentType }) => (contentType === null ? undefined : { contentType: null }),
		to: ({ content_type }) => content_type,
	},
	domains: {
		without: ({ domains }) => (domains.length === 0 ? undefined : { domains: [] }),
		to: () => null,
	},
	tier: {
		without: ({ tier }) => (tier === null ? undefined : { tier: null }),
		to: () => null,
	},
};

/**
 * What a wish that found little would find now, and which change of one filter alone would find better than `best`, the
 * confidence of what was shown (0 for nothing). Of each filter the least change that shows a full match or, when none would,
 * a partial one. `unnarrowed`: the same search without the wish's domains, which are part of the text that is searched for.
 */
export function whatIf(
	state: Reading,
	wish: Wish,
	best: number,
	{ found, unnarrowed = found }: { found: Found; unnarrowed?: Found },
	at: number,
): Asked {
	const { results: now } = results(state, wish, found, at);
	const least = Math.max(best, now[0]?.confidence ?? 0);
	const changes: WhatIf[] = [];
	for (const [filter, { without, distance = () => 0, to }] of Object.entries(FILTERS)) {
		const wider = without(wish);
		if (wider === undefined) continue;
		const searched = filter === "domains" ? unnarrowed : found;
		const all = { ...wish, ...wider, maxResults: searched.hits.length };
		const better = results(state, all, searched, at).results.filter(
			({ entry_id, confidence }) => confidence > least && judge(state, wish, entry_id, at) === filter,
		);
		const full = better.filter(({ confidence }) => confidence >= PARTIAL_BELOW);
		// A stable sort: at the same distance the better ranked one stays before.
		const [nearest] = (full.length > 0 ? full : better).sort((a, b) => distance(a) - distance(b));
		if (nearest) changes.push({ filter: filter as WhatIf["filter"], to: to(nearest), result: nearest });
	}
	changes.sort((a, b) => b.result.confidence - a.result.confidence);
	return { now, changes };
}
