import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hex, unhex } from "../log/bytes";
import { hpkeOpen, hpkeSeal } from "./hpke";

type Vector = Record<
	"mode" | "kem_id" | "kdf_id" | "aead_id" | "info" | "skEm" | "pkRm" | "skRm" | "enc",
	string
> & {
	suite: string;
	encryptions: Record<"sequence_number" | "pt" | "aad" | "ct", string>[];
};

const path = new URL("../../e2e/vectors/hpke/rfc9180-x25519.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(path, "utf8")) as { vectors: Vector[] };
const [vector] = vectors.filter(
	({ suite, mode }) => suite.endsWith("HKDF-SHA256, ChaCha20Poly1305") && mode === "0",
);

describe("HPKE in base mode", () => {
	const { info, skEm, pkRm, skRm, enc, encryptions } = vector!;
	const first = encryptions.find(({ sequence_number }) => sequence_number === "0")!;
	const at = (text: string) => unhex(text)!;

	test("seals as RFC 9180 does in Appendix A.2.1", () => {
		const sealed = hpkeSeal(at(pkRm), at(info), at(first.aad), at(first.pt), at(skEm));
		expect([hex(sealed.enc), hex(sealed.ciphertext)]).toEqual([enc, first.ct]);
	});

	test("opens what the RFC sealed", () => {
		const opened = hpkeOpen(at(skRm), at(info), at(first.aad), { enc: at(enc), ciphertext: at(first.ct) });
		expect(hex(opened)).toBe(first.pt);
	});

	test("opens nothing when info, aad, key or ciphertext is another", () => {
		const sealed = { enc: at(enc), ciphertext: at(first.ct) };
		const other = at(first.ct);
		other[0]! ^= 1;
		expect(() => hpkeOpen(at(skRm), at(`${info}00`), at(first.aad), sealed)).toThrow();
		expect(() => hpkeOpen(at(skRm), at(info), at(`${first.aad}00`), sealed)).toThrow();
		expect(() => hpkeOpen(at(skEm), at(info), at(first.aad), sealed)).toThrow();
		expect(() => hpkeOpen(at(skRm), at(info), at(first.aad), { ...sealed, ciphertext: other })).toThrow();
	});

	test("seals nothing to a key of small order, which anybody could open", () => {
		expect(() => hpkeSeal(new Uint8Array(32), at(info), at(first.aad), at(first.pt))).toThrow();
	});
});
