import { terms } from "../match/text";
import { amountOf } from "./amounts";
import { CONSTRAINTS, type Fields, RESOURCES, type Resource } from "./fields";
import { lengthMs, overlapMs, type Span } from "./span";
import { zoneOverlapBp } from "./zone";

const WHOLE_BP = 10_000;
const HOUR_MS = 3_600_000;

/** What a need and an offer are compared by: their fields, their window as stored instants, their place in the week. */
export interface Post extends Omit<Fields, "window" | "contact" | "region" | "kind"> {
	id: string;
	span: Span;
	/** Grows with first publication: the `seq` of the post, whatever was revised later. */
	first: number;
}

export type Part = keyof typeof WEIGHTS_BP;

/** How much of the whole each part is, in basis points. */
export const WEIGHTS_BP = {
	resources: 3_500,
	window: 2_500,
	budget: 1_500,
	text: 1_500,
	zone: 1_000,
} as const;

export interface Scored {
	/** 0…10,000 */
	bp: number;
	/** Names the sentence that says why; pages have it in their catalogue, with `values` filled in. */
	reason: Reason;
	values: Record<string, string | number>;
}

export interface Fit {
	bp: number;
	parts: Record<Part, Scored>;
}

export type Reason = keyof typeof REASONS;

export interface Judged {
	now: number;
	/** How near the two texts are to an embedder, in basis points; without one, words alone decide. */
	similarityBp?: number;
}

/** From here on an offer is said to fit. */
export const FITS_FROM_BP = 5_000;

/**
 * How well an offer answers a need, and why (RULES, "Stranded": resources, window overlap, zone, budget; and the words). A sum
 * of its parts; nothing at all where the windows never meet or nothing that is needed is there. For pages and suggestions
 * only: zones ask the tz tables, so no fold may keep it.
 */
export function fitOf(need: Post, offer: Post, judged: Judged): Fit {
	const parts = {
		resources: resources(need, offer),
		window: window(need, offer, judged.now),
		budget: budget(need, offer, judged.now),
		text: words(need, offer, judged.similarityBp),
		zone: zone(need, offer),
	};
	const sum = (Object.keys(WEIGHTS_BP) as Part[]).reduce(
		(bp, part) => bp + WEIGHTS_BP[part] * parts[part].bp,
		0,
	);
	const impossible = parts.resources.bp === 0 || parts.window.bp === 0;
	return { bp: impossible ? 0 : Math.floor(sum / WHOLE_BP), parts };
}

/** Those of the other kind that fit, the best first; of equal ones the one that was published first. */
export function fitting<P extends Post>(
	candidates: readonly P[],
	fitted: (candidate: P) => Fit,
	fromBp = FITS_FROM_BP,
): { post: P; fit: Fit }[] {
	return candidates
		.map((post) => ({ post, fit: fitted(post) }))
		.filter((one) => one.fit.bp >= fromBp)
		.sort((one, other) => other.fit.bp - one.fit.bp || one.post.first - other.post.first);
}

/** Of what is needed, how much is offered: the mean over the need's resources, each as good as its worst measure. */
function resources(need: Post, offer: Post): Scored {
	const asked = RESOURCES.filter((one) => need.resources[one] !== undefined);
	const had = asked.map((one) => ({ one, bp: resource(one, need, offer) }));
	const bp = Math.floor(had.reduce((sum, one) => sum + one.bp, 0) / Math.max(1, asked.length));
	const short = had.filter((one) => one.bp < WHOLE_BP).map(({ one }) => one);
	const lacking = had.filter((one) => one.bp === 0).map(({ one }) => one);
	if (short.length === 0) return scored(bp, "resources-all", { resources: asked.join(", ") });
	if (lacking.length === asked.length) return scored(0, "resources-none", { resources: asked.join(", ") });
	if (lacking.length) return scored(bp, "resources-lacking", { resources: lacking.join(", ") });
	return scored(bp, "resources-short", { resources: short.join(", ") });
}

/** Half for what one side does not put a figure to: it may be enough, and asking costs a message. */
const UNSAID_BP = 5_000;
/** Another card or architecture than the one named rarely does. */
const OTHER_MODEL_BP = 2_000;

function resource(name: Resource, need: Post, offer: Post): number {
	const offered = offer.resources[name];
	if (name === "other") return answeredBp(workOf(need), workOf(offer, offer.title));
	if (offered === undefined) return 0;
	const [wants, has] = [amountOf(name, need.resources[name]!), amountOf(name, offered)];
	const measures = (["count", "megabytes", "megabits"] as const).map((measure) => {
		const asked = wants[measure];
		if (!asked) return WHOLE_BP;
		const there = has[measure];
		return there === undefined ? UNSAID_BP : ratioBp(there, asked);
	});
	if (wants.models.length)
		measures.push(
			has.models.length === 0
				? UNSAID_BP
				: wants.models.some((model) => has.models.includes(model))
					? WHOLE_BP
					: OTHER_MODEL_BP,
		);
	return Math.min(...measures);
}

/** How much of the shorter window both have, from now on. */
function window(need: Post, offer: Post, now: number): Scored {
	const [wanted, open] = [ahead(need.span, now), ahead(offer.span, now)];
	const both = overlapMs(wanted, open);
	const minutes = Math.floor(both / 60_000);
	if (both === 0) return scored(0, "window-none", {});
	const bp = ratioBp(both, Math.min(lengthMs(wanted), lengthMs(open)));
	return scored(bp, bp === WHOLE_BP ? "window-whole" : "window-part", { minutes });
}

const ahead = ({ start, end }: Span, now: number): Span => ({
	start: Math.max(start, now),
	end: Math.max(end, now),
});

function zone(need: Post, offer: Post): Scored {
	const bp = zoneOverlapBp(need.tz, offer.tz, Math.max(need.span.start, offer.span.start));
	const hours = Math.round((12 * (WHOLE_BP - bp)) / WHOLE_BP);
	return scored(bp, hours === 0 ? "zone-same" : "zone-apart", { hours });
}

/** The need's cap against the offer's, in one unit. An offer by the hour costs the hours that both windows share. */
function budget(need: Post, offer: Post, now: number): Scored {
	const [has, asks] = [micro(need.budget.cap), micro(offer.budget.cap)];
	if (asks === 0n) return scored(WHOLE_BP, "budget-free", {});
	const [paying, asking] = [unitOf(need.budget.unit), unitOf(offer.budget.unit)];
	const values = { need: need.budget.cap, offer: offer.budget.cap, unit: offer.budget.unit };
	if (paying.unit !== asking.unit || (paying.hourly && !asking.hourly))
		return scored(0, "budget-other-unit", values);

	const shared = BigInt(overlapMs(ahead(need.span, now), ahead(offer.span, now)));
	const hourly = asking.hourly && !paying.hourly;
	const cost = hourly ? (asks * (shared || BigInt(HOUR_MS))) / BigInt(HOUR_MS) : asks;
	if (has >= cost) return scored(WHOLE_BP, hourly ? "budget-hours" : "budget-covers", values);
	return scored(
		Number((has * BigInt(WHOLE_BP)) / cost),
		hourly ? "budget-hours-part" : "budget-below",
		values,
	);
}

function unitOf(text: string): { unit: string; hourly: boolean } {
	const said = text.trim().toLowerCase();
	const unit = said.replace(/ ?(?:\/|per|an) ?(?:h|hr|hour)$/, "");
	return { unit, hourly: unit !== said };
}

/** A cap, at most six digits after its point, in millionths. */
function micro(cap: string): bigint {
	const [whole = "0", fraction = ""] = cap.split(".");
	return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}

function words(need: Post, offer: Post, similarityBp = 0): Scored {
	const shared = sharedBp(wordsOf(need), wordsOf(offer));
	const bp = Math.max(shared, Math.min(WHOLE_BP, Math.max(0, Math.floor(similarityBp))));
	return scored(bp, bp === 0 ? "text-none" : similarityBp > shared ? "text-near" : "text-words", {});
}

/** What is named as other: work, mostly; of an offer its title says it as well. */
const works = new WeakMap<Post, ReadonlySet<string>>();
const titledWorks = new WeakMap<Post, ReadonlySet<string>>();

function workOf(post: Post, title?: string): ReadonlySet<string> {
	const kept = title === undefined ? works : titledWorks;
	const known = kept.get(post) ?? new Set(terms([post.resources.other, title].filter(Boolean).join("\n")));
	kept.set(post, known);
	return known;
}

/** Stems cost more than all else here, and a post is compared with many: found once for each. */
const stems = new WeakMap<Post, ReadonlySet<string>>();

function wordsOf(post: Post): ReadonlySet<string> {
	const known = stems.get(post) ?? new Set(terms(textOf(post)));
	stems.set(post, known);
	return known;
}

function textOf(post: Post): string {
	const { title, success_condition, resources, constraints } = post;
	const lists = [...RESOURCES.map((one) => resources[one]), ...CONSTRAINTS.map((one) => constraints[one])];
	return [title, success_condition, ...lists].filter(Boolean).join("\n");
}

/** Words in both, twice, over the words of both (Dice), by their stems. */
function sharedBp(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
	const shared = inBoth(one, other);
	return shared ? ratioBp(2 * shared, one.size + other.size) : 0;
}

/** How many of the words that are asked for the other side has. */
function answeredBp(asked: ReadonlySet<string>, offered: ReadonlySet<string>): number {
	const shared = inBoth(asked, offered);
	return shared ? ratioBp(shared, asked.size) : 0;
}

function inBoth(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
	let shared = 0;
	for (const term of one) if (other.has(term)) shared++;
	return shared;
}

const ratioBp = (part: number, whole: number): number =>
	Math.min(WHOLE_BP, Math.floor((part * WHOLE_BP) / whole));

const scored = (bp: number, reason: Reason, values: Scored["values"]): Scored => ({ bp, reason, values });

/** The sentences, for those that read the API; `{name}` stands for a value. */
export const REASONS = {
	"resources-all": "It offers all that is needed: {resources}.",
	"resources-short": "It offers less than is needed, or does not say how much: {resources}.",
	"resources-lacking": "It does not offer {resources}.",
	"resources-none": "It offers nothing of what is needed: {resources}.",
	"window-whole": "The windows share {minutes} minutes, all of the shorter one.",
	"window-part": "The windows share {minutes} minutes.",
	"window-none": "The windows never meet.",
	"zone-same": "Both live by the same hours.",
	"zone-apart": "Their clocks are {hours} hours apart.",
	"budget-free": "It is free.",
	"budget-covers": "The need's cap of {need} covers {offer} {unit}.",
	"budget-below": "The need's cap of {need} is below {offer} {unit}.",
	"budget-hours": "The need's cap of {need} pays all shared hours at {offer} {unit}.",
	"budget-hours-part": "The need's cap of {need} pays a part of the shared hours at {offer} {unit}.",
	"budget-other-unit": "They count in different units.",
	"text-words": "They use the same words.",
	"text-near": "They speak of the same.",
	"text-none": "They share no words.",
} as const;
