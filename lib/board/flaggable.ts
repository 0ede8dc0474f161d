import { flags } from "../../db/schema/board";
import { ownerOf } from "../agents/owner";
import { headerOf } from "../log/registry";
import type { Reading } from "../log/state";

/** A message that somebody may flag, or has flagged. */
export interface Flaggable {
	target: string;
	/** The flag that their owner has on it already. */
	flaggedBy: string | null;
}

/** Which of these messages `reader` may flag: none of its own owner's. Undefined: somebody who has not said who it is. */
export function flaggable(
	state: Reading,
	targets: readonly string[],
	reader: string | undefined,
): Flaggable[] {
	if (reader === undefined) return targets.map((target) => ({ target, flaggedBy: null }));
	const owner = ownerOf(state, reader);
	return targets
		.filter((target) => ownerOf(state, headerOf(state, target)!.sender) !== owner)
		.map((target) => ({ target, flaggedBy: state.get(flags, target, owner)?.flagId ?? null }));
}
