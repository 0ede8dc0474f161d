import type { Sql } from "postgres";
import { together } from "../../log/together";

interface Made {
	maker: string;
	sha256: string;
	bytes: Uint8Array;
}

/**
 * What was once computed from a text, in the table `vectors`: a restart or a rebuild of the views computes nothing again.
 * `maker` says by what: an embedder's id, or `sketch/1` and `calibration/1` for what else is dear to make.
 */
export class Kept {
	readonly #keep: (made: Made) => Promise<void>;

	constructor(readonly sql: Sql) {
		this.#keep = together(async (made: Made[]) => {
			const [makers, hashes] = [made.map(({ maker }) => maker), made.map(({ sha256 }) => sha256)];
			const bytes = made.map(({ bytes }) => Buffer.from(bytes).toString("hex"));
			await sql`
				insert into vectors (embedder, sha256, vectors)
				select maker, sha256, decode(bytes, 'hex')
				from unnest(${makers}::text[], ${hashes}::text[], ${bytes}::text[]) made (maker, sha256, bytes)
				order by sha256 on conflict do nothing`;
			return made.map(() => undefined);
		});
	}

	/** By hash; what is not there is absent. */
	async find(maker: string, hashes: readonly string[]): Promise<Map<string, Uint8Array>> {
		if (hashes.length === 0) return new Map();
		const rows = await this.sql`
			select sha256, vectors from vectors where embedder = ${maker} and sha256 = any(${hashes as string[]})`;
		return new Map(rows.map(({ sha256, vectors }) => [sha256 as string, vectors as Uint8Array]));
	}

	keep(maker: string, sha256: string, bytes: Uint8Array): Promise<void> {
		return this.#keep({ maker, sha256, bytes });
	}
}

/** A vector as a scale and one signed byte a dimension: what the index makes of it anyway, a fifth of its text in base64. */
export function packed(vector: Float32Array): Uint8Array {
	let largest = 0;
	for (const value of vector) largest = Math.max(largest, Math.abs(value));
	const scale = largest / 127 || 1;
	const bytes = new Uint8Array(4 + vector.length);
	const view = new DataView(bytes.buffer);
	view.setFloat32(0, scale, true);
	for (let i = 0; i < vector.length; i++) view.setInt8(4 + i, Math.round(vector[i]! / scale));
	return bytes;
}

/** The vector again, each number off by at most half a 127th of the largest; undefined when it has other dimensions. */
export function unpacked(bytes: Uint8Array, dims: number): Float32Array | undefined {
	if (bytes.length !== 4 + dims) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const scale = view.getFloat32(0, true);
	const vector = new Float32Array(dims);
	for (let i = 0; i < dims; i++) vector[i] = view.getInt8(4 + i) * scale;
	return vector;
}

export function packedHashes(hashes: Uint32Array): Uint8Array {
	const bytes = new Uint8Array(hashes.length * 4);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < hashes.length; i++) view.setUint32(i * 4, hashes[i]!, true);
	return bytes;
}

export function unpackedHashes(bytes: Uint8Array): Uint32Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const hashes = new Uint32Array(bytes.length >>> 2);
	for (let i = 0; i < hashes.length; i++) hashes[i] = view.getUint32(i * 4, true);
	return hashes;
}
