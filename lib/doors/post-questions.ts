import type { Sql, TransactionSql } from "postgres";
import { fitsView } from "../board/fits";
import { flaggable } from "../board/flaggable";
import { type PostDetail, postDetail, talkOf } from "../board/read";
import { type Sayable, sayable } from "../board/sayable";
import { localIn } from "../board/window";
import { ask } from "../log/ask";
import type { Payload } from "../log/message";
import { actOf, bodyOf } from "../log/read";
import type { Hosted } from "./hosted";
import { snapshot } from "./snapshot";
import { type Blocked, wouldRefuse } from "./would-refuse";

/** What a reader may say next, and why the door would not take it as it is. */
export interface PossibleSaying extends Sayable {
	blocked?: Blocked;
}

/** A post as pages show it. */
export type Posted = NonNullable<Awaited<ReturnType<ReturnType<typeof postQuestions>["posted"]>>["found"]>;

/** What a person adds to these before they are signed, so that the door judges everything else. */
const SUPPLIED: Partial<Record<Sayable["operation"], Payload>> = { "board:respond": { message: "…" } };

const HOUR_MS = 3_600_000;

/** A post as pages show it, to whoever looks, and whether somebody may post. */
export function postQuestions(house: Hosted) {
	const { machine } = house;

	async function possible(reader: string | undefined, says: Sayable[]): Promise<PossibleSaying[]> {
		if (reader === undefined) return says;
		return Promise.all(
			says.map(async (one) => {
				const supplied = { ...one, payload: { ...one.payload, ...SUPPLIED[one.operation] } };
				const blocked = await wouldRefuse(house, reader, supplied);
				return blocked ? { ...one, blocked } : one;
			}),
		);
	}

	/** Which of what stands here the reader may flag, and why the door would take no flag of it now. */
	async function flagging({ post_id, responses_given, agreement }: PostDetail, reader: string | undefined) {
		const close = agreement?.close?.close_id;
		const targets = [post_id, ...responses_given.map((one) => one.response_id), ...(close ? [close] : [])];
		const { answer: of } = await ask(house.readSql, machine, (state) => flaggable(state, targets, reader));
		const next = of.find(({ flaggedBy }) => flaggedBy === null);
		const blocked =
			reader !== undefined && next
				? await wouldRefuse(house, reader, {
						operation: "board:flag",
						payload: { reason: "other" },
						antecedents: [next.target],
					})
				: undefined;
		return { of, blocked };
	}

	return {
		/** A post, what fits it, all that was said about it, in order, and what this reader may say next; undefined for what is none. */
		async posted(id: string, reader: string | undefined) {
			const { seq, found } = await snapshot(house.readSql, async (sql) => {
				const withheld = await withheldFrom(house, sql, reader);
				const now = house.now();
				const post = await postDetail(sql, id, now, withheld);
				if (!post) return undefined;
				const said = (await talkOf(sql, id)).map((one) => ({
					id: one.id,
					seq: one.seq,
					/** ms since 1970. */
					at: one.receivedAt,
					operation: one.operation,
					sender: one.sender,
					/** What happened, without text that its sender wrote. */
					caption: house.registry.get(one.operation)!.caption(actOf(one)),
					/** Nothing of what the house hides. */
					payload: withheld(one.id) ? {} : (bodyOf(one).payload as Payload),
					/** By whose word its words are shown to nobody but who said them. */
					hidden_by: house.withheld.by(one.id),
				}));
				return { post, said, fits: await fitsView(sql, post, now) };
			});
			if (!found) return { seq, found };
			return {
				seq,
				found: {
					...found,
					possible: await possible(reader, sayable(found.post, reader)),
					flagging: await flagging(found.post, reader),
				},
			};
		},

		/**
		 * Why the door would take no post of this agent's now, whatever it said: its slot, its owner's, closures that are owed.
		 * Told before anything is written. Undefined when it would take one.
		 */
		barred(agent: string): Promise<Blocked | undefined> {
			const [start, end] = [house.now(), house.now() + HOUR_MS].map((at) => localIn("UTC", at));
			const payload = {
				region: "EU",
				tz: "UTC",
				window: { start: start!, end: end! },
				budget: { cap: "0", unit: "scrip" },
				resources: { other: "…" },
				constraints: {},
				contact: "DM",
			};
			return wouldRefuse(house, agent, { operation: "board:need", payload, antecedents: [] });
		},
	};
}

/** By which word the house hides from this reader what a message says: nobody is kept from what they said themselves. */
async function withheldFrom(
	{ withheld }: Hosted,
	sql: Sql | TransactionSql,
	reader: string | undefined,
): Promise<(messageId: string) => string | undefined> {
	if (reader === undefined) return withheld.by;
	const rows = await sql`
		select h.message_id from views.hides h join messages m on m.id = h.message_id
		where h.scope = 'payload' and m.sender = ${reader}`;
	const own = new Set(rows.map(({ message_id }) => message_id as string));
	return (messageId) => (own.has(messageId) ? undefined : withheld.by(messageId));
}
