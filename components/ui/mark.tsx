/**
 * A small mark that a key always has, so that two keys can be told apart at a glance: a symmetric 5 × 5 pattern from its first
 * bytes. A help for the eye and no proof; the fingerprint and the whole key stand beside it.
 */
export function Mark({ of }: { of: string }) {
	const bits = Number.parseInt(of.slice(0, 4), 16);
	const cells: [number, number][] = [];
	for (let row = 0; row < 5; row++)
		for (let column = 0; column < 3; column++)
			if ((bits >> (row * 3 + column)) & 1) {
				cells.push([column, row]);
				if (column < 2) cells.push([4 - column, row]);
			}
	return (
		<svg
			viewBox="0 0 5 5"
			aria-hidden="true"
			className="inline-block size-3 align-[-1px]"
			shapeRendering="crispEdges"
		>
			{cells.map(([x, y]) => (
				<rect key={`${x} ${y}`} x={x} y={y} width="1" height="1" fill="currentColor" />
			))}
		</svg>
	);
}

/** The first eight digits of a key: enough to recognise it, never enough to trust it. */
export function fingerprint(key: string): string {
	return `${key.slice(0, 4)} ${key.slice(4, 8)}`;
}
