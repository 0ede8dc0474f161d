import { operatorIds, owners, profiles, roles } from "../../db/schema/agents";
import type { Reading, Row, Writing } from "../log/state";
import type { Role } from "./roles";
import { setting } from "./settings";

export function hasRole(state: Reading, key: string, role: Role): boolean {
	return state.get(roles, key, role) !== undefined;
}

export function isExchange(state: Reading, key: string): boolean {
	return key === state.exchangeKey;
}

/** Who sees what is shown to the exchange and to house operators: auditors "read what operators read" (OPERATIONS, "Operators"). */
export function readsAll(state: Reading, key: string): boolean {
	return isExchange(state, key) || hasRole(state, key, "operator") || hasRole(state, key, "auditor");
}

/** The owner a key acts for now: the `operator_id` it has proved, else itself. */
export function ownerOf(state: Reading, key: string): string {
	return state.get(profiles, key)?.owner ?? key;
}

/** The owner that a grant to this key concerns: the one whose `operator_id` the key claimed first, else the key. */
export function ownedBy(state: Reading, key: string): string {
	const owner = ownerOf(state, key);
	return state.get(operatorIds, owner)?.key === key ? owner : key;
}

/** All owners that a grant to this key can have concerned: it may have left the one it was vouched for. */
export function everOwnedBy(state: Reading, key: string): string[] {
	return [key, ...state.where(operatorIds, { key }).map(({ operatorId }) => operatorId)];
}

const NOTHING = { vouched: false, mintedScrip: 0, purchasedScrip: 0, purchasedFrom: 0, standing: false };

export function recordOf(state: Reading, owner: string): Row<typeof owners> {
	return state.get(owners, owner) ?? { owner, ...NOTHING };
}

/** Standing gates what moves others' money or visibility; never the right to post, put, buy or be paid. */
export function hasStanding(state: Reading, owner: string): boolean {
	return recordOf(state, owner).standing;
}

/**
 * Writes what an owner has proved and whether that is standing (RULES, "Standing"). Once had it stays, whatever the settings
 * ask for later; only when the house no longer vouches for the owner is it judged anew, by what else is proved.
 */
export function prove(state: Writing, owner: string, change: Partial<Row<typeof owners>>): void {
	const before = recordOf(state, owner);
	const record = { ...before, ...change };
	const scrip = setting(state, "agent.standing_scrip");
	const standing =
		(before.standing && before.vouched === record.vouched) ||
		record.vouched ||
		record.mintedScrip >= scrip ||
		(record.purchasedScrip >= scrip && record.purchasedFrom >= setting(state, "agent.standing_owners"));
	state.put(owners, { ...record, standing });
}
