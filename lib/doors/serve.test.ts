import { once } from "node:events";
import { request as ask, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { freePort } from "../../e2e/started";
import { serve } from "./serve";

test.each([
	["https://exchange.example", "max-age=31536000"],
	["http://exchange.example", null],
])("readers of %s are told to come by TLS always only where they come by it", async (publicUrl, told) => {
	const port = await freePort();
	const nothing = (_: unknown, response: { end(): void }) => void response.end();
	const serving = await serve({ host: "127.0.0.1", port, publicUrl, agents: nothing, pages: nothing });
	// A page, its refusal before Next is asked, and the API.
	for (const path of ["/", "/%ff", "/api/exchange"]) {
		const answer = await fetch(`http://127.0.0.1:${port}${path}`);
		expect([path, answer.headers.get("Strict-Transport-Security")]).toEqual([path, told]);
	}
	await serving.close();
});

test("a whole address for a target, as a proxy's client writes it, asks for what it names here, and nothing that is no path reaches anybody", async () => {
	const port = await freePort();
	const says =
		(who: string) =>
		({ url }: IncomingMessage, response: { end(said: string): void }) =>
			response.end(`${who} ${url}`);
	const serving = await serve({
		host: "127.0.0.1",
		port,
		publicUrl: "http://exchange.example",
		agents: says("agents"),
		pages: says("pages"),
	});
	for (const [target, said] of [
		["/exchange?q=a", "pages /exchange?q=a"],
		["http://elsewhere.example/exchange?q=a", "pages /exchange?q=a"],
		["HTTPS://elsewhere.example/api/exchange", "agents /api/exchange"],
		["http://elsewhere.example", "pages /"],
		["http://elsewhere.example?week=2026-W48", "pages /?week=2026-W48"],
		["*", "no-such-page"],
		["ftp://elsewhere.example/exchange", "no-such-page"],
	]) {
		const [answer] = (await once(ask({ port, path: target }).end(), "response")) as [IncomingMessage];
		expect([target, await text(answer)]).toEqual([target, expect.stringContaining(said!)]);
	}
	await serving.close();
});
