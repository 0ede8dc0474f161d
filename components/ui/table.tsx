import type { ReactNode } from "react";
import { words } from "./words";

export interface Column<Row> {
	/** Names the column to code: unique in the table. */
	id: string;
	head: ReactNode;
	cell(row: Row): ReactNode;
	/** Numbers stand right, under each other. */
	number?: boolean;
	/** Code, as it is written. */
	code?: boolean;
	/** Left out where the screen is narrow; a row must be understood without it. */
	wide?: boolean;
	/** The cell that names its row. */
	names?: boolean;
}

/** A real table: scrolls in itself when it must, never the page. How its cells look is said once, in globals.css (`rows`). */
export function Table<Row>({
	caption,
	columns,
	rows,
	rowKey,
	folds = false,
}: {
	/** Read out before the table; not shown, the heading above says it. */
	caption: string;
	columns: Column<Row>[];
	rows: readonly Row[];
	rowKey(row: Row): string | number;
	/** Where the screen is narrow the cell that names its row stands on a line of its own and the others, small, below it. */
	folds?: boolean;
}) {
	// Nothing at all where there is nothing to say: a page of many rows carries each word twice.
	const look = ({ number, code, wide }: Column<Row>) => {
		const className = words(number && "number", code && "code", wide && "wide");
		return className === "" ? {} : { className };
	};
	return (
		<div className="relative overflow-x-auto">
			<table className={words("rows", folds && "folds")}>
				<caption className="sr-only">{caption}</caption>
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column.id} scope="col" {...look(column)}>
								{column.head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={rowKey(row)}>
							{columns.map((column) =>
								column.names ? (
									<th key={column.id} scope="row" {...look(column)}>
										{column.cell(row)}
									</th>
								) : (
									<td key={column.id} {...look(column)}>
										{column.cell(row)}
									</td>
								),
							)}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
