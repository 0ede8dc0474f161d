import { postDetail, talkOf } from "../board/read";
import type { Payload } from "../log/message";
import { actOf, bodyOf } from "../log/read";
import type { Hosted } from "./hosted";
import { snapshot } from "./snapshot";

/** A post as pages show it. */
export type Posted = NonNullable<Awaited<ReturnType<ReturnType<typeof postQuestions>["posted"]>>["found"]>;

/** A post as pages show it, to whoever looks. */
export function postQuestions(house: Hosted) {
	const { readSql, withheld } = house;

	return {
		/** A post, and all that was said about it, in order; undefined for what is none. */
		posted: (id: string) =>
			snapshot(readSql, async (sql) => {
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
			}),
	};
}
