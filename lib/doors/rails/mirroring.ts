import { finalizeEvent } from "nostr-tools/pure";
import type { Sql } from "postgres";
import { hides } from "../../../db/schema/agents";
import { posts, responses, slots } from "../../../db/schema/board";
import { accountOf } from "../../agents/link";
import type { NostrEvent, UnsignedNostrEvent } from "../../agents/nostr";
import { closureMs } from "../../board/closure-time";
import { deletion, listing, mirrorName } from "../../board/listing";
import { type Post, unlisted } from "../../board/state";
import { weekOf } from "../../board/week";
import { ask } from "../../log/ask";
import { headerOf } from "../../log/registry";
import type { Reading } from "../../log/state";
import type { House } from "../house";
import { unlinked } from "./drafts";
import { queue } from "./jobs";

/** What changes how a post stands elsewhere. */
const TELLING = [
	"board:offer",
	"board:need",
	"board:revise",
	"board:withdraw",
	"board:agree",
	"board:flag",
	"operator:hide",
	"operator:restore",
	"agent:link",
];
/** Each costs a signature of some milliseconds on the main thread, which is the door's. */
const PAGE = 10;

export interface MirroringParts {
	house: Pick<House, "sql" | "machine" | "key" | "now">;
	/** The exchange's own on the rail. */
	secret: Uint8Array;
	pubkey: string;
	relays: readonly string[];
	publicUrl: string;
}

/** An agent's week, as the board has it now. */
interface Shown {
	post: Post;
	/** Withdrawn by its author, or hidden by the house. */
	gone: boolean;
	/** When what the house has said of it ends by itself. */
	lookAt: number | null;
	account: string | undefined;
}

interface Told {
	id: string;
	operation: string;
	sender: string;
	antecedent: string | null;
	account: string | null;
}

/**
 * Follows the log, a few messages at a time, and writes down what the relays have to be told. What it writes is the newest state
 * of each agent's week, so that a relay that was away for long is told once. True when there may be more.
 */
export async function mirror(parts: MirroringParts): Promise<boolean> {
	const { house, relays } = parts;
	const { sql } = house;
	const after = await mark(sql);
	const page = await sql<(Told & { seq: string })[]>`
		select seq, id, operation, sender, antecedent, body::jsonb #>> '{payload,account}' as account from messages
		where operation = any(${TELLING}::text[]) and seq > ${after} order by seq limit ${PAGE}`;
	const now = house.now();
	const due = await sql`select post_id from mirrors where look_at <= ${now} limit ${PAGE}`;
	if (page.length === 0 && due.length === 0) return false;
	const mentioned = [...(await mentioning(sql, page, now)), ...due.map(({ post_id: id }) => id as string)];
	const { answer: shown } = await ask(sql, house.machine, (state) => current(state, page, mentioned, now));
	const accounts = [...shown.values()].flatMap(({ account }) => account ?? []);
	const [lastingMs, gone] = await Promise.all([closureMs(sql), unlinked(sql, accounts)]);
	for (const one of shown.values()) if (gone.has(one.account!)) one.account = undefined;

	await sql.begin(async (sql) => {
		const [held] = await sql`select seq from rail_marks where name = ${MARK} for update`;
		// Another process has told it meanwhile, from a state at least as new.
		if (Number(held!.seq) !== after) return;
		for (const one of shown.values()) {
			const { author: agent, week } = one.post;
			const expiresAt = one.post.windowEndsAt + lastingMs;
			const [last] = await sql`
				update mirrors set look_at = ${one.lookAt} where agent = ${agent} and week = ${week} returning *`;
			// What was never shown needs no deletion.
			if (expiresAt <= now || (one.gone && !last)) continue;
			// NIP-01: of two at an address the one with the later second stands.
			const at = Math.max(now, last ? (Number(last.event_at) + 1) * 1_000 : 0);
			const unsigned = say(parts, one, at, expiresAt, last?.event_id);
			if (last && same(JSON.parse(last.event), unsigned)) continue;
			const event = finalizeEvent(unsigned, parts.secret);
			await sql`
				insert into mirrors (agent, week, post_id, event, event_id, event_at, expires_at, look_at)
				values (${agent}, ${week}, ${one.post.id}, ${JSON.stringify(event)}, ${event.id}, ${event.created_at},
					${expiresAt}, ${one.lookAt})
				on conflict (agent, week) do update set post_id = excluded.post_id, event = excluded.event,
					event_id = excluded.event_id, event_at = excluded.event_at, expires_at = excluded.expires_at`;
			await queue(sql, relays, { agent, week, eventId: event.id }, now);
		}
		const seq = Number(page.at(-1)?.seq ?? after);
		await sql`update rail_marks set seq = ${seq} where name = ${MARK}`;
	});
	return true;
}

const MARK = "posts";

async function mark(sql: Sql): Promise<number> {
	await sql`insert into rail_marks (name, seq) values (${MARK}, 0) on conflict do nothing`;
	const [row] = await sql`select seq from rail_marks where name = ${MARK}`;
	return Number(row!.seq);
}

/** Mirrors that name an account about which something was said: it may be another agent's now. */
async function mentioning(sql: Sql, page: readonly Told[], now: number): Promise<string[]> {
	const accounts = page.flatMap(({ operation, account }) => (operation === "agent:link" ? [account!] : []));
	if (accounts.length === 0) return [];
	const rows = await sql`
		select post_id from mirrors m where expires_at > ${now}
			and exists (select from unnest(${accounts}::text[]) account where strpos(m.event, account) > 0)`;
	return rows.map(({ post_id: id }) => id);
}

/** The weeks that a page of messages is about, each once, as the board has them now. */
function current(
	state: Reading,
	page: readonly Told[],
	mentioned: readonly string[],
	now: number,
): Map<string, Shown> {
	const about = [...page.flatMap((one) => postsOf(state, one, now)), ...mentioned];
	const shown = new Map<string, Shown>();
	for (const id of about) {
		const post = state.get(posts, id);
		if (!post) continue;
		const held = state.get(slots, post.author, post.week)?.postId;
		const standing = held ? state.get(posts, held) : undefined;
		shown.set(`${post.week} ${post.author}`, {
			post: standing ?? post,
			gone: !standing || unlisted(state, standing, now) !== undefined,
			lookAt: standing ? endOfWord(state, standing, now) : null,
			account: accountOf(state, post.author),
		});
	}
	return shown;
}

function postsOf(state: Reading, { id, operation, sender, antecedent }: Told, now: number): string[] {
	switch (operation) {
		case "board:offer":
		case "board:need":
			return [id];
		case "board:agree": {
			const response = state.get(responses, antecedent!);
			return response ? [response.postId, response.counterPostId].filter((one) => one !== null) : [];
		}
		// Of whatever message: what is no post is passed over.
		case "board:flag":
		case "operator:hide":
		case "operator:restore":
			return [postAbout(state, antecedent!)];
		case "agent:link":
			return [state.get(slots, sender, weekOf(now))?.postId].filter((one) => one != null);
		default:
			return [antecedent!];
	}
}

/** The post that a message is, or is a revision of; else no post's id. */
function postAbout(state: Reading, id: string): string {
	const header = headerOf(state, id);
	return header?.operation === "board:revise" ? header.antecedent! : id;
}

function endOfWord(state: Reading, { id, revisionId }: Post, now: number): number | null {
	const ends = [id, revisionId].flatMap((said) =>
		said === null
			? []
			: (["listing", "payload"] as const).map((scope) => state.get(hides, said, scope)?.until ?? 0),
	);
	const ahead = ends.filter((end) => end > now);
	return ahead.length > 0 ? Math.min(...ahead) : null;
}

function say(
	{ house, pubkey, publicUrl }: MirroringParts,
	{ post, gone, account }: Shown,
	at: number,
	expiresAt: number,
	last: string | undefined,
): UnsignedNostrEvent {
	const address = { pubkey, name: mirrorName(post.week, post.author) };
	return gone
		? deletion(post, address, { publicUrl, at }, last)
		: listing(post, address, { exchangeKey: house.key, publicUrl, account, at, expiresAt });
}

/** Whether the newest event says so already. */
function same(last: NostrEvent, next: UnsignedNostrEvent): boolean {
	const said = ({ kind, content, tags }: UnsignedNostrEvent) =>
		JSON.stringify([kind, content, tags.filter(([name]) => name !== "e")]);
	return last.pubkey === next.pubkey && said(last) === said(next);
}
