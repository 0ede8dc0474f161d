import * as z from "zod";
import { text } from "../../log/field";
import type { Act } from "../../log/operation";
import { operation } from "../../log/operation";
import { notYours, type Refusal, tooLate } from "../../log/refusal";
import type { Reading } from "../../log/state";
import { did, end, prove } from "../closure";
import { agreementOver, ownClose } from "../refusals";
import { agreementOf, isParty, parties } from "../state";

/**
 * The other party says that it went as it was closed. Sender: the party that did not close, within its time; it moves no scrip,
 * and both have a confirmed closure from now on. Races contest and the exchange's lapse: the first one stands.
 */
export const confirm = operation("board:confirm", {
	summary: "Confirm how the other party closed",
	by: "party",
	antecedents: [["board:close"]],
	body: z.strictObject({ note: text(1000).optional() }),

	admit: answerRefusal,

	apply(state, act) {
		const agreement = agreementOf(state, act);
		prove(state, agreement, agreement.author);
		prove(state, agreement, agreement.responder);
		end(state, act, did(state, agreement, act.sender, "confirmed"), "confirmed");
	},

	concerns: parties,
	caption: () => "a closure confirmed",
});

/** Why this act cannot answer the close. */
export function answerRefusal(
	state: Reading,
	act: Pick<Act, "antecedents" | "sender" | "receivedAt">,
): Refusal | undefined {
	const agreement = agreementOf(state, act);
	if (!isParty(agreement, act.sender))
		return notYours({ detail: "Only the other of the two that agreed can answer a close." });
	if (agreement.closedBy === act.sender) return ownClose();
	const decided = agreement.endedBy ?? agreement.contestId;
	if (decided) return agreementOver({ see: decided });
	if (act.receivedAt >= agreement.confirmBy!) return tooLate();
}
