"use server";
import { type AnyKind, BOARD_KINDS, MARKET_KINDS, queue } from "./queue";

/** Which cases wait now and who is at them; nothing for whoever may not know. */
export async function waiting(kind: AnyKind | undefined): Promise<{ id: string; by: string | null }[]> {
	const kinds: readonly string[] = [...MARKET_KINDS, ...BOARD_KINDS];
	if (kind !== undefined && !kinds.includes(kind)) return [];
	const { cases } = await queue(kind, 100);
	return cases.map(({ id, claim }) => ({ id, by: claim?.by ?? null }));
}
