import * as z from "zod";
import { agreements } from "../../../db/schema/board";
import { text } from "../../log/field";
import { operation } from "../../log/operation";
import { notDue, notYours, tooLate } from "../../log/refusal";
import { did, end, release } from "../closure";
import { agreementOver, alreadyClosed, noShowDeclared } from "../refusals";
import { agreementOf, isParty, otherOf, parties, partOf, tally } from "../state";

/**
 * A party says that nobody came: one act that needs no answer and ends its own debt. Sender: either party, from the window's end
 * until a close or the lapse; it moves no scrip. Races the other's close: after that it confirms or contests instead. Declared
 * by both it is the end. RULES, "Closure debt".
 */
export const noShow = operation("board:no-show", {
	summary: "Declare that the other party did not come; your part is done by it",
	by: "party",
	antecedents: [["board:agree"]],
	body: z.strictObject({ note: text(1000).optional() }),

	admit(state, act) {
		const agreement = agreementOf(state, act);
		if (!isParty(agreement, act.sender))
			return notYours({ detail: "Only the two that agreed can say who came." });
		if (agreement.closeId) return alreadyClosed({ see: agreement.closeId });
		if (agreement.endedBy) return agreementOver({ see: agreement.endedBy });
		if (act.receivedAt >= agreement.lapsesAt) return tooLate();
		if (act.receivedAt < agreement.windowEndsAt)
			return notDue({ detail: "The window that was agreed on is not over." });
		if (partOf(agreement, act.sender) === "no-show") return noShowDeclared();
	},

	apply(state, act) {
		const before = agreementOf(state, act);
		const agreement = did(state, before, act.sender, "no-show");
		release(state, agreement, act.sender);
		if (partOf(agreement, otherOf(agreement, act.sender)) === "no-show")
			end(state, act, agreement, "no-show");
		else {
			state.put(agreements, agreement);
			tally(state, act, "noShow");
		}
	},

	concerns: parties,
	caption: () => "a no-show declared",
});
