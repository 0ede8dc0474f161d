import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/**
 * A line to `url` on which everything is heard that goes there, as it goes: a browser's proxy, so that nothing passes beside it,
 * whichever of its parts sends it and however late.
 */
export async function openTap(url: string) {
	const { hostname, port } = new URL(url);
	const lines: Buffer[][] = [];
	const server = createServer((near) => {
		const heard: Buffer[] = [];
		lines.push(heard);
		const far = connect(Number(port), hostname);
		const end = () => {
			near.destroy();
			far.destroy();
		};
		for (const socket of [near, far]) socket.on("error", end).on("close", end);
		near.on("data", (part: Buffer) => heard.push(part));
		near.pipe(far).pipe(near);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		/** Each line's bytes, one character a byte. */
		heard: () => lines.map((parts) => Buffer.concat(parts).toString("latin1")),
		close: () => server.close(),
	};
}
