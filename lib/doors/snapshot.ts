import type { Sql, TransactionSql } from "postgres";

/** `found` as the views stood at `seq`. */
export interface Answered<T> {
	seq: number;
	found: T;
}

/** One question of the views, with the place in the log that they reflect. */
export async function snapshot<T>(
	sql: Sql,
	question: (sql: TransactionSql) => Promise<T>,
): Promise<Answered<T>> {
	const answer = await sql.begin("isolation level repeatable read read only", async (sql) => {
		const [head] = await sql`select seq from head`;
		return { seq: Number(head!.seq), found: await question(sql) };
	});
	return answer as Answered<T>;
}
