import type { ReactNode } from "react";

export interface Point {
	/** ms since 1970, or any number that orders the points. */
	at: number;
	value: number;
	/** The value's place in words, for the table below the chart. */
	label: string;
}

const WIDTH = 640;
const HEIGHT = 120;
const EDGE = 6;

/**
 * A line of numbers that people compare, drawn on the server: it is there without scripts. Its table stands under it, and
 * `csv` is where the same is had as a file.
 */
export function Chart({
	title,
	points,
	unit,
	heads,
	csv,
	scale,
	steps = false,
	show = (value) => String(value),
}: {
	title: string;
	points: Point[];
	unit: string;
	/** The table's two headings: of the labels and of the values. */
	heads: [ReactNode, ReactNode];
	csv?: ReactNode;
	/** Bounds that every value lies between, where they say more than the values' own. */
	scale?: readonly [least: number, most: number];
	/** A value holds until the next one, and does not glide there. */
	steps?: boolean;
	show?(value: number): string;
}) {
	if (points.length === 0) return null;
	const values = points.map(({ value }) => value);
	const [least, most] = scale ?? [Math.min(0, ...values), Math.max(...values, 1)];
	const [first, last] = [points[0]!.at, points.at(-1)!.at];
	const x = (at: number) =>
		last === first ? WIDTH / 2 : EDGE + ((at - first) / (last - first)) * (WIDTH - 2 * EDGE);
	const y = (value: number) => HEIGHT - EDGE - ((value - least) / (most - least || 1)) * (HEIGHT - 2 * EDGE);
	const path = points
		.map(({ at, value }, i) => {
			const to = i === 0 ? "M" : steps ? `H${x(at).toFixed(1)}L` : "L";
			return `${to}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
		})
		.join("");
	return (
		<figure className="py-3">
			<figcaption className="flex items-baseline justify-between text-quiet text-sm">
				<span>{title}</span>
				<span>
					{show(least)}–{show(most)} {unit}
				</span>
			</figcaption>
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				preserveAspectRatio="none"
				role="img"
				aria-label={`${title}: ${show(values[0]!)} … ${show(values.at(-1)!)} ${unit}`}
				className="mt-1 h-28 w-full border-line border-b"
			>
				<path
					d={path}
					fill="none"
					stroke="currentColor"
					strokeWidth="1.5"
					vectorEffect="non-scaling-stroke"
				/>
				{points.length <= 40 &&
					points.map(({ at, value }) => (
						<circle key={`${at} ${value}`} cx={x(at)} cy={y(value)} r="2.5" fill="currentColor" />
					))}
			</svg>
			<details className="mt-1 text-sm">
				<summary className="text-quiet">
					{heads[1]} · {points.length}
				</summary>
				<table className="mt-1 text-left">
					<thead>
						<tr className="text-quiet">
							<th className="pr-6 font-normal">{heads[0]}</th>
							<th className="text-right font-normal">{heads[1]}</th>
						</tr>
					</thead>
					<tbody>
						{points.map(({ at, value, label }) => (
							<tr key={`${at} ${value}`}>
								<td className="pr-6">{label}</td>
								<td className="text-right">{show(value)}</td>
							</tr>
						))}
					</tbody>
				</table>
				{csv}
			</details>
		</figure>
	);
}
