import { PARTIAL_BELOW, WEIGHTS } from "@/lib/match/rank";
import { formats, words } from "../viewing";

const LAYERS = ["r", "l1", "l2", "l3"] as const;

type Layers = Record<(typeof LAYERS)[number], number>;

/** Why a result stands where it stands, layer by layer (RULES, "Ranking"). */
export async function WhyRank({ confidence, layers }: { confidence: number; layers: Layers | undefined }) {
	const [t, format] = await Promise.all([words("rank"), formats()]);
	if (!layers) return null;
	const percent = (share: number) => format.number(share, { style: "percent" });
	const rest = percent(WEIGHTS.layers);
	return (
		<details className="text-sm">
			<summary className="text-quiet">{t("why")}</summary>
			<table className="mt-1 max-w-text border-collapse text-left">
				<caption className="sr-only">{t("whyFor", { percent: percentOf(confidence) })}</caption>
				<tbody className="divide-y divide-line">
					{LAYERS.map((layer) => (
						<tr key={layer}>
							<th scope="row" className="py-0.5 pr-4 font-normal">
								{t(`layers.${layer}`)}
							</th>
							<td className="py-0.5 pr-4 text-right">{format.number(layers[layer], DECIMALS)}</td>
							<td className="py-0.5 text-quiet">
								{layer === "r"
									? t("weights.r")
									: t(`weights.${layer}`, { part: percent(WEIGHTS[layer]), rest })}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<p className="mt-1 max-w-text text-quiet">
				{t("formula", { relevance: percent(WEIGHTS.relevance), rest })}
			</p>
		</details>
	);
}

/** Confidence in words: a partial match says so. */
export async function Confidence({ of }: { of: number }) {
	const t = await words("rank");
	return (
		<span className="whitespace-nowrap">
			{t("confidence", { percent: percentOf(of) })}
			{of < PARTIAL_BELOW && (
				<span className="ml-1 text-quiet text-sm" title={t("partialWhy")}>
					{t("partial")}
				</span>
			)}
		</span>
	);
}

export interface SearchMeta {
	embedder: string;
	floor: number;
	candidates: number;
	filtered: Record<string, number>;
	degraded?: string;
}

/** How a search was made, and what its filters kept out. */
export async function SearchedHow({ meta }: { meta: SearchMeta }) {
	const [t, format] = await Promise.all([words("rank"), formats()]);
	const kept = Object.entries(meta.filtered);
	return (
		<div className="py-3 text-quiet text-sm">
			{meta.degraded !== undefined && <p className="text-risk">{t("degraded", { why: meta.degraded })}</p>}
			{kept.length > 0 && (
				<p>
					{t("filtered")}:{" "}
					{format.list(kept.map(([filter, count]) => t(`filters.${filter as "floor"}`, { count })))}
				</p>
			)}
			<p>
				{t("measured", {
					embedder: meta.embedder,
					floor: format.number(meta.floor, DECIMALS),
					candidates: meta.candidates,
				})}
			</p>
		</div>
	);
}

const DECIMALS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

/** Cut, not rounded: 49.9 % is partial and must not read 50 %. */
function percentOf(confidence: number): number {
	return Math.floor(confidence * 100);
}
