import { CAP } from "../fields";
import { isAbsent, straight } from "./clean";
import { literalOf, masked, outside, textOf } from "./quote";

export interface Budget {
	cap?: string;
	unit?: string;
	/** What the text left open and the reading settled: nothing asked is 0 scrip, of a range the higher counts. */
	assumed?: "free" | "range";
	unbounded?: true;
	/** Words after the budget that are no part of it. */
	unread?: string;
}

/** A unit of which every character is escaped is shorter; what is longer is not looked at. */
const LONGEST = 1_000;
const FREE = { cap: "0", unit: "scrip", assumed: "free" } as const;
const SAYS_FREE =
	/^(?:free(?: of charge)?|gratis|pro bono|gift|mutual aid|volunteer(?:ed)?|no (?:budget|charge|cost)|zero)\b|^0$/i;
const SAYS_UNBOUNDED =
	/\b(?:unlimited|no (?:limit|cap|max(?:imum)?)|whatever (?:it takes|you)|open[- ]ended|uncapped|any amount)\b|∞/i;
const BEFORE_THE_FIGURE =
	/^(?:(?:up to|(?:no|not) more than|at most|max(?:imum)?\.?|cap(?:ped)?(?: at)?|about|approx\.?|around|circa|ca\.|bis|under|within)(?![a-z])|<=?|~|[:=, ])+/i;
const SIGNS: Record<string, string> = { $: "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₿": "BTC" };

/** `up to 120 scrip`, `≤120 scrip`, `120 scrip max`, `cap 120, unit scrip`, `$1,200.50`: the cap as signed, and its unit. */
export function readBudget(value: string): Budget {
	if (value.length > LONGEST) return {};
	const literal = literalOf(value);
	if (literal !== undefined) return readBudget(literal);
	if (textOf(value) === undefined)
		return /^(?:n ?\/ ?a|na|none|no|nil|nothing|-+)$/i.test(straight(value)) ? FREE : {};
	const text = outside(value, straight);
	if (SAYS_UNBOUNDED.test(masked(text))) return { unbounded: true };
	if (SAYS_FREE.test(text)) return FREE;

	const bounded = text.replace(BEFORE_THE_FIGURE, "");
	const [words = ""] = /^(?!(?:scrips?|[A-Z]{3,5})[: ]\d)[A-Za-z' ]*[a-z' ](?=\d)/.exec(bounded) ?? [];
	const said = bounded.slice(words.length);
	const [ahead = ""] = /^(?:[$€£¥₿]|(?:[A-Z]{3,5}|scrips?)[: ](?=\d))/.exec(said) ?? [];
	const first = figureOf(said.slice(ahead.length).trimStart());
	if (!first) return isAbsent(said) ? {} : unread(bounded);
	const higher = /^ ?(?:-|to|\.\.) ?[$€£¥₿]?(?=\d)/.exec(first.rest);
	const { figure, rest } = (higher && figureOf(first.rest.slice(higher[0].length))) || first;

	const after = unitOf(rest);
	const unit = after.literal ?? named(ahead.replace(/[: ]$/, ""), after.unit);
	return {
		// What is no cap is handed on as it is, for the linter to say so.
		cap: decimal(figure) ?? figure,
		...(unit && { unit }),
		...(higher && { assumed: "range" as const }),
		...unread([words.trim(), after.unread].filter(Boolean).join(", ")),
	};
}

const unread = (text: string | undefined) => (text ? { unread: text } : {});

/** The unit before the figure, after it, or on both sides: `EUR 40/h`. */
function named(before: string, after: string): string {
	const spelled = (unit: string) => SIGNS[unit] ?? (/^scrips?$/i.test(unit) ? "scrip" : unit);
	if (!before) return spelled(after);
	return /^(?:\/|per )/.test(after)
		? `${spelled(before)}${after[0] === "/" ? "" : " "}${after}`
		: spelled(before);
}

/** The figure that a text begins with, with its grouping and `k` or `m`. */
function figureOf(text: string): { figure: string; rest: string } | undefined {
	const [figure] =
		/^(?:\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,'_]\d+)*)(?:[.,]\d+)?(?: ?[km](?![A-Za-z]))?/i.exec(text) ?? [];
	return figure === undefined ? undefined : { figure, rest: text.slice(figure.length) };
}

/** `1,200.50`, `1.200,50`, `1 200`, `1.5k` as the digits that are signed; undefined for what no cap can be. */
function decimal(figure: string): string | undefined {
	// The form that is signed is taken at its word: 1.200 is one and a fifth.
	if (CAP.test(figure)) return figure;
	const [, digits, power = ""] = /^([\d.,'_ ]+?) ?([km])?$/i.exec(figure)!;
	const bare = digits!.replace(/[ '_]/g, "");
	const last = Math.max(bare.lastIndexOf(","), bare.lastIndexOf("."));
	const sign = bare[last];
	const groups =
		sign !== undefined && (bare.indexOf(sign) !== last || (sign === "," && bare.length - last === 4));
	const whole = (sign === undefined || groups ? bare : bare.slice(0, last)).replace(/[.,]/g, "");
	const fraction = sign === undefined || groups ? "" : bare.slice(last + 1);

	const places = { "": 0, k: 3, m: 6 }[power.toLowerCase()]!;
	const shifted = `${whole}${fraction.padEnd(places, "0").slice(0, places)}`;
	const left = fraction.slice(places);
	const cap = `${places ? shifted.replace(/^0+(?=\d)/, "") : shifted}${left && `.${left}`}`;
	return CAP.test(cap) ? cap : undefined;
}

/** What follows the figure: the unit, without the words that only say once more that it is a cap. */
function unitOf(rest: string): { unit: string; literal?: string; unread?: string } {
	const text = rest.trim().replace(/^(?:[,;] ?)?(?:unit[:=]?|in) /i, "");
	const literal = literalOf(text);
	if (literal !== undefined) return { unit: "", literal };
	const [first = "", ...more] = text.split(/,(?!\d)|[;(]| - /);
	const unit = first
		.replace(/(?:^| )(?:max(?:imum)?\.?|cap|total|at most|or less|tops|in total|all in)(?= |$)/gi, "")
		.replace(/(?<![.!])[.!]+$/, "")
		.trim();
	const others = more
		.map((piece) => piece.replace(/(?<![).])[).]+$/, "").trim())
		.filter((piece) => piece && !/^(?:max(?:imum)?|cap|total|at most|in total)$/i.test(piece));
	return { unit, ...unread(others.join(", ")) };
}
