import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agent } from "../log/given";
import { foundOf, goods, Market, minted, operator } from "./given";
import { results, type Wish } from "./results";

const [ada, bob] = [agent("ada"), agent("bob")];
/** A free search: nobody's, without a budget. */
const FREE: Wish = {
	minReputation: 0,
	freshnessHours: null,
	contentType: null,
	domains: [],
	tier: null,
	maxResults: 10,
};

let market: Market;
beforeEach(() => {
	market = new Market();
});
afterEach(() => market.sound());

describe("a free search", () => {
	test("shows what a buyer would be offered, at the same price and confidence", () => {
		const shell = market.stocked(ada, 900);
		market.given(minted(bob, 2_000));
		const said = market.answered(market.buy(bob), [shell]);
		const { results: shown } = results(market.state, FREE, foundOf([shell]), said.receivedAt);
		expect(shown).toEqual(said.payload.results);
	});

	test("shows anything to anyone, whatever it costs, and leaves no message", () => {
		const shell = market.accepted(ada, goods("shell", { token_cost: 140_000 }));
		const length = market.log.length;
		expect(results(market.state, FREE, foundOf([shell]), market.now).results).toHaveLength(1);
		expect(market.log.length).toBe(length);
	});

	test("never shows what is gated, gone or unknown, and counts each", () => {
		const pending = market.put(ada, goods("pending"));
		const found = foundOf([pending, "e".repeat(64)]);
		const { results: shown, meta } = results(market.state, FREE, found, market.now);
		expect(shown).toEqual([]);
		expect(meta).toMatchObject({ candidates: 2, filtered: { gone: 2 }, layers: {} });
	});

	test("never shows what the house hides, until it is restored", () => {
		const shell = market.accepted(ada, goods("shell"));
		const asked = () => results(market.state, FREE, foundOf([shell]), market.now);
		const word = (operation: string) =>
			operator.says(operation, { scope: "listing", at_fault: true, reason: "Leaked." }, shell);
		market.given(word("operator:hide"));
		expect(asked()).toMatchObject({ results: [], meta: { filtered: { hidden: 1 } } });
		market.given(word("operator:restore"));
		expect(asked().results).toHaveLength(1);
	});

	test("takes for fresh what is exactly as old as asked, and not a millisecond older", () => {
		const shell = market.accepted(ada, goods("shell"));
		const asked = (at: number) =>
			results(market.state, { ...FREE, freshnessHours: 4 }, foundOf([shell]), at).meta.filtered;
		const { putAt } = market.entry(shell);
		expect(asked(putAt + 4 * 3_600_000)).toEqual({});
		expect(asked(putAt + 4 * 3_600_000 + 1)).toEqual({ freshness: 1 });
	});

	test("filters everything that was found before it cuts", () => {
		const code = Array.from({ length: 12 }, (_, n) =>
			market.accepted(agent(`seller ${n}`), goods(`code ${n}`)),
		);
		const plan = market.accepted(ada, goods("plan", { content_type: "plan" }));
		const wish = { ...FREE, contentType: "plan" as const, maxResults: 1 };
		const { results: shown, meta } = results(market.state, wish, foundOf([...code, plan]), market.now);
		expect(shown).toMatchObject([{ entry_id: plan }]);
		expect(meta.filtered).toEqual({ type: 12 });
	});
});
