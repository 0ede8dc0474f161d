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
import { type Child, start } from "./child";
import { housed } from "./housed";
import type { Fired } from "./load";
import type { Profile } from "./profile";
import { trade } from "./trade";

/** What is asked, and how often. */
interface Asked {
	/** In this round; asked in turn. */
	paths(round: number): string[];
	requests: number;
	rounds: number;
}

/** Things whose past is asked for. */
const THINGS = 500;

/** What readers do: ask again and again for what is there. And for what was there, which nobody has asked before. */
export const reads: Bench = {
	name: "reads",
	about: "Hot reads, against a bare node:http server that answers the very same bytes.",

	async run(setting) {
		const { quick, print } = setting;
		const [messages, requests, rounds] = quick ? [2_000, 500, 2] : [5_000, 5_000, 5];
		const house = await housed(setting, { EMBEDDER: "lexical" });
		await trade(house, messages);
		const bare = await start("bare.ts");
		const load = await start("load.ts");
		const { sql } = house;
		const ids = await sql`select id from messages order by md5(id) limit 500`;
		const entries = await sql`select id from views.entries where status = 'live' order by md5(id) limit 500`;
		const puts = await sql`
			select id, put_seq as since from views.entries order by md5(id) limit ${THINGS}`;
		const orders = await sql`select id, seq as since from views.buys order by md5(id) limit ${THINGS}`;
		const [head] = await sql`select seq from head`;

		const hot = (paths: string[]): Asked => ({ paths: () => paths, requests, rounds });
		// What was then is kept like everything else: each round asks of places of its own between then and now.
		const past = (kind: string, rows: readonly Record<string, unknown>[]): Asked => ({
			paths: (round) =>
				rows.map(({ id, since }) => {
					const place = Number(since) + Math.floor(((Number(head!.seq) - Number(since)) * (round + 1)) / 6);
					return `/api/${kind}/${id}?as_of=${place}`;
				}),
			requests: Math.min(requests, THINGS),
			rounds: Math.min(rounds, 3),
		});
		const asked: Record<string, Asked> = {
			"/api/messages/{id}": hot(ids.map(({ id }) => `/api/messages/${id}`)),
			"/api/entries/{id}": hot(entries.map(({ id }) => `/api/entries/${id}`)),
			"/api/entries/{id}?as_of": past("entries", puts),
			"/api/orders/{id}": hot(orders.map(({ id }) => `/api/orders/${id}`)),
			"/api/orders/{id}?as_of": past("orders", orders),
			"/api/exchange": hot(["/api/exchange"]),
			"/api/entries": hot(["/api/entries"]),
		};
		const rows: (string | number)[][] = [
			[
				"reads, 32 connections",
				"bytes",
				"a CPU second",
				"with PostgreSQL's",
				"a second",
				"bare, a CPU second",
				"of the limit by CPU",
				"aim",
				"by wall",
			],
		];
		const told: string[] = [];
		for (const [name, { paths, requests, rounds }] of Object.entries(asked)) {
			const sample = await fetch(`${house.url}${paths(rounds)[0]}`);
			const body = await sample.text();
			if (sample.status !== 200) throw new Error(`${name}: ${body}`);
			const bareUrl = await bare.ask<string>("serve", { body, headers: [...sample.headers] });
			const fire = async (child: Child, url: string, round: number) => {
				const how = { url, method: "GET", connections: 32, headers: {}, paths: fill(paths(round), requests) };
				return cost(setting, child, requests, async () => {
					const { statuses, odd } = await load.ask<Fired>("fire", how);
					if (statuses[200] !== requests) throw new Error(`${name}: ${JSON.stringify(statuses)}, ${odd}`);
				});
			};
			const costs = await alternated(rounds, {
				house: (round) => fire(house.exchange, house.url, round),
				bare: (round) => fire(bare, bareUrl, round),
			});
			const middle = (of: Cost[], rate: (cost: Cost) => number) => median(of.map(rate));
			rows.push([
				name,
				body.length,
				middle(costs.house, perCpuSecond),
				middle(costs.house, perAnyCpuSecond),
				middle(costs.house, perSecond),
				middle(costs.bare, perCpuSecond),
				ratio(costs.house, perCpuSecond, [[costs.bare, perCpuSecond]]),
				0.4,
				ratio(costs.house, perSecond, [[costs.bare, perSecond]]),
			]);
			await house.exchange.ask("profile");
			const spent = await fire(house.exchange, house.url, rounds + 1);
			told.push(`${name}: ${whereItGoes(spent, await house.exchange.ask<Profile>("profiled"), 10)}`);
		}
		print(table(rows));
		for (const line of told) print(`\n${line}`);
		await load.stop();
		await bare.stop();
		await house.close();
	},
};

function fill(paths: string[], count: number): string[] {
	return Array.from({ length: count }, (_, i) => paths[i % paths.length]!);
}
