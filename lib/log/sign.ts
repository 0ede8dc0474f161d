/**
 * Signatures: one rule for what is valid, in node and in a browser. PROTOCOL, "Verification".
 *
 * A signature is valid when, with A the public key, R and S the halves of the signature, L the group's order:
 *  - hex is lower-case and of full length;
 *  - S < L, A and R are canonical encodings (y < p) and neither is of small order;
 *  - the encoding of S·B − k·A equals R byte for byte (the equation without the cofactor).
 * The last is what OpenSSL computes; the library's own verify multiplies by the cofactor and so accepts signatures
 * that OpenSSL refuses. Without the rule on small orders, one signature would fit any message under such keys.
 */

import type { KeyObject } from "node:crypto";
import { hashes, getPublicKey as nobleKey, sign as nobleSign, Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, hex, nodeCrypto, unhex, utf8 } from "./bytes";

hashes.sha512 = sha512;

/** What else an Ed25519 key of this exchange signs or hashes, apart from messages; each with its own parts. */
export type Purpose =
	| "session"
	| "operator"
	| "rotate"
	| "gold"
	| "claims"
	| "bid"
	| "draw"
	| "preview"
	| "note"
	| "capsule"
	| "bundle"
	| "share";

/**
 * The bytes `weekly-agent-exchange/1/<purpose>\n<exchange key>\n<part>\n<part>…`, with no newline at the end: what is
 * signed for a session (part: nonce), an operator's proof (operator_id, key), a rotation (old key, new key), the
 * draws (assign or result id, round); what is hashed for a bid or a gold commitment; and the `info` of sealing.
 * Throws TypeError when a part holds a newline, for then two lists of parts would be the same bytes.
 */
export function signedBytes(
	purpose: Purpose,
	exchangeKey: string,
	...parts: (string | number)[]
): Uint8Array {
	if (parts.some((part) => String(part).includes("\n")))
		throw new TypeError("A part may not hold a newline.");
	return utf8([`weekly-agent-exchange/1/${purpose}`, exchangeKey, ...parts].join("\n"));
}

/** Whether `signature` (128 hex) by `publicKey` (64 hex) covers `bytes`. Never throws. Runs anywhere. */
export function verify(publicKey: string, bytes: Uint8Array, signature: string): boolean {
	const A = keyBytes(publicKey);
	const RS = signatureBytes(signature);
	if (!A || !RS) return false;
	try {
		const k = modL(sha512(concat(RS.subarray(0, 32), A, bytes)));
		const S = littleEndian(RS.subarray(32));
		const point = Point.fromBytes(A);
		// multiply refuses a zero scalar unless told that nothing here is secret.
		const R = Point.BASE.multiply(S, false).subtract(point.multiply(k, false));
		return hex(R.toBytes()) === signature.slice(0, 64);
	} catch {
		return false; // A is not on the curve.
	}
}

/** Whether S·B − k·A is R; all else of the rule has been seen to. All three as bytes, never throws. */
export type Equation = (signature: Uint8Array, bytes: Uint8Array, publicKey: Uint8Array) => boolean;

let equation: Equation | undefined;

/** Has `verifyFast` compute by `quicker` from now on: for a process that has something quicker than node:crypto. */
export function verifyBy(quicker: Equation | undefined): void {
	equation = quicker;
}

/**
 * The same verdict as `verify`: by what the process has been given for it, else through node:crypto where there is one,
 * about 13 times as fast.
 */
export function verifyFast(publicKey: string, bytes: Uint8Array, signature: string): boolean {
	if (!nodeCrypto) return verify(publicKey, bytes, signature);
	const RS = signatureBytes(signature);
	if (!RS) return false;
	if (equation) {
		const A = remembered(soundKeys, publicKey, () => keyBytes(publicKey));
		return A !== undefined && equation(RS, bytes, A);
	}
	const key = keyObject(publicKey);
	return key ? nodeCrypto.verify(null, bytes, key, RS) : false;
}

export type Signed = { publicKey: string; bytes: Uint8Array; signature: string };

/**
 * The verdicts of `verify` on many, in their order, without holding the main thread: node verifies them in its
 * thread pool; elsewhere ten are verified at a time with a turn of the event loop between.
 */
export async function verifyAll(signed: readonly Signed[]): Promise<boolean[]> {
	if (nodeCrypto) return Promise.all(signed.map(verifyInPool));
	const verdicts: boolean[] = [];
	for (let at = 0; at < signed.length; at += 10) {
		if (at > 0) await new Promise((resolve) => setTimeout(resolve, 0));
		for (const one of signed.slice(at, at + 10))
			verdicts.push(verify(one.publicKey, one.bytes, one.signature));
	}
	return verdicts;
}

function verifyInPool({ publicKey, bytes, signature }: Signed): Promise<boolean> {
	const crypto = nodeCrypto;
	const RS = signatureBytes(signature);
	const key = RS && keyObject(publicKey);
	if (!crypto || !key) return Promise.resolve(false);
	return new Promise((resolve) => {
		crypto.verify(null, bytes, key, RS, (error, verdict) => resolve(!error && verdict));
	});
}

/** Signature (128 hex) over `bytes` with a 32-byte seed (64 hex). Throws TypeError when the seed is no such thing. */
export function sign(seed: string, bytes: Uint8Array): string {
	return nodeCrypto
		? hex(nodeCrypto.sign(null, bytes, secretObject(seed)))
		: hex(nobleSign(bytes, seedBytes(seed)));
}

/** The public key (64 hex) of a seed (64 hex). Throws TypeError when the seed is no such thing. */
export function publicKey(seed: string): string {
	return hex(nobleKey(seedBytes(seed)));
}

function seedBytes(seed: string): Uint8Array {
	const bytes = seed.length === 64 ? unhex(seed) : undefined;
	if (!bytes) throw new TypeError("A secret is 64 lower-case hex digits.");
	return bytes;
}

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const L_BYTES = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")!;
const P_BYTES = unhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")!;

/** The y coordinates of the eight points of small order; x takes whichever sign, so the sign bit is not looked at. */
const SMALL_ORDER_Y = new Set([
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

const UNSOUND_LAST = new Set([...SMALL_ORDER_Y].map((y) => Number.parseInt(y.slice(-2), 16)));

/** The bytes of a public key that can be a signer at all, or undefined. Whether it lies on the curve is left open. */
function keyBytes(publicKey: string): Uint8Array | undefined {
	const bytes = publicKey.length === 64 ? unhex(publicKey) : undefined;
	return bytes && isSoundPoint(bytes) ? bytes : undefined;
}

function signatureBytes(signature: string): Uint8Array | undefined {
	const bytes = signature.length === 128 ? unhex(signature) : undefined;
	if (!bytes || !isBelow(bytes.subarray(32), L_BYTES) || !isSoundPoint(bytes.subarray(0, 32)))
		return undefined;
	return bytes;
}

function isSoundPoint(bytes: Uint8Array): boolean {
	// The last bytes of the points of small order, and of what is p or above.
	if (!UNSOUND_LAST.has(bytes[31]! & 0x7f)) return true;
	const y = bytes.slice();
	y[31]! &= 0x7f;
	return isBelow(y, P_BYTES) && !SMALL_ORDER_Y.has(hex(y));
}

/** a < b, both little-endian and of the same length. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
	for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return a[i]! < b[i]!;
	return false;
}

function littleEndian(bytes: Uint8Array): bigint {
	return BigInt(`0x${hex(bytes.slice().reverse())}`);
}

function modL(digest: Uint8Array): bigint {
	return littleEndian(digest) % L;
}

// Making a KeyObject costs as much as a verification, and senders come again.
const keyObjects = new Map<string, KeyObject>();
const soundKeys = new Map<string, Uint8Array>();
const secretObjects = new Map<string, KeyObject>();
const KEY_OBJECTS = 4096;

function keyObject(publicKey: string): KeyObject | undefined {
	return remembered(keyObjects, publicKey, () => {
		const bytes = keyBytes(publicKey);
		return (
			bytes &&
			nodeCrypto?.createPublicKey({
				key: der("302a300506032b6570032100", bytes),
				format: "der",
				type: "spki",
			})
		);
	});
}

function secretObject(seed: string): KeyObject {
	return remembered(secretObjects, seed, () =>
		nodeCrypto!.createPrivateKey({
			key: der("302e020100300506032b657004220420", seedBytes(seed)),
			format: "der",
			type: "pkcs8",
		}),
	)!;
}

function der(prefix: string, bytes: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from(prefix, "hex"), bytes]);
}

/** Least recently used goes first: a Map keeps the order in which keys were set. */
function remembered<T>(objects: Map<string, T>, name: string, make: () => T | undefined): T | undefined {
	const known = objects.get(name);
	const object = known ?? make();
	if (!object) return undefined;
	if (known) objects.delete(name);
	else if (objects.size >= KEY_OBJECTS) objects.delete(objects.keys().next().value!);
	objects.set(name, object);
	return object;
}
