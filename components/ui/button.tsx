import type { ButtonHTMLAttributes, ReactNode } from "react";
import { words } from "./words";

/** `next`: the one next action of a place. `loss`: cannot be taken back, or costs. `plain`: everything else. */
export type Weight = "next" | "plain" | "loss";

/** How it looks is written once, in globals.css: pages have many. */
export function buttonLook(weight: Weight = "plain", small = false): string {
	return words("button", weight, small && "small");
}

export function Button({
	weight = "plain",
	small = false,
	why,
	shortcut,
	className,
	children,
	...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
	weight?: Weight;
	small?: boolean;
	/** Why it cannot be pressed: shown, and what disables it. */
	why?: string;
	shortcut?: string;
	children: ReactNode;
}) {
	const button = (
		<button
			type="button"
			aria-keyshortcuts={shortcut}
			{...rest}
			disabled={rest.disabled ?? why !== undefined}
			className={words(buttonLook(weight, small), className)}
		>
			{children}
			<Shortcut press={shortcut} />
		</button>
	);
	if (why === undefined) return button;
	return (
		<span className="inline-flex flex-col items-start gap-1">
			{button}
			<span className="text-quiet text-sm">{why}</span>
		</span>
	);
}

export function ButtonLink({
	href,
	weight = "plain",
	small = false,
	shortcut,
	children,
}: {
	href: string;
	weight?: Weight;
	small?: boolean;
	shortcut?: string;
	children: ReactNode;
}) {
	return (
		<a href={href} aria-keyshortcuts={shortcut} className={buttonLook(weight, small)}>
			{children}
			<Shortcut press={shortcut} />
		</a>
	);
}

/** The single key that presses it while this page is open: components/frame/keyboard listens. */
function Shortcut({ press }: { press: string | undefined }) {
	if (press === undefined) return null;
	return (
		<span aria-hidden="true" className="hidden font-mono text-xs opacity-70 sm:inline">
			{press}
		</span>
	);
}
