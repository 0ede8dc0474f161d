import type { Server } from "node:http";
import { connect } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { serve } from "../../lib/doors/serve";
import type { Payload } from "../../lib/log/message";
import { freePort } from "../started";
import type { Product } from "./open";

/** Requests that no client of ours sends: each is answered, none by a failure, and none by more than it may have. */
export function requests(given: () => { product: Product }): void {
	/** Whatever is written, as it is written: the status lines of what comes back, until the connection ends or falls silent. */
	async function raw(
		bytes: string,
		how: "and ends" | "and waits" = "and waits",
	): Promise<{ statuses: number[]; text: string }> {
		const { port } = given().product;
		const text = await new Promise<string>((resolve) => {
			const socket = connect(port, "127.0.0.1");
			let got = "";
			socket.setEncoding("latin1");
			socket.on("data", (part: string) => {
				got += part;
			});
			// For what hangs: then it has no status that a test would take.
			socket.setTimeout(30_000, () => socket.destroy(new Error("silent")));
			socket.on("error", ({ message }) => resolve(message === "silent" ? "HTTP/1.1 599 \r\n" : got));
			socket.on("close", () => resolve(got));
			// Whoever ends a page's connection is not answered any more.
			if (how === "and ends") socket.end(bytes);
			else socket.write(bytes);
		});
		return {
			statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status)),
			text,
		};
	}
	const get = (target: string, more = "") =>
		`GET ${target} HTTP/1.1\r\nHost: x\r\n${more}Connection: close\r\n\r\n`;
	const post = (headers: string, body = "") =>
		`POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;

	afterAll(async () => {
		const { product } = given();
		// Whatever was sent: it goes on.
		expect((await product.ask("/api/health")).status).toBe(200);
	});

	describe("a request", () => {
		const ONE_ANSWER: Record<string, string> = {
			"with two lengths": post(
				"Content-Length: 2\r\nContent-Length: 40\r\n",
				"{}GET /api/drafts HTTP/1.1\r\nHost: x\r\n\r\n",
			),
			"with a length and pieces": post(
				"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
				"0\r\n\r\nGET /api/drafts HTTP/1.1\r\nHost: x\r\n\r\n",
			),
			"with pieces spelled otherwise": post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
			"with pieces said twice": post(
				"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
				"0\r\n\r\n",
			),
			"with a length that is no number": post("Content-Length: +2\r\n", "{}"),
			"with a space before the colon": post("Content-Length : 2\r\n", "{}"),
			"with a header folded over two lines": get("/", "X-A: b\r\n\tc\r\n"),
			"with a bare line feed in a header": get("/", "X-A: b\nX-B: c\r\n"),
			"without a host": "GET / HTTP/1.1\r\n\r\n",
			"with two hosts": get("/", "Host: y\r\n"),
			"of no version": "GET /\r\n\r\n",
			"that is none": "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
			"with headers of a megabyte": get("/", `X-A: ${"a".repeat(1_000_000)}\r\n`),
			"with ten thousand headers": get("/", "A: b\r\n".repeat(10_000)),
			"with an address of a megabyte": get(`/${"a".repeat(1_000_000)}`),
		};
		for (const [what, bytes] of Object.entries(ONE_ANSWER))
			test(`${what} is refused, and nothing behind it is taken for another`, async () => {
				const { statuses, text } = await raw(bytes, "and ends");
				expect(statuses.length).toBeLessThanOrEqual(1);
				for (const status of statuses) expect(status).toBeGreaterThanOrEqual(200);
				for (const status of statuses) expect(status).toBeLessThan(500);
				expect(text).not.toContain("session-needed");
			});

		const ASKED: Record<string, string[]> = {
			"for a file outside the build": [
				...[
					"/_next/static/../../package.json",
					"/_next/static/%2e%2e/%2e%2e/package.json",
					"/_next/static/..%2f..%2fpackage.json",
				],
				...[
					"/_next/static/..\\..\\package.json",
					"/../../../../etc/passwd",
					"//etc/passwd",
					"/.data/exchange.key",
					"/.env",
				],
				...[
					"/_next/server/app/page.js",
					"/package.json",
					"/_next/../package.json",
					"/%00",
					"/favicon.ico/../../package.json",
				],
			],
			"in absolute form": [
				"http://evil.example/",
				"http://127.0.0.1:22/",
				"https://x/api/drafts",
				"http://x/operator",
				"//evil.example/%2f..",
			],
			"for no path": ["*", "ftp://evil.example/", "http:///api/exchange"],
			"with more parameters than there are": [
				`/?${"a=b&".repeat(3_000)}`,
				`/api/entries?${"q=x&".repeat(3_000)}`,
				`/exchange?${"type=code&".repeat(1_000)}`,
			],
			"with parameters that name what objects have": [
				"/?__proto__=x&constructor=y&toString=z",
				"/exchange?__proto__[x]=y&q=",
				"/api/entries?__proto__=x",
				"/api/board?constructor=x",
			],
			"with what is no text": [
				"/?q=%ff%fe",
				"/exchange?q=%00",
				"/exchange/%00",
				"/buy?entry=%00&need=%00",
				"/api/entries?q=%00",
				"/api/entries?q=%ed%a0%80",
				"/api/board?q=%c0%ae",
				"/posts/%ff",
				"/api/posts/%ff",
				"/api/agents/%00",
			],
			"with marks that turn and hide": [
				"/exchange?q=%E2%80%AE%E2%80%8B",
				"/api/entries?q=%E2%80%AE",
				"/board/%E2%80%AE",
				"/nothing/%0d%0aX-Injected:%20x",
			],
			"for a table or a file that is none": [
				"/operator/queue.csv/..",
				"/desk/ledger.csv?x",
				"/api/tile/9/x999/x999/999",
				"/api/tile/-1/0",
				"/api/tile/0/../0",
			],
		};
		for (const [what, targets] of Object.entries(ASKED))
			test(`${what} gets what there is for everybody, or is refused`, async () => {
				for (const target of targets) {
					const { statuses, text } = await raw(get(target));
					expect([target.slice(0, 80), statuses.length, Math.floor(statuses[0]! / 100)]).toEqual([
						target.slice(0, 80),
						1,
						expect.toSatisfy((first: number) => first >= 2 && first <= 4),
					]);
					for (const secret of ["allowScripts", "root:x:", "\r\nX-Injected"])
						expect([target, text.includes(secret)]).toEqual([target, false]);
				}
			});

		test("to change its protocol goes nowhere else", async () => {
			for (const target of ["/", "http://127.0.0.1:9/", "/_next/webpack-hmr", "/api/exchange"]) {
				const upgrade = "Upgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n";
				const { statuses } = await raw(
					`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n${upgrade}\r\n`,
					"and ends",
				);
				expect([target, statuses.filter((status) => status === 101 || status >= 500)]).toEqual([target, []]);
			}
		});
	});

	describe("a body", () => {
		const send = (body: BodyInit, headers: Record<string, string> = {}) =>
			given().product.ask("/api/messages", {
				method: "POST",
				headers: { "Content-Type": "application/json", ...headers },
				body,
			});
		const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
		const message = (payload: string) =>
			`{"id":"${"0".repeat(64)}","sender":"${"0".repeat(64)}","tags":["agent:profile"],"payload":${payload},"antecedents":[],"timestamp":"2026-11-21T08:00:00.000Z","signature":"${"0".repeat(128)}"}`;
		const BODIES: Record<string, BodyInit> = {
			"sixteen deep and one more": message(deep(17)),
			"a hundred thousand deep": deep(100_000),
			"of a hundred thousand brackets": "[".repeat(100_000),
			"a hundred thousand names wide": message(
				`{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join(",")}}`,
			),
			"of a list of a million": message(`{"links":[${"1,".repeat(1_000_000)}1]}`),
			"with the same name twice": message('{"name":"a","name":"b"}'),
			"with a name that objects have": message('{"__proto__":{"name":"x"}}'),
			"with another such": message('{"constructor":{"prototype":{"name":"x"}}}'),
			"with a number beyond all": message('{"n":1e400}'),
			"with less than nothing of nothing": message('{"n":-0}'),
			"with a number that is rounded": message('{"n":9007199254740993}'),
			"with half a sign": message('{"name":"\\ud800"}'),
			"with the sign of nothing": message('{"name":"\\u0000"}'),
			"with bytes that are no text": Buffer.from(message('{"name":"?"}').replace("?", "\u00ff"), "latin1"),
			"with a sign spelled too long": Buffer.concat([
				Buffer.from('{"a":"'),
				Buffer.from([0xc0, 0xaf]),
				Buffer.from('"}'),
			]),
			"that begins with a mark of its order": `\ufeff${message("{}")}`,
			"in another encoding": Buffer.from(message("{}"), "utf16le"),
			"that is no JSON at all": Buffer.from("504b0304140000000800", "hex"),
			"of nothing": "",
			"of a text alone": '"x"',
			"of null": "null",
		};
		for (const [what, body] of Object.entries(BODIES))
			test(`${what} is refused with a reason`, async () => {
				const answer = await send(body);
				expect([400, 401, 413, 422]).toContain(answer.status);
				expect(await answer.json()).toMatchObject({ code: expect.any(String), next: expect.any(String) });
			});

		test("that says it is compressed is not opened", async () => {
			for (const encoding of [
				"gzip",
				"br",
				"deflate",
				"zstd",
				"gzip, gzip",
				"GZIP",
				"x-gzip",
				"identity, gzip",
			])
				expect([encoding, (await send("x".repeat(100), { "Content-Encoding": encoding })).status]).toEqual([
					encoding,
					415,
				]);
		});

		test("that never ends is not waited for without an end", async () => {
			const port = await freePort();
			const serving = await serve({
				...{ host: "127.0.0.1", port, publicUrl: `http://127.0.0.1:${port}`, pages: () => {} },
				agents({ socket }, response) {
					const { headersTimeout, requestTimeout } = (socket as unknown as { server: Server }).server;
					response.end(JSON.stringify({ headersTimeout, requestTimeout }));
				},
			});
			const patience = await (await fetch(`http://127.0.0.1:${port}/api`)).json();
			expect(patience).toEqual({ headersTimeout: 15_000, requestTimeout: 120_000 });
			await serving.close();
		});
	});

	describe("a name", () => {
		const says = (payload: Payload) => {
			const { market } = given().product;
			return market.said(market.agent().says("agent:profile", payload));
		};

		test("composed and decomposed is signed and kept as it came, byte for byte", async () => {
			const { product } = given();
			for (const name of [
				"caf\u00e9",
				"cafe\u0301",
				"\u212bngstr\u00f6m",
				"\ufb01ne",
				"𝐛𝐨𝐥𝐝",
				"пример",
				"‮abc",
			]) {
				const { id } = await says({ name });
				const { payload } = await (await product.ask(`/api/messages/${id}`)).json();
				expect(payload.name).toBe(name);
			}
		});

		test("that is drawn like the house's is refused, however it is spelled", async () => {
			const { market } = given().product;
			for (const name of [
				"Operator",
				"ｏｐｅｒａｔｏｒ",
				"оperator",
				"0perator",
				"ope\u200brator",
				"EXCHANGE",
				"exch\u0430nge",
			]) {
				const answer = await market.post(market.agent().says("agent:profile", { name }));
				expect([name, answer.status]).toEqual([name, 422]);
			}
		});
	});
}
