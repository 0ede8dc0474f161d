import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOf, opened, type Visit } from "../../lib/doors/given";
import { openHouse } from "../../lib/doors/house";
import { Machine } from "../../lib/log/machine";
import { verifyLog } from "../../lib/log/replay";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

let visit: Visit;
let ahead = 0;
let still: number | undefined;
const now = () => (still ?? Date.now()) + ahead;
beforeAll(async () => {
	visit = await opened({ now, embedder: "lexical" });
});
afterAll(() => visit.close());

let puts = 0;
const put = () =>
	visit.agent().says("exchange:put", {
		description: `Number ${++puts}`,
		content: `The content of number ${puts}`,
		token_cost: 1_000,
		content_type: "data",
	});

test("a clock that steps back and forth: the log's time never goes back, and what is owed is done", async () => {
	const times: number[] = [];
	for (ahead of [0, HOUR, -HOUR, 0, 7 * MINUTE, -DAY, DAY, 0, 2 * DAY, -HOUR]) {
		const answer = await visit.post(put(), { Prefer: "wait=20" });
		const { message, replies } = await answer.json();
		expect([answer.status, replies.length]).toEqual([201, 1]);
		times.push(...[message, replies[0]].map(({ received_at }) => Date.parse(received_at)));
	}
	expect(times).toEqual([...times].sort((a, b) => a - b));
	const { faults } = await verifyLog(visit.house.sql, new Machine(visit.house.registry, visit.house.key));
	expect(faults).toEqual([]);
	// The log's time now stands two days ahead, which the rest lives with.
	ahead = 0;
});

test("a limit is counted by the clock as it is, not by the log's time that a wrong clock left ahead", async () => {
	const ada = visit.agent();
	const many = (count: number, what: string) =>
		Array.from({ length: count }, (_, i) => ada.says("agent:profile", { name: `${what} ${i}` }));
	const statuses = async (messages: ReturnType<typeof many>) =>
		(await linesOf<{ status: number }>(await visit.batch(messages))).map(({ status }) => status);
	// Ten seconds into a minute.
	still = Math.ceil(Date.now() / MINUTE) * MINUTE + 10_000;
	expect(new Set(await statuses(many(119, "first")))).toEqual(new Set([201]));
	// A step back over the seam is no second allowance.
	ahead = -30_000;
	expect(await statuses(many(2, "back"))).toEqual([201, 429]);
	// Two minutes later there is a new one.
	ahead = 2 * MINUTE;
	expect(await statuses(many(1, "later"))).toEqual([201]);
	[ahead, still] = [0, undefined];
});

test("what a process that is gone has left undone is done by one whose clock is an hour behind", async () => {
	await visit.house.runner.close();
	const left = put();
	expect((await (await visit.post(left)).json()).replies).toEqual([]);
	await visit.house.sql`delete from duty_leases`;
	const behind = await openHouse({
		url: visit.databaseUrl,
		secret: visit.house.secret,
		now: () => Date.now() - HOUR,
		embedder: "lexical",
	});
	const reply = await behind.door.submit(JSON.stringify(left), 20_000);
	await behind.close();
	expect(reply).toMatchObject({ status: 200, replies: [{ antecedent: left.id }] });
});
