import { once } from "node:events";
import { Agent, request as ask, createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * A plain proxy: to each of `ports` in turn, over connections that it keeps. A request is tried elsewhere where nobody took the
 * connection, or where one that was kept had ended just then (RFC 9112, 9.3.1): a message may be sent twice, it counts once. Whatever
 * else goes wrong is answered 502 and told in `failures`.
 */
export async function openProxy(ports: readonly number[]) {
	const agent = new Agent({ keepAlive: true });
	const failures: string[] = [];
	let turn = 0;
	const server = createServer(async (request, response) => {
		const { method, url, headers } = request;
		const body = await buffer(request).catch(() => undefined);
		if (!body) return response.destroy();
		const first = turn++;
		const pass = (tried: number) => {
			const port = ports[(first + tried) % ports.length]!;
			const onward = ask({ host: "127.0.0.1", port, method, path: url, headers: kept(headers), agent });
			onward.on("response", (answer) => {
				response.writeHead(answer.statusCode!, kept(answer.headers));
				answer.pipe(response);
				response.on("close", () => answer.destroy());
				answer.on("error", (error) => {
					if (!response.destroyed) failures.push(`${method} ${url}: cut off, ${error.message}`);
					response.destroy();
				});
			});
			onward.on("error", (error: Error & { code?: string }) => {
				if (response.headersSent) return;
				const ended = error.code === "ECONNRESET" && onward.reusedSocket;
				if ((error.code === "ECONNREFUSED" || ended) && tried + 1 < ports.length) return pass(tried + 1);
				failures.push(`${method} ${url} at ${port}: ${error.message}`);
				response.writeHead(502).end();
			});
			onward.end(body);
		};
		pass(0);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		failures,
		async close() {
			server.close();
			server.closeAllConnections();
			agent.destroy();
		},
	};
}

/** Of a message what goes on: a connection is between two. */
function kept({ connection, "keep-alive": _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
	return headers;
}
