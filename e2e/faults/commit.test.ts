import { afterAll, beforeAll, expect, test } from "vitest";
import { opened, type Visit } from "../../lib/doors/given";
import { openHouse } from "../../lib/doors/house";
import { openCutter } from "./cut";

let visit: Visit;
let cutter: Awaited<ReturnType<typeof openCutter>>;
/** Another process of the exchange, with the cutter before its database. */
let far: Awaited<ReturnType<typeof openHouse>>;
beforeAll(async () => {
	visit = await opened({ embedder: "lexical" });
	cutter = await openCutter(visit.databaseUrl);
	far = await openHouse({
		url: cutter.url,
		secret: visit.house.secret,
		now: Date.now,
		embedder: "lexical",
	});
	// So that the COMMIT that is cut is the message's own.
	await far.runner.close();
});
afterAll(async () => {
	await far.close();
	cutter.close();
	await visit.close();
});

test.each([
	["is lost before PostgreSQL has it", "before"],
	["is carried out and its reply is lost", "after"],
] as const)(
	"a COMMIT that %s: the sender is told where its message stands, and a retry is told the same",
	async (_, where) => {
		for (let round = 0; round < 3; round++) {
			const message = visit.agent().says("agent:profile", { name: `${where} ${round}` });
			const cuts = cutter.cuts;
			cutter.cutNext(where);
			const first = await far.door.submit(JSON.stringify(message));
			if (first.refusal) throw new Error(first.refusal.code);
			expect(cutter.cuts).toBe(cuts + 1);
			// By whether it stood in the log already when it was tried again.
			expect(first.status).toBe(where === "before" ? 201 : 200);

			const again = await visit.post(message);
			const { message: told } = await again.json();
			expect([again.status, again.headers.get("Replayed")]).toEqual([200, "true"]);
			expect([told.id, told.seq]).toEqual([first.message.id, first.message.seq]);
			expect(new Date(told.received_at).getTime()).toBe(first.message.receivedAt);
			const rows = await visit.house.sql`select seq from messages where id = ${message.id}`;
			expect(rows.map(({ seq }) => Number(seq))).toEqual([first.message.seq]);
		}
	},
);
