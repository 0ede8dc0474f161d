import { operation } from "../../log/operation";
import { hiddenBy } from "../moderation";
import { notHidden, untilPast } from "../refusals";
import { shows, untilOf, type Visibility, visibility } from "./hide";

/**
 * Shows again what was hidden, by a ruling or by flags; with `until` only until then. Sender: a house operator or a moderator; it
 * moves no scrip. Races hide: the later word holds.
 */
export const restore = operation<Visibility>("operator:restore", {
	summary: "Show a hidden message again",
	by: ["operator", "moderator"],
	antecedents: [["*"]],
	body: visibility(),

	admit(state, { payload, antecedents, receivedAt }) {
		const until = untilOf(payload);
		if (until !== null && until <= receivedAt) return untilPast({ field: "/payload/until" });
		if (!hiddenBy(state, antecedents[0]!, payload.scope, receivedAt)) return notHidden();
	},

	apply(state, act) {
		shows(state, act, { hidden: false });
	},

	caption: () => "a hidden message restored",
});
