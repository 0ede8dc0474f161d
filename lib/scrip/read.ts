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

/**
 * The same once message `seq` was in: what had gone through them until then. Reads the owner's own movements, not the log.
 */
export async function pursesThen(sql: Asked, owner: string, seq: number): Promise<Purses> {
	const rows = await sql`
		select purse, sum(amount) as amount from (
			select to_purse as purse, amount from views.postings where to_owner = ${owner} and seq <= ${seq}
			union all
			select from_purse, -amount from views.postings where from_owner = ${owner} and seq <= ${seq}
		) moved group by purse`;
	const purses: Purses = { hot: 0, held: 0, bonded: 0, vesting: 0, cold: 0 };
	for (const { purse, amount } of rows) purses[purse as Purse] = Number(amount);
	return purses;
}

/** Where a ledger begins that is read as of message `seq`, newest first. */
export function ledgerPlace(seq: number): number {
	return (seq + 1) * PLACES;
}

export interface Item {
	seq: number;
	message_id: string;
	at: string;
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
		select side.*, m.id as message_id, m.received_at as at from (
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
			at: new Date(Number(row.at)).toISOString(),
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

export interface SupplyPoint {
	/** Where scrip lay at this instant. */
	at: number;
	/** Micro-scrip; issued = burned + treasury + agents. */
	issued: number;
	burned: number;
	treasury: number;
	agents: number;
}

/**
 * Supply before the step of `stepMs` that holds `from`, and at the end of every one from there to now. Counted back from what there is: only what
 * moved since then is read, however long the log. `place`: of the first message received since the first step began.
 */
export async function supply(
	sql: Asked,
	{ from, to, stepMs, place }: { from: number; to: number; stepMs: number; place: number },
): Promise<SupplyPoint[]> {
	const [now, rows] = await Promise.all([
		totals(sql),
		sql`select m.received_at / ${stepMs}::int8 as step,
				coalesce(sum(p.amount) filter (where p.from_owner = 'issued'), 0)
					- coalesce(sum(p.amount) filter (where p.to_owner = 'issued'), 0) as issued,
				coalesce(sum(p.amount) filter (where p.to_owner = 'burned'), 0)
					- coalesce(sum(p.amount) filter (where p.from_owner = 'burned'), 0) as burned,
				coalesce(sum(p.amount) filter (where p.to_owner = 'treasury'), 0)
					- coalesce(sum(p.amount) filter (where p.from_owner = 'treasury'), 0) as treasury
			from views.postings p join messages m on m.seq = p.seq where p.seq >= ${place} group by 1`,
	]);
	const changes = new Map(rows.map((row) => [Number(row.step), row]));
	const points: SupplyPoint[] = [];
	let { issued, burned, treasury } = now;
	const [first, last] = [Math.floor(from / stepMs), Math.floor(to / stepMs)];
	for (let step = last; step >= first; step--) {
		const at = Math.min(to, (step + 1) * stepMs);
		points.push({ at, issued, burned, treasury, agents: issued - burned - treasury });
		const change = changes.get(step);
		if (!change) continue;
		issued -= Number(change.issued);
		burned -= Number(change.burned);
		treasury -= Number(change.treasury);
	}
	points.push({ at: first * stepMs, issued, burned, treasury, agents: issued - burned - treasury });
	return points.reverse();
}

export interface Emission {
	seq: number;
	id: string;
	at: number;
	by: string;
	act: "mint" | "burn";
	/** Whole scrip. */
	scrip: number;
	/** A key, `treasury`, or for a burn `burned`. */
	to: string;
	/** The outside payment of a mint, the reason of a burn: the house operator's words. */
	why: string;
}

/**
 * What came into being and what was burned by hand, newest first; not what still waits for a second house operator. `before`: a
 * place in the log.
 */
export async function emissions(
	sql: Asked,
	before: number,
	limit: number,
): Promise<{ items: Emission[]; next: number | undefined }> {
	const rows = await sql`
		select seq, id, operation, sender, received_at, body::jsonb -> 'payload' as payload from messages
		where operation in ('scrip:mint', 'scrip:burn') and seq < ${before}
			and not exists (select from views.approvals a where a.message_id = id and a.second_id is null)
		order by seq desc limit ${limit + 1}`;
	const items = rows.slice(0, limit).map(({ seq, id, operation, sender, received_at, payload }) => ({
		seq: Number(seq),
		id: id as string,
		at: Number(received_at),
		by: sender as string,
		act: operation === "scrip:mint" ? ("mint" as const) : ("burn" as const),
		scrip: payload.amount as number,
		to: (payload.recipient ?? "burned") as string,
		why: (payload.reference ?? payload.reason) as string,
	}));
	return { items, next: rows.length > limit ? items.at(-1)!.seq : undefined };
}
