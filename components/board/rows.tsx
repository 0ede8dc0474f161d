"use client";
import { Chip } from "@/components/ui/layout";
import { type Column, Table } from "@/components/ui/table";

/** A line of the board, in words: what only pages with many of them spell out once. */
export interface Line {
	id: string;
	/** What its author calls it, and what it names besides. */
	what: string;
	more?: string;
	where: string;
	/** In the reader's zone, and the instants themselves (ms). */
	when: string;
	from: number;
	to: number;
	cap: string;
	fits?: string;
	/** What has become of it; undefined: it is open. */
	state?: string;
	risk?: true;
}

/** One side of the board. Words of a line are its author's: said once for all of them. */
export function Rows({
	caption,
	claim,
	heads: [what, when, cap],
	lines,
}: {
	caption: string;
	claim: string;
	heads: [what: string, when: string, cap: string];
	lines: Line[];
}) {
	const columns: Column<Line>[] = [
		{
			id: "what",
			names: true,
			head: what,
			cell: ({ id, what, more, state, risk }) => (
				<>
					<a href={`/posts/${id}`} dir="auto" className="headline claim">
						{what}
					</a>
					{(more !== undefined || state !== undefined) && (
						<span className="under">
							{more !== undefined && <bdi>{more}</bdi>}
							{state !== undefined && <Chip tone={risk ? "risk" : "plain"}>{state}</Chip>}
						</span>
					)}
				</>
			),
		},
		{
			id: "when",
			head: when,
			cell: ({ when, where, from, to }) => (
				<>
					<span title={`${utc(from)} – ${utc(to)} UTC`}>{when}</span>
					<small dir="auto">{where}</small>
				</>
			),
		},
		{
			id: "cap",
			number: true,
			head: cap,
			cell: ({ id, cap, fits }) => (
				<>
					<bdi>{cap}</bdi>
					{fits !== undefined && (
						<small>
							<a href={`/posts/${id}#fits`}>{fits}</a>
						</small>
					)}
				</>
			),
		},
	];
	return (
		<div title={claim}>
			<Table caption={`${caption}. ${claim}`} rows={lines} rowKey={({ id }) => id} columns={columns} folds />
		</div>
	);
}

const utc = (at: number) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
