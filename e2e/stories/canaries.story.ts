import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { visible } from "../../components/ui/visible";
import { restore } from "../../lib/client/backup";
import type { Payload } from "../../lib/log/message";
import { canaries, planted, type Schema, STEERS, WORD } from "../guard/canary";
import { needIn } from "./addresses";
import { backedUp, expect, type Market, PASSPHRASE, sells, settled, test } from "./given";
import { openTap } from "./tap";

const HOUR = 3_600_000;
/** Where a link of somebody's could lead, were it one. */
const LINKS = [
	"javascript:ran('link')",
	"data:text/html,<script>opener.ran('data')</script>",
	"https://elsewhere.example/",
];

test("what agents write is read as text, and runs, leads and reaches nowhere, wide and narrow", async ({
	person,
	market,
}) => {
	const addresses = await sown(market);
	for (const width of [1280, 360]) {
		const reader = await person({ viewport: { width, height: 900 } });
		const { page } = reader;
		const happened: string[] = [];
		await page.exposeFunction("ran", (word: string) => void happened.push(`${word} ran`));
		page.on("dialog", (dialog) => {
			happened.push(`said: ${dialog.message()}`);
			return dialog.dismiss();
		});
		page.context().on("request", (request) => {
			const here = isOf(market.url, request.url()) || /^(data|blob):/.test(request.url());
			if (!here) happened.push(`asked for ${request.url()}`);
		});
		for (const [path, written] of addresses) {
			await reader.opens(path);
			// What the server wrote as text, scripts of the page write once more.
			await settled(page);
			const { texts, elements, links, wider } = await seen(page);
			expect([path, width, wider]).toEqual([path, width, 0]);
			expect([path, elements.filter((one) => one.search(WORD) >= 0)]).toEqual([path, []]);
			expect([path, links.filter(({ href, rel }) => !isHarmless(market.url, href, rel))]).toEqual([path, []]);
			const ours = texts.filter((text) => text.search(WORD) >= 0);
			expect([path, ours.filter((text) => STEERS.test(text))]).toEqual([path, []]);
			const shown = ours.map(inOneLine);
			for (const text of written) {
				const whole = inOneLine(visible(text));
				expect([path, text, shown.some((one) => one.includes(whole))]).toEqual([path, text, true]);
			}
			expect([path, ours.length > 0]).toEqual([path, true]);
		}
		expect(happened).toEqual([]);
	}
});

test("no secret of a key leaves its browser, whatever its owner does with it", async ({
	person,
	market,
}, info) => {
	const tap = await openTap(market.url);
	const ada = await person({ proxy: { server: tap.url } });
	const { page } = ada;
	const main = page.getByRole("main");

	await ada.makesAKey("Ada");
	await main.getByRole("button", { name: "Back up" }).click();
	const file = info.outputPath("backup.json");
	await backedUp(ada, file);
	const key = await restore(await readFile(file, "utf8"), PASSPHRASE);
	if (typeof key === "string") throw new Error(key);

	await ada.opens("/profile");
	await page.getByLabel("Name", { exact: true }).fill("Ada, who keeps her key");
	await page.getByRole("button", { name: "See what changes" }).first().click();
	await ada.signs("Sign it");
	await sells(ada, {
		content: "A key is kept where it was made; what leaves is what it has signed.",
		description: "One sentence on where a key is kept",
		cost: 400,
	});
	await ada.opens("/keys");
	await main.getByRole("button", { name: "Sign out", exact: true }).click();
	await expect(page.getByRole("banner").getByRole("button", { name: "Sign in" })).toBeVisible();
	await main.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByText("signed in", { exact: true })).toBeVisible();

	const all = tap.heard();
	tap.close();
	// Heard: what she has signed is in it.
	for (const what of [key.key, "agent:profile", "exchange:put"])
		expect([what, all.some((one) => one.includes(what))]).toEqual([what, true]);
	const bytes = Buffer.from(key.secret, "hex");
	const spellings = [
		...[key.secret, key.secret.toUpperCase(), bytes.toString("latin1"), [...bytes].join()],
		// Without the sign at their end, which depends on what follows.
		...[bytes.toString("base64"), bytes.toString("base64url")].map((text) => text.slice(0, 42)),
		...[PASSPHRASE, encodeURIComponent(PASSPHRASE), PASSPHRASE.replaceAll(" ", "+")],
	];
	expect(all.filter((one) => spellings.some((secret) => one.includes(secret)))).toEqual([]);
});

/** One agent writes nothing but canaries. Gives where it is read, and what of it must be there to the letter. */
async function sown(market: Market): Promise<[path: string, written: string[]][]> {
	const agent = await market.agent();
	const { key } = agent.me!;
	const { components } = (await agent.reads("/api/openapi.json")) as {
		components: { schemas: Record<string, Schema> };
	};
	const says = async (operation: string, given: Payload, antecedent?: string) => {
		const before = canaries.length;
		const payload = planted(key, operation, components.schemas[operation.replace(":", ".")]!, given);
		if (Array.isArray(payload.links)) payload.links.push(...LINKS);
		const { message, replies } = await agent.send(operation, payload, { antecedent, wait: 25 });
		const written = canaries.slice(before);
		const of = (...fields: string[]) =>
			written.filter(({ field }) => fields.includes(field)).map(({ text }) => text);
		return { id: message.id, replies, of };
	};

	const profile = await says("agent:profile", { kind: "agent" });
	const put = await says("exchange:put", {
		content: profile.of("/about").join("\n"),
		token_cost: 400,
		content_type: "other",
	});
	expect(put.replies[0]?.payload).toMatchObject({ phase: "put-accept" });
	const from = Date.parse(((await agent.reads("/api/exchange")) as { now: string }).now);
	const local = (hours: number) => `${new Date(from + hours * HOUR).toISOString().slice(0, 19)}Z`;
	const offer = await says("board:offer", {
		tz: "UTC",
		window: { start: local(1), end: local(30) },
		budget: { cap: "1", unit: "" },
		resources: {},
		constraints: {},
	});
	const need = await needIn(market);
	const response = await says("board:respond", {}, need);

	const about = [...profile.of("/name", "/about", "/contact", "/links/0", "/capabilities/0"), ...LINKS];
	const terms = offer.of("/title", "/region", "/resources/cpu", "/constraints/data", "/contact");
	return [
		[`/agents/${key}`, about],
		[`/exchange/${put.id}`, put.of("/description")],
		["/exchange", []],
		[`/exchange?q=${put.of("/description")[0]!.match(WORD)![0]}`, []],
		["/", []],
		[`/posts/${offer.id}`, [...terms, ...offer.of("/budget/unit", "/success_condition")]],
		[`/posts/${need}`, response.of("/message")],
		...[profile, put, offer, response].map(({ id }): [string, string[]] => [`/messages/${id}`, []]),
		["/log", []],
		[`/log?sender=${key}`, []],
	];
}

/** What the browser has made of a page. */
const seen = (page: Page) =>
	page.evaluate(() => {
		const texts: string[] = [];
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode())
			if (!walk.currentNode.parentElement!.closest("script, style")) texts.push(walk.currentNode.nodeValue!);
		return {
			texts,
			// Names and what makes an element more than its text, no word of which is anybody's but ours.
			elements: [...document.querySelectorAll("*")].flatMap(({ tagName, id, attributes }) => [
				tagName,
				id,
				...[...attributes].map(({ name }) => name),
			]),
			links: [...document.querySelectorAll("a")].map(({ href, rel }) => ({ href, rel })),
			wider: Math.max(0, document.documentElement.scrollWidth - innerWidth),
		};
	});

const isOf = (url: string, address: string) => address === url || address.startsWith(`${url}/`);

/** Within the exchange, or so that neither its name nor its window goes along. */
const isHarmless = (url: string, href: string, rel: string) =>
	href === "" ||
	isOf(url, href) ||
	(/^https?:/.test(href) && ["nofollow", "noopener"].every((word) => rel.split(" ").includes(word)));

const inOneLine = (text: string) => text.replace(/\s+/g, " ").trim();
