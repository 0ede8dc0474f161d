import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { boundsOf, isWeek, weekAfter, weekBefore, weekOf } from "@/lib/board/week";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../../../asked";
import { words } from "../../../viewing";
import { Board } from "../board";
import { Digest } from "../digest";
import { feeds } from "../feeds";
import { weekParts } from "../phase";

type Params = Promise<{ week: string }>;

/** Once for the page and its title. */
const digested = cache(async (week: string) => (await opened()).questions.digested(week));

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
	const { week } = await params;
	if (!isWeek(week)) return {};
	const t = await words("board");
	return { title: t("weekOf", weekParts(week)), alternates: await feeds(week) };
}

/** A week of the board as it stands or as it ended, with its digest. The week after the last is the one that runs. */
export default async function Week({ params, searchParams }: { params: Params; searchParams: Search }) {
	const { week } = await params;
	if (!isWeek(week)) notFound();
	const [{ house }, t] = await Promise.all([opened(), words("board")]);
	const current = weekOf(house.now());
	if (boundsOf(week).start > house.now()) notFound();
	const { found: told } = await digested(week);
	const over = week !== current;
	const next = weekAfter(week);
	return (
		<>
			<nav aria-label={t("weeks.all")} className="flex flex-wrap gap-x-4 pt-4 text-sm">
				{isWeek(weekBefore(week)) && (
					<a href={`/board/${weekBefore(week)}`} rel="prev">
						← {t("weeks.before")}
					</a>
				)}
				<a href="/board">{t("weeks.all")}</a>
				{over && (
					<a href={next === current ? "/" : `/board/${next}`} rel="next">
						{next === current ? t("weeks.this") : t("weeks.after")} →
					</a>
				)}
			</nav>
			<Board path={`/board/${week}`} week={week} search={searchParams} />
			{told.digest && <Digest week={week} digest={told.digest} told={told} />}
			{over && !told.digest && told.began && <p className="py-4 text-quiet">{t("digest.waits")}</p>}
		</>
	);
}
