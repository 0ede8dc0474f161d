"use client";
import { useEffect, useState } from "react";
import { useKeys } from "@/components/keys/keys";
import type { Key } from "@/lib/client/compose";
import type { Earlier } from "@/lib/client/notes";

/** The viewer's key as far as this browser holds it, with the encryption key that belongs to it. */
export type NoteKey =
	| { is: "looking" | "elsewhere" }
	| { is: "here"; key: Key; encryptionKey: string; earlier: Earlier };

/** Looks for the secret without asking for anything: reading a page must open no dialog. */
export function useNoteKey(): NoteKey {
	const { signer, own } = useKeys();
	const [found, setFound] = useState<NoteKey>({ is: "looking" });
	useEffect(() => {
		let stale = false;
		lookFor(signer, own)
			.catch((): NoteKey => ({ is: "elsewhere" }))
			.then((now) => stale || setFound(now));
		return () => {
			stale = true;
		};
	}, [signer, own]);
	return found;
}

async function lookFor(signer: string | undefined, own: readonly string[]): Promise<NoteKey> {
	if (signer === undefined) return { is: "elsewhere" };
	const [{ secretOf }, { sealingKey }] = await Promise.all([
		import("@/lib/client/keyring"),
		import("@/lib/client/seal"),
	]);
	const secret = await secretOf(signer);
	if (secret === undefined) return { is: "elsewhere" };
	const keys: Key[] = [];
	for (const key of own) {
		const before = key === signer ? undefined : await secretOf(key);
		if (before !== undefined) keys.push({ key, secret: before });
	}
	const earlier = { names: own, keys };
	return { is: "here", key: { key: signer, secret }, encryptionKey: sealingKey(secret).key, earlier };
}
