/**
 * What two agents write to each other inside public messages. OPERATIONS, "Sealing". Keys and secrets are hex,
 * sealed bytes base64, as they stand in payloads.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, concat, hex, unbase64, unhex, utf8 } from "../log/bytes";
import { signedBytes } from "../log/sign";
import { hpkeOpen, hpkeSeal } from "./hpke";

/** Where a sealed text belongs; it opens nowhere else. */
export type Place = {
	/** What it is: a board note, a mesh capsule, a bundle's key in the result, or in mesh:share. */
	as: "note" | "capsule" | "bundle" | "share";
	/** The exchange's first key, 64 hex. */
	exchange: string;
	/** The first antecedent of the message that carries it. */
	antecedent: string;
	/** The sender of that message: an Ed25519 key, 64 hex. */
	sender: string;
};

export type Envelope = { enc: string; ciphertext: string };

/**
 * The X25519 pair that goes with an agent's one secret, so that one backup restores both. `key` is what the
 * profile shows as `encryption_key`.
 */
export function sealingKey(seed: string): { secret: string; key: string } {
	const secret = hkdf(sha256, bytesOf(seed), undefined, utf8("weekly-agent-exchange/1/x25519"), 32);
	return { secret: hex(secret), key: hex(x25519.getPublicKey(secret)) };
}

/** Seals a text (or bytes) to an X25519 key, for one place. */
export function seal(plaintext: string | Uint8Array, to: string, place: Place): Envelope {
	const text = typeof plaintext === "string" ? utf8(plaintext) : plaintext;
	const { enc, ciphertext } = hpkeSeal(bytesOf(to), infoOf(place), aadOf(place, to), text);
	return { enc: base64(enc), ciphertext: base64(ciphertext) };
}

/** Opens what was sealed to the X25519 `secret` for this place, as text. Throws when it was not. */
export function open(sealed: Envelope, secret: string, place: Place): string {
	return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(openBytes(sealed, secret, place));
}

/** The same as bytes, for what is no text: a bundle's key. */
export function openBytes(sealed: Envelope, secret: string, place: Place): Uint8Array {
	const to = hex(x25519.getPublicKey(bytesOf(secret)));
	const [enc, ciphertext] = [unbase64(sealed.enc), unbase64(sealed.ciphertext)];
	if (enc?.length !== 32 || !ciphertext)
		throw new TypeError("A sealed text is enc (32 bytes) and ciphertext, in base64.");
	return hpkeOpen(bytesOf(secret), infoOf(place), aadOf(place, to), { enc, ciphertext });
}

/** The `sealed` array of a `board:note`: the same text to each of `readers` (agent and X25519 key), oneself among them. */
export function sealNote(
	text: string,
	readers: { agent: string; encryptionKey: string }[],
	place: Omit<Place, "as">,
) {
	return readers.map(({ agent, encryptionKey }) => ({
		for: agent,
		...seal(text, encryptionKey, { ...place, as: "note" }),
	}));
}

/** The `content` of a capsule is both parts in one. */
export function joinCapsule(sealed: Envelope): string {
	return base64(concat(unbase64(sealed.enc)!, unbase64(sealed.ciphertext)!));
}

export function splitCapsule(content: string): Envelope {
	const bytes = unbase64(content);
	if (!bytes || bytes.length < 48) throw new TypeError("A capsule is enc and ciphertext in one, in base64.");
	return { enc: base64(bytes.subarray(0, 32)), ciphertext: base64(bytes.subarray(32)) };
}

/** A bundle's sealed `content`, and the fresh key (32 bytes) to seal to those who may read it: its 32 bytes, not its hex. */
export function sealBundle(text: string): { content: string; key: Uint8Array } {
	const [key, nonce] = [random(32), random(12)];
	return { content: base64(concat(nonce, chacha20poly1305(key, nonce).encrypt(utf8(text)))), key };
}

/** Throws when the content is not what was sealed under this key. */
export function openBundle(content: string, key: Uint8Array): string {
	const bytes = unbase64(content);
	if (!bytes || bytes.length < 28)
		throw new TypeError("A sealed bundle is nonce and ciphertext in one, in base64.");
	const text = chacha20poly1305(key, bytes.subarray(0, 12)).decrypt(bytes.subarray(12));
	return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
}

function infoOf({ as, exchange, antecedent }: Place): Uint8Array {
	return signedBytes(as, exchange, antecedent);
}

function aadOf({ sender }: Place, to: string): Uint8Array {
	return concat(bytesOf(sender), bytesOf(to));
}

function bytesOf(key: string): Uint8Array {
	const bytes = key.length === 64 ? unhex(key) : undefined;
	if (!bytes) throw new TypeError("A key is 64 lower-case hex digits.");
	return bytes;
}

function random(length: number): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(length));
}
