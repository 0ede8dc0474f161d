import { settings } from "../../db/schema/agents";
import type { Reading } from "../log/state";

export interface Setting {
	default: number | boolean;
	/** Bounds of a number, both allowed. */
	min?: number;
	max?: number;
	/** What it decides, one line. */
	what: string;
}

export const UNITS = ["seconds", "minutes", "hours", "days", "scrip", "bp"] as const;
/** `bp`: basis points, 10,000 = the whole. */
export type Unit = (typeof UNITS)[number];

/** In what a setting counts, as the end of its name says; undefined for what is counted by the piece, and for a yes or no. */
export function unitOf(name: string): Unit | undefined {
	return UNITS.find((unit) => name.endsWith(`_${unit}`));
}

/** Every setting by name, with its bounds. Durations and rates are settings so that a test shortens a window by a message. */
export const SETTINGS = {
	"exchange.order_minutes": {
		default: 60,
		min: 1,
		max: 1_440,
		what: "a buy that nobody matched expires after",
	},
	"exchange.quote_minutes": { default: 60, min: 1, max: 1_440, what: "a match's prices hold for" },
	"exchange.deliver_seconds": {
		default: 300,
		min: 1,
		max: 86_400,
		what: "an accept that was not delivered is refunded after",
	},
	"exchange.complete_hours": {
		default: 72,
		min: 1,
		max: 720,
		what: "a delivery left unanswered is completed after",
	},
	"exchange.verdict_days": {
		default: 7,
		min: 1,
		max: 90,
		what: "a dispute nobody ruled on is refunded after",
	},
	"exchange.put_review_days": {
		default: 7,
		min: 1,
		max: 90,
		what: "a held put nobody ruled on is rejected after",
	},
	"exchange.gate_hours": { default: 24, min: 1, max: 720, what: "a provisional gate ends after" },
	"exchange.cleared_days": {
		default: 30,
		min: 1,
		max: 365,
		what: "after a clear only owners with standing count against the entry for",
	},
	"exchange.auto_accept": { default: true, what: "whether the exchange accepts puts by itself" },
	"exchange.auto_accept_cap_scrip": {
		default: 100_000,
		min: 0,
		max: 10_000_000,
		what: "largest appraisal accepted without a house operator",
	},
	"exchange.auto_accept_min_reputation": {
		default: 40,
		min: 0,
		max: 100,
		what: "lowest reputation accepted without a house operator",
	},
	"exchange.default_ttl_hours": {
		default: 720,
		min: 1,
		max: 8_760,
		what: "an entry lives for, when its seller asked for nothing",
	},
	"exchange.brokered": { default: false, what: "whether workers rank instead of the engine" },
	"exchange.brokered_seconds": {
		default: 60,
		min: 1,
		max: 3_600,
		what: "the engine answers a brokered buy itself after",
	},
	"agent.standing_scrip": {
		default: 1_000,
		min: 1,
		max: 1_000_000_000,
		what: "minted to an owner, or purchased by it, gives standing",
	},
	"agent.standing_owners": {
		default: 3,
		min: 1,
		max: 1_000_000,
		what: "owners with standing those purchases must be from",
	},
	"agent.recovery_days": {
		default: 7,
		min: 1,
		max: 90,
		what: "a recovery key that the profile no longer names still works for",
	},
	"scrip.mint_floor_scrip": {
		default: 200,
		min: 0,
		max: 1_000_000,
		what: "bounties that may be minted a day beside what was burned the day before",
	},
	"assign.claim_minutes": { default: 15, min: 5, max: 30, what: "a claim's clock" },
	"assign.active_claims": { default: 3, min: 1, max: 100, what: "claims a worker may hold" },
	"assign.expire_hours": { default: 24, min: 1, max: 720, what: "an assign left unclaimed expires after" },
	"assign.reveal_minutes": { default: 10, min: 1, max: 1_440, what: "sealed bids are revealed within" },
	"loop.fast_seconds": { default: 300, min: 1, max: 86_400, what: "the fast pricing loop runs every" },
	"loop.medium_seconds": { default: 3_600, min: 1, max: 86_400, what: "the medium pricing loop runs every" },
	"loop.slow_seconds": { default: 14_400, min: 1, max: 604_800, what: "the slow pricing loop runs every" },
	"board.closure_due_hours": {
		default: 72,
		min: 1,
		max: 720,
		what: "closure is due after the window's end by",
	},
	"board.confirm_hours": { default: 72, min: 1, max: 720, what: "a close is confirmed or contested within" },
	"board.lapse_days": { default: 14, min: 1, max: 90, what: "an agreement nobody closes lapses after" },
	"board.at_risk_hours": { default: 24, min: 1, max: 168, what: "a need without answer is at risk after" },
	"board.contest_days": {
		default: 7,
		min: 1,
		max: 90,
		what: "a contest nobody ruled on becomes one-sided after",
	},
	"board.window_max_days": { default: 14, min: 1, max: 90, what: "longest window of a post" },
	"board.withdrawals_per_week": { default: 2, min: 0, max: 50, what: "withdraw and repost a week" },
	"board.free_fix_minutes": { default: 10, min: 0, max: 1_440, what: "a fix that counts nothing, within" },
	"board.owner_posts_per_week": {
		default: 3,
		min: 1,
		max: 1_000,
		what: "posts of one owner's agents a week",
	},
	"board.open_agreements": { default: 3, min: 1, max: 1_000, what: "agreements an owner may have open" },
	"board.open_agreements_proved": {
		default: 10,
		min: 1,
		max: 1_000,
		what: "agreements an owner may have open once a closure of its was confirmed",
	},
	"board.flags_to_hide": {
		default: 3,
		min: 1,
		max: 100,
		what: "owners with standing or a confirmed closure whose flags hide a message",
	},
	"board.flag_hide_hours": { default: 24, min: 1, max: 720, what: "flags hide, without a ruling, for" },
	"board.open_debts": { default: 1, min: 0, max: 100, what: "closures owed that do not bar a new post" },
	"mesh.attest_minutes": { default: 30, min: 1, max: 1_440, what: "validators attest within" },
	"mesh.accept_hours": { default: 72, min: 1, max: 720, what: "local acceptance is due within" },
	"mesh.result_challenge_hours": { default: 24, min: 1, max: 720, what: "a result can be challenged for" },
	"mesh.settlement_challenge_hours": {
		default: 72,
		min: 1,
		max: 720,
		what: "a settlement can be challenged for",
	},
	"mesh.verdict_days": { default: 7, min: 1, max: 90, what: "a challenge nobody ruled on is declined after" },
	"mesh.unbond_days": { default: 7, min: 1, max: 90, what: "bond unbonds for" },
	"mesh.min_bond": { default: 500, min: 1, max: 1_000_000, what: "least bond, scrip" },
	"mesh.base_credit": { default: 1_000, min: 0, max: 1_000_000, what: "base of the warm start, scrip" },
	"mesh.floor_compute": {
		default: 10_000,
		min: 1,
		max: 1_000_000_000,
		what: "least active bonded compute counted",
	},
	"mesh.vest_epochs": { default: 8, min: 1, max: 104, what: "weeks a warm start vests over" },
	"mesh.slash_multiplier": { default: 2, min: 1, max: 10, what: "slash = estimated loss times" },
	"operator.second_above_scrip": {
		default: 50_000,
		min: 1,
		max: 9_000_000_000,
		what: "acts above this sum need a second house operator",
	},
	"operator.claim_minutes": { default: 30, min: 1, max: 1_440, what: "a claimed case shows as claimed for" },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
type Value<N extends SettingName> = (typeof SETTINGS)[N]["default"] extends boolean ? boolean : number;

/** The value in force where this state stands. */
export function setting<N extends SettingName>(state: Reading, name: N): Value<N> {
	return (state.get(settings, name)?.value ?? SETTINGS[name].default) as Value<N>;
}

export type Values = (name: string) => number | boolean;

const declared = new Map<string, Setting>(Object.entries(SETTINGS));
const sums: ((values: Values) => string | undefined)[] = [];

/** A system adds its own settings, and what must hold of several together: a sentence when it would not. */
export function declareSettings(
	added: Record<string, Setting>,
	fault?: (values: Values) => string | undefined,
): void {
	for (const [name, one] of Object.entries(added)) {
		if (declared.has(name)) throw new Error(`two settings are named ${name}`);
		declared.set(name, one);
	}
	if (fault) sums.push(fault);
}

export function declaredSettings(): ReadonlyMap<string, Setting> {
	return declared;
}

/** Why these values may not be in force together, or undefined. */
export function faultOf(values: Values): string | undefined {
	for (const sum of sums) {
		const fault = sum(values);
		if (fault) return fault;
	}
}
