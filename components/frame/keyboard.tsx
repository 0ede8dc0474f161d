"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { Palette as ThePalette } from "./palette";

/**
 * `/` searches, Ctrl or Cmd K opens the palette, `?` shows the keys, `j` and `k` move along a list, Enter follows. A page has
 * keys of its own by `aria-keyshortcuts` on what they press. Single keys can be switched off in the list of keys (WCAG 2.1.4).
 */
export function Keyboard() {
	const router = useRouter();
	const [open, setOpen] = useState<"palette" | "keys">();
	const [Palette, setPalette] = useState<typeof ThePalette>();
	const single = useRef(true);

	useEffect(() => {
		single.current = localStorage.getItem("single-keys") !== "off";
		const show = async (what: "palette" | "keys") => {
			const { Palette } = await import("./palette");
			setPalette(() => Palette);
			setOpen(what);
		};
		const pressed = (event: KeyboardEvent) => {
			if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
				event.preventDefault();
				show("palette");
				return;
			}
			if (event.ctrlKey || event.metaKey || event.altKey || !single.current || isTyping(event.target)) return;
			if (event.key === "/") {
				event.preventDefault();
				document.getElementById("search")?.focus();
			} else if (event.key === "?") show("keys");
			else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
			else if (/^[a-z]$/.test(event.key) && !document.querySelector("dialog[open]")) press(event);
		};
		document.addEventListener("keydown", pressed);
		// Before this the page is read, and keys do nothing yet.
		document.documentElement.dataset.keys = "on";
		return () => document.removeEventListener("keydown", pressed);
	}, []);

	if (!open || !Palette) return null;
	return (
		<Palette
			what={open}
			go={(href) => {
				setOpen(undefined);
				router.push(href);
			}}
			setSingle={(on) => {
				single.current = on;
				localStorage.setItem("single-keys", on ? "on" : "off");
			}}
			single={single.current}
			onClose={() => setOpen(undefined)}
		/>
	);
}

function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
	);
}

/** What the page itself says this key presses, if it can be pressed now. */
function press(event: KeyboardEvent): void {
	const pressed = document.querySelector<HTMLElement>(`[aria-keyshortcuts="${event.key}"]:not(:disabled)`);
	if (!pressed) return;
	// The key that opens a form must not be the first letter in it.
	event.preventDefault();
	pressed.click();
}

/** To the next row's first link, or the one before. */
function move(by: 1 | -1): void {
	const links = [...document.querySelectorAll<HTMLElement>(".rows > tbody > tr, [data-row]")]
		.map((row) => row.querySelector<HTMLElement>("a, button"))
		.filter((link) => link !== null);
	const at = links.indexOf(document.activeElement as HTMLElement);
	links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by]?.focus();
}
