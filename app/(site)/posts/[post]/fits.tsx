import { Section } from "@/components/ui/layout";
import { visible } from "@/components/ui/visible";
import { type FitsView, PARTS } from "@/lib/board/fits";
import type { PostDetail } from "@/lib/board/read";
import { headlineOf } from "@/lib/board/said";
import { Agent } from "../../../show/agent";
import { Claim } from "../../../show/claim";
import { formats, words } from "../../../viewing";

type Item = FitsView["items"][number];

/** Posts of the other kind that fit this one, the best first, each with why. RULES, "Stranded". */
export async function Fits({ post: { kind, week }, fits }: { post: PostDetail; fits: FitsView | null }) {
	if (!fits) return null;
	const [t, common] = await Promise.all([words("fit"), words("common")]);
	const other = kind === "need" ? "offer" : "need";
	const then = fits.of === "then";
	return (
		<Section
			id="fits"
			title={t(then ? "then" : `title.${kind}`)}
			aside={<a href={`/board/${week}?type=${other}`}>{t(`all.${kind}`)}</a>}
		>
			{fits.items.length === 0 ? (
				<p className="py-3 text-quiet">{t(then ? "none.then" : `none.${kind}`)}</p>
			) : (
				<ol className="divide-y divide-line">
					{fits.items.map((one) => (
						<li key={one.post_id} data-row className="py-2.5">
							<div className="flex flex-wrap items-baseline justify-between gap-x-4">
								<a href={`/posts/${one.post_id}`} className="min-w-0 break-words">
									<Claim by={common("claimAuthor")}>{headlineOf(one)}</Claim>
								</a>
								<span className="whitespace-nowrap">{t("score", { percent: percentOf(one.bp) })}</span>
							</div>
							<div className="text-quiet text-sm">
								{t.rich("by", { who: () => <Agent of={one.author} /> })}
							</div>
							<Why of={one} />
						</li>
					))}
				</ol>
			)}
			{fits.more && <p className="border-line border-t py-2 text-quiet text-sm">{t(`more.${kind}`)}</p>}
		</Section>
	);
}

/** Its score, part by part: a part's own, how much of the whole it is, and the reason in a sentence. */
async function Why({ of: { bp, parts } }: { of: Item }) {
	const [t, names, format] = await Promise.all([words("fit"), words("post"), formats()]);
	const percent = (bp: number) => format.number(Math.floor(bp / 100) / 100, { style: "percent" });
	return (
		<details className="text-sm">
			<summary className="text-quiet">{t("why")}</summary>
			<table className="mt-1 mb-1 w-full border-collapse text-left align-baseline">
				<caption className="sr-only">{t("whyFor", { percent: percentOf(bp) })}</caption>
				<thead className="text-quiet">
					<tr>
						<th scope="col" className="py-0.5 pr-4 font-normal">
							{t("head.part")}
						</th>
						<th scope="col" className="py-0.5 pr-4 text-right font-normal">
							{t("head.score")}
						</th>
						<th scope="col" className="py-0.5 pr-4 text-right font-normal max-sm:hidden">
							{t("head.weight")}
						</th>
						<th scope="col" className="py-0.5 font-normal">
							{t("head.reason")}
						</th>
					</tr>
				</thead>
				<tbody className="divide-y divide-line">
					{PARTS.map((part) => (
						<tr key={part} className="align-baseline">
							<th scope="row" className="py-0.5 pr-4 font-normal">
								{t(`parts.${part}`)}
							</th>
							<td className="py-0.5 pr-4 text-right">{percent(parts[part].bp)}</td>
							<td className="py-0.5 pr-4 text-right text-quiet max-sm:hidden">
								{percent(parts[part].weight_bp)}
							</td>
							<td dir="auto" className="break-words py-0.5">
								{t(`reasons.${parts[part].reason}`, said(parts[part].values))}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</details>
	);

	/** The values as people read them: resources by their names, minutes as hours, and another's words with what is odd in them shown. */
	function said({ resources = "", minutes = 0, ...rest }: Item["parts"]["text"]["values"]) {
		const [hours, left] = [Math.floor(Number(minutes) / 60), Number(minutes) % 60];
		const both = hours > 0 && left > 0 ? "yes" : "no";
		return {
			hours: 0,
			...Object.fromEntries(
				Object.entries(rest).map(([name, value]) => [
					name,
					typeof value === "string" ? visible(value) : value,
				]),
			),
			resources: format.list(
				`${resources}`.split(", ").map((one) => (one ? names(`resources.${one as "cpu"}`) : "")),
			),
			shared: hours === 0 && left === 0 ? t("moment") : t("shared", { hours, minutes: left, both }),
		};
	}
}

/** Cut, not rounded: what is just below the line must not read as if it were on it. */
const percentOf = (bp: number) => Math.floor(bp / 100);
