"use server";
import { holderOf } from "@/lib/agents/read";
import { opened } from "@/lib/doors/opened";

/** The key that signs for the agent that named this owner first; nothing while nobody has. */
export async function holder(operatorId: string): Promise<string | undefined> {
	const { house } = await opened();
	const agent = await holderOf(house.readSql, String(operatorId).slice(0, 64));
	return agent === undefined ? undefined : house.keys.signerOf(agent);
}
