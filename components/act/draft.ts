"use client";
import { type RefObject, useCallback, useEffect, useState } from "react";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Draft {
	/** Whether what stands in the form came from an earlier visit. */
	restored: boolean;
	/** Forgets it: it was recorded. */
	discard(): void;
	/** Forgets it, and empties the form. */
	startOver(): void;
}

/**
 * Keeps what is written in a form in this browser until it is recorded, so that a reload or a refusal loses nothing. Files and
 * passwords are not kept. `name` tells forms apart. A form whose fields React controls listens to `input` events as always, and
 * says by `clear` how they are emptied.
 */
export function useDraft(form: RefObject<HTMLFormElement | null>, name: string, clear?: () => void): Draft {
	const place = `draft:${name}`;
	const [restored, setRestored] = useState(false);

	useEffect(() => {
		const element = form.current;
		if (!element) return;
		const kept = read(place);
		if (kept) {
			let changed = false;
			for (const control of controlsOf(element)) {
				const value = kept[control.name];
				if (value === undefined || value === control.value) continue;
				write(control, value);
				changed = true;
			}
			setRestored(changed);
		}
		const keep = () => {
			const values = Object.fromEntries(controlsOf(element).map((control) => [control.name, control.value]));
			try {
				localStorage.setItem(place, JSON.stringify(values));
			} catch {
				// A browser that keeps nothing, or content larger than it lets pages keep: the form works all the same.
			}
		};
		element.addEventListener("input", keep);
		return () => element.removeEventListener("input", keep);
	}, [form, place]);

	const discard = useCallback(() => {
		localStorage.removeItem(place);
		setRestored(false);
	}, [place]);

	return {
		restored,
		discard,
		startOver() {
			discard();
			form.current?.reset();
			clear?.();
		},
	};
}

function controlsOf(form: HTMLFormElement): Control[] {
	return [...form.elements]
		.filter(
			(element): element is Control =>
				(element instanceof HTMLInputElement &&
					!["file", "password", "submit", "hidden"].includes(element.type)) ||
				element instanceof HTMLTextAreaElement ||
				element instanceof HTMLSelectElement,
		)
		.filter(({ name }) => name !== "");
}

/** Through the element's own setter, so that React sees it as typed. */
function write(control: Control, value: string): void {
	const prototype = Object.getPrototypeOf(control) as object;
	Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(control, value);
	control.dispatchEvent(
		new Event(control instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }),
	);
}

function read(place: string): Record<string, string> | undefined {
	try {
		return JSON.parse(localStorage.getItem(place) ?? "null") ?? undefined;
	} catch {
		return undefined;
	}
}
