import { schnorr } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { hex, unhex, utf8 } from "../log/bytes";

/** An event of the rail `nostr` (NIP-01), as its relays carry it. */
export interface NostrEvent {
	id: string;
	pubkey: string;
	/** Seconds since 1970. */
	created_at: number;
	kind: number;
	tags: string[][];
	content: string;
	sig: string;
}

/** What is signed: everything but id and signature. */
export type UnsignedNostrEvent = Omit<NostrEvent, "id" | "sig">;

const EVENT = z.object({
	id: z.string().regex(/^[0-9a-f]{64}$/),
	pubkey: z.string().regex(/^[0-9a-f]{64}$/),
	created_at: z.int().min(0),
	kind: z.int().min(0).max(65_535),
	tags: z.array(z.array(z.string())),
	content: z.string(),
	sig: z.string().regex(/^[0-9a-f]{128}$/),
});

/** The id of an event: sha256 of its canonical array, lower-case hex. */
export function nostrId({ pubkey, created_at, kind, tags, content }: UnsignedNostrEvent): string {
	return hex(sha256(utf8(JSON.stringify([0, pubkey, created_at, kind, tags, content]))));
}

/**
 * The event that a JSON text holds, when its id and its signature (BIP-340) are right; else undefined. Arithmetic alone,
 * without the rail's library: what the log has taken once must verify at every replay, whatever becomes of that.
 */
export function signedEvent(text: string): NostrEvent | undefined {
	let read: unknown;
	try {
		read = JSON.parse(text);
	} catch {
		return undefined;
	}
	const { data: event } = EVENT.safeParse(read);
	return event && nostrId(event) === event.id && isSigned(event) ? event : undefined;
}

function isSigned({ id, pubkey, sig }: NostrEvent): boolean {
	try {
		return schnorr.verify(unhex(sig)!, unhex(id)!, unhex(pubkey)!);
	} catch {
		return false; // The account is no point of the curve.
	}
}
