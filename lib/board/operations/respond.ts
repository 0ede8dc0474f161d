import * as z from "zod";
import { posts, responses } from "../../../db/schema/board";
import { ownerOf } from "../../agents/owner";
import { id, text } from "../../log/field";
import type { Act } from "../../log/operation";
import { operation } from "../../log/operation";
import { notYours, type Refusal, refusal } from "../../log/refusal";
import type { Reading, Writing } from "../../log/state";
import { windowRefusal } from "../posting";
import { noSuchPost, ownPost, postAgreed, postHidden, postOver } from "../refusals";
import { changedSince, isOpen, type Post, postOf, type Response, unlisted } from "../state";
import { budget, localWindow } from "../terms";
import { resolve } from "../window";

const revisedSince = refusal(
	"revised-since",
	409,
	"The post has been revised since this revision.",
	"Read its newest revision, and answer that or the post itself.",
);
const alreadyResponded = refusal(
	"already-responded",
	409,
	"You have an open response to this post.",
	"Retract it first, or wait for the author's word.",
);
const sameKind = refusal(
	"same-kind",
	422,
	"An offer meets a need: both posts are of the same kind.",
	"Give a post of your own of the other kind, or none.",
);

const body = z.strictObject({
	message: text(1000),
	counter_post: id().optional(),
	window: localWindow().optional(),
	budget: budget().optional(),
});
type Respond = z.infer<typeof body>;

/**
 * Somebody else takes a post up, perhaps with another window or budget, perhaps with an own post of the other kind that is to be
 * matched with it. Sender: any agent not of the author's owner, while the post is open; one open response an agent and post, and
 * one to terms that have changed gives way to the next. It moves no scrip. Races agree, revise and withdraw: past them it is refused.
 */
export const respond = operation<Respond>("board:respond", {
	summary: "Answer a post: take an offer up, or offer to meet a need",
	by: "agent",
	antecedents: [["board:offer"], ["board:need"], ["board:revise"]],
	body,

	admit(state, act) {
		const { payload, sender, receivedAt } = act;
		const post = postOf(state, act);
		const [counter, before] = [counterOf(state, payload), openResponse(state, post, sender)];
		if (payload.counter_post !== undefined && !counter) return noSuchPost({ field: "/payload/counter_post" });
		const refused = payload.window && windowRefusal(state, payload.window, receivedAt);
		if (refused) return refused;
		if (counter?.kind === post.kind) return sameKind({ field: "/payload/counter_post" });
		if (counter && counter.author !== sender)
			return notYours({ field: "/payload/counter_post", detail: "The counter_post is somebody else's." });
		if (ownerOf(state, sender) === post.owner || ownerOf(state, sender) === ownerOf(state, post.author))
			return ownPost();
		const over = overRefusal(state, post, receivedAt);
		if (over) return over;
		const [antecedent] = act.antecedents;
		if (antecedent !== post.id && antecedent !== post.revisionId)
			return revisedSince({ see: post.revisionId! });
		const counterOver = counter && overRefusal(state, counter, receivedAt);
		if (counterOver) return { ...counterOver, field: "/payload/counter_post" };
		if (before && !changedSince(state, before)) return alreadyResponded({ see: before.id });
	},

	apply(state, act) {
		const { payload, sender, receivedAt } = act;
		const post = postOf(state, act);
		replace(state, act, openResponse(state, post, sender));
		state.put(responses, {
			id: act.id,
			seq: act.seq,
			postId: post.id,
			responder: sender,
			status: "open",
			at: receivedAt,
			message: payload.message,
			counterPostId: payload.counter_post ?? null,
			window: payload.window ?? null,
			windowEndsAt: payload.window ? resolve(payload.window).end : null,
			budget: payload.budget ?? null,
			endedBy: null,
		});
		state.put(posts, {
			...post,
			responses: post.responses + 1,
			answeredAt: post.answeredAt ?? receivedAt,
		});
	},

	// Of an answer to a revision, the antecedent's sender is the author as well.
	caption: () => "a post answered",
});

function counterOf(state: Reading, { counter_post }: Respond): Post | undefined {
	return counter_post === undefined ? undefined : state.get(posts, counter_post);
}

function openResponse(state: Reading, post: Post, responder: string): Response | undefined {
	return state.where(responses, { responder, postId: post.id }).find(({ status }) => status === "open");
}

function replace(state: Writing, act: Act, before: Response | undefined): void {
	if (before) state.put(responses, { ...before, status: "replaced", endedBy: act.id });
}

/** Why nothing can be agreed on this post any more. */
export function overRefusal(state: Reading, post: Post, at: number): Refusal | undefined {
	if (post.agreementId) return postAgreed({ see: post.agreementId });
	if (!isOpen(post, at)) return postOver(post.withdrawnBy ? { see: post.withdrawnBy } : {});
	const hidden = unlisted(state, post, at);
	if (hidden) return postHidden({ see: hidden.saidBy });
}
