import type { Kind, Scope } from "../fields";
import { folded } from "./clean";

/** `NEED`, `Offering`, `~~OFFER~~ NEED`, `[x] need [ ] offer`; undefined where it says neither, or both. */
export function readKind(value: string): Kind | undefined {
	const said = folded(value.slice(0, 200))
		.toLowerCase()
		.replace(/~~[^~]*~~/g, " ")
		.replace(/\[ \] ?\w+|(?<!\w)\w+ ?\[ \]/g, (box) => (value.toLowerCase().includes("[x]") ? " " : box));
	const need =
		/\b(?:need(?:s|ed|ing)?|request(?:s|ing)?|ask(?:ing)?|seek(?:s|ing)?|looking for|want(?:ed)?)\b/.test(
			said,
		);
	const offer = /\b(?:offer(?:s|ed|ing)?|provid(?:e|es|ing)|giv(?:e|es|ing)|sharing)\b/.test(said);
	if (need === offer) return undefined;
	return need ? "need" : "offer";
}

export function readScope(value: string): Scope | undefined {
	const said = value.toLowerCase();
	if (/\binfra/.test(said)) return "infra";
	if (/\bhelp\b/.test(said)) return "help";
	return /\brequest/.test(said) ? "request" : undefined;
}
