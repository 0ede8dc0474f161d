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
	/** The key's columns by their names in a row. */
	keyProps: string[];
	indexes: Index[];
	/** Rows are inserted, never changed: the primary key makes the database refuse a second one. */
	appendOnly: boolean;
	/** What each message makes of its rows stays known (`history`). */
	kept: boolean;
}

export function shapeOf(
	table: PgTable,
	options: { appendOnly?: boolean; kept?: boolean; key?: string[]; only?: string[] } = {},
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
		keyProps: key.map(({ prop }) => prop),
		indexes: indexed.map((columns) => ({
			name: indexName(config.name, columns),
			props: [...columns].sort(),
		})),
		appendOnly: options.appendOnly ?? false,
		kept: options.kept ?? false,
	};
}

function indexName(table: string, props: string[]): string {
	return `${table}:${[...props].sort().join(",")}`;
}

const SEPARATOR = "\u001f";

/** Written out, because every row of a fold passes here several times and most keys have one part. */
function bucketKey(values: readonly unknown[]): string {
	let key = String(values[0]);
	for (let i = 1; i < values.length; i++) key += SEPARATOR + String(values[i]);
	return key;
}

/** The same of these properties of a row. */
function rowKey(row: AnyRow, props: readonly string[]): string {
	let key = String(row[props[0]!]);
	for (let i = 1; i < props.length; i++) key += SEPARATOR + String(row[props[i]!]);
	return key;
}

function same(a: AnyRow, b: AnyRow, props: readonly string[]): boolean {
	for (const prop of props) if (a[prop] !== b[prop]) return false;
	return true;
}

export interface Faults {
	rows: Map<TableShape, Set<string>>;
	buckets: Map<TableShape, Map<string, { index: Index; values: unknown[] }>>;
}

/** Where a replay of the whole log puts at once what it makes only once and no rule reads. */
export interface Outlet {
	/** A row of a view that only grows. */
	grown(shape: TableShape, row: AnyRow): void;
	/** What a message left of a row whose past is kept; undefined: it took it away. */
	past(shape: TableShape, key: string, seq: number, after: AnyRow | undefined): void;
}

/** What the state holds of one table. */
class Held {
	/** By key; null = known to be absent. */
	readonly rows = new Map<string, AnyRow | null>();
	/**
	 * Of each index, in the shape's order: values → keys. A bucket that is present is whole. Of a complete state only the indexes
	 * that a rule has asked are there: most of a table's are for pages, and to keep them too was a tenth of a rebuild.
	 */
	readonly buckets: (Map<string, Set<string>> | undefined)[];
	/** By the names of a question's columns as they stand in it: which index answers it. */
	#asked = new Map<string, number>();
	/** Rows went to an outlet: what is missing is not absent. */
	taken = false;

	constructor(
		readonly shape: TableShape,
		complete: boolean,
	) {
		this.buckets = shape.indexes.map(() => (complete ? undefined : new Map()));
	}

	/** The place of the index over exactly these columns. */
	indexOver(props: readonly string[]): number {
		const asked = props.join();
		let place = this.#asked.get(asked);
		if (place === undefined) {
			const { name, indexes } = this.shape;
			place = indexes.findIndex((index) => index.name === indexName(name, [...props]));
			if (place < 0) throw new Error(`no index on ${name}(${props.join(", ")})`);
			this.#asked.set(asked, place);
		}
		return place;
	}

	/** The index at this place over all rows that are held. */
	whole(place: number): Map<string, Set<string>> {
		const known = this.buckets[place];
		if (known) return known;
		const own = new Map<string, Set<string>>();
		const { props } = this.shape.indexes[place]!;
		for (const [key, row] of this.rows) if (row) entry(own, rowKey(row, props), newSet).add(key);
		this.buckets[place] = own;
		return own;
	}

	forgetBuckets(): void {
		for (const buckets of this.buckets) buckets?.clear();
	}
}

const newSet = () => new Set<string>();

/** Changes that are looked through faster than a set of their keys is made: what one message makes. */
const FEW = 24;

interface Change {
	held: Held;
	key: string;
	before: AnyRow | undefined;
}

export class State implements Writing {
	readonly #tables = new Map<PgTable, Held>();
	#journal: Change[] = [];
	#faults: Faults = { rows: new Map(), buckets: new Map() };
	#outlet: Outlet | undefined;
	/** The id of what is judged, while it is in no log; "": none. */
	#newId = "";
	/** Faults noted so far, ever: whoever sees it grow over a message knows that what came out of it means nothing. */
	faulted = 0;

	constructor(
		readonly shapes: readonly TableShape[],
		readonly exchangeKey: string,
		/** Holds every row there is: nothing can fault. */
		readonly complete: boolean,
	) {
		for (const shape of shapes) this.#tables.set(shape.table, new Held(shape, complete));
	}

	get<T extends PgTable>(table: T, ...key: Key[]): Row<T> | undefined {
		return this.#read(this.#tables.get(table)!, bucketKey(key)) as Row<T> | undefined;
	}

	/** What is judged now, where the log is known not to hold it: what bears its id is not there to be asked for. */
	judging(newId: string | undefined): void {
		this.#newId = newId ?? "";
	}

	/** Whether it is the key of a row that the message judged would be the first to make: its id, or a duty's for it. */
	#isNew(key: string): boolean {
		if (this.#newId === "" || !key.endsWith(this.#newId)) return false;
		return key.length === this.#newId.length || key[key.length - this.#newId.length - 1] === ":";
	}

	#read({ shape, rows, taken }: Held, key: string): AnyRow | undefined {
		const row = rows.get(key);
		if (row !== undefined) return row ?? undefined;
		if (!this.complete) {
			if (!this.#isNew(key)) this.#noteRow(shape, key);
		} else if (taken) throw new Error(`a rule reads ${shape.name}, whose rows are not held`);
		return undefined;
	}

	#noteRow(shape: TableShape, key: string): void {
		entry(this.#faults.rows, shape, () => new Set<string>()).add(key);
		this.faulted++;
	}

	where<T extends PgTable>(table: T, equal: Partial<InferSelectModel<T>>): Row<T>[] {
		const held = this.#tables.get(table)!;
		const { shape, rows } = held;
		if (held.taken) throw new Error(`a rule reads ${shape.name}, whose rows are not held`);
		const place = held.indexOver(Object.keys(equal));
		const index = shape.indexes[place]!;
		const key = rowKey(equal as AnyRow, index.props);
		const bucket = (this.complete ? held.whole(place) : held.buckets[place])!.get(key);
		if (!bucket) {
			if (this.complete) return [];
			this.faulted++;
			const values = index.props.map((prop) => (equal as AnyRow)[prop]);
			entry(this.#faults.buckets, shape, () => new Map()).set(`${index.name}${SEPARATOR}${key}`, {
				index,
				values,
			});
			return [];
		}
		const found = Array.from(bucket, (key) => rows.get(key) as AnyRow) as Row<T>[];
		return found.length > 1 ? found.sort(byKey(shape)) : found;
	}

	put<T extends PgTable>(table: T, row: Row<T>): void {
		const held = this.#tables.get(table)!;
		const { shape } = held;
		if (!this.#outlet) this.#set(held, keyOf(shape, row), Object.freeze(row as AnyRow));
		else if (grows(shape)) this.#outlet.grown(shape, row);
		else this.#set(held, keyOf(shape, row), row);
	}

	del<T extends PgTable>(table: T, ...key: Key[]): void {
		this.#set(this.#tables.get(table)!, bucketKey(key), undefined);
	}

	#set(held: Held, key: string, after: AnyRow | undefined): void {
		const { shape, rows } = held;
		// Reading first makes the row's present value known: without it neither undo nor the indexes are right.
		// A row of an append-only table is new by its key (seq, id): asking the database for it would be a waste.
		const known = shape.appendOnly || this.complete || rows.has(key) || this.#isNew(key);
		if (!known) {
			this.#noteRow(shape, key);
			return;
		}
		const before = shape.appendOnly ? undefined : this.#read(held, key);
		if (!before && !after) return;
		if (!this.#outlet || shape.kept) this.#journal.push({ held, key, before });
		this.#store(held, key, before, after);
	}

	#store(
		{ shape, rows, buckets }: Held,
		key: string,
		before: AnyRow | undefined,
		after: AnyRow | undefined,
	): void {
		if (after) rows.set(key, after);
		else if (this.complete) rows.delete(key);
		else rows.set(key, null);
		for (let place = 0; place < buckets.length; place++) {
			const own = buckets[place];
			if (own === undefined || (own.size === 0 && !this.complete)) continue;
			const { props } = shape.indexes[place]!;
			if (before && after && same(before, after, props)) continue;
			const was = before && rowKey(before, props);
			const is = after && rowKey(after, props);
			if (was === is) continue;
			if (was !== undefined) own.get(was)?.delete(key);
			if (is !== undefined) {
				// A live state must not invent a bucket: one that is present counts as whole.
				if (this.complete) entry(own, is, newSet).add(key);
				else own.get(is)?.add(key);
			}
		}
	}

	/** Position in the journal, to undo back to. */
	mark(): number {
		return this.#journal.length;
	}

	undo(to = 0): void {
		while (this.#journal.length > to) {
			const { held, key, before } = this.#journal.pop()!;
			this.#store(held, key, held.rows.get(key) ?? undefined, before);
		}
	}

	/** Rows changed since `from`, each once, with its value before and after. */
	changes(
		from = 0,
	): { shape: TableShape; key: string; before: AnyRow | undefined; after: AnyRow | undefined }[] {
		const changed = [];
		const first = this.#journal.length - from > FEW ? new Map<Held, Set<string>>() : undefined;
		for (let at = from; at < this.#journal.length; at++) {
			const { held, key, before } = this.#journal[at]!;
			if (first) {
				const keys = entry(first, held, newSet);
				if (keys.has(key)) continue;
				keys.add(key);
			} else if (this.#changedBefore(at, from)) continue;
			const after = held.rows.get(key) ?? undefined;
			if (before !== after) changed.push({ shape: held.shape, key, before, after });
		}
		return changed;
	}

	/** Whether the row of this change was changed since `from` already. */
	#changedBefore(at: number, from: number): boolean {
		const { held, key } = this.#journal[at]!;
		for (let other = from; other < at; other++) {
			const one = this.#journal[other]!;
			if (one.held === held && one.key === key) return true;
		}
		return false;
	}

	/** The changes are kept (committed): forget how to undo them, and what only grows. */
	keep(): void {
		if (!this.complete)
			for (const { held, key } of this.#journal)
				if (held.shape.appendOnly && held.shape.schema) {
					held.rows.delete(key);
					held.forgetBuckets();
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
			const known = this.#heldOf(shape).rows;
			for (const row of rows) {
				const key = keyOf(shape, row);
				// Absent may be what an undone pass left of a row that it took for new: only the database knows.
				if (known.get(key)) continue;
				known.set(key, Object.freeze(row));
				// Buckets already whole hold this key: the row existed when they were read.
			}
		}
		for (const [shape, keys] of faults.rows) {
			const known = this.#heldOf(shape).rows;
			for (const key of keys) if (!known.has(key)) known.set(key, null);
		}
		for (const [shape, buckets] of faults.buckets)
			for (const { index, values } of buckets.values()) {
				const name = bucketKey(values);
				const rows = (found.get(shape) ?? []).filter((row) => rowKey(row, index.props) === name);
				const bucket = new Set(rows.map((row) => keyOf(shape, row)));
				this.#heldOf(shape).buckets[shape.indexes.indexOf(index)]!.set(name, bucket);
			}
	}

	/** Another process changed this row: drop it, and every bucket of its table. */
	drop(tableName: string, key: string): void {
		for (const held of this.#tables.values()) {
			if (held.shape.name !== tableName) continue;
			held.rows.delete(key);
			held.forgetBuckets();
		}
	}

	clear(): void {
		for (const held of this.#tables.values()) {
			held.rows.clear();
			held.forgetBuckets();
		}
		this.#journal = [];
		this.#faults = { rows: new Map(), buckets: new Map() };
	}

	/** Rows and buckets held: what bounds a live state's memory. */
	get size(): number {
		let size = 0;
		for (const { rows, buckets } of this.#tables.values())
			size += buckets.reduce((sum, own) => sum + (own?.size ?? 0), rows.size);
		return size;
	}

	/** Every row of a complete state's table, by key. */
	all<T extends PgTable>(table: T): Row<T>[] {
		const { shape, rows } = this.#tables.get(table)!;
		return [...rows.values()].filter((row) => row !== null).sort(byKey(shape)) as Row<T>[];
	}

	/** The same in the order in which they came to be there, and not all at once. */
	each(table: PgTable): Iterable<AnyRow> {
		return this.#tables.get(table)!.rows.values() as Iterable<AnyRow>;
	}

	count(table: PgTable): number {
		return this.#tables.get(table)!.rows.size;
	}

	get outlet(): Outlet | undefined {
		return this.#outlet;
	}

	/**
	 * From here on a complete state lets the rows of the views which only grow, and the kept past, out at once: no rule reads those,
	 * and they are most of what a fold of everything would hold. Meanwhile nothing can be undone, `changes` tells of nothing but the
	 * rows whose past is kept, and rows are not frozen, which costs as much as finding their place.
	 */
	lets(outlet: Outlet | undefined): void {
		this.#outlet = outlet;
		if (outlet) for (const held of this.#tables.values()) held.taken ||= grows(held.shape);
	}

	#heldOf({ table }: TableShape): Held {
		return this.#tables.get(table)!;
	}
}

/** A view whose rows are inserted and never changed: no rule reads it. */
export function grows({ appendOnly, schema }: TableShape): boolean {
	return appendOnly && schema === "views";
}

export function keyOf({ keyProps }: TableShape, row: unknown): string {
	return rowKey(row as AnyRow, keyProps);
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
