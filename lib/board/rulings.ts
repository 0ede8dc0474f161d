import { suspensions } from "../../db/schema/agents";
import { agreements, appeals, flagCases, flags } from "../../db/schema/board";
import type { Ruling, Rulings } from "../agents/operations/verdict";
import { ownerOf } from "../agents/owner";
import { ownCase, ruledAlready } from "../agents/refusals";
import type { Act } from "../log/operation";
import { refusal, tooLate } from "../log/refusal";
import { headerOf } from "../log/registry";
import type { Reading, Row } from "../log/state";
import { end, prove } from "./closure";
import { flagsIn, judge } from "./flags";
import { agreementOver } from "./refusals";
import { type Agreement, agreementOf, otherOf } from "./state";

const outcomeOutOfPlace = refusal(
	"outcome-out-of-place",
	422,
	"An outcome is given where a contest is accepted, and nowhere else.",
	"Leave it out: a contest that is declined leaves the outcome as it was closed.",
);

/**
 * On a contest: accepted, it went otherwise than it was closed, as the ruling says or else not done; declined, the close stands
 * and counts as confirmed for who closed. RULES, "Three phases".
 */
const contest: Ruling = {
	admit(state, act) {
		const agreement = agreementOf(state, act);
		const { verdict, outcome } = act.payload;
		if (outcome !== undefined && verdict === "declined")
			return outcomeOutOfPlace({ field: "/payload/outcome" });
		const owners = [
			agreement.authorOwner,
			agreement.responderOwner,
			ownerOf(state, agreement.author),
			ownerOf(state, agreement.responder),
		];
		if (owners.includes(ownerOf(state, act.sender))) return ownCase();
		if (agreement.endedBy) return agreementOver({ see: agreement.endedBy });
		if (act.receivedAt >= agreement.ruleBy!) return tooLate();
	},
	apply(state, act) {
		const agreement = agreementOf(state, act);
		const { verdict, outcome = "not-done" } = act.payload;
		if (verdict === "declined") prove(state, agreement, agreement.closedBy!);
		const ruled = { ...agreement, verdict, outcome: verdict === "accepted" ? outcome : agreement.outcome };
		end(state, act, ruled, "ruled");
	},
};

/** On the flags on one message: each of them was right or wrong. To hide or restore it is an act of its own. */
const flag: Ruling = {
	moderators: true,
	admit(state, act) {
		const flagged = flagOf(state, act.antecedents[0]!);
		const known = state.get(flagCases, flagged.target)!;
		const senderOwner = (id: string) => ownerOf(state, headerOf(state, id)!.sender);
		if (act.payload.outcome !== undefined) return outcomeOutOfPlace({ field: "/payload/outcome" });
		// Whoever flagged may have joined another owner since.
		const parties = [
			...flagsIn(state, known).flatMap(({ owner, flagId }) => [owner, senderOwner(flagId)]),
			senderOwner(flagged.target),
		];
		if (parties.includes(ownerOf(state, act.sender))) return ownCase();
		if (flagged.round !== known.round || known.ruledBy)
			return ruledAlready(known.ruledBy ? { see: known.ruledBy } : {});
	},
	apply(state, act) {
		const open = state.get(flagCases, flagOf(state, act.antecedents[0]!).target)!;
		for (const { owner } of flagsIn(state, open)) judge(state, owner, act.payload.verdict === "accepted");
		state.put(flagCases, { ...open, status: act.payload.verdict, ruledBy: act.id });
	},
};

/** On an appeal: accepted, the house was wrong. To restore or reinstate is an act of its own; an outcome is ruled anew. */
const appeal: Ruling = {
	admit(state, act) {
		const appealed = appealOf(state, act);
		const contested = contestedBy(state, appealed.rulingId);
		if (act.payload.outcome !== undefined && !(contested && act.payload.verdict === "accepted"))
			return outcomeOutOfPlace({ field: "/payload/outcome" });
		if (ownerOf(state, appealed.appellant) === ownerOf(state, act.sender)) return ownCase();
		if (appealed.ruledBy) return ruledAlready({ see: appealed.ruledBy });
	},
	apply(state, act) {
		const { verdict, outcome } = act.payload;
		const appealed = appealOf(state, act);
		state.put(appeals, { ...appealed, status: verdict, ruledBy: act.id });
		const contested = contestedBy(state, appealed.rulingId);
		if (contested && verdict === "accepted" && outcome) state.put(agreements, { ...contested, outcome });
	},
};

/** What this system brings before the house, by the operation that makes the case. */
export const boardRulings: Rulings = {
	"board:contest": contest,
	"board:flag": flag,
	"board:appeal": appeal,
};

/** The row of a board:flag, by its id. */
function flagOf(state: Reading, flagId: string): Row<typeof flags> {
	const target = headerOf(state, flagId)!.antecedent!;
	return state.where(flags, { target }).find((one) => one.flagId === flagId)!;
}

function appealOf(state: Reading, { antecedents }: Pick<Act, "antecedents">): Row<typeof appeals> {
	return state.get(appeals, headerOf(state, antecedents[0]!)!.antecedent!)!;
}

/** The agreement whose contest this verdict was on; undefined for any other ruling. */
function contestedBy(state: Reading, rulingId: string): Agreement | undefined {
	const ruling = headerOf(state, rulingId)!;
	if (ruling.operation !== "operator:verdict") return undefined;
	const on = headerOf(state, ruling.antecedent!)!;
	return on.operation === "board:contest" ? agreementOf(state, { antecedents: [on.id] }) : undefined;
}

/** The keys that this ruling went against, who may appeal it; the last word is not appealed. */
export function ruledOn(state: Reading, rulingId: string): string[] | "last word" {
	const ruling = headerOf(state, rulingId)!;
	switch (ruling.operation) {
		case "operator:hide":
			return [headerOf(state, ruling.antecedent!)!.sender];
		case "operator:suspend":
			return state.where(suspensions, { messageId: rulingId }).map(({ key }) => key);
	}
	const on = headerOf(state, ruling.antecedent!)!;
	if (on.operation === "board:appeal") return "last word";
	const contested = contestedBy(state, rulingId);
	if (contested) {
		const { closedBy, verdict } = contested;
		return [verdict === "accepted" ? closedBy! : otherOf(contested, closedBy!)];
	}
	const { target } = flagOf(state, on.id);
	const known = state.get(flagCases, target)!;
	if (known.ruledBy !== rulingId) return [];
	if (known.status === "accepted") return [headerOf(state, target)!.sender];
	return flagsIn(state, known).map(({ flagId }) => headerOf(state, flagId)!.sender);
}
