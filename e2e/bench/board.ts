import {
	alternated,
	type Bench,
	type Cost,
	cost,
	median,
	perAnyCpuSecond,
	perCpuSecond,
	perSecond,
	ratio,
	table,
	whereItGoes,
} from "./bench";
import { start } from "./child";
import { posts } from "./crowd";
import { housed } from "./housed";
import type { Fired } from "./load";
import type { Profile } from "./profile";
import { sendAll } from "./trade";
import { weigh } from "./weigh";

/** There is nothing at this address: the page that says so has the frame of every page, and asks nothing. */
const EMPTY = "/nothing-is-here";
/** EXPERIENCE, "Budgets". */
const MOST_BYTES = 60_000;

/** A week in which thousands post. */
export const board: Bench = {
	name: "board",
	about:
		"A full week's board as people and as agents read it, against a page that asks nothing and a bare node:http server that answers the very same bytes. An answer of the API is kept while log and second stand: each request here is at an address of its own.",

	async run(setting) {
		const { quick, print } = setting;
		const [count, requests, rounds] = quick ? [1_000, 20, 1] : [5_000, 40, 3];
		const house = await housed(setting, { EMBEDDER: "lexical", PAGES: "1" });
		await sendAll(house, posts(house.key, count));
		// As the database does by itself within a minute.
		await house.sql`analyze`;
		const bare = await start("bare.ts");
		const load = await start("load.ts");
		const [need] = await house.sql`select id from views.posts where kind = 'need' order by md5(id) limit 1`;
		// A price that nobody asks, another each time: the same work, an address that was not asked before.
		let asked = 0;
		const anew = (path: string, sign: string) => `${path}${sign}max_budget=${1_000_000 + asked++}`;
		const contenders: Record<string, () => string> = {
			"/": () => anew("/", "?"),
			"/posts/{id}": () => `/posts/${need!.id}?n=${asked++}`,
			"/api/board": () => anew("/api/board", "?"),
			"/api/board?limit=100": () => anew("/api/board?limit=100", "&"),
			"/api/board?q=": () => anew("/api/board?q=core", "&"),
			"/api/posts/{id}": () => `/api/posts/${need!.id}?n=${asked++}`,
		};
		const rows: (string | number)[][] = [
			[
				`${count.toLocaleString("en")} posts, 8 connections`,
				"kB",
				"kB gz",
				"a CPU second",
				"with PostgreSQL's",
				"a second",
				"of the empty page by CPU",
				"of bare node:http by CPU",
				"by wall",
			],
		];
		const told: string[] = [];
		for (const [name, address] of Object.entries(contenders)) {
			const sample = await fetch(`${house.url}${address()}`);
			const body = await sample.text();
			if (sample.status !== 200) throw new Error(`${name}: ${body.slice(0, 200)}`);
			const bareUrl = await bare.ask<string>("serve", { body, headers: [...sample.headers] });
			const fire = async (url: string, status: number, path: () => string) => {
				const paths = Array.from({ length: requests }, path);
				const how = { url, method: "GET", connections: 8, headers: {}, paths };
				const { statuses, odd } = await load.ask<Fired>("fire", how);
				if (statuses[status] !== requests)
					throw new Error(`${name}: ${JSON.stringify(statuses)}, ${odd?.slice(0, 200)}`);
			};
			const costs = await alternated(rounds, {
				asked: () => cost(setting, house.exchange, requests, () => fire(house.url, 200, address)),
				empty: () => cost(setting, house.exchange, requests, () => fire(house.url, 404, () => EMPTY)),
				bare: () => cost(setting, bare, requests, () => fire(bareUrl, 200, () => "/")),
			});
			const middle = (of: Cost[], rate: (cost: Cost) => number) => median(of.map(rate));
			const { html, htmlGz } = await weigh(house.url, address());
			rows.push([
				name,
				html / 1000,
				htmlGz / 1000,
				middle(costs.asked, perCpuSecond),
				middle(costs.asked, perAnyCpuSecond),
				middle(costs.asked, perSecond),
				ratio(costs.asked, perAnyCpuSecond, [[costs.empty, perAnyCpuSecond]]),
				ratio(costs.asked, perAnyCpuSecond, [[costs.bare, perCpuSecond]]),
				ratio(costs.asked, perSecond, [[costs.bare, perSecond]]),
			]);
			await house.exchange.ask("profile");
			const spent = await cost(setting, house.exchange, requests, () => fire(house.url, 200, address));
			told.push(`${name}: ${whereItGoes(spent, await house.exchange.ask<Profile>("profiled"), 8)}`);
		}
		print(table(rows));
		const page = await weigh(house.url, "/");
		print(
			`\nThe board's page: ${(page.html / 1000).toFixed(1)} kB of HTML, of at most ${MOST_BYTES / 1000}; the page that asks nothing ${((await weigh(house.url, EMPTY)).html / 1000).toFixed(1)} kB.`,
		);
		for (const line of told) print(`\n${line}`);
		await load.stop();
		await bare.stop();
		await house.close();
	},
};
