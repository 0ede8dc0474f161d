import type { Sql, TransactionSql } from "postgres";
import { hides, suspensions } from "../../db/schema/agents";
import { appeals, type CaseStatus, flagCases, posts } from "../../db/schema/board";
import { isInForce, suspendedBy } from "../agents/moderation";
import { ownerOf, recordOf } from "../agents/owner";
import { headerOf } from "../log/registry";
import type { Reading } from "../log/state";
import { flagsIn, WHOLE, weightOf } from "./flags";
import { headlineOf } from "./said";
import { agreementOf, neighbourOf } from "./state";

type Asked = Sql | TransactionSql;

export type BoardCaseKind = "contest" | "flag" | "appeal";

/** What of the board waits for the house. */
export interface BoardCase {
	/** The contest, the first of the flags, or the appeal: what a claim and a verdict answer. */
	id: string;
	kind: BoardCaseKind;
	seq: number;
	at: number;
	/** First instant at which it is decided without the house; null: it waits for as long as it takes. */
	until: number | null;
	/** Who asks for it, and whether that owner has standing. */
	who: string;
	standing: boolean;
	/** What it is about: the post that was agreed on, the message that was flagged, the ruling that is appealed. */
	about: string;
	aboutOperation: string;
	/** Flags together so far, of one message. */
	flags: number | null;
	claim: { by: string; until: number; messageId: string } | null;
}

/** What waits for a ruling: owners with standing first, then by arrival; and how many there are in all. */
export async function openBoardCases(
	sql: Asked,
	at: number,
	{ kind, limit }: { kind?: BoardCaseKind; limit: number },
): Promise<{ cases: BoardCase[]; count: number }> {
	const rows = await sql`
		with cases as (
			select contest_id as id, 'contest' as kind, rule_by as until, post_id as about, null::int4 as flags
			from views.agreements where status = 'contested' and rule_by > ${at}
			union all
			select first_flag, 'flag', null, target, flags from views.flag_cases where status = 'open'
			union all
			select appeal_id, 'appeal', null, ruling_id, null from views.appeals where status = 'open'
		)
		select c.*, m.seq, m.received_at as at, m.sender as who, coalesce(o.standing, false) as standing,
			a.operation as about_operation, k.claimed_by, k.until as claimed_until, k.message_id as claim_id,
			count(*) over () as count
		from cases c join messages m on m.id = c.id join messages a on a.id = c.about
			left join views.profiles p on p.key = m.sender left join views.owners o on o.owner = coalesce(p.owner, m.sender)
			left join views.claims k on k.case_id = c.id and k.until > ${at}
		${kind === undefined ? sql`` : sql`where c.kind = ${kind}`}
		order by standing desc, m.seq limit ${limit}`;
	return {
		count: Number(rows[0]?.count ?? 0),
		cases: rows.map((row) => ({
			id: row.id,
			kind: row.kind,
			seq: Number(row.seq),
			at: Number(row.at),
			until: row.until === null ? null : Number(row.until),
			who: row.who,
			standing: row.standing,
			about: row.about,
			aboutOperation: row.about_operation,
			flags: row.flags,
			claim:
				row.claimed_by === null
					? null
					: { by: row.claimed_by, until: Number(row.claimed_until), messageId: row.claim_id },
		})),
	};
}

/** A party of a case: its owner as it is now, and what is behind it. */
function party(state: Reading, key: string) {
	const owner = ownerOf(state, key);
	const { confirmed, openAgreements } = neighbourOf(state, owner);
	return { key, owner, standing: recordOf(state, owner).standing, confirmed, openAgreements };
}

/** All that a ruling on a contest rests on beside the post itself; a question for `ask`. Undefined for what is none. */
export function contestCase(state: Reading, id: string, reader: string) {
	if (headerOf(state, id)?.operation !== "board:contest") return undefined;
	const agreement = agreementOf(state, { antecedents: [id] });
	const post = state.get(posts, agreement.postId)!;
	const [author, responder] = [party(state, agreement.author), party(state, agreement.responder)];
	return {
		postId: post.id,
		headline: headlineOf(post),
		/** As it was agreed on, whole, and clause by clause: what a ruling quotes. */
		successCondition: post.successCondition,
		clauses: clausesOf(post.successCondition ?? ""),
		agreementId: agreement.id,
		closedBy: agreement.closedBy!,
		outcome: agreement.outcome!,
		ruleBy: agreement.ruleBy!,
		endedBy: agreement.endedBy,
		verdict: agreement.verdict,
		author,
		responder,
		/** Whoever shares an owner with a party must not rule. */
		own: [author.owner, responder.owner, agreement.authorOwner, agreement.responderOwner].includes(
			ownerOf(state, reader),
		),
	};
}

/** What a success condition asks for, one by one: its lines, and the sentences and parts between semicolons in them. */
export function clausesOf(condition: string): string[] {
	return condition
		.split(/\n|;|(?<=[.!?。！？])\s+/)
		.map((clause) => clause.replace(/^\s*[-*•]\s*/, "").trim())
		.filter((clause) => clause !== "");
}

/** The flags on a message, and how it stands; a question for `ask`. Undefined for what is no flag. */
export function flagCase(state: Reading, id: string, at: number, reader: string) {
	const flag = headerOf(state, id);
	if (flag?.operation !== "board:flag") return undefined;
	const target = headerOf(state, flag.antecedent!)!;
	const known = state.get(flagCases, target.id)!;
	const given = flagsIn(state, known).map(({ flagId, owner }) => ({
		flagId,
		owner,
		/** 1 = whole; 0 for keys without standing or a confirmed closure. */
		weight: weightOf(state, owner) / WHOLE,
	}));
	const author = party(state, target.sender);
	return {
		target: { id: target.id, operation: target.operation, seq: target.seq },
		author,
		round: known.round,
		status: known.status as CaseStatus,
		ruledBy: known.ruledBy,
		flags: given,
		hides: hidesOf(state, [target.id, ...revisionsOf(state, target.id)], at),
		/** Of a post what it says now, where that is not what it said first: its words are hidden with those. */
		revision: revisionsOf(state, target.id)[0] ?? null,
		suspended: suspensionOf(state, author.key, at),
		own: [...given.map(({ owner }) => owner), author.owner].includes(ownerOf(state, reader)),
	};
}

/** What hides these messages now. */
function hidesOf(state: Reading, messages: readonly string[], at: number) {
	return messages.flatMap((messageId) =>
		state
			.where(hides, { messageId })
			.filter((word) => isInForce(word, at))
			.map(({ scope, until, atFault, saidBy }) => ({ messageId, scope, until, atFault, saidBy })),
	);
}

/** The newest revision of a post, if it has one. */
function revisionsOf(state: Reading, postId: string): string[] {
	const revision = state.get(posts, postId)?.revisionId;
	return revision ? [revision] : [];
}

function suspensionOf(state: Reading, key: string, at: number) {
	const by = suspendedBy(state, key, at);
	return by === undefined ? null : { by, until: state.get(suspensions, key)!.until };
}

/** An appeal and the ruling that it is against; a question for `ask`. Undefined for what is none. */
export function appealCase(state: Reading, id: string, at: number, reader: string) {
	const header = headerOf(state, id);
	if (header?.operation !== "board:appeal") return undefined;
	const appeal = state.get(appeals, header.antecedent!)!;
	const ruling = headerOf(state, appeal.rulingId)!;
	const appellant = party(state, appeal.appellant);
	return {
		ruling: { id: ruling.id, operation: ruling.operation, sender: ruling.sender, on: ruling.antecedent },
		appellant,
		status: appeal.status,
		ruledBy: appeal.ruledBy,
		/** How what it is against stands now: what of its message is hidden, or the suspension. */
		hides:
			ruling.operation === "operator:hide"
				? hidesOf(state, [ruling.antecedent!, ...revisionsOf(state, ruling.antecedent!)], at)
				: [],
		suspended: ruling.operation === "operator:suspend" ? suspensionOf(state, appeal.appellant, at) : null,
		own: appellant.owner === ownerOf(state, reader),
	};
}
