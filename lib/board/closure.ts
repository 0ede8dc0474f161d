import { agreements, debts, neighbours, type Part } from "../../db/schema/board";
import { ownerOf } from "../agents/owner";
import { setting } from "../agents/settings";
import { answered, owe } from "../log/duties";
import type { Act } from "../log/operation";
import type { Writing } from "../log/state";
import { type Agreement, isAuthor, neighbourOf, otherOf, ownerIn, type Post, type Response } from "./state";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const LAPSE = "board:lapse";

/** Two parties begin what both will have to close: each owes its part from when it is due until that is too long ago. */
export function begin(state: Writing, act: Act, post: Post, response: Response): void {
	const { receivedAt: at } = act;
	const windowEndsAt = response.windowEndsAt ?? post.windowEndsAt;
	const closureDueAt = windowEndsAt + setting(state, "board.closure_due_hours") * HOUR_MS;
	const lapsesAt = closureDueAt + setting(state, "board.lapse_days") * DAY_MS;
	const { author } = post;
	const { responder } = response;
	const agreement: Agreement = {
		id: act.id,
		seq: act.seq,
		week: post.week,
		postId: post.id,
		counterPostId: response.counterPostId,
		responseId: response.id,
		author,
		authorOwner: ownerOf(state, author),
		responder,
		responderOwner: ownerOf(state, responder),
		status: "agreed",
		at,
		windowEndsAt,
		closureDueAt,
		lapsesAt,
		authorPart: null,
		responderPart: null,
		closeId: null,
		closedBy: null,
		closedAt: null,
		outcome: null,
		summary: null,
		receipts: [],
		confirmBy: null,
		contestId: null,
		ruleBy: null,
		verdict: null,
		endedBy: null,
		endedAt: null,
	};
	state.put(agreements, agreement);
	for (const party of [author, responder]) {
		const owner = ownerIn(agreement, party);
		forget(state, owner, at);
		state.put(debts, { agreementId: act.id, party, owner, barsFrom: closureDueAt, barsUntil: lapsesAt });
		count(state, owner, { openAgreements: 1 });
	}
	owe(state, LAPSE, act, { due: lapsesAt });
}

/** A party has done its part, by its first act: its debt is gone, whatever the other does. RULES, "Closure debt". */
export function did(state: Writing, agreement: Agreement, party: string, part: Part): Agreement {
	state.del(debts, agreement.id, party);
	return isAuthor(agreement, party)
		? { ...agreement, authorPart: agreement.authorPart ?? part }
		: { ...agreement, responderPart: agreement.responderPart ?? part };
}

/** The other side owes an answer to the close: from when its time to give one is over, unless it owed before. */
export function awaitAnswer(state: Writing, act: Act, agreement: Agreement, confirmBy: number): void {
	const debt = state.get(debts, agreement.id, otherOf(agreement, act.sender));
	if (!debt || debt.barsFrom <= act.receivedAt) return;
	const barsUntil = confirmBy + setting(state, "board.lapse_days") * DAY_MS;
	state.put(debts, { ...debt, barsFrom: confirmBy, barsUntil });
}

/** No longer open for this party, whose owner may agree to something else. */
export function release(state: Writing, agreement: Agreement, party: string): void {
	count(state, ownerIn(agreement, party), { openAgreements: -1 });
}

/** A closure of this party's was confirmed, by the other side or by a ruling. */
export function prove(state: Writing, agreement: Agreement, party: string): void {
	count(state, ownerIn(agreement, party), { confirmed: 1 });
}

/** The agreement is over: nothing more is owed for it by the exchange, and it is open for nobody. */
export function end(state: Writing, act: Act, agreement: Agreement, status: Agreement["status"]): void {
	state.put(agreements, { ...agreement, status, endedBy: act.id, endedAt: act.receivedAt });
	// Whoever declared a no-show was released then.
	if (agreement.authorPart !== "no-show") release(state, agreement, agreement.author);
	if (agreement.responderPart !== "no-show") release(state, agreement, agreement.responder);
	for (const id of [agreement.id, agreement.closeId, agreement.contestId]) if (id) answered(state, LAPSE, id);
}

/** What is owed next for it, in place of what was. */
export function oweLapse(state: Writing, act: Act, instead: string, due: number): void {
	answered(state, LAPSE, instead);
	owe(state, LAPSE, act, { due });
}

function count(
	state: Writing,
	owner: string,
	{ openAgreements = 0, confirmed = 0 }: { openAgreements?: number; confirmed?: number },
): void {
	const before = neighbourOf(state, owner);
	state.put(neighbours, {
		...before,
		openAgreements: before.openAgreements + openAgreements,
		confirmed: before.confirmed + confirmed,
	});
}

/** Debts that are too old to bar anything are forgotten when the owner takes on new ones. */
function forget(state: Writing, owner: string, at: number): void {
	for (const { agreementId, party, barsUntil } of state.where(debts, { owner }))
		if (barsUntil <= at) state.del(debts, agreementId, party);
}
