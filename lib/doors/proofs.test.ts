import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concat, hex, unbase64 } from "../log/bytes";
import {
	append,
	EMPTY,
	leafData,
	leafHash,
	root,
	verifyCheckpoint,
	verifyConsistency,
	verifyInclusion,
} from "../log/proof";
import { linesOf, opened, type Visit } from "./given";
import { tileAt } from "./proofs";

interface Line {
	id: string;
	seq: number;
	received_at: string;
}

/** More than two full tiles. */
const MESSAGES = 600;

let visit: Visit;
let log: Line[];
let leaves: Uint8Array[];
beforeAll(async () => {
	visit = await opened();
	const says = (i: number) => visit.agent().says("agent:profile", { name: `${i}` });
	for (let sent = 0; sent < MESSAGES; sent += 300)
		await linesOf(await visit.batch(Array.from({ length: 300 }, (_, i) => says(sent + i))));
	log = await linesOf<Line>(await visit.get("/api/messages", { Accept: "application/x-ndjson" }));
	leaves = log.map((one) => leafHash(dataOf(one)));
});
afterAll(() => visit.close());

const dataOf = ({ id, received_at }: Line) => leafData(id, Date.parse(received_at));
const rootAt = (size: number) => root(append(EMPTY, leaves.slice(0, size)).frontier);
const headOf = (note: string) => verifyCheckpoint(note, visit.house.key)!;
const hashesOf = (texts: string[]) => texts.map((text) => unbase64(text)!);
const json = async (path: string) => (await visit.get(path)).json();
const statusOf = async (path: string) => {
	const answer = await visit.get(path);
	return answer.status === 200 ? 200 : `${answer.status} ${(await answer.json()).code}`;
};

describe("the checkpoint", () => {
	test("is signed by the exchange over the whole log", async () => {
		const answer = await visit.get("/api/checkpoint");
		expect(headOf(await answer.text())).toEqual({ size: log.length, root: rootAt(log.length) });
		expect(answer.headers.get("Seq")).toBe(`${log.length}`);
		expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain/);
	});
});

describe("the proof of a message", () => {
	test("leads from its id and time to the root that the exchange signs, wherever it stands in the log", async () => {
		for (const seq of [1, 2, 255, 256, 257, 511, 512, 513, log.length - 1, log.length]) {
			const { id } = log[seq - 1]!;
			const proof = await json(`/api/messages/${id}/proof`);
			expect(Object.keys(proof)).toEqual(["leaf_index", "tree_size", "hashes", "checkpoint"]);
			expect([proof.leaf_index, proof.tree_size]).toEqual([seq - 1, log.length]);
			const head = headOf(proof.checkpoint);
			expect(head.size).toBe(log.length);
			expect(verifyInclusion(seq - 1, head.size, leaves[seq - 1]!, hashesOf(proof.hashes), head.root)).toBe(
				true,
			);
		}
	});

	test("grows with the log, and holds at once for what was said last", async () => {
		const message = visit.agent().says("agent:profile", { name: "the last" });
		const { received_at } = (await (await visit.post(message)).json()).message;
		const proof = await json(`/api/messages/${message.id}/proof`);
		const leaf = leafHash(leafData(message.id, Date.parse(received_at)));
		const head = headOf(proof.checkpoint);
		expect(head.size).toBe(log.length + 1);
		expect(verifyInclusion(log.length, head.size, leaf, hashesOf(proof.hashes), head.root)).toBe(true);
		log.push({ id: message.id, seq: head.size, received_at });
		leaves.push(leaf);
	});

	test("is refused for what is not in the log", async () => {
		for (const id of ["0".repeat(64), log[0]!.id.toUpperCase(), "0".repeat(63), "x"])
			expect(await statusOf(`/api/messages/${id}/proof`)).toBe("404 unknown-message");
	});
});

describe("the proof that an earlier log is the beginning of this one", () => {
	test("leads from any size that was signed before to the one that is signed now", async () => {
		for (const from of [1, 2, 255, 256, 257, 512, 600, log.length - 1, log.length]) {
			const proof = await json(`/api/checkpoint/consistency?from=${from}`);
			expect(Object.keys(proof)).toEqual(["from_size", "tree_size", "hashes", "checkpoint"]);
			const head = headOf(proof.checkpoint);
			expect([proof.from_size, proof.tree_size, head.size]).toEqual([from, log.length, log.length]);
			expect(verifyConsistency(from, head.size, rootAt(from), head.root, hashesOf(proof.hashes))).toBe(true);
		}
	});

	test("is refused for a size that never was", async () => {
		const from = (value: string | number) => statusOf(`/api/checkpoint/consistency?from=${value}`);
		expect(await from(log.length)).toBe(200);
		for (const value of [0, -1, log.length + 1, 2 ** 53 - 1, 2 ** 53, "", "1.5", "one"])
			expect(await from(value)).toBe("400 bad-parameter");
		expect(await statusOf("/api/checkpoint/consistency")).toBe("400 bad-parameter");
		expect(await statusOf("/api/checkpoint/consistency?from=1&to=2")).toBe("400 bad-parameter");
	});
});

describe("a tile", () => {
	const bytesOf = async (path: string) => {
		const answer = await visit.get(`/api/tile/${path}`);
		expect(answer.headers.get("Content-Type")).toBe("application/octet-stream");
		expect(answer.headers.get("Cache-Control")).toContain("immutable");
		return new Uint8Array(await answer.arrayBuffer());
	};

	test("has the hashes of 256 leaves, or of as many as there are", async () => {
		expect(await bytesOf("0/001")).toEqual(concat(...leaves.slice(256, 512)));
		const width = log.length - 512;
		expect(await bytesOf(`0/002.p/${width}`)).toEqual(concat(...leaves.slice(512)));
		expect(await bytesOf("0/002.p/1")).toEqual(leaves[512]!);
		expect(await bytesOf("0/000.p/255")).toEqual(concat(...leaves.slice(0, 255)));
	});

	test("of the next level has the roots of those that are full", async () => {
		const roots = [0, 1].map((i) => root(append(EMPTY, leaves.slice(256 * i, 256 * (i + 1))).frontier));
		expect(await bytesOf("1/000.p/2")).toEqual(concat(...roots));
		expect(await bytesOf("1/000.p/1")).toEqual(roots[0]);
	});

	test("of entries has each leaf's data with its length before it", async () => {
		const bytes = await bytesOf("entries/002.p/3");
		const entry = (one: Line) => concat(Uint8Array.of(0, 40), dataOf(one));
		expect(hex(bytes)).toBe(hex(concat(...log.slice(512, 515).map(entry))));
		expect((await bytesOf("entries/000")).length).toBe(256 * 42);
	});

	test("is refused where the tree has none, and by any other address than its own", async () => {
		const width = log.length - 512;
		for (const path of [
			"0/002",
			`0/002.p/${width + 1}`,
			"0/003.p/1",
			"1/000",
			"1/000.p/3",
			"1/001.p/1",
			"2/000.p/1",
			"63/000.p/1",
			"64/000.p/1",
			"00/000",
			"0/0",
			"0/0000",
			"0/000.p/0",
			"0/000.p/01",
			"0/000.p/256",
			"0/x000/000",
			"0/x001",
			"0/x999/x999/x999/x999/x999/999",
			"entries/002",
			"entries/003.p/1",
			"data/000",
		])
			expect(`${path} ${await statusOf(`/api/tile/${path}`)}`).toBe(`${path} 404 no-such-tile`);
	});

	test("is addressed by groups of three digits", () => {
		expect(tileAt("0", "x001/x234/067")).toEqual({ level: 0, index: 1_234_067, width: 256 });
		expect(tileAt("63", "999.p/255")).toEqual({ level: 63, index: 999, width: 255 });
		expect(tileAt("entries", "000")).toEqual({ level: "entries", index: 0, width: 256 });
		expect(tileAt("0", "x999/x999/x999/x999/999")).toMatchObject({ index: 999_999_999_999_999 });
	});
});

test("a millisecond more or less of a message's time has no proof: the tree covers it", async () => {
	const { id, received_at } = log[100]!;
	const { hashes, checkpoint } = await json(`/api/messages/${id}/proof`);
	const { size, root } = headOf(checkpoint);
	const holds = (off: number) =>
		verifyInclusion(100, size, leafHash(leafData(id, Date.parse(received_at) + off)), hashesOf(hashes), root);
	expect([-1, 0, 1].map(holds)).toEqual([false, true, false]);
});
