import { isAbsent, unwrapped } from "./clean";

/**
 * A value that would not be read back as it is stands in the template as a JSON string, with everything escaped that
 * cleaning would touch: so any text a field may hold survives being copied out and pasted in.
 */
export function quoted(value: string): string {
	return JSON.stringify(value).replace(/ {2,}|[^\S ]|[\p{C}\p{Z}]/gu, (odd) =>
		odd === " " ? odd : [...Array(odd.length).keys()].map((at) => escaped(odd.charCodeAt(at))).join(""),
	);
}

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, "0")}`;

/** The text of a value: what its quotes hold, or itself without marks around it; undefined where it says nothing. */
export function textOf(value: string): string | undefined {
	const literal = literalOf(value);
	if (literal !== undefined) return literal;
	const text = unwrapped(value);
	return isAbsent(text) ? undefined : text;
}

export function literalOf(value: string): string | undefined {
	if (!/^"(?:[^"\\]|\\.)*"$/.test(value)) return undefined;
	try {
		return JSON.parse(value);
	} catch {
		return undefined;
	}
}

/** The text with the quoted strings that stand where a value begins blanked out, so that no sign in them divides anything. */
export const masked = (text: string): string =>
	text.replace(/^"(?:[^"\\]|\\.)*"/, blank).replace(AFTER_DIVIDER, blank);

/** The same for a whole line: what begins it is a label, quoted or not. */
export const maskedLine = (line: string): string => line.replace(AFTER_DIVIDER, blank);

const AFTER_DIVIDER = /(?<=[:;/=] ?|\d )"(?:[^"\\]|\\.)*"/g;
/** No character, and cleaned away where a text has it. */
export const BLANK = "\uffff";
const blank = (literal: string): string => BLANK.repeat(literal.length);

/** The text with `change` made everywhere but in its quoted strings. */
export function outside(text: string, change: (piece: string) => string): string {
	let changed = "";
	let from = 0;
	for (const { index, 0: blanked } of masked(text).matchAll(/\uffff+/g)) {
		changed += change(text.slice(from, index)) + text.slice(index, index + blanked.length);
		from = index + blanked.length;
	}
	return changed + change(text.slice(from));
}

/** Pieces between what `divider` (global) finds outside of quoted strings, trimmed, none empty. */
export function divided(text: string, divider: RegExp): string[] {
	const pieces: string[] = [];
	let from = 0;
	for (const found of masked(text).matchAll(divider)) {
		pieces.push(text.slice(from, found.index));
		from = found.index + found[0].length;
	}
	pieces.push(text.slice(from));
	return pieces.map((piece) => piece.trim()).filter(Boolean);
}
