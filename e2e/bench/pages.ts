import {
	alternated,
	type Bench,
	type Cost,
	cost,
	median,
	perCpuSecond,
	perSecond,
	ratio,
	table,
} from "./bench";
import { start } from "./child";
import { housed } from "./housed";
import type { Fired } from "./load";
import { trade } from "./trade";
import { weigh } from "./weigh";

/** There is nothing at this address: the page that says so has the frame of every page, and asks nothing. */
const EMPTY = "/nothing-is-here";

/** What people do: open pages. */
export const pages: Bench = {
	name: "pages",
	about:
		"Pages, against the page of the same build that says that there is nothing (its frame, no question): what is asked and shown is the difference.",

	async run(setting) {
		const { quick, print } = setting;
		const [messages, requests, rounds] = quick ? [2_000, 40, 1] : [5_000, 300, 5];
		const house = await housed(setting, { EMBEDDER: "lexical", PAGES: "1" });
		await trade(house, messages);
		const one = async (query: string) => {
			const [row] = await house.sql.unsafe(query);
			return row!.id as string;
		};
		const asked = {
			"/": "/",
			"/exchange": "/exchange",
			"/exchange?q=": "/exchange?q=subject",
			"/exchange/{entry}": `/exchange/${await one("select id from views.entries where sales > 0 limit 1")}`,
			"/orders/{buy}": `/orders/${await one("select buy_id as id from views.orders where status = 'completed' limit 1")}`,
			"/wanted": "/wanted",
			"/log": "/log",
		};
		const load = await start("load.ts");
		const empty = await weigh(house.url, EMPTY);
		const rows: (string | number)[][] = [
			[
				"pages, 8 connections",
				"HTML kB",
				"HTML kB gz",
				"scripts kB gz",
				"above the empty page",
				"a CPU second",
				"a second",
				"of the empty page by CPU",
				"by wall",
			],
		];
		for (const [name, path] of Object.entries(asked)) {
			const fire = async (path: string, status: number) => {
				const how = { url: house.url, method: "GET", connections: 8, headers: {}, paths: [path] };
				const bodies = { ...how, paths: Array.from({ length: requests }, () => path) };
				const { statuses, odd } = await load.ask<Fired>("fire", bodies);
				if (statuses[status] !== requests)
					throw new Error(`${name}: ${JSON.stringify(statuses)}, ${odd?.slice(0, 200)}`);
			};
			const costs = await alternated(rounds, {
				page: () => cost(setting, house.exchange, requests, () => fire(path, 200)),
				empty: () => cost(setting, house.exchange, requests, () => fire(EMPTY, 404)),
			});
			const middle = (of: Cost[], rate: (cost: Cost) => number) => median(of.map(rate));
			const weight = await weigh(house.url, path);
			rows.push([
				name,
				weight.html / 1000,
				weight.htmlGz / 1000,
				weight.scriptsGz / 1000,
				(weight.scriptsGz - empty.scriptsGz) / 1000,
				middle(costs.page, perCpuSecond),
				middle(costs.page, perSecond),
				ratio(costs.page, perCpuSecond, [[costs.empty, perCpuSecond]]),
				ratio(costs.page, perSecond, [[costs.empty, perSecond]]),
			]);
		}
		print(table(rows));
		print(
			`\nThe empty page: ${(empty.html / 1000).toFixed(1)} kB of HTML, ${(empty.scriptsGz / 1000).toFixed(1)} kB of scripts (gz).`,
		);
		await load.stop();
		await house.close();
	},
};
