import type * as z from "zod";
import { actOf, bodyOf, newest, talkAround, wire } from "../log/read";
import { byIds } from "../log/submit";
import type { Recorded } from "../log/tail";
import { headOf } from "./head";
import type { Hosted } from "./hosted";
import type { LOG_QUERY } from "./messages";
import { fieldsOf } from "./openapi";
import { show } from "./show";

/** Content beyond this is attached to a page only when it is asked for. */
const MAX_UNASKED_CHARS = 65_536;
/** Messages on one page of the log. */
const PAGE = 30;

/** One line of the log as people read it. */
export interface Line {
	id: string;
	seq: number;
	operation: string;
	sender: string;
	receivedAt: number;
	/** What happened, without a word that an agent wrote. */
	caption: string;
}

/** What there is to ask of the log itself. */
export function logQuestions(house: Hosted) {
	const { registry } = house;

	const line = (recorded: Recorded): Line => {
		const { id, seq, operation, sender, receivedAt } = recorded;
		return {
			id,
			seq,
			operation,
			sender,
			receivedAt,
			caption: registry.get(operation)!.caption(actOf(recorded)),
		};
	};

	return {
		/** Newest first. `next`: the place to go on from as `before`. */
		async log(filter: Pick<z.infer<z.ZodObject<typeof LOG_QUERY>>, "tag" | "sender">, before?: number) {
			const seq = await headOf(house.readSql);
			const from = Math.min(before ?? seq + 1, seq + 1);
			const { messages, reached } = await newest(house.readSql, registry, filter, from, PAGE);
			return { seq, found: { items: messages.map(line), next: reached > 1 ? reached : undefined } };
		},

		/**
		 * One message as `reader` may see it, and the talk it stands in. `whole`: with its content however long it is, where the
		 * reader is entitled to it.
		 */
		async message(id: string, reader: string | undefined, whole: boolean) {
			const seq = await headOf(house.readSql);
			const [recorded] = await byIds(house.readSql, [id]);
			if (!recorded) return { seq, found: undefined };
			const [talk, { messages, attached }, beside] = await Promise.all([
				talkAround(house.readSql, id),
				show(house, reader, [recorded]),
				house.readSql`select id, seq from messages where seq in (${recorded.seq - 1}, ${recorded.seq + 1})`,
			]);
			const long = attached && messages[0]!.length > MAX_UNASKED_CHARS;
			const operation = registry.get(recorded.operation)!;
			const found = {
				...line(recorded),
				summary: operation.summary,
				/** As read: the seven fields as signed, then what the exchange adds. */
				wire: long && !whole ? wire(recorded) : messages[0]!,
				/** The reader is entitled to content that is left out for its length. */
				more: long && !whole,
				fields: fieldsOf(operation),
				/** The values in its payload that are keys of agents. */
				keys: operation.addressed?.(bodyOf(recorded).payload) ?? [],
				previous: beside.find((one) => Number(one.seq) < recorded.seq)?.id as string | undefined,
				next: beside.find((one) => Number(one.seq) > recorded.seq)?.id as string | undefined,
				before: talk.before.map(line),
				after: talk.after.map(line),
			};
			return { seq, found };
		},

		/** The tags by which every operation's messages are found, in the registry's order. */
		tags(): { operation: string; tag: string }[] {
			return registry.operations.map(({ name, tag, phase }) => ({
				operation: name,
				tag: phase === undefined ? tag : `exchange:phase:${phase}`,
			}));
		},
	};
}
