import type { Sql, TransactionSql } from "postgres";
import { duties } from "../../db/schema/log";
import { hex } from "./bytes";
import type { Logged } from "./machine";
import { bodyText } from "./message";
import { encode, qualified } from "./pages";
import type { Frontier } from "./proof";
import { headers } from "./registry";
import type { State, TableShape } from "./state";

/** Contents up to this many bytes go in with their batch, larger ones before it. */
export const SMALL_CONTENT_BYTES = 65_536;
/** How far back a process may lag and still drop rows one by one. */
const KEPT_BATCHES = 2_000;

export interface Batch {
	logged: Logged[];
	contents: { sha256: string; bytes: number; text: string }[];
	changes: ReturnType<State["changes"]>;
	touched: [string, ...string[]][];
	head: { seq: number; receivedAt: number; batch: number; frontier: Frontier };
	leases: { duty: string; process: string; leased_until: number; tries: number }[];
	/** Who writes it: told to all that listen, of whom this one knows already. */
	process: string;
}

/**
 * Everything a batch writes, in one statement: the cost is statements, not rows. Each table's rows travel as one
 * JSON parameter, so the statement's text depends only on which tables it touches and stays prepared. Sent when it returns.
 */
export function writeBatch(sql: Sql, batch: Batch): PromiseLike<unknown> {
	const params: string[] = [];
	const parts: string[] = [];
	const rows = collect(params);

	if (batch.logged.length > 0) {
		parts.push(`insert into messages select * from ${rows("messages", batch.logged.map(messageRow))}`);
		const small = [...batch.contents, ...batch.logged.flatMap(({ contents }) => contents)].filter(
			({ bytes }) => bytes <= SMALL_CONTENT_BYTES,
		);
		const large = batch.contents.filter(({ bytes }) => bytes > SMALL_CONTENT_BYTES);
		const exchangeLarge = batch.logged
			.flatMap(({ contents }) => contents)
			.filter(({ bytes }) => bytes > SMALL_CONTENT_BYTES);
		const inline = distinct([...small, ...exchangeLarge]);
		if (inline.length > 0)
			parts.push(
				`insert into contents select * from ${rows(
					"contents",
					inline.map(({ sha256, bytes, text }) => ({ sha256, bytes, body: text })),
				)} order by sha256 on conflict do nothing`,
			);
		if (large.length > 0)
			parts.push(
				`delete from pending_contents p using ${rows(
					"pending_contents",
					large.map(({ sha256 }) => ({ sha256 })),
				)} k where p.sha256 = k.sha256`,
			);
	}

	parts.push(...changeParts(batch.changes, rows));

	const met = batch.changes.filter(({ shape, before, after }) => shape.table === duties && before && !after);
	if (met.length > 0)
		parts.push(
			`delete from duty_leases l using ${rows(
				"duty_leases",
				met.map(({ before }) => ({ duty: before!.id })),
			)} k where l.duty = k.duty`,
		);
	if (batch.leases.length > 0)
		parts.push(
			`insert into duty_leases select duty, process, leased_until, tries, false from ${rows("duty_leases", batch.leases)} on conflict do nothing`,
		);

	parts.push(
		`insert into batches select * from ${rows("batches", [{ batch: batch.head.batch, touched: batch.touched }])}`,
	);
	if (batch.head.batch % 100 === 0)
		parts.push(`delete from batches where batch < ${batch.head.batch - KEPT_BATCHES}`);
	params.push(
		JSON.stringify([
			{
				seq: batch.head.seq,
				received_at: batch.head.receivedAt,
				batch: batch.head.batch,
				frontier: batch.head.frontier.hashes.map(hex),
			},
		]),
	);
	const head = `update head set seq = k.seq, received_at = k.received_at, batch = k.batch, frontier = k.frontier from json_populate_recordset(null::head, $${params.length}::text::json) k`;
	params.push(batch.process);
	const withs = parts.map((part, i) => `w${i} as (${part})`).join(", ");
	return sql
		.unsafe(`with ${withs}, h as (${head}) select pg_notify('wax_head', $${params.length}::text)`, params, {
			prepare: batch.head.batch % 100 !== 0,
		})
		.execute();
}

type Rows = (table: string, values: unknown[]) => string;

/** The statements that bring the changed rows into their tables, in one order everywhere: few texts, prepared once. */
function changeParts(changes: Batch["changes"], rows: Rows, schema?: string): string[] {
	const parts: string[] = [];
	const puts = new Map<TableShape, unknown[]>();
	const dels = new Map<TableShape, unknown[]>();
	for (const { shape, before, after } of changes) {
		if (shape === headers) continue;
		const group = after ? puts : dels;
		const list = group.get(shape) ?? [];
		list.push(encode(shape, (after ?? before)!));
		group.set(shape, list);
	}
	for (const [shape, values] of sorted(puts)) {
		const table = qualified(shape, schema ?? shape.schema);
		const columns = shape.columns.map(({ name }) => `"${name}"`).join(", ");
		const key = shape.key.map(({ name }) => `"${name}"`).join(", ");
		const others = shape.columns.filter((column) => !shape.key.includes(column));
		// An append-only row that is there already is a settlement done twice: the database says no.
		const conflict = shape.appendOnly
			? ""
			: others.length === 0
				? ` on conflict (${key}) do nothing`
				: ` on conflict (${key}) do update set ${others.map(({ name }) => `"${name}" = excluded."${name}"`).join(", ")}`;
		parts.push(`insert into ${table} (${columns}) select ${columns} from ${rows(table, values)}${conflict}`);
	}
	for (const [shape, values] of sorted(dels)) {
		const table = qualified(shape, schema ?? shape.schema);
		const same = shape.key.map(({ name }) => `t."${name}" = k."${name}"`).join(" and ");
		parts.push(`delete from ${table} t using ${rows(table, values)} k where ${same}`);
	}
	return parts;
}

/** The rows a fold has changed, into the views of another schema: a rebuild's tail. */
export async function writeChanges(
	sql: TransactionSql,
	changes: Batch["changes"],
	schema: string,
): Promise<void> {
	const params: string[] = [];
	const parts = changeParts(
		changes.filter(({ shape }) => shape.schema === "views"),
		collect(params),
		schema,
	);
	if (parts.length === 0) return;
	await sql.unsafe(`with ${parts.map((part, i) => `w${i} as (${part})`).join(", ")} select 1`, params);
}

/** Rows as one JSON parameter each. */
function collect(params: string[]): Rows {
	return (table, values) => {
		params.push(JSON.stringify(values));
		return `json_populate_recordset(null::${table}, $${params.length}::text::json)`;
	};
}

function messageRow({ act, addressed, bytes, signature }: Logged): Record<string, unknown> {
	return {
		seq: act.seq,
		id: act.id,
		operation: act.operation,
		sender: act.sender,
		received_at: act.receivedAt,
		antecedent: act.antecedents[0] ?? null,
		addressed,
		body: bodyText(bytes),
		signature,
	};
}

function distinct<T extends { sha256: string }>(contents: T[]): T[] {
	return [...new Map(contents.map((content) => [content.sha256, content])).values()];
}

/** In one order everywhere, so that a batch's statement is one of few texts. */
function sorted<T>(groups: Map<TableShape, T>): [TableShape, T][] {
	return [...groups].sort(([a], [b]) => (a.name < b.name ? -1 : 1));
}
