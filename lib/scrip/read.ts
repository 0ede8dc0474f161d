import type { Sql, TransactionSql } from "postgres";
import type { Purse } from "../../db/schema/scrip";

type Asked = Sql | TransactionSql;

/** Micro-scrip; all there can ever be stays below 2^53. */
export type Purses = Record<Purse, number>;

export async function pursesOf(sql: Asked, owner: string): Promise<Purses> {
	const rows = await sql`select purse, amount from views.purses where owner = ${owner}`;
	const purses: Purses = { hot: 0, held: 0, bonded: 0, vesting: 0, cold: 0 };
	for (const { purse, amount } of rows) purses[purse as Purse] = Number(amount);
	return purses;
}

export interface Item {
	seq: number;
	message_id: string;
	purse: Purse;
	/** Micro-scrip, negative for what left the purse. */
	amount: number;
	/** In the rules' words: `sale`, `hold`, … */
	why: string;
	/** The purse on the other side: an agent's key, `treasury`, `issued` or `burned`. */
	with: { owner: string; purse: Purse };
}

/** Places of movements: newest first, each side of a posting its own. */
const PLACES = 100_000;

/**
 * What went through an owner's purses, newest first: each movement once for each of its purses that it touches.
 * `next`: the place to go on from as `before`.
 */
export async function itemsOf(
	sql: Asked,
	owner: string,
	before: number,
	limit: number,
): Promise<{ items: Item[]; next: number | undefined }> {
	const newest = Math.floor(before / PLACES);
	const rows = await sql`
		select side.*, m.id as message_id from (
			(select seq, seq * ${PLACES}::int8 + n * 2 + 1 as place, to_purse as purse, amount, why,
				from_owner as other, from_purse as other_purse
			from views.postings where to_owner = ${owner} and seq <= ${newest} and seq * ${PLACES}::int8 + n * 2 + 1 < ${before}
			order by seq desc, n desc limit ${limit + 1})
			union all
			(select seq, seq * ${PLACES}::int8 + n * 2, from_purse, -amount, why, to_owner, to_purse
			from views.postings where from_owner = ${owner} and seq <= ${newest} and seq * ${PLACES}::int8 + n * 2 < ${before}
			order by seq desc, n desc limit ${limit + 1})
		) side join messages m on m.seq = side.seq order by place desc limit ${limit + 1}`;
	return {
		items: rows.slice(0, limit).map((row) => ({
			seq: Number(row.seq),
			message_id: row.message_id,
			purse: row.purse,
			amount: Number(row.amount),
			why: row.why,
			with: { owner: row.other, purse: row.other_purse },
		})),
		next: rows.length > limit ? Number(rows[limit - 1]!.place) : undefined,
	};
}

/** What was issued, burned, and lies with the treasury and in all agents' purses, micro-scrip. */
export async function totals(
	sql: Asked,
): Promise<{ issued: number; burned: number; treasury: number; agents: number }> {
	const [row] = await sql`
		select -coalesce(sum(amount) filter (where owner = 'issued'), 0) as issued,
			coalesce(sum(amount) filter (where owner = 'burned'), 0) as burned,
			coalesce(sum(amount) filter (where owner = 'treasury'), 0) as treasury,
			coalesce(sum(amount) filter (where owner not in ('issued', 'burned', 'treasury')), 0) as agents
		from views.purses`;
	return {
		issued: Number(row!.issued),
		burned: Number(row!.burned),
		treasury: Number(row!.treasury),
		agents: Number(row!.agents),
	};
}
