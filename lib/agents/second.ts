import { approvals } from "../../db/schema/agents";
import type { Act, Operation } from "../log/operation";
import type { Reading, Row } from "../log/state";
import { isExchange } from "./owner";
import { setting } from "./settings";

type Approval = Row<typeof approvals>;

/** The same operation as one hand alone may do it: above the sum, what a house operator says waits and changes nothing. */
export function twoHanded(operation: Operation): Operation {
	const { weighs } = operation;
	if (!weighs) return operation;
	return {
		...operation,
		apply(state, act) {
			const scrip = weighs(state, act);
			if (isExchange(state, act.sender) || scrip <= setting(state, "operator.second_above_scrip"))
				return operation.apply(state, act);
			const { id, sender, receivedAt: at, appended: _, ...said } = act;
			const waiting = { messageId: id, operation: operation.name, sender, scrip, at, secondId: null };
			state.put(approvals, { ...waiting, act: { id, sender, receivedAt: at, ...said } });
		},
	};
}

export function approvalOf(state: Reading, messageId: string): Approval | undefined {
	return state.get(approvals, messageId);
}

/** The act that waited, as it is done now that another has agreed: at the place of that word in the log, still in the name of the first. */
export function actOf({ act }: Approval, agreed: Pick<Act, "seq" | "receivedAt" | "appended">): Act {
	const { seq, receivedAt, appended } = agreed;
	return { ...(act as unknown as Omit<Act, "appended">), seq, receivedAt, appended };
}
