import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/layout";
import type { PostDetail } from "@/lib/board/read";
import { taskOf } from "@/lib/board/said";
import { opened } from "@/lib/doors/opened";
import { MOST_ANSWERS } from "@/lib/doors/suggestions";
import { Claim } from "../../../show/claim";
import { Money } from "../../../show/money";
import { Confidence } from "../../../show/why-rank";
import { words } from "../../../viewing";

/** Of a headline, as the exchange's list cuts it. */
const SHOWN = 160;

/** Whether the inventory holds already what is needed: a free search with the need's own words, in place, asked for by the address. */
export async function Answers({ post, asked }: { post: PostDetail; asked: boolean }) {
	const [t, common] = await Promise.all([words("post"), words("common")]);
	const task = taskOf(post);
	if (!asked)
		return (
			<Section id="answers" title={t("answers.title")}>
				<p className="flex flex-wrap items-baseline gap-x-3 gap-y-2 py-3">
					<ButtonLink small href={`/posts/${post.post_id}?answers=yes#answers`}>
						{t("answers.ask")}
					</ButtonLink>
					<span className="text-quiet text-sm">{t("answers.free")}</span>
				</p>
			</Section>
		);
	const { questions } = await opened();
	const { found } = await questions.search({ q: task, limit: MOST_ANSWERS, min_reputation: 0 });
	return (
		<Section
			id="answers"
			title={t("answers.title")}
			aside={<a href={`/exchange?${new URLSearchParams({ q: task })}`}>{t("answers.all")}</a>}
		>
			{found.items.length === 0 ? (
				<p className="py-3 text-quiet">{t("answers.none")}</p>
			) : (
				<ol className="divide-y divide-line">
					{found.items.map(({ entry_id, description, price, confidence }) => (
						<li
							key={entry_id}
							className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2.5"
						>
							<div className="min-w-0 flex-1 basis-64">
								<a href={`/exchange/${entry_id}`} className="line-clamp-2">
									<Claim by={common("claimSeller")}>{description.slice(0, SHOWN)}</Claim>
								</a>
								<span className="text-quiet text-sm">
									<Confidence of={confidence} />
								</span>
							</div>
							<span className="flex items-baseline gap-3">
								<Money scrip={price} />
								<ButtonLink
									small
									href={`/buy?${new URLSearchParams({ task, entry: entry_id, need: post.post_id })}`}
								>
									{t("answers.buy")}
								</ButtonLink>
							</span>
						</li>
					))}
				</ol>
			)}
		</Section>
	);
}
