import { BOUNDS, CAP, CONSTRAINTS, type Draft, type Fields, KINDS, RESOURCES, SCOPES } from "../fields";
import { looksLikeScrip } from "../unit";
import { isLocal, localIn, resolve, windowFault } from "../window";
import { isZone } from "../zone";
import { hasHidden, mixedWords } from "./clean";
import { type Finding, finding } from "./finding";

export interface Limits {
	/** In ms since 1970. */
	now: number;
	/** `board.window_max_days`. */
	windowMaxDays: number;
}

export interface Linted {
	errors: Finding[];
	hints: Finding[];
}

/**
 * The one linter of form, paste box, dry run and MCP: errors for structure, hints for substance. RULES, "Linter". A draft
 * without errors is whole (`isWhole`).
 */
export function lint(draft: Draft, limits: Limits): Linted {
	return { errors: structure(draft, limits), hints: substance(draft) };
}

/** Whether every field that a post must have is there; whether it is right, `lint` says. */
export function isWhole(draft: Draft): draft is Fields {
	const { kind, region, tz, window, budget, resources, contact } = draft;
	return Boolean(
		kind && region && tz && window?.start && window.end && budget?.cap && budget.unit && contact && resources,
	);
}

const NAMES: Record<string, readonly [string, string]> = {
	kind: ["The kind", "OFFER or NEED"],
	region: ["The region", "where this is or must run, before the zone: EU / Europe/Berlin"],
	tz: ["The zone", "a place like Europe/Berlin, or an offset like UTC+01:00"],
	window: ["The window", "when it starts and ends: Tue 18:00 - Wed 02:00"],
	cap: ["The cap", "the most that this may cost: 120 scrip"],
	unit: ["The unit", "what the cap is counted in: scrip"],
	resources: [
		"What is offered or needed",
		"at least one of CPU, GPU, RAM, storage and network, or, for work and all else, other: two hours of review",
	],
	contact: ["The contact", "where to reach you: DM, or a channel"],
	success_condition: ["The success condition", "what is there when it is done, or leave the line out"],
	title: ["The title", "what it is in a few words, or leave the line out"],
	resource: ["This resource", "how much of it, or leave it out"],
	constraint: ["This constraint", "what holds, or leave it out"],
};

const about = (name: string) => {
	const [said, form] = NAMES[name]!;
	return { name: said, form };
};

function structure(draft: Draft, { now, windowMaxDays }: Limits): Finding[] {
	const errors: Finding[] = [];
	const missing = (name: string, field: string) => errors.push(finding("missing", field, about(name)));
	const bounded = (name: keyof typeof BOUNDS, field: string, value: string) => {
		const most = BOUNDS[name];
		if (!value.trim()) errors.push(finding("blank", field, about(name)));
		else if ([...value].length > most) errors.push(finding("too-long", field, { ...about(name), most }));
	};

	if (!draft.kind || !KINDS.includes(draft.kind)) missing("kind", "/kind");
	if (draft.region === undefined) missing("region", "/region");
	else bounded("region", "/region", draft.region);
	if (draft.tz === undefined) missing("tz", "/tz");
	else if (!isZone(draft.tz)) errors.push(finding("zone-unknown", "/tz", { value: draft.tz.slice(0, 40) }));

	const { start, end } = draft.window ?? {};
	if (start === undefined && end === undefined) missing("window", "/window");
	else if (!start || !isLocal(start)) errors.push(finding("not-local", "/window/start"));
	else if (!end || !isLocal(end)) errors.push(finding("not-local", "/window/end"));
	else {
		const fault = windowFault(resolve({ start, end }), now, windowMaxDays * 86_400_000);
		if (fault)
			errors.push(finding(`window-${fault}`, "/window", fault === "too-long" ? { days: windowMaxDays } : {}));
	}

	const { cap, unit } = draft.budget ?? {};
	if (cap === undefined) missing("cap", "/budget/cap");
	else if (!CAP.test(cap)) errors.push(finding("cap-wrong", "/budget/cap"));
	if (unit === undefined) missing("unit", "/budget/unit");
	else {
		bounded("unit", "/budget/unit", unit);
		if (looksLikeScrip(unit)) errors.push(finding("unit-lookalike", "/budget/unit"));
	}

	const resources = draft.resources ?? {};
	if (!RESOURCES.some((one) => resources[one] !== undefined)) missing("resources", "/resources");
	for (const one of RESOURCES)
		if (resources[one] !== undefined) bounded("resource", `/resources/${one}`, resources[one]);
	for (const one of CONSTRAINTS)
		if (draft.constraints?.[one] !== undefined)
			bounded("constraint", `/constraints/${one}`, draft.constraints[one]);

	if (draft.success_condition !== undefined)
		bounded("success_condition", "/success_condition", draft.success_condition);
	if (draft.contact === undefined) missing("contact", "/contact");
	else bounded("contact", "/contact", draft.contact);
	if (draft.title !== undefined) bounded("title", "/title", draft.title);
	if (draft.scope !== undefined && !SCOPES.includes(draft.scope))
		errors.push(finding("scope-unknown", "/scope", { value: String(draft.scope).slice(0, 40) }));
	return errors;
}

/** More than this in all, and it is no longer a few lines. */
const FEW_LINES = 1_000;

/** What to look for in every text, and what in those that say what is wanted. */
const ANYWHERE = [
	[
		"private-key",
		/-----BEGIN [A-Z ]{0,30}PRIVATE KEY|\bsk-[\w-]{16,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abeprs]-[\w-]{10,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.|\bnsec1[0-9a-z]{50,}|\bAIza[\w-]{30,}|\bhf_[A-Za-z]{20,}|\b(?:password|passwd|passphrase|api[ _-]?key|secret(?: key)?|(?:seed|recovery) phrase)\b ?(?:is|[:=]) ?["']?\S{6,}/i,
	],
	["private-email", /(?<![@\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b/i],
	["private-phone", /(?<![\w.:])(?:\+\d|\(\+?\d{2,4}\)|00[1-9]\d)[\d ()./-]{6,18}\d(?![\w:])/],
	[
		"finance",
		/\b(?:token (?:launch|sale)|(?:launch|mint)(?:ing)? (?:a |an |our |my |new )*(?:token|coin|nft)s?|pre-?sale|airdrops?|initial coin \w+|ico (?:launch|sale|round)|meme ?coins?|shit ?coins?|pump (?:and|&|n) dump|to the moon|\d+x (?:gains?|returns?|profits?)|guaranteed (?:returns?|profits?|yield)|yield farm\w*|staking rewards?|apy|invest(?:ments?|ors?)?|liquidity pool|copy trading|forex|buy (?:my|our|this) (?:token|coin)s?)\b/i,
	],
	["markup", /<\/?[a-z][^<>]{0,200}>|<!--|!\[[^[\]]{0,200}\]\(|&(?:lt|gt|amp|quot|nbsp|#\d{1,6});/i],
] as const;

const UNBOUNDED =
	/\b(?:unlimited|infinite(?:ly)?|endless(?:ly)?|as (?:long|much|many) as (?:it takes|possible|needed|you can)|whatever (?:it takes|you (?:have|can|want))|indefinite(?:ly)?|ongoing|forever|no (?:time )?limits?|open[- ]ended|24\/7|around the clock|any(?:thing)? (?:you have|goes|helps))\b/i;
const VAGUE =
	/\b(?:help(?:s|ed|ing)?|improv(?:e[ds]?|ing|ements?)|look(?:ing)? into|support(?:ed|ing)?|assist(?:ance|ed|ing)?|explor(?:e[ds]?|ing)|investigat(?:e[ds]?|ing)|optimi[sz](?:e[ds]?|ing|ation)|better|nicer|faster|cleaner|etc|various|somehow|something|and so on|it works?|works? (?:well|fine)|as discussed|good enough|(?:i am|i'm|we are|we're|everybody is|everyone is) (?:happy|satisfied))\b/i;
const CHECKABLE =
	/\d|\b(?:pass(?:es|ed)?|green|merged|deployed|published|exists?|hash|log|exit code|report(?:ed)?)\b/i;

function substance(draft: Draft): Finding[] {
	const hints: Finding[] = [];
	const texts = textsOf(draft);
	const quote = (found: RegExpExecArray) => ({ words: found[0].slice(0, 60) });

	for (const [field, text] of texts) {
		for (const [code, pattern] of ANYWHERE) {
			const found = pattern.exec(text);
			// A secret is not said again.
			if (found) hints.push(finding(code, field, code === "finance" ? quote(found) : {}));
		}
		if (hasHidden(text)) hints.push(finding("hidden", field));
		const [mixed] = mixedWords(text);
		if (mixed) hints.push(finding("lookalike", field, { words: mixed.slice(0, 60) }));
		const unbounded = ASKS.test(field) && UNBOUNDED.exec(text);
		if (unbounded) hints.push(finding("unbounded", field, quote(unbounded)));
	}
	const done = draft.success_condition;
	const vague = done !== undefined && !CHECKABLE.test(done) && VAGUE.exec(done);
	if (vague) hints.push(finding("vague", "/success_condition", quote(vague)));
	if (done === undefined) hints.push(finding("no-success-condition", "/success_condition"));

	const length = texts.reduce((sum, [, text]) => sum + text.length, 0);
	const lines = texts.reduce((sum, [, text]) => sum + text.split("\n").length - 1, 0);
	if (length > FEW_LINES || lines > 4) hints.push(finding("long", ""));
	otherOffsets(draft, hints);
	return hints;
}

/** The fields that say what is offered or asked for; a contact may well be there around the clock. */
const ASKS = /^\/(?:resources|success_condition|title|budget|constraints\/tools)/;

/** What is longer is an error already, and looking at all of it would take its time. */
const MOST_LOOKED_AT = 2_000;

/** Every text of a draft that its author wrote, with its field. */
function textsOf(draft: Draft): [field: string, text: string][] {
	const texts: [string, string | undefined][] = [
		["/title", draft.title],
		["/region", draft.region],
		["/budget/unit", draft.budget?.unit],
		...RESOURCES.map((one): [string, string | undefined] => [`/resources/${one}`, draft.resources?.[one]]),
		...CONSTRAINTS.map((one): [string, string | undefined] => [
			`/constraints/${one}`,
			draft.constraints?.[one],
		]),
		["/success_condition", draft.success_condition],
		["/contact", draft.contact],
	];
	return texts.flatMap(([field, text]) =>
		text === undefined ? [] : [[field, text.slice(0, MOST_LOOKED_AT)]],
	);
}

/** A time stands with the offset it was written with; where that is not its zone's, the post shows another hour. */
function otherOffsets({ tz, window }: Draft, hints: Finding[]): void {
	if (!tz || !isZone(tz) || !window) return;
	for (const end of ["start", "end"] as const) {
		const local = window[end];
		if (!local || !isLocal(local)) continue;
		const shown = localIn(tz, resolve({ start: local, end: local }).start);
		if (shown !== local && shown.slice(0, 19) !== local.slice(0, 19))
			hints.push(
				finding("other-offset", `/window/${end}`, { tz, shown: shown.slice(0, 16).replace("T", " ") }),
			);
	}
}
