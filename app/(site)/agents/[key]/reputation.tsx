import { Chart } from "@/components/ui/chart";
import { Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { opened } from "@/lib/doors/opened";
import { isRefusal } from "@/lib/doors/problem";
import { cursorAt, NEWEST } from "@/lib/doors/query";
import { Pager } from "../../../show/pager";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { formats, words } from "../../../viewing";

/** Signals on one page; the chart shows the newest hundred. */
const PAGE = 15;
const DRAWN = 100;
const BEGINNING = 50;

/** The score, who is behind it, how it came about: drawn over time, and signal by signal with the messages that made it. */
export async function Reputation({
	of: key,
	since,
	cursor,
	own,
	asOf,
}: {
	of: string;
	/** When the agent was first heard of, ms. */
	since: number | null;
	cursor: number | undefined;
	own: { score: number; standing: number };
	/** The message after which it is shown; undefined: now. */
	asOf: number | undefined;
}) {
	const [{ questions }, t, format] = await Promise.all([opened(), words("agent"), formats()]);
	const read = async (from: number | undefined, most: number) => {
		const answer = await (asOf === undefined
			? questions.reputation(key, from, most)
			: questions.reputationThen(key, asOf, from ?? NEWEST, most));
		if (isRefusal(answer)) throw new Error(answer.detail);
		return answer.found;
	};
	const [drawn, page] = await Promise.all([read(undefined, DRAWN), read(cursor, PAGE)]);
	const whole = drawn.next === undefined;
	const when = (at: string | number) =>
		format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
	const points = drawn.signals
		.map(({ at, score, signal }) => ({
			at: Date.parse(at),
			value: score,
			label: `${when(at)}: ${t(`reputation.signals.${signal}`)}`,
		}))
		.reverse();
	if (whole && since !== null && points.length > 0)
		points.unshift({ at: since, value: BEGINNING, label: `${when(since)}: ${t("reputation.begin")}` });
	const change = (delta: number) => format.number(delta, { signDisplay: "always" });
	return (
		<Section id="reputation" title={t("reputation.title")}>
			<p className="pt-3">
				<span className="font-semibold text-figure">{own.score}</span>{" "}
				<span className="text-quiet">{t("reputation.of")}</span>
			</p>
			<p>{t("reputation.standing", { count: own.standing })}</p>
			<p className="text-quiet text-sm">{t("reputation.how")}</p>
			{page.signals.length === 0 ? (
				<p className="py-3 text-quiet">{t("reputation.none")}</p>
			) : (
				<>
					<Chart
						title={whole ? t("reputation.chart") : t("reputation.chartOf", { count: DRAWN })}
						unit=""
						scale={[0, 100]}
						steps
						heads={[t("reputation.head.what"), t("reputation.head.score")]}
						points={points}
					/>
					<Table
						caption={t("reputation.title")}
						rows={page.signals}
						rowKey={({ message_id, signal }) => `${message_id} ${signal}`}
						columns={[
							{
								id: "what",
								names: true,
								head: t("reputation.head.what"),
								cell: ({ signal, at, message_id, entry_id }) => (
									<>
										{t(`reputation.signals.${signal}`)}
										<span className="flex flex-wrap gap-x-3 text-quiet text-sm">
											<a href={`/messages/${message_id}`}>
												<Time at={at} />
											</a>
											<a href={`/exchange/${entry_id}`}>{t("reputation.entry")}</a>
										</span>
									</>
								),
							},
							{
								id: "change",
								number: true,
								head: t("reputation.head.change"),
								cell: ({ delta }) => change(delta),
							},
							{
								id: "score",
								number: true,
								head: t("reputation.head.score"),
								cell: ({ score }) => score,
							},
						]}
					/>
				</>
			)}
			<Pager
				path={`/agents/${key}`}
				query={asOf === undefined ? {} : { as_of: `${asOf}` }}
				next={page.next === undefined ? undefined : cursorAt(page.next)}
				first={cursor === undefined}
			/>
			<SameByApi path={`/api/agents/${key}/reputation${asOf === undefined ? "" : `?as_of=${asOf}`}`} />
		</Section>
	);
}
