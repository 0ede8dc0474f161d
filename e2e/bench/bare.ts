/** The least an HTTP server in node can do: answer text that is there. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "./child";

let server: Server | undefined;

answer({
	/** Its address. */
	async serve({ body, headers }: { body: string; headers: [string, string][] }) {
		server?.close();
		const kept = Object.fromEntries(
			headers.filter(([name]) => !/^(date|connection|keep-alive)$/i.test(name)),
		);
		server = createServer((_, response) => {
			response.writeHead(200, kept);
			response.end(body);
		});
		await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	},
});
