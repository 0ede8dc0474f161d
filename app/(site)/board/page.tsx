import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { type Column, Table } from "@/components/ui/table";
import { opened } from "@/lib/doors/opened";
import { asked, type Search } from "../../asked";
import { SameByApi } from "../../show/same-by-api";
import { formats, words } from "../../viewing";
import { weekParts } from "./phase";
import { WEEKS_QUERY } from "./query";
import { ShareChart, type Told } from "./share";

/** A year of them. */
const WEEKS = 53;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("board"))("weeks.title") };
}

/** The weeks that are over, newest first, and how they have gone. */
export default async function Weeks({ searchParams }: { searchParams: Search }) {
	const [{ questions }, t, format, { asked: wish }] = await Promise.all([
		opened(),
		words("board"),
		formats(),
		asked(searchParams, WEEKS_QUERY),
	]);
	const { found: digests } = await questions.digests(WEEKS, wish.before);
	const count = (name: "posted" | "matched" | "closed" | "stranded", wide = false): Column<Told> => ({
		id: name,
		number: true,
		wide,
		head: t(`weeks.head.${name}`),
		cell: ({ figures }) => format.number(figures[name]!),
	});
	const columns: Column<Told>[] = [
		{
			id: "week",
			names: true,
			head: t("weeks.head.week"),
			cell: ({ week }) => <a href={`/board/${week}`}>{t("weekOf", weekParts(week))}</a>,
		},
		count("posted"),
		count("matched", true),
		count("closed", true),
		count("stranded"),
		{
			id: "fill",
			number: true,
			head: t("weeks.head.fill"),
			cell: ({ figures }) => format.number(figures.fill_rate_bp! / 10_000, { style: "percent" }),
		},
	];
	return (
		<>
			<PageHead title={t("weeks.title")} lead={t("weeks.lead")}>
				<ButtonLink href="/">{t("weeks.this")}</ButtonLink>
			</PageHead>
			{digests.length === 0 ? (
				<Empty>{t("weeks.none")}</Empty>
			) : (
				<Section id="weeks" title={t("chart.title")}>
					<ShareChart digests={digests} />
					<Table caption={t("weeks.title")} rows={digests} rowKey={({ week }) => week} columns={columns} />
					{digests.length === WEEKS && (
						<p className="py-3 text-sm">
							<a href={`/board?before=${digests.at(-1)!.week}`} rel="next">
								{t("weeks.older")}
							</a>
						</p>
					)}
				</Section>
			)}
			<SameByApi path="/api/messages?tag=board:digest" />
		</>
	);
}
