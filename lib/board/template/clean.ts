/**
 * What nobody sees and no text needs: controls, bidi marks and overrides, zero-width spaces, soft hyphens, tags. The
 * joiners stay: Persian and family emoji are written with them.
 */
const HIDDEN =
	/[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\uffff\u{e0000}-\u{e007f}]/gu;

export const hasHidden = (text: string): boolean => text.replace(/[\t\n\r]/g, "").search(HIDDEN) >= 0;

/** A pasted text as lines of plain words: one kind of newline and space, nothing hidden, no space twice or at an end. */
export function linesOf(text: string): string[] {
	return text
		.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
		.replace(/[^\S\n]/g, " ")
		.split("\n")
		.map((line) => line.replace(HIDDEN, "").replace(/ +/g, " ").trim());
}

/** One hyphen for all dashes, ASCII quotes and signs: for what is read by form. Free text keeps its own. */
export function straight(text: string): string {
	return text
		.replace(/[‐‑‒–—―−﹣－]/g, "-")
		.replace(/[“”„«»]/g, '"')
		.replace(/[‘’]/g, "'")
		.replace(/：/g, ":")
		.replace(/[≤⩽≦]/g, "<=")
		.replace(/\\([-*_#>|~`])/g, "$1");
}

const CYRILLIC_AND_GREEK = "АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧοԁԝѵ";
const LATIN = "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXodwv";
const LOOKALIKES = new Map([...CYRILLIC_AND_GREEK].map((letter, at) => [letter, LATIN[at]!]));

/** Every letter drawn like a Latin one as that one, full-width ones too; the length stays. */
export function folded(text: string): string {
	if (/^[\u0020-\u007f]*$/.test(text)) return text;
	return text.replace(/[\u0370-\u052f\uff01-\uff5e]/g, (letter) =>
		letter >= "\uff01"
			? String.fromCharCode(letter.charCodeAt(0) - 0xfee0)
			: (LOOKALIKES.get(letter) ?? letter),
	);
}

/** Words that mix Latin letters with others drawn like them: `sсrip` with a Cyrillic с. */
export function mixedWords(text: string): string[] {
	return (text.match(/[\p{L}\p{M}]+/gu) ?? []).filter(
		(word) => /[a-z]/i.test(word) && [...word].some((letter) => LOOKALIKES.has(letter)),
	);
}

/** Without emphasis or code marks around the whole. */
export function unwrapped(text: string): string {
	const inner = /^(\*\*|__|~~|\*|_|`)(?! )(.+)(?<! )\1$/.exec(text);
	return inner && !inner[2]!.includes(inner[1]!) ? unwrapped(inner[2]!) : text;
}

/** What people write where they have nothing to say. */
export function isAbsent(text: string): boolean {
	const said = straight(text)
		.trim()
		.replace(/^[([]|[)\].]$/g, "");
	return /^(|n ?\/ ?a|na|none|no|nil|null|nothing|not applicable|tbd|tba|todo|unknown|-+|\?+|\.+|_+)$/i.test(
		said,
	);
}
