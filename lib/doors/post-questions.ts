import { postDetail, talkOf } from "../board/read";
import { type Sayable, sayable } from "../board/sayable";
import { localIn } from "../board/window";
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
	const { readSql, withheld } = house;

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

	return {
		/** A post, all that was said about it, in order, and what this reader may say next; undefined for what is none. */
		async posted(id: string, reader: string | undefined) {
			const { seq, found } = await snapshot(readSql, async (sql) => {
				const post = await postDetail(sql, id, house.now(), withheld.by);
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
					payload: withheld.by(one.id) ? {} : (bodyOf(one).payload as Payload),
				}));
				return { post, said };
			});
			return {
				seq,
				found: found && { ...found, possible: await possible(reader, sayable(found.post, reader)) },
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
