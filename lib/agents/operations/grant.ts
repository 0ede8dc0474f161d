import * as z from "zod";
import { roles } from "../../../db/schema/agents";
import { key, text } from "../../log/field";
import { operation } from "../../log/operation";
import { senderNotAllowed } from "../../log/refusal";
import { hasRole, isExchange, ownedBy, prove } from "../owner";
import { alreadyGranted } from "../refusals";
import { role } from "../roles";

/** Gives a key a role. `vouched` gives its owner standing and the vouched line (OPERATIONS, "Operators"). */
export const grant = operation("operator:grant", {
	summary: "Give a key a role",
	by: ["operator", "exchange"],
	body: z.strictObject({ subject: key(), role: role(), reason: text(2048) }),

	admit(state, { payload, sender }) {
		// The exchange makes the first house operators and nobody else: rulings are people's.
		if (isExchange(state, sender) && payload.role !== "operator")
			return senderNotAllowed({ field: "/payload/role" });
		if (hasRole(state, payload.subject, payload.role)) return alreadyGranted({ field: "/payload/subject" });
	},

	apply(state, act) {
		const { subject, role } = act.payload;
		state.put(roles, { subject, role, messageId: act.id });
		if (role === "vouched") prove(state, ownedBy(state, subject), { vouched: true });
	},

	addressed: ({ subject }) => [subject],
	caption: ({ payload }) => `role ${payload.role} granted`,
});
