const LETTERS: Record<string, string> = {
	ß: "ss",
	æ: "ae",
	œ: "oe",
	ø: "o",
	đ: "d",
	ð: "d",
	þ: "th",
	ł: "l",
	ı: "i",
};

/**
 * A title as part of an address: lower case, a–z and 0–9, single hyphens between words, never longer than `most` and never
 * cut inside a word unless the first one is longer than that. Latin letters lose their marks ("Ærøskøbing" becomes
 * "aeroskobing"); letters of other scripts are dropped. Empty when nothing is left: use the id instead.
 */
export function slug(title: string, most = 60): string {
	const words = title
		.toLowerCase()
		.replace(/[ßæœøđðþłı]/g, (letter) => LETTERS[letter]!)
		.normalize("NFKD")
		.replace(/\p{M}+/gu, "")
		.replace(/['’]/g, "")
		.match(/[a-z0-9]+/g);
	if (!words) return "";
	let text = words[0]!.slice(0, most);
	for (const word of words.slice(1)) {
		if (text.length + 1 + word.length > most) break;
		text += `-${word}`;
	}
	return text;
}

/** The first of `title`, `title-2`, `title-3` … that is free. */
export function freeSlug(title: string, taken: (slug: string) => boolean): string {
	const base = slug(title) || "untitled";
	let free = base;
	for (let n = 2; taken(free); n++) free = `${base}-${n}`;
	return free;
}
