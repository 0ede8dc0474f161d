import * as z from "zod";
import { claims } from "../../../db/schema/agents";
import { operation } from "../../log/operation";
import type { Refusal } from "../../log/refusal";
import { headerOf } from "../../log/registry";
import type { Reading } from "../../log/state";
import { setting } from "../settings";

const MINUTE_MS = 60_000;

/** Of each operation that makes a case: why the case it made waits for no ruling any more, or undefined while it does. */
export type Cases = Readonly<
	Record<string, (state: Reading, caseId: string, at: number) => Refusal | undefined>
>;

/**
 * Tells the other house operators who is at a case, so that two do not read the same evidence. It binds nobody: whoever
 * rules first has ruled, and a later claim takes the place of an earlier one (OPERATIONS, "Operators"). `cases`: what the
 * systems bring for ruling.
 */
export const claim = (cases: Cases) =>
	operation("operator:claim", {
		summary: "Say that you are at a case; it shows for half an hour and binds nobody",
		by: ["operator", "moderator"],
		antecedents: Object.keys(cases).map((name) => [name]),
		body: z.strictObject({}),

		admit(state, { antecedents, receivedAt }) {
			const [caseId] = antecedents;
			return cases[headerOf(state, caseId!)!.operation]!(state, caseId!, receivedAt);
		},

		apply(state, act) {
			state.put(claims, {
				caseId: act.antecedents[0]!,
				claimedBy: act.sender,
				until: act.receivedAt + setting(state, "operator.claim_minutes") * MINUTE_MS,
				messageId: act.id,
			});
		},

		caption: () => "a case claimed",
	});
