import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mainThreadMicros } from "./machine";
import { type Profile, sharesOf } from "./profile";

/** What one process of a measurement can be asked to do; arguments and answers cross as structured clones. */
type Tasks = Record<string, (argument: never) => unknown>;

/** A process of its own: its CPU is nobody else's, and a load generator cannot slow what it measures but by the machine. */
export interface Child {
	ask<T>(task: string, argument?: unknown): Promise<T>;
	/** µs of CPU, all threads, since it began. */
	cpuMicros(): Promise<number>;
	stop(): Promise<void>;
	/** Ends it as a crash would; what it was asked is refused. */
	kill(): Promise<void>;
}

/** Starts `file` (beside this one), node with these flags; resolves when it answers. */
export async function start(
	file: string,
	env: Record<string, string> = {},
	flags: string[] = [],
): Promise<Child> {
	const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
		execArgv: [...flags, "--import", "tsx"],
		env: { ...process.env, ...env },
		serialization: "advanced",
	});
	const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
	let asked = 0;
	child.on("message", ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
		if (error === undefined) waiting.get(id)?.resolve(answer);
		else waiting.get(id)?.reject(new Error(`${file}: ${error}`));
		waiting.delete(id);
	});
	child.on("exit", (code, signal) => {
		for (const { reject } of waiting.values()) reject(new Error(`${file} ended: ${signal ?? code}`));
		waiting.clear();
	});
	const ask = <T>(task: string, argument?: unknown) =>
		new Promise<T>((resolve, reject) => {
			const id = asked++;
			waiting.set(id, { resolve, reject });
			child.send({ id, task, argument });
		});
	await ask("ready");
	return {
		ask,
		cpuMicros: () => ask<number>("cpuMicros"),
		stop: () => ended(child, () => child.disconnect()),
		kill: () => ended(child, () => child.kill("SIGKILL")),
	};
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const over = new Promise((resolve) => child.once("exit", resolve));
	end();
	await over;
}

/** In the child: answers what is asked until the parent is gone; then `close`, and out. */
export function answer(tasks: Tasks, close: () => Promise<void> = async () => {}): void {
	const profiler = new Session();
	let before = Number.NaN;
	const all: Tasks = {
		ready: () => {},
		cpuMicros() {
			const { user, system } = process.cpuUsage();
			return user + system;
		},
		profile() {
			profiler.connect();
			profiler.post("Profiler.enable");
			profiler.post("Profiler.setSamplingInterval", { interval: 500 });
			profiler.post("Profiler.start");
			before = mainThreadMicros();
		},
		/** Where the main thread's CPU went since `profile`. With BENCH_PROFILES, the whole of it is kept in that folder. */
		profiled() {
			const mainMicros = mainThreadMicros() - before;
			return new Promise<Profile>((resolve, reject) =>
				profiler.post("Profiler.stop", (error, { profile }) => {
					profiler.disconnect();
					if (error) return reject(error);
					const { BENCH_PROFILES: folder } = process.env;
					if (folder) {
						mkdirSync(folder, { recursive: true });
						writeFileSync(join(folder, `${process.pid}-${Date.now()}.cpuprofile`), JSON.stringify(profile));
					}
					resolve(sharesOf(profile, mainMicros));
				}),
			);
		},
		...tasks,
	};
	process.on("message", async ({ id, task, argument }: { id: number; task: string; argument: never }) => {
		try {
			process.send!({ id, answer: await all[task]!(argument) });
		} catch (error) {
			process.send!({ id, error: String((error as Error).stack ?? error) });
		}
	});
	process.on("disconnect", () => {
		close().finally(() => process.exit());
	});
}
