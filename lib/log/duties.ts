import { duties } from "../../db/schema/log";
import type { Act } from "./operation";
import type { Writing } from "./state";

/**
 * Write down what the exchange owes and from when on (ms; default at once). A second `owe` of the same kind for
 * the same message changes its date.
 */
export function owe(
	state: Writing,
	kind: string,
	act: Pick<Act, "id" | "receivedAt">,
	options: { due?: number; data?: unknown } = {},
): void {
	state.put(duties, {
		id: dutyId(kind, act.id),
		kind,
		subject: act.id,
		due: options.due ?? act.receivedAt,
		data: options.data ?? null,
	});
}

/** The duty is met, or has become moot: the row's absence is what keeps a second answer out. */
export function answered(state: Writing, kind: string, subject: string): void {
	state.del(duties, dutyId(kind, subject));
}

export function dutyId(kind: string, subject: string): string {
	return `${kind}:${subject}`;
}
