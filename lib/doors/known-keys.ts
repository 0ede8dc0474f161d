import type { Sql } from "postgres";
import { bodyOf } from "../log/read";
import type { Recorded, Tail } from "../log/tail";

/** Whose a key is, for whoever asks by one. */
export interface KnownKeys {
	/** The agent, by its first key; of a key that was never changed, the key itself. */
	agentOf(key: string): string;
	/** The key that signs for an agent today. */
	signerOf(agent: string): string;
	/** A text with every agent that stands in it by a later key named by its first: an address, say. */
	inAgents(text: string): string;
}

/** Held in memory and followed along the log: every question is asked by some key, and few are ever changed. */
export async function openKeys(parts: {
	sql: Sql;
	tail: Tail;
	onTrouble(error: unknown): void;
}): Promise<KnownKeys> {
	const { sql, tail, onTrouble } = parts;
	const agents = new Map<string, string>();
	const signers = new Map<string, string>();
	const agentOf = (key: string) => agents.get(key) ?? key;

	const know = (key: string, agent: string) => {
		agents.set(key, agent);
		signers.set(agent, key);
	};
	async function load(): Promise<void> {
		// The one that signs comes last.
		const rows = await sql`
			select key, agent from views.agent_keys where since_id is not null order by until_id is null`;
		for (const { key, agent } of rows) know(key, agent);
	}
	const hear = (recorded: Recorded) => {
		if (recorded.operation !== "agent:rotate") return;
		const { sender, payload } = bodyOf(recorded);
		const { new_key, agent: lost = sender } = payload as { new_key: string; agent?: string };
		know(new_key, agentOf(lost));
	};

	tail.listen(({ messages, reset }) => {
		for (const recorded of messages) hear(recorded);
		if (reset) load().catch(onTrouble);
	});
	await load();
	return {
		agentOf,
		signerOf: (agent) => signers.get(agent) ?? agent,
		inAgents: (text) => (agents.size === 0 ? text : text.replace(/[0-9a-f]{64}/g, agentOf)),
	};
}
