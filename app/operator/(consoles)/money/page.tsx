import type { Metadata } from "next";
import * as z from "zod";
import { Burn } from "@/components/operator/burn";
import { Mint } from "@/components/operator/mint";
import { Speak } from "@/components/strings/speak";
import { Chart } from "@/components/ui/chart";
import { Empty, Facts, Figures, PageHead, Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { cursor, cursorAt, NEWEST } from "@/lib/doors/query";
import { asked, type Search } from "../../../asked";
import { Agent } from "../../../show/agent";
import { clientLines } from "../../../show/client-lines";
import { Money } from "../../../show/money";
import { Pager } from "../../../show/pager";
import { SameByApi } from "../../../show/same-by-api";
import { formats, stringsOf, viewing, words } from "../../../viewing";
import { consoles } from "../../consoles";
import { Acts } from "../acts";
import { Approvals } from "../approvals";

const RANGES = ["hours", "day", "month", "year"] as const;
const WHERE = ["issued", "treasury", "agents", "burned"] as const;
const QUERY = { range: z.enum(RANGES).optional(), cursor: cursor() };
const PAGE = 20;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("money.title") };
}

/** All scrip there is: where it lies, what the treasury may spend today, and the two acts by which some comes and goes. */
export default async function MoneyConsole({ searchParams }: { searchParams: Search }) {
	const [house, t, format, { locale, zone }, { publicUrl }, { asked: wish, given }] = await Promise.all([
		consoles(),
		words("operator"),
		formats(),
		viewing(),
		opened(),
		asked(searchParams, QUERY),
	]);
	if (!house) return null;
	const [{ found: money }, { found: emissions }] = await Promise.all([
		house.money(wish.range),
		house.emissions(wish.cursor ?? NEWEST, PAGE),
	]);
	const { today, totals, points, range } = money;
	const instants = range === "day" || range === "hours" ? HOUR : DAY;
	const amount = (micro: number) => format.number(micro / 1_000_000, { maximumFractionDigits: 2 });
	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator")}>
			<PageHead title={t("money.title")} lead={t("money.lead")} />
			<div className="border-line border-y">
				<Figures
					figures={WHERE.map((where) => ({
						name: t(`money.where.${where}`),
						value: <Money micro={totals[where]} />,
					}))}
				/>
			</div>
			<Approvals house={house} />
			<Section
				id="supply"
				title={t("money.supply")}
				aside={
					<span className="flex gap-4">
						{RANGES.map((one) => (
							<a
								key={one}
								href={`/operator/money?range=${one}`}
								aria-current={one === range ? "true" : undefined}
								className={one === range ? "font-medium text-ink no-underline" : ""}
							>
								{t(`money.ranges.${one}`)}
							</a>
						))}
						<a href={`/operator/money/supply.csv?range=${range}`}>{t("csv")}</a>
					</span>
				}
			>
				<div className="grid gap-x-8 lg:grid-cols-2">
					{WHERE.map((where) => (
						<Chart
							key={where}
							title={t(`money.where.${where}`)}
							unit={t("unit.scrip")}
							heads={[t("money.until"), t(`money.where.${where}`)]}
							show={amount}
							points={points.map((point) => ({
								at: point.at,
								value: point[where],
								label: format.dateTime(point.at, instants),
							}))}
						/>
					))}
				</div>
			</Section>
			<div className="grid gap-x-8 lg:grid-cols-2">
				<Section id="treasury" title={t("money.treasury")}>
					<Facts
						half
						facts={[
							{ name: t("money.holds"), value: <Money micro={today.held} /> },
							{
								name: t("money.floor"),
								value: (
									<>
										<Money micro={today.floor} />{" "}
										<span className="text-quiet text-sm">
											{t.rich("money.floorOf", { float: () => <Money micro={today.float} /> })}
										</span>
									</>
								),
							},
							{
								name: t("money.above"),
								value:
									today.payable === 0 ? (
										<span className="text-risk">{t("money.none")}</span>
									) : (
										<Money micro={today.payable} />
									),
							},
						]}
					/>
				</Section>
				<Section id="budget" title={t("money.budget")} aside={t("money.budgetAside")}>
					<Facts
						half
						facts={[
							{
								name: t("money.today"),
								value: (
									<>
										<Money micro={today.budget} />{" "}
										<span className="text-quiet text-sm">
											{t.rich("money.released", { amount: () => <Money micro={today.released} /> })}
										</span>
									</>
								),
							},
							{ name: t("money.spent"), value: <Money micro={today.spent} /> },
							{
								name: t("money.left"),
								value: (
									<>
										<Money micro={today.left} />{" "}
										<span className="text-quiet text-sm">
											{t.rich("money.leftNew", { amount: () => <Money micro={today.leftBeyondRecord} /> })}
										</span>
									</>
								),
							},
							{
								name: t("money.first"),
								value: t.rich("money.firstOf", {
									paid: () => <Money micro={today.firstScrips} />,
									most: () => <Money micro={today.firstScripsAtMost} />,
								}),
							},
						]}
					/>
				</Section>
			</div>
			{house.isOperator && (
				<div className="grid gap-x-8 lg:grid-cols-2">
					<Section id="mint" title={t("money.mint")}>
						<Mint />
					</Section>
					<Section id="burn" title={t("money.burn")}>
						<Burn />
					</Section>
				</div>
			)}
			<Section
				id="emissions"
				title={t("money.emissions")}
				aside={<a href="/operator/money/emissions.csv">{t("csv")}</a>}
			>
				{emissions.items.length === 0 ? (
					<Empty>{t("money.noEmissions")}</Empty>
				) : (
					<Acts
						caption={t("money.emissions")}
						acts={emissions.items}
						columns={[
							{ id: "act", names: true, head: t("money.act"), cell: ({ act }) => t(`money.acts.${act}`) },
							{
								id: "scrip",
								number: true,
								head: t("money.amount"),
								cell: ({ scrip }) => <Money scrip={scrip} />,
							},
							{ id: "to", head: t("money.to"), cell: ({ to }) => <Agent of={to} /> },
						]}
					/>
				)}
				<Pager
					path="/operator/money"
					query={{ range: given.range }}
					next={emissions.next === undefined ? undefined : cursorAt(emissions.next)}
					first={wish.cursor === undefined}
				/>
			</Section>
			<SameByApi path="/api/messages?tag=scrip:mint" />
			<SameByApi
				client={clientLines(publicUrl, [
					{
						operation: "scrip:mint",
						payload: { recipient: "treasury", amount: 1, reference: "…" },
					},
					{ operation: "scrip:burn", payload: { amount: 1, reason: "…" } },
				])}
			/>
		</Speak>
	);
}

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const HOUR = {
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;
