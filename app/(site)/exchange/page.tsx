import type { Metadata } from "next";
import { Live } from "@/components/frame/live";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { ENTRIES_QUERY } from "@/lib/doors/exchange-views";
import { soldLately } from "@/lib/doors/front";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import { asked, type Search } from "../../asked";
import { Pager } from "../../show/pager";
import { SameByApi } from "../../show/same-by-api";
import { SearchedHow } from "../../show/why-rank";
import { words } from "../../viewing";
import { Answers } from "./answers";
import { Filters } from "./filters";
import { Lately } from "./lately";

const STEPS = ["ask", "look", "pay", "earn"] as const;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("exchange"))("title") };
}

/** What can be bought: the inventory with filters, or the answers to a question, ranked. All of it is in the address. */
export default async function Exchange({ searchParams }: { searchParams: Search }) {
	const [{ questions, house }, t, { asked: wish, given, wrong }] = await Promise.all([
		opened(),
		words("exchange"),
		asked(searchParams, ENTRIES_QUERY),
	]);
	const { q } = wish;
	const { cursor, ...filters } = given;
	const address = (names: Record<string, string>) => `${new URLSearchParams(names)}`;
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")}>
				<ButtonLink href="/sell">{t("sell")}</ButtonLink>
			</PageHead>
			<Filters given={filters} wrong={wrong} />
			{q === undefined ? await listed() : await searched(q)}
			{Object.keys(given).length === 0 && (await more())}
			<SameByApi path={`/api/entries${Object.keys(filters).length > 0 ? `?${address(filters)}` : ""}`} />
		</>
	);

	/** What is worth knowing before anything is asked. */
	async function more() {
		const sales = await soldLately(house);
		return (
			<>
				<Section id="lately" title={t("lately.title")}>
					{sales.length === 0 ? <Empty>{t("lately.none")}</Empty> : <Lately sales={sales} />}
				</Section>
				<Section id="how" title={t("how.title")}>
					<ol className="divide-y divide-line">
						{STEPS.map((step, i) => (
							<li key={step} className="grid max-w-text grid-cols-[1.5rem_minmax(0,1fr)] py-2.5">
								<span className="text-quiet">{i + 1}</span>
								<p>
									<span className="font-medium">{t(`how.steps.${step}.title`)}.</span>{" "}
									<span className="text-quiet">{t(`how.steps.${step}.text`)}</span>
								</p>
							</li>
						))}
					</ol>
				</Section>
			</>
		);
	}

	async function listed() {
		const { seq, found } = await questions.entries(wish);
		return (
			<Section
				id="answers"
				title={t("listed")}
				aside={<Live query="tag=exchange:phase:put-accept" after={seq} />}
			>
				{found.items.length === 0 ? (
					<Empty next={<ButtonLink href="/sell">{t("sell")}</ButtonLink>}>
						{Object.keys(filters).length > 0 ? t("none.empty") : t("none.first")}
					</Empty>
				) : (
					<Answers
						answers={found.items.map((entry) => ({
							...entry,
							token_cost_original: entry.token_cost,
							price: entry.price!,
						}))}
					/>
				)}
				<Pager
					path="/exchange"
					query={filters}
					next={found.next === undefined ? undefined : cursorAt(found.next)}
					first={cursor === undefined}
				/>
			</Section>
		);
	}

	async function searched(q: string) {
		const { found } = await questions.search({ ...wish, q });
		const narrowed = Object.keys(filters).length > 1;
		return (
			<Section id="answers" title={t("results", { count: found.items.length, q })}>
				{found.items.length === 0 ? (
					<Empty
						next={
							<>
								<ButtonLink href={`/buy?${address({ task: q })}`}>{t("none.ask")}</ButtonLink>
								{narrowed && (
									<ButtonLink href={`/exchange?${address({ q })}`}>{t("none.without")}</ButtonLink>
								)}
							</>
						}
					>
						<p className="font-medium text-ink">{t("none.title")}</p>
						<p>{t("none.lead")}</p>
					</Empty>
				) : (
					<Answers answers={found.items} asked={{ q, layers: found.meta.layers }} />
				)}
				<SearchedHow meta={found.meta} />
			</Section>
		);
	}
}
