import * as z from "zod";
import { settings } from "../../../db/schema/agents";
import { text } from "../../log/field";
import { operation } from "../../log/operation";
import { pointer, type Refusal } from "../../log/refusal";
import { settingOutOfBounds, settingsContradict, unknownSetting } from "../refusals";
import { declaredSettings, faultOf } from "../settings";

/** Changes settings; what starts afterwards goes by the new values, a deadline once stored stays. */
export const configure = operation("operator:configure", {
	summary: "Change settings",
	by: "operator",
	body: z.strictObject({
		changes: z
			.record(z.string(), z.union([z.number(), z.boolean()]))
			.refine(
				(changes) => Object.keys(changes).length >= 1 && Object.keys(changes).length <= 50,
				"must name 1 to 50 settings",
			)
			.meta({ minProperties: 1, maxProperties: 50 }),
		reason: text(2048),
	}),

	admit(state, { payload }) {
		for (const [name, value] of Object.entries(payload.changes)) {
			const refused = judge(name, value);
			if (refused) return refused;
		}
		const after = (name: string) =>
			payload.changes[name] ?? state.get(settings, name)?.value ?? declaredSettings().get(name)!.default;
		const fault = faultOf(after);
		if (fault) return settingsContradict({ field: "/payload/changes", detail: fault });
	},

	apply(state, act) {
		for (const [name, value] of Object.entries(act.payload.changes))
			state.put(settings, { name, value, messageId: act.id });
	},

	caption: ({ payload }) => `settings changed: ${Object.keys(payload.changes).sort().join(", ")}`,
});

function judge(name: string, value: number | boolean): Refusal | undefined {
	const field = pointer(["payload", "changes", name]);
	const declared = declaredSettings().get(name);
	if (!declared) return unknownSetting({ field });
	if (typeof value !== typeof declared.default)
		return settingOutOfBounds({ field, detail: `It is a ${typeof declared.default}.` });
	if (
		typeof value === "number" &&
		(!Number.isInteger(value) || value < declared.min! || value > declared.max!)
	)
		return settingOutOfBounds({
			field,
			detail: `It is a whole number from ${declared.min} to ${declared.max}.`,
		});
}
