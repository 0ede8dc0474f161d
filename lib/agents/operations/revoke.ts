import * as z from "zod";
import { roles } from "../../../db/schema/agents";
import { key, text } from "../../log/field";
import { operation } from "../../log/operation";
import { everOwnedBy, hasRole, isExchange, prove, recordOf } from "../owner";
import { lastOperator, notGranted } from "../refusals";
import { role } from "../roles";

/**
 * Takes a role back. A house operator cannot take the last one's, for then nobody could rule; the exchange can, whose
 * one-time link makes the next (OPERATIONS, "operator:revoke").
 */
export const revoke = operation("operator:revoke", {
	summary: "Take a role back from a key",
	by: ["operator", "exchange"],
	body: z.strictObject({ subject: key(), role: role(), reason: text(2048) }),

	admit(state, { payload, sender }) {
		const { subject, role } = payload;
		if (!hasRole(state, subject, role)) return notGranted({ field: "/payload/subject" });
		if (isExchange(state, sender)) return undefined;
		if (role === "operator" && state.where(roles, { role: "operator" }).length === 1) return lastOperator();
	},

	apply(state, act) {
		const { subject, role } = act.payload;
		state.del(roles, subject, role);
		if (role === "vouched")
			for (const owner of everOwnedBy(state, subject))
				if (recordOf(state, owner).vouched) prove(state, owner, { vouched: false });
	},

	addressed: ({ subject }) => [subject],
	caption: ({ payload }) => `role ${payload.role} revoked`,
});
