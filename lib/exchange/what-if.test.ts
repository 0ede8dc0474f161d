import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agent } from "../log/given";
import { foundOf, goods, Market } from "./given";
import type { Found } from "./ports";
import type { Wish } from "./results";
import { HOUR_MS } from "./rules/day";
import { whatIf } from "./what-if";

const [ada, bob] = [agent("ada"), agent("bob")];
const ANYTHING: Wish = {
	budgetScrip: 10_000_000,
	minReputation: 0,
	freshnessHours: null,
	contentType: null,
	domains: [],
	tier: null,
	maxResults: 3,
};

let market: Market;
beforeEach(() => {
	market = new Market();
});
afterEach(() => market.sound());

const asked = (wish: Partial<Wish>, found: Found, { best = 0, unnarrowed = found } = {}) =>
	whatIf(market.state, { ...ANYTHING, ...wish }, best, { found, unnarrowed }, market.now);

describe("a buy that found nothing", () => {
	test("would have found the cheapest full match with a budget of just its price", () => {
		const [dear, fair] = [market.stocked(ada, 900), market.stocked(bob, 620)];
		const { now, changes } = asked({ budgetScrip: 500 }, foundOf([dear, fair]));
		expect(now).toEqual([]);
		expect(changes).toMatchObject([{ filter: "budget", to: 620, result: { entry_id: fair, price: 620 } }]);
	});

	test("would rather pay more for a full match than a little more for a partial one", () => {
		const [full, partial] = [market.stocked(ada, 900), market.stocked(bob, 620)];
		const found: Found = {
			...foundOf([full, partial]),
			hits: [
				{ id: full, relevance: 0.9 },
				{ id: partial, relevance: 0.4 },
			],
		};
		expect(asked({ budgetScrip: 500 }, found).changes).toMatchObject([{ to: 900 }]);
		expect(asked({ budgetScrip: 500 }, { ...found, hits: found.hits.slice(1) }).changes).toMatchObject([
			{ to: 620, result: { entry_id: partial } },
		]);
	});

	test("would have found with the reputation, the age or the type of what is there", () => {
		const plan = market.accepted(ada, goods("plan", { content_type: "plan" }));
		market.now += 5 * HOUR_MS;
		const found = foundOf([plan]);
		expect(asked({ minReputation: 80 }, found).changes).toMatchObject([{ filter: "reputation", to: 50 }]);
		expect(asked({ contentType: "code" }, found).changes).toMatchObject([{ filter: "type", to: "plan" }]);
		const [{ to } = {}] = asked({ freshnessHours: 2 }, found).changes;
		expect(to).toBe(7);
		market.now += HOUR_MS;
		expect(asked({ freshnessHours: to as number }, found).now).toHaveLength(1);
	});

	test("would have found without its domains, in a search without their words", () => {
		const shell = market.accepted(ada, goods("shell", { domains: ["bash"] }));
		const narrowed = foundOf([]);
		expect(asked({ domains: ["go"] }, narrowed).changes).toEqual([]);
		expect(asked({ domains: ["go"] }, narrowed, { unnarrowed: foundOf([shell]) }).changes).toMatchObject([
			{ filter: "domains", to: null, result: { entry_id: shell } },
		]);
	});

	test("would have found without its tier, at the price without its multiplier", () => {
		const shell = market.stocked(ada, 400);
		const { tier } = market.entry(shell);
		const other = tier === "hot" ? "cold" : "hot";
		expect(asked({ tier: other }, foundOf([shell])).changes).toMatchObject([
			{ filter: "tier", to: null, result: { price: 400 } },
		]);
	});

	test("is told of no change where two filters keep the same entry out, or one that nobody can change", () => {
		const shell = market.stocked(ada, 900);
		const found = foundOf([shell]);
		expect(asked({ budgetScrip: 500, minReputation: 80 }, found).changes).toEqual([]);
		expect(asked({ budgetScrip: 500, owner: ada.key }, found).changes).toEqual([]);
	});

	test("would find now what has come in since", () => {
		const shell = market.stocked(ada, 400);
		const { now, changes } = asked({ budgetScrip: 400 }, foundOf([shell]));
		expect(now).toMatchObject([{ entry_id: shell, price: 400 }]);
		expect(changes).toEqual([]);
	});
});

describe("a buy that found little", () => {
	test("is told of changes that find better than it was shown, the best first, and of no others", () => {
		const [code, plan] = [market.stocked(ada, 400), market.stocked(bob, 200, { content_type: "plan" })];
		const found: Found = {
			...foundOf([]),
			hits: [
				{ id: plan, relevance: 0.7 },
				{ id: code, relevance: 0.6 },
			],
		};
		const wish = { contentType: "code" as const, budgetScrip: 300 };
		const both = asked(wish, found).changes;
		expect(both.map(({ filter }) => filter)).toEqual(["type", "budget"]);
		expect(both[0]!.result.confidence).toBeGreaterThan(both[1]!.result.confidence);
		const best = both[1]!.result.confidence;
		expect(asked(wish, found, { best }).changes).toMatchObject([{ filter: "type" }]);
		expect(asked(wish, found, { best: 1 }).changes).toEqual([]);
	});
});
