import { drafted } from "../client/compose";
import { tryOut } from "../log/ask";
import { utf8 } from "../log/bytes";
import { readDraft } from "../log/door";
import type { Payload } from "../log/message";
import type { Refusal } from "../log/refusal";
import type { Hosted } from "./hosted";

/** What somebody might say. */
export interface Saying {
	operation: string;
	payload: Payload;
	antecedents: readonly string[];
}

/** Why the door would not take it now. */
export type Blocked = Pick<Refusal, "code" | "detail" | "next" | "see">;

/** Why the door would refuse this from this sender now; nothing when it would not. The dry run, for pages. */
export async function wouldRefuse(
	{ registry, key, sql, machine, ...house }: Hosted,
	sender: string,
	{ operation, payload, antecedents }: Saying,
): Promise<Blocked | undefined> {
	const now = house.now();
	const draft = { sender, ...drafted(operation, payload, { antecedents: [...antecedents] }) };
	const judged = readDraft(registry, key, utf8(JSON.stringify(draft)), now);
	const refused = judged.refusal ?? (await refusalOf());
	if (!refused) return undefined;
	const { code, detail, next, see } = refused;
	return { code, detail, next, ...(see !== undefined && { see }) };

	async function refusalOf(): Promise<Refusal | undefined> {
		if (judged.refusal) return undefined;
		const { outcome } = await tryOut(sql, machine, judged.candidate, now);
		return outcome.kind === "refused" ? outcome.refusal : undefined;
	}
}
