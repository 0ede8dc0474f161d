import { Chart } from "@/components/ui/chart";
import type { DigestView } from "@/lib/board/read";
import { boundsOf } from "@/lib/board/week";
import { words } from "../../viewing";

export type Told = DigestView & { week: string };

/** The share of needs that were not stranded, a point a week: the board's headline figure, drawn. */
export async function ShareChart({ digests }: { digests: readonly Told[] }) {
	const t = await words("board");
	return (
		<Chart
			title={t("chart.title")}
			unit={t("chart.unit")}
			heads={[t("weeks.head.week"), t("weeks.head.fill")]}
			scale={[0, 100]}
			points={digests
				.map(({ week, figures }) => ({
					at: boundsOf(week).start,
					value: figures.fill_rate_bp! / 100,
					label: week,
				}))
				.reverse()}
			csv={
				<p className="mt-1">
					<a href="/board/weeks.csv">{t("chart.csv")}</a>
				</p>
			}
		/>
	);
}
