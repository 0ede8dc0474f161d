import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import type { Env } from "./answer";
import { addressOf, proxies } from "./visitor";

/** What counts as the address of a request from `peer`, with these hops said by header. */
async function counted(peer: string, forwarded?: string, trusted?: string[]): Promise<string> {
	const app = new Hono<Env>().get("/", (c) => c.text(addressOf(c, trusted && proxies(trusted))));
	const headers: HeadersInit = forwarded === undefined ? {} : { "X-Forwarded-For": forwarded };
	const env = { incoming: { socket: { remoteAddress: peer } } } as Env["Bindings"];
	return (await app.request("/", { headers }, env)).text();
}

describe("where a request comes from", () => {
	test("is its socket's other end, whatever a header says, unless a proxy is trusted", async () => {
		expect(await counted("203.0.113.7")).toBe("203.0.113.7");
		expect(await counted("203.0.113.7", "198.51.100.1")).toBe("203.0.113.7");
		expect(await counted("203.0.113.7", "198.51.100.1", ["127.0.0.1"])).toBe("203.0.113.7");
	});

	test("is what a trusted proxy added last, not what the visitor wrote before it", async () => {
		const trusted = ["127.0.0.1", "10.0.0.0/8"];
		expect(await counted("127.0.0.1", "198.51.100.1", trusted)).toBe("198.51.100.1");
		expect(await counted("127.0.0.1", "8.8.8.8, 198.51.100.1", trusted)).toBe("198.51.100.1");
		expect(await counted("127.0.0.1", "8.8.8.8, 198.51.100.1, 10.1.2.3", trusted)).toBe("198.51.100.1");
	});

	test("is the proxy itself where it says nothing, or nothing that is an address", async () => {
		for (const said of [undefined, "", "unknown", "198.51.100.1, secret", "1.2.3", "_hidden"])
			expect(await counted("127.0.0.1", said, ["127.0.0.1"])).toBe("127.0.0.1");
	});

	test("is the address alone, however the hop or the socket writes it", async () => {
		expect(await counted("::ffff:203.0.113.7")).toBe("203.0.113.7");
		expect(await counted("::ffff:127.0.0.1", "198.51.100.1:4711", ["127.0.0.1"])).toBe("198.51.100.1");
		expect(await counted("::1", "[2001:db8:1:2:3::4]:443", ["::1"])).toBe("2001:db8:1:2");
	});

	test("of IPv6 is the network, in one spelling", async () => {
		for (const peer of ["2001:db8::1", "2001:db8:0:0:ffff::", "2001:DB8:0::9%eth0"])
			expect(await counted(peer)).toBe("2001:db8:0:0");
	});

	test("is asked of no list with something else in it", () => {
		for (const wrong of ["localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "*", "10.0.0.0/8/8"])
			expect(proxies([wrong])).toBeUndefined();
		expect(proxies(["::/0", "0.0.0.0/0"])).toBeDefined();
	});
});
