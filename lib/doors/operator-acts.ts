import type { Sql, TransactionSql } from "postgres";
import { actOf } from "../log/read";
import type { Registry } from "../log/registry";
import { fromRow } from "../log/tail";

type Asked = Sql | TransactionSql;

/** An act of the house: something that a house operator, or the exchange in the place of one, has said. */
export interface HouseAct {
	seq: number;
	id: string;
	at: number;
	by: string;
	operation: string;
	/** What happened, in the operation's words. */
	says: string;
	/** What it is about: the case that it answers, or the key that it names. */
	about: { message: string } | { agent: string } | null;
	/** The house operator's words, where the operation takes some. */
	reason: string | null;
}

export interface ActsAsked {
	by?: string;
	operation?: string;
	/** A place in the log. */
	before: number;
	limit: number;
}

/** What a house operator may say, by name: the acts an audit is about. */
export function houseOperations(registry: Registry): string[] {
	return registry.operations.filter(({ by }) => by.includes("operator")).map(({ name }) => name);
}

/** Who was ever granted a role in the house, newest first: their acts stay, also when they have no role any more. */
export async function houseKeys(sql: Asked): Promise<string[]> {
	const rows = await sql`
		select body::jsonb #>> '{payload,subject}' as subject, max(seq) as seq from messages
		where operation = 'operator:grant' and body::jsonb #>> '{payload,role}' in ('operator', 'moderator', 'auditor')
		group by 1 order by 2 desc`;
	return rows.map(({ subject }) => subject);
}

/**
 * What the house has done, newest first. The exchange's own rulings by the rules are no operators' acts and are left out; what
 * it said in their place (the first float, the first grants) is in.
 */
export async function houseActs(
	sql: Asked,
	registry: Registry,
	exchangeKey: string,
	{ by, operation, before, limit }: ActsAsked,
): Promise<{ items: HouseAct[]; next: number | undefined }> {
	const all = houseOperations(registry);
	const asked = operation === undefined ? all : all.filter((name) => name === operation);
	const keys = (await houseKeys(sql)).filter((key) => by === undefined || key === by);
	const placed =
		by === undefined || by === exchangeKey ? asked.filter((name) => !name.startsWith("exchange:")) : [];
	// By sender and by operation, each from its index: acts of the house are few in a log that may be long.
	const rows = await sql`
		select m.* from unnest(${keys}::text[]) k (key) cross join lateral (
			select * from messages where sender = k.key and operation = any(${asked}) and seq < ${before}
			order by seq desc limit ${limit + 1}) m
		union all
		select m.* from unnest(${placed}::text[]) o (name) cross join lateral (
			select * from messages where operation = o.name and sender = ${exchangeKey} and seq < ${before}
			order by seq desc limit ${limit + 1}) m
		order by seq desc limit ${limit + 1}`;
	const items = rows.slice(0, limit).map((row) => {
		const recorded = fromRow(row);
		const act = actOf(recorded);
		const { subject, recipient, reason, reference } = act.payload as Record<string, string | undefined>;
		const [agent, message] = [subject ?? recipient, recorded.antecedent];
		return {
			seq: recorded.seq,
			id: recorded.id,
			at: recorded.receivedAt,
			by: recorded.sender,
			operation: recorded.operation,
			says: registry.get(recorded.operation)?.caption(act) ?? recorded.operation,
			about: agent !== undefined ? { agent } : message !== null ? { message } : null,
			reason: reason ?? reference ?? null,
		};
	});
	return { items, next: rows.length > limit ? items.at(-1)!.seq : undefined };
}
