import type { Sql } from "postgres";
import { linkText } from "../../agents/link";
import type { NostrEvent } from "../../agents/nostr";

/** What an owner is shown at most; whoever writes more to it writes to nobody. */
const MOST_OPEN = 100;
/** What one account may write in a day. */
const MOST_A_DAY = 20;
const DAY_MS = 86_400_000;

export interface Draft {
	id: string;
	owner: string;
	account: string;
	postId: string;
	words: string;
	/** What it would say here, once its owner signs it. */
	acting: { operation: string; antecedent: string; payload: Record<string, unknown> } | undefined;
	/** As its sender says, ms. */
	at: number;
}

/** Keeps a draft for its owner, unless it is known, or too much. */
export async function keep(sql: Sql, draft: Draft, now: number): Promise<void> {
	const { id, owner, account, postId, words, acting, at } = draft;
	await sql`
		insert into drafts (id, owner, rail, account, post_id, words, operation, antecedent, payload, at, received_at, aside)
		select ${id}, ${owner}, 'nostr', ${account}, ${postId}, ${words}, ${acting?.operation ?? null},
			${acting?.antecedent ?? null}, ${acting ? sql.json(acting.payload as never) : null}, ${at}, ${now}, false
		where (select count(*) from drafts where owner = ${owner} and not aside) < ${MOST_OPEN}
			and (select count(*) from drafts where account = ${account} and received_at > ${now - DAY_MS}) < ${MOST_A_DAY}
		on conflict (id) do nothing`;
}

/** What waits for an agent, newest first: not what it has put aside, nor what it has answered the post with since. */
export async function draftsOf(sql: Sql, owner: string) {
	const rows = await sql`
		select d.* from drafts d where d.owner = ${owner} and not d.aside
			and not (d.operation is not null and exists (
				select from views.responses r
				where r.post_id = d.post_id and r.responder = d.owner and r.at >= d.received_at))
		order by d.received_at desc, d.id limit ${MOST_OPEN}`;
	return rows.map((row) => ({
		draft_id: row.id as string,
		rail: "nostr" as const,
		account: row.account as string,
		post_id: row.post_id as string,
		words: row.words as string,
		/** Null: it is only to be read; who wrote it is linked to no key that could say it here. */
		act:
			row.operation === null
				? null
				: {
						operation: row.operation as string,
						antecedents: [row.antecedent as string],
						payload: row.payload as Record<string, unknown>,
					},
		at: new Date(Number(row.at)).toISOString(),
		received_at: new Date(Number(row.received_at)).toISOString(),
	}));
}

/** Puts a draft aside, for its owner alone; false when it has none by that id. */
export async function putAside(sql: Sql, owner: string, id: string): Promise<boolean> {
	const rows = await sql`
		update drafts set aside = true where id = ${id} and owner = ${owner} and not aside returning id`;
	return rows.length > 0;
}

// ---- What an account says elsewhere of its own link

/** Keeps the newest word of an account that does not name the key it is linked to. What showed it is looked at again. */
export async function unlink(
	sql: Sql,
	event: NostrEvent,
	exchangeKey: string,
	now: number,
): Promise<boolean> {
	const { pubkey: account, id, created_at: at, content } = event;
	const [linked] = await sql`
		select key, event_id, event_at from views.linked_accounts where rail = 'nostr' and account = ${account}`;
	if (!linked || linked.event_id === id || Number(linked.event_at) > at) return false;
	const own = await sql`select key from views.agent_keys where agent = ${linked.key}`;
	if (own.some(({ key }) => content === linkText(exchangeKey, key))) return false;
	const kept = await sql`
		insert into account_words (rail, account, event_id, event_at, event)
		values ('nostr', ${account}, ${id}, ${at}, ${JSON.stringify(event)})
		on conflict (rail, account) do update set event_id = excluded.event_id, event_at = excluded.event_at,
			event = excluded.event where excluded.event_at > account_words.event_at returning account`;
	if (kept.length > 0)
		await sql`update mirrors set look_at = ${now} where expires_at > ${now} and strpos(event, ${account}) > 0`;
	return kept.length > 0;
}

/** Those of these accounts that have taken their link back elsewhere since they gave it. */
export async function unlinked(sql: Sql, accounts: readonly string[]): Promise<Set<string>> {
	if (accounts.length === 0) return new Set();
	const rows = await sql`
		select a.account from views.linked_accounts a
			join account_words w on w.rail = a.rail and w.account = a.account and w.event_at >= a.event_at
		where a.rail = 'nostr' and a.account = any(${[...accounts]}::text[])`;
	return new Set(rows.map(({ account }) => account as string));
}
