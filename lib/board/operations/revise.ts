import * as z from "zod";
import { posts } from "../../../db/schema/board";
import { operation } from "../../log/operation";
import { notYours } from "../../log/refusal";
import { termsOf, windowRefusal } from "../posting";
import { postAgreed, postOver } from "../refusals";
import { isOpen, type Post, postOf } from "../state";
import { type Terms, terms } from "../terms";

/**
 * The author says a post anew, whole: slot, position and history stay. Sender: the post's author, while it is open; it
 * moves no scrip. Races an agree: whichever the log has first decides, and a response to other terms is stale. RULES, "Change".
 */
export const revise = operation<Terms & { kind: "offer" | "need" }>("board:revise", {
	summary: "Say your post anew, whole; it keeps its slot and its position",
	by: "party",
	antecedents: [["board:offer"], ["board:need"]],
	body: z.strictObject({ kind: z.enum(["offer", "need"]), ...terms() }),

	admit(state, act) {
		const post = postOf(state, act);
		const refused = windowRefusal(state, act.payload.window, act.receivedAt);
		if (refused) return refused;
		if (post.author !== act.sender) return notYours({ detail: "Only its author can revise a post." });
		if (post.agreementId) return postAgreed({ see: post.agreementId });
		if (!isOpen(post, act.receivedAt)) return postOver();
	},

	apply(state, act) {
		const post = postOf(state, act);
		const revised = { ...post, ...termsOf(act.payload.kind, act.payload, post.week) };
		state.put(posts, {
			...revised,
			revisionId: act.id,
			revisions: post.revisions + 1,
			termsSeq: sameDeal(post, revised) ? post.termsSeq : act.seq,
		});
	},

	caption: () => "a post revised",
});

/** Kind, budget, window and success condition are what an answer was given to; the rest is told better. */
function sameDeal(one: Post, other: Post): boolean {
	return (
		one.kind === other.kind &&
		one.budgetCap === other.budgetCap &&
		one.budgetUnit === other.budgetUnit &&
		one.windowStartsAt === other.windowStartsAt &&
		one.windowEndsAt === other.windowEndsAt &&
		one.successCondition === other.successCondition
	);
}
