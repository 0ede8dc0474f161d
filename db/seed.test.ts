import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { opened, type Visit } from "../lib/doors/given";
import { openHouse } from "../lib/doors/house";
import { demoOperator, openDemo } from "./seed";

/** Its beginning and end; what is told in between is held to its promises by e2e/demo.test.ts. */

let visit: Visit;
beforeEach(async () => {
	visit = await opened({ operators: [], embedder: "lexical" });
});
afterEach(() => visit.close());

const tell = () => {};
const operators = () => visit.house.sql`select subject from views.roles where role = 'operator'`;
const told = async () => {
	const rows = await visit.house.sql`select operation, body from messages order by seq`;
	return rows.map(({ operation, body }) => ({
		operation: operation as string,
		body: (body as string).replace(/,"timestamp":"[^"]*"/, ""),
	}));
};

describe("the demo story", () => {
	test("is not begun on a log that was there before, nor where it is not wanted", async () => {
		for (const asked of [
			{ wanted: true, first: false },
			{ wanted: false, first: true },
		])
			await (await openDemo(visit.house, { ...asked, tell })).over;
		expect(await told()).toHaveLength(1);
	});

	test("is over at once when it was begun and is no longer wanted: its house operator leaves", async () => {
		const begun = await openDemo(visit.house, { wanted: true, first: true, tell });
		expect(await operators()).toEqual([{ subject: demoOperator(visit.house.secret) }]);
		await begun.close();

		await (await openDemo(visit.house, { wanted: false, first: false, tell })).over;
		expect(await operators()).toEqual([]);
		const operations = (await told()).map(({ operation }) => operation);
		// What was at the door when it was left may be recorded after that.
		expect(operations).toContain("operator:revoke");
		expect(operations).not.toContain("exchange:put");
	});

	test("is told by one of the processes that open the log at the same time", async () => {
		const { secret } = visit.house;
		const other = await openHouse({ url: visit.databaseUrl, secret, now: Date.now, embedder: "lexical" });
		const begun = await openDemo(visit.house, { wanted: true, first: true, tell });
		const joined = await openDemo(other, { wanted: true, first: false, tell });
		await Promise.all([begun.over, joined.over]);
		await other.close();

		const bodies = (await told()).map(({ body }) => body);
		expect(new Set(bodies).size).toBe(bodies.length);
		expect(await operators()).toEqual([]);
	});
});
