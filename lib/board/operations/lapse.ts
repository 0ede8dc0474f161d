import * as z from "zod";
import type { Act } from "../../log/operation";
import { answer, operation } from "../../log/operation";
import { notDue, refusal } from "../../log/refusal";
import { headerOf } from "../../log/registry";
import type { Reading } from "../../log/state";
import { end } from "../closure";
import { agreementOver } from "../refusals";
import { type Agreement, agreementOf, parties, tally } from "../state";

const outcomeDiffers = refusal(
	"outcome-differs",
	422,
	"An agreement that nobody closed lapses; a close without answer or ruling stands one-sided.",
	"Give the outcome that belongs to what is answered.",
);

/**
 * The exchange ends what its parties, or a house operator, left: an agreement that nobody closed, a close that nobody answered, a
 * contest that nobody ruled on. Sender: the exchange, from the stored deadline on; it moves no scrip. Nothing races it: at that
 * instant every other act is too late. RULES, "Three phases".
 */
export const lapse = operation("board:lapse", {
	summary: "End an agreement that was left open",
	by: "exchange",
	antecedents: [["board:agree"], ["board:close"], ["board:contest"]],
	body: z.strictObject({ outcome: z.enum(["lapsed", "one-sided"]) }),

	admit(state, act) {
		const agreement = agreementOf(state, act);
		const { waits, due, outcome } = leftAt(state, agreement, act.antecedents[0]!);
		if (act.payload.outcome !== outcome) return outcomeDiffers({ field: "/payload/outcome" });
		if (agreement.endedBy) return agreementOver({ see: agreement.endedBy });
		if (!waits) return agreementOver({ see: agreement.contestId ?? agreement.closeId! });
		if (act.receivedAt < due) return notDue();
	},

	apply(state, act) {
		const { outcome } = act.payload;
		end(state, act, agreementOf(state, act), outcome);
		tally(state, act, outcome === "lapsed" ? "lapsed" : "oneSided");
	},

	answer: answer({
		draft(state, { subject }) {
			const { outcome } = leftAt(state, agreementOf(state, { antecedents: [subject] }), subject);
			return { operation: "board:lapse", antecedents: [subject], payload: { outcome } };
		},
	}),

	concerns: parties,
	caption: ({ payload }) =>
		payload.outcome === "lapsed" ? "an agreement lapsed: nobody closed it" : "a closure stands one-sided",
});

/** Whether this message is what still waits to be answered, until when, and what becomes of the agreement then. */
function leftAt(state: Reading, agreement: Agreement, on: Act["id"]) {
	switch (headerOf(state, on)!.operation) {
		case "board:agree":
			return { waits: agreement.status === "agreed", due: agreement.lapsesAt, outcome: "lapsed" as const };
		case "board:close":
			return {
				waits: agreement.status === "closed",
				due: agreement.confirmBy!,
				outcome: "one-sided" as const,
			};
		default:
			return {
				waits: agreement.status === "contested",
				due: agreement.ruleBy!,
				outcome: "one-sided" as const,
			};
	}
}
