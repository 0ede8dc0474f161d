import * as z from "zod";
import { agreements } from "../../../db/schema/board";
import { setting } from "../../agents/settings";
import { text } from "../../log/field";
import { operation } from "../../log/operation";
import { DAY_MS, did, oweLapse } from "../closure";
import { agreementOf, parties, tally } from "../state";
import { answerRefusal } from "./confirm";

/**
 * The other party says that it went otherwise: a house operator rules, with the success condition before it. Sender: the party
 * that did not close, within its time; it moves no scrip. Races confirm and the exchange's lapse: the first one stands. RULES,
 * "Three phases": unruled for 7 days it becomes one-sided.
 */
export const contest = operation("board:contest", {
	summary: "Contest how the other party closed; a house operator rules",
	by: "party",
	antecedents: [["board:close"]],
	body: z.strictObject({ reason: text(2048) }),

	admit: answerRefusal,

	apply(state, act) {
		const agreement = agreementOf(state, act);
		const ruleBy = act.receivedAt + setting(state, "board.contest_days") * DAY_MS;
		state.put(agreements, {
			...did(state, agreement, act.sender, "contested"),
			status: "contested",
			contestId: act.id,
			ruleBy,
		});
		oweLapse(state, act, agreement.closeId!, ruleBy);
		tally(state, act, "contested");
	},

	concerns: parties,
	caption: () => "a closure contested",
});
