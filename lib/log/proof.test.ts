import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64, hex, unbase64, unhex, utf8 } from "./bytes";
import {
	append,
	checkpointOrigin,
	checkpointText,
	consistencyProof,
	EMPTY,
	frontierBefore,
	frontierNodes,
	inclusionProof,
	leafData,
	leafHash,
	noteKeyHash,
	parseCheckpoint,
	root,
	signCheckpoint,
	verifierKey,
	verifyCheckpoint,
	verifyConsistency,
	verifyInclusion,
} from "./proof";
import { publicKey, verify } from "./sign";

const vectors = new URL("../../e2e/vectors/", import.meta.url);
function vector<T>(name: string): T {
	return JSON.parse(readFileSync(new URL(name, vectors), "utf8")) as T;
}

/** A tree grown by `sizes` leaves at a time, with its nodes stored as a caller would store them. */
function grown(leaves: Uint8Array[], batches: number[] = [leaves.length]) {
	const stored = new Map<string, Uint8Array>();
	let frontier = EMPTY;
	let at = 0;
	for (const batch of batches) {
		const grew = append(frontier, leaves.slice(at, at + batch));
		for (const { level, index, hash } of grew.nodes) stored.set(`${level}/${index}`, hash);
		frontier = grew.frontier;
		at += batch;
	}
	const hashAt = (level: number, index: number) => {
		const hash = stored.get(`${level}/${index}`);
		if (!hash) throw new Error(`node ${level}/${index} is not complete`);
		return hash;
	};
	return { frontier, stored, hashAt };
}

function leaves(count: number) {
	return Array.from({ length: count }, (_, i) => leafHash(utf8(`leaf ${i}`)));
}

function flipped(hash: Uint8Array) {
	const other = hash.slice();
	other[7]! ^= 1;
	return other;
}

describe("the tree", () => {
	test("is RFC 6962's reference tree, node by node", () => {
		type Reference = {
			leaf_inputs_hex: string[];
			empty_root: string;
			roots_by_size_from_1: string[];
			node_hashes_by_level: string[][];
		};
		const reference = vector<Reference>("rfc6962-reference-tree.json");
		const hashes = reference.leaf_inputs_hex.map((input) => leafHash(unhex(input)!));
		expect(hex(root(EMPTY))).toBe(reference.empty_root);
		expect(hashes.map((_, i) => hex(root(grown(hashes.slice(0, i + 1)).frontier)))).toEqual(
			reference.roots_by_size_from_1,
		);
		const { stored } = grown(hashes);
		for (const [level, row] of reference.node_hashes_by_level.entries())
			for (const [index, hash] of row.entries()) expect(hex(stored.get(`${level}/${index}`)!)).toBe(hash);
		expect(stored.size).toBe(reference.node_hashes_by_level.flat().length);
	});

	test("is the same tree in whatever batches it grew, and can be continued from stored nodes", () => {
		fc.assert(
			fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (batches) => {
				const all = leaves(batches.reduce((sum, batch) => sum + batch, 0));
				const whole = grown(all);
				const { frontier, hashAt } = grown(all, batches);
				expect(hex(root(frontier))).toBe(hex(root(whole.frontier)));
				const read = frontierNodes(all.length).map(({ level, index }) => hashAt(level, index));
				expect(read.map(hex)).toEqual(frontier.hashes.map(hex));
			}),
		);
	});

	test("has as leaf a message's id and the millisecond it came in, big-endian", () => {
		const leaf = leafData("ab".repeat(32), Date.parse("2026-11-21T08:00:00.001Z"));
		const ms = Date.parse("2026-11-21T08:00:00.001Z").toString(16).padStart(16, "0");
		expect(hex(leaf)).toBe("ab".repeat(32) + ms);
	});
});

describe("an inclusion proof", () => {
	test("is judged as in the public vectors", () => {
		type Case = {
			file: string;
			leafIdx: number;
			treeSize: number;
			root: string | null;
			leafHash: string | null;
			proof: string[] | null;
			wantErr: boolean;
		};
		const cases = vector<Case[]>("inclusion.json");
		const verdicts = cases.map((c) => [
			c.file,
			verifyInclusion(c.leafIdx, c.treeSize, bytes(c.leafHash), (c.proof ?? []).map(bytes), bytes(c.root)),
		]);
		expect(verdicts).toEqual(cases.map((c) => [c.file, !c.wantErr]));
	});

	test("proves every leaf of every tree up to 33, and nothing else", async () => {
		const all = leaves(33);
		const { hashAt } = grown(all);
		for (let size = 1; size <= all.length; size++) {
			const head = root(grown(all.slice(0, size)).frontier);
			for (let index = 0; index < size; index++) {
				const proof = await inclusionProof(index, size, hashAt);
				expect(verifyInclusion(index, size, all[index]!, proof, head)).toBe(true);
				expect(verifyInclusion((index + 1) % size, size, all[index]!, proof, head)).toBe(size === 1);
				expect(verifyInclusion(index, size, flipped(all[index]!), proof, head)).toBe(false);
				if (proof.length > 0)
					expect(verifyInclusion(index, size, all[index]!, proof.slice(1), head)).toBe(false);
			}
		}
		await expect(inclusionProof(5, 5, hashAt)).rejects.toThrow(RangeError);
	});
});

describe("a consistency proof", () => {
	test("is judged as in the public vectors", () => {
		type Case = {
			file: string;
			size1: number;
			size2: number;
			root1: string | null;
			root2: string | null;
			proof: string[] | null;
			wantErr: boolean;
		};
		const cases = vector<Case[]>("consistency.json");
		const verdicts = cases.map((c) => [
			c.file,
			verifyConsistency(c.size1, c.size2, bytes(c.root1), bytes(c.root2), (c.proof ?? []).map(bytes)),
		]);
		expect(verdicts).toEqual(cases.map((c) => [c.file, !c.wantErr]));
	});

	test("proves every beginning of every tree up to 33, and no other history", async () => {
		const all = leaves(33);
		const { hashAt } = grown(all);
		const roots = all.map((_, i) => root(grown(all.slice(0, i + 1)).frontier));
		for (let size2 = 1; size2 <= all.length; size2++)
			for (let size1 = 1; size1 <= size2; size1++) {
				const proof = await consistencyProof(size1, size2, hashAt);
				const [root1, root2] = [roots[size1 - 1]!, roots[size2 - 1]!];
				expect(verifyConsistency(size1, size2, root1, root2, proof)).toBe(true);
				expect(verifyConsistency(size1, size2, flipped(root1), root2, proof)).toBe(false);
				expect(verifyConsistency(size1, size2, root1, flipped(root2), proof)).toBe(false);
			}
	});
});

function bytes(text: string | null): Uint8Array {
	return unbase64(text ?? "")!;
}

describe("a checkpoint", () => {
	const seed = "11".repeat(32);
	const exchange = publicKey(seed);
	const head = { size: 7, root: root(grown(leaves(7)).frontier) };
	const note = signCheckpoint(exchange, head, exchange, seed);

	test("is a signed note of three lines and one signature, as witnesses read it", () => {
		const name = `weekly-agent-exchange/${exchange.slice(0, 16)}`;
		expect(checkpointOrigin(exchange)).toBe(name);
		expect(checkpointText(exchange, head)).toBe(`${name}\n7\n${base64(head.root)}\n`);
		const [text, signature] = note.split("\n\n");
		expect(`${text}\n`).toBe(checkpointText(exchange, head));
		const [dash, signer, signed] = signature!.trimEnd().split(" ");
		expect([dash, signer, unbase64(signed!)!.length]).toEqual(["—", name, 4 + 64]);
		expect(verifierKey(exchange).split("+").slice(0, 2)).toEqual([
			name,
			hex(unbase64(signed!)!.subarray(0, 4)),
		]);
	});

	test("names keys and signs text as the notes of others do", () => {
		// The key of Go's checksum database, and the example note in the documentation of Go's note package.
		const go = hex(unbase64("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")!.subarray(1));
		expect(noteKeyHash("sum.golang.org", go)).toBe("033de0ae");

		const key = hex(unbase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")!.subarray(1));
		const text =
			"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
		const signed = hex(
			unbase64(
				"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
			)!,
		);
		expect(noteKeyHash("PeterNeumann", key)).toBe(signed.slice(0, 8));
		expect(verify(key, utf8(text), signed.slice(8))).toBe(true);
	});

	test("holds for the exchange and key that signed it, and for no other", () => {
		expect(verifyCheckpoint(note, exchange)).toEqual(head);
		const other = publicKey("12".repeat(32));
		expect(verifyCheckpoint(note, other)).toBeUndefined();
		expect(verifyCheckpoint(note, exchange, other)).toBeUndefined();
		expect(verifyCheckpoint(note.replace("\n7\n", "\n8\n"), exchange)).toBeUndefined();
		expect(verifyCheckpoint(note.replace("\n7\n", "\n07\n"), exchange)).toBeUndefined();
	});

	test("keeps its origin when the signing key was changed", () => {
		const next = publicKey("13".repeat(32));
		const rotated = signCheckpoint(exchange, head, next, "13".repeat(32));
		expect(parseCheckpoint(rotated)?.origin).toBe(checkpointOrigin(exchange));
		expect(verifyCheckpoint(rotated, exchange, next)).toEqual(head);
		expect(verifyCheckpoint(rotated, exchange)).toBeUndefined();
	});

	test("may carry witnesses' signatures beside ours, but not without ours", () => {
		const witness = `— witness.example/w ${base64(new Uint8Array(76).fill(9))}\n`;
		expect(verifyCheckpoint(note + witness, exchange)).toEqual(head);
		expect(verifyCheckpoint(`${checkpointText(exchange, head)}\n${witness}`, exchange)).toBeUndefined();
	});

	test("is not read from anything else", () => {
		for (const text of [
			"",
			"\n\n",
			note.slice(0, -1),
			note.replace("—", "-"),
			note.replace("\n7\n", "\n-7\n"),
			`\r${note}`,
		])
			expect(parseCheckpoint(text)).toBeUndefined();
	});
});

describe("the proof of a message's place", () => {
	test("shows the tree over all that stands before its leaf", async () => {
		for (let size = 1; size <= 40; size++) {
			const { hashAt } = grown(leaves(size));
			for (let index = 0; index < size; index++) {
				const proof = await inclusionProof(index, size, hashAt);
				const { frontier } = append(EMPTY, leaves(index));
				expect(frontierBefore(index, size, proof).map(hex)).toEqual(frontier.hashes.map(hex));
			}
		}
	});
});
