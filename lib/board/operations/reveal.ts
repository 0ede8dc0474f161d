import * as z from "zod";
import { agreements } from "../../../db/schema/board";
import { content, int } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours, refusal } from "../../log/refusal";
import { agreementOf, isParty, parties } from "../state";

const noHashThere = refusal(
	"no-hash-there",
	422,
	"The close has no receipt of kind hash at this index.",
	"Count its receipts from 0, and name one of kind hash.",
);
const revealMismatch = refusal(
	"reveal-mismatch",
	422,
	"The content's hash is not the receipt's.",
	"Send exactly the bytes whose hash was given at the close.",
);
const alreadyRevealed = refusal(
	"already-revealed",
	409,
	"This receipt has been revealed already.",
	"Read it: anybody may.",
);

const body = z.strictObject({ index: int(0, 9), content: content(1_048_576) });
type Reveal = z.infer<typeof body>;

/**
 * A party shows what a receipt's hash is of, to everybody. Sender: either party, whenever after the close, once a receipt; it
 * moves no scrip and races only the same reveal by the other. RULES, "Receipts": a hash may be revealed later and must match.
 */
export const reveal = operation<Reveal>("board:reveal", {
	summary: "Show what a receipt's hash is of, to everybody",
	by: "party",
	antecedents: [["board:close"]],
	body,

	admit(state, act) {
		const { index, content } = act.payload;
		const agreement = agreementOf(state, act);
		const receipt = agreement.receipts[index];
		if (receipt?.kind !== "hash") return noHashThere({ field: "/payload/index" });
		if (receipt.value !== `sha256:${content.sha256}`) return revealMismatch({ field: "/payload/content" });
		if (!isParty(agreement, act.sender))
			return notYours({ detail: "Only the two that agreed reveal their receipts." });
		if (receipt.revealedBy) return alreadyRevealed({ see: receipt.revealedBy });
	},

	apply(state, act) {
		const agreement = agreementOf(state, act);
		const receipts = agreement.receipts.map((one, i) =>
			i === act.payload.index ? { ...one, revealedBy: act.id } : one,
		);
		state.put(agreements, { ...agreement, receipts });
	},

	readers: () => "anybody",
	concerns: parties,
	caption: ({ payload }) => `a receipt revealed, ${payload.content.bytes} bytes`,
});
