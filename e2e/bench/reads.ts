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
import { housed } from "./housed";
import type { Fired } from "./load";
import type { Profile } from "./profile";
import { trade } from "./trade";

/** What readers do: ask again and again for what is there. */
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
		const ids = await house.sql`select id from messages order by md5(id) limit 500`;
		const entries =
			await house.sql`select id from views.entries where status = 'live' order by md5(id) limit 500`;
		// Half the way back to when it was put, and an order half the way back to its buy.
		const then = await house.sql`
			select id, put_seq + (head.seq - put_seq) / 2 as seq from views.entries, head order by md5(id) limit 500`;
		const orders = await house.sql`
			select id, buys.seq + (head.seq - buys.seq) / 2 as seq from views.buys, head order by md5(id) limit 500`;
		const asked: Record<string, string[]> = {
			"/api/messages/{id}": ids.map(({ id }) => `/api/messages/${id}`),
			"/api/entries/{id}": entries.map(({ id }) => `/api/entries/${id}`),
			"/api/entries/{id}?as_of": then.map(({ id, seq }) => `/api/entries/${id}?as_of=${seq}`),
			"/api/orders/{id}": orders.map(({ id }) => `/api/orders/${id}`),
			"/api/orders/{id}?as_of": orders.map(({ id, seq }) => `/api/orders/${id}?as_of=${seq}`),
			"/api/exchange": ["/api/exchange"],
			"/api/entries": ["/api/entries"],
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
		for (const [name, paths] of Object.entries(asked)) {
			const sample = await fetch(`${house.url}${paths[0]}`);
			const body = await sample.text();
			if (sample.status !== 200) throw new Error(`${name}: ${body}`);
			const bareUrl = await bare.ask<string>("serve", { body, headers: [...sample.headers] });
			const fire = async (url: string) => {
				const how = { url, method: "GET", connections: 32, headers: {}, paths: fill(paths, requests) };
				const { statuses, odd } = await load.ask<Fired>("fire", how);
				if (statuses[200] !== requests) throw new Error(`${name}: ${JSON.stringify(statuses)}, ${odd}`);
			};
			const costs = await alternated(rounds, {
				house: () => cost(setting, house.exchange, requests, () => fire(house.url)),
				bare: () => cost(setting, bare, requests, () => fire(bareUrl)),
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
			const spent = await cost(setting, house.exchange, requests, () => fire(house.url));
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
