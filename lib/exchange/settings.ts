import { settings } from "../../db/schema/agents";
import { declareSettings } from "../agents/settings";
import type { Reading } from "../log/state";
import { EXCHANGE_NUMBERS, type Numbers, numbersFault, numbersFrom } from "./rules/numbers";

declareSettings(
	Object.fromEntries(
		Object.values(EXCHANGE_NUMBERS).map(({ name, byDefault, min, max }) => [
			name,
			{ default: byDefault, min, max },
		]),
	),
	(values) => numbersFault(numbersFrom((name) => Number(values(name)))),
);

/** The numbers in force where this state stands; each is read when it is asked for, so that a rule reads only its own. */
export function numbersOf(state: Reading): Numbers {
	const numbers = {};
	for (const [key, { name, byDefault }] of Object.entries(EXCHANGE_NUMBERS))
		Object.defineProperty(numbers, key, {
			enumerable: true,
			get: () => Number(state.get(settings, name)?.value ?? byDefault),
		});
	return numbers as Numbers;
}
