import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import type { Sql } from "postgres";

/** What the figures were taken on, as one line; they mean nothing on another machine but for their ratios. */
export async function machine(sql: Sql): Promise<string> {
	const [row] = await sql`show server_version`;
	const model = cpus()[0]?.model.trim() ?? "unknown";
	return (
		`${availableParallelism()} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${platform()} ${release()}, ` +
		`node ${process.versions.node}, PostgreSQL ${row!.server_version}`
	);
}

/** Said with every bench: who else was busy makes wall times worthless and CPU times worse. */
export function load(): string {
	return loadavg()
		.map((average) => average.toFixed(1))
		.join(" ");
}

/** µs of CPU of a postmaster and all its processes, living and gone; NaN where there is no /proc to read it from. */
export function postgresCpuMicros(postmaster: number): number {
	try {
		const own = stat(`${postmaster}`);
		let ticks = own.ticks + own.reaped;
		for (const name of readdirSync("/proc")) {
			if (!/^\d+$/.test(name)) continue;
			const other = tried(() => stat(name));
			if (other?.parent === postmaster) ticks += other.ticks;
		}
		return ticks * TICK_MICROS;
	} catch {
		return Number.NaN;
	}
}

/** µs of CPU of this process's main thread alone; NaN where there is no /proc. */
export function mainThreadMicros(): number {
	return (tried(() => stat(`self/task/${process.pid}`).ticks) ?? Number.NaN) * TICK_MICROS;
}

/** USER_HZ is 100 on every Linux that is built today. */
const TICK_MICROS = 10_000;

function stat(process: string): { parent: number; ticks: number; reaped: number } {
	const text = readFileSync(`/proc/${process}/stat`, "utf8");
	// The name in parentheses may hold anything; what follows it is numbers.
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number) as [number, number, number, number];
	return { parent: Number(fields[1]), ticks: utime + stime, reaped: cutime + cstime };
}

function tried<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}
