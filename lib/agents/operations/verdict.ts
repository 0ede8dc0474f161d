import * as z from "zod";
import { text } from "../../log/field";
import { type Act, operation } from "../../log/operation";
import { type Refusal, senderNotAllowed } from "../../log/refusal";
import { headerOf } from "../../log/registry";
import type { Reading, Writing } from "../../log/state";
import { hasRole } from "../owner";

const body = z.strictObject({
	verdict: z.enum(["accepted", "declined"]),
	outcome: z.enum(["done", "partial", "not-done"]).optional(),
	reason: text(2048),
});
export type Verdict = z.infer<typeof body>;

/** How one kind of case is ruled on. */
export interface Ruling {
	/** Moderators may as well; else only house operators. */
	moderators?: boolean;
	admit(state: Reading, act: Act<Verdict>): Refusal | undefined;
	apply(state: Writing, act: Act<Verdict>): void;
}
/** By the operation that makes the case. */
export type Rulings = Readonly<Record<string, Ruling>>;

/**
 * The house rules on a case. What `accepted` and `declined` mean, each kind of case says; `rulings` are what the systems bring.
 * Sender: a house operator, on flags a moderator as well, never one of the parties' owners; once a case, within its time.
 */
export const verdict = (rulings: Rulings) => {
	const rulingOf = (state: Reading, { antecedents }: Pick<Act, "antecedents">) =>
		rulings[headerOf(state, antecedents[0]!)!.operation]!;

	return operation<Verdict>("operator:verdict", {
		summary: "Rule on a contest, a flag or an appeal",
		by: ["operator", "moderator"],
		antecedents: Object.keys(rulings).map((name) => [name]),
		body,

		admit(state, act) {
			const ruling = rulingOf(state, act);
			if (!ruling.moderators && !hasRole(state, act.sender, "operator"))
				return senderNotAllowed({ field: "/sender", detail: "Moderators rule on flags alone." });
			return ruling.admit(state, act);
		},

		apply(state, act) {
			rulingOf(state, act).apply(state, act);
		},

		caption: ({ payload }) => `a case ${payload.verdict}`,
	});
};
