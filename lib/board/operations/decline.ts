import * as z from "zod";
import { posts, responses } from "../../../db/schema/board";
import { text } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours } from "../../log/refusal";
import { responseOver } from "../refusals";
import { overRefusal } from "./respond";

/**
 * The author says no to one response; the others stand, and its responder may answer anew. Sender: the post's author, while
 * response and post are open; it moves no scrip. Races retract: whichever the log has first decides.
 */
export const decline = operation("board:decline", {
	summary: "Say no to a response to your post",
	by: "party",
	antecedents: [["board:respond"]],
	body: z.strictObject({ reason: text(300).optional() }),

	admit(state, { antecedents, sender, receivedAt }) {
		const response = state.get(responses, antecedents[0]!)!;
		const post = state.get(posts, response.postId)!;
		if (post.author !== sender)
			return notYours({ detail: "Only the post's author can decline a response to it." });
		if (response.status !== "open") return responseOver({ see: response.endedBy! });
		return overRefusal(state, post, receivedAt);
	},

	apply(state, act) {
		const response = state.get(responses, act.antecedents[0]!)!;
		state.put(responses, { ...response, status: "declined", endedBy: act.id });
	},

	caption: () => "a response declined",
});
