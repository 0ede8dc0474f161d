import type { Sql, TransactionSql } from "postgres";
import { chainOf, entryWhole, orderThen, reputation, withoutHidden } from "../exchange/read";
import { type Refusal, refusal } from "../log/refusal";
import { askThen, cameWith } from "../log/then";
import { itemsOf, ledgerPlace, pursesThen } from "../scrip/read";
import type { Hosted } from "./hosted";
import { isRefusal } from "./problem";

const asOfAhead = refusal(
	"as-of-ahead",
	422,
	"The log does not go that far yet.",
	"GET /api/checkpoint says in its second line how far it goes; without as_of the answer is of now.",
);
const notThereYet = refusal(
	"not-there-yet",
	404,
	"At that place in the log this was not there yet.",
	"Ask as of the message it came with, or of a later one.",
);

const SNAPSHOT = "isolation level repeatable read read only";

/** A place in the log, the message there, and when it came. */
export interface Moment {
	seq: number;
	/** Empty before the first message. */
	id: string;
	/** ms since 1970. */
	at: number;
}

/**
 * Views as they were answered when the log ended at message `seq`, at the instant of that message: what time alone did to them
 * until the next one is not in them. Read from the kept past, so what it costs does not grow with the log. Whoever may not read
 * something now does not read it as of then.
 */
export function thenQuestions(house: Hosted) {
	/** What it finds at that moment; undefined of what never was, a refusal where the log or the thing does not reach it. */
	async function then<T>(seq: number, question: (sql: TransactionSql, moment: Moment) => Promise<T>) {
		// A copy of the database that holds the log so far knows as much of then as the database itself.
		return (await house.reads.from(seq, () =>
			house.readSql.begin(SNAPSHOT, async (sql) => {
				const [head] = await sql`select seq from head`;
				if (seq > Number(head!.seq))
					return asOfAhead({
						field: "/as_of",
						detail: `The log goes to message ${head!.seq}: as_of is at most that.`,
					});
				const [message] = await sql`select id, received_at from messages where seq = ${seq}`;
				const moment = { seq, id: (message?.id ?? "") as string, at: Number(message?.received_at ?? 0) };
				const found = await question(sql, moment);
				return isRefusal(found) ? found : { ...moment, found };
			}),
		)) as (Moment & { found: Exclude<T, Refused> }) | Refused;
	}

	return {
		/** An entry, as `entry` gives it. */
		async entryThen(id: string, seq: number) {
			const answer = await then(seq, async (sql, { at }) => {
				const entry = await askThen(sql, house.machine, seq, (state) => entryWhole(state, id, at));
				return entry ?? notYet(await cameWith(sql, "entries", id), seq);
			});
			if (isRefusal(answer)) return answer;
			const { found: entry, ...moment } = answer;
			// Of then nothing moves; whether its words are hidden does.
			const again = () =>
				entry && house.withheld.by(id) ? { ...entry, description: "", domains: [] } : entry;
			return { ...moment, found: again(), again };
		},

		/** The order behind a buy and what had been said about it, as `order` gives them. */
		async orderThen(buyId: string, seq: number) {
			const answer = await then(seq, async (sql, moment) => {
				const order = await orderThen(sql, buyId, moment);
				if (!order) return notYet(await cameWith(sql, "buys", buyId), seq);
				const chain = await chainOf(sql, buyId);
				return { order, chain: chain.filter((one) => one.seq <= seq) };
			});
			if (isRefusal(answer)) return answer;
			const { found: told, ...moment } = answer;
			const again = () => told && { ...told, order: withoutHidden(told.order, house.withheld.by) };
			return { ...moment, found: again(), again };
		},

		/** An agent's purses and what had gone through them, as `ledger` gives them: for who may read that. */
		async ledgerThen(key: string, seq: number, before: number, limit: number) {
			return then(seq, async (sql) => {
				const missing = notYet(await firstSeen(sql, key), seq);
				if (missing) return missing;
				const [purses, items] = await Promise.all([
					pursesThen(sql, key, seq),
					itemsOf(sql, key, Math.min(before, ledgerPlace(seq)), limit),
				]);
				return { purses, ...items };
			});
		},

		/** A reputation and what had made it, as `reputation` gives them. */
		async reputationThen(key: string, seq: number, before: number, limit: number) {
			return then(seq, async (sql) => {
				const missing = notYet(await firstSeen(sql, key), seq);
				return missing ?? reputation(sql, key, before, limit, seq);
			});
		},
	};
}

type Refused = Refusal;

function notYet(came: number | undefined, seq: number): Refused | undefined {
	if (came === undefined || came <= seq) return undefined;
	return notThereYet({
		detail: `This came with message ${came}: as of message ${seq} it was not there yet.`,
	});
}

/** Where an agent is first known: by what it said, by scrip, or by a role. */
async function firstSeen(sql: Sql | TransactionSql, key: string): Promise<number | undefined> {
	const [row] = await sql`
		select least(
			(select seq from messages where sender = ${key} order by seq limit 1),
			(select seq from views.postings where to_owner = ${key} order by seq limit 1),
			(select min(seq) from views.history where table_name = 'roles' and key > ${`${key}/`} and key < ${`${key}0`})
		) as seq`;
	return row?.seq === null || row === undefined ? undefined : Number(row.seq);
}
