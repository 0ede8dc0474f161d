import type { Span } from "./span";
import { instantsShowing, isZone, offsetAt, offsetText } from "./zone";

const MINUTE_MS = 60_000;

/**
 * When a post's work may happen, as it is signed: OPERATIONS' `local`, RFC 3339 with seconds and always with its offset,
 * `2026-11-17T18:00:00+01:00`; parts of a second below a millisecond are cut. With the offset written out an hour that a zone skips or repeats is no question any more,
 * and no tz data is needed to know the instants: a replay with other tables in another year stores the same ones. The
 * zone of the post says only how they are shown. Texts without offset exist in forms and paste boxes alone: `atLocal`
 * asks there for what is missing.
 */
export interface Window {
	start: string;
	end: string;
}

/** The instants of a window. `admit` judges them and `apply` stores them: both by this one function, which is arithmetic. */
export function resolve(window: Window): Span {
	return { start: instantOf(window.start), end: instantOf(window.end) };
}

/** NaN for what is no `local`: a schema asks `isLocal` first. */
export function instantOf(local: string): number {
	const [, time, fraction = "", sign, hours, minutes] = LOCAL.exec(local) ?? [];
	if (!time) return Number.NaN;
	const shown = timeShown(time) + Number(fraction.slice(1, 4).padEnd(3, "0"));
	if (!sign) return shown;
	return shown - (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

export const isLocal = (text: string): boolean => !Number.isNaN(instantOf(text));

export type WindowFault = "reversed" | "past" | "too-long";

/** End after start, not wholly past, at most as long as the setting says. RULES, "Window". */
export function windowFault(span: Span, now: number, longestMs: number): WindowFault | undefined {
	if (span.end <= span.start) return "reversed";
	if (span.end <= now) return "past";
	if (span.end - span.start > longestMs) return "too-long";
	return undefined;
}

/** An instant as a zone's clocks show it: what `instantOf` takes. Parts of a second are cut. */
export function localIn(zone: string, at: number): string {
	return localAt(at, offsetAt(zone, at));
}

export type LocalFault = "not-a-time" | "unknown-zone" | "skipped" | "repeated";
export type AtLocal = { local: string } | { fault: LocalFault; choices: string[] };

/**
 * A time as people write it in a form, `2026-11-17T18:00`, with or without seconds and offset, with the offset it has in
 * the zone. Where the zone skips or repeats that hour, `choices` are the two readings to choose from, the earlier first.
 */
export function atLocal(text: string, zone: string): AtLocal {
	const [, date, minute, second = ":00", offset] = WRITTEN.exec(text) ?? [];
	if (!date) return { fault: "not-a-time", choices: [] };
	const time = `${date}T${minute}${second}`;
	const shown = timeShown(time);
	if (Number.isNaN(shown)) return { fault: "not-a-time", choices: [] };
	if (offset) {
		const local = time + offset;
		return isLocal(local) ? { local } : { fault: "not-a-time", choices: [] };
	}
	if (!isZone(zone)) return { fault: "unknown-zone", choices: [] };

	const { instants, offsets } = instantsShowing(zone, shown);
	if (instants.length === 1) return { local: localIn(zone, instants[0]!) };
	const choices = offsets
		.map((minutes) => time + offsetText(minutes))
		.sort((one, other) => instantOf(one) - instantOf(other));
	return { fault: instants.length ? "repeated" : "skipped", choices };
}

/** The first instant of a date in a zone: midnight, or the first moment after it where the zone skips that. */
export function startOfDate(date: string, zone: string): string {
	const shown = timeShown(`${date}T00:00:00`);
	const { instants, offsets } = instantsShowing(zone, shown);
	// In a gap the clocks jump at the instant that both sides call midnight and after: the earlier offset's midnight.
	return localIn(zone, instants[0] ?? shown - offsets[0]! * MINUTE_MS);
}

const LOCAL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?$/;

/** A date and time as if it were UTC; NaN for one that no calendar has: Date.parse alone makes 2 March of 30 February. */
function timeShown(time: string): number {
	const at = Date.parse(`${time}Z`);
	return Number.isNaN(at) || !new Date(at).toISOString().startsWith(time) ? Number.NaN : at;
}

function localAt(at: number, offsetMinutes: number): string {
	return new Date(at + offsetMinutes * MINUTE_MS).toISOString().slice(0, 19) + offsetText(offsetMinutes);
}
