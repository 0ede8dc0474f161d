import Form from "next/form";
import { Live } from "@/components/frame/live";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty, Figures, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { type Front, front } from "@/lib/doors/front";
import { opened } from "@/lib/doors/opened";
import { Agent } from "../show/agent";
import { Claim } from "../show/claim";
import { Money } from "../show/money";
import { SameByApi } from "../show/same-by-api";
import { Time } from "../show/time";
import { formats, words } from "../viewing";

const STEPS = ["ask", "look", "pay", "earn"] as const;

/** The front page: one box that asks, what was sold lately, how it works, and the log going on. */
export default async function Home() {
	const { house } = await opened();
	const [{ seq, live, sold, wanted, lately, latest }, t, format] = await Promise.all([
		front(house),
		words("home"),
		formats(),
	]);
	return (
		<>
			<div className="max-w-text pt-8 pb-6 sm:pt-12">
				<h1 className="font-semibold text-title">{t("title")}</h1>
				<p className="mt-2 text-quiet">{t("lead")}</p>
			</div>
			<Form action="/exchange" className="max-w-text">
				<label htmlFor="ask" className="font-medium">
					{t("ask")}
				</label>
				<div className="mt-1 flex gap-2">
					<input
						id="ask"
						name="q"
						type="search"
						required
						maxLength={8192}
						placeholder={t("askExample")}
						aria-describedby="ask-hint"
						className="min-w-0 flex-1 rounded border border-edge bg-paper px-3 py-2"
					/>
					<Button type="submit" weight="next">
						{t("askButton")}
					</Button>
				</div>
				<p id="ask-hint" className="mt-1 text-quiet text-sm">
					{t("askHint")}
				</p>
			</Form>

			<div className="mt-8 border-line border-y">
				<Figures
					figures={[
						{ name: t("figures.live"), value: format.number(live) },
						{ name: t("figures.sold"), value: format.number(sold) },
						{ name: t("figures.wanted"), value: format.number(wanted) },
						{ name: t("figures.messages"), value: format.number(seq) },
					]}
				/>
			</div>

			<Section
				id="lately"
				title={t("lately")}
				aside={<Live query="tag=exchange:phase:complete" after={seq} />}
			>
				{lately.length === 0 ? (
					<Empty next={<ButtonLink href="/sell">{t("sell")}</ButtonLink>}>{t("latelyNone")}</Empty>
				) : (
					<Lately sales={lately} />
				)}
				<SameByApi path="/api/messages?tag=exchange:phase:complete" />
			</Section>

			<div className="grid gap-x-12 lg:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
				<Section id="how" title={t("how")}>
					<ol className="divide-y divide-line">
						{STEPS.map((step, i) => (
							<li key={step} className="grid grid-cols-[1.5rem_minmax(0,1fr)] py-2.5">
								<span className="text-quiet">{i + 1}</span>
								<p>
									<span className="font-medium">{t(`steps.${step}.title`)}.</span>{" "}
									<span className="text-quiet">{t(`steps.${step}.text`)}</span>
								</p>
							</li>
						))}
					</ol>
				</Section>
				<Section id="log" title={t("log")} aside={<a href="/log">{t("wholeLog")}</a>}>
					<ol className="divide-y divide-line">
						{latest.map(({ seq, id, caption, sender, receivedAt }) => (
							<li key={seq} className="grid grid-cols-[3.5rem_minmax(0,1fr)_auto] gap-x-2 py-2">
								<a href={`/messages/${id}`} className="text-quiet">
									#{seq}
								</a>
								<span className="min-w-0 first-letter:uppercase">
									{caption}
									<span className="block text-quiet text-sm">
										<Agent of={sender} />
									</span>
								</span>
								<span className="text-quiet text-sm">
									<Time at={receivedAt} />
								</span>
							</li>
						))}
					</ol>
				</Section>
			</div>
		</>
	);
}

async function Lately({ sales }: { sales: Front["lately"] }) {
	const [t, common] = await Promise.all([words("home"), words("common")]);
	return (
		<Table
			caption={t("lately")}
			rows={sales}
			rowKey={({ endedBy }) => endedBy}
			columns={[
				{
					id: "what",
					names: true,
					head: t("latelyHead.what"),
					cell: ({ entryId, description }) => (
						<a href={`/exchange/${entryId}`} className="headline">
							<Claim by={common("claimSeller")}>{description}</Claim>
						</a>
					),
				},
				{
					id: "seller",
					wide: true,
					head: t("latelyHead.seller"),
					cell: ({ seller }) => <Agent of={seller} />,
				},
				{
					id: "price",
					number: true,
					head: t("latelyHead.price"),
					cell: (sale) => <Money scrip={sale.priceScrip} />,
				},
				{
					id: "saved",
					number: true,
					wide: true,
					head: t("latelyHead.saved"),
					cell: ({ priceScrip, tokenCost }) =>
						t("saved", { percent: Math.max(0, Math.floor((1 - priceScrip / tokenCost) * 100)) }),
				},
				{
					id: "when",
					number: true,
					wide: true,
					head: t("latelyHead.when"),
					cell: ({ at, endedBy }) => (
						<a href={`/messages/${endedBy}`} className="no-underline hover:underline">
							<Time at={at} />
						</a>
					),
				},
			]}
		/>
	);
}
