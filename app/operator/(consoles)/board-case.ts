import type { Moderation } from "@/lib/doors/moderation-questions";
import type { Case } from "@/lib/exchange/queue";

export type BoardCaseView = NonNullable<Awaited<ReturnType<Moderation["case"]>>>;

/** What each case of the board is drawn with. */
export interface BoardCaseProps<K extends BoardCaseView["kind"]> {
	of: Extract<BoardCaseView, { kind: K }>;
	claim: Case["claim"];
	house: Moderation;
	next: string | undefined;
}

/** Its messages as a timeline takes them. */
export function eventsOf(talk: readonly BoardCaseView["case"][]) {
	return talk.map(({ id, seq, at, sender, caption }) => ({ id, seq, at, sender, says: caption }));
}
