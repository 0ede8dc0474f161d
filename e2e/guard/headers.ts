import { readdirSync } from "node:fs";
import { request } from "node:http";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isOurs } from "../../lib/doors/api";
import { type Address, oneOfEach } from "./crawl";
import type { Product } from "./open";
import { document, type Sown } from "./sown";

const APP = fileURLToPath(new URL("../../app", import.meta.url));
const BUILD = fileURLToPath(new URL("../../.next/static", import.meta.url));
const filesIn = (folder: string) =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((file) => file.isFile())
		.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join("/"));

/** What is given as it lies there; read once the product is built. */
const files = () => [
	...filesIn(APP)
		.filter((name) => /^[\w-]+\.(ico|svg|png|txt|webmanifest)$/.test(name))
		.map((name) => `/${name}`),
	...filesIn(BUILD).map((name) => `/_next/static/${name}`),
];

/** Where there is nothing, or nothing that can be asked so. */
const NOWHERE = [
	...["/nothing", "/exchange/", "/posts/x", "/%ff", "/?toString=x", "/_next/static/nothing.js"],
	...["/_next/image?url=%2Ficon.svg&w=64&q=75", "/_next/data/x/index.json", "/%2e%2e/etc"],
	...["/api", "/api/nothing", "/api/messages/x", "/api/entries?limit=x", "/api/%ff"],
];

interface Answer {
	path: string;
	status: number;
	headers: Headers;
	text: string;
}

/** Each answer, at whatever address and however it is asked for, says what a browser may do with it. */
export function policies(given: () => { product: Product; story: Sown; addresses: Address[] }): void {
	const paths = () => given().addresses;
	const some = () => [
		...oneOfEach(paths()),
		...[...NOWHERE, ...files().slice(0, 5)].map((path) => ({ path })),
	];

	async function asked(
		addresses: { path: string; headers?: Record<string, string> }[],
		init: RequestInit = {},
	): Promise<Answer[]> {
		const got: Answer[] = [];
		for (const { path, headers } of addresses) {
			const answer = await given().product.ask(path, { ...init, headers: { ...init.headers, ...headers } });
			got.push({ path, status: answer.status, headers: answer.headers, text: await answer.text() });
		}
		return got;
	}

	/** What each way must have been answered at least once with, so that it is known to have been looked at. */
	const WAYS: Record<string, { statuses: number[]; answers: () => Promise<Answer[]> }> = {
		"a reader whom nobody knows": {
			statuses: [200, 308, 400, 401, 404],
			answers: () => asked([...paths(), ...[...NOWHERE, ...files()].map((path) => ({ path }))]),
		},
		HEAD: { statuses: [200, 308, 404], answers: () => asked(some(), { method: "HEAD" }) },
		OPTIONS: { statuses: [204, 405], answers: () => asked(some(), { method: "OPTIONS" }) },
		"a page of another origin that asks first": {
			statuses: [204, 405],
			answers: () =>
				asked(some(), {
					method: "OPTIONS",
					headers: { Origin: "https://elsewhere.example", "Access-Control-Request-Method": "POST" },
				}),
		},
		"a method that is not taken": {
			statuses: [405],
			answers: () => asked(some(), { method: "PUT", body: "x" }),
		},
		"a form of another origin": {
			statuses: [403],
			answers: () =>
				asked(some(), {
					method: "POST",
					headers: {
						"Content-Type": "application/x-www-form-urlencoded",
						Origin: "https://elsewhere.example",
					},
					body: "a=b",
				}),
		},
		"a body that is no form": {
			statuses: [415],
			answers: () =>
				asked(some(), { method: "POST", headers: { "Content-Type": "application/xml" }, body: "<a/>" }),
		},
		"a body that is too large": {
			statuses: [413],
			answers: () =>
				Promise.all(
					Object.keys(document.paths)
						.filter((path) => document.paths[path]!.post)
						.map((path) => announced(given().product, path)),
				),
		},
	};

	describe("an answer", () => {
		for (const [who, { statuses, answers }] of Object.entries(WAYS))
			test(`to ${who} says what a browser may do with it`, async () => {
				const got = await answers();
				expect(got.flatMap(faultsOf)).toEqual([]);
				expect(statuses.filter((status) => !got.some((one) => one.status === status))).toEqual([]);
				const nonces = got.flatMap(({ headers }) => nonceOf(headers) ?? []);
				expect(new Set(nonces).size).toBe(nonces.length);
			});

		test("that one reader gets otherwise than a stranger is kept for nobody else", async () => {
			const { product, story } = given();
			const readers = [];
			for (const who of [story.people.buyer, story.people.house]) readers.push(await product.signedIn(who));
			let own = 0;
			for (const address of oneOfEach(paths())) {
				const [before] = await asked([address]);
				const got: Answer[] = [];
				for (const headers of readers) got.push(...(await asked([address], { headers })));
				const [after] = await asked([address]);
				expect(got.flatMap(faultsOf)).toEqual([]);
				// Some tell the time. A page is never the same twice: it has its nonce.
				if (isOurs(address.route) && before!.text !== after!.text) continue;
				for (const { path, status, headers, text } of got) {
					if (status === before!.status && text === before!.text) continue;
					own += 1;
					const kept = headers.get("Cache-Control");
					expect([path, kept]).toEqual([path, expect.stringMatching(/\b(private|no-store)\b/)]);
				}
			}
			expect(own).toBeGreaterThan(20);
		});
	});
}

/** Says that nine mebibytes come, and sends none of them: it is refused before they would be read. */
function announced({ url }: Product, path: string): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const length = { "Content-Type": "application/json", "Content-Length": 9 * 1024 * 1024 };
		const asking = request(`${url}${path.replace(/\{\w+\}/g, "0".repeat(64))}`, {
			method: "POST",
			headers: length,
		});
		asking.on("error", reject);
		asking.on("response", (answer) => {
			const headers = new Headers();
			for (const [name, value] of Object.entries(answer.headers)) headers.set(name, `${value}`);
			asking.destroy();
			resolve({ path, status: answer.statusCode!, headers, text: "" });
		});
		asking.flushHeaders();
	});
}

const nonceOf = (headers: Headers) =>
	/'nonce-([^']+)'/.exec(headers.get("Content-Security-Policy") ?? "")?.[1];

const PAGE = [
	"default-src 'none'",
	"script-src 'self' 'nonce-N' 'strict-dynamic'",
	"style-src 'self' 'nonce-N'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
];

/** What an answer lacks. What the pages' door refuses before a page is asked is a document of the API's kind. */
function faultsOf({ path, status, headers }: Answer): string[] {
	const faults: string[] = [];
	const has = (name: string, wanted: RegExp | undefined) => {
		const value = headers.get(name);
		if (wanted ? !wanted.test(value ?? "") : value !== null)
			faults.push(`${status} ${path} ${name}: ${value}`);
	};
	const type = headers.get("Content-Type") ?? "";
	const isApi = isOurs(path.split("?")[0]!);
	const policy = (headers.get("Content-Security-Policy") ?? "")
		.replaceAll(nonceOf(headers) ?? "no nonce", "N")
		.split("; ");
	const wanted =
		isApi || (type === "application/problem+json" && nonceOf(headers) === undefined)
			? ["default-src 'none'", "frame-ancestors 'none'", "sandbox"]
			: PAGE;
	for (const directive of wanted)
		if (!policy.includes(directive)) faults.push(`${status} ${path} lacks ${directive}`);
	has("Content-Security-Policy", /^(?!.*(unsafe-|\*|https?:))/);
	has("X-Content-Type-Options", /^nosniff$/);
	has("Referrer-Policy", /^(no-referrer|strict-origin-when-cross-origin)$/);
	has("X-Powered-By", undefined);
	has("Server", undefined);
	// These readers come without TLS.
	has("Strict-Transport-Security", undefined);
	if (type.startsWith("text/")) has("Content-Type", /^text\/[\w.-]+;.*\bcharset=utf-8$/i);
	else if (headers.get("Content-Length") !== "0" && status === 200) has("Content-Type", /^[a-z]+\/[\w.+-]+/);
	if (isApi) {
		has("Cross-Origin-Resource-Policy", /^cross-origin$/);
		// Any origin may read it, so nothing of it may rest on a cookie.
		has("Access-Control-Allow-Origin", /^\*$/);
		has("Set-Cookie", undefined);
	} else {
		has("X-Frame-Options", /^DENY$/);
		has("Cross-Origin-Opener-Policy", /^same-origin$/);
		has("Permissions-Policy", /\bcamera=\(\).*\bgeolocation=\(\).*\bmicrophone=\(\)/);
		if (wanted === PAGE) {
			has("Cross-Origin-Resource-Policy", /^same-origin$/);
			has("Access-Control-Allow-Origin", undefined);
		}
	}
	has("Access-Control-Allow-Credentials", undefined);
	return faults;
}
