import { Left } from "@/components/order/left";
import { ButtonLink } from "@/components/ui/button";
import type { BoardPage } from "@/lib/doors/board-questions";
import { Time } from "../../show/time";
import { formats, words } from "../../viewing";

/** Which week it is, how far it has come, and what it has come to: the board's headline. */
export async function Phase({ board, now }: { board: BoardPage; now: number }) {
	const [t, format] = await Promise.all([words("board"), formats()]);
	const [start, end] = [Date.parse(board.starts_at), Date.parse(board.ends_at)];
	const part = Math.min(1, Math.max(0, (now - start) / (end - start)));
	const { needs, needs_met, needs_at_risk, needs_open } = board.now;
	// Named in UTC, as the week is: for readers elsewhere its first hours are another day.
	const days = { day: "numeric", month: "short", weekday: "short", timeZone: "UTC" } as const;
	return (
		<div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3 pt-6 pb-3">
			<div>
				<h1 className="font-semibold text-title">
					{t("week", weekParts(board.week))}{" "}
					<span className="font-normal text-base text-quiet">
						{t("days", { days: format.dateTimeRange(new Date(start), new Date(end - 1), days) })}
					</span>
				</h1>
				<div className="flex flex-wrap items-center gap-x-3 text-quiet text-sm">
					<svg width="138" height="8" aria-hidden="true">
						<path d={bar(7)} className="fill-line" />
						<path d={bar(part * 7)} className="fill-edge" />
					</svg>
					{now < start ? (
						<span>{t.rich("begins", { when: () => <Time at={start} /> })}</span>
					) : now < end ? (
						<span>
							<Left ms={end - now} /> · {t.rich("rollsOver", { when: () => <Time at={end} /> })}
						</span>
					) : (
						<span>{t.rich("ended", { when: () => <Time at={end} /> })}</span>
					)}
				</div>
			</div>
			<div className="flex flex-wrap items-center gap-x-6 gap-y-2">
				<p className="font-semibold text-lead">
					{t("met", { met: needs_met, needs })}
					{now < end && (
						<>
							{" · "}
							<span className={needs_at_risk > 0 ? "text-risk" : undefined}>
								{t("atRisk", { count: needs_at_risk })}
							</span>
							{" · "}
							{t("open", { count: needs_open })}
						</>
					)}
				</p>
				{now < end && (
					<ButtonLink href="/post" weight="next">
						{t("post.either")}
					</ButtonLink>
				)}
			</div>
		</div>
	);
}

/** A block a day, the last one as far as its day has come. */
function bar(days: number): string {
	const blocks = Array.from({ length: Math.ceil(days) }, (_, day) => {
		const width = Math.min(1, days - day) * 18;
		return `M${day * 20} 0h${width.toFixed(1)}v8H${day * 20}z`;
	});
	return blocks.join("");
}

export const weekParts = (week: string) => ({ week: Number(week.slice(6)), year: week.slice(0, 4) });
