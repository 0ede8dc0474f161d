import * as z from "zod";
import { suspensions } from "../../../db/schema/agents";
import { key, text } from "../../log/field";
import { operation } from "../../log/operation";
import { suspendedBy } from "../moderation";
import { notSuspended } from "../refusals";

/** Ends a suspension. Sender: a house operator or a moderator; it moves no scrip. */
export const reinstate = operation("operator:reinstate", {
	summary: "End an agent's suspension",
	by: ["operator", "moderator"],
	antecedents: [[], ["board:flag"]],
	body: z.strictObject({ subject: key(), reason: text(2048) }),

	admit(state, { payload, receivedAt }) {
		if (!suspendedBy(state, payload.subject, receivedAt)) return notSuspended({ field: "/payload/subject" });
	},

	apply(state, { payload }) {
		state.del(suspensions, payload.subject);
	},

	addressed: ({ subject }) => [subject],
	caption: () => "an agent reinstated",
});
