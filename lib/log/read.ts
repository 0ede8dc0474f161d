import type { Sql, TransactionSql } from "postgres";
import { base64 } from "./bytes";
import type { Message } from "./message";
import type { Act } from "./operation";
import { append, EMPTY, leafData, leafHash, root } from "./proof";
import type { Registry } from "./registry";
import { fromRow, type Recorded } from "./tail";

/** Which messages of the log: all of what is given must hold. */
export interface Filter {
	tag?: string;
	sender?: string;
	antecedent?: string;
	/** Whom it concerns: the antecedent's sender, or a key the payload names. */
	to?: string;
	/** What answers this message, directly or not. */
	talk?: string;
}

/** Rows looked through in one question where no index leads to what is asked for. */
const SCAN = 10_000;

/**
 * Messages after `after` up to `upTo`, at most `limit`, in order; and how far was looked. A question without an index
 * looks through a bounded part of the log: `reached` may lie before `upTo` with fewer than `limit` found.
 */
export async function page(
	sql: Sql,
	registry: Registry,
	filter: Filter,
	after: number,
	upTo: number,
	limit: number,
): Promise<{ messages: Recorded[]; reached: number }> {
	const end = scans(registry, filter) ? Math.min(upTo, after + SCAN) : upTo;
	const rows = await sql`
		select * from messages where seq > ${after} and seq <= ${end} ${fitting(sql, registry, filter)}
		order by seq limit ${limit}`;
	const messages = rows.map(fromRow);
	return { messages, reached: messages.length === limit ? messages.at(-1)!.seq : Math.max(after, end) };
}

/**
 * The place in the log of the first message received at an instant or later, or the one after the last. Times never go back
 * along the log, so it is found by halving it.
 */
export async function placeAt(sql: Sql | TransactionSql, at: number): Promise<number> {
	const [row] = await sql`
		with recursive halving (low, high) as (
			select 0::int8, seq + 1 from head
			union all
			select case when m.received_at < ${at} then m.seq else low end,
				case when m.received_at < ${at} then high else m.seq end
			from halving join messages m on m.seq = (low + high) / 2 where high - low > 1
		)
		select min(high) as place from halving`;
	return Number(row!.place);
}

/**
 * The log as it stood before an instant: its size, and the root of its tree in base64. Subtrees are not kept, so it reads every
 * id there was: for what is asked once a week.
 */
export async function treeBefore(sql: Sql, at: number): Promise<{ size: number; root: string }> {
	const size = (await placeAt(sql, at)) - 1;
	let tree = EMPTY;
	for await (const rows of sql`
		select id, received_at from messages where seq <= ${size} order by seq`.cursor(5_000)) {
		const leaves = rows.map(({ id, received_at }) => leafHash(leafData(id, Number(received_at))));
		tree = append(tree, leaves).frontier;
	}
	return { size, root: base64(root(tree)) };
}

/**
 * The same messages newest first: before `before`, at most `limit`; `reached` is the oldest place that was looked at, and 1 or less
 * when there is nothing older.
 */
export async function newest(
	sql: Sql,
	registry: Registry,
	filter: Filter,
	before: number,
	limit: number,
): Promise<{ messages: Recorded[]; reached: number }> {
	const from = scans(registry, filter) ? Math.max(1, before - SCAN) : 1;
	const rows = await sql`
		select * from messages where seq >= ${from} and seq < ${before} ${fitting(sql, registry, filter)}
		order by seq desc limit ${limit}`;
	const messages = rows.map(fromRow);
	return { messages, reached: messages.length === limit ? messages.at(-1)!.seq : from };
}

/**
 * The talk a message stands in: what it answers, and what that answered, oldest first; then everything that answers it, directly
 * or not, in order.
 */
export async function talkAround(
	sql: Sql | TransactionSql,
	id: string,
): Promise<{ before: Recorded[]; after: Recorded[] }> {
	const [before, after] = await Promise.all([
		sql`
			with recursive earlier as (
				select antecedent from messages where id = ${id}
				union
				select m.antecedent from messages m join earlier e on m.id = e.antecedent
			)
			select * from messages where id in (select antecedent from earlier) order by seq limit ${TALK}`,
		sql`
			with recursive later as (
				select id from messages where antecedent = ${id}
				union
				select m.id from messages m join later l on m.antecedent = l.id
			)
			select * from messages where id in (select id from later) order by seq limit ${TALK}`,
	]);
	return { before: before.map(fromRow), after: after.map(fromRow) };
}

/** The message itself and what answers it, directly or not. */
export async function talkOn(sql: Sql, id: string): Promise<string[]> {
	const rows = await sql`${later(sql, id)} select id from later limit ${TALK}`;
	return [id, ...rows.map((row) => row.id as string)];
}

const later = (sql: Sql, id: string) => sql`
	with recursive later as (
		select id from messages where antecedent = ${id}
		union
		select m.id from messages m join later l on m.antecedent = l.id
	)`;

/** More than the rules let any talk have. */
const TALK = 500;

/** Whether no index leads to what is asked for. */
function scans(registry: Registry, { tag, to }: Filter): boolean {
	return (tag !== undefined && !operationsOf(registry, tag)) || to !== undefined;
}

/** The filter as conditions, each with its `and`. */
function fitting(sql: Sql, registry: Registry, { tag, sender, antecedent, to, talk }: Filter) {
	const operations = tag === undefined ? undefined : operationsOf(registry, tag);
	return sql`
		${operations ? sql`and operation in ${sql(operations)}` : sql``}
		${tag !== undefined && !operations ? sql`and strpos(body, ${JSON.stringify(tag)}) > 0 and jsonb_exists(body::jsonb -> 'tags', ${tag})` : sql``}
		${sender === undefined ? sql`` : sql`and sender = ${sender}`}
		${antecedent === undefined ? sql`` : sql`and antecedent = ${antecedent}`}
		${to === undefined ? sql`` : sql`and addressed @> array[${to}]::text[]`}
		${talk === undefined ? sql`` : sql`and id in (${later(sql, talk)} select id from later limit ${TALK})`}`;
}

/**
 * The same question of one message. `talk`: what is known of the talk asked for; whoever asks of messages in their order finds
 * there what follows as well.
 */
export function fits(
	registry: Registry,
	filter: Filter,
	talk?: Set<string>,
): (recorded: Recorded) => boolean {
	const { tag, sender, antecedent, to } = filter;
	const operations = tag === undefined ? undefined : operationsOf(registry, tag);
	const inTalk = ({ id, antecedent }: Recorded) => {
		if (!talk) return true;
		const goesOn = antecedent !== null && talk.has(antecedent);
		if (goesOn) talk.add(id);
		return goesOn;
	};
	return (recorded) =>
		inTalk(recorded) &&
		(sender === undefined || recorded.sender === sender) &&
		(antecedent === undefined || recorded.antecedent === antecedent) &&
		(to === undefined || recorded.addressed.includes(to)) &&
		(tag === undefined ||
			(operations
				? operations.includes(recorded.operation)
				: recorded.body.includes(JSON.stringify(tag)) && bodyOf(recorded).tags.includes(tag)));
}

/** The operations whose every message carries this tag; undefined for a tag that only a message's own payload produces. */
function operationsOf(registry: Registry, tag: string): string[] | undefined {
	const named = registry.operations.filter(
		(operation) => operation.tag === tag || (operation.phase && tag === `exchange:phase:${operation.phase}`),
	);
	return named.length > 0 ? named.map(({ name }) => name) : undefined;
}

type Body = Omit<Message, "id" | "signature">;

export function bodyOf(recorded: Recorded): Body {
	return JSON.parse(recorded.body) as Body;
}

/** A message as read: the seven fields as signed, then what the exchange adds. The signed text itself, not a copy of it. */
export function wire(recorded: Recorded, body = recorded.body): string {
	const { id, signature, seq, receivedAt } = recorded;
	return `{"id":"${id}",${body.slice(1, -1)},"signature":"${signature}","seq":${seq},"received_at":"${new Date(receivedAt).toISOString()}"}`;
}

/** The same with its words left out, and by whose word: it no longer verifies, and says why. */
export function withheldWire(recorded: Recorded, hiddenBy: string): string {
	const { payload: _, ...rest } = bodyOf(recorded);
	const open = wire(recorded, JSON.stringify({ ...rest, payload: {} }));
	return `${open.slice(0, -1)},"hidden_by":"${hiddenBy}"}`;
}

/** A logged message as an act of its agent, with the payload as it was signed. */
export function actOf(recorded: Recorded): Act {
	const { id, seq, operation, sender, receivedAt } = recorded;
	const body = bodyOf(recorded);
	return { ...body, id, seq, operation, sender, key: body.sender, receivedAt, appended: 0 };
}
