"use client";
import { type ReactNode, useEffect, useRef } from "react";

/**
 * A part of a page that changes by what is done in it. Where the button that was pressed is gone with what it did, the
 * keyboard goes on from here and not from the page's top; nothing scrolls.
 */
export function KeepPlace({
	id,
	className,
	children,
}: {
	id: string;
	className?: string;
	children: ReactNode;
}) {
	const place = useRef<HTMLElement>(null);
	const last = useRef<Element>(null);
	useEffect(() => {
		const lost = last.current !== null && !last.current.isConnected;
		if (lost && document.activeElement === document.body) place.current?.focus({ preventScroll: true });
	});
	return (
		<article
			ref={place}
			id={id}
			tabIndex={-1}
			onFocus={({ target }) => {
				last.current = target;
			}}
			className={className}
		>
			{children}
		</article>
	);
}
