/**
 * When a cron line fires next, in UTC. Five fields: minute, hour, day of month, month, day of week (0 and 7 are Sunday), each
 * `*`, a number, a range, a list, with `/step`; months and days by English names of three letters. As in Vixie cron, a line
 * that limits both days fires when either matches. No seconds, no `L`, `W`, `#`, no @reboot.
 */
export interface Schedule {
	minutes: Set<number>;
	hours: Set<number>;
	days: Set<number>;
	months: Set<number>;
	weekdays: Set<number>;
	/** Neither day field is `*`: then one of them is enough. */
	eitherDay: boolean;
}

const NICKNAMES: Record<string, string> = {
	"@yearly": "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly": "0 0 1 * *",
	"@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly": "0 * * * *",
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Throws a RangeError that names the field at fault. */
export function parseCron(line: string): Schedule {
	const fields = (NICKNAMES[line.trim().toLowerCase()] ?? line.trim()).split(/\s+/);
	if (fields.length !== 5) throw new RangeError(`a cron line has five fields, this one ${fields.length}`);
	const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
	const weekdays = parseField("day of week", weekday, 0, 7, WEEKDAYS);
	if (weekdays.delete(7)) weekdays.add(0);
	return {
		minutes: parseField("minute", minute, 0, 59),
		hours: parseField("hour", hour, 0, 23),
		days: parseField("day of month", day, 1, 31),
		months: parseField("month", month, 1, 12, MONTHS, 1),
		weekdays,
		// Vixie cron asks whether the field begins with a star: `*/2` counts as one.
		eitherDay: !day.startsWith("*") && !weekday.startsWith("*"),
	};
}

function parseField(
	name: string,
	text: string,
	least: number,
	most: number,
	names: string[] = [],
	nameOffset = 0,
): Set<number> {
	const fault = () => new RangeError(`${name}: "${text}" is not understood`);
	const number = (part: string): number => {
		const named = names.indexOf(part.toLowerCase());
		const value = named >= 0 ? named + nameOffset : /^\d{1,2}$/.test(part) ? Number(part) : Number.NaN;
		if (!(value >= least && value <= most)) throw fault();
		return value;
	};
	const values = new Set<number>();
	for (const part of text.split(",")) {
		const [, range, step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
		if (range === undefined || step === "0" || step === "00") throw fault();
		let [from, to] = [least, most];
		if (range !== "*") {
			const [first, last, ...more] = range.split("-");
			if (more.length > 0) throw fault();
			from = number(first!);
			// `5/15` means from 5 on, as cron has it.
			to = last !== undefined ? number(last) : step !== undefined ? most : from;
			if (from > to) throw fault();
		}
		for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
	}
	return values;
}

/** The first minute after `after` at which it fires; undefined when it never does ("0 0 30 2 *"). */
export function nextRun(schedule: Schedule, after: Date): Date | undefined {
	const { minutes, hours, months } = schedule;
	const at = new Date(after);
	at.setUTCSeconds(0, 0);
	at.setUTCMinutes(at.getUTCMinutes() + 1);
	// 29 February may be eight years away, as from 1896 to 1904.
	const end = at.getUTCFullYear() + 9;
	while (at.getUTCFullYear() < end) {
		if (!months.has(at.getUTCMonth() + 1)) {
			at.setUTCMonth(at.getUTCMonth() + 1, 1);
			at.setUTCHours(0, 0);
		} else if (!isDay(schedule, at)) {
			at.setUTCDate(at.getUTCDate() + 1);
			at.setUTCHours(0, 0);
		} else if (!hours.has(at.getUTCHours())) at.setUTCHours(at.getUTCHours() + 1, 0);
		else if (!minutes.has(at.getUTCMinutes())) at.setUTCMinutes(at.getUTCMinutes() + 1);
		else return at;
	}
	return undefined;
}

function isDay({ days, weekdays, eitherDay }: Schedule, at: Date): boolean {
	const byDate = days.has(at.getUTCDate());
	const byWeekday = weekdays.has(at.getUTCDay());
	return eitherDay ? byDate || byWeekday : byDate && byWeekday;
}
