import { readFileSync } from "node:fs";
import { etc, Point, utils } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { libsodium } from "../doors/quicker-verifier";
import { concat, hex, unhex } from "./bytes";
import { publicKey, sign, signedBytes, verify, verifyAll, verifyBy, verifyFast } from "./sign";

const vectors = new URL("../../e2e/vectors/", import.meta.url);
function vector<T>(name: string): T {
	return JSON.parse(readFileSync(new URL(name, vectors), "utf8")) as T;
}

/** The verdict, after checking that everything that verifies gives the same one. */
async function verdict(key: string, bytes: Uint8Array, signature: string): Promise<boolean> {
	const portable = verify(key, bytes, signature);
	for (const equation of [undefined, libsodium()!]) {
		verifyBy(equation);
		expect(verifyFast(key, bytes, signature)).toBe(portable);
	}
	expect(await verifyAll([{ publicKey: key, bytes, signature }])).toEqual([portable]);
	return portable;
}

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const littleEndian = (bytes: Uint8Array) => BigInt(`0x${hex(bytes.slice().reverse())}`);

describe("a signature", () => {
	test("is judged as Wycheproof judges it, in all 151 cases", async () => {
		type Group = {
			publicKey: { pk: string };
			tests: { tcId: number; msg: string; sig: string; result: string }[];
		};
		let cases = 0;
		for (const { publicKey, tests } of vector<{ testGroups: Group[] }>("ed25519_test.json").testGroups)
			for (const { tcId, msg, sig, result } of tests) {
				cases++;
				expect([tcId, await verdict(publicKey.pk, unhex(msg)!, sig)]).toEqual([tcId, result === "valid"]);
			}
		expect(cases).toBe(151);
	});

	test("passes of the twelve edge cases only the one without small orders and cofactors", async () => {
		type Case = { message: string; pub_key: string; signature: string };
		const row = vector<Case[]>("ed25519-speccheck/cases.json").map(async ({ message, pub_key, signature }) =>
			(await verdict(pub_key, unhex(message)!, signature)) ? "V" : "X",
		);
		expect((await Promise.all(row)).join("")).toBe("XXXVXXXXXXXX");
	});

	/** Whoever multiplies by the cofactor accepts all of these; without it, about one in eight is good. */
	test("whose key or R has a part of small order is good where the equation holds to the point, for all alike", async () => {
		const order8 = Point.fromBytes(
			unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")!,
		);
		const small = Array.from({ length: 8 }, (_, n) =>
			n === 0 ? Point.ZERO : order8.multiply(BigInt(n), false),
		);
		const { scalar, point } = utils.getExtendedPublicKey(unhex("11".repeat(32))!);
		const passed: boolean[] = [];
		for (let i = 0; i < 128; i++) {
			const bytes = unhex(i.toString(16).padStart(8, "0"))!;
			const key = point.add(small[i % 8]!).toBytes();
			const r = BigInt(i + 2);
			const R = Point.BASE.multiply(r)
				.add(small[Math.floor(i / 8) % 8]!)
				.toBytes();
			const k = etc.mod(littleEndian(sha512(concat(R, key, bytes))), L);
			const S = etc.mod(r + k * scalar, L);
			const half = unhex(S.toString(16).padStart(64, "0"))!.reverse();
			passed.push(await verdict(hex(key), bytes, hex(R) + hex(half)));
		}
		expect(new Set(passed)).toEqual(new Set([true, false]));
	});

	test("is made and verified as RFC 8032 says", async () => {
		type Case = { name: string; sk: string; pk: string; msg: string; sig: string };
		for (const { name, sk, pk, msg, sig } of vector<Case[]>("rfc8032/rfc8032-7.1.json")) {
			expect([name, publicKey(sk), sign(sk, unhex(msg)!)]).toEqual([name, pk, sig]);
			expect(await verdict(pk, unhex(msg)!, sig)).toBe(true);
		}
	});

	test("is made and verified as in the 1,024 reference cases", () => {
		const lines = readFileSync(new URL("rfc8032/sign-input-1024.jsonl", vectors), "utf8").trim().split("\n");
		expect(lines).toHaveLength(1024);
		for (const line of lines) {
			const { i, sk, pk, msg, sig } = JSON.parse(line) as Record<"sk" | "pk" | "msg" | "sig", string> & {
				i: number;
			};
			expect([i, sign(sk, unhex(msg)!), verifyFast(pk, unhex(msg)!, sig)]).toEqual([i, sig, true]);
			// The portable one takes 1.3 ms each: every eighth.
			if (i % 8 === 0) expect([i, publicKey(sk), verify(pk, unhex(msg)!, sig)]).toEqual([i, pk, true]);
		}
	});

	test("is refused by both verifiers alike when one bit of it, its key or its message is another", async () => {
		const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
		await fc.assert(
			fc.asyncProperty(
				bytes,
				fc.uint8Array({ maxLength: 80 }),
				fc.nat(),
				fc.nat(2),
				async (seed, text, at, what) => {
					const key = unhex(publicKey(hex(seed)))!;
					const signature = unhex(sign(hex(seed), text))!;
					expect(await verdict(hex(key), text, hex(signature))).toBe(true);
					const target = [signature, key, text][what]!;
					fc.pre(target.length > 0);
					target[at % target.length]! ^= 1 << (at % 8);
					expect(await verdict(hex(key), text, hex(signature))).toBe(false);
				},
			),
			{ numRuns: 150 },
		);
	});

	test("by keys and points of any bytes whatever gets one verdict from both verifiers", async () => {
		const edge = fc.constantFrom(
			"00".repeat(32),
			"ff".repeat(32),
			`${"ff".repeat(31)}7f`,
			`ec${"ff".repeat(30)}7f`,
		);
		const half = fc.oneof(edge, fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hex));
		await fc.assert(
			fc.asyncProperty(half, half, half, async (A, R, S) => {
				await verdict(A, new Uint8Array(3), R + S);
			}),
			{ numRuns: 300 },
		);
	});

	test("by a key of small order fits no message, in any of its encodings", async () => {
		// Identity, order 2, order 4, order 8 twice; and the encodings of them with y ≥ p or the sign bit set.
		const points = [
			"0100000000000000000000000000000000000000000000000000000000000000",
			"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			"0000000000000000000000000000000000000000000000000000000000000000",
			"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
			"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
			"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		];
		for (const point of points)
			for (const last of [0, 0x80]) {
				const A = unhex(point)!;
				A[31]! |= last;
				// R = A = the point, S = 0: for the identity this satisfies the bare equation for every message.
				expect(await verdict(hex(A), new Uint8Array(5), hex(A) + "00".repeat(32))).toBe(false);
			}
	});

	test("in upper-case hex, cut short or lengthened is none", async () => {
		const seed = "07".repeat(32);
		const key = publicKey(seed);
		const signature = sign(seed, new Uint8Array(1));
		expect(await verdict(key, new Uint8Array(1), signature)).toBe(true);
		for (const [k, s] of [
			[key.toUpperCase(), signature],
			[key, signature.toUpperCase()],
			[key, signature.slice(2)],
			[key, `${signature}00`],
			[`${key}00`, signature],
			["", ""],
		] as const)
			expect(await verdict(k, new Uint8Array(1), s)).toBe(false);
	});

	test("among many is judged in its own place", async () => {
		const seed = "09".repeat(32);
		const signed = Array.from({ length: 35 }, (_, i) => {
			const bytes = Uint8Array.of(i);
			return {
				publicKey: publicKey(seed),
				bytes: i % 3 ? bytes : Uint8Array.of(99),
				signature: sign(seed, bytes),
			};
		});
		expect(await verifyAll(signed)).toEqual(signed.map((_, i) => i % 3 !== 0));
	});
});

describe("what is signed apart from messages", () => {
	test("names its purpose, the exchange and its parts, a line each", () => {
		expect(Buffer.from(signedBytes("session", "ab".repeat(32), "nonce")).toString()).toBe(
			`weekly-agent-exchange/1/session\n${"ab".repeat(32)}\nnonce`,
		);
		expect(Buffer.from(signedBytes("draw", "ab".repeat(32), "cd".repeat(32), 2)).toString()).toBe(
			`weekly-agent-exchange/1/draw\n${"ab".repeat(32)}\n${"cd".repeat(32)}\n2`,
		);
	});

	test("can be read in one way only: no part holds a newline", () => {
		expect(() => signedBytes("operator", "ab".repeat(32), "acme\nevil", "key")).toThrow(TypeError);
	});

	test("needs a whole secret", () => {
		for (const seed of ["", "ab", "AB".repeat(32), "zz".repeat(32), "ab".repeat(64)]) {
			expect(() => sign(seed, new Uint8Array(1))).toThrow(TypeError);
			expect(() => publicKey(seed)).toThrow(TypeError);
		}
	});
});
