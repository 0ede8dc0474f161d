import { Left } from "@/components/order/left";
import type { BoardPage } from "@/lib/doors/board-questions";
import { Time } from "../../show/time";
import { formats, words } from "../../viewing";

const DAYS = [0, 1, 2, 3, 4, 5, 6];
const WIDTH = 140;

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
					<svg width={WIDTH} height="8" aria-hidden="true">
						{DAYS.map((day) => (
							<rect key={day} x={day * 20} width="18" height="8" className="fill-line" />
						))}
						{DAYS.map((day) => {
							const filled = Math.min(1, Math.max(0, part * 7 - day));
							return filled > 0 ? (
								<rect
									key={day}
									x={day * 20}
									width={(filled * 18).toFixed(1)}
									height="8"
									className="fill-edge"
								/>
							) : null;
						})}
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
		</div>
	);
}

export const weekParts = (week: string) => ({ week: Number(week.slice(6)), year: week.slice(0, 4) });
