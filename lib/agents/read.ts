import type { Sql, TransactionSql } from "postgres";
import { fromRow, type Recorded } from "../log/tail";
import type { Role } from "./roles";
import { declaredSettings, SETTINGS, type Setting, type SettingName, type Unit, unitOf } from "./settings";

type Asked = Sql | TransactionSql;

export interface Agent {
	key: string;
	/** The sender's claims, whole; null where it has made none, or the house hides them. */
	profile: Record<string, unknown> | null;
	owner: string;
	/** An `operator_id` that its profile names and that it has not proved. */
	claimsOwner: string | null;
	/** The keys that count as this owner, the one that claimed its `operator_id` first before the others. */
	ownerKeys: string[];
	standing: boolean;
	vouched: boolean;
	roles: string[];
	/** The key that signs for it today. */
	signer: string;
	/** Every key that it has signed with, its first one first: since and until when, and by which agent:rotate. */
	keys: { key: string; since: Change | null; until: Change | null }[];
	/** Its accounts elsewhere, while it and they name each other. */
	links: { rail: string; account: string; messageId: string; at: number }[];
	firstSeenAt: number | null;
	lastSeenAt: number | null;
}

/** A message that changed a key. */
interface Change {
	messageId: string;
	at: number;
}

/** By its first key. Undefined for a key that this exchange has never heard of. `withheld`: which words the house hides. */
export async function agentOf(
	sql: Asked,
	key: string,
	withheld: (messageId: string) => string | undefined,
): Promise<Agent | undefined> {
	const [row] = await sql`
		select p.profile, p.message_id, coalesce(p.owner, ${key}) as owner, o.standing, o.vouched,
			(select array_agg(role order by role) from views.roles where subject = ${key}) as roles,
			array(
				select k.key from views.profiles k left join views.operator_ids i on i.operator_id = k.owner and i.key = k.key
				where k.owner = coalesce(p.owner, ${key}) order by i.key is null, k.updated_at, k.key limit ${OWNER_KEYS}) as owner_keys,
			(select received_at from messages where sender = ${key} order by seq limit 1) as first_seen,
			(select received_at from messages where sender = ${key} order by seq desc limit 1) as last_seen,
			exists (select from views.purses where owner = ${key}) as has_purse
		from (select 1) one
			left join views.profiles p on p.key = ${key}
			left join views.owners o on o.owner = coalesce(p.owner, ${key})`;
	if (!row || (row.first_seen === null && row.roles === null && !row.has_purse)) return undefined;
	const linked = await sql`
		select l.rail, l.account, l.message_id, l.at from views.links l
			join views.linked_accounts a on a.rail = l.rail and a.account = l.account and a.key = l.key
		where l.key = ${key} and not exists (
			select from account_words w where w.rail = a.rail and w.account = a.account and w.event_at >= a.event_at)
		order by l.rail`;
	const keys = await keysOf(sql, key);
	const profile = row.message_id !== null && withheld(row.message_id) ? null : row.profile;
	const named = profile?.operator_id;
	return {
		key,
		profile,
		owner: row.owner,
		claimsOwner: named === undefined || named === row.owner ? null : named,
		ownerKeys: row.owner_keys,
		standing: row.standing ?? false,
		vouched: row.vouched ?? false,
		roles: row.roles ?? [],
		signer: keys.find(({ until }) => until === null)?.key ?? key,
		keys,
		links: linked.map(({ rail, account, message_id, at }) => ({
			rail,
			account,
			messageId: message_id,
			at: Number(at),
		})),
		firstSeenAt: row.first_seen === null ? null : Number(row.first_seen),
		lastSeenAt: row.last_seen === null ? null : Number(row.last_seen),
	};
}

async function keysOf(sql: Asked, agent: string): Promise<Agent["keys"]> {
	const rows = await sql`
		select k.key, s.id as since_id, s.received_at as since_at, u.id as until_id, u.received_at as until_at
		from views.agent_keys k left join messages s on s.id = k.since_id left join messages u on u.id = k.until_id
		where k.agent = ${agent} order by s.seq nulls first`;
	const change = (messageId: string | null, at: unknown) =>
		messageId === null ? null : { messageId, at: Number(at) };
	return rows.map((row) => ({
		key: row.key,
		since: change(row.since_id, row.since_at),
		until: change(row.until_id, row.until_at),
	}));
}

/** The agents that these keys may put a new key in the place of now. A key that another has replaced may nothing. */
export async function recoverableBy(
	sql: Asked,
	keys: readonly string[],
	now: number,
	withheld: (messageId: string) => string | undefined,
): Promise<{ by: string; agent: string; name: string | null }[]> {
	const rows = await sql`
		select k.key as by, r.agent, p.message_id, p.profile ->> 'name' as name
		from views.agent_keys k join views.recoveries r on r.by = k.agent
			left join views.profiles p on p.key = r.agent
		where k.key = any(${[...keys]}::text[]) and k.until_id is null and (r.until is null or r.until > ${now})
		order by r.since limit 50`;
	return rows.map(({ by, agent, message_id, name }) => ({
		by,
		agent,
		name: message_id !== null && withheld(message_id) ? null : name,
	}));
}

export interface HeavyAct {
	message: Recorded;
	scrip: number;
	/** By which another house operator agreed; null while it waits. */
	second: { id: string; seq: number } | null;
}

/**
 * Acts above the sum: those that wait for a second house operator, the oldest first, not of who is one no more; then those that
 * one has agreed to at `since` or later.
 */
export async function heavyActs(sql: Asked, since: number): Promise<HeavyAct[]> {
	const rows = await sql`
		select m.*, a.scrip, s.id as second_id, s.seq as second_seq
		from views.approvals a join messages m on m.id = a.message_id left join messages s on s.id = a.second_id
		where s.received_at >= ${since} or (a.second_id is null
			and exists (select from views.roles r where r.subject = a.sender and r.role = 'operator'))
		order by s.seq desc nulls first, a.at, m.seq limit 100`;
	return rows.map((row) => ({
		message: fromRow(row),
		scrip: Number(row.scrip),
		second: row.second_id === null ? null : { id: row.second_id, seq: Number(row.second_seq) },
	}));
}

/** Whether there is any house operator: while there is none, the one-time link makes one. */
export async function hasOperator(sql: Asked): Promise<boolean> {
	const rows = await sql`select from views.roles where role = 'operator' limit 1`;
	return rows.length > 0;
}

/** The message by which a key has a role now; undefined when it has not. */
export async function grantOf(
	sql: Asked,
	key: string,
	role: Role,
): Promise<{ id: string; seq: number; at: number } | undefined> {
	const [row] = await sql`
		select m.id, m.seq, m.received_at from views.roles r join messages m on m.id = r.message_id
		where r.subject = ${key} and r.role = ${role}`;
	return row && { id: row.id, seq: Number(row.seq), at: Number(row.received_at) };
}

export type SettingView = Setting & { value: number | boolean; unit?: Unit };

/** The key that named this `operator_id` first and alone can let others join it; undefined while nobody has. */
export async function holderOf(sql: Asked, operatorId: string): Promise<string | undefined> {
	const [row] = await sql`select key from views.operator_ids where operator_id = ${operatorId}`;
	return row?.key;
}

/** More keys of one owner than this are not shown. */
const OWNER_KEYS = 50;

/** Every setting by name, with the value in force. */
export async function settingsInForce(sql: Asked): Promise<Record<string, SettingView>> {
	const rows = await sql<{ name: string; value: number | boolean }[]>`select name, value from views.settings`;
	const changed = new Map(rows.map(({ name, value }) => [name, value]));
	return Object.fromEntries(
		[...declaredSettings()].map(([name, one]) => {
			const unit = unitOf(name);
			return [name, { value: changed.get(name) ?? one.default, ...(unit && { unit }), ...one }];
		}),
	);
}

/** One setting that is a number, as it is in force. */
export async function settingIn(sql: Asked, name: SettingName): Promise<number> {
	const [row] = await sql`select value from views.settings where name = ${name}`;
	return Number(row?.value ?? SETTINGS[name].default);
}

export interface SettingChange {
	seq: number;
	id: string;
	at: number;
	by: string;
	/** The house operator's words. */
	reason: string;
	name: string;
	from: number | boolean;
	to: number | boolean;
}

/** Every change of every setting, or of one, newest first: a message that changes several gives as many. */
export async function settingChanges(sql: Asked, name?: string): Promise<SettingChange[]> {
	const rows = await sql`
		select seq, id, sender, received_at, body::jsonb -> 'payload' as payload from messages
		where operation = 'operator:configure' order by seq`;
	const inForce = new Map([...declaredSettings()].map(([name, { default: value }]) => [name, value]));
	const changes: SettingChange[] = [];
	for (const { seq, id, sender, received_at, payload } of rows)
		for (const [changed, to] of Object.entries(payload.changes as Record<string, number | boolean>)) {
			const from = inForce.get(changed) ?? to;
			inForce.set(changed, to);
			if (name !== undefined && name !== changed) continue;
			changes.push({
				seq: Number(seq),
				id,
				at: Number(received_at),
				by: sender,
				reason: payload.reason,
				name: changed,
				from,
				to,
			});
		}
	return changes.reverse();
}
