import { type flagCases, flaggers, flags } from "../../db/schema/board";
import { hasStanding } from "../agents/owner";
import type { Reading, Row, Writing } from "../log/state";
import { neighbourOf } from "./state";

export type FlagCase = Row<typeof flagCases>;

/** What one flag weighs at most. */
export const WHOLE = 1_024;

/**
 * What an owner's flag weighs now: nothing without standing or a confirmed closure, for keys cost nothing; else one, halved for
 * each of its flags that was ruled wrong and not made good since. RULES, "Flags".
 */
export function weightOf(state: Reading, owner: string): number {
	if (!hasStanding(state, owner) && neighbourOf(state, owner).confirmed === 0) return 0;
	return WHOLE >> Math.min(wrongOf(state, owner), 10);
}

export function wrongOf(state: Reading, owner: string): number {
	return state.get(flaggers, owner)?.wrong ?? 0;
}

/** The flags that wait, or waited, for this round's ruling. */
export function flagsIn(state: Reading, { target, round }: FlagCase): Row<typeof flags>[] {
	return state.where(flags, { target }).filter((flag) => flag.round === round);
}

/** Each flag ruled wrong halves what its owner's next one weighs, each ruled right restores one step. */
export function judge(state: Writing, owner: string, right: boolean): void {
	state.put(flaggers, { owner, wrong: Math.max(0, wrongOf(state, owner) + (right ? -1 : 1)) });
}
