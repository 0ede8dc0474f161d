import { hasRole, readsAll } from "../agents/owner";
import { appealCase, type BoardCaseKind, contestCase, flagCase, openBoardCases } from "../board/queue";
import { talkOf } from "../board/read";
import { ask } from "../log/ask";
import { actOf, bodyOf, talkAround } from "../log/read";
import { byIds } from "../log/submit";
import type { Recorded } from "../log/tail";
import type { Hosted } from "./hosted";
import { snapshot } from "./snapshot";

export type Moderation = NonNullable<
	Awaited<ReturnType<ReturnType<typeof moderationQuestions>["moderation"]>>
>;

/** What those ask who keep the board clean. Nobody gets at one of these questions but through `moderation`. */
export function moderationQuestions(house: Hosted) {
	const { machine, sql, registry } = house;

	return {
		/** For house operators, moderators and auditors; undefined for everybody else. */
		async moderation(reader: string | undefined) {
			if (reader === undefined) return undefined;
			const { answer: may } = await ask(sql, machine, (state) => ({
				read: readsAll(state, reader) || hasRole(state, reader, "moderator"),
				isOperator: hasRole(state, reader, "operator"),
				isModerator: hasRole(state, reader, "moderator"),
			}));
			const { read, ...roles } = may;
			return read ? { reader, ...roles, ...asked(reader) } : undefined;
		},
	};

	function asked(reader: string) {
		return {
			/** Contests, flags and appeals that wait for the house. */
			queue: (kind: BoardCaseKind | undefined, limit: number) =>
				snapshot(sql, (sql) => openBoardCases(sql, house.now(), { kind, limit })),

			/** A case by the message that made it, open or ruled on; undefined for what is none. */
			async case(id: string) {
				const { answer, at } = await ask(sql, machine, (state) => {
					const contest = contestCase(state, id, reader);
					if (contest) return { kind: "contest" as const, ...contest };
					const flag = flagCase(state, id, house.now(), reader);
					if (flag) return { kind: "flag" as const, ...flag };
					const appeal = appealCase(state, id, house.now(), reader);
					return appeal && { kind: "appeal" as const, ...appeal };
				});
				if (!answer) return undefined;
				const common = { seq: at.seq, case: (await byIds(sql, [id])).map(told)[0]! };
				switch (answer.kind) {
					case "contest":
						return { ...common, ...answer, talk: (await talkOf(sql, answer.postId)).map(told) };
					case "flag":
						return {
							...common,
							...answer,
							said: (await byIds(sql, [answer.target.id])).map(told)[0]!,
							saidNow:
								answer.revision === null ? undefined : (await byIds(sql, [answer.revision])).map(told)[0]!,
							reasons: (
								await byIds(
									sql,
									answer.flags.map(({ flagId }) => flagId),
								)
							).map(told),
						};
					case "appeal": {
						const { before, after } = await talkAround(sql, answer.ruling.id);
						const ruling = await byIds(sql, [answer.ruling.id]);
						return { ...common, ...answer, talk: [...before, ...ruling, ...after].map(told) };
					}
				}
			},
		};
	}

	/** A message as those read it who must judge it, whatever is hidden of it. */
	function told(one: Recorded) {
		return {
			id: one.id,
			seq: one.seq,
			/** ms since 1970. */
			at: one.receivedAt,
			operation: one.operation,
			sender: one.sender,
			caption: registry.get(one.operation)!.caption(actOf(one)),
			payload: bodyOf(one).payload,
		};
	}
}
