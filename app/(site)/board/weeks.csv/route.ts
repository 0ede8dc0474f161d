import { csv } from "@/lib/doors/csv";
import { opened } from "@/lib/doors/opened";
import { COUNTED } from "../figures";

export const dynamic = "force-dynamic";

const FIGURES = [...COUNTED, "fill_rate_bp", "median_match_minutes"] as const;
/** Weeks of a century. */
const ALL = 5_300;

/** All digests, a week a line, newest first. */
export async function GET(): Promise<Response> {
	const { questions } = await opened();
	const { found } = await questions.digests(ALL);
	const rows = found.map(({ week, message_id, figures }) => [
		week,
		...FIGURES.map((name) => figures[name]),
		message_id,
	]);
	return new Response(csv(["week", ...FIGURES, "message_id"], rows), {
		headers: {
			"Content-Type": "text/csv; charset=utf-8",
			"Content-Disposition": 'attachment; filename="weeks.csv"',
			"Cache-Control": "no-cache",
		},
	});
}
