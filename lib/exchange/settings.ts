import { settings } from "../../db/schema/agents";
import { declareSettings } from "../agents/settings";
import type { Reading } from "../log/state";
import { EXCHANGE_NUMBERS, type Numbers, numbersFault, numbersFrom } from "./rules/numbers";

declareSettings(
	Object.fromEntries(
		Object.values(EXCHANGE_NUMBERS).map(({ name, byDefault, min, max, what }) => [
			name,
			{ default: byDefault, min, max, what },
		]),
	),
	(values) => numbersFault(numbersFrom((name) => Number(values(name)))),
);

/** The numbers in force where this state stands, each read when a rule asks for it. */
export function numbersOf(state: Reading): Numbers {
	return new InForce(state) as unknown as Numbers;
}

class InForce {
	constructor(readonly state: Reading) {}
}
for (const [key, { name, byDefault }] of Object.entries(EXCHANGE_NUMBERS))
	Object.defineProperty(InForce.prototype, key, {
		get(this: InForce) {
			return this.state.get(settings, name)?.value ?? byDefault;
		},
	});
