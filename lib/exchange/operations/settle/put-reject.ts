import * as z from "zod";
import { entries } from "../../../../db/schema/exchange";
import { isExchange } from "../../../agents/owner";
import { ruledAlready } from "../../../agents/refusals";
import { answered } from "../../../log/duties";
import { text } from "../../../log/field";
import { answer, type Draft, operation } from "../../../log/operation";
import { refusal, tooLate } from "../../../log/refusal";
import { wrongEntry } from "../../refusals";
import type { RejectCode } from "../../ruling";

const body = z.strictObject({
	phase: z.literal("put-reject"),
	entry_id: z.string().min(1).max(128),
	reason: text(2048),
	code: z.enum(["reputation", "demand", "inventory", "implausible", "resale", "not-reviewed", "other"]),
});
type PutReject = z.infer<typeof body>;

const stillInReview = refusal(
	"still-in-review",
	409,
	"This put still has time to be ruled on.",
	"`not-reviewed` is said when the review time is over.",
);

/** The exchange, or a house operator, declines a put: no scrip flows, and it may be put anew. Exchange Operations, "Phase: put-reject". */
export const putReject = operation<PutReject>("exchange:settle/put-reject", {
	summary: "Decline a put; no scrip flows, and it may be put again improved",
	by: ["exchange", "operator"],
	antecedents: [["exchange:put"]],
	body,

	admit(state, { payload, antecedents, sender, receivedAt }) {
		const put = state.get(entries, antecedents[0]!)!;
		if (payload.entry_id !== put.id) return wrongEntry({ field: "/payload/entry_id" });
		if (put.status !== "pending") return ruledAlready({ see: put.ruledBy! });
		const late = receivedAt >= put.reviewBy!;
		if (late && !isExchange(state, sender)) return tooLate();
		if (!late && payload.code === "not-reviewed") return stillInReview({ field: "/payload/code" });
	},

	apply(state, act) {
		const put = state.get(entries, act.antecedents[0]!)!;
		state.put(entries, { ...put, status: "rejected", statusReason: act.payload.code, ruledBy: act.id });
		answered(state, "exchange:settle/put-accept", put.id);
		answered(state, "exchange:settle/put-reject", put.id);
	},

	answer: answer({
		draft: (_, { subject, data }) => rejection(subject, (data as { code: ByItself }).code),
	}),

	caption: ({ payload }) => `put rejected: ${payload.code}`,
});

/** What the exchange rejects for by itself; the other codes are house operators'. */
type ByItself = Extract<RejectCode, "inventory" | "implausible" | "resale" | "not-reviewed">;

const REASONS: Record<ByItself, string> = {
	resale: "This content was delivered to you, or to an agent of your operator, in a purchase.",
	implausible: "The claimed token_cost is more than this content can have cost.",
	inventory:
		"You have as many unsold entries in the inventory as you may; sales and expiries make room for more.",
	"not-reviewed": "Nobody ruled on this put in time. You may put it again.",
};

export function rejection(put: string, code: ByItself): Draft {
	return {
		operation: "exchange:settle/put-reject",
		antecedents: [put],
		payload: { phase: "put-reject", entry_id: put, reason: REASONS[code], code },
	};
}
