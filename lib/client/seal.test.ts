import { createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newKey } from "./compose";
import {
	joinCapsule,
	open,
	openBundle,
	openBytes,
	seal,
	sealBundle,
	sealingKey,
	sealNote,
	splitCapsule,
} from "./seal";

const ada = newKey("0a".repeat(32));
const bob = newKey("0b".repeat(32));
const eve = newKey("0e".repeat(32));
const place = {
	as: "note" as const,
	exchange: "ab".repeat(32),
	antecedent: "cd".repeat(32),
	sender: ada.key,
};

describe("the sealing key", () => {
	test("follows from an agent's one secret by HKDF-SHA256 without salt", () => {
		const info = "weekly-agent-exchange/1/x25519";
		const secret = Buffer.from(hkdfSync("sha256", Buffer.from(ada.secret, "hex"), Buffer.alloc(0), info, 32));
		const der = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), secret]);
		const spki = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
		expect(sealingKey(ada.secret)).toEqual({
			secret: secret.toString("hex"),
			key: spki.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"),
		});
	});
});

describe("a note", () => {
	const text = "Meet at the build box. 你好 😀";
	const readers = [bob, ada].map(({ key, secret }) => ({
		agent: key,
		encryptionKey: sealingKey(secret).key,
	}));
	const sealed = sealNote(text, readers, place);

	test("is read by both who agreed, and by nobody else", () => {
		expect(sealed.map((one) => one.for)).toEqual([bob.key, ada.key]);
		expect(open(sealed[0]!, sealingKey(bob.secret).secret, place)).toBe(text);
		expect(open(sealed[1]!, sealingKey(ada.secret).secret, place)).toBe(text);
		expect(() => open(sealed[0]!, sealingKey(eve.secret).secret, place)).toThrow();
		expect(JSON.stringify(sealed)).not.toContain("build box");
	});

	test("opens nowhere but in its place: not copied to another agreement, sender, exchange or use", () => {
		for (const elsewhere of [
			{ antecedent: "ce".repeat(32) },
			{ sender: eve.key },
			{ exchange: "ac".repeat(32) },
			{ as: "capsule" as const },
		])
			expect(() => open(sealed[0]!, sealingKey(bob.secret).secret, { ...place, ...elsewhere })).toThrow();
	});
});

describe("a capsule and a bundle", () => {
	test("a capsule is one text that its solver opens", () => {
		const there = { ...place, as: "capsule" as const };
		const content = joinCapsule(seal("the job", sealingKey(bob.secret).key, there));
		expect(open(splitCapsule(content), sealingKey(bob.secret).secret, there)).toBe("the job");
		expect(() => splitCapsule("not base64")).toThrow(TypeError);
	});

	test("a bundle opens with its key, which travels sealed", () => {
		const { content, key } = sealBundle("the result");
		const there = { ...place, as: "bundle" as const };
		const sealedKey = seal(key, sealingKey(bob.secret).key, there);
		expect(openBundle(content, openBytes(sealedKey, sealingKey(bob.secret).secret, there))).toBe(
			"the result",
		);
		expect(() => openBundle(content, new Uint8Array(32))).toThrow();
		expect(sealBundle("the result").content).not.toBe(content);
	});
});
