import type { OrderView } from "@/lib/exchange/read";
import type { WhatIf } from "@/lib/exchange/what-if";

/** The form of a new buy, filled in with what an earlier one asked for, and with one change to it. */
export function againHref(order: Pick<OrderView, "task" | "budget" | "filters">, change?: WhatIf): string {
	const { content_type, domains, min_reputation, freshness_hours, compression_tier, max_results } =
		order.filters;
	const fields: Record<string, string | number | null | undefined> = {
		task: order.task,
		budget: order.budget,
		type: content_type,
		domain: domains.length > 0 ? domains.join(",") : null,
		min_reputation: min_reputation > 0 ? min_reputation : null,
		freshness_hours,
		tier: compression_tier,
		max_results: max_results === 3 ? null : max_results,
	};
	if (change) fields[FIELDS[change.filter]] = change.to;
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(fields))
		if (value !== null && value !== undefined) query.set(name, `${value}`);
	return `/buy?${query}`;
}

const FIELDS: Record<WhatIf["filter"], string> = {
	budget: "budget",
	reputation: "min_reputation",
	freshness: "freshness_hours",
	type: "type",
	domains: "domain",
	tier: "tier",
};
