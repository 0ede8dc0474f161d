import type { Sql, TransactionSql } from "postgres";
import type { Machine } from "./machine";
import { decode } from "./pages";
import { type Faults, partsOf, State, type TableShape } from "./state";

/**
 * The views as they stood once message `seq` was in: read from the kept past (`history`), never folded again. Each row costs one
 * step down the index of the past, however long the log and however often the row was changed since.
 */

/** A row by the names of its columns, whole numbers that may be large as text. */
export type Stored = Readonly<Record<string, unknown>>;
type Asked = Sql | TransactionSql;

/** Rows of one table by their keys; what was not there then is left out. */
export async function rowsThen(sql: Asked, table: string, keys: readonly string[], seq: number) {
	if (keys.length === 0) return new Map<string, Stored>();
	const rows = await sql`
		select k.key, h.row from unnest(${keys as string[]}::text[]) as k (key), lateral (
			select row from views.history
			where table_name = ${table} and key = k.key and seq <= ${seq} order by seq desc limit 1
		) h where h.row is not null`;
	return new Map(rows.map(({ key, row }) => [key as string, row as Stored]));
}

/** Rows whose key begins with `start`, by key. It steps from key to key: how many states each was in costs nothing. */
export async function rowsUnder(sql: Asked, table: string, start: string, seq: number): Promise<Stored[]> {
	const rows = await sql`
		with recursive keys as (
			(select key from views.history where table_name = ${table} and key >= ${start} order by key limit 1)
			union all
			select (select key from views.history where table_name = ${table} and key > keys.key order by key limit 1)
			from keys where starts_with(keys.key, ${start})
		)
		select h.row from keys, lateral (
			select row from views.history
			where table_name = ${table} and key = keys.key and seq <= ${seq} order by seq desc limit 1
		) h where starts_with(keys.key, ${start}) and h.row is not null order by keys.key`;
	return rows.map(({ row }) => row as Stored);
}

/** The message with which a row came into being; undefined for what never was. */
export async function cameWith(sql: Asked, table: string, key: string): Promise<number | undefined> {
	const [row] = await sql`
		select seq from views.history where table_name = ${table} and key = ${key} order by seq limit 1`;
	return row && Number(row.seq);
}

/** Asks the rules' own functions of the state of then, as `ask` does of now's: page by page, in the snapshot that `sql` reads. */
export async function askThen<T>(
	sql: TransactionSql,
	machine: Machine,
	seq: number,
	question: (state: State) => T,
): Promise<T> {
	const state = new State(machine.registry.shapes, machine.exchangeKey, false);
	for (let pass = 0; pass < 50; pass++) {
		let answer: { is: T } | { thrown: unknown };
		try {
			answer = { is: question(state) };
		} catch (thrown) {
			answer = { thrown };
		}
		const faults = state.takeFaults();
		if (faults) {
			state.fill(faults, await loadThen(sql, faults, seq));
			continue;
		}
		if ("thrown" in answer) throw answer.thrown;
		return answer.is;
	}
	throw new Error("a question that never stops missing rows");
}

async function loadThen(sql: TransactionSql, faults: Faults, seq: number) {
	const found = new Map<TableShape, Record<string, unknown>[]>();
	const add = (shape: TableShape, rows: Iterable<Stored>) =>
		found.set(shape, [...(found.get(shape) ?? []), ...Array.from(rows, (row) => decode(shape, row))]);
	for (const [shape, keys] of faults.rows) {
		known(shape);
		const rows = await rowsThen(
			sql,
			shape.name,
			[...keys].map((key) => partsOf(key).join("/")),
			seq,
		);
		add(shape, rows.values());
	}
	for (const [shape, buckets] of faults.buckets)
		for (const { index, values } of buckets.values()) {
			known(shape);
			const [first] = shape.keyProps;
			if (index.props.length !== 1 || index.props[0] !== first)
				throw new Error(`the past of ${shape.name} is found by the beginning of its key only`);
			add(shape, await rowsUnder(sql, shape.name, `${values[0]}/`, seq));
		}
	return found;
}

/** Absent and not known must not look alike. */
function known({ kept, name }: TableShape): void {
	if (!kept) throw new Error(`a view of then asks for ${name}, whose past is not kept`);
}
