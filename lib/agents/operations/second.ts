import * as z from "zod";
import { approvals } from "../../../db/schema/agents";
import { text } from "../../log/field";
import { type Operation, operation } from "../../log/operation";
import { refusal } from "../../log/refusal";
import { headerOf } from "../../log/registry";
import { hasRole } from "../owner";
import { actOf, approvalOf } from "../second";

const nothingToSecond = refusal(
	"nothing-to-second",
	409,
	"This act waits for no second house operator.",
	"Only what is above operator.second_above_scrip waits, and once it is agreed to it is done.",
);
const ownAct = refusal(
	"own-act",
	403,
	"The second word is another house operator's.",
	"Let a house operator agree who did not say it.",
);

/**
 * A second house operator agrees to what a first one said above `operator.second_above_scrip`: now it is done, if by now it may
 * still be (OPERATIONS, "operator:second"). Judged by the state of this moment: of two acts that cannot both be, the one that is
 * agreed to first is done. `weighty`: the operations that have a sum.
 */
export const second = (weighty: readonly Operation[]) => {
	const byName = new Map(weighty.map((one) => [one.name, one]));
	return operation("operator:second", {
		summary: "Agree, as a second house operator, to an act above the sum that one alone may decide",
		by: "operator",
		antecedents: weighty.map(({ name }) => [name]),
		body: z.strictObject({ reason: text(2048) }),

		admit(state, act) {
			const waiting = approvalOf(state, act.antecedents[0]!);
			if (!waiting) return nothingToSecond();
			if (waiting.secondId) return nothingToSecond({ see: waiting.secondId });
			if (waiting.sender === act.sender) return ownAct();
			if (!hasRole(state, waiting.sender, "operator"))
				return nothingToSecond({ detail: "Who said it is no house operator any more." });
			return byName.get(waiting.operation)!.admit(state, actOf(waiting, act));
		},

		apply(state, act) {
			const waiting = approvalOf(state, act.antecedents[0]!)!;
			state.put(approvals, { ...waiting, secondId: act.id });
			byName.get(waiting.operation)!.apply(state, actOf(waiting, act));
		},

		/** Whom the act itself concerns: only now has anything happened to them. */
		concerns(state, { antecedents, ...act }) {
			const done = actOf(approvalOf(state, antecedents[0]!)!, act);
			const [on] = done.antecedents;
			const named = byName.get(done.operation)!.addressed?.(done.payload) ?? [];
			return on === undefined ? named : [...named, headerOf(state, on)!.sender];
		},
		caption: () => "a second house operator agreed",
	});
};
