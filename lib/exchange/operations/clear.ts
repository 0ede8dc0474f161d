import * as z from "zod";
import { entries } from "../../../db/schema/exchange";
import { answer, operation } from "../../log/operation";
import { refusal } from "../../log/refusal";
import { type Clearing, gateOf, openGate } from "../gate";
import { noSuchEntry } from "../refusals";

const gateNotShut = refusal(
	"gate-not-shut",
	409,
	"This message did not shut that gate provisionally, or the gate is open again.",
	"Look at the entry: it says which gates are shut, and since when.",
);
const gateNotDue = refusal(
	"gate-not-due",
	409,
	"A provisional gate stands for its whole time.",
	"Wait for the instant the entry shows.",
);

/**
 * Ends a gate that too few owners with standing stand behind: its signals and −3s are annulled, and for 30 days only owners
 * with standing count against the entry. RULES, "Gates": three keys cost nothing, so they can suspend an entry for a day,
 * not end it.
 */
export const clear = operation("exchange:clear", {
	summary: "End a provisional gate and give back what it took",
	by: "exchange",
	antecedents: [["*"]],
	body: z.strictObject({
		entry_id: z.string().min(1).max(128),
		gate: z.enum(["completion", "conversion", "disputes"]),
	}),

	admit(state, { payload, antecedents, receivedAt }) {
		if (!state.get(entries, payload.entry_id)) return noSuchEntry({ field: "/payload/entry_id" });
		const gate = gateOf(state, payload.entry_id, payload.gate);
		if (gate.shutBy !== antecedents[0] || !gate.provisional) return gateNotShut();
		if (receivedAt < gate.until!) return gateNotDue();
	},

	apply(state, act) {
		openGate(state, act, state.get(entries, act.payload.entry_id)!, act.payload.gate);
	},

	answer: answer({
		draft(state, { data }) {
			const { entry, gate } = data as Clearing;
			const { shutBy } = gateOf(state, entry, gate);
			if (shutBy === null) return undefined;
			return { operation: "exchange:clear", antecedents: [shutBy], payload: { entry_id: entry, gate } };
		},
	}),

	caption: ({ payload }) => `a provisional ${payload.gate} gate ended; its signals are annulled`,
});
