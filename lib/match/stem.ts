/**
 * The stem of an English word by the Porter2 rules (Snowball "english"), so that "throttling" and "throttled" meet in
 * the index. Takes one lower-case word; words with anything but a–z and the apostrophe come back unchanged.
 */
export function stem(word: string): string {
	if (word.length < 3 || !/^[a-z']+$/.test(word)) return word;
	const whole = EXCEPTIONS.get(word);
	if (whole !== undefined) return whole;

	// A y that acts as a consonant is written Y until the end, so that no rule takes it for a vowel.
	let w = word
		.replace(/^'/, "")
		.replace(/^y/, "Y")
		.replace(/([aeiouy])y/g, "$1Y");
	const [r1, r2] = regions(w);

	w = w.replace(/'s'$|'s$|'$/, "");
	w = plural(w);
	if (AFTER_PLURAL.has(w)) return w;
	w = participle(w, r1);
	w = w.replace(/(.[^aeiouy])[yY]$/, "$1i");
	w = suffix(w, STEP_2, r1, (stemmed, ending) => {
		if (ending === "ogi") return stemmed.endsWith("l");
		if (ending === "li") return /[cdeghkmnrt]$/.test(stemmed);
		return true;
	});
	w = suffix(w, STEP_3, r1, (stemmed, ending) => ending !== "ative" || stemmed.length >= r2);
	w = suffix(w, STEP_4, r2, (stemmed, ending) => ending !== "ion" || /[st]$/.test(stemmed));
	if (w.endsWith("e")) {
		const at = w.length - 1;
		if (at >= r2 || (at >= r1 && !endsInShortSyllable(w.slice(0, -1)))) w = w.slice(0, -1);
	} else if (w.endsWith("ll") && w.length - 1 >= r2) w = w.slice(0, -1);
	return w.toLowerCase();
}

/** Where R1 and R2 begin: after the first consonant that follows a vowel, and once more from there. */
function regions(w: string): [number, number] {
	const after = (from: number) => {
		const found = /[aeiouy][^aeiouy]/.exec(w.slice(from));
		return found ? from + found.index + 2 : w.length;
	};
	const prefix = /^(?:gener|commun|arsen)/.exec(w);
	const r1 = prefix ? prefix[0].length : after(0);
	return [r1, after(r1)];
}

function plural(w: string): string {
	if (w.endsWith("sses")) return w.slice(0, -2);
	if (/ie[sd]$/.test(w)) return w.length > 4 ? w.slice(0, -2) : w.slice(0, -1);
	if (/(?:us|ss)$/.test(w)) return w;
	return w.endsWith("s") && /[aeiouy]./.test(w.slice(0, -1)) ? w.slice(0, -1) : w;
}

function participle(w: string, r1: number): string {
	const eed = /eed(?:ly)?$/.exec(w);
	if (eed) return eed.index >= r1 ? `${w.slice(0, eed.index)}ee` : w;
	const ending = /(?:ed|edly|ing|ingly)$/.exec(w);
	if (!ending) return w;
	const cut = w.slice(0, ending.index);
	if (!/[aeiouy]/.test(cut)) return w;
	if (/(?:at|bl|iz)$/.test(cut)) return `${cut}e`;
	if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(cut)) return cut.slice(0, -1);
	return cut.length <= r1 && endsInShortSyllable(cut) ? `${cut}e` : cut;
}

const endsInShortSyllable = (w: string) =>
	/[^aeiouy][aeiouy][^aeiouywxY]$/.test(w) || /^[aeiouy][^aeiouy]$/.test(w);

/** Replaces the longest ending that fits, if it begins inside the region and its own condition holds. */
function suffix(
	w: string,
	endings: readonly (readonly [string, string])[],
	region: number,
	holds: (stemmed: string, ending: string) => boolean,
): string {
	const found = endings.find(([ending]) => w.endsWith(ending));
	if (!found) return w;
	const stemmed = w.slice(0, -found[0].length);
	return stemmed.length >= region && holds(stemmed, found[0]) ? stemmed + found[1] : w;
}

const longestFirst = (pairs: Record<string, string>) =>
	Object.entries(pairs).sort((a, b) => b[0].length - a[0].length);

const STEP_2 = longestFirst({
	ization: "ize",
	ational: "ate",
	fulness: "ful",
	ousness: "ous",
	iveness: "ive",
	tional: "tion",
	biliti: "ble",
	lessli: "less",
	entli: "ent",
	ation: "ate",
	alism: "al",
	aliti: "al",
	ousli: "ous",
	iviti: "ive",
	fulli: "ful",
	enci: "ence",
	anci: "ance",
	abli: "able",
	izer: "ize",
	ator: "ate",
	alli: "al",
	bli: "ble",
	ogi: "og",
	li: "",
});
const STEP_3 = longestFirst({
	ational: "ate",
	tional: "tion",
	alize: "al",
	icate: "ic",
	iciti: "ic",
	ative: "",
	ical: "ic",
	ness: "",
	ful: "",
});
const STEP_4 = longestFirst(
	Object.fromEntries(
		"ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic"
			.split(" ")
			.map((ending) => [ending, ""]),
	),
);

const EXCEPTIONS = new Map([
	["skis", "ski"],
	["skies", "sky"],
	["dying", "die"],
	["lying", "lie"],
	["tying", "tie"],
	["idly", "idl"],
	["gently", "gentl"],
	["ugly", "ugli"],
	["early", "earli"],
	["only", "onli"],
	["singly", "singl"],
	...["sky", "news", "howe", "atlas", "cosmos", "bias", "andes"].map((word): [string, string] => [
		word,
		word,
	]),
]);
const AFTER_PLURAL = new Set("inning outing canning herring earring proceed exceed succeed".split(" "));
