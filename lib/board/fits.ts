import type { Row as Found, Sql, TransactionSql } from "postgres";
import { type Fit, fitOf, fitting, type Part, type Post, REASONS, type Reason, WEIGHTS_BP } from "./fit";
import { hidden, type PostView } from "./read";

/** Posts of the other kind that are looked at for one of many: the first of those that could fit at all. */
const MOST = 12;
/** For one that is looked at alone: the likeliest, and as many of them as are shown. */
const [MOST_FOR_ONE, SHOWN] = [60, 10];

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
 * `past`: as of when each was posted, for needs of a week that is over; else of what is open now. `alone`: more are compared,
 * those first that name most of what is needed for the longest time both have; for many at once that costs too much.
 */
export async function fitsOf(
	sql: Sql | TransactionSql,
	posts: readonly Pick<PostView, "post_id">[],
	at: number,
	{ past = false, alone = false } = {},
): Promise<Map<string, Fits>> {
	const most = alone ? MOST_FOR_ONE : MOST;
	const ids = posts.map(({ post_id }) => post_id);
	const rows = await sql`
		with asked as (select *, ${past ? sql`at` : sql`${at}::bigint`} as seen_at from views.posts where id = any(${ids}::text[]))
		select r.id as for_id, c.* from asked r cross join lateral (
			select p.* from views.posts p
			where p.week = r.week and p.kind <> r.kind and p.author <> r.author
				and ${past ? sql`p.status <> 'withdrawn'` : sql`p.status = 'open' and p.ends_at > ${at}`}
				and greatest(p.window_starts_at, r.window_starts_at, r.seen_at) < least(p.window_ends_at, r.window_ends_at)
				and (jsonb_exists_any(p.resources, array(select jsonb_object_keys(r.resources)))
					or jsonb_exists(case when r.kind = 'need' then r.resources else p.resources end, 'other'))
				and not ${hidden(sql, at)}
			order by ${alone ? likeliest(sql) : sql``} p.place, p.seq limit ${most + 1}
		) c`;
	const asked = await sql`select * from views.posts where id = any(${ids}::text[])`;
	return new Map(
		asked.map((row) => {
			const own = postOf(row);
			const all = new Map<Post, Found>();
			const now = past ? Number(row.at) : at;
			for (const other of rows) if (other.for_id === row.id) all.set(postOf(other), other);
			const others = [...all.keys()];
			const items = fitting(others.slice(0, most), (other) =>
				row.kind === "need" ? fitOf(own, other, { now }) : fitOf(other, own, { now }),
			).map(({ post, fit }) => ({
				post_id: post.id,
				title: all.get(post)!.title as string | null,
				resources: all.get(post)!.resources as Record<string, string>,
				author: all.get(post)!.author as string,
				fit,
			}));
			return [row.id as string, { items, more: others.length > most }];
		}),
	);
}

const likeliest = (sql: Sql | TransactionSql) => sql`
	(select count(*) from jsonb_object_keys(p.resources) named where jsonb_exists(r.resources, named)) desc,
	least(p.window_ends_at, r.window_ends_at) - greatest(p.window_starts_at, r.window_starts_at, r.seen_at) desc,`;

export type FitsView = NonNullable<Awaited<ReturnType<typeof fitsView>>>;

/**
 * What fits a post, for whoever looks at it alone, each with why. While it is open: of what is open now; of a need that nobody
 * met: what that week had. Null for a post that waits for nobody, or whose words the house does not show.
 */
export async function fitsView(
	sql: Sql | TransactionSql,
	post: Pick<PostView, "post_id" | "kind" | "state"> & { hidden_by: { scope: string }[] },
	at: number,
) {
	const open = post.state === "open" || post.state === "answered";
	const unmet = post.kind === "need" && (post.state === "stranded" || post.state === "expired");
	if (!(open || unmet) || post.hidden_by.some(({ scope }) => scope === "payload")) return null;
	const found = (await fitsOf(sql, [post], at, { past: !open, alone: true })).get(post.post_id)!;
	return {
		of: open ? ("now" as const) : ("then" as const),
		items: found.items.slice(0, SHOWN).map(({ fit, ...other }) => ({
			...other,
			bp: fit.bp,
			parts: Object.fromEntries(
				PARTS.map((part) => {
					const { bp, reason, values } = fit.parts[part];
					return [part, { bp, weight_bp: WEIGHTS_BP[part], reason, says: REASONS[reason], values }];
				}),
			) as Record<Part, PartView>,
		})),
		more: found.more || found.items.length > SHOWN,
	};
}

/** `says` has a place `{name}` for each of the values. */
interface PartView {
	bp: number;
	weight_bp: number;
	reason: Reason;
	says: string;
	values: Record<string, string | number>;
}
/** In the order in which they are told. */
export const PARTS = ["resources", "window", "zone", "budget", "text"] as const satisfies Part[];

/** Posts as they were compared last: what was found out of their words is kept with them. The oldest leave first. */
const compared = new Map<string, Post>();
const KEPT = 10_000;

/** What a post says at a revision never changes. */
function postOf(row: Found): Post {
	const name = row.revision_id ?? row.id;
	const known = compared.get(name) ?? made(row);
	compared.delete(name);
	compared.set(name, known);
	if (compared.size > KEPT) compared.delete(compared.keys().next().value!);
	return known;
}

function made(row: Found): Post {
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
