import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ButtonLink } from "@/components/ui/button";
import { Chart } from "@/components/ui/chart";
import { Copy } from "@/components/ui/copy";
import { Chip, Facts, PageHead, Section } from "@/components/ui/layout";
import { visibleLine } from "@/components/ui/visible";
import { AS_OF } from "@/lib/doors/exchange-views";
import { opened } from "@/lib/doors/opened";
import { isRefusal } from "@/lib/doors/problem";
import { historyOf, salesOf } from "@/lib/exchange/entry-history";
import { actOf } from "@/lib/log/read";
import { asked, type Search } from "../../../asked";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { AsOf, NotThen, WrongPlace } from "../../../show/as-of";
import { Claim, ClaimText } from "../../../show/claim";
import { Money } from "../../../show/money";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { Timeline } from "../../../show/timeline";
import { formats, words } from "../../../viewing";

type Params = { params: Promise<{ entry: string }>; searchParams: Search };

const ID = /^[0-9a-f]{64}$/;

export async function generateMetadata({ params }: Params): Promise<Metadata> {
	const [{ entry: id }, t, { questions }] = await Promise.all([params, words("exchange"), opened()]);
	const found = ID.test(id) ? (await questions.entry(id)).found : undefined;
	return { title: found ? visibleLine(headline(found.description)) : t("title") };
}

/** One answer: what it is said to be, what it costs and why, what buyers' experience says, and what happened to it. */
export default async function Entry({ params, searchParams }: Params) {
	const [{ entry: id }, { asked: wish, wrong }, { questions, house }, t, common, format, who] =
		await Promise.all([
			params,
			asked(searchParams, AS_OF),
			opened(),
			words("exchange"),
			words("common"),
			formats(),
			viewer(),
		]);
	if (!ID.test(id)) notFound();
	const asOf = wish.as_of;
	const [answer, everSold, wholeHistory] = await Promise.all([
		asOf === undefined ? questions.entry(id) : questions.entryThen(id, asOf),
		salesOf(house.readSql, id),
		historyOf(house.readSql, id),
	]);
	if (isRefusal(answer)) return <NotThen refusal={answer} now={`/exchange/${id}`} />;
	const { found: entry } = answer;
	if (!entry) notFound();
	const moment = "id" in answer ? answer : undefined;
	const until = moment?.seq ?? Number.POSITIVE_INFINITY;
	const history = wholeHistory.filter(({ seq }) => seq <= until);
	const sales = everSold.filter(({ seq }) => seq <= until);
	const { price, price_parts: parts } = entry;
	const own = who?.key === entry.seller_key;
	return (
		<>
			<WrongPlace detail={wrong.as_of} />
			{moment && <AsOf moment={moment} now={`/exchange/${id}`} />}
			<PageHead
				title={<Claim by={common("claimSeller")}>{headline(entry.description)}</Claim>}
				lead={
					<>
						{t("entry.kind", {
							type: common(`types.${entry.content_type}`),
							state: t(`entry.states.${entry.status}`),
						})}
						{entry.held_for && entry.status === "pending" && (
							<>, {t("entry.held", { why: t(`entry.heldFor.${entry.held_for}`) })}</>
						)}
						{entry.gated && (
							<>
								{" "}
								<Chip tone="risk">{t("gated")}</Chip>
							</>
						)}
					</>
				}
			>
				{price !== null && !own && !moment && (
					<ButtonLink
						weight="next"
						href={`/buy?${new URLSearchParams({ task: entry.description, entry: id })}`}
					>
						{t("entry.buy")}
					</ButtonLink>
				)}
				{!moment && (
					<ButtonLink
						href={`/post?${new URLSearchParams({ kind: "need", other: headline(entry.description) })}`}
					>
						{t("entry.need")}
					</ButtonLink>
				)}
			</PageHead>
			{entry.description !== headline(entry.description) && (
				<div className="max-w-text">
					<ClaimText by={common("claimSeller")}>{entry.description}</ClaimText>
				</div>
			)}

			<div className="grid gap-x-12 lg:grid-cols-2">
				<Section id="price" title={t(moment ? "entry.priceThen" : "entry.price")}>
					{price === null ? (
						<p className="py-3 text-quiet">{t("entry.not")}</p>
					) : (
						<>
							<p className="pt-3 font-semibold text-figure">
								<Money scrip={price} />
							</p>
							<p className="text-quiet">
								{t("entry.cost")} {t("entry.tokens", { count: entry.token_cost })}. {t("entry.saves")}{" "}
								<Money scrip={Math.max(0, entry.token_cost - price)} />.{" "}
								{entry.tokens >= 500 ? t("entry.preview", { least: 15, most: 25 }) : t("entry.noPreview")}
							</p>
							{own && <p className="mt-1 text-quiet">{t("entry.mine")}</p>}
						</>
					)}
					{parts && (
						<details className="py-2">
							<summary className="text-quiet">{t("entry.priceBreakdown")}</summary>
							<table className="mt-1 w-full max-w-sm text-left text-sm">
								<tbody className="divide-y divide-line">
									<tr>
										<td className="py-1">
											{t("entry.factors.base")} (<Money scrip={parts.appraisal} />)
										</td>
										<td className="py-1 text-right">
											{format.number(parts.appraisal * parts.resale, { maximumFractionDigits: 2 })}
										</td>
									</tr>
									{Object.entries(parts.factors).map(([name, factor]) => (
										<tr key={name}>
											<td className="py-1">{t(`entry.factors.${name as "age"}`)}</td>
											<td className="py-1 text-right">
												× {format.number(factor, { minimumFractionDigits: 2, maximumFractionDigits: 3 })}
											</td>
										</tr>
									))}
									<tr>
										<td className="py-1">{t("entry.factors.cap")}</td>
										<td className="py-1 text-right">≤ {format.number(parts.most)}</td>
									</tr>
									<tr className="font-medium">
										<td className="py-1">{t("entry.factors.total")}</td>
										<td className="py-1 text-right">{format.number(price!)}</td>
									</tr>
								</tbody>
							</table>
						</details>
					)}
					{sales.length === 0 ? (
						<p className="py-2 text-quiet text-sm">{t("entry.noSales")}</p>
					) : (
						<Chart
							title={t("entry.history")}
							unit="scrip"
							heads={[t("entry.historyHead.when"), t("entry.historyHead.price")]}
							points={sales.map(({ at, priceScrip }) => ({
								at,
								value: priceScrip,
								label: format.dateTime(at, { dateStyle: "medium", timeStyle: "short" }),
							}))}
						/>
					)}
				</Section>

				<Section id="facts" title={t("entry.state")}>
					<Facts
						facts={[
							{
								name: t("entry.seller"),
								value: (
									<>
										<Agent of={entry.seller_key} />
										<span className="block text-quiet text-sm">
											{t("entry.reputation")} {entry.seller_reputation}
										</span>
									</>
								),
							},
							{
								name: t("entry.sold"),
								value: t("entry.soldTimes", { sales: entry.sales, buyers: entry.buyers }),
							},
							{
								name: t("entry.domains"),
								value:
									entry.domains.length === 0
										? "–"
										: entry.domains.map((domain) => (
												<a key={domain} href={`/exchange?domain=${domain}`} className="mr-2 claim">
													{domain}
												</a>
											)),
							},
							{
								name: t("entry.size"),
								value: t("entry.bytes", { bytes: entry.bytes, tokens: entry.tokens }),
							},
							...(entry.appraisal === null
								? []
								: [{ name: t("entry.appraisal"), value: <Money scrip={entry.appraisal} /> }]),
							{ name: t("entry.tier"), value: t(`tiers.${entry.tier}`) },
							{ name: t("entry.put"), value: <Time at={entry.put_at!} /> },
							...(entry.expires_at === null
								? []
								: [{ name: t("entry.expires"), value: <Time at={entry.expires_at} /> }]),
							...(entry.copy_of === null
								? []
								: [
										{
											name: t("entry.copyOf"),
											value: <a href={`/exchange/${entry.copy_of}`}>{entry.copy_of.slice(0, 8)}</a>,
										},
									]),
							...entry.gates.map(({ gate, total, good, until }) => ({
								name: t(`entry.gateNames.${gate}`),
								value: (
									<>
										{good} / {total}{" "}
										{until !== null && (
											<Chip tone="risk">
												{t.rich("entry.gateUntil", { when: () => <Time at={until} /> })}
											</Chip>
										)}
									</>
								),
							})),
							{
								name: t("entry.hash"),
								value: (
									<span className="flex flex-wrap items-center gap-2">
										<span className="break-all font-mono text-sm">{entry.content_hash}</span>
										<Copy text={entry.content_hash} />
									</span>
								),
							},
						]}
					/>
				</Section>
			</div>

			<Section id="history" title={t("entry.timeline")}>
				<div className="py-3">
					<Timeline
						events={history.map((one) => ({
							id: one.id,
							seq: one.seq,
							at: one.receivedAt,
							sender: one.sender,
							says: house.registry.get(one.operation)!.caption(actOf(one)),
						}))}
						then={`/exchange/${id}`}
					/>
				</div>
			</Section>
			<SameByApi path={`/api/entries/${id}${moment ? `?as_of=${moment.seq}` : ""}`} />
		</>
	);
}

const HEADLINE = 140;

/** Enough of a description to know it by: its first line, cut at a word. */
function headline(description: string): string {
	const line = description.split("\n", 1)[0]!;
	if (line.length <= HEADLINE) return line;
	return `${line.slice(0, HEADLINE).replace(/\s+\S*$/, "")} …`;
}
