import type { Sql, TransactionSql } from "postgres";
import type { Faults, TableShape } from "./state";

/**
 * Columns that, asked for in a transaction, have its later statements find rows by index. What `load` asks is prepared
 * once for any number of keys, and planned when its tables may be new and empty: the planner would read the whole log
 * with each batch, and go on doing so as it grows.
 */
export const BY_INDEX = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"]
	.map((setting) => `set_config('${setting}', 'off', true)`)
	.join(", ");

/** Loads what a pass missed: one query a table, rows as the fold knows them. */
export async function load(
	sql: Sql | TransactionSql,
	faults: Faults,
): Promise<Map<TableShape, Record<string, unknown>[]>> {
	const shapes = new Set([...faults.rows.keys(), ...faults.buckets.keys()]);
	const found = await Promise.all(
		[...shapes].map(async (shape) => {
			const conditions: string[] = [];
			const params: string[] = [];
			const keys = faults.rows.get(shape);
			if (keys)
				conditions.push(
					among(
						shape,
						shape.key.map((column) => column.prop),
						[...keys].map((key) => key.split("\u001f")),
						params,
					),
				);
			const byIndex = new Map<string, { props: string[]; values: unknown[][] }>();
			for (const { index, values } of faults.buckets.get(shape)?.values() ?? []) {
				const group = byIndex.get(index.name) ?? { props: index.props, values: [] };
				group.values.push(values);
				byIndex.set(index.name, group);
			}
			for (const { props, values } of byIndex.values()) conditions.push(among(shape, props, values, params));
			const columns = shape.columns.map((column) => `t."${column.name}"`).join(", ");
			const rows = await sql.unsafe(
				`select ${columns} from ${qualified(shape)} t where ${conditions.join(" or ")}`,
				params,
				{ prepare: true },
			);
			return [shape, rows.map((row) => decode(shape, row))] as const;
		}),
	);
	return new Map(found);
}

/** `(a, b) in (…)` with one text parameter however many there are, so that the statement is prepared once. */
function among(shape: TableShape, props: string[], values: unknown[][], params: string[]): string {
	const columns = props.map((prop) => shape.columns.find((column) => column.prop === prop)!);
	const objects = values.map((row) =>
		Object.fromEntries(columns.map((column, i) => [column.name, plain(row[i])])),
	);
	params.push(JSON.stringify(objects));
	const names = columns.map((column) => `"${column.name}"`).join(", ");
	const own = columns.map((column) => `t."${column.name}"`).join(", ");
	return `(${own}) in (select ${names} from json_populate_recordset(null::${qualified(shape)}, $${params.length}::text::json))`;
}

export function qualified(shape: Pick<TableShape, "schema" | "name">, schema = shape.schema): string {
	return schema ? `${schema}."${shape.name}"` : `"${shape.name}"`;
}

/** A row of the driver (int8 as text) as the fold knows it. */
export function decode(shape: TableShape, row: Record<string, unknown>): Record<string, unknown> {
	const decoded: Record<string, unknown> = {};
	for (const { prop, name, kind } of shape.columns) {
		const value = row[name];
		decoded[prop] =
			value === null
				? null
				: kind === "bigint"
					? BigInt(value as string)
					: kind === "number"
						? Number(value)
						: value;
	}
	return decoded;
}

/** A row as JSON that `json_populate_recordset` reads back exactly: bigint as text. */
export function encode(shape: TableShape, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const encoded: Record<string, unknown> = {};
	for (const { prop, name } of shape.columns) encoded[name] = plain(row[prop]);
	return encoded;
}

/** What stands before each value in the text of a row: made once a table. */
const labels = new WeakMap<TableShape, string[]>();
const NO_ESCAPE = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** `JSON.stringify(encode(shape, row))` in half the time: a wide row's object is dearer than its text. */
export function encodedText(shape: TableShape, row: Readonly<Record<string, unknown>>): string {
	let labelled = labels.get(shape);
	if (!labelled) {
		labelled = shape.columns.map(({ name }) => `,${JSON.stringify(name)}:`);
		labels.set(shape, labelled);
	}
	const { columns } = shape;
	let text = "";
	for (let i = 0; i < columns.length; i++) {
		const value = row[columns[i]!.prop];
		if (value === undefined) continue;
		text += labelled[i];
		if (typeof value === "string") text += NO_ESCAPE.test(value) ? `"${value}"` : JSON.stringify(value);
		else if (typeof value === "bigint") text += `"${value}"`;
		else text += JSON.stringify(value);
	}
	return `{${text.slice(1)}}`;
}

function plain(value: unknown): unknown {
	return typeof value === "bigint" ? value.toString() : value;
}
