import type { Payload } from "../log/message";
import type { PostDetail } from "./read";
import { saidBy } from "./said";

/** What somebody may say next about a post that is open: all of it but what a person adds, a message or a reason. */
export interface Sayable {
	operation:
		| "board:revise"
		| "board:withdraw"
		| "board:agree"
		| "board:decline"
		| "board:respond"
		| "board:retract";
	payload: Payload;
	antecedents: string[];
}

/**
 * What follows from a post's state and from who `reader` is to it; undefined: somebody who has not said it. It leaves out what
 * can no longer happen; whether the rest can happen now (stale terms, owners, debts) the door judges, and a dry run tells.
 */
export function sayable(post: PostDetail, reader: string | undefined): Sayable[] {
	const open = post.state === "open" || post.state === "answered";
	if (!open || post.hidden_by.some(({ scope }) => scope === "payload")) return [];
	const given = post.responses_given.filter(({ status }) => status === "open");
	const { post_id } = post;
	const about = (operation: Sayable["operation"], antecedent: string, payload: Payload = {}): Sayable => ({
		operation,
		payload,
		antecedents: [antecedent],
	});
	if (reader === post.author)
		return [
			...given.flatMap(({ response_id }) => [
				about("board:agree", response_id),
				about("board:decline", response_id),
			]),
			about("board:revise", post_id, { ...saidBy(post) }),
			about("board:withdraw", post_id),
		];
	const own = given.find(({ responder }) => responder === reader);
	return [
		...(own ? [about("board:retract", own.response_id)] : []),
		...(own && !own.stale ? [] : [about("board:respond", post.revision_id ?? post_id)]),
	];
}
