import type { ReactNode } from "react";

/** A window onto something long. It takes the focus, so that it can be scrolled by keyboard. */
export function Scrolled({ label, children }: { label: string; children: ReactNode }) {
	return (
		<section
			aria-label={label}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
			tabIndex={0}
			className="relative max-h-[32rem] space-y-3 overflow-auto"
		>
			{children}
		</section>
	);
}
