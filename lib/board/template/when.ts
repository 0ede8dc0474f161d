import { boundsOf } from "../week";
import { atLocal, instantOf, localIn, startOfDate, type Window } from "../window";
import { straight, unwrapped } from "./clean";
import { hasDay, MONTH, type Point, pointOf, WEEKDAY, WEEKDAYS } from "./point";

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;
/** Longer than any window is written; what is longer is not looked at. */
const LONGEST = 300;
const MINUTE_MS = 60_000;

/** What a window is read by: the author's zone (`isZone`), the posting week, and now (ms). */
export interface Moment {
	zone: string;
	week: string;
	now: number;
}

export type WhenFault =
	| { code: "window-unclear" | "window-no-end" }
	| { code: "date-ambiguous"; choices: string[] }
	| { code: "weekday-differs"; date: string; weekday: string }
	| { code: "hour-skipped" | "hour-repeated"; end: "start" | "end"; choices: string[] };

/** What the reading had to settle by itself: the author should look. */
export type WhenNote = "day-assumed" | "recurring" | "zone-abbreviation";

export type When = { window: Window; notes: WhenNote[] } | { fault: WhenFault };

/**
 * `Tue 18:00 - Wed 02:00` and what else people write, read in the author's zone within the posting week: weekdays are those
 * of that week, an end earlier in the day than its start is on the next one. What comes out has dates and offsets, as it is
 * signed.
 */
export function readWindow(value: string, moment: Moment): When {
	if (value.length > LONGEST) return { fault: { code: "window-unclear" } };
	const text = plain(value);
	const days = wholeDays(text, moment);
	if (days) return { window: days, notes: [] };
	const daily = recurring(text);
	if (daily) return between(daily, moment, ["recurring"]);
	const day = pointOf(text.replace(/^all day |,? all day$/g, ""));
	if (day && day.minutes === undefined && !day.now) return between([day, day], moment);
	const [, word, limit] =
		/^(until|till?|by|before|up to|any ?time (?:before|until|by)) (.+)$/.exec(text) ?? [];
	const end = limit && pointOf(limit);
	// Before Friday is over when Friday begins, by Friday when it ends.
	if (end) return between([{ now: true }, word!.endsWith("before") ? { minutes: 0, ...end } : end], moment);
	const lasting =
		/^(?:from |starting )?(.+?) ?(?:for|\+|,|lasting) ?(?:about |~)?(\d+(?:\.\d+)?) ?(h|hours?|hrs?|d|days?|m|min|minutes?)$/.exec(
			text,
		);
	const from = lasting && pointOf(lasting[1]!);
	if (from) return lastingFrom(from, minutesOf(lasting[2]!, lasting[3]!), moment);
	const range = splitRange(text.replace(/^(?:from|between) /, ""));
	if (range) return between(range, moment);

	return { fault: { code: day ? "window-no-end" : "window-unclear" } };
}

/** In lower case and ASCII signs, without what only says again how long it is or that it may move. */
function plain(value: string): string {
	return straight(unwrapped(value))
		.toLowerCase()
		.replace(/\((?:~|approx\.? ?)?\d+ ?(?:h|hours?|hrs?|d|days?|min|minutes?)\)/g, " ")
		.replace(/\(?\b(?:flexible|(?:local|my) time|local)\b\)?/g, " ")
		.replace(/\b(\d{1,2})(?:st|nd|rd|th)\b/g, "$1")
		.replace(DAYS_OF_A_MONTH, "$1 $4 $2 $3 $4")
		.replace(MONTH_AND_DAYS, "$1 $2 $3 $1 $4")
		.replace(/ +/g, " ")
		.replace(/(?<![.,; ])[.,; ]+$/, "")
		.trim();
}

const DAYS_OF_A_MONTH = new RegExp(`(?<![:.\\d])(\\d{1,2}) ?(-|to) ?(\\d{1,2}) (${MONTH})\\b`, "g");
const MONTH_AND_DAYS = new RegExp(`\\b(${MONTH})\\.? (\\d{1,2}) ?(-|to) ?(\\d{1,2})(?![\\d:h]| ?[ap]m)`, "g");

function wholeDays(text: string, { zone, week }: Moment): Window | undefined {
	const [, next, what] =
		/^(?:any ?time |all |the |whole |sometime )*(?:this |(next ))?(week|weekend)$/.exec(text) ?? [];
	if (!what) return undefined;
	const monday = boundsOf(week).start + (next ? 7 * DAY_MS : 0);
	const from = what === "weekend" ? monday + 5 * DAY_MS : monday;
	return { start: startOfDate(dateOf(from), zone), end: startOfDate(dateOf(monday + 7 * DAY_MS), zone) };
}

/** `Mon-Fri 18:00-22:00`: one window from the first start to the last end. Which hours of it count belongs to another field. */
function recurring(text: string): [Point, Point] | undefined {
	const [, one, other, rest] = DAYS_AND_HOURS.exec(text) ?? [];
	const hours = rest && splitRange(rest);
	if (!hours || hours.some((hour) => hasDay(hour) || hour.minutes === undefined)) return undefined;
	const [first, last] = [pointOf(one!), pointOf(other!)];
	if (!first || !last) return undefined;
	const overnight = hours[1].minutes! <= hours[0].minutes! ? DAY_MINUTES : 0;
	return [
		{ ...first, ...hours[0] },
		{ ...last, ...hours[1], minutes: hours[1].minutes! + overnight },
	];
}

const A_DAY = `${WEEKDAY}|\\d{4}-\\d\\d-\\d\\d`;
const DAYS_AND_HOURS = new RegExp(`^(${A_DAY}) ?(?:-|to|through|thru) ?(${A_DAY}),? (.+)$`);

const minutesOf = (amount: string, unit: string): number =>
	Math.round(Number(amount) * (unit.startsWith("h") ? 60 : unit.startsWith("d") ? DAY_MINUTES : 1));

function lastingFrom(from: Point, minutes: number, moment: Moment): When {
	const wholeDays = minutes % DAY_MINUTES === 0 && from.minutes === undefined && !from.now;
	const begins = from.minutes !== undefined || from.now || wholeDays;
	if (minutes < 1 || minutes > 1_000_000 || !begins) return { fault: { code: "window-unclear" } };
	const day = dayOf(from, moment);
	if (day && "fault" in day) return day;
	const settled = settle(from, {}, day?.date, undefined, moment);
	const start = from.now ? { local: nowIn(moment) } : localOf(from, settled.start, "start", moment);
	if ("fault" in start) return start;
	const end = wholeDays
		? startOfDate(dateOf(Date.parse(settled.start) + minutes * MINUTE_MS), moment.zone)
		: localIn(from.zone ?? moment.zone, instantOf(start.local) + minutes * MINUTE_MS);
	return { window: { start: start.local, end }, notes: notesOf(from.now ? {} : settled, from) };
}

function notesOf(settled: { assumed?: true }, ...points: Point[]): WhenNote[] {
	const notes: WhenNote[] = settled.assumed ? ["day-assumed"] : [];
	return points.some((point) => point.zoneGuessed) ? [...notes, "zone-abbreviation"] : notes;
}

/** Both ends of a range: the first divider at which both sides read as points, those with room around them first. */
function splitRange(text: string): [Point, Point] | undefined {
	const dividers = [
		...text.matchAll(/ ?(?:-{1,2}>|→|\.{2,3}|-{1,2}|\/|\b(?:to|until|till?|through|thru|and)\b) ?/g),
	];
	const roomy = dividers.filter(([divider]) => /^ .* $|>|→/.test(divider));
	for (const divider of [...roomy, ...dividers.filter((one) => !roomy.includes(one))]) {
		const left = text.slice(0, divider.index);
		const right = text.slice(divider.index + divider[0].length);
		// 2026-11-17T18:00-05:00 is a time with its offset.
		if (divider[0] === "-" && /t\d\d:\d\d(:\d\d)?$/.test(left) && /^(0\d|1[0-4]):[0-5]\d$/.test(right))
			continue;
		const from = pointOf(left);
		const to = from && pointOf(right);
		if (to) return shared(from, to);
	}
	return undefined;
}

/** What is said at one end for both: the zone, am or pm. Two bare figures say nothing. */
function shared(from: Point, to: Point): [Point, Point] | undefined {
	if (from.bareHour && to.bareHour && !hasDay(from) && !hasDay(to)) return undefined;
	const [one, other] = [{ ...from }, { ...to }];
	if (one.bareHour && other.afternoon && one.minutes! + 720 < other.minutes!) one.minutes! += 720;
	if (other.zone && !one.zone && !one.offset)
		Object.assign(one, { zone: other.zone, zoneGuessed: other.zoneGuessed });
	if (one.zone && !other.zone && !other.offset) other.zone = one.zone;
	return [one, other];
}

function between([from, to]: readonly [Point, Point], moment: Moment, notes: WhenNote[] = []): When {
	const days = [dayOf(from, moment), dayOf(to, moment)] as const;
	for (const day of days) if (day && "fault" in day) return day;
	const dates = days.map((day) => (day && "date" in day ? day.date : undefined));
	const settled = settle(from, to, dates[0], dates[1], moment);

	const start = from.now ? { local: nowIn(moment) } : localOf(from, settled.start, "start", moment);
	if ("fault" in start) return start;
	const end = localOf({ ...to, minutes: to.minutes ?? DAY_MINUTES }, settled.end, "end", moment);
	if ("fault" in end) return end;
	return {
		window: { start: start.local, end: end.local },
		notes: [...notes, ...notesOf(settled, from, to)],
	};
}

/** The dates of both ends, those that were not written from those that were, or from now. */
function settle(
	from: Point,
	to: Point,
	start: string | undefined,
	end: string | undefined,
	{ zone, now }: Moment,
): { start: string; end: string; assumed?: true } {
	const starts = from.minutes ?? 0;
	const ends = to.minutes ?? DAY_MINUTES;
	const overnight = ends <= starts ? 1 : 0;
	// Sat 20:00 - Mon 04:00 runs into the next week.
	if (start && end)
		return { start, end: to.weekday && !to.date && !to.monthDay && end < start ? plusDays(end, 7) : end };
	if (start) return { start, end: from.now ? start : plusDays(start, overnight) };
	// `18:00 - 02:00 Tue` names the day it begins, `18:00 - Wed 02:00` the day it ends.
	if (end && to.dayLast) return { start: end, end: plusDays(end, overnight) };
	if (end) return { start: plusDays(end, -overnight), end };

	const local = localIn(zone, now);
	const today = local.slice(0, 10);
	const minutesNow = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
	const first = from.now || ends > minutesNow || overnight ? today : plusDays(today, 1);
	const over = from.now ? (ends > minutesNow ? 0 : 1) : overnight;
	return { start: first, end: plusDays(first, over), assumed: true };
}

const nowIn = ({ zone, now }: Moment): string => localIn(zone, now - (now % MINUTE_MS));
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const plusDays = (date: string, days: number): string => dateOf(Date.parse(date) + days * DAY_MS);

function isDate(date: string): boolean {
	const at = Date.parse(date);
	return !Number.isNaN(at) && dateOf(at) === date;
}

/** The date that a point names: its own, a weekday's within the posting week, a month's day in the nearest year. */
function dayOf(
	point: Point,
	{ zone, week, now }: Moment,
): { date: string } | { fault: WhenFault } | undefined {
	if (point.ambiguous) return { fault: { code: "date-ambiguous", choices: point.ambiguous } };
	if (point.daysAhead !== undefined)
		return { date: plusDays(localIn(zone, now).slice(0, 10), point.daysAhead) };
	const date = point.date ?? (point.monthDay && nearest(point.monthDay, now));
	if (date === undefined) {
		if (!point.weekday) return undefined;
		const days = point.weekday - 1 + 7 * (point.weeks ?? 0);
		return { date: dateOf(boundsOf(week).start + days * DAY_MS) };
	}
	if (!isDate(date)) return { fault: { code: "window-unclear" } };
	const weekday = (new Date(Date.parse(date)).getUTCDay() + 6) % 7;
	if (point.weekday && weekday !== point.weekday - 1)
		return { fault: { code: "weekday-differs", date, weekday: WEEKDAYS[weekday]! } };
	return { date };
}

/** A day of a month in the year in which it is nearest to now; `02-30` stays what it is. */
function nearest(monthDay: string, now: number): string {
	const year = new Date(now).getUTCFullYear();
	const away = (date: string) => Math.abs(Date.parse(date) - now);
	const dates = [year - 1, year, year + 1].map((one) => `${one}-${monthDay}`).filter(isDate);
	return dates.sort((one, other) => away(one) - away(other))[0] ?? `${year}-${monthDay}`;
}

/** A point on its date, as it is signed. */
function localOf(
	point: Point,
	date: string,
	end: "start" | "end",
	moment: Moment,
): { local: string } | { fault: WhenFault } {
	const zone = point.zone ?? moment.zone;
	const day = plusDays(date, Math.floor((point.minutes ?? 0) / DAY_MINUTES));
	const minutes = (point.minutes ?? 0) % DAY_MINUTES;
	// A day begins and ends when it does there, whatever hour the clocks show.
	const dayItself = point.minutes === undefined || point.minutes === DAY_MINUTES;
	if (dayItself && !point.offset) return { local: startOfDate(day, zone) };

	const two = (value: number) => String(value).padStart(2, "0");
	const time = `${day}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(point.seconds ?? 0)}`;
	const read = atLocal(time + (point.offset ?? ""), zone);
	if ("local" in read) return read;
	if (read.fault === "skipped" || read.fault === "repeated")
		return { fault: { code: `hour-${read.fault}`, end, choices: read.choices } };
	return { fault: { code: "window-unclear" } };
}
