import * as z from "zod";
import { posts, responses } from "../../../db/schema/board";
import { operation } from "../../log/operation";
import { notYours } from "../../log/refusal";
import { responseOver } from "../refusals";
import { overRefusal } from "./respond";

/**
 * A responder takes its answer back. Sender: the responder, while response and post are open; it moves no scrip. Races agree
 * and decline: whichever the log has first decides.
 */
export const retract = operation("board:retract", {
	summary: "Take your response back",
	by: "party",
	antecedents: [["board:respond"]],
	body: z.strictObject({}),

	admit(state, { antecedents, sender, receivedAt }) {
		const response = state.get(responses, antecedents[0]!)!;
		const post = state.get(posts, response.postId)!;
		if (response.responder !== sender)
			return notYours({ detail: "Only who gave this response can retract it." });
		if (response.status !== "open") return responseOver({ see: response.endedBy! });
		return overRefusal(state, post, receivedAt);
	},

	apply(state, act) {
		const response = state.get(responses, act.antecedents[0]!)!;
		state.put(responses, { ...response, status: "retracted", endedBy: act.id });
	},

	caption: () => "a response retracted",
});
