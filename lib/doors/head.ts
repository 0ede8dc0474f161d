import type { House } from "./house";

/** How far the log goes at this moment, whoever wrote it: the tail of this process may be a moment behind. */
export async function headOf({ sql }: Pick<House, "sql">): Promise<number> {
	const [head] = await sql`select seq from head`;
	return Number(head!.seq);
}
