import type { ReactNode } from "react";
import { words } from "./words";

export interface Column<Row> {
	/** Names the column to code: unique in the table. */
	id: string;
	head: ReactNode;
	cell(row: Row): ReactNode;
	/** Numbers stand right, under each other. */
	number?: boolean;
	/** Left out where the screen is narrow; a row must be understood without it. */
	wide?: boolean;
	/** The cell that names its row. */
	names?: boolean;
}

/** A real table: scrolls in itself when it must, never the page. */
export function Table<Row>({
	caption,
	columns,
	rows,
	rowKey,
}: {
	/** Read out before the table; not shown, the heading above says it. */
	caption: string;
	columns: Column<Row>[];
	rows: readonly Row[];
	rowKey(row: Row): string;
}) {
	const look = (column: Column<Row>) =>
		words(
			"py-2 pr-4 last:pr-0 align-baseline",
			column.number && "text-right whitespace-nowrap",
			column.wide && "hidden sm:table-cell",
		);
	return (
		<div className="relative overflow-x-auto">
			<table className="w-full border-collapse text-left">
				<caption className="sr-only">{caption}</caption>
				<thead>
					<tr className="border-line border-b text-quiet text-sm">
						{columns.map((column) => (
							<th key={column.id} scope="col" className={words(look(column), "font-normal")}>
								{column.head}
							</th>
						))}
					</tr>
				</thead>
				<tbody className="divide-y divide-line">
					{rows.map((row) => (
						<tr key={rowKey(row)} data-row="" className="hover:bg-shade">
							{columns.map((column) =>
								column.names ? (
									<th key={column.id} scope="row" className={words(look(column), "font-normal")}>
										{column.cell(row)}
									</th>
								) : (
									<td key={column.id} className={look(column)}>
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
