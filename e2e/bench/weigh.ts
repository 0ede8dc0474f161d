import { gzipSync } from "node:zlib";

/** Bytes of a page and of all scripts that it names. */
export async function weigh(
	url: string,
	path: string,
): Promise<{ html: number; htmlGz: number; scriptsGz: number }> {
	const html = await (await fetch(`${url}${path}`)).text();
	const scripts = new Set([...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, src]) => src!));
	let scriptsGz = 0;
	for (const src of scripts)
		scriptsGz += gzipSync(new Uint8Array(await (await fetch(new URL(src, url))).arrayBuffer())).length;
	return { html: Buffer.byteLength(html), htmlGz: gzipSync(html).length, scriptsGz };
}
