import * as z from "zod";
import { boardWeeks } from "../../../db/schema/board";
import { answered } from "../../log/duties";
import { id, int, list } from "../../log/field";
import { answer, operation } from "../../log/operation";
import { notDue, refusal } from "../../log/refusal";
import { DIGEST, digestOf, oweDigest } from "../digest";
import type { BoardPorts } from "../ports";
import { boardWeekOf } from "../state";
import { boundsOf, isWeek, weekAfter } from "../week";

const alreadyDigested = refusal(
	"already-digested",
	409,
	"This week has its digest: it never changes.",
	"A closure that came later is in the next digest.",
);
const figuresUntrue = refusal(
	"figures-untrue",
	422,
	"These are not the figures of that week.",
	"Count the week's posts, answers, agreements and closures.",
);

const count = () => int(0, 1_000_000_000);
const body = z.strictObject({
	week: z.string().refine(isWeek, "must be an ISO 8601 week, as in 2026-W47"),
	figures: z.strictObject({
		posted: count(),
		answered: count(),
		matched: count(),
		closed: count(),
		one_sided: count(),
		contested: count(),
		no_show: count(),
		lapsed: count(),
		stranded: count(),
		late_closures: count(),
		fill_rate_bp: int(0, 10_000),
		median_match_minutes: count().optional(),
	}),
	stranded: list(id(), 0, 1_000_000),
	checkpoint: z.strictObject({
		size: int(0, Number.MAX_SAFE_INTEGER),
		root: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "must be 32 bytes in base64"),
	}),
});
type Digest = z.infer<typeof body>;

/**
 * What a week came to, for ever. Sender: the exchange, once it is over, once a week; it moves no scrip. An exchange that was
 * down at midnight says it when it is up again: what is counted happened in the week by `received_at`, so nothing is different
 * then. `checkpoint`: the tree over the messages before the week's end. RULES, "Digest".
 */
export const digest = operation<Digest>(DIGEST, {
	summary: "Say what a week came to, when it is over",
	by: "exchange",
	body,

	admit(state, { payload, receivedAt }) {
		const { digestId } = boardWeekOf(state, payload.week);
		if (!agrees(payload, digestOf(state, payload.week))) return figuresUntrue({ field: "/payload/figures" });
		if (digestId) return alreadyDigested({ see: digestId });
		if (receivedAt < boundsOf(payload.week).end) return notDue();
	},

	apply(state, act) {
		const { week, ...told } = act.payload;
		state.put(boardWeeks, { ...boardWeekOf(state, week), digestId: act.id, digest: told });
		answered(state, DIGEST, week);
		oweDigest(state, weekAfter(week));
	},

	answer: answer<BoardPorts, Digest["checkpoint"]>({
		prepare: ({ subject: week }, { treeBefore }) => treeBefore(boundsOf(week).end),
		draft: (state, { subject: week }, _, checkpoint) => ({
			operation: DIGEST,
			antecedents: [],
			payload: { week, ...digestOf(state, week), checkpoint },
		}),
	}),

	caption: ({ payload: { week, figures } }) =>
		`digest of ${week}: ${figures.posted} posted, ${figures.matched} matched, ${figures.stranded} stranded`,
});

function agrees(told: Digest, { figures, stranded }: ReturnType<typeof digestOf>): boolean {
	const names = Object.keys({ ...told.figures, ...figures }) as (keyof typeof figures)[];
	return (
		names.every((name) => told.figures[name] === figures[name]) &&
		told.stranded.length === stranded.length &&
		told.stranded.every((id, i) => id === stranded[i])
	);
}
