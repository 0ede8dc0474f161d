import type { Row as Found, Sql, TransactionSql } from "postgres";
import { type Fit, fitOf, fitting, type Post } from "./fit";
import { hidden, type PostView } from "./read";

/** Posts of the other kind that are looked at for one: the first of those that could fit at all. */
const MOST = 12;

export interface Fitting {
	post_id: string;
	title: string | null;
	resources: Record<string, string>;
	author: string;
	fit: Fit;
}
export interface Fits {
	/** The best first. */
	items: Fitting[];
	/** More could fit than were looked at. */
	more: boolean;
}

/**
 * What fits each of a page's posts, in one question: posts of the same week and of the other kind whose window meets theirs and
 * that name something of what is needed, scored by `fitOf`. RULES, "Stranded".
 *
 * `then`: as of when each was posted, for needs of a week that is over; else of what is open now.
 */
export async function fitsOf(
	sql: Sql | TransactionSql,
	posts: readonly Pick<PostView, "post_id">[],
	at: number,
	then = false,
): Promise<Map<string, Fits>> {
	const ids = posts.map(({ post_id }) => post_id);
	const rows = await sql`
		with asked as (select *, ${then ? sql`at` : sql`${at}::bigint`} as seen_at from views.posts where id = any(${ids}::text[]))
		select r.id as for_id, c.* from asked r cross join lateral (
			select p.* from views.posts p
			where p.week = r.week and p.kind <> r.kind and p.author <> r.author
				and ${then ? sql`p.status <> 'withdrawn'` : sql`p.status = 'open' and p.ends_at > ${at}`}
				and greatest(p.window_starts_at, r.window_starts_at, r.seen_at) < least(p.window_ends_at, r.window_ends_at)
				and (jsonb_exists_any(p.resources, array(select jsonb_object_keys(r.resources)))
					or jsonb_exists(case when r.kind = 'need' then r.resources else p.resources end, 'other'))
				and not ${hidden(sql, at)}
			order by p.place, p.seq limit ${MOST + 1}
		) c`;
	const asked = await sql`select * from views.posts where id = any(${ids}::text[])`;
	const found = new Map<string, Post & { row: Found }>();
	const known = (row: Found) => {
		const before = found.get(row.id);
		if (before) return before;
		const made = { ...postOf(row), row };
		found.set(row.id, made);
		return made;
	};
	return new Map(
		asked.map((row) => {
			const own = postOf(row);
			const now = then ? Number(row.at) : at;
			const others = rows.filter(({ for_id }) => for_id === row.id).map(known);
			const items = fitting(others.slice(0, MOST), (other) =>
				row.kind === "need" ? fitOf(own, other, { now }) : fitOf(other, own, { now }),
			).map(({ post, fit }) => ({
				post_id: post.id,
				title: post.row.title as string | null,
				resources: post.row.resources as Record<string, string>,
				author: post.row.author as string,
				fit,
			}));
			return [row.id as string, { items, more: others.length > MOST }];
		}),
	);
}

function postOf(row: Found): Post {
	return {
		id: row.id,
		first: Number(row.seq),
		span: { start: Number(row.window_starts_at), end: Number(row.window_ends_at) },
		tz: row.tz,
		budget: { cap: row.budget_cap, unit: row.budget_unit },
		resources: row.resources,
		constraints: row.constraints,
		...(row.title === null ? {} : { title: row.title }),
		...(row.success_condition === null ? {} : { success_condition: row.success_condition }),
	};
}
