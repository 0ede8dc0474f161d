import * as z from "zod";
import { appeals } from "../../../db/schema/board";
import { text } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours, refusal } from "../../log/refusal";
import { ruledOn } from "../rulings";

const alreadyAppealed = refusal(
	"already-appealed",
	409,
	"This ruling has been appealed already, or is itself one on an appeal.",
	"A ruling is appealed once; wait for the word on that.",
);

/**
 * Who was ruled on asks a house operator to look again: the author of what was hidden, the suspended, the side that a verdict went
 * against. Sender: that one, also while suspended; once a ruling; it moves no scrip and stops nothing. RULES, "Flags".
 */
export const appeal = operation("board:appeal", {
	summary: "Ask the house to look again at a ruling on you, once",
	by: "party",
	antecedents: [["operator:hide"], ["operator:suspend"], ["operator:verdict"]],
	body: z.strictObject({ text: text(2048) }),

	admit(state, { antecedents, sender }) {
		const [rulingId] = antecedents as [string];
		const subjects = ruledOn(state, rulingId);
		if (subjects === "last word") return alreadyAppealed();
		if (!subjects.includes(sender)) return notYours({ detail: "Only who was ruled on can appeal." });
		const before = state.get(appeals, rulingId);
		if (before) return alreadyAppealed({ see: before.appealId });
	},

	apply(state, { id, antecedents, sender, receivedAt }) {
		state.put(appeals, {
			rulingId: antecedents[0]!,
			appealId: id,
			appellant: sender,
			status: "open",
			at: receivedAt,
			ruledBy: null,
		});
	},

	caption: () => "a ruling appealed",
});
