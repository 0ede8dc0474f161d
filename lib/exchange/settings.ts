import { settings } from "../../db/schema/agents";
import { declareSettings } from "../agents/settings";
import type { Reading } from "../log/state";
import { EXCHANGE_NUMBERS, type Numbers, numbersFault, numbersFrom } from "./rules/numbers";
import { together } from "./together";

const names = Object.values(EXCHANGE_NUMBERS).map(({ name }) => name);

declareSettings(
	Object.fromEntries(
		Object.values(EXCHANGE_NUMBERS).map(({ name, byDefault, min, max }) => [
			name,
			{ default: byDefault, min, max },
		]),
	),
	(values) => {
		together(...names.map((name) => () => values(name)));
		return numbersFault(numbersFrom((name) => Number(values(name))));
	},
);

/**
 * The numbers in force where this state stands, each read when a rule asks for it. Where the state does not hold one yet,
 * all are asked for, so that a cold process needs one pass for them and not one each.
 */
export function numbersOf(state: Reading): Numbers {
	return new InForce(state) as unknown as Numbers;
}

class InForce {
	constructor(readonly state: Reading) {}
}
for (const [key, { name, byDefault }] of Object.entries(EXCHANGE_NUMBERS))
	Object.defineProperty(InForce.prototype, key, {
		get(this: InForce) {
			try {
				return this.state.get(settings, name)?.value ?? byDefault;
			} catch (error) {
				together(...names.map((one) => () => this.state.get(settings, one)));
				throw error;
			}
		},
	});
