import type { Metadata } from "next";
import * as z from "zod";
import { QueueNews } from "@/components/operator/queue-news";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { words as classes } from "@/components/ui/words";
import { id as idField } from "@/lib/log/field";
import { asked, type Search } from "../../asked";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { stringsOf, viewing, words } from "../../viewing";
import { consoles, moderation } from "../consoles";
import { type AnyCase, type AnyKind, BOARD_KINDS, MARKET_KINDS, next, queue } from "../queue";
import { AppealCase } from "./appeal-case";
import { Approvals } from "./approvals";
import { ContestCase } from "./contest-case";
import { DisputeCase } from "./dispute-case";
import { FlagCase } from "./flag-case";
import { PutCase } from "./put-case";
import { what } from "./what";

const QUERY = { case: idField().optional(), kind: z.enum([...MARKET_KINDS, ...BOARD_KINDS]).optional() };
/** Shown at a time: what is ruled on makes room for the rest. */
const SHOWN = 100;
const BEFORE_ALL = { standing: true, seq: 0 };

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("queue.title") };
}

/** What waits for a house operator, and one case of it with all that a ruling rests on. */
export default async function Queue({ searchParams }: { searchParams: Search }) {
	const [house, board, t, { locale, zone }, { asked: wish }] = await Promise.all([
		consoles(),
		moderation(),
		words("operator"),
		viewing(),
		asked(searchParams, QUERY),
	]);
	const { reader } = house ?? board ?? {};
	if (reader === undefined) return null;
	const [{ cases, count }, ofMarket, ofBoard] = await Promise.all([
		queue(wish.kind, SHOWN),
		wish.case === undefined ? undefined : house?.case(wish.case),
		wish.case === undefined ? undefined : board?.case(wish.case),
	]);
	const open = cases.find(({ id }) => id === wish.case);
	const place = ofMarket?.place ?? (ofBoard && (open ?? { standing: false, seq: ofBoard.case.seq }));
	const chosen = place !== undefined;
	const following = next(cases, place ?? BEFORE_ALL, reader);
	const nextHref = following && addressOf(following.id, wish.kind);
	const common = { claim: open?.claim ?? null, next: nextHref };

	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator", "deal")}>
			<PageHead title={t("queue.title")} lead={t("queue.lead", { count })}>
				<QueueNews
					shown={cases.map(({ id, claim }) => ({ id, by: claim?.by ?? null }))}
					chosen={wish.case}
					kind={wish.kind}
				/>
				{!chosen && following && (
					<ButtonLink href={nextHref!} weight="next" shortcut="n">
						{t("queue.begin")}
					</ButtonLink>
				)}
			</PageHead>
			{house && <Approvals house={house} />}
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
								<Row key={one.id} of={one} kind={wish.kind} here={one.id === wish.case} reader={reader} />
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
						{ofMarket?.kind === "put" && <PutCase of={ofMarket} house={house!} {...common} />}
						{ofMarket?.kind === "dispute" && <DisputeCase of={ofMarket} house={house!} {...common} />}
						{ofBoard?.kind === "contest" && <ContestCase of={ofBoard} house={board!} {...common} />}
						{ofBoard?.kind === "flag" && <FlagCase of={ofBoard} house={board!} {...common} />}
						{ofBoard?.kind === "appeal" && <AppealCase of={ofBoard} house={board!} {...common} />}
					</article>
				)}
			</div>
			{wish.case !== undefined && !chosen && <Empty>{t("queue.noCase")}</Empty>}
			{!chosen && house && <SameByApi path="/api/messages?tag=exchange:put" />}
		</Speak>
	);
}

function addressOf(id: string | undefined, kind: AnyKind | undefined): string {
	const query = new URLSearchParams({ ...(kind && { kind }), ...(id && { case: id }) });
	return query.size > 0 ? `/operator?${query}` : "/operator";
}

async function Kinds({ kind }: { kind: AnyKind | undefined }) {
	const t = await words("operator");
	return (
		<ul className="flex flex-wrap gap-x-4 border-line border-b pb-2 text-sm">
			{([undefined, ...MARKET_KINDS, ...BOARD_KINDS] as const).map((one) => (
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
	of: AnyCase;
	kind: AnyKind | undefined;
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
				{"description" in of ? (
					<Claim by={common("claimSeller")}>{of.description}</Claim>
				) : (
					t("board.about", { what: await what(of.aboutOperation), id: fingerprint(of.about) })
				)}
			</a>
			<p className="flex flex-wrap gap-x-2 text-quiet text-sm">
				{"why" in of && (
					<>
						<span>{t(`why.${of.why}`)}</span>
						<span>{t(`queue.scrip.${of.kind}`, { scrip: of.scrip })}</span>
						<span>{common(`types.${of.contentType as "code"}`)}</span>
					</>
				)}
				{"flags" in of && of.flags !== null && <span>{t("board.flags", { count: of.flags })}</span>}
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
