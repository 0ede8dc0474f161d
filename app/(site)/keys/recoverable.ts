"use server";
import { recoverableBy } from "@/lib/agents/read";
import { opened } from "@/lib/doors/opened";

/** An agent that a key of this browser may put a new key in the place of. */
export interface Recoverable {
	/** The recovery key. */
	by: string;
	agent: string;
	/** The key that signs for it today. */
	signer: string;
	name: string | null;
}

const MOST = 50;

/** Whom these keys may recover; public, as the profiles are that name them. */
export async function recoverable(keys: string[]): Promise<Recoverable[]> {
	const { house } = await opened();
	const asked = keys.filter((key) => /^[0-9a-f]{64}$/.test(String(key))).slice(0, MOST);
	if (asked.length === 0) return [];
	const found = await recoverableBy(house.readSql, asked, house.now(), house.withheld.by);
	return found.map(({ agent, ...one }) => ({ ...one, agent, signer: house.keys.signerOf(agent) }));
}
