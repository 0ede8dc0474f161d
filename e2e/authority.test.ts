import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Goods, type Market, openMarket, type Purchase, type Speaker } from "./market";

/**
 * Who may ask for what over HTTP; who may send what, lib/authority.test.ts holds. An address without a line here is one whose
 * authority nobody has written down.
 */
type Open = "anybody" | "who is signed in" | "whose it is, and who oversees the house";
const ADDRESSES: Record<Open, string[]> = {
	anybody: [
		"POST /api/messages",
		"POST /api/messages/dry-run",
		"GET /api/messages",
		"GET /api/messages/stream",
		"GET /api/messages/{id}",
		"GET /api/messages/{id}/proof",
		"GET /api/messages/{id}/changes",
		"GET /api/checkpoint",
		"GET /api/checkpoint/consistency",
		"GET /api/tile/{level}/{index}",
		"POST /api/session/challenge",
		"POST /api/session",
		"GET /api/exchange",
		"GET /api/board",
		"GET /api/board.ndjson",
		"GET /api/board.json",
		"GET /api/board.atom",
		"POST /api/board/read",
		"GET /api/posts/{id}",
		"GET /api/posts/{id}/mirror",
		"GET /api/posts/{id}/suggestions",
		"GET /api/entries",
		"GET /api/entries/{id}",
		"GET /api/orders/{id}",
		"GET /api/wanted",
		"GET /api/agents/{key}",
		"GET /api/agents/{key}/reputation",
		"GET /api/agents/{key}/waiting",
		"GET /api/agents/{key}/orders",
		"GET /api/agents/{key}/posts",
		"GET /api/agents/{key}/puts",
		"GET /api/agents/{key}/agreements",
		"GET /api/agents/{key}/debts",
		"GET /api/agents/{key}/moderation",
		"GET /api/health",
		"GET /api/metrics",
		"GET /api/openapi.json",
		"GET /llms.txt",
		"GET /client.mjs",
	],
	"who is signed in": [
		"GET /api/drafts",
		"DELETE /api/drafts/{id}",
		"POST /api/operator/claim",
		"DELETE /api/session",
	],
	"whose it is, and who oversees the house": [
		"GET /api/agents/{key}/ledger",
		"GET /api/agents/{key}/history.ndjson",
	],
};

/** Whether a reader gets past the question who he is; what he then finds is told elsewhere. */
const MAY: Record<Open, Record<Who, boolean>> = {
	anybody: everybody(true),
	"who is signed in": { ...everybody(true), nobody: false },
	"whose it is, and who oversees the house": {
		...everybody(false),
		"its owner": true,
		"an auditor": true,
		"a house operator": true,
	},
};
type Who =
	| "nobody"
	| "with a forged token"
	| "with another scheme"
	| "a stranger"
	| "a moderator"
	| "its owner"
	| "an auditor"
	| "a house operator";

const FORGED: Who[] = ["with a forged token", "with another scheme"];

function everybody(may: boolean): Record<Who, boolean> {
	const forged = { nobody: may, "with a forged token": false, "with another scheme": false };
	return {
		...forged,
		...{
			"a stranger": may,
			"a moderator": may,
			"its owner": may,
			"an auditor": may,
			"a house operator": may,
		},
	};
}

let market: Market;
/** Too long to be sold without a preview, by `its owner`. */
let goods: Goods;
let bought: Purchase;
let who: Record<Who, Record<string, string>>;

beforeAll(async () => {
	market = await openMarket();
	goods = await market.stocked({ tokens: 600 });
	bought = await market.bought(await market.stocked());
	const given = async (role: string): Promise<Speaker> => {
		const agent = market.agent();
		const grant = { subject: agent.key, role, reason: "For this story." };
		await market.said(market.operator.says("operator:grant", grant));
		return agent;
	};
	who = {
		nobody: {},
		"with a forged token": { Authorization: `Bearer ${"a".repeat(43)}` },
		"with another scheme": {
			Authorization: `Basic ${btoa(`${market.operator.key}:${market.operator.key}`)}`,
		},
		"a stranger": await market.session(market.agent()),
		"a moderator": await market.session(await given("moderator")),
		"its owner": await market.session(goods.seller),
		"an auditor": await market.session(await given("auditor")),
		"a house operator": await market.session(market.operator),
	};
});
afterAll(() => market.close());

const written = Object.entries(ADDRESSES).flatMap(([open, addresses]) =>
	addresses.map((address) => ({ address, open: open as Open })),
);

test("every address that the exchange has says who may ask it, and no other", async () => {
	const { paths } = (await (await market.ask("/api/openapi.json")).json()) as {
		paths: Record<string, object>;
	};
	const routes = Object.entries(paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
	);
	expect(written.map(({ address }) => address).sort()).toEqual(routes.sort());
});

describe("an address answers", () => {
	for (const { address, open } of written) {
		// Whoever ends a session has none after it; and what a token that is none is worth where nobody needs one, is told elsewhere.
		const readers = (Object.keys(MAY[open]) as Who[]).filter((reader) =>
			address === "DELETE /api/session" ? !MAY[open][reader] : open !== "anybody" || !FORGED.includes(reader),
		);
		test(`${open}: ${address}`, async () => {
			const may: Partial<Record<Who, boolean>> = {};
			for (const reader of readers) may[reader] = await answers(address, reader);
			expect(may).toEqual(Object.fromEntries(readers.map((reader) => [reader, MAY[open][reader]])));
		});
	}

	async function answers(address: string, reader: Who): Promise<boolean> {
		const [method, path] = address.split(" ") as [string, string];
		const filled = path
			.replace("{key}", goods.seller.key)
			.replace("{id}", path.includes("/orders/") ? bought.match : goods.id)
			.replace("{level}/{index}", "0/000");
		const over = new AbortController();
		const answer = await market.ask(filled, {
			method,
			signal: over.signal,
			headers: { ...who[reader], ...(method === "POST" ? { "Content-Type": "application/json" } : {}) },
			...(method === "POST" ? { body: JSON.stringify({ token: "x" }) } : {}),
		});
		over.abort();
		return answer.status !== 401 && answer.status !== 403;
	}
});

describe("the words of what is sold", () => {
	const places = {
		"its message": () => `/api/messages/${goods.id}`,
		"the log": () => "/api/messages?tag=exchange:put&limit=500",
		"its entry": () => `/api/entries/${goods.id}`,
		"its seller's puts": () => `/api/agents/${goods.seller.key}/puts`,
		search: () => `/api/entries?q=${encodeURIComponent(goods.description as string)}`,
	};
	for (const [place, path] of Object.entries(places))
		test(`stand in ${place} for no one but whom they belong to and who oversees the house`, async () => {
			const shown: string[] = [];
			for (const [reader, headers] of Object.entries(who)) {
				const text = await (await market.ask(path(), { headers })).text();
				if (text.includes(goods.content.slice(0, 60))) shown.push(reader);
			}
			expect(shown).toEqual(place === "its message" ? ["its owner", "an auditor", "a house operator"] : []);
		});

	test("are in the delivery for its buyer, and for nobody who knows its address alone", async () => {
		const { deliver, buyer } = bought;
		const read = async (headers: Record<string, string>) =>
			(await (await market.ask(`/api/messages/${deliver}`, { headers })).text()).includes(
				bought.goods.content.slice(0, 60),
			);
		expect(await read(await market.session(buyer))).toBe(true);
		for (const reader of ["nobody", "a stranger", "a moderator"] as const)
			expect(await read(who[reader])).toBe(false);
	});
});

describe("no trick of a request opens what is shut:", () => {
	const shut = () => [`/api/agents/${goods.seller.key}/ledger`, "/api/drafts"];
	const names: Record<string, string> = {
		"another method in a header": "X-HTTP-Method-Override: GET",
		"another address in a header": "X-Original-URL: /api/exchange",
		"a rewritten address": "X-Rewrite-URL: /api/exchange",
		"a request within the server":
			"X-Middleware-Subrequest: middleware:middleware:middleware:middleware:middleware",
		"this machine as its origin": "X-Forwarded-For: 127.0.0.1",
		"another host": "X-Forwarded-Host: localhost",
		"a user by name": "X-Forwarded-User: operator",
		"a key instead of a session": "Authorization: Bearer KEY",
		"a session in a cookie": "Cookie: session=SESSION",
		"two schemes in one header": "Authorization: Basic x, Bearer SESSION",
		"a server's own next hop": "Connection: authorization",
	};
	for (const [trick, header] of Object.entries(names))
		test(trick, async () => {
			const session = who["its owner"].Authorization!.replace("Bearer ", "");
			const [name, value] = header.replace("KEY", goods.seller.key).replace("SESSION", session).split(": ");
			for (const path of shut()) expect((await raw(path, { [name!]: value! })).status).toBe(401);
		});

	test("another spelling of the address", async () => {
		for (const path of shut()) {
			const spelled = [
				`/${path}`,
				`${path}/`,
				path.replace("/api", "/api/."),
				path.replace("/api/", "/api//"),
				path.replace("/api/", "/api/x/../"),
				path.replace("/api", "/%61pi"),
				path.replace("/api", "/API"),
				`${path};.css`,
				`${path}?`,
				`${path}?token=x&key=${goods.seller.key}&session=x`,
				`${path}%00`,
				`${path}%2f`,
				`${path}#`,
			];
			for (const one of spelled) {
				const { status, text } = await raw(one, {});
				expect([one, [400, 401, 404].includes(status)]).toEqual([one, true]);
				expect(text).not.toContain('"items"');
			}
		}
	});

	test("the session of one, the address of another", async () => {
		for (const reader of ["a stranger", "a moderator"] as const) {
			const { status } = await raw(`/api/agents/${goods.seller.key}/ledger`, who[reader]);
			expect(status).toBe(403);
		}
	});

	/** As it stands: fetch would tidy the address first. */
	async function raw(
		path: string,
		headers: Record<string, string>,
	): Promise<{ status: number; text: string }> {
		const { hostname, port } = new URL(market.url);
		return new Promise((resolve, reject) => {
			request({ hostname, port, path, headers }, (answer) => {
				let text = "";
				answer.setEncoding("utf8");
				answer.on("data", (part) => {
					text += part;
				});
				answer.on("end", () => resolve({ status: answer.statusCode!, text }));
			})
				.on("error", reject)
				.end();
		});
	}
});
