import { stem } from "./stem";

/**
 * What an entry is found by: the words the seller chose for it. The domains stand behind the description, so that they
 * never push it out of an embedder's window.
 */
export const entryText = (description: string, domains: readonly string[]): string =>
	domains.length ? `${description}\n${domains.join(" ")}` : description;

/**
 * The terms of a text for BM25, in order and with repetitions: lower-case, compatibility-normalised, English stems,
 * without English function words. `userId`, `user_id` and `user-id` give `user` and `id`, and the first two also
 * `userid`, since people write both "WebSocket" and "websocket". Scripts without spaces give overlapping pairs.
 */
export function terms(text: string): string[] {
	const found: string[] = [];
	for (const [word] of text.normalize("NFKC").matchAll(WORD)) {
		if (UNSPACED.test(word)) {
			pairs(word, found);
			continue;
		}
		const parts = word.match(PART) ?? [];
		for (const part of parts) term(part, found);
		if (parts.length > 1) term(word.replaceAll("_", ""), found);
	}
	return found;
}

const WORD =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}_])+(?:\+\+|#|'[a-z]+)?/gu;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** A run of capitals ends before the last one when a small letter follows: `HTTPServer` is `HTTP` and `Server`. */
const PART =
	/\p{Lu}(?:\+\+|#)|\p{Lu}+(?!\p{Ll})[\p{N}]*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:\+\+|#|'[a-z]+)?|\p{Lu}/gu;

function term(word: string, found: string[]): void {
	const lower = word.toLowerCase();
	if (!FUNCTION_WORDS.has(lower)) found.push(stem(lower));
}

function pairs(run: string, found: string[]): void {
	const characters = [...run];
	if (characters.length === 1) found.push(run);
	for (let at = 0; at + 1 < characters.length; at++) found.push(characters[at]! + characters[at + 1]!);
}

/** In a small inventory "how do I" is rare enough to look like a topic; a list does what idf can't do yet. */
const FUNCTION_WORDS = new Set(
	`a about after all also am an and any are as at be because been before being between both but by can can't could did
	do does doesn't doing don't each few for from further had has have having he her here hers him his how i if in into
	is isn't it it's its just me more most my need no nor not of off on once one only or other our ours out over own
	same she should since so some such than that the their them then there these they this those through to too under
	until up use used using very want was we were what when where which while who whom why will with without would you
	your yours`.split(/\s+/),
);

const LEAD_CHARACTERS = 1_200;
const WINDOW_CHARACTERS = 480;
const WINDOW_STEP = 340;
const MOST_WINDOWS = 12;

/**
 * The pieces of an entry's text to embed: the lead first, then, when the text is longer than one window, up to twelve
 * overlapping windows over all of it, the last one ending where the text ends. One vector for a long description
 * dilutes it (similarity 0.60 became 0.07 in the worst case); an entry scores by its best piece. A window is about 120
 * word pieces, which is what the bundled model was trained on, and twelve of them cover the 4,096 characters of the
 * longest description.
 */
export function windows(text: string): string[] {
	const lead = cutBetweenWords(text, 0, LEAD_CHARACTERS);
	if (text.length <= WINDOW_CHARACTERS) return [lead];
	const count = Math.min(MOST_WINDOWS, Math.ceil((text.length - WINDOW_CHARACTERS) / WINDOW_STEP) + 1);
	return [lead, ...spread(text, count, WINDOW_CHARACTERS)];
}

/** `count` windows of at most `length` characters, evenly spread, the first at the start and the last at the end. */
export function spread(text: string, count: number, length: number): string[] {
	const last = text.length - length;
	if (last <= 0) return [text];
	return Array.from({ length: count }, (_, at) =>
		cutBetweenWords(text, Math.round((last * at) / Math.max(1, count - 1)), length),
	);
}

/** A piece beginning near `from`: never inside a surrogate pair, and at word boundaries where there are any. */
function cutBetweenWords(text: string, from: number, length: number): string {
	const piece = text.slice(from, from + length);
	const head = from === 0 ? piece : piece.replace(/^\S{0,40}\s|^[\uDC00-\uDFFF]/, "");
	return from + length >= text.length ? head : head.replace(/\s\S{0,40}$|[\uD800-\uDBFF]$/, "");
}
