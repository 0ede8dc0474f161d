import type { Sql } from "postgres";
import { isInForce } from "../agents/moderation";
import { bodyOf } from "../log/read";
import type { Recorded, Tail } from "../log/tail";

interface Said {
	hidden: boolean;
	until: number | null;
	saidBy: string;
}

/** Messages whose words the house has hidden: they stay in the log, and are served without their payload. */
export interface Withheld {
	/** The operator:hide that hides this message's payload now; undefined for what may be read. */
	by(messageId: string): string | undefined;
	/** Whether time alone will change that. */
	ends(messageId: string): boolean;
}

/** Held in memory and followed along the log: every message that is read is asked about. */
export async function openWithheld(parts: {
	sql: Sql;
	tail: Tail;
	now(): number;
	onTrouble(error: unknown): void;
}): Promise<Withheld> {
	const { sql, tail, now, onTrouble } = parts;
	const said = new Map<string, Said>();

	async function load(): Promise<void> {
		const rows =
			await sql`select message_id, hidden, until, said_by from views.hides where scope = 'payload'`;
		for (const row of rows)
			said.set(row.message_id, {
				hidden: row.hidden,
				until: row.until === null ? null : Number(row.until),
				saidBy: row.said_by,
			});
	}

	tail.listen(({ messages, reset }) => {
		for (const message of messages) hear(said, message);
		if (reset) load().catch(onTrouble);
	});
	await load();
	return {
		by(messageId) {
			const word = said.get(messageId);
			return word && isInForce(word, now()) ? word.saidBy : undefined;
		},
		ends: (messageId) => typeof said.get(messageId)?.until === "number",
	};
}

function hear(said: Map<string, Said>, message: Recorded): void {
	const { operation, id, antecedent } = message;
	if (operation !== "operator:hide" && operation !== "operator:restore") return;
	const { scope, until } = bodyOf(message).payload as { scope: string; until?: string };
	if (scope !== "payload") return;
	const ends = until === undefined ? null : Date.parse(until);
	said.set(antecedent!, { hidden: operation === "operator:hide", until: ends, saidBy: id });
}
