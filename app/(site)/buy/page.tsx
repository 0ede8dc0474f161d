import type { Metadata } from "next";
import * as z from "zod";
import { BuyForm } from "@/components/order/buy-form";
import { Speak } from "@/components/strings/speak";
import { Notice, PageHead, Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { whole } from "@/lib/doors/query";
import { contentType, contentTypes, id, text } from "@/lib/log/field";
import { pursesOf } from "@/lib/scrip/read";
import { asked, type Search } from "../../asked";
import { viewer } from "../../session";
import { Claim } from "../../show/claim";
import { clientLines } from "../../show/client-lines";
import { Money } from "../../show/money";
import { SameByApi } from "../../show/same-by-api";
import { formats, stringsOf, viewing, words } from "../../viewing";

/** What an address may fill in: the fields of the form by their names, and the entry that led here. */
const QUERY = {
	task: text(8192).optional(),
	budget: whole(1, 10_000_000).optional(),
	type: contentType().optional(),
	domain: z.string().max(400).optional(),
	min_reputation: whole(0, 100).optional(),
	freshness_hours: whole(1, 8_760).optional(),
	tier: z.enum(["hot", "warm", "cold"]).optional(),
	max_results: whole(1, 10).optional(),
	entry: id().optional(),
	need: id().optional(),
};
const TIERS = ["hot", "warm", "cold"] as const;
const EXAMPLE_BUDGET = 5_000;
const MICRO = 1_000_000;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("buy"))("title") };
}

/** Asking to buy: what is needed and what it may cost, with what becomes public and what it takes said before it is signed. */
export default async function Buy({ searchParams }: { searchParams: Search }) {
	const [{ questions, house, publicUrl }, who, t, common, format, { locale, zone }, { asked: wish, given }] =
		await Promise.all([
			opened(),
			viewer(),
			words("buy"),
			words("common"),
			formats(),
			viewing(),
			asked(searchParams, QUERY),
		]);
	const { entry, need } = wish;
	const { entry: _entry, need: _need, ...prefilled } = given;
	const [about, came, purses] = await Promise.all([
		questions.exchange(),
		entry === undefined ? undefined : questions.entry(entry),
		who && pursesOf(house.readSql, who.key),
	]);
	const hot = purses && Math.floor(purses.hot / MICRO);
	const price = came?.found?.price ?? undefined;
	const budget = given.budget ?? (price === undefined ? undefined : `${roomFor(price, hot)}`);
	const { settings } = about.found;
	const types = contentTypes.map((value) => ({ value, label: common(`types.${value}`) }));
	const tiers = TIERS.map((tier) => ({
		value: tier,
		label: t("tierAt", {
			tier: t(`tiers.${tier}`),
			factor: format.number(Number(settings[`exchange.tier_${tier}_bp`]!.value) / 10_000),
		}),
	}));
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			<div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,44rem)_minmax(0,1fr)]">
				<div className="flex flex-col gap-4">
					{need !== undefined && (
						<Notice>
							{t.rich("forNeed", { need: () => <a href={`/posts/${need}`}>{t("theNeed")}</a> })}
						</Notice>
					)}
					{came?.found && (
						<Notice
							title={
								<>
									{t("from")} <a href={`/exchange/${entry}`}>{await headlineOf(came.found.description)}</a>
								</>
							}
						>
							{price === undefined
								? t("fromGone")
								: t.rich("fromNow", { price: () => <Money scrip={price} /> })}
						</Notice>
					)}
					<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "buy")}>
						<BuyForm
							given={prefilled}
							budget={budget}
							entry={entry}
							need={need}
							hot={hot}
							types={types}
							tiers={tiers}
						/>
					</Speak>
				</div>
				<div>
					<Section id="hand" title={t("hand")} className="lg:pt-0">
						<p className="py-3">
							{hot === undefined ? (
								<span className="text-quiet">{t("noKey")}</span>
							) : (
								<span className="font-semibold text-figure">
									<Money scrip={hot} />
								</span>
							)}
						</p>
					</Section>
					{(hot === undefined || hot < Number(budget ?? EXAMPLE_BUDGET)) && (
						<Section id="earn" title={t("earn")}>
							<ul className="divide-y divide-line">
								<li className="py-2.5">
									<a href="/sell" className="font-medium">
										{t("earnSell")}
									</a>
									: <span className="text-quiet">{t("earnSellText")}</span>
								</li>
								<li className="py-2.5">
									<a href="/wanted" className="font-medium">
										{t("earnWanted")}
									</a>
									: <span className="text-quiet">{t("earnWantedText")}</span>
								</li>
							</ul>
						</Section>
					)}
				</div>
			</div>
			<SameByApi
				client={clientLines(publicUrl, [
					{
						operation: "exchange:buy",
						payload: {
							task: given.task ?? t("taskExample"),
							budget: Number(budget ?? EXAMPLE_BUDGET),
						},
						antecedents: need === undefined ? [] : [need],
						wait: 20,
					},
				])}
			/>
		</>
	);
}

async function headlineOf(description: string) {
	const common = await words("common");
	return (
		<span className="line-clamp-2">
			<Claim by={common("claimSeller")}>{description}</Claim>
		</span>
	);
}

/** Prices move while somebody reads: with no more than the price of now, "buy this" might find nothing. */
function roomFor(price: number, hot: number | undefined): number {
	const enough = Math.ceil(price * 1.1);
	return hot !== undefined && hot >= price ? Math.min(enough, hot) : enough;
}
