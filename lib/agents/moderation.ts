import { type HideScope, hides, suspensions } from "../../db/schema/agents";
import type { Reading, Row } from "../log/state";

export type Hide = Row<typeof hides>;

/** The word that hides this message in this scope at this instant; undefined while it is seen. */
export function hiddenBy(state: Reading, messageId: string, scope: HideScope, at: number): Hide | undefined {
	const said = state.get(hides, messageId, scope);
	return said && isInForce(said, at) ? said : undefined;
}

/** Whether a message that this was said of is hidden: until `until` as it says, then the opposite. */
export function isInForce({ hidden, until }: Pick<Hide, "hidden" | "until">, at: number): boolean {
	return hidden !== (until !== null && at >= until);
}

/** In no list, be it because its words may not be shown. */
export function unlistedBy(state: Reading, messageId: string, at: number): Hide | undefined {
	const [listing, payload] = [
		hiddenBy(state, messageId, "listing", at),
		hiddenBy(state, messageId, "payload", at),
	];
	return payload ?? listing;
}

/** The operator:suspend that keeps this key from beginning anything new. */
export function suspendedBy(state: Reading, key: string, at: number): string | undefined {
	const suspension = state.get(suspensions, key);
	if (!suspension || (suspension.until !== null && at >= suspension.until)) return undefined;
	return suspension.messageId;
}
