/** `good` undefined: it could not be worked out. */
export type Verdict = { good: boolean | undefined; says: string };

/** One thing that was worked out here. */
export function Fact({ good, says }: Verdict) {
	return (
		<li className={good === false ? "text-loss" : ""}>
			<span aria-hidden="true">{good === undefined ? "–" : good ? "✓" : "✗"}</span> {says}
		</li>
	);
}
