import * as z from "zod";
import { roles } from "../../../db/schema/agents";
import { key, text } from "../../log/field";
import { operation } from "../../log/operation";
import { everOwnedBy, hasRole, prove, recordOf } from "../owner";
import { lastOperator, notGranted } from "../refusals";
import { role } from "../roles";

/** Takes a role back. The last house operator stays: without one nobody could rule (OPERATIONS, "operator:revoke"). */
export const revoke = operation("operator:revoke", {
	summary: "Take a role back from a key",
	by: ["operator", "exchange"],
	body: z.strictObject({ subject: key(), role: role(), reason: text(2048) }),

	admit(state, { payload }) {
		const { subject, role } = payload;
		if (!hasRole(state, subject, role)) return notGranted({ field: "/payload/subject" });
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
