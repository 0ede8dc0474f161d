const MINUTE_MS = 60_000;
const HALF_DAY_MINUTES = 720;

/**
 * Zones of a post: an IANA name, spelled as the tables spell it, or `UTC±hh:mm`. OPERATIONS, "Board".
 *
 * What zones there are and what they do depends on the tz data of the process. So it is asked for at the door, in forms
 * and on pages only; no fold does (see `window.ts`).
 */
export function isZone(text: string): boolean {
	return spelledZone(text) === text || (ONE_WORD.test(text) && formatOf(text) !== undefined);
}

/**
 * The zone that a text names in whatever case, as `isZone` wants it; undefined: no zone. Not by the tables' one-word names
 * (`EST`, `CET`, `GB`): people mean other hours by them than the tables do, and half the year both are wrong.
 */
export function spelledZone(text: string): string | undefined {
	if (text.length > 64) return undefined;
	const upper = text.toUpperCase();
	if (upper === "UTC") return upper;
	const fixed = FIXED.exec(upper);
	if (fixed) return fixedMinutes(fixed) <= 14 * 60 ? upper : undefined;
	if (!NAMED.test(text)) return undefined;
	const known = spellings().get(text.toLowerCase());
	if (known) return known;
	// Names the tables know by another one now (Asia/Kolkata in some, Asia/Calcutta in others) are listed nowhere.
	const spelled = /[A-Z]/.test(text)
		? text
		: text.replace(/(^|[/_-])[a-z]/g, (letter) => letter.toUpperCase());
	return formatOf(spelled) && spelled;
}

/** Minutes that a zone's clocks are ahead of UTC at an instant. */
export function offsetAt(zone: string, at: number): number {
	const fixed = FIXED.exec(zone);
	if (fixed) return (fixed[1] === "-" ? -1 : 1) * fixedMinutes(fixed);
	const name = formatOf(zone)!
		.formatToParts(at)
		.find((part) => part.type === "timeZoneName")!.value;
	const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
	if (!sign) return 0;
	return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** `+05:30`; nothing ahead is `+00:00`. */
export function offsetText(minutes: number): string {
	const ahead = Math.abs(minutes);
	const two = (value: number) => String(value).padStart(2, "0");
	return `${minutes < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

/**
 * How much of a working day of twelve hours two zones share at an instant, in basis points: 10,000 in the same hour, 5,000
 * six hours apart, 0 at the other side of the earth.
 */
export function zoneOverlapBp(one: string, other: string, at: number): number {
	const apart = Math.abs(offsetAt(one, at) - offsetAt(other, at)) % (2 * HALF_DAY_MINUTES);
	const hours = Math.min(apart, 2 * HALF_DAY_MINUTES - apart);
	return Math.floor(((HALF_DAY_MINUTES - hours) * 10_000) / HALF_DAY_MINUTES);
}

/**
 * The instants at which a zone's clocks show a time, `shown` being that time as if it were UTC: one, none in an hour that
 * is skipped, two in an hour that is repeated. `offsets` are those in force around it, the earlier first.
 */
export function instantsShowing(zone: string, shown: number): { instants: number[]; offsets: number[] } {
	// No zone is further from UTC than 14 hours, and none changes twice within these days.
	const around = [shown - 1_440 * MINUTE_MS, shown + 1_440 * MINUTE_MS].map((at) => offsetAt(zone, at));
	const offsets = [...new Set(around)];
	const instants = offsets
		.map((offset) => ({ offset, at: shown - offset * MINUTE_MS }))
		.filter(({ offset, at }) => offsetAt(zone, at) === offset)
		.map(({ at }) => at)
		.sort((one, other) => one - other);
	return { instants, offsets };
}

/** The zone a city gives its name to (`Berlin`, `new york`); undefined where none or several do. */
export function zoneOfCity(city: string): string | undefined {
	const name = city.trim().toLowerCase().replaceAll(" ", "_");
	const zones = [...spellings().values()].filter((zone) => zone.toLowerCase().endsWith(`/${name}`));
	return zones.length === 1 ? zones[0] : undefined;
}

const FIXED = /^UTC([+-])(\d\d):([0-5]\d)$/;
const ONE_WORD = /^[A-Z][A-Za-z0-9+-]{1,15}$/;
const NAMED = /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$/;

const fixedMinutes = (fixed: RegExpExecArray): number => Number(fixed[2]) * 60 + Number(fixed[3]);

let named: Map<string, string> | undefined;
/** By lower case, every listed name: Intl itself takes any case, and a log should hold one. */
function spellings(): Map<string, string> {
	named ??= new Map(
		Intl.supportedValuesOf("timeZone")
			.filter((zone) => NAMED.test(zone))
			.map((zone) => [zone.toLowerCase(), zone]),
	);
	return named;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making one costs a thousand times what using it does. Only names that exist are kept, so the map stays small. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
	const known = formats.get(zone);
	if (known) return known;
	try {
		const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
		formats.set(zone, made);
		return made;
	} catch {
		return undefined;
	}
}
