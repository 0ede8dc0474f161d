import { agentKeys } from "../../db/schema/log";
import type { Reading, Row, Writing } from "./state";

/**
 * Agents and their keys. An agent is named for ever by its first key, as the exchange itself is (PROTOCOL, "Message"): views,
 * rules and purses know that name alone, so that nothing has to move when a key is changed. The machine translates at the
 * state's edge, whoever signed and whomever a payload names; no rule needs to know of rotations.
 */
export type AgentKey = Row<typeof agentKeys>;

/** The agent that this key speaks for, or spoke for. */
export function agentOfKey(state: Reading, key: string): string {
	return state.get(agentKeys, key)?.agent ?? key;
}

/** The message by which another key has taken this one's place. */
export function replacedBy(state: Reading, key: string): string | undefined {
	return state.get(agentKeys, key)?.untilId ?? undefined;
}

/** The key that signs for an agent today. */
export function signingKeyOf(state: Reading, agent: string): string {
	return state.where(agentKeys, { agent }).find(({ untilId }) => untilId === null)?.key ?? agent;
}

/** Whether this exchange has met the key at all: as a sender, or named by a message. */
export function isSeen(state: Reading, key: string): boolean {
	return key === state.exchangeKey || state.get(agentKeys, key) !== undefined;
}

/** Notes a key that is met for the first time: it is its own agent's name, and nobody's new key any more. */
export function see(state: Writing, key: string): void {
	if (!state.get(agentKeys, key)) state.put(agentKeys, { key, agent: key, sinceId: null, untilId: null });
}

/** From this message on `newKey` alone speaks for the agent. */
export function rotate(state: Writing, agent: string, newKey: string, messageId: string): void {
	// A rotation may be the very first that is heard of an agent.
	see(state, agent);
	for (const row of state.where(agentKeys, { agent }))
		if (row.untilId === null) state.put(agentKeys, { ...row, untilId: messageId });
	state.put(agentKeys, { key: newKey, agent, sinceId: messageId, untilId: null });
}

/** The payload as the rules see it: every agent that one of its fields names by a later key is named by its first. */
export function inAgents<P>(state: Reading, payload: P, named: readonly string[]): P {
	let heard = payload;
	for (const key of named) {
		const agent = agentOfKey(state, key);
		if (agent !== key) heard = replaced(heard, key, agent);
	}
	return heard;
}

function replaced<T>(value: T, key: string, agent: string): T {
	if (value === key) return agent as T;
	if (Array.isArray(value)) return value.map((one) => replaced(one, key, agent)) as T;
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [name, replaced(member, key, agent)]),
	) as T;
}
