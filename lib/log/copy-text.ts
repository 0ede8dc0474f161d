import { encodedText } from "./pages";
import type { TableShape } from "./state";

type AnyRow = Readonly<Record<string, unknown>>;

/** Bytes that PostgreSQL is handed in one go. */
const CHUNK = 131_072;
/** Text that is turned into bytes in one go: row by row would be a call each. */
const SOME = 8_192;
/** Bytes of UTF-8 that a unit of UTF-16 becomes at most. */
const WIDEST = 3;

/**
 * Rows of one view in COPY's text format, made as they come: what waits to be written is bytes. Rows that waited would be copied
 * about by every collection of garbage until they are written.
 */
export class CopyText {
	readonly #props: readonly string[];
	#full: Buffer[] = [];
	#rest = Buffer.allocUnsafe(0);
	#filled = 0;
	#text = "";
	/** Ever added. */
	rows = 0;

	constructor(shape: TableShape) {
		this.#props = shape.columns.map(({ prop }) => prop);
	}

	add(row: AnyRow): void {
		const props = this.#props;
		let line = cell(row[props[0]!]);
		for (let i = 1; i < props.length; i++) line += `\t${cell(row[props[i]!])}`;
		this.line(line);
	}

	/** A row whose cells are COPY's text already, tabs between them. */
	line(line: string): void {
		this.#text += `${line}\n`;
		this.rows++;
		if (this.#text.length > SOME) this.#write();
	}

	#write(): void {
		const text = this.#text;
		const most = text.length * WIDEST;
		if (this.#rest.length - this.#filled < most) {
			this.#close();
			if (this.#rest.length < most) this.#rest = Buffer.allocUnsafe(Math.max(CHUNK, most));
		}
		this.#filled += this.#rest.write(text, this.#filled);
		this.#text = "";
	}

	#close(): void {
		if (this.#filled === 0) return;
		this.#full.push(this.#rest.subarray(0, this.#filled));
		this.#rest = this.#rest.subarray(this.#filled);
		this.#filled = 0;
	}

	/** The chunks that are full, and no longer here. */
	takeFull(): Buffer[] {
		const full = this.#full;
		this.#full = [];
		return full;
	}

	takeAll(): Buffer[] {
		this.#write();
		this.#close();
		return this.takeFull();
	}
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** A value as one cell. */
function cell(value: unknown): string {
	switch (typeof value) {
		case "string":
			return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!) : value;
		case "object":
			return value === null ? "\\N" : jsonCell(JSON.stringify(value));
		case "undefined":
			return "\\N";
		default:
			return String(value);
	}
}

/** In JSON, what else COPY reads as something other than itself is escaped already. */
function jsonCell(json: string): string {
	return json.includes("\\") ? json.replaceAll("\\", "\\\\") : json;
}

/** A row of `history`, its columns in their order, of a row whose JSON nobody needs as an object. */
export function pastLine(shape: TableShape, key: string, seq: number, after: AnyRow | undefined): string {
	const row = after ? jsonCell(encodedText(shape, after)) : "\\N";
	return `${cell(shape.name)}\t${cell(key)}\t${seq}\t${row}`;
}
