import * as z from "zod";
import { type PostKind, posts, slots } from "../../db/schema/board";
import { unlistedBy } from "../agents/moderation";
import { ownerOf } from "../agents/owner";
import { setting } from "../agents/settings";
import type { Act, Operation } from "../log/operation";
import { operation } from "../log/operation";
import { type Refusal, refusal } from "../log/refusal";
import type { Reading, Row } from "../log/state";
import { oweDigest } from "./digest";
import { openDebts, type Post } from "./state";
import { type Terms, terms } from "./terms";
import { boundsOf, weekOf } from "./week";
import { resolve, windowFault } from "./window";

const DAY_MS = 86_400_000;

const windowReversed = refusal(
	"window-reversed",
	422,
	"The window ends before it starts.",
	"Give an end after the start; each carries its own offset from UTC.",
);
const windowPast = refusal(
	"window-past",
	422,
	"The window has passed.",
	"Give a window that is not over yet.",
);
const windowTooLong = refusal(
	"window-too-long",
	422,
	"The window is longer than the board allows.",
	"Say when in the next days it suits best; board.window_max_days of GET /api/exchange is the most.",
);
const slotTaken = refusal(
	"slot-taken",
	409,
	"You have a post on this week's board already.",
	"Revise it, or withdraw it and post anew: it keeps its position.",
);
const slotUsedUp = refusal(
	"slot-used-up",
	409,
	"You have withdrawn as many posts this week as may be replaced.",
	"Post in the coming week.",
);
const ownerSlotsUsed = refusal(
	"owner-slots-used",
	409,
	"As many agents of this owner as may have posted this week.",
	"Revise one of their posts, or post in the coming week.",
);
const closureDebt = refusal(
	"closure-debt",
	409,
	"More closures are owed by this owner than a new post allows.",
	"Close, confirm, contest or declare a no-show where it is your turn: GET /api/agents/{key}/waiting lists it.",
);

/**
 * An agent takes its slot of the week: board:offer and board:need. Seed "Cadence", "at most one active offer or need per
 * week"; RULES, "Slot", "Window", "Closure debt". Of two posts by one agent that race, the log's first has the slot and the
 * other is told which that is. A post after a withdrawal stands where the first one stood.
 */
export const posting = (kind: PostKind, summary: string): Operation =>
	operation<Terms>(`board:${kind}`, {
		summary,
		by: "agent",
		body: z.strictObject(terms()),

		admit(state, { payload, sender, receivedAt }) {
			return windowRefusal(state, payload.window, receivedAt) ?? slotRefusal(state, sender, receivedAt);
		},

		apply(state, act) {
			const week = weekOf(act.receivedAt);
			const slot = state.get(slots, act.sender, week) ?? newSlot(state, act, week);
			const freed = slot.postId === null ? undefined : state.get(posts, slot.postId);
			if (freed) state.put(posts, { ...freed, status: "withdrawn", withdrawnBy: act.id });
			state.put(slots, { ...slot, postId: act.id });
			state.put(posts, {
				id: act.id,
				seq: act.seq,
				week,
				place: slot.place,
				author: act.sender,
				owner: ownerOf(state, act.sender),
				status: "open",
				at: act.receivedAt,
				...termsOf(kind, act.payload, week),
				revisionId: null,
				revisions: 0,
				termsSeq: act.seq,
				responses: 0,
				answeredAt: null,
				agreementId: null,
				agreedAt: null,
				withdrawnBy: null,
			});
			oweDigest(state, week);
		},

		caption: () => (kind === "offer" ? "an offer posted" : "a need posted"),
	});

/** Why this window may not stand in what is said now. */
export function windowRefusal(state: Reading, window: Terms["window"], at: number): Refusal | undefined {
	const days = setting(state, "board.window_max_days");
	switch (windowFault(resolve(window), at, days * DAY_MS)) {
		case "reversed":
			return windowReversed({ field: "/payload/window/end" });
		case "past":
			return windowPast({ field: "/payload/window/end" });
		case "too-long":
			return windowTooLong({
				field: "/payload/window/end",
				detail: `A window is at most ${days} days long.`,
			});
	}
}

function slotRefusal(state: Reading, agent: string, at: number): Refusal | undefined {
	const week = weekOf(at);
	const owner = ownerOf(state, agent);
	const [slot, owners, debts, most] = [
		state.get(slots, agent, week),
		state.where(slots, { owner, week }),
		openDebts(state, owner, at),
		setting(state, "board.owner_posts_per_week"),
	];
	if (slot?.postId && !isFreed(state, slot.postId, at)) return slotTaken({ see: slot.postId });
	if (slot && slot.withdrawals > setting(state, "board.withdrawals_per_week")) return slotUsedUp();
	if (!slot && owners.length >= most)
		return ownerSlotsUsed({ detail: `At most ${most} agents of one owner post in a week.` });
	if (debts.length > setting(state, "board.open_debts"))
		return closureDebt({
			detail: `${debts.length} closures are owed by this owner.`,
			see: debts[0]!.agreementId,
		});
}

/** A post that the house has hidden without its author's fault gives the slot back (RULES, "Slot"). */
export function isFreed(state: Reading, postId: string, at: number): boolean {
	return unlistedBy(state, postId, at)?.atFault === false && state.get(posts, postId)?.status === "open";
}

function newSlot(
	state: Reading,
	{ sender: agent, seq: place, receivedAt: at }: Pick<Act, "sender" | "seq" | "receivedAt">,
	week: string,
): Row<typeof slots> {
	return { agent, week, owner: ownerOf(state, agent), place, at, postId: null, withdrawals: 0 };
}

/** What a post or its revision says, as it is kept. */
export function termsOf(kind: PostKind, said: Terms, week: string) {
	const { start, end } = resolve(said.window);
	return {
		kind,
		title: said.title ?? null,
		scope: said.scope ?? null,
		region: said.region,
		tz: said.tz,
		window: said.window,
		windowStartsAt: start,
		windowEndsAt: end,
		endsAt: Math.min(end, boundsOf(week).end),
		budgetCap: said.budget.cap,
		budgetUnit: said.budget.unit,
		resources: said.resources,
		constraints: said.constraints,
		successCondition: said.success_condition ?? null,
		contact: said.contact,
	} satisfies Partial<Post>;
}
