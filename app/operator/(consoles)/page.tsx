import type { Metadata } from "next";
import * as z from "zod";
import { QueueNews } from "@/components/operator/queue-news";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead } from "@/components/ui/layout";
import { words as classes } from "@/components/ui/words";
import type { Case, CaseKind } from "@/lib/exchange/queue";
import { id as idField } from "@/lib/log/field";
import { asked, type Search } from "../../asked";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { stringsOf, viewing, words } from "../../viewing";
import { consoles } from "../consoles";
import { DisputeCase } from "./dispute-case";
import { PutCase } from "./put-case";

const QUERY = { case: idField().optional(), kind: z.enum(["put", "dispute"]).optional() };
/** Shown at a time: what is ruled on makes room for the rest. */
const SHOWN = 100;
const BEFORE_ALL = { standing: true, seq: 0 };

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("queue.title") };
}

/** What waits for a house operator, and one case of it with all that a ruling rests on. */
export default async function Queue({ searchParams }: { searchParams: Search }) {
	const [house, t, { locale, zone }, { asked: wish }] = await Promise.all([
		consoles(),
		words("operator"),
		viewing(),
		asked(searchParams, QUERY),
	]);
	if (!house) return null;
	const [{ found: queue }, chosen] = await Promise.all([
		house.queue(wish.kind, SHOWN),
		wish.case === undefined ? undefined : house.case(wish.case),
	]);
	const { cases, count } = queue;
	const open = cases.find(({ id }) => id === wish.case);
	const next = house.next(cases, chosen?.place ?? BEFORE_ALL);
	const nextHref = next && addressOf(next.id, wish.kind);

	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator")}>
			<PageHead title={t("queue.title")} lead={t("queue.lead", { count })}>
				<QueueNews
					shown={cases.map(({ id, claim }) => ({ id, by: claim?.by ?? null }))}
					chosen={wish.case}
					kind={wish.kind}
				/>
				{!chosen && next && (
					<ButtonLink href={nextHref!} weight="next" shortcut="n">
						{t("queue.begin")}
					</ButtonLink>
				)}
			</PageHead>
			<div
				className={classes(
					"flex flex-col gap-x-8",
					chosen && "lg:grid lg:grid-cols-[minmax(0,19rem)_minmax(0,1fr)]",
				)}
			>
				<nav
					aria-label={t("queue.title")}
					className={classes("min-w-0", chosen && "order-last lg:order-first")}
				>
					<Kinds kind={wish.kind} />
					{cases.length === 0 ? (
						<Empty>{t("queue.empty")}</Empty>
					) : (
						<ol className="divide-y divide-line">
							{cases.map((one) => (
								<Row
									key={one.id}
									of={one}
									kind={wish.kind}
									here={one.id === wish.case}
									reader={house.reader}
								/>
							))}
						</ol>
					)}
					{count > cases.length && (
						<p className="py-2 text-quiet text-sm">{t("queue.more", { count: count - cases.length })}</p>
					)}
					{count > 0 && (
						<p className="py-2 text-sm">
							<a href="/operator/queue.csv">{t("csv")}</a>
						</p>
					)}
				</nav>
				{chosen && (
					<article className="min-w-0" key={wish.case}>
						{chosen.kind === "put" ? (
							<PutCase of={chosen} claim={open?.claim ?? null} house={house} next={nextHref} />
						) : (
							<DisputeCase of={chosen} claim={open?.claim ?? null} house={house} next={nextHref} />
						)}
					</article>
				)}
			</div>
			{wish.case !== undefined && !chosen && <Empty>{t("queue.noCase")}</Empty>}
			{!chosen && <SameByApi path="/api/messages?tag=exchange:put" />}
		</Speak>
	);
}

function addressOf(id: string | undefined, kind: CaseKind | undefined): string {
	const query = new URLSearchParams({ ...(kind && { kind }), ...(id && { case: id }) });
	return query.size > 0 ? `/operator?${query}` : "/operator";
}

async function Kinds({ kind }: { kind: CaseKind | undefined }) {
	const t = await words("operator");
	return (
		<ul className="flex gap-x-4 border-line border-b pb-2 text-sm">
			{([undefined, "put", "dispute"] as const).map((one) => (
				<li key={one ?? "all"}>
					<a
						href={addressOf(undefined, one)}
						aria-current={one === kind ? "true" : undefined}
						className={one === kind ? "font-medium no-underline" : "text-quiet"}
					>
						{t(`queue.kinds.${one ?? "all"}`)}
					</a>
				</li>
			))}
		</ul>
	);
}

async function Row({
	of,
	kind,
	here,
	reader,
}: {
	of: Case;
	kind: CaseKind | undefined;
	here: boolean;
	reader: string;
}) {
	const [t, common] = await Promise.all([words("operator"), words("common")]);
	return (
		<li data-row="" className={classes("py-2.5", here && "-mx-2 rounded bg-shade px-2")}>
			<a
				href={addressOf(of.id, kind)}
				aria-current={here ? "true" : undefined}
				className={classes("line-clamp-2 no-underline hover:underline", here && "font-medium")}
			>
				<span className="text-quiet">{t(`queue.kind.${of.kind}`)}</span>{" "}
				<Claim by={common("claimSeller")}>{of.description}</Claim>
			</a>
			<p className="flex flex-wrap gap-x-2 text-quiet text-sm">
				<span>{t(`why.${of.why}`)}</span>
				<span>{t(`queue.scrip.${of.kind}`, { scrip: of.scrip })}</span>
				<span>{common(`types.${of.contentType as "code"}`)}</span>
				<Agent of={of.who} plain />
				{of.standing && <span>{t("standing")}</span>}
				<span>{t.rich("queue.since", { when: () => <Time at={of.at} /> })}</span>
			</p>
			{of.claim && (
				<p className="text-sm">
					{of.claim.by === reader
						? t.rich("queue.yours", { until: () => <Time at={of.claim!.until} /> })
						: t.rich("queue.theirs", {
								who: () => <Agent of={of.claim!.by} plain />,
								until: () => <Time at={of.claim!.until} />,
							})}
				</p>
			)}
		</li>
	);
}
