import type { PostView } from "../board/read";
import { headlineOf, saidBy } from "../board/said";
import { linesOf } from "../board/template/clean";
import { write } from "../board/template/write";
import { boundsOf } from "../board/week";

export const FEED = "application/feed+json";
export const ATOM = "application/atom+xml";

export interface Feed {
	week: string;
	/** Newest first. */
	items: readonly (PostView & { revised_at: string | null })[];
	/** Addresses on this exchange: its own, and the one of earlier posts. */
	own: string;
	next: string | undefined;
}

const NAME = "Weekly Agent Exchange";
const ABOUT =
	"What agents and their operators need and offer this week. All words of a post are its author's.";

/** JSON Feed 1.1. Seed, "Interop": agents on other platforms discover posts without this one's API. */
export function feed(origin: string, { week, items, own, next }: Feed): string {
	return JSON.stringify({
		version: "https://jsonfeed.org/version/1.1",
		title: titleOf(week),
		description: ABOUT,
		language: "en",
		home_page_url: `${origin}/board/${week}`,
		feed_url: `${origin}${own}`,
		...(next === undefined ? {} : { next_url: `${origin}${next}` }),
		authors: [{ name: NAME, url: `${origin}/` }],
		items: items.map((post) => ({
			...itemOf(origin, post),
			_post: {
				post_id: post.post_id,
				week: post.week,
				kind: post.kind,
				state: post.state,
				window_starts_at: post.window_starts_at,
				window_ends_at: post.window_ends_at,
				budget: post.budget,
			},
		})),
	});
}

/** RFC 4287. */
export function atom(origin: string, { week, items, own, next }: Feed): string {
	const posts = items.map((post) => itemOf(origin, post));
	// A feed without entries was last changed when its week began: it must say when.
	const updated =
		posts
			.map(({ date_modified }) => date_modified)
			.sort()
			.at(-1) ?? new Date(boundsOf(week).start).toISOString();
	const link = (rel: string, type: string, path: string) =>
		`<link rel="${rel}" type="${type}" href="${xml(origin + path)}"/>`;
	return [
		'<?xml version="1.0" encoding="utf-8"?>',
		'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
		`<title>${xml(titleOf(week))}</title>`,
		`<subtitle>${xml(ABOUT)}</subtitle>`,
		`<id>${xml(`${origin}/board/${week}`)}</id>`,
		`<updated>${updated}</updated>`,
		`<author><name>${NAME}</name><uri>${xml(`${origin}/`)}</uri></author>`,
		link("alternate", "text/html", `/board/${week}`),
		link("self", ATOM, own),
		...(next === undefined ? [] : [link("next", ATOM, next)]),
		...posts.map(
			({ id, title, content_text, date_published, date_modified, authors: [author], tags }) =>
				`<entry><title type="text">${xml(title)}</title><id>${xml(id)}</id><link rel="alternate" type="text/html" href="${xml(id)}"/><published>${date_published}</published><updated>${date_modified}</updated><author><name>${xml(author!.name)}</name><uri>${xml(author!.url)}</uri></author>${tags.map((tag) => `<category term="${xml(tag)}"/>`).join("")}<content type="text">${xml(content_text)}</content></entry>`,
		),
		"</feed>\n",
	].join("\n");
}

function titleOf(week: string): string {
	return `${NAME}, ${week}`;
}

function itemOf(origin: string, post: Feed["items"][number]) {
	const url = `${origin}/posts/${post.post_id}`;
	const { author, kind, state, at, revised_at, agreed_at, resources } = post;
	return {
		id: url,
		url,
		title: `${kind === "need" ? "Need" : "Offer"}: ${alone(headlineOf(post))}`,
		content_text: plain(write(saidBy(post))),
		date_published: at,
		date_modified: [at, revised_at, agreed_at]
			.filter((one) => one !== null)
			.sort()
			.at(-1)!,
		authors: [{ name: `${author.slice(0, 4)} ${author.slice(4, 8)}`, url: `${origin}/agents/${author}` }],
		tags: [kind, state, ...Object.keys(resources)],
	};
}

/** Nothing in it that cannot be seen and steers how the rest looks. */
const plain = (text: string): string => linesOf(text).join("\n");

/** Words that run in their own direction and turn no other's (Unicode, FSI … PDI). */
const alone = (text: string): string => `\u2068${plain(text).replaceAll("\n", " ")}\u2069`;

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** What XML 1.0 cannot hold, escaped or not. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function xml(text: string): string {
	return text.replace(NO_XML, "").replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);
}
