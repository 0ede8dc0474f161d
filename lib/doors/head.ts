import type { Sql } from "postgres";

/** How far the log goes at this moment in this database, whoever wrote it: the tail of this process may be a moment behind. */
export async function headOf(sql: Sql): Promise<number> {
	const [head] = await sql`select seq from head`;
	return Number(head!.seq);
}
