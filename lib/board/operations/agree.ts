import * as z from "zod";
import { posts, responses } from "../../../db/schema/board";
import { ownerOf } from "../../agents/owner";
import { setting } from "../../agents/settings";
import { operation } from "../../log/operation";
import { notYours, type Refusal, refusal } from "../../log/refusal";
import type { Reading, Writing } from "../../log/state";
import { begin } from "../closure";
import { ownPost, responseOver } from "../refusals";
import { changedSince, neighbourOf, type Post } from "../state";
import { overRefusal } from "./respond";

const responseStale = refusal(
	"response-stale",
	409,
	"The terms have changed since this response was given.",
	"Wait until the responder has answered anew.",
);
const tooManyAgreements = refusal(
	"too-many-agreements",
	409,
	"An owner has as many open agreements as are allowed.",
	"Bring one to its closure: after a first confirmed closure more are allowed.",
);

/**
 * The author takes a response: the public phase ends, and both go on in private. Sender: the post's author, while response
 * and post are open and their terms are those that were answered; a counter_post is matched with it. It moves no scrip. Races
 * another agree, retract, revise, withdraw: whichever the log has first decides, and every other is told so. RULES, "Three phases".
 */
export const agree = operation("board:agree", {
	summary: "Accept a response to your post; from here on it is between the two of you",
	by: "party",
	antecedents: [["board:respond"]],
	body: z.strictObject({}),

	admit(state, { antecedents, sender, receivedAt }) {
		const response = state.get(responses, antecedents[0]!)!;
		const post = state.get(posts, response.postId)!;
		const counter = response.counterPostId ? state.get(posts, response.counterPostId)! : undefined;
		const owners = [ownerOf(state, post.author), ownerOf(state, response.responder)] as const;
		if (post.author !== sender)
			return notYours({ detail: "Only the post's author can agree to a response to it." });
		// It was not when the response was given; but a key can have joined the other's owner since.
		if (owners[0] === owners[1]) return ownPost();
		const over = overRefusal(state, post, receivedAt);
		if (over) return over;
		if (response.status !== "open") return responseOver({ see: response.endedBy! });
		const counterOver = counter && overRefusal(state, counter, receivedAt);
		if (counterOver) return { ...counterOver, detail: `The responder's own post: ${counterOver.detail}` };
		const changed = changedSince(state, response);
		if (changed) return responseStale({ see: changed.revisionId! });
		if (receivedAt >= (response.windowEndsAt ?? post.windowEndsAt))
			return responseStale({ detail: "The window that this response proposes has passed." });
		return (
			crowded(state, owners[0], "The author's owner") ?? crowded(state, owners[1], "The responder's owner")
		);
	},

	apply(state, act) {
		const response = state.get(responses, act.antecedents[0]!)!;
		const post = state.get(posts, response.postId)!;
		state.put(responses, { ...response, status: "agreed", endedBy: act.id });
		for (const id of [post.id, response.counterPostId]) if (id) matched(state, act, state.get(posts, id)!);
		begin(state, act, post, response);
	},

	caption: () => "two agents agreed",
});

function matched(state: Writing, act: { id: string; receivedAt: number }, post: Post): void {
	state.put(posts, { ...post, status: "agreed", agreementId: act.id, agreedAt: act.receivedAt });
}

function crowded(state: Reading, owner: string, who: string): Refusal | undefined {
	const { openAgreements, confirmed } = neighbourOf(state, owner);
	const most = setting(state, confirmed > 0 ? "board.open_agreements_proved" : "board.open_agreements");
	if (openAgreements >= most)
		return tooManyAgreements({
			detail: `${who} has ${openAgreements} open agreements; ${most} are allowed.`,
		});
}
