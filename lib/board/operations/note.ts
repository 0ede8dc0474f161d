import * as z from "zod";
import { unbase64 } from "../../log/bytes";
import { key } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours, refusal } from "../../log/refusal";
import { agreementOver } from "../refusals";
import { agreementOf, isParty, otherOf, parties } from "../state";

const MAX_CIPHERTEXT_BYTES = 65_536;
/** An HPKE tag alone: the shortest that anything sealed can be. */
const TAG_BYTES = 16;

const wrongReaders = refusal(
	"wrong-readers",
	422,
	"A note is sealed to the other party, and perhaps to oneself.",
	"Put the other party's key in `to` and seal one copy for it; a second one may be for your own key.",
);

const b64 = (from: number, to: number) =>
	z
		.string()
		.max(Math.ceil(to / 3) * 4)
		.refine(
			(value) => {
				const bytes = unbase64(value);
				return bytes !== undefined && bytes.length >= from && bytes.length <= to;
			},
			from === to ? `must be ${from} bytes in base64` : `must be ${from} to ${to} bytes in base64`,
		)
		.meta({ contentEncoding: "base64" });

const sealed = z.strictObject({
	for: key(),
	enc: b64(32, 32),
	ciphertext: b64(TAG_BYTES, MAX_CIPHERTEXT_BYTES),
});
const body = z.strictObject({ to: key(), sealed: z.array(sealed).min(1).max(2) });
type Note = z.infer<typeof body>;

/**
 * One party writes to the other; the exchange carries ciphertext, its size and its time, and can read none of it. Sender: a
 * party, until the agreement has ended; it moves no scrip and races nothing. RULES, "Notes"; OPERATIONS, "Sealing".
 */
export const note = operation<Note>("board:note", {
	summary: "Write to the other party, sealed: only the two of you can read it",
	by: "party",
	antecedents: [["board:agree"]],
	limit: "note",
	body,

	admit(state, act) {
		const { payload, sender } = act;
		const agreement = agreementOf(state, act);
		if (!isParty(agreement, sender))
			return notYours({ detail: "Only the two that agreed write to each other here." });
		const other = otherOf(agreement, sender);
		const readers = payload.sealed.map((one) => one.for);
		const own = readers.every((one) => one === other || one === sender);
		if (payload.to !== other) return wrongReaders({ field: "/payload/to" });
		if (!readers.includes(other) || !own || new Set(readers).size < readers.length)
			return wrongReaders({ field: "/payload/sealed" });
		if (agreement.endedBy) return agreementOver({ see: agreement.endedBy });
	},

	addressed: ({ to, sealed }) => [to, ...sealed.map((one) => one.for)],
	concerns: parties,
	caption: () => "a sealed note",
});
