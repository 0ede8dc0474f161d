const CHUNK_BYTES = 1 << 20;

/**
 * SHA-256 of a file, in hex, whatever its size: read a part at a time, so that neither memory nor the page is held up. `progress`
 * is told the bytes done; gives up with an AbortError when `signal` aborts.
 */
export async function hashFile(
	file: Blob,
	progress: (bytes: number) => void,
	signal: AbortSignal,
): Promise<string> {
	const [{ sha256 }, { hex }] = await Promise.all([
		import("@noble/hashes/sha2.js"),
		import("@/lib/log/bytes"),
	]);
	const hash = sha256.create();
	for (let at = 0; at < file.size; at += CHUNK_BYTES) {
		signal.throwIfAborted();
		hash.update(new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer()));
		progress(Math.min(at + CHUNK_BYTES, file.size));
	}
	return hex(hash.digest());
}
