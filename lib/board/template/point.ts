import { readZone } from "./place";

/** One end of a window as it is written: what of it is said. */
export interface Point {
	/** `YYYY-MM-DD`; with the year left out `monthDay`. */
	date?: string;
	monthDay?: string;
	/** 1 Monday … 7 Sunday, so many weeks after the posting week. */
	weekday?: number;
	weeks?: number;
	/** 0 today, 1 tomorrow. */
	daysAhead?: number;
	now?: true;
	/** Minutes of the day, 0…1440, and the seconds beyond. */
	minutes?: number;
	seconds?: number;
	/** An hour without anything that says it is one, as in `6-10pm`. */
	bareHour?: true;
	afternoon?: true;
	/** The day stands after the time. */
	dayLast?: true;
	zone?: string;
	zoneGuessed?: true;
	/** Written with the time in RFC 3339's way: kept as it is. */
	offset?: string;
	/** `4/5`: the days it may be. */
	ambiguous?: string[];
}

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export const WEEKDAY = "(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs|r)?|fri|sat(?:ur)?|sun)(?:day)?s?";
export const MONTH =
	"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export const hasDay = (point: Point): boolean =>
	Boolean(point.date || point.monthDay || point.weekday || point.ambiguous || point.now) ||
	point.daysAhead !== undefined;

/** A text (lower case) read as one end of a window; undefined where some word of it is none of a time's. */
export function pointOf(text: string): Point | undefined {
	const point: Point = {};
	let at = 0;
	while (at < text.length) {
		const found = wordAt(text, at);
		if (!found?.set(point, found.match)) return undefined;
		at += found.match[0].length;
	}
	return hasDay(point) || point.minutes !== undefined ? point : undefined;
}

/** Adds what a word says to the point; false where it cannot be said there. */
type Set = (point: Point, match: RegExpExecArray) => boolean;

function wordAt(text: string, at: number): { match: RegExpExecArray; set: Set } | undefined {
	for (const [pattern, set] of WORDS) {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (match) return { match, set };
	}
	return undefined;
}

const setTime = (point: Point, hours: number, minutes = 0, seconds = 0): boolean => {
	if (point.minutes !== undefined || hours * 60 + minutes > 1_440) return false;
	point.minutes = hours * 60 + minutes;
	if (seconds) point.seconds = seconds;
	return true;
};

const setDay = (point: Point, day: Partial<Point>): boolean => {
	if (hasDay(point) && !(day.weekday ?? point.weekday)) return false;
	if (point.minutes !== undefined) point.dayLast = true;
	Object.assign(point, day);
	return true;
};

const setDate = (point: Point, year: string | undefined, month: string, day: string): boolean => {
	const monthDay = `${two(month)}-${two(day)}`;
	return setDay(point, year ? { date: `${year}-${monthDay}` } : { monthDay });
};

const setZone = (point: Point, word: string): boolean => {
	const zone = readZone(word);
	if (!zone || !("tz" in zone) || point.zone) return false;
	point.zone = zone.tz;
	if (zone.guessed) point.zoneGuessed = true;
	return true;
};

const two = (value: string | number): string => String(value).padStart(2, "0");
const monthOf = (name: string): string => two(MONTHS.indexOf(name.slice(0, 3)) + 1);
const YEAR = "(20[2-9]\\d)(?![\\d:])";

/** The words a point is made of. The first that fits where the one before ended is taken. */
const WORDS: readonly (readonly [RegExp, Set])[] = [
	[/[ ,()]+|(?:at|on|the|of|this|around|ca\.?)(?= )|(?:uhr|hrs?|hours)(?![a-z])/y, () => true],
	[
		/(\d{4}-\d\d-\d\d)[t ]([01]\d|2[0-4]):?([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(z|[+-](?:0\d|1[0-4]):?[0-5]\d)?(?![\d:])/y,
		(point, [, date, hours, minutes, seconds, offset]) => {
			if (offset) point.offset = offset === "z" ? "Z" : offset.replace(/^(...):?(..)$/, "$1:$2");
			return setDay(point, { date }) && setTime(point, Number(hours), Number(minutes), Number(seconds ?? 0));
		},
	],
	[
		/(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/y,
		(point, [, year, month, day]) => setDate(point, year, month!, day!),
	],
	[
		/(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\d)/y,
		(point, [, day, month, year]) => setDate(point, year, month!, day!),
	],
	[
		/(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?(?![\d/])/y,
		(point, [, one, other, year]) => {
			const [first, second] = [Number(one), Number(other)];
			if (first > 12 || second > 12 || first === second)
				return setDate(point, year, first > 12 ? other! : one!, first > 12 ? one! : other!);
			const days = [`${two(first)}-${two(second)}`, `${two(second)}-${two(first)}`];
			return setDay(point, { ambiguous: days.map((day) => `${year ?? "YYYY"}-${day}`) });
		},
	],
	[
		new RegExp(`(\\d{1,2}) (?:of )?(${MONTH})(?![a-z])\\.?(?:,? ${YEAR})?`, "y"),
		(point, [, day, month, year]) => setDate(point, year, monthOf(month!), day!),
	],
	[
		new RegExp(`(${MONTH})\\.? (\\d{1,2})(?![\\d:h]| ?[ap]m)(?:,? ${YEAR})?`, "y"),
		(point, [, month, day, year]) => setDate(point, year, monthOf(month!), day!),
	],
	[
		new RegExp(`(next )?(${WEEKDAY})(?![a-z])\\.?`, "y"),
		(point, [, next, name]) => {
			const weekday = WEEKDAYS.findIndex((day) => day.toLowerCase().startsWith(name!.slice(0, 3))) + 1;
			return setDay(point, { weekday, ...(next && { weeks: 1 }) });
		},
	],
	[
		/(today|tonight|tomorrow)(?![a-z])/y,
		(point, [, name]) => setDay(point, { daysAhead: name === "tomorrow" ? 1 : 0 }),
	],
	[/(?:now|asap|immediately)(?![a-z])/y, (point) => setDay(point, { now: true })],
	[/(noon|midday|midnight)(?![a-z])/y, (point, [, name]) => setTime(point, name === "midnight" ? 24 : 12)],
	[
		/(\d{1,2})(?:[:.]([0-5]\d))? ?([ap])\.?m\.?(?![a-z])/y,
		(point, [, hours, minutes, half]) => {
			if (half === "p") point.afternoon = true;
			const hour = Number(hours);
			return (
				hour >= 1 && hour <= 12 && setTime(point, (hour % 12) + (half === "p" ? 12 : 0), Number(minutes ?? 0))
			);
		},
	],
	[
		/([01]?\d|2[0-4])[:.h]([0-5]\d)(?::([0-5]\d))?h?(z(?![a-z]))?(?![\d:])/y,
		(point, [, hours, minutes, seconds, zulu]) =>
			setTime(point, Number(hours), Number(minutes), Number(seconds ?? 0)) && (!zulu || setZone(point, zulu)),
	],
	[/([01]?\d|2[0-4]) ?(?:h|o'clock|uhr)(?![a-z\d])/y, (point, [, hours]) => setTime(point, Number(hours))],
	[
		/([01]\d|2[0-4])([0-5]\d)(h|z(?![a-z]))?(?![\d:])/y,
		// Four figures alone may be a year.
		(point, [, hours, minutes, mark]) =>
			(hasDay(point) || mark !== undefined) &&
			setTime(point, Number(hours), Number(minutes)) &&
			(mark !== "z" || setZone(point, mark)),
	],
	[
		/(\d{1,2})(?![\d:.h/])/y,
		(point, [, hours]) => {
			point.bareHour = true;
			return setTime(point, Number(hours));
		},
	],
	[
		/(?:utc|gmt)? ?[+-] ?\d{1,2}(?::?[0-5]\d)?(?![\d:])|[a-z]+(?:\/[a-z0-9_+-]+)+|[a-z]{1,4}(?![a-z])/y,
		(point, [word]) => setZone(point, word),
	],
];
