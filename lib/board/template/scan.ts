import { folded, linesOf, unwrapped } from "./clean";
import { type Label, MERGED, NAMES } from "./labels";
import { literalOf, maskedLine } from "./quote";

/** What stands after a label, and on which line (from 1) of the pasted text. */
export interface Part {
	label: Label;
	value: string;
	line: number;
}

/** A line of a pasted text that no label claims. */
export interface Loose {
	text: string;
	line: number;
	heading: boolean;
}

/**
 * A pasted text taken apart at its labels: whatever their order, case and decoration, one a line, several in a line, or with
 * their values on the lines below. Never judges a value.
 */
export function scan(text: string): { parts: Part[]; loose: Loose[] } {
	const parts: Part[] = [];
	const loose: Loose[] = [];
	/** The part that an unlabelled line may go on with. */
	let open: Part | undefined;

	for (const [at, raw] of linesOf(text).entries()) {
		const line = at + 1;
		if (!raw) {
			if (open?.value) open = undefined;
			continue;
		}
		if (FENCE.test(raw) || RULE.test(raw)) continue;
		if (raw.includes("|") && /^[ :|-]+$/.test(raw)) {
			// What stands above the rule of a table names its columns.
			if (loose.at(-1)?.line === line - 1) loose.pop();
			continue;
		}
		const decoration = DECORATION.exec(raw)![0];
		// A box nobody ticked says nothing.
		if (decoration.includes("[ ]")) continue;

		const said = cells(raw.slice(decoration.length));
		// A label waits for its value, which may be a label's own word: `CONTACT:` and below it `DM`.
		const { before, found } =
			open && !open.value && /^[\w ]+$/.test(said) ? { before: said, found: [] } : labelled(said);
		if (before) {
			const own = open && itemOf(open.label);
			if (open?.value && own && decoration) {
				open = { label: own, value: before, line };
				parts.push(open);
			} else if (!open || !goesOn(open, before, decoration !== ""))
				loose.push({ text: before, line, heading: decoration.includes("#") || unwrapped(before) !== before });
		}
		for (const one of found) {
			open = { ...one, line };
			parts.push(open);
		}
	}
	return { parts, loose };
}

const FENCE = /^(?:```|~~~)|^[{}[\],]+$/;
const RULE = /^(?:[-*_=] ?){3,}$/;
const DECORATION = /^(?:(?:>+|#+|[-*+•·‣◦–—]|\d{1,2}[.)]|\[[ xX✓]\]) )*/;

/** `| BUDGET | 120 scrip |`, a row of a table, as a labelled line. */
function cells(line: string): string {
	const [, name, value] = /^\|([^|]+)\|(.+?)\|?$/.exec(line) ?? [];
	if (!name || !value) return line;
	return `${unwrapped(name.trim()).replace(/:$/, "")}: ${value.trim()}`;
}

/** A bullet after one item of a list is the list's next item, not more of this one. */
function itemOf(label: Label): Label | undefined {
	if (["cpu", "gpu", "ram", "storage", "network", "other"].includes(label)) return "resources";
	if (["data", "privacy", "tools"].includes(label)) return "constraints";
	return undefined;
}

/** Gives an unlabelled line to the part before it, if that has no value yet or is of those that take several lines. */
function goesOn(open: Part, text: string, bullet: boolean): boolean {
	if (!open.value) {
		open.value = text;
		return true;
	}
	if (literalOf(open.value) !== undefined) return false;
	const list = open.label === "success" || open.label === "resources" || open.label === "constraints";
	const unfinished =
		open.label === "window" &&
		(/(?:[-–—→]|\bto|\buntil)$/.test(open.value) || /^(?:[-–—→]|to |until )/.test(text));
	if (!list && !itemOf(open.label) && !unfinished) return false;
	open.value += `${list && bullet ? "; " : " "}${text}`;
	return true;
}

/** The labels of one line with their values, and what stands before the first of them. */
function labelled(line: string): { before: string; found: { label: Label; value: string }[] } {
	const seen = folded(maskedLine(line));
	const first = labelAt(seen);
	const found = first ? [{ ...first, from: 0 }] : [];
	const rest = first?.valueFrom ?? 0;
	for (const { index } of seen.slice(rest).matchAll(LATER)) {
		const from = rest + index;
		const later = labelAt(seen.slice(from))!;
		found.push({ ...later, from, valueFrom: from + later.valueFrom });
	}
	return {
		before: line.slice(0, found[0]?.from).replace(/ ?[|;,]? ?$/, ""),
		found: found.map(({ label, marks, valueFrom }, at) => {
			const next = found[at + 1]?.from;
			const value = line.slice(valueFrom, next).trim();
			// What divides two labels in one line belongs to neither.
			return { label, value: inner(next === undefined ? value : value.replace(/ ?[|;,/]$/, ""), marks) };
		}),
	};
}

/** A value without the marks around it, or those that its label began: `**BUDGET: 120 scrip**`, `"budget": "120 scrip",`. */
function inner(value: string, marks: string): string {
	const bare = marks === '"' ? value.replace(/,$/, "") : value;
	if (literalOf(bare) !== undefined) return bare;
	const plain = unwrapped(bare);
	return plain === bare && marks && bare.endsWith(marks) ? bare.slice(0, -marks.length).trim() : plain;
}

/** The label that a text begins with, where its value begins, and the marks before it. */
function labelAt(text: string): { label: Label; valueFrom: number; marks: string } | undefined {
	for (const [label, pattern] of PATTERNS) {
		const match = pattern.exec(text);
		if (match) return { label, valueFrom: match[0].length, marks: match[1]! };
	}
	return undefined;
}

const MARKS = "[*_`~\"'\\])]*";
const HINT = "(?: ?\\((?:[^()]|\\([^()]*\\)){0,120}\\))?";
/** A colon; a dash with room around it; the end of the line, where the value follows below. */
const DIVIDES = "(?: ?[:=] ?| -{1,2}>? | [–—→] |$)";

/** In capitals a line's own name needs no colon: `BUDGET 120 scrip`. */
const BY_CAPITALS: readonly (readonly [Label, string])[] = [
	["kind", "OFFER (?:or|OR) NEED"],
	["offer", "OFFER"],
	["need", "NEED"],
	["place", "REGION ?/ ?TZ"],
	["window", "WINDOW"],
	["budget", "BUDGET"],
	["resources", "RESOURCES"],
	["constraints", "CONSTRAINTS"],
	["success", "SUCCESS CONDITION"],
	["contact", "CONTACT"],
];

const PATTERNS: readonly (readonly [Label, RegExp])[] = [
	...NAMES.map(
		([label, names]) =>
			[
				label,
				new RegExp(`^([*_\`~"'[(]*)(?:${names})${MARKS}${HINT}${MARKS}${DIVIDES}(?:\\1)? ?`, "i"),
			] as const,
	),
	...BY_CAPITALS.map(
		([label, name]) => [label, new RegExp(`^([*_\`~[(]*)${name}${MARKS}${HINT}${MARKS} `)] as const,
	),
];

/** Whole lines of the template by any of their names in any case, where a divider stands before them. */
const WHOLE = NAMES.filter(([label]) =>
	[
		"kind",
		"place",
		"region",
		"tz",
		"window",
		"budget",
		"resources",
		"constraints",
		"success",
		"contact",
	].includes(label),
)
	.map(([, names]) => names.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`))
	.join("|");

const LATER = new RegExp(
	`(?<![\\p{L}\\p{N}_])(?:${MERGED})${HINT} ?:|(?<=[|;,.] )(?:${WHOLE})${HINT} ?:`,
	"gu",
);
