/**
 * HPKE (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
 *
 * Put together from noble's parts, because @hpke/core brings no ChaCha20-Poly1305 and works through WebCrypto, which
 * browsers withhold from pages that are not served over TLS, as an exchange in a local network is not.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, utf8 } from "../log/bytes";

const NOTHING = new Uint8Array();
const KEM = concat(utf8("KEM"), Uint8Array.of(0x00, 0x20));
const SUITE = concat(utf8("HPKE"), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03));

export type Sealed = {
	/** 32 bytes: the encapsulated key. */
	enc: Uint8Array;
	/** The plaintext's length and 16 bytes more. */
	ciphertext: Uint8Array;
};

/**
 * Seals `plaintext` to the X25519 public key `recipient` (32 bytes). Throws when that key is of small order.
 * `ephemeral` is fresh randomness unless a test vector says otherwise: used twice, it gives the secret away.
 */
export function hpkeSeal(
	recipient: Uint8Array,
	info: Uint8Array,
	aad: Uint8Array,
	plaintext: Uint8Array,
	ephemeral: Uint8Array = x25519.utils.randomSecretKey(),
): Sealed {
	const enc = x25519.getPublicKey(ephemeral);
	const shared = sharedSecret(x25519.getSharedSecret(ephemeral, recipient), enc, recipient);
	const { key, nonce } = schedule(shared, info);
	return { enc, ciphertext: chacha20poly1305(key, nonce, aad).encrypt(plaintext) };
}

/** Opens with the X25519 secret (32 bytes). Throws when anything (secret, enc, info, aad, ciphertext) is not what was sealed. */
export function hpkeOpen(secret: Uint8Array, info: Uint8Array, aad: Uint8Array, sealed: Sealed): Uint8Array {
	const recipient = x25519.getPublicKey(secret);
	const shared = sharedSecret(x25519.getSharedSecret(secret, sealed.enc), sealed.enc, recipient);
	const { key, nonce } = schedule(shared, info);
	return chacha20poly1305(key, nonce, aad).decrypt(sealed.ciphertext);
}

function sharedSecret(dh: Uint8Array, enc: Uint8Array, recipient: Uint8Array): Uint8Array {
	const prk = labeledExtract(KEM, NOTHING, "eae_prk", dh);
	return labeledExpand(KEM, prk, "shared_secret", concat(enc, recipient), 32);
}

function schedule(shared: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
	const base = Uint8Array.of(0);
	const noPsk = labeledExtract(SUITE, NOTHING, "psk_id_hash", NOTHING);
	const context = concat(base, noPsk, labeledExtract(SUITE, NOTHING, "info_hash", info));
	const secret = labeledExtract(SUITE, shared, "secret", NOTHING);
	return {
		key: labeledExpand(SUITE, secret, "key", context, 32),
		nonce: labeledExpand(SUITE, secret, "base_nonce", context, 12),
	};
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
	return extract(sha256, concat(utf8("HPKE-v1"), suite, utf8(label), ikm), salt);
}

function labeledExpand(
	suite: Uint8Array,
	prk: Uint8Array,
	label: string,
	info: Uint8Array,
	length: number,
): Uint8Array {
	return expand(
		sha256,
		prk,
		concat(Uint8Array.of(0, length), utf8("HPKE-v1"), suite, utf8(label), info),
		length,
	);
}
