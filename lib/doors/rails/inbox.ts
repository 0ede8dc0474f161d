import type { Filter } from "nostr-tools/filter";
import { unwrapEvent } from "nostr-tools/nip59";
import { linkedAccounts } from "../../../db/schema/agents";
import { posts, slots } from "../../../db/schema/board";
import { accountOf, linkAddress, PROOF_KIND } from "../../agents/link";
import { type NostrEvent, nostrId, signedEvent } from "../../agents/nostr";
import { ownerOf } from "../../agents/owner";
import { DELETION_KIND, LISTING_KIND } from "../../board/listing";
import { isOpen, type Post, unlisted } from "../../board/state";
import { ask } from "../../log/ask";
import type { Reading } from "../../log/state";
import { type Draft, keep, unlink, unlinked } from "./drafts";
import type { MirroringParts } from "./mirroring";

const WRAP_KIND = 1_059;
const MESSAGE_KIND = 14;
/** NIP-59: wraps are dated up to two days back, so that their time tells nothing. */
const WRAPS_SINCE_SECONDS = 3 * 86_400;
/** Opening one costs the main thread, which is the door's, some ten milliseconds. */
const AT_ONCE = 5;
const MOST_WAITING = 1_000;
const MOST_WORDS = 4_000;
/** `board:respond`, "message". */
const MOST_MESSAGE = 1_000;

type Rumor = Omit<NostrEvent, "sig">;

/**
 * What relays bring. Nothing of it acts: a private message (NIP-17) to the exchange's key about a post becomes a draft, that of
 * a response when a linked agent wrote it, else a follow-up for the post's author to read. What its owner signs then is judged at
 * the door like any other. A linked account's own word that takes its link back ends what is shown of it. Seed 000, "Interop".
 */
export class Inbox {
	readonly #waiting: NostrEvent[] = [];
	/** Seen since this process began: a relay brings the same again whenever it is called. */
	readonly #seen = new Set<string>();
	#accounts: string[] = [];

	constructor(readonly parts: MirroringParts) {}

	/** Whose words count now. True when that has changed: relays are then to be listened to anew. */
	async attend(): Promise<boolean> {
		const rows = await this.parts.house.sql`
			select account from views.linked_accounts where rail = 'nostr' order by at desc limit 500`;
		const accounts = rows.map(({ account }) => account as string);
		const changed = accounts.join() !== this.#accounts.join();
		this.#accounts = accounts;
		return changed;
	}

	filters(): Filter[] {
		const { house, pubkey } = this.parts;
		const since = Math.floor(house.now() / 1_000) - WRAPS_SINCE_SECONDS;
		const wraps: Filter = { kinds: [WRAP_KIND], "#p": [pubkey], since };
		const authors = this.#accounts;
		if (authors.length === 0) return [wraps];
		const address = linkAddress(house.key);
		return [
			wraps,
			{ kinds: [PROOF_KIND], authors, "#d": [address] },
			{
				kinds: [DELETION_KIND],
				authors,
				"#a": authors.map((account) => `${PROOF_KIND}:${account}:${address}`),
			},
		];
	}

	event(event: NostrEvent): void {
		if (this.#waiting.length >= MOST_WAITING || this.#seen.has(event.id)) return;
		if (this.#seen.size >= 10 * MOST_WAITING) this.#seen.clear();
		this.#seen.add(event.id);
		this.#waiting.push(event);
	}

	/** Takes up some of what waits. True when there was any. */
	async work(): Promise<boolean> {
		const some = this.#waiting.splice(0, AT_ONCE);
		for (const event of some)
			await this.#take(event).catch((error) => {
				// So that it is heard when a relay brings it again.
				this.#seen.delete(event.id);
				throw error;
			});
		return some.length > 0;
	}

	async #take(unverified: NostrEvent): Promise<void> {
		const { house } = this.parts;
		const event = signedEvent(JSON.stringify(unverified));
		if (!event) return;
		if (event.kind === WRAP_KIND) return this.#open(event);
		const address = `${PROOF_KIND}:${event.pubkey}:${linkAddress(house.key)}`;
		const own = event.tags.some(([name, value]) =>
			event.kind === DELETION_KIND
				? name === "a" && value === address
				: event.kind === PROOF_KIND && name === "d" && value === linkAddress(house.key),
		);
		if (own) await unlink(house.sql, event, house.key, house.now());
	}

	async #open(wrap: NostrEvent): Promise<void> {
		const { house, secret } = this.parts;
		const { sql } = house;
		const rumor = opened(wrap, secret);
		if (!rumor) return;
		const about = await this.#about(rumor);
		const gone = (await unlinked(sql, [rumor.pubkey])).has(rumor.pubkey);
		const now = house.now();
		const { answer: draft } = await ask(sql, house.machine, (state) => {
			const post = about(state);
			return post && draftOf(state, post, rumor, gone ? undefined : keyOf(state, rumor.pubkey), now);
		});
		if (draft) await keep(sql, draft, now);
	}

	/** Which post a message is about: by the listing it answers, or by the post's address or id in its words. */
	async #about({ tags, content }: Rumor): Promise<(state: Reading) => Post | undefined> {
		const { house, pubkey } = this.parts;
		const events = tags.flatMap(([name, value]) => (["e", "q"].includes(name!) && value ? [value] : []));
		const [mirror] = events.length
			? await house.sql`select post_id from mirrors where event_id = any(${events}::text[])`
			: [];
		const named = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
		const ids = [...(mirror ? [mirror.post_id as string] : []), ...(content.match(named) ?? [])].slice(0, 10);
		const addresses = tags.flatMap(([name, value]) => (["a", "q"].includes(name!) && value ? [value] : []));
		return (state) => {
			for (const address of addresses) {
				const post = listedAt(state, pubkey, address);
				if (post) return post;
			}
			return ids.map((id) => state.get(posts, id)).find((post) => post !== undefined);
		};
	}
}

/** A message for us, of which it is certain who wrote it; undefined for whatever else is in the wrap. */
function opened(wrap: NostrEvent, secret: Uint8Array): Rumor | undefined {
	try {
		// It verifies the seal, and that the message names the account that sealed it.
		const rumor = unwrapEvent(wrap, secret) as Rumor;
		const whole =
			rumor.kind === MESSAGE_KIND && typeof rumor.content === "string" && Array.isArray(rumor.tags);
		return whole && Number.isSafeInteger(rumor.created_at) && nostrId(rumor) === rumor.id ? rumor : undefined;
	} catch {
		return undefined;
	}
}

/** The post that is listed there now, be it under the exchange's key or under its author's. */
function listedAt(state: Reading, pubkey: string, address: string): Post | undefined {
	const [, account, week, agent] =
		new RegExp(`^${LISTING_KIND}:([0-9a-f]{64}):wax:(\\d{4}-W\\d\\d)(?::([0-9a-f]{64}))?$`).exec(address) ??
		[];
	if (account === undefined) return undefined;
	const author = account === pubkey ? agent : keyOf(state, account);
	const post = author && state.get(slots, author, week!)?.postId;
	return post ? state.get(posts, post) : undefined;
}

function keyOf(state: Reading, account: string): string | undefined {
	const key = state.get(linkedAccounts, "nostr", account)?.key;
	return key !== undefined && accountOf(state, key) === account ? key : undefined;
}

function draftOf(
	state: Reading,
	post: Post,
	{ id, pubkey: account, created_at, content }: Rumor,
	writer: string | undefined,
	now: number,
): Draft | undefined {
	const words = first(content.replaceAll("\u0000", "").trim(), MOST_WORDS);
	if (words === "") return undefined;
	// A time far off is no time at all: its sender wrote it.
	const at = Math.min(Math.max(0, created_at * 1_000), now);
	const said = { id, account, postId: post.id, words, at };
	const stranger =
		writer !== undefined && ![post.owner, ownerOf(state, post.author)].includes(ownerOf(state, writer));
	if (!stranger || !isOpen(post, now) || unlisted(state, post, now))
		return { ...said, owner: post.author, acting: undefined };
	const payload = { message: first(words, MOST_MESSAGE) };
	const acting = { operation: "board:respond", antecedent: post.revisionId ?? post.id, payload };
	return { ...said, owner: writer, acting };
}

/** At most so many code points, and no half of one: what it becomes is to be signed. */
function first(text: string, most: number): string {
	const whole = [...text].filter((point) => !/^[\ud800-\udfff]$/.test(point));
	return whole.slice(0, most).join("");
}
