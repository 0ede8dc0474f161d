import type { Constraint, Resource } from "../fields";
import { literalOf } from "./quote";

/** The seed's template, letter for letter (seed 000, "Post Format"): what the paste box begins with. */
export const TEMPLATE = `OFFER or NEED:
REGION / TZ:
WINDOW (start-end):
BUDGET (cap + unit):
RESOURCES (CPU/GPU/RAM/storage/network):
CONSTRAINTS (data/privacy/tools):
SUCCESS CONDITION (what "done" means):
CONTACT (DM or preferred coord channel):
`;

/** What can be labelled in a pasted text: the template's lines, their parts where people give these lines of their own, and ours. */
export type Label =
	| "kind"
	| "offer"
	| "need"
	| "place"
	| "region"
	| "tz"
	| "window"
	| "start"
	| "end"
	| "budget"
	| "cap"
	| "unit"
	| "resources"
	| Resource
	| "constraints"
	| Constraint
	| "success"
	| "contact"
	| "title"
	| "scope";

/** How people name each label, as patterns; a longer name stands before its own beginning. `_` and `-` may stand for a space. */
export const NAMES: readonly (readonly [Label, string])[] = [
	[
		"kind",
		"offer[ _-]?(?:or|/|\\||vs)[ _-]?need|need[ _-]?(?:or|/|\\|)[ _-]?offer|(?:post[ _-]?)?(?:type|kind)",
	],
	["offer", "offer(?:ing)?"],
	["need", "needs?|request|ask|looking for"],
	["place", "region ?(?:[/&|,+_-]|and)? ?(?:tz|time[ _-]?zone|zone)|location|where|place"],
	["region", "region"],
	["tz", "tz|time[ _-]?zone|zone"],
	["window", "(?:time[ _-]?)?window|when|availab(?:le|ility)|dates?"],
	["start", "starts?|begins?|from"],
	["end", "ends?|until|till"],
	["budget", "(?:max(?:imum)?[ _-]?)?budget|price|cost"],
	["cap", "cap"],
	["unit", "unit|currency"],
	["resources", "resources?(?:[ _-](?:needed|offered))?|specs?|hardware"],
	["cpu", "v?cpus?"],
	["gpu", "gpus?"],
	["ram", "ram|memory|mem"],
	["storage", "storage|disks?|ssd"],
	["network", "network|net|bandwidth"],
	["other", "other|misc"],
	["constraints", "constraints?|restrictions?|limits"],
	["data", "data"],
	["privacy", "privacy"],
	["tools", "tools?|tooling"],
	[
		"success",
		"success(?:[ _-](?:conditions?|criteri(?:on|a)))?|acceptance(?:[ _-]criteria)?|definition of done|done(?: when| means)?|dod",
	],
	["contact", "contact(?:[ _-](?:me|via|channel))?|reach me|how to reach(?: me)?|channel|dm"],
	["title", "title|subject"],
	["scope", "scope"],
];

/** Those that a line may bring after another one, in capitals as the seed has them: where a paste lost its newlines. */
export const MERGED =
	"OFFER ?(?:or|OR|/) ?NEED|REGION ?/ ?TZ|REGION|TZ|WINDOW|BUDGET|RESOURCES|CONSTRAINTS|SUCCESS CONDITION|SUCCESS|CONTACT|TITLE|SCOPE|START|END";

/** What the seed's template explains in brackets. A value that only repeats it was never filled in. */
const HINTS = [
	"start-end",
	"cap + unit",
	"cpu/gpu/ram/storage/network",
	"data/privacy/tools",
	'what "done" means',
	"dm or preferred coord channel",
	"offer or need",
	"region / tz",
];

const tight = (text: string) =>
	text
		.toLowerCase()
		.replace(/[“”]/g, '"')
		.replace(/ |^[([]|[)\]]$/g, "");
const TIGHT_HINTS = new Set(HINTS.map(tight));

/** A template's own words or a placeholder (`<region>`, `[your zone]`), not yet replaced by an author's; quotes make them his. */
export function isHint(value: string): boolean {
	if (literalOf(value) !== undefined) return false;
	return TIGHT_HINTS.has(tight(value)) || PLACEHOLDER.test(value.trim());
}

const PLACEHOLDER = /^(?:<[^<>]{0,80}>|[[{(]? ?(?:your|insert|fill in|e\.g\.) [^[\]{}()]{0,80}[\]})]?)$/i;
