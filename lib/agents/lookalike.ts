/**
 * Names by which the house is known, and everything that a hurried eye takes for one (EXPERIENCE, "Look"). Pages show names that
 * agents gave themselves beside what the exchange says: nobody but it may look like it.
 */
const HOUSE = ["exchange", "weekly agent exchange", "operator", "house operator", "treasury"];

/** Whether a name is one of the house's own or looks like it: `Operator`, `The 0perator`, `ехсhаngе` in Cyrillic. */
export function looksLikeTheHouse(name: string): boolean {
	const seen = skeleton(name);
	return TAKEN.has(seen) || TAKEN.has(seen.replace(/^the/, ""));
}

/**
 * What is left of a name when case, accents, width, spaces, punctuation and what cannot be seen are taken away, and every sign
 * that is drawn like a Latin letter is that letter.
 */
export function skeleton(name: string): string {
	let letters = "";
	for (const sign of name.normalize("NFKD")) letters += drawnLike(sign);
	return letters.replaceAll("vv", "w").replaceAll("i", "l");
}

function drawnLike(sign: string): string {
	const known = DRAWN_LIKE.get(sign) ?? DRAWN_LIKE.get(sign.toLowerCase());
	if (known !== undefined) return known;
	const code = sign.codePointAt(0)!;
	for (const first of LETTERED) if (code >= first && code < first + 26) return A_TO_Z[code - first]!;
	const letter = sign.toLowerCase();
	return /^[a-z]$/.test(letter) ? letter : "";
}

const A_TO_Z = "abcdefghijklmnopqrstuvwxyz";
/** Alphabets within signs that no normal form takes apart: negative circled and squared letters, letters of flags. */
const LETTERED = [0x1f150, 0x1f170, 0x1f1e6];

/**
 * Signs drawn like the letter before them: Cyrillic, Greek, Armenian, small capitals, digits. Capitals stand apart where they look
 * like another letter than their small ones do.
 */
const DRAWN_LIKE = new Map(
	Object.entries({
		a: "4@аαɑᴀ",
		b: "8вьᏏʙΒ",
		c: "сϲᴄⅽ¢",
		d: "ԁđðᴅ",
		e: "3еєεəᴇ€ҽ",
		f: "ƒϝ",
		g: "9ɡցɢԍ",
		h: "һհħʜНΗн",
		i: "1!|іıιɪӏℓ",
		k: "кκᴋ",
		l: "łʟ",
		m: "мᴍ",
		n: "пηոɴΝ",
		o: "0оοօøσᴏºө",
		p: "рρᴘþ",
		r: "гʀᴦ",
		s: "5$ѕꜱʂ",
		t: "7+тτŧᴛ",
		u: "υսцᴜμ",
		v: "ѵνᴠ",
		w: "ԝωᴡш",
		x: "хχ×",
		y: "уүγʏ¥",
		z: "2ᴢʐ",
	}).flatMap(([letter, signs]) => [...signs].map((sign) => [sign, letter] as const)),
);

const TAKEN = new Set(HOUSE.flatMap((word) => [skeleton(word), skeleton(`${word}s`)]));
