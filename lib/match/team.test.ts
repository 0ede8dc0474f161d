import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { TEAM_BYTES, team } from "./team.mjs";

const PARTS = [3, 1, 7, 2, 5];
const ALL = PARTS.reduce((sum, count) => sum + count);
const address = JSON.stringify(pathToFileURL(join(process.cwd(), "lib/match/team.mjs")).href);

/** A thread that leads `runs`, and more until each of `threads` did a part, or that helps. Says what was amiss. */
const thread = (words: Int32Array, role: { lead?: number; threads?: number; name: number }) =>
	new Worker(
		`const { parentPort, workerData: { words, parts, role, size } } = require("node:worker_threads");
		import(${address}).then(({ team }) => {
			const times = words.subarray(size, size + 32);
			const did = words.subarray(size + 32);
			const first = parts.map((_, step) => parts.slice(0, step).reduce((sum, count) => sum + count, 0));
			const faults = [];
			const done = (run, upTo) => times.subarray(0, upTo).every((done) => done === run);
			const crew = team(words.subarray(0, size), parts, (step, part, run) => {
				if (!done(run, first[step])) faults.push("a part of step " + step + " was early");
				// Some parts take longer, and now and then a thread sleeps.
				for (let i = 0; i < (part * 7919 + run) % 3_000; i++) Atomics.load(did, 2);
				Atomics.add(times, first[step] + part, 1);
				Atomics.add(did, role.name, 1);
			});
			if (!role.lead) crew.help();
			for (let run = 1; run <= role.lead || did.subarray(0, role.threads).includes(0); run++) {
				crew.lead(run, role.threads > 1);
				if (!done(run, ${ALL})) faults.push("run " + run + " did not do each part once");
			}
			parentPort.postMessage(faults);
		});`,
		{ eval: true, workerData: { words, parts: PARTS, role, size: TEAM_BYTES / 4 } },
	);
const memory = () => new Int32Array(new SharedArrayBuffer(TEAM_BYTES + 64 * 4));

describe("a team", () => {
	it.each([1, 2, 3])(
		"of %d does each part of a run once, and no step before the last is done",
		async (threads) => {
			const words = memory();
			const helpers = Array.from({ length: threads - 1 }, (_, i) => thread(words, { name: i + 1 }));
			const leader = thread(words, { lead: 2_000, threads, name: 0 });
			const [faults] = await once(leader, "message");
			expect(faults).toEqual([]);
			await Promise.all([leader, ...helpers].map((one) => one.terminate()));
		},
	);

	it("goes on without those who do not come", () => {
		const done: string[] = [];
		const crew = team(memory(), [2, 1], (step, part, subject) => done.push(`${subject}: ${step}.${part}`));
		for (const subject of [5, 6]) crew.lead(subject, true);
		expect(done).toEqual(["5: 0.0", "5: 0.1", "5: 1.0", "6: 0.0", "6: 0.1", "6: 1.0"]);
	});
});
