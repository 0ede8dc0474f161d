import * as z from "zod";
import type { NeedsCursor } from "@/lib/board/sides";
import { instantOf, startOfDate } from "@/lib/board/window";
import { BOARD_QUERY, cursorOf } from "@/lib/doors/board-views";
import { asked, type Search } from "../../asked";

const date = () =>
	z
		.string()
		.refine((text) => DATE.test(text) && isDate(text), "must be a date, as in 2026-11-17")
		.optional();
const DATE = /^(19[7-9]|2\d\d)\d-\d\d-\d\d$/;

const { week, limit: _, cursor, ...FILTERS } = BOARD_QUERY;

/** The filters of `GET /api/board`, with dates in the reader's zone for instants, and a place in each of the two lists. */
const PAGE_QUERY = {
	...FILTERS,
	from: date(),
	until: date(),
	needs: z
		.string()
		.regex(/^[rn]/, "must be the `next` of the page before")
		.transform((text, context): NeedsCursor => {
			const risk = text.startsWith("r");
			if (text.length === 1) return { risk, from: undefined };
			const from = cursor.safeParse(text.slice(1));
			if (from.success) return { risk, from: from.data };
			context.addIssue("must be the `next` of the page before");
			return z.NEVER;
		})
		.optional(),
	offers: cursor,
};

/** A page of the list of weeks: those before this one. */
export const WEEKS_QUERY = { before: week };

export const needsCursorOf = ({ risk, from }: NeedsCursor): string =>
	`${risk ? "r" : "n"}${from ? cursorOf(from) : ""}`;

/** What the address of a board page asks. `filters`: as they stand in it, without the places in the lists. */
export async function boardAsked(search: Search, zone: string) {
	const { resources, ...rest } = await search;
	// Of a form with boxes to tick the address holds the name once for each.
	const named = resources === undefined ? {} : { resources: [resources].flat().join(",") };
	const { asked: wish, given, wrong } = await asked(Promise.resolve({ ...rest, ...named }), PAGE_QUERY);
	const { needs, offers, ...filters } = given;
	const { min_budget: minBudget, max_budget: maxBudget, from, until, ...others } = wish;
	const bounds = {
		...(from && { from: instantOf(startOfDate(from, zone)) }),
		// The day itself is in.
		...(until && { until: instantOf(startOfDate(dayAfter(until), zone)) }),
	};
	return {
		asked: { ...others, ...bounds, minBudget, maxBudget },
		filters,
		places: { needs, offers },
		wrong,
		/** The same filters for the API. */
		api: {
			...filters,
			...Object.fromEntries(Object.entries(bounds).map(([name, at]) => [name, new Date(at).toISOString()])),
		},
	};
}

function isDate(text: string): boolean {
	const at = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function dayAfter(date: string): string {
	return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
