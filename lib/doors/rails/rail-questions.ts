import { posts } from "../../../db/schema/board";
import { accountOf } from "../../agents/link";
import type { NostrEvent, UnsignedNostrEvent } from "../../agents/nostr";
import { closureMs } from "../../board/closure-time";
import { ADVISORY, DELETION_KIND, deletion, listing, ownName } from "../../board/listing";
import { unlisted } from "../../board/state";
import { ask } from "../../log/ask";
import type { Hosted } from "../hosted";
import { draftsOf, unlinked } from "./drafts";

export interface Mirrored {
	advisory: string;
	rail: "nostr";
	relays: readonly string[];
	/** Under the exchange's key: its newest event, and which relays have yet to take it or will not. Null: not mirrored. */
	mirror: { event: NostrEvent; owed: string[]; refused: string[] } | null;
	/** The same under the author's own linked account: the exchange cannot sign for it, so its own software does. */
	own: UnsignedNostrEvent | null;
}

/** What there is to ask about open rails. */
export function railQuestions(house: Hosted) {
	const { machine, sql } = house;

	return {
		/** What was written to an agent from open rails and waits for it, newest first: for itself alone to read. */
		drafts: (key: string) => draftsOf(sql, key),

		/** How a post stands on open rails; undefined for what is no post. */
		async mirrored(id: string): Promise<{ seq: number; found: Mirrored | undefined }> {
			const { answer, at } = await ask(sql, machine, (state) => {
				const post = state.get(posts, id);
				return (
					post && { post, account: accountOf(state, post.author), hidden: unlisted(state, post, house.now()) }
				);
			});
			if (!answer) return { seq: at.seq, found: undefined };
			const { post, account, hidden } = answer;
			const { rails } = house;
			const [[row], jobs, lastsMs, gone] = await Promise.all([
				sql`select event from mirrors where post_id = ${id}`,
				sql`
					select j.relay, j.parked from mirror_jobs j join mirrors m on m.agent = j.agent and m.week = j.week
					where m.post_id = ${id} order by j.relay`,
				closureMs(sql),
				unlinked(sql, account === undefined ? [] : [account]),
			]);
			const relaysThat = (parked: boolean) =>
				jobs.filter((job) => job.parked === parked).map(({ relay }) => relay as string);
			const event: NostrEvent | undefined = row && JSON.parse(row.event);
			return {
				seq: at.seq,
				found: {
					advisory: ADVISORY,
					rail: "nostr",
					relays: rails?.relays ?? [],
					// What is hidden is not said here either, while its deletion is on its way.
					mirror:
						event && (!hidden || event.kind === DELETION_KIND)
							? { event, owed: relaysThat(false), refused: relaysThat(true) }
							: null,
					own:
						rails && account !== undefined && !gone.has(account) && !hidden
							? own(rails.publicUrl, account)
							: null,
				},
			};

			function own(publicUrl: string, pubkey: string): UnsignedNostrEvent {
				const address = { pubkey, name: ownName(post.week) };
				const now = house.now();
				if (post.status === "withdrawn") return deletion(post, address, { publicUrl, at: now });
				const expiresAt = post.windowEndsAt + lastsMs;
				return listing(post, address, { exchangeKey: house.key, publicUrl, at: now, expiresAt });
			}
		},
	};
}
