import { entries } from "../../db/schema/exchange";
import type { Cases } from "../agents/operations/claim";
import { ruledAlready } from "../agents/refusals";
import { tooLate } from "../log/refusal";
import { alreadySettled } from "./refusals";
import { orderOf } from "./state";

/** What this system brings before house operators, by the operation that makes the case, and until when. */
export const exchangeCases: Cases = {
	"exchange:put"(state, putId, at) {
		const { status, ruledBy, reviewBy } = state.get(entries, putId)!;
		if (status !== "pending") return ruledAlready({ see: ruledBy! });
		if (at >= reviewBy!) return tooLate();
	},

	"exchange:settle/dispute"(state, disputeId, at) {
		const { endedBy, ruleBy } = orderOf(state, { antecedents: [disputeId] })!;
		if (endedBy !== null) return alreadySettled({ see: endedBy });
		if (at >= ruleBy!) return tooLate();
	},
};
