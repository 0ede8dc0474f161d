import { words } from "./words";

/** Lines to be read or copied as they are. Wider than their place they scroll, so they take the focus. */
export function Code({ className, children }: { className?: string; children: string }) {
	return (
		<pre
			// biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
			tabIndex={0}
			className={words("min-w-0 rounded bg-shade px-3 py-2 font-mono", className)}
		>
			{children}
		</pre>
	);
}
