import { entries, entryBuyers, type Gate, gateOwners, gates } from "../../db/schema/exchange";
import { hasStanding } from "../agents/owner";
import type { Act } from "../log/operation";
import type { Reading, Row, Writing } from "../log/state";
import { countsAgainst, gateOf, shutGate } from "./gate";
import { completionGate, conversionGate, disputesGate, provisional } from "./rules/gates";
import { numbersOf } from "./settings";

/**
 * Layer 0, the correctness gate: counts what happens to an entry and shuts its gates (RULES, "Gates"). Owners that speak
 * against an entry are kept by name, because a gate lasts only with standing behind it.
 */

/**
 * A preview was served to this owner. Who has paid for the entry before says nothing by looking again: an owner converts
 * once, so its later previews would bury the entry of a regular that buys on each of them.
 */
export function previewed(state: Writing, act: Act, entry: string, owner: string): void {
	const [paid, counts] = [state.get(entryBuyers, entry, owner), mayCount(state, act, entry, owner)];
	if (paid || !counts) return;
	count(state, entry, "conversion", 1, 0);
	against(state, entry, "conversion", owner, 0);
	const { total, good } = gateOf(state, entry, "conversion");
	if (conversionGate({ previews: total, completedOwners: good }, numbersOf(state)))
		shut(state, act, entry, "conversion");
}

/** This owner paid for the entry, be it in silence: the preview was worth its price. Each owner counts once. */
export function converted(state: Writing, entry: string, owner: string): void {
	if (state.get(entryBuyers, entry, owner)) return;
	state.put(entryBuyers, { entry, owner, completions: 0, standing: false });
	count(state, entry, "conversion", 0, 1);
	const { round } = gateOf(state, entry, "conversion");
	const looked = state.get(gateOwners, entry, "conversion", round, owner);
	if (!looked) return;
	state.del(gateOwners, entry, "conversion", round, owner);
	if (looked.standing) addStanding(state, entry, "conversion", -1);
}

/** A delivery ended in complete. */
export function succeeded(state: Writing, act: Act, entry: string): void {
	count(state, entry, "completion", 1, 1);
	judgeCompletion(state, act, entry);
}

/**
 * A delivery to this owner ended in a small-content-dispute that takes `delta` (below 0) from the seller's reputation.
 * False when the owner may not count against the entry: then nothing may be taken either.
 */
export function failed(state: Writing, act: Act, entry: string, owner: string, delta: number): boolean {
	const [counts, gate] = [mayCount(state, act, entry, owner), takes(state, entry)];
	if (!counts) return false;

	const isNew = against(state, entry, "disputes", owner, gate === "disputes" ? delta : 0);
	count(state, entry, "disputes", isNew ? 1 : 0, 0);
	if (disputesGate(gateOf(state, entry, "disputes").total, numbersOf(state)))
		shut(state, act, entry, "disputes");

	against(state, entry, "completion", owner, gate === "completion" ? delta : 0);
	count(state, entry, "completion", 1, 0);
	judgeCompletion(state, act, entry);
	return true;
}

function judgeCompletion(state: Writing, act: Act, entry: string): void {
	const { total, good, shutBy } = gateOf(state, entry, "completion");
	if (!completionGate({ deliveries: total, completions: good }, numbersOf(state))) return;
	if (shutBy === null && !isShut(state, entry, "disputes")) handOver(state, entry);
	shut(state, act, entry, "completion");
}

/**
 * With which gate's clearing a dispute's −3 is given back: that of the gate that is shut. Each −3 lies with exactly one, so
 * that a cleared entry's seller has exactly the reputation back, whichever gate its disputes shut.
 */
function takes(state: Reading, entry: string): Gate {
	const [completion, disputes] = [isShut(state, entry, "completion"), isShut(state, entry, "disputes")];
	return completion && !disputes ? "completion" : "disputes";
}

function isShut(state: Reading, entry: string, gate: Gate): boolean {
	return gateOf(state, entry, gate).shutBy !== null;
}

/** Disputes too few to shut their own gate have shut that of the completion rate: what they took falls with it. */
function handOver(state: Writing, entry: string): void {
	const { round } = gateOf(state, entry, "disputes");
	for (const disputer of state.where(gateOwners, { entry, gate: "disputes", round })) {
		state.put(gateOwners, { ...disputer, delta: 0 });
		against(state, entry, "completion", disputer.owner, disputer.delta);
	}
}

/** For 30 days after a provisional gate was cleared only owners with standing count against the entry. */
function mayCount(state: Reading, act: Act, entry: string, owner: string): boolean {
	return countsAgainst(state, state.get(entries, entry)!, owner, act.receivedAt);
}

function count(state: Writing, entry: string, gate: Gate, total: number, good: number): void {
	const row = gateOf(state, entry, gate);
	state.put(gates, { ...row, total: row.total + total, good: row.good + good });
}

/** This owner speaks against the entry in the gate's present round. Says whether it is the first time. */
function against(state: Writing, entry: string, gate: Gate, owner: string, delta: number): boolean {
	const { round } = gateOf(state, entry, gate);
	const known = state.get(gateOwners, entry, gate, round, owner);
	const standing = known?.standing || hasStanding(state, owner);
	const row: Row<typeof gateOwners> = {
		entry,
		gate,
		round,
		owner,
		standing,
		delta: (known?.delta ?? 0) + delta,
	};
	state.put(gateOwners, row);
	if (standing && !known?.standing) addStanding(state, entry, gate, 1);
	return !known;
}

function addStanding(state: Writing, entry: string, gate: Gate, change: 1 | -1): void {
	const row = gateOf(state, entry, gate);
	state.put(gates, { ...row, standing: row.standing + change });
}

function shut(state: Writing, act: Act, entry: string, gate: Gate): void {
	const { standing } = gateOf(state, entry, gate);
	shutGate(state, act, state.get(entries, entry)!, gate, provisional(standing, numbersOf(state)));
}
