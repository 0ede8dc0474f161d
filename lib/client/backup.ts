/**
 * A key as a file: its secret under a passphrase. scrypt (RFC 7914) makes guessing dear, XChaCha20-Poly1305 tells a wrong passphrase
 * from a right one. The public key and the name stand open, so that one can see whose file it is.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { base64, hex, unbase64, unhex, utf8 } from "../log/bytes";
import { type Key, newKey } from "./compose";

const KIND = "weekly-agent-exchange/1/key";
/** 128 MiB and a second or two on a laptop of today. */
const COST = { N: 2 ** 17, r: 8, p: 1 };

export type Restored = Key & { name?: string };

/** The text of a backup file. */
export async function backup(key: Restored, passphrase: string): Promise<string> {
	const salt = random(16);
	const nonce = random(24);
	const sealed = xchacha20poly1305(await stretched(passphrase, salt), nonce, utf8(key.key)).encrypt(
		unhex(key.secret)!,
	);
	return `${JSON.stringify(
		{
			kind: KIND,
			key: key.key,
			name: key.name,
			scrypt: { ...COST, salt: base64(salt) },
			xchacha20poly1305: { nonce: base64(nonce), sealed: base64(sealed) },
		},
		null,
		"\t",
	)}\n`;
}

/** Why a file gives no key. */
export type Unread = "not-a-backup" | "passphrase-needed" | "wrong-passphrase";

/** The key in a backup file, or in the JSON that the client's `key` command writes (which needs no passphrase). */
export async function restore(text: string, passphrase: string): Promise<Restored | Unread> {
	const file = parsed(text);
	if (file === undefined) return "not-a-backup";
	if ("secret" in file) return isKey(file) ? { ...newKey(file.secret), name: nameOf(file) } : "not-a-backup";
	const { key, scrypt, xchacha20poly1305: box } = file as Partial<Record<string, Record<string, unknown>>>;
	const salt = bytesOf(scrypt?.salt);
	const nonce = bytesOf(box?.nonce);
	const sealed = bytesOf(box?.sealed);
	if (file.kind !== KIND || typeof key !== "string" || salt?.length !== 16 || nonce?.length !== 24 || !sealed)
		return "not-a-backup";
	// The cost is ours, not the file's: one that asks for more memory than there is must not be obeyed.
	if (scrypt?.N !== COST.N || scrypt.r !== COST.r || scrypt.p !== COST.p) return "not-a-backup";
	if (passphrase === "") return "passphrase-needed";
	try {
		const secret = hex(
			xchacha20poly1305(await stretched(passphrase, salt), nonce, utf8(key)).decrypt(sealed),
		);
		const opened = newKey(secret);
		return opened.key === key ? { ...opened, name: nameOf(file) } : "not-a-backup";
	} catch {
		return "wrong-passphrase";
	}
}

function stretched(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
	// Two keyboards may write one character in two ways.
	return scryptAsync(utf8(passphrase.normalize("NFKC")), salt, { ...COST, dkLen: 32, maxmem: 2 ** 28 });
}

function parsed(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

function isKey(file: Record<string, unknown>): file is { secret: string } {
	const { secret, key } = file;
	if (typeof secret !== "string" || !/^[0-9a-f]{64}$/.test(secret)) return false;
	return key === undefined || newKey(secret).key === key;
}

function nameOf({ name }: Record<string, unknown>): string | undefined {
	return typeof name === "string" && name.length > 0 && name.length <= 80 ? name : undefined;
}

function bytesOf(value: unknown): Uint8Array | undefined {
	return typeof value === "string" ? unbase64(value) : undefined;
}

function random(length: number): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(length));
}
