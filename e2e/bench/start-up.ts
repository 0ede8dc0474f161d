import { type Bench, figure, median, table } from "./bench";
import { profiles } from "./crowd";
import { housed } from "./housed";
import { sendAll } from "./trade";

/** How long a restart takes. */
export const startUp: Bench = {
	name: "start",
	about:
		"The second and later starts on the same log, from the process's code being loaded to the API answering; with the database running and without the pages, which read nothing of the log when they start. It must not depend on the log's length; what reads the whole of it does so behind the start.",

	async run(setting) {
		const { quick, print } = setting;
		const [sizes, starts] = quick ? [[0, 2_000], 2] : [[0, 100_000], 5];
		const house = await housed(setting, { EMBEDDER: "lexical" });
		const rows: (string | number)[][] = [["start, messages in the log", "ms to ready", "least", "most"]];
		let there = 0;
		for (const size of sizes) {
			for (; there < size; there += 2_000) await sendAll(house, profiles(house.key, 2_000));
			const times: number[] = [];
			for (let i = 0; i < starts; i++) {
				await house.restart();
				times.push(await house.exchange.ask<number>("readyMs"));
			}
			const [head] = await house.sql`select seq from head`;
			rows.push([figure(Number(head!.seq)), median(times), Math.min(...times), Math.max(...times)]);
		}
		print(table(rows));
		await house.close();
	},
};
