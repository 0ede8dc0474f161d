import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Payload } from "../log/message";
import { opened, type Visit } from "./given";

const HOUR = 3_600_000;
/** Wednesday of week 47. */
let now = Date.parse("2026-11-18T08:00:00.000Z");

let visit: Visit;
beforeAll(async () => {
	visit = await opened({ now: () => now, more: { publicUrl: "https://exchange.example" } });
});
afterAll(() => visit.close());

const local = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

async function posts(more: Payload = {}, by = visit.agent()): Promise<string> {
	now += 1_000;
	const answer = await visit.post(
		by.says("board:need", {
			region: "EU",
			tz: "Europe/Berlin",
			window: { start: local(now + HOUR), end: local(now + 30 * HOUR) },
			budget: { cap: "120", unit: "scrip" },
			resources: { cpu: "8 cores" },
			constraints: {},
			contact: "DM",
			...more,
		}),
	);
	expect(answer.status).toBe(201);
	return (await answer.json()).message.id;
}

const json = async (query = "") => (await visit.get(`/api/board.json${query}`)).json();
const atom = async (query = "") => (await visit.get(`/api/board.atom${query}`)).text();

interface Element {
	name: string;
	attributes: Record<string, string>;
	text: string;
	children: Element[];
}

/** As a reader of XML reads it: throws where it is not well-formed. */
function parsed(xml: string): Element {
	const top: Element = { name: "", attributes: {}, text: "", children: [] };
	const open = [top];
	const tokens = xml.replace(/^<\?xml version="1.0" encoding="utf-8"\?>/, "").match(/<[^<>]*>|[^<]+|</g)!;
	for (const token of tokens) {
		const [, end, name, rest, empty] = /^<(\/?)([a-z]+)((?: [a-z:]+="[^"<]*")*)(\/?)>$/.exec(token) ?? [];
		if (name === undefined) {
			if (/[<>]/.test(token)) throw new Error(`not well-formed: ${token}`);
			open.at(-1)!.text += unescaped(token);
		} else if (end) {
			if (open.pop()!.name !== name) throw new Error(`not well-formed: ${token}`);
		} else {
			const attributes = [...rest!.matchAll(/([a-z:]+)="([^"]*)"/g)].map(([, at, value]) => [
				at!,
				unescaped(value!),
			]);
			const element = { name, attributes: Object.fromEntries(attributes), text: "", children: [] };
			open.at(-1)!.children.push(element);
			if (!empty) open.push(element);
		}
	}
	if (open.length !== 1) throw new Error(`never closed: ${open.at(-1)!.name}`);
	return top.children[0]!;
}

function unescaped(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 forbids
	if (/&(?!(?:amp|lt|gt|quot);)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
		throw new Error(`not well-formed: ${text}`);
	return text.replace(
		/&(amp|lt|gt|quot);/g,
		(_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name as "lt"],
	);
}

const textOf = (element: Element, name: string) => element.children.find((one) => one.name === name)!.text;
const entriesOf = (feed: Element) => feed.children.filter(({ name }) => name === "entry");

describe("the feeds of a week", () => {
	test("say when they were changed also where nothing was posted", async () => {
		const feed = parsed(await atom("?week=2026-W46"));
		expect(entriesOf(feed)).toEqual([]);
		expect(textOf(feed, "updated")).toBe("2026-11-09T00:00:00.000Z");
		expect(textOf(feed, "id")).toBe("https://exchange.example/board/2026-W46");
		expect(await json("?week=2026-W46")).toMatchObject({
			version: "https://jsonfeed.org/version/1.1",
			home_page_url: "https://exchange.example/board/2026-W46",
			feed_url: "https://exchange.example/api/board.json?week=2026-W46",
			items: [],
		});
	});

	test("bring the newest post first, the same in both, and lead on to every earlier one", async () => {
		const ids: string[] = [];
		for (let n = 0; n < 5; n++) ids.unshift(await posts({ title: `need ${n}` }));
		const urls = ids.map((id) => `https://exchange.example/posts/${id}`);
		const seen: string[] = [];
		for (let path: string | undefined = "/api/board.json?limit=2"; path !== undefined; ) {
			const answer: Response = await visit.get(path);
			expect(answer.headers.get("Content-Type")).toBe("application/feed+json");
			const { items, next_url } = await answer.json();
			seen.push(...items.map(({ id }: { id: string }) => id));
			path = next_url?.slice("https://exchange.example".length);
		}
		expect(seen).toEqual(urls);

		const answer = await visit.get("/api/board.atom?limit=2");
		expect(answer.headers.get("Content-Type")).toBe("application/atom+xml");
		const feed = parsed(await answer.text());
		expect(feed.attributes.xmlns).toBe("http://www.w3.org/2005/Atom");
		expect(entriesOf(feed).map((entry) => textOf(entry, "id"))).toEqual(urls.slice(0, 2));
		const next = feed.children.find(({ attributes }) => attributes.rel === "next")!.attributes.href!;
		expect(entriesOf(parsed(await atom(new URL(next).search))).map((entry) => textOf(entry, "id"))).toEqual(
			urls.slice(2, 4),
		);
	});

	test("say that a post was changed when it was revised", async () => {
		const ada = visit.agent();
		const id = await posts({ title: "as posted" }, ada);
		const before = await json("?limit=1");
		now += HOUR;
		const { timeline: _, ...post } = await (await visit.get(`/api/posts/${id}`)).json();
		const { region, tz, window, budget, resources, constraints, contact } = post;
		const terms = { kind: "need", region, tz, window, budget, resources, constraints, contact };
		const revised = ada.says("board:revise", { ...terms, title: "as revised" }, { antecedent: id });
		expect((await visit.post(revised)).status).toBe(201);
		const [item] = (await json("?limit=1")).items;
		expect(item.title).toBe("Need: \u2068as revised\u2069");
		expect(item.date_published).toBe(before.items[0].date_published);
		expect(Date.parse(item.date_modified)).toBe(now);
	});

	test("hold whatever an agent writes as text: no markup, nothing unseen that turns or hides other words", async () => {
		const title = "</title><script>alert(1)</script> & \u202egnp.exe\u200b ]]> \u0001\ufffe";
		await posts({ title, resources: { other: 'a "quoted" & <b>bold</b>\u202e thing' } });
		const [entry] = entriesOf(parsed(await atom("?limit=1")));
		const [item] = (await json("?limit=1")).items;
		for (const said of [textOf(entry!, "title"), item.title]) {
			expect(said).toContain("</title><script>alert(1)</script> & gnp.exe ]]>");
			expect(said).not.toMatch(/[\u202a-\u202e\u200b]/);
		}
		for (const said of [textOf(entry!, "content"), item.content_text]) {
			expect(said).toMatch(/^OFFER or NEED: NEED\n/);
			expect(said).toContain("<b>bold</b>");
			expect(said).not.toMatch(/[\u202a-\u202e]/);
		}
	});

	test.each(["week=2025-W53", "limit=0", "cursor=!", "type=need"])("refuse %s", async (query) => {
		for (const path of ["/api/board.json", "/api/board.atom"]) {
			const answer = await visit.get(`${path}?${query}`);
			expect([answer.status, (await answer.json()).code]).toEqual([400, "bad-parameter"]);
		}
	});
});
