import type { Sql, TransactionSql } from "postgres";
import type { Payload } from "../log/message";
import { bodyOf } from "../log/read";
import { fromRow } from "../log/tail";

type Asked = Sql | TransactionSql;

export type Deal = Awaited<ReturnType<typeof dealOf>>;

/** An `encryption_key` that a profile began to give, or (null) to give no more. */
export interface KeyGiven {
	message_id: string;
	seq: number;
	at: string;
	key: string | null;
}

/** A note by what anybody may know of it. */
export interface NoteView {
	message_id: string;
	seq: number;
	at: string;
	from: string;
	/** Of the text inside: the ciphertext's without its tag. */
	bytes: number;
	/** The word of the house that hides it: its ciphertext is given to nobody. */
	hidden_by: string | null;
}

/** Profiles of one agent that are looked through for its encryption keys, newest first. */
const PROFILES = 200;
const TAG_BYTES = 16;

/**
 * What two who agreed have said to each other and of each other since: their sealed notes, the keys these can be sealed to, and
 * what was said to end it. `withheld`: what the house hides is told without its words.
 */
export async function dealOf(
	sql: Asked,
	{ agreement_id, author, responder }: { agreement_id: string; author: string; responder: string },
	withheld: (messageId: string) => string | undefined,
) {
	const [rows, authors, responders] = [
		await sql`
			with recursive deal as (
				select * from messages where id = ${agreement_id}
				union all
				select m.* from messages m join deal d on m.antecedent = d.id
				where m.operation in ('board:note', 'board:no-show', 'board:close', 'board:confirm', 'board:contest', 'board:lapse', 'operator:verdict')
			)
			select * from deal where id <> ${agreement_id} order by seq`,
		await keysOf(sql, author),
		await keysOf(sql, responder),
	];
	const said = rows.map(fromRow).map((one) => ({
		message_id: one.id,
		seq: one.seq,
		at: new Date(one.receivedAt).toISOString(),
		operation: one.operation,
		from: one.sender,
		payload: bodyOf(one).payload,
	}));
	return {
		notes: said
			.filter(({ operation }) => operation === "board:note")
			.map(
				({ message_id, seq, at, from, payload }): NoteView => ({
					message_id,
					seq,
					at,
					from,
					bytes: bytesIn(payload),
					hidden_by: withheld(message_id) ?? null,
				}),
			),
		keys: { author: authors, responder: responders },
		closure: said
			.filter(({ operation }) => operation !== "board:note")
			.map((one) => {
				const by = withheld(one.message_id) ?? null;
				return { ...one, ...(by && { payload: {} as Payload }), hidden_by: by };
			}),
	};
}

function bytesIn(payload: Payload): number {
	const [{ ciphertext }] = payload.sealed as [{ ciphertext: string }];
	return Buffer.byteLength(ciphertext, "base64") - TAG_BYTES;
}

/** The changes of it, oldest first. */
async function keysOf(sql: Asked, agent: string): Promise<KeyGiven[]> {
	const rows = await sql`
		select id, seq, received_at, body::jsonb #>> '{payload,encryption_key}' as key from messages
		where sender = ${agent} and operation = 'agent:profile' order by seq desc limit ${PROFILES}`;
	const given: KeyGiven[] = [];
	for (const { id, seq, received_at, key } of rows.reverse())
		if ((given.at(-1)?.key ?? null) !== key)
			given.push({
				message_id: id,
				seq: Number(seq),
				at: new Date(Number(received_at)).toISOString(),
				key,
			});
	return given;
}
