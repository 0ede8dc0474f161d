/** `npm run bench [-- name…] [--quick]`: what the exchange costs, against what nothing can do without. Nothing is asserted. */
import { parseArgs } from "node:util";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { scratchCluster } from "../../db/scratch";
import type { Bench } from "./bench";
import { board } from "./board";
import { load, machine } from "./machine";
import { match } from "./match";
import { pages } from "./pages";
import { post } from "./post";
import { reads } from "./reads";
import { rebuild } from "./rebuild";
import { startUp } from "./start-up";

const ALL: Bench[] = [post, rebuild, match, reads, pages, board, startUp];

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { quick: { type: "boolean" } },
});
const chosen = positionals.length === 0 ? ALL : ALL.filter(({ name }) => positionals.includes(name));
if (chosen.length === 0) {
	console.error(`There is no such bench. There are: ${ALL.map(({ name }) => name).join(", ")}.`);
	process.exit(2);
}

const print = (line = "") => console.log(line);
const cluster = await scratchCluster({ fsync: true });
try {
	const sql = connect(cluster.url, { max: 1 }) as Sql;
	print(await machine(sql));
	await sql.end();
	for (const bench of chosen) {
		print(`\n## ${bench.name}\n\n${bench.about} Load average at the beginning ${load()}.\n`);
		await bench.run({ quick: values.quick ?? false, cluster, print });
	}
} finally {
	await cluster.stop();
}
