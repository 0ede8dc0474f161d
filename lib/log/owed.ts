import type { Sql, TransactionSql } from "postgres";

type Asked = Sql | TransactionSql;

/** What the exchange owes, for whoever keeps it running. Instants in ms. */
export interface Owed {
	/** By what would be said: how many are owed, how many of those are due and not parked. */
	kinds: { kind: string; owed: number; due: number }[];
	/** Being worked on by some process. */
	leased: number;
	/** Since when the oldest one that is due and not parked is due. */
	oldestDue: number | null;
	/** Given up after the last try: each waits for somebody to look. */
	parked: Parked[];
}

export interface Parked {
	id: string;
	kind: string;
	/** The message that made the exchange owe it; "" for what recurs. */
	subject: string;
	due: number;
	tries: number;
	error: string;
}

export async function owed(sql: Asked, at: number): Promise<Owed> {
	const [kinds, [now], parked] = await Promise.all([
		sql`select d.kind, count(*) as owed, count(*) filter (where d.due <= ${at} and l.parked is not true) as due
			from views.duties d left join duty_leases l on l.duty = d.id group by d.kind order by d.kind`,
		sql`select count(*) filter (where l.leased_until > ${at} and not l.parked) as leased,
				min(d.due) filter (where d.due <= ${at} and l.parked is not true) as oldest
			from views.duties d left join duty_leases l on l.duty = d.id`,
		sql`select d.*, l.tries, l.error from duty_leases l join views.duties d on d.id = l.duty
			where l.parked order by d.due, d.id limit 200`,
	]);
	return {
		kinds: kinds.map(({ kind, owed, due }) => ({ kind, owed: Number(owed), due: Number(due) })),
		leased: Number(now!.leased),
		oldestDue: now!.oldest === null ? null : Number(now!.oldest),
		parked: parked.map(({ id, kind, subject, due, tries, error }) => ({
			id,
			kind,
			subject,
			due: Number(due),
			tries,
			error: error ?? "",
		})),
	};
}

/** Takes a duty that was parked up again, with all its tries; false when there is none parked by that id. */
export async function unpark(sql: Asked, id: string, at: number): Promise<boolean> {
	const taken = await sql`
		update duty_leases set parked = false, tries = 0, leased_until = ${at}
		where duty = ${id} and parked returning duty`;
	return taken.length > 0;
}
