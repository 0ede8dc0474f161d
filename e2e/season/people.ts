import { createHash } from "node:crypto";
import type { Fields, Kind, Resource } from "../../lib/board/fields";
import type { Span } from "../../lib/board/span";
import { boundsOf, weekAfter } from "../../lib/board/week";
import { localIn } from "../../lib/board/window";
import { offsetAt } from "../../lib/board/zone";
import { type Key, newKey } from "../../lib/client/compose";
import { type Chance, chance } from "./chance";

const HOUR_MS = 3_600_000;

/** Somebody with an agent. */
export interface Person {
	number: number;
	me: Key;
	tz: string;
	region: string;
	/** The hour of its own day at which it looks at the board. */
	looksAt: number;
	has: Thing[];
	/** After this hour of the season it is never seen again. */
	goneAfter: number;
}

/** So much of a resource: `kind` is a card's or processor's, or what somebody knows. */
export interface Thing {
	name: Resource;
	kind: string;
	amount: number;
}

/** What somebody means to post in a week, with what only its author knows. */
export interface Plan {
	kind: Kind;
	/** Hours from the week's beginning on after which it is posted. */
	afterHours: number;
	span: Span;
	things: Thing[];
	/** What the work takes, of a need. */
	hours: number;
	cap: number;
	unit: string;
	/** The offer's cap is by the hour. */
	hourly: boolean;
	says: Omit<Fields, "kind">;
}

const ZONES = [
	["Europe/Berlin", "EU"],
	["Europe/Berlin", "EU"],
	["Europe/London", "UK"],
	["Europe/Kyiv", "EU east"],
	["America/New_York", "US east"],
	["America/Los_Angeles", "US west"],
	["America/Sao_Paulo", "Brazil"],
	["Asia/Singapore", "Singapore"],
	["Asia/Tokyo", "Japan"],
	["UTC+05:30", "India"],
] as const;

const KINDS: Record<Resource, readonly string[]> = {
	cpu: ["arm64", "x86"],
	gpu: ["A100 80 GB", "RTX 4090 24 GB"],
	ram: [""],
	storage: [""],
	network: [""],
	other: [
		"review of Go code",
		"translation from German to English",
		"security audit of a web service",
		"labelling of street photos",
		"migration of a PostgreSQL schema",
	],
};
const AMOUNTS: Record<Resource, readonly number[]> = {
	cpu: [4, 8, 16, 32],
	gpu: [1, 2, 4, 8],
	ram: [32, 64, 128, 256],
	storage: [1, 4, 16],
	network: [1, 10],
	other: [1],
};
/** What is asked for and had more often stands here more often. */
const WANTED: readonly Resource[] = [
	"cpu",
	"cpu",
	"gpu",
	"gpu",
	"gpu",
	"other",
	"other",
	"storage",
	"ram",
	"network",
];

const TEXT: Record<Resource, (thing: Thing) => string> = {
	cpu: ({ amount, kind }) => `${amount} cores, ${kind}`,
	gpu: ({ amount, kind }) => `${amount}×${kind}`,
	ram: ({ amount }) => `${amount} GB`,
	storage: ({ amount }) => `${amount} TB NVMe`,
	network: ({ amount }) => `${amount} Gbps`,
	other: ({ kind }) => kind,
};

/** Of a hundred, how many post in a week, and of those that do, how many need something. */
const [ACTIVE, NEEDY] = [80, 45];
/** Of a hundred, how many leave for good in a week. */
const LEAVING = 1;

/** The agent of this number in the season of this seed. */
export function person(seed: string, number: number, weeks: number): Person {
	const luck = chance(seed, "person", number);
	const [tz, region] = luck.pick(ZONES);
	const has = luck.some([...new Set(WANTED)], luck.between(1, 3)).map((name) => thing(luck, name, "offer"));
	const parting = chance(seed, "parting", number);
	const leaves = Array.from({ length: weeks }, (_, week) => week).find(() => parting.happens(LEAVING));
	return {
		number,
		me: keyOf(seed, `agent ${number}`),
		tz,
		region,
		looksAt: luck.between(8, 19),
		has,
		goneAfter: leaves === undefined ? Number.POSITIVE_INFINITY : leaves * 168 + parting.below(168),
	};
}

export function keyOf(seed: string, name: string): Key {
	return newKey(createHash("sha256").update(`season ${seed} ${name}`).digest("hex"));
}

/** Whether it is the hour at which this person looks at the board, once a day by its own clocks. */
export function isLooking({ tz, looksAt }: Person, at: number): boolean {
	return Math.floor((at + offsetAt(tz, at) * 60_000) / HOUR_MS) % 24 === looksAt;
}

/** What a person means to post in a week; undefined: nothing. */
export function planOf(seed: string, who: Person, first: string, week: number): Plan | undefined {
	const luck = chance(seed, "week", who.number, week);
	if (!luck.happens(ACTIVE)) return undefined;
	const kind: Kind = luck.happens(NEEDY) ? "need" : "offer";
	const afterHours = luck.pick([0, 0, 0, 24, 24, 48, 72]);
	const { start: monday } = boundsOf(weekAfter(first, week));
	const begins = monday + afterHours * HOUR_MS + luck.between(12, 72) * HOUR_MS;
	const span = { start: begins, end: begins + luck.between(...LENGTHS[kind]) * HOUR_MS };
	const things =
		kind === "offer"
			? luck.some(who.has, luck.between(1, who.has.length))
			: luck.some(WANTED, luck.happens(25) ? 2 : 1).map((name) => thing(luck, name, "need"));
	const hours = luck.between(1, 8);
	const hourly = kind === "offer" && luck.happens(25);
	const cap = kind === "need" ? luck.between(30, 200) : hourly ? luck.between(1, 12) : luck.between(5, 120);
	const unit = luck.pick(["scrip", "scrip", "scrip", "EUR"]);
	const plan = { kind, afterHours, span, things: once(things), hours, cap, unit, hourly };
	return { ...plan, says: saysOf(who, plan) };
}

/** Hours that a window is long. */
const LENGTHS: Record<Kind, [number, number]> = { need: [12, 72], offer: [24, 120] };

/** The same need with more to pay: what its author makes of it when nobody answers. */
export function raised(who: Person, plan: Plan): Plan {
	const better = { ...plan, cap: Math.ceil(plan.cap * 1.25) };
	return { ...better, says: saysOf(who, better) };
}

/**
 * Whether this offer would truly serve that need, as two people find out who read both posts: all of it is there, long enough
 * and for no more than is paid. Nothing of this is taken from the board's own judgement of what fits.
 */
export function serves(offer: Plan, need: Plan, at: number): boolean {
	const shared = Math.min(offer.span.end, need.span.end) - Math.max(offer.span.start, need.span.start, at);
	return (
		need.things.every(({ name, kind, amount }) =>
			offer.things.some((thing) => thing.name === name && thing.kind === kind && thing.amount >= amount),
		) &&
		shared >= need.hours * HOUR_MS &&
		offer.unit === need.unit &&
		priceOf(offer, need) <= need.cap
	);
}

/** What this work costs by that offer. */
export const priceOf = (offer: Plan, need: Plan): number =>
	offer.hourly ? offer.cap * need.hours : offer.cap;

/** Whoever has something has rather much of it, whoever needs it rather little. */
function thing(luck: Chance, name: Resource, kind: Kind): Thing {
	const amounts = [luck.pick(AMOUNTS[name]), luck.pick(AMOUNTS[name])];
	return {
		name,
		kind: luck.pick(KINDS[name]),
		amount: kind === "offer" ? Math.max(...amounts) : Math.min(...amounts),
	};
}

/** A resource is named once in a post. */
function once(things: Thing[]): Thing[] {
	return things.filter(({ name }, i) => things.findIndex((one) => one.name === name) === i);
}

function saysOf({ tz, region, number }: Person, plan: Omit<Plan, "says">): Plan["says"] {
	const { kind, span, things, cap, unit, hourly } = plan;
	const named = things.map((one) => TEXT[one.name](one)).join(" and ");
	return {
		title: kind === "need" ? `${named} wanted` : `${named} to spare`,
		region,
		tz,
		window: { start: localIn(tz, span.start), end: localIn(tz, span.end) },
		budget: { cap: String(cap), unit: hourly ? `${unit}/hour` : unit },
		resources: Object.fromEntries(things.map((one) => [one.name, TEXT[one.name](one)])),
		constraints: {},
		...(kind === "need" && { success_condition: `What runs on ${named} ends without an error.` }),
		contact: `agent ${number}, by notes`,
	};
}
