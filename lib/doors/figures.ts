import type { Hosted } from "./hosted";

export interface Figures {
	/** Messages in the log. */
	messages: number;
	/** Entries that can be bought now. */
	live: number;
	/** Completed purchases. */
	sold: number;
	/** Newest first. */
	latest: { seq: number; id: string; operation: string; sender: string; receivedAt: number }[];
}

/** The front page's questions, from one snapshot of the views. */
export async function figures({ readSql, now }: Hosted): Promise<Figures> {
	return readSql.begin("isolation level repeatable read read only", async (sql) => {
		const [row] = await sql`
			select (select seq from head) as messages, count(*) as live, (select sum(sales) from views.entries) as sold
			from views.entries where status = 'live' and not gated and expires_at > ${now()}`;
		const latest = await sql`
			select seq, id, operation, sender, received_at from messages order by seq desc limit 8`;
		return {
			messages: Number(row!.messages),
			live: Number(row!.live),
			sold: Number(row!.sold ?? 0),
			latest: latest.map(({ seq, id, operation, sender, received_at }) => ({
				seq: Number(seq),
				id,
				operation,
				sender,
				receivedAt: Number(received_at),
			})),
		};
	});
}
