/**
 * `npm run season [-- --agents 1000 --weeks 20 --reads 12 --seed …] [--quick]`: a season of the board, twice: once agents see what fits
 * their posts, once they only read on. Exit code 1 when the exchange's books, digests or views are not what they must be.
 */
import { parseArgs } from "node:util";
import { scratchCluster } from "../../db/scratch";
import { table } from "../bench/bench";
import type { Played, WeekFigures } from "./season";
import { notStranded, world } from "./worlds";

const { values } = parseArgs({
	options: {
		agents: { type: "string" },
		weeks: { type: "string" },
		reads: { type: "string" },
		seed: { type: "string", default: "1" },
		quick: { type: "boolean", default: false },
	},
});
const { seed, quick } = values;
const agents = whole("agents", quick ? 60 : 1_000);
const weeks = whole("weeks", quick ? 3 : 20);
const reads = whole("reads", quick ? 2 : 12);
console.log(`Season of ${agents} agents who read ${reads} posts a day, ${weeks} weeks, seed ${seed}.`);

const cluster = await scratchCluster();
process.env.SCRATCH_URL = cluster.url;
process.env.SCRATCH_TEMPLATE = cluster.template;
try {
	// At the same time: the one computes while the other waits for its database.
	const [without, with_] = await Promise.all([told("without", false), told("with", true)]);
	console.log(`\n${table(rows(without.weeks, with_.weeks))}\n`);
	for (const [name, { messages, refused }] of [
		["without", without],
		["with", with_],
	] as const)
		console.log(`${name}: ${messages} messages; the door said no to ${listed(refused)}.`);
} finally {
	await cluster.stop();
}

async function told(name: string, suggestions: boolean): Promise<Played> {
	const began = performance.now();
	const { played, sound } = await world({ seed, agents, weeks, reads, suggestions }, (week) => {
		const { share } = notStranded([week]);
		console.log(
			`${name}: ${week.week}: ${week.posted} posted, ${week.matched} matched, ${week.closed} closed, needs not stranded ${week.met} of ${week.needs}, ${share}`,
		);
	});
	const { messages, rows, tables, faults } = sound;
	for (const fault of faults) console.log(`${name}: WRONG: ${fault}`);
	if (faults.length > 0) process.exitCode = 1;
	else
		console.log(
			`${name}: sound: ${messages} messages verified; ${rows} rows of ${tables} views the same live, folded and rebuilt; one digest a week. ${Math.round((performance.now() - began) / 1000)} s.`,
		);
	return played;
}

function rows(without: WeekFigures[], with_: WeekFigures[]): (string | number)[][] {
	const titles = [
		"week",
		"posted",
		"matched",
		"closed",
		"not stranded",
		"with: posted",
		"matched",
		"closed",
		"not stranded",
	];
	const cells = (figures: WeekFigures[]) => [
		sum(figures, "posted"),
		sum(figures, "matched"),
		sum(figures, "closed"),
		`${notStranded(figures).met} of ${notStranded(figures).needs}, ${notStranded(figures).share}`,
	];
	return [
		titles,
		...without.map((week, i) => [week.week, ...cells([week]), ...cells([with_[i]!])]),
		["all", ...cells(without), ...cells(with_)],
	].map((row) => row.map(String));
}

function sum(figures: WeekFigures[], name: "posted" | "matched" | "closed"): number {
	return figures.reduce((all, week) => all + week[name], 0);
}

function listed(refused: Record<string, number>): string {
	const codes = Object.entries(refused).sort(([, one], [, other]) => other - one);
	return codes.map(([code, count]) => `${count} ${code}`).join(", ") || "nothing";
}

function whole(name: "agents" | "weeks" | "reads", usual: number): number {
	const text = values[name];
	if (text === undefined) return usual;
	if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
	console.error(`--${name} is a whole number from 1 on, not ${text}.`);
	process.exit(2);
}
