"use server";
import type { CaseKind } from "@/lib/exchange/queue";
import { consoles } from "./consoles";

/** Which cases wait now and who is at them; nothing for whoever may not know. */
export async function waiting(kind: CaseKind | undefined): Promise<{ id: string; by: string | null }[]> {
	const house = await consoles();
	if (!house || (kind !== undefined && kind !== "put" && kind !== "dispute")) return [];
	const { found } = await house.queue(kind, 100);
	return found.cases.map(({ id, claim }) => ({ id, by: claim?.by ?? null }));
}
