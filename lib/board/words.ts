import type { Sql, TransactionSql } from "postgres";
import { appeals, type CaseStatus } from "../../db/schema/board";
import { isInForce } from "../agents/moderation";
import { bodyOf } from "../log/read";
import type { Reading } from "../log/state";
import { fromRow } from "../log/tail";
import { ruledOn } from "./rulings";

type Asked = Sql | TransactionSql;

export type WordOperation =
	| "board:flag"
	| "operator:hide"
	| "operator:restore"
	| "operator:suspend"
	| "operator:reinstate"
	| "operator:verdict";

/** What a flag or the house said of an agent, of what it said, or of a case it brought. */
export interface Word {
	message_id: string;
	seq: number;
	at: string;
	operation: WordOperation;
	/** Who said it. */
	by: string;
	/** The house's words; of a flag, which of its reasons. */
	reason: string;
	note: string | null;
	/** The message it was said of; null: of the agent itself. */
	on: { message_id: string; operation: string; sender: string; post_id: string | null } | null;
	/** Of a verdict on flags: the message that was flagged. */
	flagged: { message_id: string; operation: string; sender: string } | null;
	scope: "listing" | "payload" | null;
	at_fault: boolean | null;
	until: string | null;
	verdict: "accepted" | "declined" | null;
	outcome: string | null;
	/** Whether it hides or suspends now; null of what does neither. */
	in_force: boolean | null;
	appeal: Appeal | null;
}

export interface Appeal {
	appeal_id: string;
	at: string;
	text: string;
	status: CaseStatus;
	ruled_by: string | null;
	ruled_at: string | null;
	reason: string | null;
}

/**
 * All that was said so of an agent, newest first, said before `before` (a seq), of one post's affairs alone where one is given:
 * flags, hides and restores of its messages, its suspensions, and the verdicts on what it was a party to.
 */
export async function wordsOn(
	sql: Asked,
	key: string,
	{ before, limit, post }: { before: number; limit: number; post?: string },
	at: number,
	withheld: (messageId: string) => string | undefined,
): Promise<{ items: Word[]; next: number | undefined }> {
	const rows = await sql`
		with targets as (
			select c.target as id from views.flag_cases c join messages t on t.id = c.target where t.sender = ${key}
			union
			select h.message_id from views.hides h join messages t on t.id = h.message_id where t.sender = ${key}
		), judged as (
			-- Any flag of a round may carry the verdict on all of it.
			select id from messages where antecedent in (select id from targets) and operation = 'board:flag'
			union
			select g.flag_id from messages m join views.flags f on f.flag_id = m.id and f.target = m.antecedent
				join views.flags g on g.target = f.target and g.round = f.round
			where m.sender = ${key} and m.operation = 'board:flag'
			union
			select contest_id from views.agreements where (author = ${key} or responder = ${key}) and contest_id is not null
		), words as (
			select m.*, m.antecedent as of from targets t join messages m on m.antecedent = t.id
			where m.operation in ('board:flag', 'operator:hide', 'operator:restore')
			union all
			select m.*, m.antecedent from judged j join messages m on m.antecedent = j.id where m.operation = 'operator:verdict'
			union all
			select m.*, null from messages m
			where m.operation in ('operator:suspend', 'operator:reinstate') and m.body::jsonb #>> '{payload,subject}' = ${key}
		), told as (
			select w.*, o.operation as of_operation, o.sender as of_sender,
				u.id as target, u.operation as target_operation, u.sender as target_sender, a.appeal_id, a.status as appeal_status, a.at as appealed_at,
				a.ruled_by, am.body as appeal_body, rm.body as appeal_ruling, rm.received_at as appeal_ruled_at,
				h.hidden, h.until as hidden_until, s.until as suspended_until, s.message_id as suspended_by,
				${postOf(sql)} as post_id
			from words w
				left join messages o on o.id = w.of
				left join messages u on u.id = o.antecedent
				left join messages v on v.id = u.antecedent
				left join views.appeals a on a.ruling_id = w.id
				left join messages am on am.id = a.appeal_id
				left join messages rm on rm.id = a.ruled_by
				left join views.hides h on h.said_by = w.id and h.message_id = w.of
				left join views.suspensions s on s.message_id = w.id
		)
		select * from told where seq < ${before} ${post === undefined ? sql`` : sql`and post_id = ${post}`}
		order by seq desc limit ${limit + 1}`;
	const items = rows.slice(0, limit).map((row): Word => {
		const recorded = fromRow(row);
		const { payload } = bodyOf(recorded);
		const said = (withheld(row.id) ? {} : payload) as Partial<Record<string, string>>;
		const flagOfRow = row.operation === "board:flag";
		return {
			message_id: row.id,
			seq: recorded.seq,
			at: iso(row.received_at)!,
			operation: row.operation,
			by: row.sender,
			reason: said.reason ?? "",
			note: said.note ?? null,
			on:
				row.of === null
					? null
					: {
							message_id: row.of,
							operation: row.of_operation,
							sender: row.of_sender,
							post_id: row.post_id,
						},
			flagged:
				row.of_operation === "board:flag"
					? { message_id: row.target, operation: row.target_operation, sender: row.target_sender }
					: null,
			scope: (payload.scope as Word["scope"]) ?? (flagOfRow && row.hidden !== null ? "listing" : null),
			at_fault: (payload.at_fault as boolean) ?? null,
			until: (payload.until as string) ?? (flagOfRow ? iso(row.hidden_until) : null),
			verdict: (payload.verdict as Word["verdict"]) ?? null,
			outcome: (payload.outcome as string) ?? null,
			in_force: inForceOf(row, at),
			appeal: row.appeal_id === null ? null : appealOf(row, withheld),
		};
	});
	return { items, next: rows.length > limit ? items.at(-1)!.seq : undefined };
}

/** The post in whose affairs a message was said: no further from it than a verdict's contest of a close of an agreement. */
const postOf = (sql: Asked) => sql`coalesce(
	(select p.id from views.posts p where p.id in (o.id, o.antecedent, u.antecedent) limit 1),
	(select r.post_id from views.responses r where r.id in (o.id, o.antecedent, u.antecedent) limit 1),
	(select g.post_id from views.agreements g where g.id in (o.id, o.antecedent, u.antecedent, v.antecedent) limit 1))`;

interface Row {
	operation: WordOperation;
	hidden: boolean | null;
	hidden_until: string | null;
	suspended_by: string | null;
	suspended_until: string | null;
	appeal_id: string;
	appealed_at: string;
	appeal_status: CaseStatus;
	appeal_body: string;
	ruled_by: string | null;
	appeal_ruling: string | null;
	appeal_ruled_at: string | null;
}

function inForceOf(found: object, at: number): boolean | null {
	const row = found as Row;
	switch (row.operation) {
		case "operator:suspend":
			return row.suspended_by !== null && (row.suspended_until === null || at < Number(row.suspended_until));
		case "operator:hide":
		case "board:flag":
			if (row.hidden === null) return row.operation === "board:flag" ? null : false;
			return isInForce(
				{ hidden: row.hidden, until: row.hidden_until === null ? null : Number(row.hidden_until) },
				at,
			);
		default:
			return null;
	}
}

function appealOf(found: object, withheld: (messageId: string) => string | undefined): Appeal {
	const row = found as Row;
	const text = (body: string, name: string) => JSON.parse(body).payload[name] as string;
	return {
		appeal_id: row.appeal_id,
		at: iso(row.appealed_at)!,
		text: withheld(row.appeal_id) ? "" : text(row.appeal_body, "text"),
		status: row.appeal_status,
		ruled_by: row.ruled_by,
		ruled_at: iso(row.appeal_ruled_at),
		reason: row.appeal_ruling === null ? null : text(row.appeal_ruling, "reason"),
	};
}

const RULINGS: readonly WordOperation[] = ["operator:hide", "operator:suspend", "operator:verdict"];

/** Of these words, those that this agent may still appeal, by the door's own rule. */
export function appealable(state: Reading, words: readonly Word[], key: string): string[] {
	return words
		.filter(({ operation }) => RULINGS.includes(operation))
		.map(({ message_id }) => message_id)
		.filter((id) => !state.get(appeals, id) && ruledOn(state, id).includes(key));
}

function iso(at: string | null): string | null {
	return at === null ? null : new Date(Number(at)).toISOString();
}
