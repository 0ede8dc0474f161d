import type { ScratchCluster } from "../../db/scratch";
import type { Child } from "./child";
import { load, postgresCpuMicros } from "./machine";
import type { Profile } from "./profile";

export interface Setting {
	/** Sizes for a look at whether it works, not for figures. */
	quick: boolean;
	/** PostgreSQL as the product runs it, fsync and all. */
	cluster: ScratchCluster;
	print(line?: string): void;
}

export interface Bench {
	name: string;
	/** What is measured against what, a sentence. */
	about: string;
	run(setting: Setting): Promise<void>;
}

/** What a stretch of work cost. */
export interface Cost {
	count: number;
	wallMicros: number;
	/** Of the process under measure. */
	cpuMicros: number;
	/** Of PostgreSQL, all its processes. */
	postgresMicros: number;
}

/** Measures `work`, which does `count` of something in `child`. */
export async function cost(
	{ cluster }: Setting,
	child: Child,
	count: number,
	work: () => Promise<unknown>,
): Promise<Cost> {
	const [cpu, postgres, wall] = [await child.cpuMicros(), postgresCpuMicros(cluster.pid), performance.now()];
	await work();
	return {
		count,
		wallMicros: (performance.now() - wall) * 1000,
		cpuMicros: (await child.cpuMicros()) - cpu,
		postgresMicros: postgresCpuMicros(cluster.pid) - postgres,
	};
}

export type Costs<Name extends string> = Record<Name, Cost[]>;

/**
 * Each contender in turn, round after round, so that a slow quarter of an hour slows all of them. One round before them
 * warms up and is not counted.
 */
export async function alternated<Name extends string>(
	rounds: number,
	contenders: Record<Name, (round: number) => Promise<Cost>>,
): Promise<Costs<Name>> {
	const names = Object.keys(contenders) as Name[];
	const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Costs<Name>;
	for (let round = 0; round <= rounds; round++)
		for (const name of names) {
			const measured = await contenders[name](round);
			if (round > 0) costs[name].push(measured);
		}
	return costs;
}

export function median(values: number[]): number {
	return quantile(values, 0.5);
}

/** The value that this part of all does not exceed. */
export function quantile(values: number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))]!;
}

export const perCpuSecond = ({ count, cpuMicros }: Cost): number => (count * 1e6) / cpuMicros;
export const perSecond = ({ count, wallMicros }: Cost): number => (count * 1e6) / wallMicros;
/** Of both processes: where the work is mostly the database's own. */
export const perAnyCpuSecond = ({ count, cpuMicros, postgresMicros }: Cost): number =>
	(count * 1e6) / (cpuMicros + (postgresMicros || 0));

/** The median, over rounds, of one against the least of others in the same round. */
export function ratio(
	costs: Cost[],
	rate: (cost: Cost) => number,
	limits: [costs: Cost[], rate: (cost: Cost) => number][],
): number {
	return median(
		costs.map((cost, i) => rate(cost) / Math.min(...limits.map(([others, of]) => of(others[i]!)))),
	);
}

/** A Markdown table, its columns in line also where nothing renders it. */
export function table(rows: (string | number)[][]): string {
	const texts = rows.map((row) => row.map((cell) => (typeof cell === "number" ? figure(cell) : cell)));
	const widths = texts[0]!.map((_, i) => Math.max(3, ...texts.map((row) => row[i]!.length)));
	const line = (row: string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
	const [titles, ...rest] = texts;
	return [line(titles!), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}

/** Three digits that count. */
export function figure(value: number): string {
	if (!Number.isFinite(value)) return "–";
	if (Math.abs(value) >= 1000) return Math.round(Number(value.toPrecision(3))).toLocaleString("en");
	return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)));
}

/** Where the CPU of one stretch went, as a sentence: first what is not the main thread's. */
export function whereItGoes({ count, cpuMicros, postgresMicros }: Cost, profile: Profile, most = 12): string {
	const share = (micros: number) => `${((100 * micros) / cpuMicros).toFixed(0)} %`;
	const others = Math.max(0, cpuMicros - profile.mainMicros);
	const parts = profile.by.slice(0, most).map(([place, micros]) => `${place} ${share(micros)}`);
	const rest = profile.by.slice(most).reduce((sum, [, micros]) => sum + micros, 0);
	return (
		`${figure(cpuMicros / count)} µs of CPU each: other threads ${share(others)}, ${parts.join(", ")}, everything else ${share(rest)}; ` +
		`PostgreSQL besides ${figure(postgresMicros / count)} µs. Load average ${load()}.`
	);
}
