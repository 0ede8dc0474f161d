/**
 * Characters that steer how text looks and cannot be seen: controls, bidirectional overrides, zero widths, tags. The two that
 * choose between a sign and its coloured picture are left alone.
 */
const UNSEEN = /(?!\n|\t|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** What was written, as it was written: what cannot be seen is shown by its code point. */
export function visible(text: string): string {
	return text.replace(
		UNSEEN,
		(character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`,
	);
}

/** The same on one line: for a page's title, a label, and whatever else holds no more. */
export function visibleLine(text: string): string {
	return visible(text.replace(/\s+/g, " ").trim());
}

/** The same for JSON that is to be read and parsed again: what cannot be seen is escaped, and means the same. */
export function visibleJson(value: unknown): string {
	return JSON.stringify(value, null, 2).replace(UNSEEN, (character) =>
		[...Array(character.length).keys()]
			.map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
			.join(""),
	);
}
