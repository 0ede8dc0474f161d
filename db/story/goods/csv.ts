/**
 * CSV as RFC 4180 has it and as spreadsheets really write it: quoted fields with commas, quotes and line ends in them, CRLF
 * or LF, an optional byte order mark, a last line without an end. Text in, rows out, chunk by chunk, so that a file of any
 * size passes through in constant memory.
 *
 *     for await (const row of parseCsv(createReadStream("people.csv", "utf8"))) …
 *     for await (const { email } of records(parseCsv(chunks))) …
 */
export interface CsvOptions {
	/** One character. Default a comma; Excel in much of Europe writes ";". */
	separator?: string;
}

export class CsvError extends Error {
	constructor(
		readonly line: number,
		what: string,
	) {
		super(`line ${line}: ${what}`);
	}
}

export async function* parseCsv(
	chunks: AsyncIterable<string> | Iterable<string>,
	{ separator = "," }: CsvOptions = {},
): AsyncGenerator<string[]> {
	let row: string[] = [];
	let field = "";
	/** `closed`: behind the quote that may have ended the field, or be the first half of a doubled one. */
	let state: "start" | "plain" | "quoted" | "closed" = "start";
	let line = 1;
	let quotedFrom = 1;
	let first = true;
	let afterReturn = false;

	for await (let chunk of chunks) {
		if (first && chunk !== "") {
			if (chunk.startsWith("\uFEFF")) chunk = chunk.slice(1);
			first = false;
		}
		for (const character of chunk) {
			const lineFeed = character === "\n";
			// The second half of CRLF: its row has ended already.
			if (lineFeed && afterReturn && state !== "quoted") {
				afterReturn = false;
				continue;
			}
			afterReturn = character === "\r";
			if (lineFeed) line++;

			if (state === "quoted") {
				if (character === '"') state = "closed";
				else field += character;
			} else if (state === "closed" && character === '"') {
				field += '"';
				state = "quoted";
			} else if (character === separator) {
				row.push(field);
				field = "";
				state = "start";
			} else if (lineFeed || character === "\r") {
				if (!lineFeed) line++;
				row.push(field);
				// A line with nothing on it is no row.
				if (row.length > 1 || field !== "" || state === "closed") yield row;
				row = [];
				field = "";
				state = "start";
			} else if (state === "start" && character === '"') {
				state = "quoted";
				quotedFrom = line;
			} else if (state === "closed") {
				throw new CsvError(line, `"${character}" stands behind a closing quote`);
			} else {
				field += character;
				state = "plain";
			}
		}
	}
	if (state === "quoted") throw new CsvError(quotedFrom, "a quote is opened here and never closed");
	if (row.length > 0 || field !== "" || state === "closed") yield [...row, field];
}

/** Rows by the names in the first one. A row with more or fewer fields is an error: shifted columns are worse than none. */
export async function* records(rows: AsyncIterable<string[]>): AsyncGenerator<Record<string, string>> {
	let names: string[] | undefined;
	let number = 0;
	for await (const row of rows) {
		number++;
		if (!names) {
			names = row.map((name) => name.trim());
			continue;
		}
		if (row.length !== names.length)
			throw new CsvError(number, `has ${row.length} fields where the header has ${names.length}`);
		yield Object.fromEntries(names.map((name, i) => [name, row[i]!]));
	}
}

/**
 * One line of CSV, with its end. `guarded`: text that a spreadsheet would run as a formula (it begins with = + - @ or a tab)
 * gets an apostrophe in front; for files that people open, not for machines.
 */
export function csvLine(
	fields: readonly (string | number | boolean | null | undefined)[],
	{ separator = ",", guarded = false }: CsvOptions & { guarded?: boolean } = {},
): string {
	const written = fields.map((field) => {
		let text = field === null || field === undefined ? "" : String(field);
		if (guarded && typeof field === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
		const quoted = text.includes(separator) || /["\r\n]|^\s|\s$/.test(text);
		return quoted ? `"${text.replaceAll('"', '""')}"` : text;
	});
	return `${written.join(separator)}\r\n`;
}
