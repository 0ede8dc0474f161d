import { ButtonLink } from "@/components/ui/button";
import { Empty, Section } from "@/components/ui/layout";
import type { OrderView } from "@/lib/exchange/read";
import type { Result } from "@/lib/exchange/results";
import type { Asked, WhatIf } from "@/lib/exchange/what-if";
import { Claim } from "../../../show/claim";
import { Money } from "../../../show/money";
import { Confidence } from "../../../show/why-rank";
import { formats, words } from "../../../viewing";
import { againHref } from "./again";

/** An honest empty match, and what to do about it. */
export async function NothingFits({ order, degraded }: { order: OrderView; degraded: boolean }) {
	const t = await words("order");
	const { task, filters } = order;
	const selling = new URLSearchParams({
		description: task,
		...(filters.content_type && { type: filters.content_type }),
		...(filters.domains.length > 0 && { domains: filters.domains.join(",") }),
	});
	return (
		<Empty
			next={
				<>
					<ButtonLink href={againHref(order)}>{degraded ? t("expired.again") : t("empty.again")}</ButtonLink>
					<ButtonLink href={`/exchange?${new URLSearchParams({ q: task })}`}>{t("empty.search")}</ButtonLink>
					<ButtonLink href="/wanted">{t("empty.wanted")}</ButtonLink>
					<ButtonLink href={`/sell?${selling}`}>{t("empty.sell")}</ButtonLink>
				</>
			}
		>
			<p className="font-medium text-ink">{t("empty.title")}</p>
			<p>{degraded ? t("empty.degraded") : t("empty.lead")}</p>
		</Empty>
	);
}

/** What the same question would find now, as it is or with one filter changed; nothing when it would find no better. */
export async function WhatWould({ order, asked, thin }: { order: OrderView; asked: Asked; thin: boolean }) {
	const t = await words("order");
	const best = Math.max(0, ...order.offers.map(({ confidence }) => confidence));
	const [now] = asked.now.filter(({ confidence }) => confidence > best);
	if (!now && asked.changes.length === 0) {
		const { content_type, domains, min_reputation, freshness_hours, compression_tier } = order.filters;
		const narrowed =
			content_type || domains.length > 0 || min_reputation || freshness_hours || compression_tier;
		return narrowed ? <p className="text-quiet">{t("whatIf.none")}</p> : null;
	}
	return (
		<Section id="what-if" title={thin ? t("whatIf.titleThin") : t("whatIf.title")}>
			<ul className="divide-y divide-line">
				{now && <Way href={againHref(order)} says={t("whatIf.now")} result={now} />}
				{
					await Promise.all(
						asked.changes.map(async (change) => (
							<Way
								key={change.filter}
								href={againHref(order, change)}
								says={await changeInWords(order, change)}
								result={change.result}
							/>
						)),
					)
				}
			</ul>
		</Section>
	);
}

async function Way({ href, says, result }: { href: string; says: string; result: Result }) {
	const [t, common] = await Promise.all([words("order"), words("common")]);
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-2.5">
			<div className="min-w-0 flex-1 basis-80">
				<p className="font-medium">{says}</p>
				<p className="text-quiet">
					<a href={`/exchange/${result.entry_id}`} className="line-clamp-2">
						<Claim by={common("claimSeller")}>{result.description}</Claim>
					</a>
					<Confidence of={result.confidence} /> · <Money scrip={result.price} />
				</p>
			</div>
			<ButtonLink small href={href}>
				{t("whatIf.ask")}
			</ButtonLink>
		</li>
	);
}

async function changeInWords({ budget, filters }: OrderView, { filter, to }: WhatIf): Promise<string> {
	const [t, common, format] = await Promise.all([words("order"), words("common"), formats()]);
	switch (filter) {
		case "budget":
			return t("whatIf.budget", { to: format.number(Number(to)), from: format.number(budget) });
		case "reputation":
			return t("whatIf.reputation", { to: Number(to), from: filters.min_reputation });
		case "freshness":
			if (to === null) return t("whatIf.freshnessAny");
			return t("whatIf.freshness", { to: Number(to), from: filters.freshness_hours! });
		case "type":
			return t("whatIf.type", {
				to: common(`types.${to as "code"}`),
				from: common(`types.${filters.content_type!}`),
			});
		case "domains":
			return t("whatIf.domains", { from: format.list(filters.domains) });
		case "tier":
			return t("whatIf.tier", { from: filters.compression_tier! });
	}
}
