import { isZone, offsetText, spelledZone, zoneOfCity } from "../zone";
import { straight } from "./clean";
import { masked, textOf } from "./quote";

export interface Place {
	region?: string;
	tz?: string;
	/** How the zone was found when it is not written out: the author should look. */
	guessed?: "abbreviation" | "city";
	/** A name that several zones are known by, or that is meant for one and is none. */
	ambiguous?: string;
	unknown?: string;
}

/**
 * Abbreviations that mean one offset wherever they are used, in minutes.
 */
const ABBREVIATIONS: Record<string, number> = {
	z: 0,
	gmt: 0,
	wet: 0,
	west: 60,
	cet: 60,
	cest: 120,
	eet: 120,
	eest: 180,
	msk: 180,
	est: -300,
	edt: -240,
	cdt: -300,
	mst: -420,
	mdt: -360,
	pst: -480,
	pdt: -420,
	akst: -540,
	hst: -600,
	jst: 540,
	kst: 540,
	hkt: 480,
	sgt: 480,
	aest: 600,
	aedt: 660,
	acst: 570,
	awst: 480,
	nzst: 720,
	nzdt: 780,
};
/** A region of which every character is escaped is shorter; in what is longer no zone is looked for. */
const LONGEST = 2_000;

/** Those that mean several offsets, or a country as well as an offset, are asked back. */
const AMBIGUOUS = /^(?:cst|ist|bst|ast|sst|ct|mt|pt)$/;

/** The zone that one word or offset names: `Europe/Berlin`, `UTC+1`, `gmt -5:30`, `+0100`, `CEST`. */
export function readZone(
	word: string,
): { tz: string; guessed?: "abbreviation" } | { ambiguous: string } | undefined {
	const said = straight(word).trim();
	const exact = /^tz:(\S+)$/.exec(said)?.[1];
	if (exact) return isZone(exact) ? { tz: exact } : undefined;
	const offset = /^(?:utc|gmt)? ?(?:([+-]) ?(\d{1,2})(?::?([0-5]\d))?|±0?0(?::00)?)$/i.exec(said);
	if (offset) {
		const [, sign, hours, minutes = "00"] = offset;
		if (!sign) return { tz: "UTC" };
		// Written as it is signed: nothing to guess, and nothing to change.
		if (spelledZone(said) === said) return { tz: said };
		const ahead = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
		const tz = ahead === 0 ? "UTC" : spelledZone(`UTC${offsetText(ahead)}`);
		return tz ? { tz } : undefined;
	}
	const lower = said.toLowerCase();
	if (AMBIGUOUS.test(lower)) return { ambiguous: said };
	// What is written for New York's time all year.
	if (lower === "et") return { tz: "America/New_York", guessed: "abbreviation" };
	const minutes = Object.hasOwn(ABBREVIATIONS, lower) ? ABBREVIATIONS[lower]! : undefined;
	if (minutes === 0) return { tz: "UTC" };
	if (minutes !== undefined) return { tz: `UTC${offsetText(minutes)}`, guessed: "abbreviation" };
	const tz = spelledZone(said) ?? spelledZone(said.replaceAll(" ", "_"));
	return tz ? { tz } : undefined;
}

/**
 * `EU / Europe/Berlin`: the last token that is a zone or an offset is the zone, what stands before it the region (or, where
 * nothing does, what follows). Abbreviations count only where no zone is written out, cities only where neither is.
 */
export function readPlace(value: string): Place {
	const whole = textOf(value);
	if (whole === undefined) return {};
	if (value.length > LONGEST) return { region: whole };
	const zones = tokens(masked(value))
		.reverse()
		.map((token) => ({ ...token, zone: readZone(token.text) }));
	const said =
		zones.find(({ zone }) => zone && "tz" in zone && !zone.guessed) ??
		zones.find(({ zone }) => zone && "tz" in zone) ??
		zones.find(({ zone }) => zone);
	if (said) {
		const after = regionOf(value.slice(said.to));
		const region = regionOf(value.slice(0, said.from)) ?? (after && !readZone(after) ? after : undefined);
		return { ...(region !== undefined && { region }), ...said.zone };
	}
	const unknown = zones.find(({ text }) => MEANT.test(straight(text)));
	if (unknown) {
		const region = regionOf(value.slice(0, unknown.from));
		return { ...(region !== undefined && { region }), unknown: unknown.text };
	}
	const city = whole
		.split(/[,;/|()]/)
		.map(zoneOfCity)
		.find(Boolean);
	return { region: whole, ...(city && { tz: city, guessed: "city" as const }) };
}

/** `Europe/Atlantis`, `UTC+25`. */
const MEANT =
	/^(?:africa|america|antarctica|arctic|asia|atlantic|australia|europe|indian|pacific|us|etc)\/\w|^(?:utc|gmt) ?[+-] ?\d/i;

/** The region without what divided it from the zone. */
function regionOf(text: string): string | undefined {
	const bare = text.replace(/^[\s/|,;:)\]@-]+/, "").replace(/(?<![\s/|,;:([@–—-])[\s/|,;:([@–—-]+$/, "");
	return textOf(
		/^\((.*)\)$/.exec(bare)?.[1] ?? bare.replace(/^\(([^)]*)$/, "$1").replace(/^([^(]*)\)$/, "$1"),
	);
}

interface Token {
	text: string;
	from: number;
	to: number;
}

/** By where they end, and of those that end together the longest last, so that reversed it comes first. */
function tokens(text: string): Token[] {
	const found: Token[] = [];
	for (const match of text.matchAll(/[^\s,;|()[\]]+/g)) {
		const from = match.index;
		const to = from + match[0].length;
		// `EU/Europe/Berlin`: what follows a stroke may be the zone.
		for (let at = match[0].lastIndexOf("/"); at >= 0; at = at ? match[0].lastIndexOf("/", at - 1) : -1)
			if (at + 1 < match[0].length) found.push({ text: match[0].slice(at + 1), from: from + at + 1, to });
		found.push({ text: match[0], from, to });
		const before = /(?:[A-Za-z]+\/[A-Za-z]+(?: [A-Za-z]+)?|(?:utc|gmt)(?: [-+−])?) $/i.exec(
			text.slice(Math.max(0, from - 60), from),
		);
		if (before) found.push({ text: before[0] + match[0], from: from - before[0].length, to });
	}
	return found;
}
