"use client";
import { useEffect, useState } from "react";
import type { Key } from "@/lib/client/compose";

/** The viewer's key as far as this browser holds it, with the encryption key that belongs to it. */
export type NoteKey = { is: "looking" | "elsewhere" } | { is: "here"; key: Key; encryptionKey: string };

/** Looks for the secret without asking for anything: reading a page must open no dialog. */
export function useNoteKey(viewer: string): NoteKey {
	const [found, setFound] = useState<NoteKey>({ is: "looking" });
	useEffect(() => {
		let stale = false;
		lookFor(viewer)
			.catch((): NoteKey => ({ is: "elsewhere" }))
			.then((now) => stale || setFound(now));
		return () => {
			stale = true;
		};
	}, [viewer]);
	return found;
}

async function lookFor(viewer: string): Promise<NoteKey> {
	const [{ secretOf }, { sealingKey }] = await Promise.all([
		import("@/lib/client/keyring"),
		import("@/lib/client/seal"),
	]);
	const secret = await secretOf(viewer);
	if (secret === undefined) return { is: "elsewhere" };
	return { is: "here", key: { key: viewer, secret }, encryptionKey: sealingKey(secret).key };
}
