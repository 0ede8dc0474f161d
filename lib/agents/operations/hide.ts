import * as z from "zod";
import { hides } from "../../../db/schema/agents";
import { instant, text } from "../../log/field";
import type { Act } from "../../log/operation";
import { operation } from "../../log/operation";
import type { Writing } from "../../log/state";
import { hiddenBy } from "../moderation";
import { alreadyHidden, untilPast } from "../refusals";

/** What hide and restore say (OPERATIONS, "Operators"). */
export const visibility = () =>
	z.strictObject({
		scope: z.enum(["listing", "payload"]),
		at_fault: z.boolean(),
		until: instant().optional(),
		reason: text(2048),
	});
export type Visibility = z.infer<ReturnType<typeof visibility>>;

/**
 * Takes a message out of every list, or its words out of every answer; the log keeps it. `at_fault`: its author is to blame, so
 * that a post hidden keeps its slot used up (RULES, "Slot"). Until `until`, or until it is restored. Sender: a house operator or a
 * moderator; it moves no scrip. Races restore: the later word holds.
 */
export const hide = operation<Visibility>("operator:hide", {
	summary: "Hide a message: from lists, or its words altogether",
	by: ["operator", "moderator"],
	antecedents: [["*"]],
	body: visibility(),

	admit(state, { payload, antecedents, receivedAt }) {
		const until = untilOf(payload);
		if (until !== null && until <= receivedAt) return untilPast({ field: "/payload/until" });
		const before = hiddenBy(state, antecedents[0]!, payload.scope, receivedAt);
		if (before && before.until === until && before.atFault === payload.at_fault)
			return alreadyHidden({ see: before.saidBy });
	},

	apply(state, act) {
		shows(state, act, { hidden: true });
	},

	caption: ({ payload: { scope } }) =>
		scope === "listing" ? "a message hidden from lists" : "a message's words hidden",
});

/** From now on the message is hidden, or shown: the newest word on each scope is the one that holds. */
export function shows(
	state: Writing,
	{ id, payload, antecedents }: Act<Visibility>,
	{ hidden }: { hidden: boolean },
): void {
	state.put(hides, {
		messageId: antecedents[0]!,
		scope: payload.scope,
		hidden,
		until: untilOf(payload),
		atFault: payload.at_fault,
		saidBy: id,
	});
}

export function untilOf({ until }: Pick<Visibility, "until">): number | null {
	return until === undefined ? null : Date.parse(until);
}
