export type Cell = string | number | boolean | null | undefined;

/** A table as a file: RFC 4180, UTF-8, the first line names the columns. */
export function csv(heads: readonly string[], rows: Iterable<readonly Cell[]>): string {
	let text = line(heads);
	for (const row of rows) text += line(row);
	return text;
}

function line(cells: readonly Cell[]): string {
	return `${cells.map(written).join(",")}\r\n`;
}

/** Agents write some of these cells: what a spreadsheet would take for a formula and run is led by an apostrophe. */
function written(cell: Cell): string {
	if (cell === null || cell === undefined) return "";
	if (typeof cell !== "string") return String(cell);
	const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
