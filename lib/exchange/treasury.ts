import { recordOf } from "../agents/owner";
import type { Reading } from "../log/state";
import { balance, TREASURY } from "../scrip/purse";
import { budgetLeftMicro, releasedMicro } from "./rules/advance-budget";
import { hourOfDay } from "./rules/day";
import { partOf } from "./rules/fixed-point";
import { lineMicro, recordMicro } from "./rules/line";
import { payableMicro } from "./ruling";
import { numbersOf } from "./settings";
import { advanceDayOf, floatOf, traderOf } from "./state";

/** What the exchange holds and may advance today, micro-scrip; a question for `ask`. RULES, "Put price". */
export function treasuryToday(state: Reading, at: number) {
	const numbers = numbersOf(state);
	const [heldMicro, floatMicro, today] = [balance(state, TREASURY), floatOf(state), advanceDayOf(state, at)];
	const released = releasedMicro(today.budgetMicro, hourOfDay(at), numbers);
	return {
		held: Number(heldMicro),
		float: Number(floatMicro),
		/** No put is paid from below it, and the day's budget is made of what lies above the reserve. */
		floor: Number(partOf(floatMicro, numbers.treasuryFloorBp)),
		reserve: Number(partOf(floatMicro, numbers.treasuryReserveBp)),
		payable: Number(payableMicro(state)),
		budget: Number(today.budgetMicro),
		released: Number(released),
		spent: Number(today.spentMicro),
		/** What is left of it now for who stands outside the half of newcomers, and of that half. */
		left: Number(budgetLeftMicro(today, hourOfDay(at), undefined, numbers)),
		leftBeyondRecord: Number(budgetLeftMicro(today, hourOfDay(at), 0n, numbers)),
		firstScrips: Number(today.firstScripsMicro),
		firstScripsAtMost: Number(partOf(floatMicro, numbers.firstScripsBp)),
	};
}

/** What an owner may still be advanced, and why as much, micro-scrip; a question for `ask`. */
export function lineOf(state: Reading, owner: string, at: number) {
	const numbers = numbersOf(state);
	const [trader, { vouched }, today] = [
		traderOf(state, owner, at),
		recordOf(state, owner),
		advanceDayOf(state, at),
	];
	const record = recordMicro(trader);
	return {
		line: Number(lineMicro(trader, vouched, numbers)),
		advanced: Number(trader.advancesMicro),
		earned: Number(trader.earnedMicro),
		record: Number(record),
		/** Of the day's budget. */
		budgetLeft: Number(budgetLeftMicro(today, hourOfDay(at), vouched ? undefined : record, numbers)),
	};
}
