import {
	alternated,
	type Bench,
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
import type { Profile } from "./profile";
import { trade } from "./trade";

/** Everything but the log thrown away and made again. */
export const rebuild: Bench = {
	name: "rebuild",
	about:
		"Folding the log into fresh views (lib/log/replay), against reading it with a bare cursor and writing the very same rows with COPY.",

	async run(setting) {
		const { quick, print } = setting;
		const [messages, rounds] = quick ? [2_000, 2] : [50_000, 5];
		const house = await housed(setting, { EMBEDDER: "lexical" });
		const counts = await trade(house, messages);
		const log = Object.values(counts).reduce((sum, count) => sum + count, 0);
		// One log, and nobody else who writes to it.
		await house.exchange.stop();
		// As `npm run rebuild` begins: most of what a fold makes is garbage soon, and with little room much of it is copied before.
		const flags = ["--max-semi-space-size=32"];
		const folder = await start("folder.ts", { BENCH_DATABASE: house.databaseUrl }, flags);
		await folder.ask("keepRows");
		const costs = await alternated(rounds, {
			cursor: () => cost(setting, folder, log, () => folder.ask("cursor")),
			copy: () => cost(setting, folder, log, () => folder.ask("copy")),
			rebuild: () => cost(setting, folder, log, () => folder.ask("rebuild")),
		});
		// One after the other, as a rebuild does them.
		const bare = costs.cursor.map((cursor, i) => ({
			count: log,
			wallMicros: cursor.wallMicros + costs.copy[i]!.wallMicros,
			cpuMicros: cursor.cpuMicros + costs.copy[i]!.cpuMicros,
			postgresMicros: cursor.postgresMicros + costs.copy[i]!.postgresMicros,
		}));
		const rows = await folder.ask<number>("rows");
		print(
			`${log} messages (${Object.entries(counts)
				.sort(([, a], [, b]) => b - a)
				.map(([operation, count]) => `${count} ${operation}`)
				.join(", ")}) become ${rows} rows.\n`,
		);
		print(
			table([
				[
					"rebuild, messages",
					"a CPU second",
					"with PostgreSQL's",
					"a second",
					"of the limit by CPU",
					"aim",
					"with PostgreSQL's",
					"by wall",
				],
				...Object.entries({ ...costs, "cursor and COPY": bare }).map(([name, of]) => [
					name,
					median(of.map(perCpuSecond)),
					median(of.map(perAnyCpuSecond)),
					median(of.map(perSecond)),
					...(name === "rebuild"
						? [
								ratio(of, perCpuSecond, [[bare, perCpuSecond]]),
								0.7,
								ratio(of, perAnyCpuSecond, [[bare, perAnyCpuSecond]]),
								ratio(of, perSecond, [[bare, perSecond]]),
							]
						: ["", "", "", ""]),
				]),
			]),
		);
		await folder.ask("profile");
		const spent = await cost(setting, folder, log, () => folder.ask("rebuild"));
		print(`\nrebuild: ${whereItGoes(spent, await folder.ask<Profile>("profiled"))}`);
		await folder.stop();
		await house.close();
	},
};
