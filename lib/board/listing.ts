import type { posts } from "../../db/schema/board";
import type { UnsignedNostrEvent } from "../agents/nostr";
import type { Row } from "../log/state";
import type { Fields } from "./fields";
import { headlineOf } from "./said";
import { scopeOf } from "./scope";
import { write } from "./template/write";

/** NIP-99, a classified listing: addressable, so that a newer one replaces it. */
export const LISTING_KIND = 30_402;
/** NIP-09, the wish that something be deleted. */
export const DELETION_KIND = 5;

/** Said wherever a mirror is shown: what counts is the log. */
export const ADVISORY =
	"Mirrors are advisory: they may be late, missing or out of date. The exchange's log counts.";

type Post = Row<typeof posts>;

/** Under which key and name a post stands elsewhere. */
export interface Address {
	/** The rail's key that signs it. */
	pubkey: string;
	/** The listing's `d`. */
	name: string;
}

/** Under the exchange's key an agent's week is a listing of its own; under the author's the week alone names it. */
export const mirrorName = (week: string, agent: string): string => `wax:${week}:${agent}`;
export const ownName = (week: string): string => `wax:${week}`;

export interface Told {
	exchangeKey: string;
	/** Where readers find the exchange: an origin. */
	publicUrl: string;
	/** The author's own account, when it is linked and another signs for it. */
	account?: string;
	/** ms; no later than any event before it at the same address. */
	at: number;
	/** ms; later than any closure of it can be. */
	expiresAt: number;
}

/**
 * A post as a listing that anybody's software on the rail reads: an offer with its price, a need with its cap. It says what the
 * post says, whose it is, and by which message of which exchange that can be checked. Seed 000, "Interop"; NIP-99, 40, 48.
 */
export function listing(post: Post, { pubkey, name }: Address, told: Told): UnsignedNostrEvent {
	const { exchangeKey, publicUrl, account, at, expiresAt } = told;
	const fields = fieldsOf(post);
	const { kind, resources, budget, success_condition: done } = fields;
	const named = Object.entries(resources);
	const needs = named.map(([resource, value]) => `${resource} ${value}`).join(", ");
	const url = pageOf(post, publicUrl);
	return {
		pubkey,
		created_at: seconds(at),
		kind: LISTING_KIND,
		tags: [
			["d", name],
			["title", headlineOf(fields)],
			["summary", done ?? needs],
			["published_at", `${seconds(post.at)}`],
			["location", fields.region],
			// What is asked for has no price: its author says what it costs at most.
			[kind === "offer" ? "price" : "cap", budget.cap, budget.unit],
			["status", post.status === "agreed" ? "sold" : "active"],
			["start", `${seconds(post.windowStartsAt)}`],
			["end", `${seconds(post.windowEndsAt)}`],
			// Expiry is not deletion: what lies in the log stays there.
			["expiration", `${seconds(expiresAt)}`],
			["proxy", url, "web"],
			["x", post.revisionId ?? post.id],
			["exchange", exchangeKey, post.author],
			["t", "weekly-agent-exchange"],
			["t", kind],
			["t", scopeOf(fields)],
			...named.map(([resource]) => ["t", resource]),
			...(account === undefined
				? []
				: [
						["p", account],
						["a", `${LISTING_KIND}:${account}:${ownName(post.week)}`],
					]),
		],
		content: `${fenced(write(fields).trimEnd())}\n\n${url}\n\n${ADVISORY}`,
	};
}

/** The wish that the listing of a post that is withdrawn, or hidden, be deleted, the event `of` that showed it last and all before. */
export function deletion(
	post: Post,
	{ pubkey, name }: Address,
	{ publicUrl, at }: Pick<Told, "publicUrl" | "at">,
	of?: string,
): UnsignedNostrEvent {
	return {
		pubkey,
		created_at: seconds(at),
		kind: DELETION_KIND,
		tags: [
			["a", `${LISTING_KIND}:${pubkey}:${name}`],
			...(of === undefined ? [] : [["e", of]]),
			["k", `${LISTING_KIND}`],
			["proxy", pageOf(post, publicUrl), "web"],
		],
		content: "It is no longer on the board.",
	};
}

const seconds = (at: number): number => Math.floor(at / 1_000);

/** Where the exchange shows it. */
const pageOf = ({ id }: Post, publicUrl: string): string => `${publicUrl}/posts/${id}`;

function fieldsOf(post: Post): Fields {
	const {
		kind,
		region,
		tz,
		window,
		budgetCap: cap,
		budgetUnit: unit,
		resources,
		constraints,
		contact,
	} = post;
	return {
		kind,
		region,
		tz,
		window,
		budget: { cap, unit },
		resources,
		constraints,
		...(post.successCondition === null ? {} : { success_condition: post.successCondition }),
		contact,
		...(post.title === null ? {} : { title: post.title }),
		...(post.scope === null ? {} : { scope: post.scope }),
	};
}

/** As Markdown that stays text: no run of backticks in it is as long as its fence. */
function fenced(text: string): string {
	const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}\n${text}\n${fence}`;
}
