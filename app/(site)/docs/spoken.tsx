import type { ReactNode } from "react";

/** Words in backticks are code. */
export function spoken(text: string): ReactNode[] {
	return text.split("`").map((part, at) =>
		at % 2 === 0 ? (
			part
		) : (
			// biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move.
			<code key={at}>{part}</code>
		),
	);
}
