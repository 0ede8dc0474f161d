/**
 * A small mark that a key always has, so that two keys can be told apart at a glance: a symmetric 5 × 5 pattern from its first
 * bytes. A help for the eye and no proof; the fingerprint and the whole key stand beside it.
 */
export function Mark({ of }: { of: string }) {
	const bits = Number.parseInt(of.slice(0, 4), 16);
	let path = "";
	const cell = (x: number, y: number) => {
		path += `M${x} ${y}h1v1h-1z`;
	};
	for (let row = 0; row < 5; row++)
		for (let column = 0; column < 3; column++)
			if ((bits >> (row * 3 + column)) & 1) {
				cell(column, row);
				if (column < 2) cell(4 - column, row);
			}
	return (
		<svg viewBox="0 0 5 5" aria-hidden="true" className="mark">
			<path d={path} />
		</svg>
	);
}

/** The first eight digits of a key: enough to recognise it, never enough to trust it. */
export function fingerprint(key: string): string {
	return `${key.slice(0, 4)} ${key.slice(4, 8)}`;
}
