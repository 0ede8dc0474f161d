/**
 * A small mark that a key always has, so that two keys can be told apart at a glance: a symmetric 5 × 5 pattern from its first
 * bytes. A help for the eye and no proof; the fingerprint and the whole key stand beside it.
 */
export function Mark({ of }: { of: string }) {
	const bits = Number.parseInt(of.slice(0, 4), 16);
	let path = "";
	for (let row = 0; row < 5; row++) {
		const [edge, side, middle] = [0, 1, 2].map((column) => (bits >> (row * 3 + column)) & 1);
		const cells = `${edge}${side}${middle}${side}${edge}`;
		// A line through each run of filled cells: many marks stand on a page, and this is their shortest form.
		for (const { index, 0: run } of cells.matchAll(/1+/g)) path += `M${index} ${row}h${run.length}`;
	}
	return (
		<svg viewBox="0 -.5 5 5" aria-hidden="true" className="mark">
			<path d={path} />
		</svg>
	);
}

/** The first eight digits of a key: enough to recognise it, never enough to trust it. */
export function fingerprint(key: string): string {
	return `${key.slice(0, 4)} ${key.slice(4, 8)}`;
}
