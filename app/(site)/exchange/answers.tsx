import { Chip } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import type { Result } from "@/lib/exchange/results";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { Money } from "../../show/money";
import { Confidence, WhyRank } from "../../show/why-rank";
import { formats, words } from "../../viewing";

type Answer = Pick<
	Result,
	| "entry_id"
	| "description"
	| "content_type"
	| "seller_key"
	| "price"
	| "token_cost_original"
	| "seller_reputation"
	| "age_hours"
> & { sales?: number; gated?: boolean };

/** Answers as rows; to a question also how well each fits, and why it stands where it stands. */
export async function Answers({
	answers,
	asked,
	seller = true,
}: {
	answers: Answer[];
	/** Whether to say whose they are. */
	seller?: boolean;
	asked?: { q: string; layers: Record<string, Parameters<typeof WhyRank>[0]["layers"]> };
}) {
	const [t, common, ranks, format] = await Promise.all([
		words("exchange"),
		words("common"),
		words("rank"),
		formats(),
	]);
	const confidenceOf = (answer: Answer) => (answer as unknown as Result).confidence;
	return (
		<Table
			caption={t("title")}
			rows={answers}
			rowKey={({ entry_id }) => entry_id.slice(0, 12)}
			folds={asked !== undefined}
			columns={[
				{
					id: "answer",
					names: true,
					head: t("head.answer"),
					cell: (answer) => (
						<>
							<a href={`/exchange/${answer.entry_id}`} className="headline">
								<Claim by={common("claimSeller")}>{answer.description}</Claim>
							</a>
							<span className="under">
								{common(`types.${answer.content_type}`)}
								{seller && <Agent of={answer.seller_key} />}
								{answer.gated ? <Chip tone="risk">{t("gated")}</Chip> : null}
							</span>
							{asked ? (
								<WhyRank confidence={confidenceOf(answer)} layers={asked.layers[answer.entry_id]} />
							) : null}
						</>
					),
				},
				...(asked
					? [
							{
								id: "fit",
								number: true,
								head: t("head.fit"),
								cell: (answer: Answer) => <Confidence of={confidenceOf(answer)} />,
							},
						]
					: []),
				{
					id: "price",
					number: true,
					head: t("head.price"),
					cell: ({ price, token_cost_original }) => (
						<>
							<Money scrip={price} />
							<small>
								{ranks("saves", { amount: format.number(Math.max(0, token_cost_original - price)) })}
							</small>
						</>
					),
				},
				{
					id: "reputation",
					number: true,
					wide: true,
					head: t("head.reputation"),
					cell: ({ seller_reputation }) => seller_reputation,
				},
				{
					id: "age",
					number: true,
					wide: true,
					head: t("head.age"),
					cell: ({ age_hours }) => t("ageDays", { days: Math.floor(age_hours / 24) }),
				},
				asked
					? {
							id: "next",
							number: true,
							head: <span className="sr-only">{t("head.next")}</span>,
							cell: ({ entry_id, description }) => (
								<a
									href={`/buy?${new URLSearchParams({ task: asked.q, entry: entry_id })}`}
									aria-label={t("buyThat", { what: description })}
									className="whitespace-nowrap text-accent"
								>
									{t("buy")}
								</a>
							),
						}
					: { id: "sales", number: true, wide: true, head: t("head.sales"), cell: ({ sales }) => sales },
			]}
		/>
	);
}
