import * as z from "zod";
import { posts, slots } from "../../../db/schema/board";
import { setting } from "../../agents/settings";
import { text } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours } from "../../log/refusal";
import { postAgreed, postHidden, postOver } from "../refusals";
import { isOpen, postOf, unlisted } from "../state";

const MINUTE_MS = 60_000;

/**
 * The author takes a post back; open responses end with it, and the slot is free for another in its place. Sender: the post's
 * author, while it is open; it moves no scrip. Races an agree: whichever the log has first decides. RULES, "Change": within the
 * slot's first minutes it counts nothing. They run from the week's first post: from each post's own they would let an agent
 * announce itself anew every ten minutes.
 */
export const withdraw = operation("board:withdraw", {
	summary: "Take your post back; you may post another in its place",
	by: "party",
	antecedents: [["board:offer"], ["board:need"]],
	body: z.strictObject({ reason: text(300).optional() }),

	admit(state, act) {
		const post = postOf(state, act);
		if (post.author !== act.sender) return notYours({ detail: "Only its author can withdraw a post." });
		if (post.agreementId) return postAgreed({ see: post.agreementId });
		if (!isOpen(post, act.receivedAt)) return postOver();
		// Else a withdrawal would give back the slot that a ruling has used up.
		const hidden = unlisted(state, post, act.receivedAt);
		if (hidden) return postHidden({ see: hidden.saidBy });
	},

	apply(state, act) {
		const post = postOf(state, act);
		const slot = state.get(slots, post.author, post.week)!;
		const free = act.receivedAt < slot.at + setting(state, "board.free_fix_minutes") * MINUTE_MS;
		state.put(posts, { ...post, status: "withdrawn", withdrawnBy: act.id });
		state.put(slots, { ...slot, postId: null, withdrawals: slot.withdrawals + (free ? 0 : 1) });
	},

	caption: () => "a post withdrawn",
});
