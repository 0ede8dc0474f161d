import type { Message } from "../../lib/log/message";
import {
	alternated,
	type Bench,
	type Cost,
	cost,
	perAnyCpuSecond,
	perCpuSecond,
	perSecond,
	ratio,
	table,
	whereItGoes,
} from "./bench";
import { type Child, start } from "./child";
import { profiles, puts } from "./crowd";
import { type House, housed } from "./housed";
import type { Fired, Load } from "./load";
import type { Profile } from "./profile";

/** What agents do: send, and be answered. */
export const post: Bench = {
	name: "post",
	about:
		"The door, message by message, against the least of two limits: verifying each signature once (node:crypto, cached keys), writing each row once (100 a transaction).",

	async run(setting) {
		const { quick, cluster, print } = setting;
		const [count, putCount, rounds] = quick ? [600, 200, 2] : [6_000, 2_000, 5];
		// Embedding is not part of a ruling's answer in time, but of the process's CPU: measured by itself in `match`.
		const house = await housed(setting, { EMBEDDER: "lexical" });
		const bare = await cluster.database();
		const limits = await start("limits.ts");
		const load = await start("load.ts");
		let inserted = 0;

		const one = { path: "/api/messages", headers: { "Content-Type": "application/json" } };
		const waiting = { ...one, headers: { ...one.headers, Prefer: "wait=30" } };
		const many = { ...one, headers: { "Content-Type": "application/x-ndjson" } };
		const posted = async (
			messages: Message[],
			how: Partial<Load>,
			bodies = messages.map((m) => JSON.stringify(m)),
		) =>
			cost(setting, house.exchange, messages.length, () =>
				fired(load, house, { ...how, bodies }, messages.length),
			);
		const light = () => profiles(house.key, count);
		const contenders: Record<string, () => Promise<Cost>> = {
			verify: async () => {
				await limits.ask("prepareVerify", { exchangeKey: house.key, messages: light() });
				return cost(setting, limits, count, () => limits.ask("verify"));
			},
			insert: async () => {
				await limits.ask("prepareInsert", { url: bare.url, messages: light(), from: inserted + 1 });
				inserted += count;
				return cost(setting, limits, count, () => limits.ask("insert"));
			},
			"light, 32 connections": () => posted(light(), { ...one, connections: 32 }),
			"light, 128 connections": () => posted(light(), { ...one, connections: 128 }),
			"light, 100 a POST": () => {
				const messages = light();
				return posted(messages, { ...many, connections: 4 }, inHundreds(messages));
			},
			"put and its ruling, 32 connections": () =>
				posted(puts(house.key, putCount), { ...waiting, connections: 32 }),
			"put and its ruling, 128 connections": () =>
				posted(puts(house.key, putCount), { ...waiting, connections: 128 }),
		};
		const costs = await alternated(rounds, contenders);

		const aims: Record<string, number> = {
			"light, 32 connections": 0.45,
			"light, 128 connections": 0.55,
			"light, 100 a POST": 0.75,
			"put and its ruling, 32 connections": 0.4,
			"put and its ruling, 128 connections": 0.5,
		};
		const verify = costs.verify!;
		const insert = costs.insert!;
		print(
			table([
				[
					"post",
					"a CPU second",
					"with PostgreSQL's",
					"a second",
					"of the limit by CPU",
					"aim",
					"with PostgreSQL's",
					"by wall",
				],
				...Object.entries(costs).map(([name, of]) => [
					name,
					middle(of, perCpuSecond),
					middle(of, perAnyCpuSecond),
					middle(of, perSecond),
					...(aims[name] === undefined
						? ["", "", "", ""]
						: [
								ratio(of, perCpuSecond, [
									[verify, perCpuSecond],
									[insert, perAnyCpuSecond],
								]),
								aims[name],
								ratio(of, perAnyCpuSecond, [
									[verify, perCpuSecond],
									[insert, perAnyCpuSecond],
								]),
								ratio(of, perSecond, [
									[verify, perSecond],
									[insert, perSecond],
								]),
							]),
				]),
			]),
		);

		for (const name of ["light, 32 connections", "light, 100 a POST", "put and its ruling, 32 connections"]) {
			await house.exchange.ask("profile");
			const spent = await contenders[name]!();
			const profile = await house.exchange.ask<Profile>("profiled");
			print(`\n${name}: ${whereItGoes(spent, profile, 16)}`);
		}
		await load.stop();
		await limits.stop();
		await bare.drop();
		await house.close();
	},
};

function middle(costs: Cost[], rate: (cost: Cost) => number): number {
	return ratio(costs, rate, [[costs, () => 1]]);
}

function inHundreds(messages: Message[]): string[] {
	const bodies: string[] = [];
	for (let at = 0; at < messages.length; at += 100)
		bodies.push(
			messages
				.slice(at, at + 100)
				.map((message) => JSON.stringify(message))
				.join("\n"),
		);
	return bodies;
}

/** What was not taken was not measured: it must not pass for fast. */
async function fired(load: Child, house: House, how: Partial<Load>, expected: number): Promise<void> {
	const { statuses, odd } = await load.ask<Fired>("fire", { url: house.url, method: "POST", ...how });
	if (statuses[201] !== expected)
		throw new Error(`answers: ${JSON.stringify(statuses)}, the first odd one: ${odd}`);
}
