import type { Sql, TransactionSql } from "postgres";
import {
	append,
	type Coordinate,
	consistencyNodes,
	EMPTY,
	type Frontier,
	foldParts,
	inclusionNodes,
	type Node,
} from "./proof";

/** Leaves under one tile, and hashes in it: 2^TILE_LEVELS (C2SP tlog-tiles). */
export const TILE = 256;
const TILE_LEVELS = 8;
/** Tiles read in one go when there are many. */
const PAGE = 64;

/**
 * The tree over the stored log, for proofs and tiles. What lies below a full tile is read from the log when it is asked for: 256
 * rows; what lies above is kept here, two hashes for each 256 messages, and grows with the log. Nothing of it is stored, so
 * there is nothing that could differ from the log.
 */
export class LogTree {
	/** The tree whose leaves are the roots of full tiles. */
	#upper: Frontier = EMPTY;
	/** Its nodes by level. */
	readonly #rows: Uint8Array[][] = [];
	#growing: Promise<void> | undefined;

	constructor(readonly sql: Sql) {}

	/** The inclusion proof of leaf `index` in the tree of the log's first `size` messages. */
	inclusion(index: number, size: number): Promise<Uint8Array[]> {
		return this.#proof(inclusionNodes(index, size), size);
	}

	/** The proof that the tree of `size1` messages is the beginning of that of `size2`. */
	consistency(size1: number, size2: number): Promise<Uint8Array[]> {
		return this.#proof(consistencyNodes(size1, size2), size2);
	}

	/**
	 * The first `width` hashes of tile `index` at tile level `level` of the tree of `size` leaves; undefined where it does not have
	 * so many.
	 */
	async tile(
		{ level, index, width }: { level: number; index: number; width: number },
		size: number,
	): Promise<Uint8Array[] | undefined> {
		if (Math.floor(size / TILE ** level) < index * TILE + width) return undefined;
		if (level === 0) return (await leaves(this.sql, index * TILE, index * TILE + width)).slice(0, width);
		await this.#grow(size);
		return this.#rows[(level - 1) * TILE_LEVELS]!.slice(index * TILE, index * TILE + width);
	}

	async #proof(parts: Coordinate[][], size: number): Promise<Uint8Array[]> {
		await this.#grow(size);
		const below = parts.flat().filter(({ level }) => level < TILE_LEVELS);
		const tiles = [...new Set(below.map(tileOf))];
		const nodes = new Map<string, Uint8Array>();
		await Promise.all(
			tiles.map(async (tile) => {
				const from = tile * TILE;
				const hashes = await leaves(this.sql, from, Math.min(size, from + TILE));
				for (const { level, index, hash } of append(EMPTY, hashes).nodes)
					nodes.set(`${level}/${from / 2 ** level + index}`, hash);
			}),
		);
		return foldParts(parts, ({ level, index }) =>
			level < TILE_LEVELS ? nodes.get(`${level}/${index}`)! : this.#rows[level - TILE_LEVELS]![index]!,
		);
	}

	/** Reads the full tiles that are there since; whoever comes meanwhile waits for the same reading. */
	async #grow(size: number): Promise<void> {
		while (this.#upper.size < Math.floor(size / TILE)) {
			this.#growing ??= this.#read(Math.floor(size / TILE) * TILE).finally(() => {
				this.#growing = undefined;
			});
			await this.#growing;
		}
	}

	async #read(to: number): Promise<void> {
		for await (const tiles of leafTiles(this.sql, this.#upper.size * TILE, to)) {
			const roots = tiles.map((hashes) => rootOf(hashes));
			const { frontier, nodes } = append(this.#upper, roots);
			for (const node of nodes) this.#put(node);
			this.#upper = frontier;
		}
	}

	#put({ level, index, hash }: Node): void {
		this.#rows[level] ??= [];
		this.#rows[level][index] = hash;
	}
}

function tileOf({ level, index }: Coordinate): number {
	return Math.floor((index * 2 ** level) / TILE);
}

function rootOf(hashes: Uint8Array[]): Uint8Array {
	const [whole] = append(EMPTY, hashes).frontier.hashes;
	if (hashes.length !== TILE) throw new Error(`the log has a gap: a tile of ${hashes.length} leaves`);
	return whole!;
}

/**
 * The leaf hashes of the messages after `from` up to `to`, those of one tile together, in order. PostgreSQL hashes them where
 * they lie: to bring every row here costs five times as much.
 */
export async function* leafTiles(
	sql: Sql | TransactionSql,
	from: number,
	to: number,
): AsyncGenerator<Uint8Array[][]> {
	const pages = sql`
		select string_agg(hash, ''::bytea order by seq) as hashes
		from (
			select seq, (seq - 1) / ${TILE}::int as tile,
				sha256('\\x00'::bytea || decode(id, 'hex') || int8send(received_at)) as hash
			from messages where seq > ${from} and seq <= ${to}
		) leaves group by tile order by tile`;
	for await (const rows of pages.cursor(PAGE)) yield rows.map(({ hashes }) => cut(hashes));
}

async function leaves(sql: Sql, from: number, to: number): Promise<Uint8Array[]> {
	const all: Uint8Array[] = [];
	for await (const tiles of leafTiles(sql, from, to)) all.push(...tiles.flat());
	return all;
}

function cut(bytes: Uint8Array): Uint8Array[] {
	const hashes: Uint8Array[] = [];
	// Plain arrays: a slice of a Buffer would keep the whole of it.
	for (let at = 0; at < bytes.length; at += 32) hashes.push(Uint8Array.from(bytes.subarray(at, at + 32)));
	return hashes;
}
