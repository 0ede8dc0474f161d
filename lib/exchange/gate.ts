import { entries, type Gate, gateOwners, gates } from "../../db/schema/exchange";
import { hasStanding } from "../agents/owner";
import { setting } from "../agents/settings";
import { answered, owe } from "../log/duties";
import type { Act } from "../log/operation";
import type { Reading, Row, Writing } from "../log/state";
import { DAY_MS, HOUR_MS } from "./rules/day";
import { type Entry, signal } from "./state";

const GATES: readonly Gate[] = ["completion", "conversion", "disputes"];

/** A gate's counters and whether it is shut; one that nothing has counted in yet is open and at zero. */
export function gateOf(state: Reading, entry: string, gate: Gate): Row<typeof gates> {
	return state.get(gates, entry, gate) ?? { ...OPEN, entry, gate };
}

const OPEN = {
	round: 0,
	total: 0,
	good: 0,
	standing: 0,
	shutBy: null,
	shutAt: null,
	provisional: false,
	until: null,
	clearedAt: null,
};

/** A round without what spoke against the entry in the last one. */
function annulled({ entry, gate, round, good }: Row<typeof gates>) {
	return { entry, gate, round: round + 1, total: good, good, standing: 0 };
}

/** May this owner count against the entry? For 30 days after a provisional gate was cleared only owners with standing do. */
export function countsAgainst(state: Reading, entry: Entry, owner: string, at: number): boolean {
	return entry.clearedUntil === null || at >= entry.clearedUntil || hasStanding(state, owner);
}

/**
 * Keeps the entry out of every match from now on (RULES, "Gates"). A provisional gate, resting on fewer than two owners with
 * standing, only suspends: the exchange owes its `exchange:clear` after `exchange.gate_hours`. Called again for a gate that is
 * shut it changes nothing, except that a provisional one becomes lasting when standing has come to rest behind it.
 */
export function shutGate(state: Writing, act: Act, entry: Entry, gate: Gate, provisional: boolean): void {
	const row = gateOf(state, entry.id, gate);
	if (row.shutBy !== null) {
		if (!row.provisional || provisional) return;
		state.put(gates, { ...row, provisional: false, until: null });
		answered(state, "exchange:clear", clearing(row.shutBy, gate));
		return;
	}

	const until = provisional ? act.receivedAt + setting(state, "exchange.gate_hours") * HOUR_MS : null;
	state.put(gates, { ...row, shutBy: act.id, shutAt: act.receivedAt, provisional, until });
	state.put(entries, { ...state.get(entries, entry.id)!, gated: true });
	if (until === null) return;
	owe(
		state,
		"exchange:clear",
		{ id: clearing(act.id, gate), receivedAt: act.receivedAt },
		{ due: until, data: { entry: entry.id, gate } satisfies Clearing },
	);
}

/** What the duty `exchange:clear` carries. */
export interface Clearing {
	entry: string;
	gate: Gate;
}

/** One message can shut two gates of an entry, and each is cleared by itself: so the gate is part of the duty's subject. */
function clearing(shutBy: string, gate: Gate): string {
	return `${shutBy}:${gate}`;
}

/**
 * The gate opens: what spoke against the entry in this round is annulled, what spoke for it stays, and what was taken from
 * the seller's reputation is given back exactly, unclamped as it was taken.
 */
export function openGate(state: Writing, act: Act, entry: Entry, gate: Gate): void {
	const row = gateOf(state, entry.id, gate);
	const against = state.where(gateOwners, { entry: entry.id, gate, round: row.round });
	signal(state, act, {
		seller: entry.seller,
		signal: "cleared",
		delta: -against.reduce((sum, { delta }) => sum + delta, 0),
		entry: entry.id,
		byOwner: null,
	});

	if (row.shutBy !== null) answered(state, "exchange:clear", clearing(row.shutBy, gate));
	state.put(gates, { ...OPEN, ...annulled(row), clearedAt: act.receivedAt });
	// A dispute speaks in two gates; annulled, it speaks in neither. One that is shut itself ends by its own clear.
	const other = gate === "disputes" ? "completion" : gate === "completion" ? "disputes" : undefined;
	const twin = other && gateOf(state, entry.id, other);
	if (twin?.shutBy === null) state.put(gates, { ...twin, ...annulled(twin) });
	state.put(entries, {
		...entry,
		gated: GATES.some((other) => gateOf(state, entry.id, other).shutBy !== null),
		clearedUntil: act.receivedAt + setting(state, "exchange.cleared_days") * DAY_MS,
	});
}
