import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chance } from "../chance";
import type { Step } from "./house";
import { openRack } from "./rack";

/**
 * kill −9 of a house, of PostgreSQL and of one of its backends, at random and at each step of the way into the log, while
 * messages come in: KILLS of them.
 */
const KILLS = Number(process.env.KILLS ?? 3);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = chance(SEED);

const STEPS: readonly (Step | undefined)[] = ["committed", "folded", "locked", undefined];
const VICTIMS = ["house", "server", "house", "backend"] as const;

let rack: Awaited<ReturnType<typeof openRack>>;
beforeAll(async () => {
	console.log(`${KILLS} kills, SEED=${SEED}`);
	rack = await openRack(random);
});
afterAll(() => rack.close());

test("every acknowledged message is there once, no duty is lost or done twice, and a rebuild equals what is live", async () => {
	const { cluster, acknowledged, enough } = rack;
	for (let kill = 0; kill < KILLS; kill++) {
		await enough(20);
		// As many steps as victims: each round of the steps meets them one further on.
		const round = Math.floor(kill / STEPS.length);
		const [step, victim] = [STEPS[kill % STEPS.length], VICTIMS[(kill + round) % VICTIMS.length]!];
		const which = random(2);
		if (step) await rack.halted(which, step);
		else await pause(random(300));
		if (victim === "house") await rack.killed(which);
		else if (victim === "backend") await rack.backendKilled();
		else {
			await cluster.kill();
			await cluster.start();
		}
		if (victim !== "house") await rack.goOn(which);
	}
	await enough(20);
	await rack.settled();
	expect(await rack.faults()).toEqual([]);
	console.log(`${acknowledged.length} messages acknowledged`);
});
