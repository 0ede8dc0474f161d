import * as z from "zod";
import { scrip, text } from "../../log/field";
import { operation } from "../../log/operation";
import { refusal } from "../../log/refusal";
import { BURNED, balance, micro, move, TREASURY, wholeScrip } from "../purse";

export const treasuryShort = refusal(
	"treasury-short",
	402,
	"The treasury does not hold that much.",
	"GET /api/metrics shows what the treasury holds.",
);

/** Takes scrip of the treasury out of existence. RULES "Money": scrip leaves by burns alone. */
export const burn = operation("scrip:burn", {
	summary: "Burn scrip of the treasury",
	by: "operator",
	body: z.strictObject({ amount: scrip(1), reason: text(2048) }),

	admit(state, { payload }) {
		const held = balance(state, TREASURY);
		if (held < micro(payload.amount))
			return treasuryShort({
				field: "/payload/amount",
				detail: `The treasury holds ${wholeScrip(held)} scrip.`,
			});
	},

	apply(state, act) {
		move(state, act, "burn", [TREASURY, "hot"], [BURNED, "hot"], micro(act.payload.amount));
	},

	weighs: (_, { payload }) => payload.amount,
	caption: ({ payload }) => `${payload.amount} scrip of the treasury burned`,
});
