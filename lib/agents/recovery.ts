import { profiles, recoveries } from "../../db/schema/agents";
import type { Act } from "../log/operation";
import type { Reading, Row, Writing } from "../log/state";
import { setting } from "./settings";

/*
 * Who has stolen an agent's key can sign everything its owner can: also a profile that names another recovery key, and a
 * rotation. So that the owner still comes back, a recovery key keeps its power for `agent.recovery_days` after the profile
 * ceased to name it, whatever key the agent has meanwhile; and when it is used, every recovery key that was named later loses
 * its own. Of the two keys it is thus the recovery key that decides, and it is the one to keep away from where one works.
 * Should the recovery key itself be stolen, its owner rotates that key: the profile goes on naming the same agent.
 */

const DAY_MS = 86_400_000;

/** Whether this agent may put a new key in the place of the other's. */
export function mayRecover(state: Reading, by: string, agent: string, at: number): boolean {
	const named = state.get(recoveries, agent, by);
	return named !== undefined && isGood(named, at);
}

function isGood({ until }: Row<typeof recoveries>, at: number): boolean {
	return until === null || at < until;
}

/** The profile names this recovery key, or none: what it named before runs out. */
export function nameRecovery(
	state: Writing,
	{ sender: agent, seq, receivedAt }: Pick<Act, "sender" | "seq" | "receivedAt">,
	by: string | undefined,
): void {
	const until = receivedAt + setting(state, "agent.recovery_days") * DAY_MS;
	for (const row of state.where(recoveries, { agent }))
		if (row.until === null && row.by !== by) state.put(recoveries, { ...row, until });
	if (by === undefined) return;
	const before = state.get(recoveries, agent, by);
	const since = before && isGood(before, receivedAt) ? before.since : seq;
	state.put(recoveries, { agent, by, since, until: null });
}

/** It was used: it is what the profile names from now on, and those that were named after it are annulled. */
export function recovered(state: Writing, agent: string, by: string): void {
	const used = state.get(recoveries, agent, by)!;
	for (const row of state.where(recoveries, { agent }))
		if (row.since > used.since) state.del(recoveries, agent, row.by);
	state.put(recoveries, { ...used, until: null });
	const said = state.get(profiles, agent)!;
	state.put(profiles, { ...said, profile: { ...said.profile, recovery_key: by } });
}
