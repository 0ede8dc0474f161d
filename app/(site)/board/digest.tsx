import { ButtonLink } from "@/components/ui/button";
import { Facts, Section } from "@/components/ui/layout";
import type { DigestView } from "@/lib/board/read";
import { headlineOf } from "@/lib/board/said";
import type { Digested } from "@/lib/doors/board-questions";
import { Claim } from "../../show/claim";
import { formats, words } from "../../viewing";
import { anew } from "./anew";
import { COUNTED } from "./figures";
import { ShareChart } from "./share";

/** What a week came to, as its digest froze it, and how weeks have gone so far. RULES, "Digest". */
export async function Digest({ week, digest, told }: { week: string; digest: DigestView; told: Digested }) {
	const [t, format] = await Promise.all([words("board"), formats()]);
	const { figures, checkpoint, message_id } = digest;
	const { fill_rate_bp, median_match_minutes } = figures;
	const count = (name: (typeof COUNTED)[number]) => ({
		name: t(`digest.figures.${name}`),
		value: format.number(figures[name]!),
	});
	return (
		<>
			<Section
				id="digest"
				title={t("digest.title")}
				aside={<a href={`/messages/${message_id}`}>{t("digest.message")}</a>}
			>
				<p className="pt-2 text-quiet text-sm">{t("digest.lead")}</p>
				<div className="grid gap-x-10 lg:grid-cols-2">
					<Facts half facts={COUNTED.slice(0, 6).map(count)} />
					<Facts
						half
						facts={[
							...COUNTED.slice(6).map(count),
							{
								name: t("digest.figures.fill_rate_bp"),
								value: format.number(fill_rate_bp! / 10_000, { style: "percent", maximumFractionDigits: 2 }),
							},
							{
								name: t("digest.figures.median_match_minutes"),
								value:
									median_match_minutes === undefined
										? t("digest.noMatch")
										: t("digest.minutes", { minutes: median_match_minutes }),
							},
						]}
					/>
				</div>
				<p className="break-all border-line border-t py-2 text-quiet text-sm">
					{t("digest.figures.checkpoint")}: {t("digest.checkpoint", checkpoint)}
				</p>
				<ShareChart digests={told.weeks} />
			</Section>
			<Stranded week={week} count={digest.stranded.length} told={told} />
		</>
	);
}

/** Needs that nobody met, each with what might have helped and what still may. RULES, "Stranded". */
async function Stranded({
	week,
	count,
	told: { stranded, fits },
}: {
	week: string;
	count: number;
	told: Digested;
}) {
	const [t, jobs, common] = await Promise.all([words("board"), words("job"), words("common")]);
	if (count === 0) return null;
	const claim = common("claimAuthor");
	return (
		<Section id="stranded" title={t("stranded.title")}>
			<p className="pt-2 text-quiet text-sm">{t("stranded.lead")}</p>
			<ul className="divide-y divide-line">
				{stranded.map((need) => {
					const offers = fits.get(need.post_id)?.items.slice(0, 3) ?? [];
					const asks = [headlineOf(need), need.success_condition].filter(Boolean).join(" ");
					return (
						<li key={need.post_id} data-row className="py-2.5">
							<a href={`/posts/${need.post_id}`}>
								<Claim by={claim}>{headlineOf(need)}</Claim>
							</a>
							<div className="flex flex-wrap gap-x-3 text-quiet text-sm">
								{offers.length === 0 ? (
									<span>{t("stranded.noOffer")}</span>
								) : (
									<>
										<span>{t("stranded.fitted")}</span>
										{offers.map((offer) => (
											<a key={offer.post_id} href={`/posts/${offer.post_id}`}>
												<Claim by={claim}>{headlineOf(offer)}</Claim>
											</a>
										))}
									</>
								)}
								<a href={`/exchange?${new URLSearchParams({ q: asks })}`}>{t("stranded.search")}</a>
								<a href={`/post?${new URLSearchParams(anew(need))}`}>{t("stranded.again")}</a>
								<a href={`/job?need=${need.post_id}`}>{jobs("suggest.link")}</a>
							</div>
						</li>
					);
				})}
			</ul>
			{count > stranded.length && (
				<p className="py-3">
					<ButtonLink href={`/board/${week}?state=stranded`}>{t("stranded.all", { count })}</ButtonLink>
				</p>
			)}
		</Section>
	);
}
