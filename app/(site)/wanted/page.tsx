import type { Metadata } from "next";
import Form from "next/form";
import { Live } from "@/components/frame/live";
import { Button, ButtonLink } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { visibleLine } from "@/components/ui/visible";
import { WANTED_QUERY } from "@/lib/doors/exchange-views";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import { contentTypes } from "@/lib/log/field";
import { asked, type Search } from "../../asked";
import { Claim } from "../../show/claim";
import { Money } from "../../show/money";
import { Pager } from "../../show/pager";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** Of a long task a link carries the beginning: an address that does not fit into a request leads nowhere. */
const MOST_IN_A_LINK = 400;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("wanted"))("title") };
}

/** Open demand: what was asked for and not found. */
export default async function Wanted({ searchParams }: { searchParams: Search }) {
	const [{ questions }, t, common, filters, { asked: wish, given, wrong }] = await Promise.all([
		opened(),
		words("wanted"),
		words("common"),
		words("exchange"),
		asked(searchParams, WANTED_QUERY),
	]);
	const { seq, found } = await questions.wanted(wish);
	const { cursor, ...kept } = given;
	const narrowed = Object.keys(kept).length > 0;
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")}>
				<ButtonLink href="/buy">{t("ask")}</ButtonLink>
			</PageHead>
			<Form
				action="/wanted"
				key={JSON.stringify(kept)}
				className="grid grid-cols-2 items-end gap-3 sm:max-w-text sm:grid-cols-3"
			>
				<Select
					name="type"
					label={filters("filters.type")}
					defaultValue={given.type ?? ""}
					options={[
						{ value: "", label: filters("filters.any") },
						...contentTypes.map((value) => ({ value, label: common(`types.${value}`) })),
					]}
				/>
				<TextField
					name="domain"
					label={filters("filters.domain")}
					defaultValue={given.domain ?? ""}
					error={wrong.domain && filters("wrong", { detail: wrong.domain })}
				/>
				<div className="flex items-center gap-3">
					<Button type="submit">{filters("filters.apply")}</Button>
					{narrowed && <a href="/wanted">{filters("filters.clear")}</a>}
				</div>
			</Form>
			<Section id="all" title={t("all")} aside={<Live query="tag=exchange:match" after={seq} />}>
				{found.items.length === 0 ? (
					<Empty next={!narrowed && <ButtonLink href="/buy">{t("ask")}</ButtonLink>}>
						{narrowed ? t("noneWith") : t("none")}
					</Empty>
				) : (
					<Table
						caption={t("title")}
						rows={found.items}
						rowKey={({ key }) => key}
						folds
						columns={[
							{
								id: "task",
								names: true,
								head: t("head.task"),
								cell: ({ task, last_buy_id, content_type, misses }) => (
									<>
										<a href={`/orders/${last_buy_id}`} className="headline">
											<Claim by={common("claimAsker")}>{task}</Claim>
										</a>
										<small>
											{content_type === null ? "" : `${common(`types.${content_type as "code"}`)} · `}
											{t("asked", { misses })}
										</small>
									</>
								),
							},
							{
								id: "budget",
								number: true,
								head: t("head.budget"),
								cell: ({ budget }) => <Money scrip={budget} />,
							},
							{
								id: "askers",
								number: true,
								wide: true,
								head: t("head.askers"),
								cell: ({ askers, askers_with_standing }) => (
									<>
										{askers}
										<small>{t("standing", { count: askers_with_standing })}</small>
									</>
								),
							},
							{
								id: "last",
								number: true,
								wide: true,
								head: t("head.last"),
								cell: ({ last_at }) => <Time at={last_at} />,
							},
							{
								id: "next",
								number: true,
								head: <span className="sr-only">{t("head.next")}</span>,
								cell: ({ task, content_type, domains, budget }) => (
									<>
										<a
											href={`/sell?${new URLSearchParams({
												description: task.slice(0, MOST_IN_A_LINK),
												...(content_type === null ? {} : { type: content_type }),
												...(domains.length === 0 ? {} : { domains: domains.join(",") }),
											})}`}
											aria-label={t("answerThat", { what: visibleLine(task) })}
											className="text-accent"
										>
											{t("answer")}
										</a>
										<small>
											<a
												href={`/post?${new URLSearchParams({ kind: "need", other: task.slice(0, MOST_IN_A_LINK), cap: `${budget}` })}`}
												aria-label={t("needThat", { what: visibleLine(task) })}
											>
												{t("need")}
											</a>
										</small>
									</>
								),
							},
						]}
					/>
				)}
				<Pager
					path="/wanted"
					query={kept}
					next={found.next === undefined ? undefined : cursorAt(found.next)}
					first={cursor === undefined}
				/>
			</Section>
			<SameByApi path="/api/wanted" />
		</>
	);
}
