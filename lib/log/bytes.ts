/**
 * Bytes, their texts and their hash, the same in node and in a browser. One spelling each: hex is lower-case,
 * base64 is RFC 4648 §4 with padding; any other spelling of the same bytes is not read at all, because ids,
 * signatures and proofs must have one form on the wire.
 */
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/**
 * node:crypto when the process has it, else undefined. Asked of the process instead of imported, so that the
 * very same module loads in a browser; it hashes and verifies 3 to 13 times faster than JavaScript.
 */
export const nodeCrypto: typeof import("node:crypto") | undefined = (
	globalThis as { process?: { getBuiltinModule?: (id: "node:crypto") => typeof import("node:crypto") } }
).process?.getBuiltinModule?.("node:crypto");

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
	return encoder.encode(text);
}

export function sha256(bytes: Uint8Array): Uint8Array {
	if (!nodeCrypto) return nobleSha256(bytes);
	// A plain array everywhere: slice of a Buffer shares its memory, of a Uint8Array it copies.
	const { buffer, byteOffset, length } = nodeCrypto.hash("sha256", bytes, "buffer");
	return new Uint8Array(buffer, byteOffset, length);
}

/** Lower-case hex of the SHA-256 of `bytes`. */
export function sha256Hex(bytes: Uint8Array): string {
	// The one-shot form costs a third of a Hash object, and one is made for every message and content.
	return nodeCrypto ? nodeCrypto.hash("sha256", bytes) : hex(nobleSha256(bytes));
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += DIGITS[byte];
	return text;
}

/** The bytes that lower-case hex names, or undefined for any other text. */
export function unhex(text: string): Uint8Array | undefined {
	if (text.length % 2 !== 0) return undefined;
	const bytes = new Uint8Array(text.length / 2);
	for (let i = 0; i < bytes.length; i++) {
		const high = nibble(text.charCodeAt(2 * i));
		const low = nibble(text.charCodeAt(2 * i + 1));
		if (high < 0 || low < 0) return undefined;
		bytes[i] = (high << 4) | low;
	}
	return bytes;
}

function nibble(code: number): number {
	if (code >= 48 && code <= 57) return code - 48;
	if (code >= 97 && code <= 102) return code - 87;
	return -1;
}

export function base64(bytes: Uint8Array): string {
	let binary = "";
	// In slices, because the arguments of one call are limited and a sealed bundle is a megabyte.
	for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
	return btoa(binary);
}

/** The bytes that padded standard base64 names, or undefined for any other text. */
export function unbase64(text: string): Uint8Array | undefined {
	if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	try {
		const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
		// atob forgives missing padding and stray low bits: a second spelling of the same bytes.
		return base64(bytes) === text ? bytes : undefined;
	} catch {
		return undefined;
	}
}

export function concat(...parts: Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
