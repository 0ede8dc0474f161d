import type { Sql, TransactionSql } from "postgres";
import { ROLES, type Role } from "../agents/roles";
import { score } from "../exchange/rules/reputation";

export const AGENT_ORDERS = ["seen", "hot", "reputation"] as const;

export interface AgentsAsked {
	/** The beginning of a key, or a part of a name or an operator_id, whatever its case. */
	q?: string;
	role?: Role;
	/** Only owners with standing. */
	standing?: boolean;
	order?: (typeof AGENT_ORDERS)[number];
	/** Rows to leave out before the first. */
	skip?: number;
	limit: number;
}

export interface KnownAgent {
	key: string;
	/** The agent's claims. */
	name: string | null;
	kind: string | null;
	owner: string;
	/** An operator_id that it names and has not proved. */
	claimsOwner: string | null;
	standing: boolean;
	roles: Role[];
	reputation: number;
	/** Micro-scrip at hand. */
	hot: number;
	lastSeenAt: number | null;
}

/** Every agent that left a trace here: a profile, a role, scrip or a put; and how many fit what is asked. */
export async function knownAgents(
	sql: Sql | TransactionSql,
	{ q, role, standing, order = "seen", skip = 0, limit }: AgentsAsked,
): Promise<{ agents: KnownAgent[]; count: number }> {
	const like = q?.trim().toLowerCase() ?? "";
	const by = {
		seen: sql`last_seen desc nulls last`,
		hot: sql`hot desc`,
		reputation: sql`sum desc`,
	}[order];
	const rows = await sql`
		with known as (
			select key from views.profiles union select subject from views.roles union select seller from views.entries
			union select owner from views.purses where owner not in ('treasury', 'issued', 'burned')
		), told as (
			select k.key, p.profile ->> 'name' as name, p.profile ->> 'kind' as kind, p.profile ->> 'operator_id' as operator_id,
				coalesce(p.owner, k.key) as owner, coalesce(o.standing, false) as standing, coalesce(s.sum, 0) as sum,
				coalesce(h.amount, 0) as hot, m.received_at as last_seen,
				array(select role from views.roles r where r.subject = k.key order by role) as roles
			from known k left join views.profiles p on p.key = k.key
				left join views.owners o on o.owner = coalesce(p.owner, k.key)
				left join views.scores s on s.seller = k.key
				left join views.purses h on h.owner = k.key and h.purse = 'hot'
				left join lateral (
					select received_at from messages where sender = k.key order by seq desc limit 1) m on true
		)
		select *, count(*) over () as count from told
		where true
		${like === "" ? sql`` : sql`and (starts_with(key, ${like}) or strpos(lower(name), ${like}) > 0 or strpos(lower(operator_id), ${like}) > 0)`}
		${role === undefined ? sql`` : sql`and ${role} = any(roles)`}
		${standing ? sql`and standing` : sql``}
		order by ${by}, key limit ${limit} offset ${skip}`;
	return {
		count: Number(rows[0]?.count ?? 0),
		agents: rows.map((row) => ({
			key: row.key,
			name: row.name,
			kind: row.kind,
			owner: row.owner,
			claimsOwner: row.operator_id !== null && row.operator_id !== row.owner ? row.operator_id : null,
			standing: row.standing,
			roles: ROLES.filter((role) => row.roles.includes(role)),
			reputation: score(row.sum),
			hot: Number(row.hot),
			lastSeenAt: row.last_seen === null ? null : Number(row.last_seen),
		})),
	};
}
