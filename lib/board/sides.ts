import type { Sql, TransactionSql } from "postgres";
import { type Lines, type LinesCursor, lines, type PostView } from "./read";

/** Of the needs: those at risk come first, then the others, each part in the order of the board. */
export interface NeedsCursor {
	risk: boolean;
	/** In that part; undefined: it begins there. */
	from: LinesCursor | undefined;
}

export interface Sides extends Omit<Lines, "cursor" | "risk" | "limit"> {
	needs?: NeedsCursor;
	offers?: LinesCursor;
	/** Lines of each side. */
	limit: number;
}

export interface Side<Cursor> {
	items: PostView[];
	next: Cursor | undefined;
}

/** The board as people read it: needs and offers beside each other, each with pages of its own. EXPERIENCE, "Home". */
export async function sides(
	sql: Sql | TransactionSql,
	asked: Sides,
	at: number,
): Promise<{ needs: Side<NeedsCursor>; offers: Side<LinesCursor> }> {
	const { needs, offers, ...filters } = asked;
	const wanted = (kind: "need" | "offer") => asked.type === undefined || asked.type === kind;
	return {
		needs: wanted("need") ? await needsOf(sql, filters, needs, at) : NOTHING,
		offers: wanted("offer") ? await lines(sql, { ...filters, type: "offer", cursor: offers }, at) : NOTHING,
	};
}

const NOTHING = { items: [], next: undefined };

async function needsOf(
	sql: Sql | TransactionSql,
	filters: Omit<Lines, "cursor">,
	cursor: NeedsCursor = { risk: true, from: undefined },
	at: number,
): Promise<Side<NeedsCursor>> {
	const part = (risk: boolean, limit: number, from: LinesCursor | undefined) =>
		lines(sql, { ...filters, type: "need", risk, limit, cursor: from }, at);
	const first = cursor.risk ? await part(true, filters.limit, cursor.from) : NOTHING;
	if (first.next) return { items: first.items, next: { risk: true, from: first.next } };

	const left = filters.limit - first.items.length;
	// A page that those at risk fill ends where the others begin, if there are any.
	const rest = await part(false, Math.max(1, left), cursor.risk ? undefined : cursor.from);
	if (left === 0)
		return {
			items: first.items,
			next: rest.items.length > 0 ? { risk: false, from: undefined } : undefined,
		};
	return {
		items: [...first.items, ...rest.items],
		next: rest.next && { risk: false, from: rest.next },
	};
}
