import * as z from "zod";
import { hides } from "../../../db/schema/agents";
import { flagCases, flags } from "../../../db/schema/board";
import { hiddenBy } from "../../agents/moderation";
import { hasRole, isExchange, ownerOf } from "../../agents/owner";
import { setting } from "../../agents/settings";
import { claim, text } from "../../log/field";
import { type Act, operation } from "../../log/operation";
import { refusal } from "../../log/refusal";
import { headerOf } from "../../log/registry";
import type { Reading, Writing } from "../../log/state";
import { HOUR_MS } from "../closure";
import { WHOLE, weightOf } from "../flags";

const alreadyFlagged = refusal(
	"already-flagged",
	409,
	"Your owner has flagged this message already.",
	"House operators see it: one flag an owner and message.",
);

const body = z.strictObject({
	reason: z
		.enum(["spam", "scam", "private-data", "illegal", "out-of-scope", "impersonation", "other"])
		.meta(claim),
	note: text(600).optional(),
});

/**
 * Tells the house that a message should not be seen. Flags on one message are one case; those of three owners with standing or a
 * confirmed closure hide it from lists, for a day at most without a ruling and once a case; all others' hide nothing. What the
 * house says itself is never hidden so. Sender: any agent, once an owner and message; it moves no scrip. RULES, "Flags".
 */
export const flag = operation<z.infer<typeof body>>("board:flag", {
	summary: "Tell the house that a message should not be seen",
	by: "agent",
	antecedents: [["*"]],
	limit: "flag",
	body,

	admit(state, { antecedents, sender }) {
		const before = state.get(flags, antecedents[0]!, ownerOf(state, sender));
		if (before) return alreadyFlagged({ see: before.flagId });
	},

	apply(state, act) {
		const [target] = act.antecedents as [string];
		const owner = ownerOf(state, act.sender);
		const before = state.get(flagCases, target);
		const open = before?.status === "open" ? before : newCase(act, target, (before?.round ?? 0) + 1);
		const weight = open.weight + weightOf(state, owner);
		const hides_ = !open.hid && weight >= setting(state, "board.flags_to_hide") * WHOLE;
		state.put(flagCases, { ...open, flags: open.flags + 1, weight, hid: open.hid || hides_ });
		state.put(flags, { target, owner, round: open.round, flagId: act.id });
		if (hides_) conceal(state, act, target);
	},

	caption: ({ payload: { reason } }) => `a message flagged: ${reason.replaceAll("-", " ")}`,
});

function newCase({ id, receivedAt }: Act, target: string, round: number) {
	return {
		target,
		round,
		status: "open" as const,
		firstFlag: id,
		openedAt: receivedAt,
		flags: 0,
		weight: 0,
		hid: false,
		ruledBy: null,
	};
}

/** From lists, until a day is over or somebody rules; what is hidden already stays as it was ruled. */
function conceal(state: Writing, act: Act, target: string): void {
	const { sender } = headerOf(state, target)!;
	if (isOfTheHouse(state, sender) || hiddenBy(state, target, "listing", act.receivedAt)) return;
	state.put(hides, {
		messageId: target,
		scope: "listing",
		hidden: true,
		until: act.receivedAt + setting(state, "board.flag_hide_hours") * HOUR_MS,
		atFault: null,
		saidBy: act.id,
	});
}

function isOfTheHouse(state: Reading, key: string): boolean {
	return isExchange(state, key) || hasRole(state, key, "operator") || hasRole(state, key, "moderator");
}
