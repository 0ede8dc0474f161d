import { appeals, flagCases } from "../../db/schema/board";
import type { Cases } from "../agents/operations/claim";
import { ruledAlready } from "../agents/refusals";
import { tooLate } from "../log/refusal";
import { headerOf } from "../log/registry";
import { agreementOver } from "./refusals";
import { agreementOf } from "./state";

/** What this system brings before house operators, by the operation that makes the case, and until when. */
export const boardCases: Cases = {
	"board:contest"(state, contestId, at) {
		const { endedBy, ruleBy } = agreementOf(state, { antecedents: [contestId] });
		if (endedBy) return agreementOver({ see: endedBy });
		if (at >= ruleBy!) return tooLate();
	},

	"board:flag"(state, flagId) {
		const { ruledBy } = state.get(flagCases, headerOf(state, flagId)!.antecedent!)!;
		if (ruledBy) return ruledAlready({ see: ruledBy });
	},

	"board:appeal"(state, appealId) {
		const { ruledBy } = state.get(appeals, headerOf(state, appealId)!.antecedent!)!;
		if (ruledBy) return ruledAlready({ see: ruledBy });
	},
};
