"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Draft as Keeping } from "@/components/act/draft";

/**
 * State of a form that is kept in this browser until it is recorded. Where a form is written in two ways, its fields are not all
 * on the page, and what `useDraft` reads off them would be half of it.
 */
export function useKept<T>(name: string, begins: T): [T, (next: T) => void, Keeping] {
	const place = `draft:${name}`;
	const [state, setState] = useState(begins);
	const [restored, setRestored] = useState(false);
	const written = useRef(false);

	useEffect(() => {
		// Who is quicker than the page's scripts has written before they look: that is not from an earlier visit.
		if (written.current) return;
		const kept = read<T>(place);
		if (kept === undefined) return;
		setState(kept);
		setRestored(true);
	}, [place]);

	const keep = useCallback(
		(next: T) => {
			written.current = true;
			setState(next);
			try {
				localStorage.setItem(place, JSON.stringify(next));
			} catch {
				// A browser that keeps nothing: the form works all the same.
			}
		},
		[place],
	);
	const discard = useCallback(() => {
		localStorage.removeItem(place);
		setRestored(false);
	}, [place]);
	return [
		state,
		keep,
		{
			restored,
			discard,
			startOver() {
				discard();
				setState(begins);
			},
		},
	];
}

function read<T>(place: string): T | undefined {
	try {
		return (JSON.parse(localStorage.getItem(place) ?? "null") as T | null) ?? undefined;
	} catch {
		return undefined;
	}
}
