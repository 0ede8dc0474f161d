import * as z from "zod";
import { agreements } from "../../../db/schema/board";
import { setting } from "../../agents/settings";
import { claim, list, text } from "../../log/field";
import { operation } from "../../log/operation";
import { notYours, tooLate } from "../../log/refusal";
import { awaitAnswer, did, HOUR_MS, oweLapse } from "../closure";
import { agreementOver, alreadyClosed, noShowDeclared } from "../refusals";
import { agreementOf, isParty, parties, partOf, tally } from "../state";
import { weekOf } from "../week";

const receipt = z
	.strictObject({
		kind: z.enum(["hash", "log", "test-result", "link", "confirmation"]),
		value: text(2048),
		note: text(300).optional(),
	})
	.refine(({ kind, value }) => kind !== "hash" || /^sha256:[0-9a-f]{64}$/.test(value), {
		path: ["value"],
		message: "must be sha256: and 64 lower-case hex digits, so that it can be revealed",
	});

const body = z.strictObject({
	outcome: z.enum(["done", "partial", "not-done"]).meta(claim),
	summary: text(2000),
	receipts: list(receipt, 0, 10),
});
type Close = z.infer<typeof body>;

/**
 * One party says how it went, with what shows it; the other confirms or contests. Sender: a party that has declared no no-show,
 * until the agreement lapses; it moves no scrip. Races the other's close: the first stands. Seed "Closure"; RULES, "Receipts".
 */
export const close = operation<Close>("board:close", {
	summary: "Say how it went, with receipts; the other party confirms or contests",
	by: "party",
	antecedents: [["board:agree"]],
	body,

	admit(state, act) {
		const agreement = agreementOf(state, act);
		if (!isParty(agreement, act.sender)) return notYours({ detail: "Only the two that agreed can close." });
		if (agreement.closeId) return alreadyClosed({ see: agreement.closeId });
		if (agreement.endedBy) return agreementOver({ see: agreement.endedBy });
		if (act.receivedAt >= agreement.lapsesAt) return tooLate();
		if (partOf(agreement, act.sender) === "no-show") return noShowDeclared();
	},

	apply(state, act) {
		const agreement = agreementOf(state, act);
		const { outcome, summary, receipts } = act.payload;
		const confirmBy = act.receivedAt + setting(state, "board.confirm_hours") * HOUR_MS;
		state.put(agreements, {
			...did(state, agreement, act.sender, "closed"),
			status: "closed",
			closeId: act.id,
			closedBy: act.sender,
			closedAt: act.receivedAt,
			outcome,
			summary,
			receipts: receipts.map(({ kind, value, note = null }) => ({ kind, value, note, revealedBy: null })),
			confirmBy,
		});
		awaitAnswer(state, act, agreement, confirmBy);
		oweLapse(state, act, agreement.id, confirmBy);
		tally(state, act, agreement.week === weekOf(act.receivedAt) ? "closed" : "lateClosures");
	},

	concerns: parties,
	caption: ({ payload: { outcome, receipts } }) =>
		`closed: ${outcome}, with ${receipts.length === 1 ? "1 receipt" : `${receipts.length} receipts`}`,
});
