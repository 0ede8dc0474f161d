import { spread } from "./text";

/**
 * Is one content still the other, in fewer words? Asked of compressed derivatives (RULES, Assign) and of suspected
 * copies. Answered by embedding passages of both; a single vector a text would say that they have the same subject.
 */

const WINDOW_CHARACTERS = 900;
const MOST_WINDOWS = 8;

/**
 * Passages of a content to embed: up to eight, evenly spread, each as long as an embedder sees; up to 7,200 characters
 * are covered in full. Longer contents are sampled, and two samples would miss each other: given the `counterpart`,
 * the passages here which share most words with the counterpart's own windows are added.
 */
export function contentWindows(content: string, counterpart?: string): string[] {
	const own = windowsOf(content);
	if (counterpart === undefined || content.length <= COVERED_CHARACTERS) return own;
	return [...new Set([...own, ...mostAlike(windowsOf(counterpart), content)])];
}

export type Similar = {
	/** The mean of every passage's best cosine in the other content, of the direction that fares worse; −1…1. */
	mean: number;
	/** The lowest of all these cosines: the passage that the other content covers worst. */
	worst: number;
};

/**
 * Compares the vectors of `contentWindows` in both directions: what the original lost shows in one, what was added in
 * the other. Throws a RangeError when one side has no vectors.
 */
export function similarContent(a: readonly Float32Array[], b: readonly Float32Array[]): Similar {
	if (a.length === 0 || b.length === 0) throw new RangeError("Both contents need at least one vector.");
	const forth = a.map((vector) => best(vector, b));
	const back = b.map((vector) => best(vector, a));
	return {
		mean: Math.min(meanOf(forth), meanOf(back)),
		worst: Math.min(...forth, ...back),
	};
}

/**
 * Nothing is missing and nothing is new: the mean reaches 0.85 and no passage falls below 0.75. The mean alone lets a cut
 * third pass, as passages on one subject resemble each other (measured: cut by 30 % means 0.78…0.91, worst at most
 * 0.73; every fourth line or all articles and pronouns left out 0.85…0.95, worst at least 0.76).
 */
export const keepsContent = ({ mean, worst }: Similar): boolean => mean >= 0.85 && worst >= 0.75;

const COVERED_CHARACTERS = WINDOW_CHARACTERS * MOST_WINDOWS;

const windowsOf = (content: string): string[] =>
	spread(content, Math.min(MOST_WINDOWS, Math.ceil(content.length / WINDOW_CHARACTERS)), WINDOW_CHARACTERS);

/** For each window the passage of the content that has most of its distinct words; the first of equals. */
function mostAlike(windows: readonly string[], content: string): string[] {
	const wanted = windows.map(wordsOf);
	const found = windows.map(() => ({ shared: 0, passage: "" }));
	for (let from = 0; from < content.length; from += WINDOW_CHARACTERS / 2) {
		const passage = content.slice(from, from + WINDOW_CHARACTERS);
		const words = wordsOf(passage);
		wanted.forEach((window, at) => {
			let shared = 0;
			for (const word of window) if (words.has(word)) shared++;
			if (shared > found[at]!.shared) found[at] = { shared, passage };
		});
	}
	return found.filter(({ shared }) => shared > 0).map(({ passage }) => passage);
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

const best = (vector: Float32Array, others: readonly Float32Array[]): number =>
	Math.max(...others.map((other) => vector.reduce((sum, value, at) => sum + value * other[at]!, 0)));

const meanOf = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;
