import type { Sql, TransactionSql } from "postgres";
import { fromRow, type Recorded } from "../log/tail";

/** What was said about an entry, in order: its put and the ruling, and how purchases of it ended. The newest hundred. */
export async function historyOf(sql: Sql | TransactionSql, entryId: string): Promise<Recorded[]> {
	const rows = await sql`
		select * from (
			select m.* from messages m where m.id = ${entryId} or m.antecedent = ${entryId} and m.operation in
				('exchange:settle/put-accept', 'exchange:settle/put-reject')
			union
			select m.* from messages m join views.orders o on m.id in (o.ended_by, o.dispute_id) where o.entry = ${entryId}
			union
			select m.* from messages m where m.operation = 'exchange:clear'
				and m.antecedent in (select g.shut_by from views.gates g where g.entry = ${entryId})
			order by seq desc limit 100
		) newest order by seq`;
	return rows.map(fromRow);
}

export interface Sale {
	at: number;
	priceScrip: number;
	/** The message that completed it, and its place in the log. */
	endedBy: string;
	seq: number;
}

/** Prices paid for an entry, oldest first; the last two hundred. */
export async function salesOf(sql: Sql | TransactionSql, entryId: string): Promise<Sale[]> {
	const rows = await sql`
		select o.ended_at, o.price_scrip, o.ended_by, m.seq from views.orders o join messages m on m.id = o.ended_by
		where o.entry = ${entryId} and o.status = 'completed' order by o.ended_at desc, o.seq desc limit 200`;
	return rows.reverse().map((row) => ({
		at: Number(row.ended_at),
		priceScrip: Number(row.price_scrip),
		endedBy: row.ended_by,
		seq: Number(row.seq),
	}));
}
