import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { hex, unhex } from "../log/bytes";
import { type KeyChain, signedHead } from "../log/key-chain";
import { append, checkpointOrigin, type Frontier, type Head, root, signCheckpoint } from "../log/proof";
import { glance, standing } from "../log/standing";
import { leafTiles } from "../log/tree";
import { chainIn, headToSign, type Signer } from "./signer";
import type { Tell } from "./tell";

/** What a crash may leave without a kept checkpoint, and what a busy exchange's file grows by: 215 bytes each time. */
const EVERY_MS = 5_000;
/** Of the file's end: some hundred checkpoints. */
const END_BYTES = 32_768;

export const checkpointsFile = (dataDir: string) => join(dataDir, "checkpoints");

/**
 * The heads that this exchange has signed and kept beside its database: signed notes, one after the other, only ever added to.
 * What a crash left half written is passed over. Throws where one is not by the key of this exchange that was in force then.
 */
export async function keptHeads(dataDir: string, key: string, chain: KeyChain): Promise<Head[]> {
	const file = checkpointsFile(dataDir);
	const text = await readFile(file, "utf8").catch((error) => {
		if (error.code === "ENOENT") return "";
		throw error;
	});
	return headsIn(text, dataDir, key, chain);
}

function headsIn(text: string, dataDir: string, key: string, chain: KeyChain): Head[] {
	const notes =
		text.match(new RegExp(`^${checkpointOrigin(key)}\\n\\d+\\n\\S+\\n\\n(?:— .+\\n)+`, "gm")) ?? [];
	return notes.map((note) => {
		const head = signedHead(note, key, chain);
		if (!head)
			throw new Error(
				`${checkpointsFile(dataDir)} holds a checkpoint that this exchange did not sign (size ${note.split("\n")[1]}): bring that file back from a backup`,
			);
		return head;
	});
}

/** The newest of them, read from the file's end: a year of them is a gigabyte, and each was signed because it followed from the one before. */
async function newestHead(dataDir: string, key: string, chain: KeyChain): Promise<Head | undefined> {
	const handle = await open(checkpointsFile(dataDir), "r").catch((error) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (!handle) return undefined;
	try {
		const { size } = await handle.stat();
		const from = Math.max(0, size - END_BYTES);
		const { bytesRead, buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
		return headsIn(buffer.toString("utf8", 0, bytesRead), dataDir, key, chain).reduce<Head | undefined>(
			(newest, head) => (newest && newest.size > head.size ? newest : head),
			undefined,
		);
	} finally {
		await handle.close();
	}
}

/**
 * The tree of the stored log. Throws a line for a person where the log is not the one whose checkpoints were kept, as far as its
 * head says; all of it is read only where it has grown since the newest of them, by what a crash left without one.
 */
export async function refuseAnotherLog(url: string, dataDir: string, key: string): Promise<Frontier> {
	const file = checkpointsFile(dataDir);
	const sql = connect(url, { max: 1 }) as Sql;
	try {
		// Before the log: what is kept meanwhile by another process is of a longer one than the snapshot.
		const newest = await newestHead(dataDir, key, await chainIn(sql, key));
		const looked = (await glance(sql, newest, file)) ?? (await standing(sql, newest ? [newest] : [], file));
		if (looked.fault) throw changed(looked.fault, file);
		return looked.tree;
	} finally {
		await sql.end({ timeout: 5 });
	}
}

/**
 * Reads the whole log behind a start that has looked at its head alone. `found`: told the line for a person where it is not the
 * log whose checkpoints were kept.
 */
export function readBehind(parts: {
	url: string;
	dataDir: string;
	key: string;
	found(error: Error): void;
	tell: Tell;
}): { done: Promise<void>; close(): Promise<void> } {
	const { url, dataDir, key, found, tell } = parts;
	const file = checkpointsFile(dataDir);
	const sql = connect(url, { max: 1 }) as Sql;
	let isClosed = false;
	const done = (async () => {
		try {
			const newest = await newestHead(dataDir, key, await chainIn(sql, key));
			const { fault } = await standing(sql, newest ? [newest] : [], file);
			if (fault && !isClosed) found(changed(fault, file));
		} catch (error) {
			if (!isClosed) tell("error", "reading the log behind the start", error);
		} finally {
			await sql.end({ timeout: 5 });
		}
	})();
	return {
		done,
		async close() {
			isClosed = true;
			await sql.end({ timeout: 0 });
			await done;
		},
	};
}

function changed(fault: string, file: string): Error {
	return new Error(
		`The log in this database was changed from outside: ${fault}. Restore a backup that has it whole (npm run verify says what differs), or, to go on with this log before everybody's eyes, move ${file} away`,
	);
}

export interface Keeping {
	/** Keeps the head of this moment, and stops. */
	close(): Promise<void>;
}

/**
 * Keeps a signed checkpoint of the log in `<dataDir>/checkpoints` whenever it has grown, from the tree that the start found.
 * What is new since the last one is hashed again here: a head that does not follow from the kept one is not signed but told.
 */
export async function keepCheckpoints(parts: {
	url: string;
	dataDir: string;
	/** The key that names the exchange. */
	key: string;
	signer: Signer;
	tree: Frontier;
	tell: Tell;
}): Promise<Keeping> {
	const { url, dataDir, key, signer, tell } = parts;
	const file = checkpointsFile(dataDir);
	const sql = connect(url, { max: 1 }) as Sql;
	const newest = await newestHead(dataDir, key, await chainIn(sql, key));
	await mkdir(dataDir, { recursive: true });
	const handle = await open(file, "a+");
	let { tree } = parts;
	let keptSize = newest?.size ?? 0;

	await endTornLine();
	let keeping = keep();
	const timer = setInterval(() => {
		keeping = keeping.then(keep);
	}, EVERY_MS);
	timer.unref();
	await keeping;

	return {
		async close() {
			clearInterval(timer);
			await keeping.then(keep);
			await sql.end({ timeout: 5 });
			await handle.close();
		},
	};

	async function keep(): Promise<void> {
		try {
			const head = await headToSign(sql);
			const size = head?.size ?? 0;
			for await (const tiles of leafTiles(sql, tree.size, size)) tree = append(tree, tiles.flat()).frontier;
			if (size <= keptSize) return;
			if (tree.size !== size || tree.hashes.map(hex).join() !== head!.frontier.join())
				throw new Error(
					`the log's head at ${size} does not follow from the checkpoint kept at ${keptSize}: npm run verify says what differs`,
				);
			const hashes = head!.frontier.map((hash) => unhex(hash)!);
			const { signer: inForce } = head!;
			await handle.appendFile(
				signCheckpoint(key, { size, root: root({ size, hashes }) }, inForce, signer.secretOf(inForce)),
			);
			await handle.datasync();
			keptSize = size;
		} catch (error) {
			tell("error", "keeping a checkpoint", error);
		}
	}

	/** A crash may have cut the last note: what follows begins on a line of its own. */
	async function endTornLine(): Promise<void> {
		const { size } = await handle.stat();
		if (size === 0) return;
		const last = new Uint8Array(1);
		await handle.read(last, 0, 1, size - 1);
		if (last[0] !== 0x0a) await handle.appendFile("\n");
	}
}
