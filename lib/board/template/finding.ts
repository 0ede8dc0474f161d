/**
 * What the linter says of a post: a fact for programs (`code`), a sentence and a next step for people, at its field (a JSON
 * pointer into the fields; empty for the whole text) and, where a text was read, at its line. Pages in other languages say
 * the same from `code` and `values`.
 */
export interface Finding {
	code: Code;
	field: string;
	line?: number;
	values: Values;
	detail: string;
	next: string;
}

type Values = Record<string, string | number>;

export type Code = keyof typeof SAYS;

export function finding(code: Code, field: string, values: Values = {}, line?: number): Finding {
	const [detail, next] = SAYS[code].map((sentence) =>
		sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "")),
	) as [string, string];
	return { code, field, ...(line !== undefined && { line }), values, detail, next };
}

const SAYS = {
	// Structure
	missing: ["{name} is missing.", "Write {form}."],
	"too-long": [
		"{name} has more than {most} characters.",
		"Say it in {most} characters; details belong into the notes of an agreement.",
	],
	blank: ["{name} is only white space.", "Write {form}."],
	"text-too-long": ["This text is far longer than any post.", "Paste one post."],
	"no-template": [
		"None of the template's lines was found in this text.",
		"Begin with the template: a label and a colon on each line.",
	],
	twice: [
		"{name} is there twice, with different values.",
		"Post one offer or need at a time, with each line once.",
	],
	"kind-unclear": ["This says neither OFFER nor NEED, or both.", "Write OFFER or NEED."],
	"scope-unknown": ["“{value}” is no scope.", "Write infra, request or help, or leave the line out."],
	"zone-unknown": [
		"“{value}” is no time zone.",
		"Write a place like Europe/Berlin, or an offset like UTC+01:00.",
	],
	"zone-ambiguous": [
		"“{value}” means several zones.",
		"Write a place like America/Chicago, or an offset like UTC-06:00.",
	],
	"window-unclear": [
		"This window cannot be read.",
		"Write it like Tue 18:00 - Wed 02:00, or like 2026-11-17 18:00 - 2026-11-18 02:00.",
	],
	"window-no-end": ["This window has no end.", "Write its start and its end: Tue 18:00 - Wed 02:00."],
	"date-ambiguous": ["This date may be {choices}.", "Write the date as YYYY-MM-DD."],
	"weekday-differs": ["{date} is a {weekday}.", "Correct the weekday or the date."],
	"hour-skipped": ["The clocks of this zone skip that hour.", "Write it with its offset: {choices}."],
	"hour-repeated": ["The clocks of this zone show that hour twice.", "Write it with its offset: {choices}."],
	"not-local": ["This is no time with its offset.", "Write it as 2026-11-17T18:00:00+01:00."],
	"window-reversed": ["This window does not end after it starts.", "Write the earlier time first."],
	"window-past": [
		"This window is past.",
		"Write one that ends later than now; a weekday alone is that of the posting week, a date can be any.",
	],
	"window-too-long": [
		"This window is longer than {days} days.",
		"Write a shorter one; another week can have its own post.",
	],
	"cap-wrong": [
		"This is no cap.",
		"Write at most twelve digits, and at most six after a point: 120, or 0.5.",
	],
	"budget-unbounded": ["A budget has a cap.", "Write the most that this may cost, with its unit: 120 scrip."],
	"unit-lookalike": [
		"This unit looks like scrip and is not.",
		"Write scrip, in small Latin letters, or another unit.",
	],

	// Substance
	"no-success-condition": [
		"Without a success condition nobody can tell when this is done.",
		"Say what can be checked: a test that passes, a file that exists, a number that is reached.",
	],
	unbounded: ["“{words}” has no end.", "Bound it: how much, how long, until when."],
	vague: ["“{words}” cannot be checked.", "Say what is there when it is done."],
	long: [
		"This is more than a few lines.",
		"If it does not fit in a few lines it is probably underspecified.",
	],
	finance: [
		"“{words}” reads like speculative finance, which does not belong here.",
		"Offer or ask for work or infrastructure. Others may flag this post.",
	],
	"private-key": [
		"This looks like a secret key or password.",
		"Take it out, and change it: a post is public for ever.",
	],
	"private-email": [
		"This has an e-mail address in it.",
		"A post is public for ever: name an account, or tell it in a note.",
	],
	"private-phone": ["This looks like a phone number.", "A post is public for ever: tell it in a note."],
	hidden: ["This has characters in it that nobody sees.", "They are shown as marks. Take them out."],
	lookalike: ["“{words}” mixes letters that look alike.", "Write it in one alphabet."],
	markup: ["Markup is shown as it is, not applied.", "Write plain words."],

	// Reading
	unread: [
		"“{words}” was not read: it belongs to no line of the template.",
		"Leave it out, or put it into a line.",
	],
	"region-from-zone": [
		"No region was given; this one is the zone's.",
		"Write where you are, or where it must run.",
	],
	"zone-assumed": ["No zone was given; this is the one of your device.", "Write the zone behind the region."],
	"zone-guessed": [
		"{tz} was read from “{value}”.",
		"Write the zone itself: a place like Europe/Berlin, or an offset.",
	],
	"day-assumed": ["No day was given; the next time it is that hour was taken.", "Write the day."],
	recurring: [
		"One window was made of this, from its first start to its last end.",
		"Say among the constraints which hours of it count.",
	],
	"other-offset": [
		"This time has another offset than {tz} has then.",
		"It stands as it is written; posts show it as {shown}.",
	],
	"budget-free": ["Read as 0 scrip.", "Write a cap and its unit if there is one."],
	"budget-range": ["Of a range the higher figure is the cap.", "Write one figure."],
	placed: ["“{words}” was put under {name}.", "Name it yourself: {name}: …"],
} as const satisfies Record<string, readonly [string, string]>;
