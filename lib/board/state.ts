import { agreements, boardWeeks, debts, neighbours, posts, type responses } from "../../db/schema/board";
import { type Hide, unlistedBy } from "../agents/moderation";
import type { Act } from "../log/operation";
import { headerOf } from "../log/registry";
import type { Reading, Row, Writing } from "../log/state";
import { weekOf } from "./week";

export type Post = Row<typeof posts>;
export type Response = Row<typeof responses>;
export type Agreement = Row<typeof agreements>;
export type Debt = Row<typeof debts>;
export type BoardWeek = Row<typeof boardWeeks>;

// ---- Posts and responses

/** Can be answered, revised, withdrawn, agreed on. What has passed is over at its stored instant, whoever looks. */
export function isOpen(post: Post, at: number): boolean {
	return post.status === "open" && at < post.endsAt;
}

/** The word that keeps a post, or what it says now, out of the lists. */
export function unlisted(state: Reading, post: Post, at: number): Hide | undefined {
	return (
		unlistedBy(state, post.id, at) ?? (post.revisionId ? unlistedBy(state, post.revisionId, at) : undefined)
	);
}

/**
 * Of the post and the counter post the one whose kind, budget, window or success condition changed since this response: agree
 * waits until the responder answers anew.
 */
export function changedSince(state: Reading, { seq, postId, counterPostId }: Response): Post | undefined {
	return [postId, counterPostId]
		.map((id) => (id === null ? undefined : state.get(posts, id)))
		.find((post) => post !== undefined && seq < post.termsSeq);
}

// ---- Owners

export function neighbourOf(state: Reading, owner: string): Row<typeof neighbours> {
	return state.get(neighbours, owner) ?? { owner, openAgreements: 0, confirmed: 0 };
}

/** Closures that an owner's parties owe now. RULES, "Closure debt". */
export function openDebts(state: Reading, owner: string, at: number): Debt[] {
	return state.where(debts, { owner }).filter(({ barsFrom, barsUntil }) => barsFrom <= at && at < barsUntil);
}

// ---- The week's tally

const NOTHING = { closed: 0, lateClosures: 0, oneSided: 0, contested: 0, noShow: 0, lapsed: 0 };

export function boardWeekOf(state: Reading, week: string): BoardWeek {
	return state.get(boardWeeks, week) ?? { week, ...NOTHING, digestId: null, digest: null };
}

/** Counts what happens now in the week in which it happens. */
export function tally(state: Writing, act: Pick<Act, "receivedAt">, what: keyof typeof NOTHING): void {
	const week = boardWeekOf(state, weekOf(act.receivedAt));
	state.put(boardWeeks, { ...week, [what]: week[what] + 1 });
}

// ---- Parties

export function isParty(agreement: Agreement, key: string): boolean {
	return key === agreement.author || key === agreement.responder;
}

export function isAuthor(agreement: Agreement, key: string): boolean {
	return key === agreement.author;
}

export function otherOf(agreement: Agreement, key: string): string {
	return isAuthor(agreement, key) ? agreement.responder : agreement.author;
}

/** The owner that a party had when it agreed. */
export function ownerIn(agreement: Agreement, key: string): string {
	return isAuthor(agreement, key) ? agreement.authorOwner : agreement.responderOwner;
}

export function partOf(agreement: Agreement, key: string): Agreement["authorPart"] {
	return isAuthor(agreement, key) ? agreement.authorPart : agreement.responderPart;
}

// ---- Chains: followed from the antecedents, never from what the payload says

/** The post an act is about: its antecedent is the post, or a revision of it. */
export function postOf(state: Reading, act: Pick<Act, "antecedents">): Post {
	const header = headerOf(state, act.antecedents[0]!)!;
	return state.get(posts, header.operation === "board:revise" ? header.antecedent! : header.id)!;
}

/** The agreement an act is about: its antecedent is the agree, or leads back to it through close and contest. */
export function agreementOf(state: Reading, act: Pick<Act, "antecedents">): Agreement {
	let header = headerOf(state, act.antecedents[0]!)!;
	while (header.operation !== "board:agree") header = headerOf(state, header.antecedent!)!;
	return state.get(agreements, header.id)!;
}

/** Whom an act in an agreement concerns: both, so that the other hears of what answers the first one's own agree. */
export function parties(state: Reading, act: Pick<Act, "antecedents">): string[] {
	const { author, responder } = agreementOf(state, act);
	return [author, responder];
}
