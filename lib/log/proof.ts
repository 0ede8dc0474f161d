/**
 * The tree over the log (RFC 6962, SHA-256) and the checkpoint that signs its head (C2SP tlog-checkpoint).
 * A leaf is a message's id and the time it was received, so that the exchange cannot move either afterwards.
 *
 * A node is named by level and index: level 0 are the leaves in order, node (l, i) covers the leaves
 * i·2^l … (i+1)·2^l − 1 and exists once all of them do. Such a node never changes, so it can be stored and served.
 */
import { base64, concat, hex, sha256, unbase64, unhex, utf8 } from "./bytes";
import { sign, verify } from "./sign";

export type Coordinate = { level: number; index: number };
export type Node = Coordinate & { hash: Uint8Array };

/** The right edge of a tree: the roots of its complete subtrees, largest first, one for each 1 in `size`'s binary form. */
export type Frontier = { size: number; hashes: Uint8Array[] };

export const EMPTY: Frontier = { size: 0, hashes: [] };

/** The leaf of a message: `id` (64 hex) as 32 bytes, then `receivedAtMs` (since 1970) as 8 bytes, big-endian. */
export function leafData(id: string, receivedAtMs: number): Uint8Array {
	const leaf = new Uint8Array(40);
	leaf.set(unhex(id)!);
	new DataView(leaf.buffer).setBigUint64(32, BigInt(receivedAtMs));
	return leaf;
}

export function leafHash(data: Uint8Array): Uint8Array {
	return sha256(concat(Uint8Array.of(0), data));
}

/** Two hashes with their prefix, in one place: a long log has as many nodes as messages. */
const pair = Uint8Array.of(1, ...new Uint8Array(64));

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
	pair.set(left, 1);
	pair.set(right, 33);
	return sha256(pair);
}

/**
 * Continues a tree with leaf hashes. `nodes` are all nodes that became complete, the leaves among them, children
 * before parents: what the caller stores. The frontier given is not changed.
 */
export function append(
	frontier: Frontier,
	leaves: readonly Uint8Array[],
): { frontier: Frontier; nodes: Node[] } {
	let { size } = frontier;
	const hashes = [...frontier.hashes];
	const nodes: Node[] = [];
	for (const leaf of leaves) {
		let node: Node = { level: 0, index: size, hash: leaf };
		nodes.push(node);
		// As adding one carries in binary, so a right child completes its parent, and that one its own.
		while (node.index % 2 === 1) {
			node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(hashes.pop()!, node.hash) };
			nodes.push(node);
		}
		hashes.push(node.hash);
		size++;
	}
	return { frontier: { size, hashes }, nodes };
}

/** The nodes whose hashes make the frontier of a tree of `size` leaves, in its order: to read it back from stored nodes. */
export function frontierNodes(size: number): Coordinate[] {
	return cover(0, size);
}

export function root(frontier: Frontier): Uint8Array {
	return fold(frontier.hashes);
}

function fold(hashes: readonly Uint8Array[]): Uint8Array {
	if (hashes.length === 0) return sha256(new Uint8Array());
	return hashes.reduceRight((right, left) => nodeHash(left, right));
}

export type HashAt = (level: number, index: number) => Uint8Array | Promise<Uint8Array>;

/**
 * The inclusion proof of leaf `index` in the tree of the first `size` leaves; `hashAt` reads complete nodes.
 * Throws RangeError unless 0 ≤ index < size.
 */
export async function inclusionProof(index: number, size: number, hashAt: HashAt): Promise<Uint8Array[]> {
	return read(inclusionNodes(index, size), hashAt);
}

/** The proof that the tree of `size1` leaves is the beginning of that of `size2`. Throws RangeError unless 0 < size1 ≤ size2. */
export async function consistencyProof(size1: number, size2: number, hashAt: HashAt): Promise<Uint8Array[]> {
	return read(consistencyNodes(size1, size2), hashAt);
}

/** For each hash of the inclusion proof, the complete nodes it is folded from, so that all can be read in one query. */
export function inclusionNodes(index: number, size: number): Coordinate[][] {
	if (!(index >= 0 && index < size)) throw new RangeError("There is no such leaf.");
	const proof: Coordinate[][] = [];
	let [start, end] = [0, size];
	while (end - start > 1) {
		const middle = start + split(end - start);
		if (index < middle) {
			proof.unshift(cover(middle, end));
			end = middle;
		} else {
			proof.unshift(cover(start, middle));
			start = middle;
		}
	}
	return proof;
}

/** The same for a consistency proof. */
export function consistencyNodes(size1: number, size2: number): Coordinate[][] {
	if (!(size1 > 0 && size1 <= size2)) throw new RangeError("There is no such beginning.");
	const proof: Coordinate[][] = [];
	let [start, end] = [0, size2];
	while (end !== size1) {
		const middle = start + split(end - start);
		if (size1 <= middle) {
			proof.unshift(cover(middle, end));
			end = middle;
		} else {
			proof.unshift(cover(start, middle));
			start = middle;
		}
	}
	// The old tree is itself a node of the new one when nothing was left of it; then its root is known already.
	if (start > 0) proof.unshift(cover(start, end));
	return proof;
}

async function read(parts: Coordinate[][], hashAt: HashAt): Promise<Uint8Array[]> {
	const known = new Map<Coordinate, Uint8Array>();
	await Promise.all(parts.flat().map(async (node) => known.set(node, await hashAt(node.level, node.index))));
	return foldParts(parts, (node) => known.get(node)!);
}

/** The hashes of a proof from the complete nodes that each is folded from. */
export function foldParts(parts: Coordinate[][], hashOf: (node: Coordinate) => Uint8Array): Uint8Array[] {
	return parts.map((part) => fold(part.map(hashOf)));
}

/** The complete nodes that cover the leaves start … end − 1, left to right, where start is where a subtree begins. */
function cover(start: number, end: number): Coordinate[] {
	const nodes: Coordinate[] = [];
	for (let at = start; at < end; ) {
		let level = 0;
		while (2 ** (level + 1) <= end - at) level++;
		nodes.push({ level, index: at / 2 ** level });
		at += 2 ** level;
	}
	return nodes;
}

/** The largest power of two below n: where RFC 6962 splits a tree of n leaves, n > 1. */
function split(n: number): number {
	let power = 1;
	while (power * 2 < n) power *= 2;
	return power;
}

/** Whether `proof` leads from the leaf at `index` to the root of the tree of `size` leaves. */
export function verifyInclusion(
	index: number,
	size: number,
	leaf: Uint8Array,
	proof: readonly Uint8Array[],
	expectedRoot: Uint8Array,
): boolean {
	if (!isCount(index) || !isCount(size) || index >= size || ![leaf, ...proof].every(isHash)) return false;
	const rest = [...proof];
	const up = (index: number, size: number): Uint8Array | undefined => {
		if (size === 1) return rest.length === 0 ? leaf : undefined;
		const sibling = rest.pop();
		const middle = split(size);
		const inner = index < middle ? up(index, middle) : up(index - middle, size - middle);
		if (!sibling || !inner) return undefined;
		return index < middle ? nodeHash(inner, sibling) : nodeHash(sibling, inner);
	};
	const found = up(index, size);
	return found !== undefined && equal(found, expectedRoot);
}

/**
 * Of an inclusion proof that holds, the hashes of what stands before the leaf, largest subtree first: the frontier of the tree of
 * the first `index` leaves. Whoever has those leaves sees by it that they are the ones which the root is over.
 */
export function frontierBefore(index: number, size: number, proof: readonly Uint8Array[]): Uint8Array[] {
	const rest = [...proof];
	const before: Uint8Array[] = [];
	for (let [at, left] = [index, size]; left > 1; ) {
		const sibling = rest.pop();
		const middle = split(left);
		if (at < middle) left = middle;
		else {
			if (sibling) before.push(sibling);
			[at, left] = [at - middle, left - middle];
		}
	}
	return before;
}

/**
 * Whether `proof` shows that the tree with `root1` is the beginning of the tree with `root2`. False for an empty
 * first tree: every tree begins with it, so that asking is a caller's mistake.
 */
export function verifyConsistency(
	size1: number,
	size2: number,
	root1: Uint8Array,
	root2: Uint8Array,
	proof: readonly Uint8Array[],
): boolean {
	if (!isCount(size1) || !isCount(size2) || size1 === 0 || size1 > size2) return false;
	if (size1 === size2) return proof.length === 0 && equal(root1, root2);
	if (![root1, root2, ...proof].every(isHash)) return false;
	const rest = [...proof];
	/** The roots of the old and the new part of one subtree, `whole` while nothing was left of it. */
	const up = (size1: number, size2: number, whole: boolean): [Uint8Array, Uint8Array] | undefined => {
		if (size1 === size2) {
			const known = whole ? root1 : rest.pop();
			return known && rest.length === 0 ? [known, known] : undefined;
		}
		const sibling = rest.pop();
		const middle = split(size2);
		const inner = size1 <= middle ? up(size1, middle, whole) : up(size1 - middle, size2 - middle, false);
		if (!sibling || !inner) return undefined;
		const [before, after] = inner;
		return size1 <= middle
			? [before, nodeHash(after, sibling)]
			: [nodeHash(sibling, before), nodeHash(sibling, after)];
	};
	const found = up(size1, size2, true);
	return found !== undefined && equal(found[0], root1) && equal(found[1], root2);
}

function isCount(value: number): boolean {
	return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Uint8Array): boolean {
	return value.length === 32;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
	return hex(a) === hex(b);
}

export type Head = { size: number; root: Uint8Array };
export type Checkpoint = Head & {
	origin: string;
	/** What is signed: origin, size and root, each with its newline. */
	text: string;
	/** Key hash and signature of each line, with the name that stands there. */
	signatures: { name: string; keyHash: string; signature: string }[];
};

/** The exchange's name in checkpoints; it stays when the signing key is changed. */
export function checkpointOrigin(exchangeKey: string): string {
	return `weekly-agent-exchange/${exchangeKey.slice(0, 16)}`;
}

/** The text of a checkpoint that is signed (C2SP tlog-checkpoint): three lines, the last newline included. */
export function checkpointText(exchangeKey: string, head: Head): string {
	return `${checkpointOrigin(exchangeKey)}\n${head.size}\n${base64(head.root)}\n`;
}

/** The signed note (C2SP signed-note) that `GET /api/checkpoint` serves, signed with the exchange's seed of today. */
export function signCheckpoint(exchangeKey: string, head: Head, signingKey: string, seed: string): string {
	const text = checkpointText(exchangeKey, head);
	const origin = checkpointOrigin(exchangeKey);
	const signed = unhex(noteKeyHash(origin, signingKey) + sign(seed, utf8(text)))!;
	return `${text}\n— ${origin} ${base64(signed)}\n`;
}

/** Reads a signed note as a checkpoint; undefined when it is none. Lines after the root are other logs' extensions and are let be. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
	if (/[^\P{Cc}\n]/u.test(note)) return undefined; // signed-note forbids control characters
	const blank = note.lastIndexOf("\n\n");
	if (blank === -1 || !note.endsWith("\n")) return undefined;
	const text = note.slice(0, blank + 1);
	const [origin, sizeText, rootText] = text.split("\n");
	const root = unbase64(rootText ?? "");
	if (!origin || !root || root.length !== 32 || !/^(0|[1-9]\d{0,15})$/.test(sizeText ?? "")) return undefined;
	const signatures: Checkpoint["signatures"] = [];
	for (const line of note.slice(blank + 2, -1).split("\n")) {
		const [, name, encoded] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
		const signed = unbase64(encoded ?? "");
		if (!name || !signed || signed.length < 5) return undefined;
		signatures.push({ name, keyHash: hex(signed.subarray(0, 4)), signature: hex(signed.subarray(4)) });
	}
	return { origin, size: Number(sizeText), root, text, signatures };
}

/**
 * The head that `signingKey` signed for the exchange with `exchangeKey`, or undefined: not a checkpoint, of another
 * log, or without a valid signature by that key. Signatures of other names and keys are passed over, as the
 * signed-note format demands.
 */
export function verifyCheckpoint(
	note: string,
	exchangeKey: string,
	signingKey = exchangeKey,
): Head | undefined {
	const checkpoint = parseCheckpoint(note);
	const origin = checkpointOrigin(exchangeKey);
	if (checkpoint?.origin !== origin) return undefined;
	const ours = noteKeyHash(origin, signingKey);
	const known = checkpoint.signatures.filter(({ name, keyHash }) => name === origin && keyHash === ours);
	const valid = known.every(({ signature }) => verify(signingKey, utf8(checkpoint.text), signature));
	return known.length > 0 && valid ? { size: checkpoint.size, root: checkpoint.root } : undefined;
}

/** The verifier key that witnesses and other tools of the C2SP family take: `<name>+<key hash>+<base64 key>`. */
export function verifierKey(exchangeKey: string, signingKey = exchangeKey): string {
	const key = base64(concat(ED25519, unhex(signingKey)!));
	const origin = checkpointOrigin(exchangeKey);
	return `${origin}+${noteKeyHash(origin, signingKey)}+${key}`;
}

/** The signature type of Ed25519 in signed notes. */
const ED25519 = Uint8Array.of(1);

/** The four bytes (8 hex) by which a signed note names the Ed25519 key that signed it. */
export function noteKeyHash(name: string, publicKey: string): string {
	return hex(sha256(concat(utf8(`${name}\n`), ED25519, unhex(publicKey)!)).subarray(0, 4));
}
