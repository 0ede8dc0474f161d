import { CONSTRAINTS, type Draft, RESOURCES } from "@/lib/board/fields";
import { atLocal } from "@/lib/board/window";

/** What stands in the form, by the JSON pointer of each field into a post: the linter and the door name it by the same. */
export type Values = Partial<Record<Pointer, string>>;

export const POINTERS = [
	"/kind",
	"/title",
	"/region",
	"/tz",
	"/window/start",
	"/window/end",
	"/budget/cap",
	"/budget/unit",
	...RESOURCES.map((one) => `/resources/${one}` as const),
	...CONSTRAINTS.map((one) => `/constraints/${one}` as const),
	"/success_condition",
	"/contact",
	"/scope",
] as const;
export type Pointer = (typeof POINTERS)[number];

const OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Times without an offset are by the clocks of the zone, as the form shows them; one that has an offset keeps it, where those
 * clocks would not make the same of it.
 */
export function valuesOf(draft: Draft): Values {
	const values: Values = {};
	for (const pointer of POINTERS) {
		const [, name, below] = pointer.split("/") as [string, keyof Draft, string | undefined];
		const field = draft[name];
		const value = below === undefined ? field : (field as Record<string, string> | undefined)?.[below];
		if (typeof value === "string")
			values[pointer] = below && name === "window" ? byTheClock(value, draft.tz) : value;
	}
	return values;
}

/** What the form says, as a post says it. What is empty is not said. */
export function draftFrom(values: Values): Draft {
	const draft: Record<string, unknown> = { resources: {}, constraints: {} };
	for (const pointer of POINTERS) {
		const value = values[pointer];
		if (value === undefined || value.trim() === "") continue;
		const [, name, below] = pointer.split("/") as [string, string, string | undefined];
		if (below === undefined) draft[name] = value.trim();
		else
			draft[name] = {
				...(draft[name] as object | undefined),
				[below]: name === "window" ? localOf(value, values["/tz"]) : value.trim(),
			};
	}
	return draft as Draft;
}

/** The two readings of a time that the zone skips or shows twice; undefined where there is nothing to ask. */
export function readingsOf(
	value: string | undefined,
	tz: string | undefined,
): { fault: "skipped" | "repeated"; choices: string[] } | undefined {
	if (!value || !tz || OFFSET.test(value)) return undefined;
	const read = atLocal(value, tz);
	if (!("fault" in read) || (read.fault !== "skipped" && read.fault !== "repeated")) return undefined;
	return { fault: read.fault, choices: read.choices };
}

/** As an input for dates and times takes it. */
export const clockOf = (value: string): string => value.replace(OFFSET, "").replace(/^(.{16}):00$/, "$1");

function localOf(value: string, tz: string | undefined): string {
	if (OFFSET.test(value) || !tz) return value;
	const read = atLocal(value, tz);
	return "local" in read ? read.local : value;
}

function byTheClock(local: string, tz: string | undefined): string {
	return tz && localOf(clockOf(local), tz) === local ? clockOf(local) : local;
}
