import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agents } from "../../lib/doors/agents";
import { opened, type Visit } from "../../lib/doors/given";
import { Measures } from "../../lib/doors/health";
import { type Serving, serve } from "../../lib/doors/serve";

/** Two thousand readers of the stream, some of whom never read, and others who send a byte now and then. */
const STREAMS = 2_000;
const DEAF = 100;
const SLOW = 200;
const MESSAGES = 300;

let visit: Visit;
let serving: Serving;
let port: number;
const sockets: Socket[] = [];
beforeAll(async () => {
	visit = await opened({ embedder: "lexical" });
	port = await freePort();
	const { house, app } = visit;
	serving = await serve({
		host: "127.0.0.1",
		port,
		publicUrl: `http://127.0.0.1:${port}`,
		agents: agents(house, app, new Measures(house)),
		pages: (_, response) => response.writeHead(404).end(),
	});
});
afterAll(async () => {
	for (const socket of sockets) socket.destroy();
	await serving.close();
	await visit.close();
});

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function dial(): Socket {
	const socket = connect(port, "127.0.0.1").on("error", () => {});
	sockets.push(socket);
	return socket;
}

/** A reader of the stream, once it is told that it is one; `seen`: the seqs it has got. */
async function follows(): Promise<{ socket: Socket; seen: number[] }> {
	const socket = dial();
	const seen: number[] = [];
	let text = "";
	await new Promise<void>((begun) => {
		socket.setEncoding("latin1").on("data", (chunk: string) => {
			text += chunk;
			if (text.includes(": from ")) begun();
			for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
				const [, id] = /^id: (\d+)\r?\nevent: message/m.exec(text.slice(0, end)) ?? [];
				if (id !== undefined) seen.push(Number(id));
				text = text.slice(end + 2);
			}
		});
		socket.write("GET /api/messages/stream HTTP/1.1\r\nHost: x\r\n\r\n");
	});
	return { socket, seen };
}

test("idle streams and slow clients hinder nobody: every message is answered, and every reader who reads gets each once", async () => {
	const readers: Awaited<ReturnType<typeof follows>>[] = [];
	while (readers.length < STREAMS)
		readers.push(...(await Promise.all(Array.from({ length: 50 }, () => follows()))));
	for (const { socket } of readers.slice(0, DEAF)) socket.pause();
	const head =
		"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n";
	for (let i = 0; i < SLOW; i++) dial().write(i % 2 ? head : `${head}\r\n{"id":"`);

	const url = `http://127.0.0.1:${port}/api/messages`;
	const seqs: number[] = [];
	for (let i = 0; i < MESSAGES; i += 10) {
		const answers = await Promise.all(
			Array.from({ length: 10 }, (_, n) =>
				fetch(url, {
					method: "POST",
					headers: { "Content-Type": "application/json" },
					body: JSON.stringify(visit.agent().says("agent:profile", { name: `${i + n} `.repeat(20) })),
				}),
			),
		);
		for (const answer of answers) {
			expect(answer.status).toBe(201);
			seqs.push((await answer.json()).message.seq);
		}
		for (let slow = 0; slow < SLOW; slow++) sockets[STREAMS + slow]!.write(" ");
	}
	seqs.sort((a, b) => a - b);

	const hearing = readers.slice(DEAF);
	while (hearing.some(({ seen }) => seen.length < seqs.length)) await pause(50);
	for (const { seen } of hearing) expect(seen).toEqual(seqs);
	// Those who were deaf for a while have missed nothing.
	const late = readers.slice(0, DEAF);
	for (const { socket } of late) socket.resume();
	while (late.some(({ seen }) => seen.length < seqs.length)) await pause(50);
	for (const { seen } of late) expect(seen).toEqual(seqs);
});
