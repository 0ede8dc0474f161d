import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "../client/compose";
import { offerClaim } from "./found";
import { opened } from "./given";

let visit: Awaited<ReturnType<typeof opened>>;
beforeAll(async () => {
	visit = await opened({ operators: [] });
});
afterAll(() => visit.close());

describe("the one-time link", () => {
	test("of an earlier start is no good once a new one is offered; that of a process which starts with ours is", async () => {
		const { house } = visit;
		const earlier = await offerClaim({ ...house, now: () => house.now() - 3_600_000 });
		const beside = await offerClaim(house);
		const token = await offerClaim(house);
		expect(new Set([earlier, beside, token]).size).toBe(3);
		expect(await house.operatorClaim.take(earlier!, newKey().key)).toBe(false);
		expect(await house.sql`select from operator_claims`).toHaveLength(2);
	});

	test("makes one house operator, however many take it at once, and none of a key that cannot be one", async () => {
		const { house } = visit;
		const links = [await offerClaim(house), await offerClaim(house)];
		expect(await house.operatorClaim.take(links[0]!, "not a key")).toBe(false);
		const taken = await Promise.all(
			Array.from({ length: 8 }, (_, i) => house.operatorClaim.take(links[i % 2]!, newKey().key)),
		);
		expect(taken.filter(Boolean)).toHaveLength(1);
		expect(await house.sql`select from views.roles where role = 'operator'`).toHaveLength(1);
	});

	test("is not offered while there is a house operator", async () => {
		expect(await offerClaim(visit.house)).toBeUndefined();
		expect(await visit.house.sql`select from operator_claims`).toHaveLength(0);
	});
});
