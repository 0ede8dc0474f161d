import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { opened, type Visit } from "../../lib/doors/given";

/** More than the door can hold, wave after wave. */
const WAVES = 12;
const WAVE = 1_000;
const ROOM = { messages: 200, bytes: 2_000_000 };

let visit: Visit;
beforeAll(async () => {
	visit = await opened({ embedder: "lexical", room: ROOM });
});
afterAll(() => visit.close());

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("under a flood what was taken is answered and in the log, the rest is told when to come again, and memory stays flat", async () => {
	const heaps: number[] = [];
	let refused = 0;
	for (let wave = 0; wave < WAVES; wave++) {
		const taken: string[] = [];
		const agents = Array.from({ length: 10 }, () => visit.agent());
		await Promise.all(
			Array.from({ length: WAVE }, async (_, i) => {
				const message = agents[i % 10]!.says("agent:profile", { name: `${wave} ${i} `.repeat(10) });
				const answer = await visit.post(message);
				await answer.text();
				if (answer.status === 201) taken.push(message.id);
				else {
					expect(answer.status).toBe(503);
					expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
					refused++;
				}
			}),
		);
		expect(taken.length).toBeGreaterThanOrEqual(ROOM.messages);
		const { sql } = visit.house;
		expect(await sql`select from messages where id in ${sql(taken)}`).toHaveLength(taken.length);
		expect(visit.house.door.waiting).toBe(0);
		collect();
		heaps.push(process.memoryUsage().heapUsed);
	}
	expect(refused).toBeGreaterThan(0);
	// The sequencer keeps the rows it has read, which are few; a wave held back would be a megabyte each time.
	const [early, late] = [heaps[WAVES / 3]!, heaps.at(-1)!];
	console.log(`${refused} refused; heap ${heaps.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(" ")} MiB`);
	expect(late - early).toBeLessThan(16 * 2 ** 20);
});
