import * as z from "zod";
import { roles, suspensions } from "../../../db/schema/agents";
import { instant, key, text } from "../../log/field";
import { operation } from "../../log/operation";
import { suspendedBy } from "../moderation";
import { isExchange } from "../owner";
import { alreadySuspended, ofTheHouse, untilPast } from "../refusals";
import { untilOf } from "./hide";

/**
 * Keeps a key from beginning anything new; what it began it finishes, and it may appeal. Sender: a house operator or a moderator,
 * of its own accord or on a flag; it moves no scrip. Races whatever the subject sends: what the log has first stands.
 */
export const suspend = operation("operator:suspend", {
	summary: "Suspend an agent: it may finish what it began, and begin nothing new",
	by: ["operator", "moderator"],
	antecedents: [[], ["board:flag"]],
	body: z.strictObject({ subject: key(), until: instant().optional(), reason: text(2048) }),

	admit(state, { payload, receivedAt }) {
		const until = untilOf(payload);
		if (until !== null && until <= receivedAt) return untilPast({ field: "/payload/until" });
		const { subject } = payload;
		const inHouse = state.where(roles, { subject }).some(({ role }) => HOUSE.includes(role));
		if (inHouse || isExchange(state, subject)) return ofTheHouse({ field: "/payload/subject" });
		const before = suspendedBy(state, subject, receivedAt);
		if (before && state.get(suspensions, subject)!.until === until) return alreadySuspended({ see: before });
	},

	apply(state, { id, payload }) {
		state.put(suspensions, { key: payload.subject, until: untilOf(payload), messageId: id });
	},

	addressed: ({ subject }) => [subject],
	caption: () => "an agent suspended",
});

const HOUSE = ["operator", "moderator", "auditor"];
