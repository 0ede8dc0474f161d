import type { InferSelectModel } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";

/**
 * State: a map per declared table, synchronous, in memory. One class serves tests, replay and life.
 *
 * A *complete* state holds everything: a missing row is absent. A live one holds what it has read: a missing
 * row is a **page fault**, noted and thrown as `FAULT`; the caller undoes the pass, loads all noted rows in one
 * query a table, and runs again until a pass meets no fault (ARCHITECTURE, "An operation"). So operations need
 * no `await` and no declaration of what they read. Rows are immutable: `put` replaces.
 */
export type Row<T extends PgTable> = Readonly<InferSelectModel<T>>;
export type Key = string | number | boolean;

export interface Reading {
	/** The exchange's first key: names it for ever. */
	readonly exchangeKey: string;
	get<T extends PgTable>(table: T, ...key: Key[]): Row<T> | undefined;
	/** Rows equal in exactly the columns of a declared index (or of the key's beginning), sorted by key. */
	where<T extends PgTable>(table: T, equal: Partial<InferSelectModel<T>>): Row<T>[];
}
export interface Writing extends Reading {
	put<T extends PgTable>(table: T, row: Row<T>): void;
	del<T extends PgTable>(table: T, ...key: Key[]): void;
}

type AnyRow = Readonly<Record<string, unknown>>;

interface Column {
	prop: string;
	name: string;
	kind: "bigint" | "number" | "other";
}

interface Index {
	/** Table name and sorted columns: the name of its buckets. */
	name: string;
	props: string[];
}

/** What the state knows of a table, read off its one declaration. */
export interface TableShape {
	table: PgTable;
	name: string;
	/** Schema-qualified, or of the log when `name` has no schema. */
	schema: string | undefined;
	columns: Column[];
	key: Column[];
	indexes: Index[];
	/** Rows are inserted, never changed: the primary key makes the database refuse a second one. */
	appendOnly: boolean;
}

export function shapeOf(
	table: PgTable,
	options: { appendOnly?: boolean; key?: string[]; only?: string[] } = {},
): TableShape {
	const config = getTableConfig(table);
	const props = new Map(Object.entries(table).map(([prop, column]) => [column as unknown, prop]));
	const columns = config.columns.map((column) => ({
		prop: props.get(column)!,
		name: column.name,
		kind:
			column.dataType === "bigint"
				? ("bigint" as const)
				: column.dataType === "number"
					? ("number" as const)
					: ("other" as const),
	}));
	const byName = new Map(columns.map((column) => [column.name, column]));
	const keyNames =
		options.key ??
		config.primaryKeys[0]?.columns.map((column) => column.name) ??
		config.columns.filter((column) => column.primary).map((column) => column.name);
	const key = keyNames.map((name) => byName.get(name)!);
	const kept = options.only ? columns.filter((column) => options.only!.includes(column.prop)) : columns;
	const indexed = config.indexes
		.filter((index) => !index.config.where)
		.map((index) =>
			index.config.columns.map((column) => byName.get((column as { name: string }).name)!.prop),
		);
	// A lookup by the beginning of a compound key needs no index of its own.
	for (let n = 1; n < key.length; n++) indexed.push(key.slice(0, n).map((column) => column.prop));
	return {
		table,
		name: config.name,
		schema: config.schema,
		columns: kept,
		key,
		indexes: indexed.map((columns) => ({
			name: indexName(config.name, columns),
			props: [...columns].sort(),
		})),
		appendOnly: options.appendOnly ?? false,
	};
}

function indexName(table: string, props: string[]): string {
	return `${table}:${[...props].sort().join(",")}`;
}

const SEPARATOR = "\u001f";
const bucketKey = (values: unknown[]) => values.map(String).join(SEPARATOR);

export interface Faults {
	rows: Map<TableShape, Set<string>>;
	buckets: Map<TableShape, Map<string, { index: Index; values: unknown[] }>>;
}

interface Change {
	shape: TableShape;
	key: string;
	before: AnyRow | undefined;
}

export class State implements Writing {
	readonly #shapes = new Map<PgTable, TableShape>();
	/** Table name → key → row; null = known to be absent. */
	readonly #rows = new Map<TableShape, Map<string, AnyRow | null>>();
	/** Index name → values → keys; a bucket that is present is whole. */
	readonly #buckets = new Map<string, Map<string, Set<string>>>();
	#journal: Change[] = [];
	#faults: Faults = { rows: new Map(), buckets: new Map() };
	/** Faults noted so far, ever: whoever sees it grow over a message knows that what came out of it means nothing. */
	faulted = 0;

	constructor(
		readonly shapes: readonly TableShape[],
		readonly exchangeKey: string,
		/** Holds every row there is: nothing can fault. */
		readonly complete: boolean,
	) {
		for (const shape of shapes) {
			this.#shapes.set(shape.table, shape);
			this.#rows.set(shape, new Map());
			for (const index of shape.indexes) this.#buckets.set(index.name, new Map());
		}
	}

	get<T extends PgTable>(table: T, ...key: Key[]): Row<T> | undefined {
		const shape = this.#shapes.get(table)!;
		return this.#read(shape, bucketKey(key)) as Row<T> | undefined;
	}

	#read(shape: TableShape, key: string): AnyRow | undefined {
		const row = this.#rows.get(shape)!.get(key);
		if (row !== undefined) return row ?? undefined;
		if (!this.complete) this.#noteRow(shape, key);
		return undefined;
	}

	#noteRow(shape: TableShape, key: string): void {
		entry(this.#faults.rows, shape, () => new Set<string>()).add(key);
		this.faulted++;
	}

	where<T extends PgTable>(table: T, equal: Partial<InferSelectModel<T>>): Row<T>[] {
		const shape = this.#shapes.get(table)!;
		const props = Object.keys(equal).sort();
		const name = indexName(shape.name, props);
		const index = shape.indexes.find((candidate) => candidate.name === name);
		if (!index) throw new Error(`no index on ${shape.name}(${props.join(", ")})`);
		const values = props.map((prop) => (equal as AnyRow)[prop]);
		const bucket = this.#buckets.get(name)!.get(bucketKey(values));
		if (!bucket) {
			if (this.complete) return [];
			this.faulted++;
			entry(this.#faults.buckets, shape, () => new Map()).set(`${name}${SEPARATOR}${bucketKey(values)}`, {
				index,
				values,
			});
			return [];
		}
		const rows = this.#rows.get(shape)!;
		return ([...bucket].map((key) => rows.get(key)) as AnyRow[]).sort(byKey(shape)) as Row<T>[];
	}

	put<T extends PgTable>(table: T, row: Row<T>): void {
		const shape = this.#shapes.get(table)!;
		const key = keyOf(shape, row);
		this.#set(shape, key, Object.freeze({ ...(row as AnyRow) }));
	}

	del<T extends PgTable>(table: T, ...key: Key[]): void {
		this.#set(this.#shapes.get(table)!, bucketKey(key), undefined);
	}

	#set(shape: TableShape, key: string, after: AnyRow | undefined): void {
		// Reading first makes the row's present value known: without it neither undo nor the indexes are right.
		// A row of an append-only table is new by its key (seq, id): asking the database for it would be a waste.
		const known = shape.appendOnly || this.complete || this.#rows.get(shape)!.has(key);
		if (!known) {
			this.#noteRow(shape, key);
			return;
		}
		const before = shape.appendOnly ? undefined : this.#read(shape, key);
		if (!before && !after) return;
		this.#journal.push({ shape, key, before });
		this.#store(shape, key, before, after);
	}

	#store(shape: TableShape, key: string, before: AnyRow | undefined, after: AnyRow | undefined): void {
		const rows = this.#rows.get(shape)!;
		if (after) rows.set(key, after);
		else if (this.complete) rows.delete(key);
		else rows.set(key, null);
		for (const index of shape.indexes) {
			const was = before && bucketKey(index.props.map((prop) => before[prop]));
			const is = after && bucketKey(index.props.map((prop) => after[prop]));
			if (was === is) continue;
			const buckets = this.#buckets.get(index.name)!;
			if (was !== undefined) buckets.get(was)?.delete(key);
			if (is !== undefined) {
				// A live state must not invent a bucket: one that is present counts as whole.
				if (this.complete) entry(buckets, is, () => new Set<string>()).add(key);
				else buckets.get(is)?.add(key);
			}
		}
	}

	/** Position in the journal, to undo back to. */
	mark(): number {
		return this.#journal.length;
	}

	undo(to = 0): void {
		while (this.#journal.length > to) {
			const { shape, key, before } = this.#journal.pop()!;
			this.#store(shape, key, this.#rows.get(shape)!.get(key) ?? undefined, before);
		}
	}

	/** Rows changed since `from`, each once, with its value before and after. */
	changes(
		from = 0,
	): { shape: TableShape; key: string; before: AnyRow | undefined; after: AnyRow | undefined }[] {
		const first = new Map<TableShape, Map<string, AnyRow | undefined>>();
		for (const { shape, key, before } of this.#journal.slice(from)) {
			const keys = entry(first, shape, () => new Map<string, AnyRow | undefined>());
			if (!keys.has(key)) keys.set(key, before);
		}
		const changed = [];
		for (const [shape, keys] of first)
			for (const [key, before] of keys) {
				const after = this.#rows.get(shape)!.get(key) ?? undefined;
				if (before !== after) changed.push({ shape, key, before, after });
			}
		return changed;
	}

	/** The changes are kept (committed): forget how to undo them, and what only grows. */
	keep(): void {
		if (!this.complete)
			for (const { shape, key } of this.#journal)
				if (shape.appendOnly && shape.schema) {
					this.#rows.get(shape)!.delete(key);
					for (const index of shape.indexes) this.#buckets.get(index.name)!.clear();
				}
		this.#journal = [];
	}

	/** The faults noted since the last call. */
	takeFaults(): Faults | undefined {
		const faults = this.#faults;
		if (faults.rows.size === 0 && faults.buckets.size === 0) return undefined;
		this.#faults = { rows: new Map(), buckets: new Map() };
		return faults;
	}

	/** What a query found for noted faults. Rows already known win: they are newer or equal. */
	fill(faults: Faults, found: Map<TableShape, AnyRow[]>): void {
		for (const [shape, rows] of found) {
			const known = this.#rows.get(shape)!;
			for (const row of rows) {
				const key = keyOf(shape, row);
				// Absent may be what an undone pass left of a row that it took for new: only the database knows.
				if (known.get(key)) continue;
				known.set(key, Object.freeze(row));
				// Buckets already whole hold this key: the row existed when they were read.
			}
		}
		for (const [shape, keys] of faults.rows) {
			const known = this.#rows.get(shape)!;
			for (const key of keys) if (!known.has(key)) known.set(key, null);
		}
		for (const [shape, buckets] of faults.buckets)
			for (const { index, values } of buckets.values()) {
				const name = bucketKey(values);
				const bucket = new Set<string>();
				for (const row of found.get(shape) ?? []) {
					const key = keyOf(shape, row);
					if (bucketKey(index.props.map((prop) => row[prop])) === name) bucket.add(key);
				}
				this.#buckets.get(index.name)!.set(name, bucket);
			}
	}

	/** Another process changed this row: drop it, and every bucket of its table. */
	drop(tableName: string, key: string): void {
		for (const [shape, rows] of this.#rows) {
			if (shape.name !== tableName) continue;
			rows.delete(key);
			for (const index of shape.indexes) this.#buckets.get(index.name)!.clear();
		}
	}

	clear(): void {
		for (const rows of this.#rows.values()) rows.clear();
		for (const buckets of this.#buckets.values()) buckets.clear();
		this.#journal = [];
		this.#faults = { rows: new Map(), buckets: new Map() };
	}

	/** Rows and buckets held: what bounds a live state's memory. */
	get size(): number {
		let size = 0;
		for (const rows of this.#rows.values()) size += rows.size;
		for (const buckets of this.#buckets.values()) size += buckets.size;
		return size;
	}

	/** Every row of a complete state's table, by key. */
	all<T extends PgTable>(table: T): Row<T>[] {
		const shape = this.#shapes.get(table)!;
		return [...this.#rows.get(shape)!.values()].filter((row) => row !== null).sort(byKey(shape)) as Row<T>[];
	}
}

export function keyOf(shape: TableShape, row: unknown): string {
	return bucketKey(shape.key.map((column) => (row as AnyRow)[column.prop]));
}

/** The values of a key as text, in the order of the key's columns. */
export function partsOf(key: string): string[] {
	return key.split(SEPARATOR);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	let value = map.get(key);
	if (value === undefined) {
		value = make();
		map.set(key, value);
	}
	return value;
}

function byKey(shape: TableShape) {
	return (a: AnyRow, b: AnyRow): number => {
		for (const { prop } of shape.key) {
			const x = a[prop] as string | number;
			const y = b[prop] as string | number;
			if (x < y) return -1;
			if (x > y) return 1;
		}
		return 0;
	};
}
