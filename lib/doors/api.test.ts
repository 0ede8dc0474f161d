import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../log/refusal";
import { isOurs } from "./api";
import { opened, type Visit } from "./given";

let visit: Visit;
beforeAll(async () => {
	visit = await opened();
});
afterAll(() => visit.close());

type Described = {
	paths: Record<string, Record<string, { responses: object }>>;
	components: { schemas: Record<string, Schema> };
	"x-operations": { operation: string; senders: string[]; tags: string[]; payload: { $ref: string } }[];
	"x-refusals": Record<string, { status: number }>;
};
type Schema = { properties?: Record<string, Schema & Record<string, unknown>> };
const described = async (): Promise<Described> => (await visit.get("/api/openapi.json")).json();

describe("every address", () => {
	test("that is none is 404, and a method it does not take 405 with those it does", async () => {
		for (const path of [
			"/api",
			"/api/",
			"/api/nonsense",
			"/api/messages/1/2/3",
			"/api/entries/",
			"/api//messages",
		]) {
			const response = await visit.get(path);
			expect([path, response.status, response.headers.get("Content-Type")]).toEqual([
				path,
				404,
				"application/problem+json",
			]);
		}
		for (const [method, path, allowed] of [
			["PUT", "/api/messages", "GET, HEAD, POST, OPTIONS"],
			["DELETE", "/api/entries", "GET, HEAD, OPTIONS"],
			["GET", "/api/session/challenge", "POST, OPTIONS"],
		] as const) {
			const response = await visit.app.request(path, { method });
			expect([response.status, response.headers.get("Allow")?.split(", ").sort()]).toEqual([
				405,
				allowed.split(", ").sort(),
			]);
			expect((await response.json()).code).toBe("method-not-allowed");
		}
	});

	test("says to OPTIONS which methods it takes, and 404 where there is none", async () => {
		const options = async (path: string) => {
			const { status, headers } = await visit.app.request(path, { method: "OPTIONS" });
			return [status, headers.get("Allow")?.split(", ").sort()];
		};
		expect(await options("/api/messages")).toEqual([204, ["GET", "HEAD", "OPTIONS", "POST"]]);
		expect(await options("/api/session")).toEqual([204, ["DELETE", "OPTIONS", "POST"]]);
		expect(await options("/api/nonsense")).toEqual([404, undefined]);
	});

	test("answers HEAD as GET, without a body", async () => {
		const { paths } = await described();
		for (const path of Object.keys(paths).filter((path) => paths[path]!.get && !path.includes("{"))) {
			const response = await visit.app.request(path, { method: "HEAD" });
			// What is a session's alone, or must be told of what, is refused: without a body, too.
			const status = { "/api/drafts": 401, "/api/checkpoint/consistency": 400 }[path] ?? 200;
			expect([path, response.status, await response.text()]).toEqual([path, status, ""]);
		}
	});

	test("may be called from a page of any origin, with a bearer token and without cookies", async () => {
		const preflight = await visit.app.request("/api/messages", {
			method: "OPTIONS",
			headers: { Origin: "https://elsewhere.example", "Access-Control-Request-Method": "POST" },
		});
		expect(preflight.status).toBe(204);
		expect(preflight.headers.get("Access-Control-Allow-Headers")).toContain("Authorization");
		for (const response of [preflight, await visit.get("/api/exchange"), await visit.get("/api/nonsense")]) {
			expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
			expect(response.headers.get("Access-Control-Allow-Credentials")).toBe(null);
			expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
		}
	});

	test("is not the pages' business, nor is theirs ours", () => {
		for (const path of ["/api", "/api/messages", "/llms.txt", "/client.mjs"]) expect(isOurs(path)).toBe(true);
		for (const path of ["/", "/apis", "/board", "/llms.txt/x", "/api/auth/session"])
			expect(isOurs(path)).toBe(false);
	});

	test.each([
		["/api/messages?after=99999999999999999999"],
		["/api/messages?limit=1e3"],
		["/api/entries?cursor=%F0%9F%98%80"],
		["/api/entries?q=%20"],
		["/api/entries/%00"],
		["/api/entries/%00?as_of=0"],
		["/api/entries/%E0%A4%A"],
		["/api/orders/%00"],
		["/api/agents/%00/reputation"],
		["/api/messages/%00/proof"],
		["/api/tile/%00/%E0%A4%A"],
		["/api/checkpoint/consistency?from=99999999999999999999"],
		["/api/messages/stream?to=%00"],
		[`/api/messages/${"a".repeat(10_000)}`],
	])("takes %s for what it is: a question without an answer, never an error of ours", async (path) => {
		const response = await visit.get(path);
		expect([400, 404]).toContain(response.status);
		expect(visit.told).toEqual([]);
	});

	test("answers 503 while the database is away, says when to try again, and logs no word of the caller's", async () => {
		const other = await opened();
		await other.house.sql.end();
		const failed = await other.get("/api/exchange");
		const health = await other.get("/api/health");
		const told = JSON.stringify(other.told);
		await other.get("/api/entries?q=SECRET-WORDS");
		await other.close();

		expect([failed.status, (await failed.json()).code]).toEqual([503, "not-processed"]);
		expect(failed.headers.get("Retry-After")).toBe("5");
		expect([health.status, (await health.json()).ready]).toEqual([503, false]);
		expect(told).toContain("GET /api/exchange");
		expect(JSON.stringify(other.told)).not.toContain("SECRET-WORDS");
	});
});

describe("on a real connection", () => {
	test("a body that is too large is refused before it is sent whole", async () => {
		const url = new URL("/api/messages", await visit.listen());
		const status = await new Promise<number>((resolve, reject) => {
			const sending = request(
				url,
				{ method: "POST", headers: { "Content-Type": "application/json" } },
				(response) => {
					resolve(response.statusCode!);
					sending.destroy();
				},
			);
			sending.on("error", reject);
			const chunk = Buffer.alloc(1 << 20, 0x20);
			let sent = 0;
			const more = () => {
				if (++sent <= 12 && !sending.destroyed) sending.write(chunk, () => setImmediate(more));
			};
			more();
		});
		expect(status).toBe(413);
	});
});

describe("what there is to read", () => {
	test("OpenAPI has every address that is served, and no other", async () => {
		const { paths } = await described();
		const documented = Object.entries(paths).flatMap(([path, methods]) =>
			Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
		);
		const served = visit.app.routes
			.filter(({ method }) => method !== "ALL")
			.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`);
		expect(documented.sort()).toEqual([...new Set(served)].sort());
	});

	test("OpenAPI has a schema for every operation, and says of every field whether it can be trusted", async () => {
		const { components, ...document } = await described();
		const operations = document["x-operations"];
		expect(operations.map(({ operation }) => operation).sort()).toEqual(
			visit.house.registry.operations.map(({ name }) => name).sort(),
		);
		const put = operations.find(({ operation }) => operation === "exchange:put")!;
		expect(put.tags).toEqual([
			"exchange:put",
			"exchange:content-type:<content_type>",
			"exchange:domain:<domains>",
		]);
		expect(put).toMatchObject({ content: "attached" });
		expect(operations).toContainEqual(
			expect.objectContaining({
				operation: "exchange:settle/small-content-dispute",
				optional_tags: ["exchange:verdict:auto-refunded"],
			}),
		);

		const trust = (name: string, field: string) => components.schemas[name]!.properties![field]!["x-trust"];
		expect(
			["description", "token_cost", "domains", "content", "content_type"].map((field) =>
				trust("exchange.put", field),
			),
		).toEqual(["tainted", "tainted", "tainted", "verified", "verified"]);
		expect(
			["sender", "signature", "tags", "antecedents", "timestamp"].map((field) => trust("Message", field)),
		).toEqual(["verified", "verified", "tainted", "tainted", "tainted"]);
		expect(trust("Entry", "description")).toBe("tainted");
		const untold = Object.entries(components.schemas).flatMap(([name, { properties = {} }]) =>
			Object.entries(properties).flatMap(([field, schema]) =>
				schema["x-trust"] ? [] : [`${name}.${field}`],
			),
		);
		expect(untold).toEqual([]);
	});

	test("OpenAPI resolves every reference, and lists every refusal with its status", async () => {
		const document = await described();
		const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
		const components = document.components as unknown as Record<string, Record<string, unknown>>;
		expect(references.filter(([, kind, name]) => !components[kind!]?.[name!])).toEqual([]);
		for (const { code, status } of catalogue()) expect(document["x-refusals"][code]!.status).toBe(status);
	});

	test("llms.txt names every operation, address and refusal", async () => {
		const response = await visit.get("/llms.txt");
		const guide = await response.text();
		expect(response.headers.get("Content-Type")).toMatch(/^text\/plain/);
		for (const { name } of visit.house.registry.operations) expect(guide).toContain(`\`${name}\``);
		for (const path of Object.keys((await described()).paths)) expect(guide).toContain(path);
		for (const { code } of catalogue()) expect(guide).toContain(`\`${code}\``);
	});

	test("client.mjs is the client, made once", async () => {
		const first = await visit.get("/client.mjs");
		const text = await first.text();
		expect(first.headers.get("Content-Type")).toMatch(/^text\/javascript/);
		expect(text).toContain("export {");
		expect((await visit.get("/client.mjs", { "If-None-Match": first.headers.get("ETag")! })).status).toBe(
			304,
		);
	});

	test("health says that it is ready, and metrics what there is", async () => {
		const health = await (await visit.get("/api/health")).json();
		expect(health).toMatchObject({ live: true, ready: true, database: "ok", duties: { parked: 0 } });
		expect(health.embedder.id).toEqual(expect.any(String));
		expect(health.index).toEqual({ entries: 0, unembedded: 0 });
		const metrics = await (await visit.get("/api/metrics")).text();
		expect(metrics).toMatch(new RegExp(`^wax_log_seq ${health.seq}$`, "m"));
		expect(metrics).toMatch(/^wax_scrip_micro\{where="issued"\} 1000000000000$/m);
		expect(metrics).toMatch(
			/^wax_http_request_seconds_count\{method="GET",route="\/api\/health",status="200"\} \d+$/m,
		);
		expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds/m);
	});
});
