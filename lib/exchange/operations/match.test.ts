import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buys, offers, wanted } from "../../../db/schema/exchange";
import { duties } from "../../../db/schema/log";
import { agent } from "../../log/given";
import type { JsonObject } from "../../log/json";
import type { Duty } from "../../log/operation";
import {
	configured,
	foundOf,
	goods,
	Market,
	minted,
	operator,
	owned,
	portsOf,
	vouched,
	wants,
} from "../given";
import type { Result } from "../results";
import { match } from "./match";

const [ada, bea, bob, cyd] = [agent("ada"), agent("bea"), agent("bob"), agent("cyd")];
const [HOUR, DAY] = [3_600_000, 86_400_000];

let market: Market;
beforeEach(() => {
	market = new Market().given(minted(bob, 10_000));
});
afterEach(() => market.sound());

const resultsOf = (said: { payload: JsonObject } | { payload: Record<string, unknown> }) =>
	said.payload.results as Result[];
const metaOf = (said: { payload: Record<string, unknown> }) => said.payload.search_meta as JsonObject;
const prepare = match.answer!.prepare as unknown as (
	duty: Duty,
	ports: ReturnType<typeof portsOf>,
) => Promise<unknown>;
const duty = (): Duty => market.state.all(duties).find(({ kind }) => kind === "exchange:match") as Duty;

describe("match", () => {
	test("says of each result what the inventory says, and what it costs", () => {
		const shell = market.stocked(ada, 900, { domains: ["go"], token_cost: 5_000 });
		market.later(3 * HOUR);
		const said = market.answered(market.buy(bob, { budget: 1_000 }), [shell]);
		expect(resultsOf(said)).toEqual([
			{
				entry_id: shell,
				put_msg_id: shell,
				seller_key: ada.key,
				description: "How worth 900 works",
				content_hash: market.entry(shell).contentHash,
				content_type: "code",
				price: market.price(shell),
				confidence: expect.any(Number),
				seller_reputation: 50,
				token_cost_original: 5_000,
				age_hours: 3,
			},
		]);
		expect(metaOf(said)).toMatchObject({
			quote_expires_at: new Date(market.now + HOUR).toISOString(),
			embedder: "said by the test/1",
			floor: 0.5,
			candidates: 1,
			filtered: {},
			layers: { [shell]: { r: 0.95 } },
		});
	});

	test("concerns its buyer, and the sellers whose entries it offers", () => {
		const entries = [ada, bea].map((seller) => market.accepted(seller, goods(seller.name)));
		market.answered(market.buy(bob, { budget: 5_000 }), entries);
		expect(market.log.at(-1)!.addressed.sort()).toEqual([ada.key, bea.key, bob.key].sort());
	});

	test("ranks by one falling number, and cuts where the buyer said", () => {
		const all = ["a", "b", "c", "d"].map((name, i) => market.accepted(agent(`seller ${i}`), goods(name)));
		const said = market.answered(market.buy(bob, { budget: 5_000 }), all);
		const confidences = resultsOf(said).map(({ confidence }) => confidence);
		expect(confidences).toHaveLength(3);
		expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
		expect(resultsOf(market.answered(market.buy(bob, { max_results: 1, budget: 5_000 }), all))).toHaveLength(
			1,
		);
	});

	test("is empty and says so when nothing reaches the floor, and ends the duty", () => {
		const order = market.buy(bob);
		const said = market.answered(order, { ...foundOf([]), candidates: 7, belowFloor: 7 });
		expect(resultsOf(said)).toEqual([]);
		expect(metaOf(said)).toMatchObject({ candidates: 7, filtered: { floor: 7 } });
		expect(market.state.all(duties)).toEqual([]);
		expect(market.state.get(buys, order)).toMatchObject({ matchId: said.id, results: 0 });
	});

	test("comes once", () => {
		const order = market.buy(bob);
		market.answered(order, []);
		expect(
			market.exchangeSays({
				operation: "exchange:match",
				antecedents: [order],
				payload: { results: [] },
			}),
		).toMatchObject({ refused: { code: "already-matched", status: 409 } });
	});

	test("is the exchange's alone, and answers a buy alone", () => {
		const order = market.buy(bob);
		for (const who of [bob, operator])
			expect(market.when(who.says("exchange:match", { results: [] }, order))).toMatchObject({
				refused: { code: "sender-not-allowed", status: 403 },
			});
		const shell = market.accepted(ada, goods("shell"));
		expect(
			market.exchangeSays({
				operation: "exchange:match",
				antecedents: [shell],
				payload: { results: [] },
			}),
		).toMatchObject({ refused: { code: "wrong-antecedent", status: 422 } });
	});

	test("still answers an order that expired, but with nothing", () => {
		const shell = market.stocked(ada, 900);
		const order = market.buy(bob, { budget: 2_000 });
		market.later(HOUR);
		const said = market.answered(order, [shell]);
		expect(resultsOf(said)).toEqual([]);
		expect(metaOf(said).degraded).toMatch(/expired/);
		expect(market.state.all(wanted)).toEqual([]);
	});
});

describe("a match that says what is not so", () => {
	const forged = (change: Partial<Result>, wish: JsonObject = {}) => {
		const shell = market.stocked(ada, 900);
		const order = market.buy(bob, { budget: 1_000, ...wish });
		const { id, putSeq: _, ...entry } = market.entry(shell);
		const result = {
			entry_id: id,
			put_msg_id: id,
			seller_key: entry.seller,
			description: entry.description,
			content_hash: entry.contentHash,
			content_type: entry.contentType,
			price: market.price(shell),
			confidence: 0.9,
			seller_reputation: 50,
			token_cost_original: entry.tokenCost,
			age_hours: 0,
			...change,
		};
		return market.exchangeSays({
			operation: "exchange:match",
			antecedents: [order],
			payload: { results: [result] },
		});
	};

	test("is taken when it is so", () => {
		expect(forged({})).toHaveProperty("logged");
	});

	test.each<[string, Partial<Result>, string, number]>([
		["a price above the budget", { price: 1_001 }, "over-budget", 422],
		["a price that is not the entry's", { price: 899 }, "result-untrue", 422],
		["somebody else as seller", { seller_key: bea.key }, "result-untrue", 422],
		["another description", { description: "Better than it is" }, "result-untrue", 422],
		["another content", { content_hash: `sha256:${"0".repeat(64)}` }, "result-untrue", 422],
		["another put", { put_msg_id: "f".repeat(64) }, "result-untrue", 422],
		["another type", { content_type: "plan" }, "result-untrue", 422],
		["a better seller", { seller_reputation: 51 }, "result-untrue", 422],
		["a dearer original", { token_cost_original: 10_000_000 }, "result-untrue", 422],
		["an older content", { age_hours: 1 }, "result-untrue", 422],
		["an entry that is none", { entry_id: "e".repeat(64) }, "result-untrue", 422],
	])("is refused: %s", (_, change, code, status) => {
		expect(forged(change)).toMatchObject({ refused: { code, status } });
	});

	test("is told so before that it comes too late or offers what is kept out", () => {
		expect(forged({ price: 899 }, { content_type: "data" })).toMatchObject({
			refused: { code: "result-untrue", status: 422, field: "/payload/results/0/price" },
		});
		const order = market.buy(bob);
		const [shell] = resultsOf(market.answered(order, [market.stocked(ada, 700)]));
		const again = { ...shell!, price: 699 } as unknown as JsonObject;
		expect(
			market.exchangeSays({
				operation: "exchange:match",
				antecedents: [order],
				payload: { results: [again] },
			}),
		).toMatchObject({ refused: { code: "result-untrue", status: 422 } });
	});

	test("is refused with results once the order has expired, and with an entry that is gone", () => {
		const shell = market.accepted(ada, goods("shell", { ttl_hours: 1 }));
		const says = (order: string, result: Result) =>
			market.exchangeSays({
				operation: "exchange:match",
				antecedents: [order],
				payload: { results: [{ ...result, age_hours: 1 }] as unknown as JsonObject[] },
			});
		const [first, second] = [market.buy(bob, { budget: 2_000 }), market.buy(bob, { budget: 2_000 })];
		const [shown] = resultsOf(market.answered(market.buy(bob, { budget: 2_000 }), [shell])) as [Result];
		market.now = market.entry(shell).expiresAt! - 1;
		expect(says(first, shown)).toMatchObject({ refused: { code: "entry-gone", status: 409 } });
		market.now = market.state.get(buys, second)!.expiresAt - 1;
		expect(says(second, shown)).toMatchObject({ refused: { code: "too-late", status: 409 } });
	});

	test("is refused with quotes that hold longer or shorter than the settings say", () => {
		const order = market.buy(bob);
		const says = (quoteMs: number) =>
			market.exchangeSays({
				operation: "exchange:match",
				antecedents: [order],
				payload: {
					results: [],
					search_meta: {
						quote_expires_at: new Date(market.now + 1 + quoteMs).toISOString(),
						embedder: "said by the test/1",
						floor: 0.5,
						candidates: 0,
						filtered: {},
						layers: {},
						took_ms: 1,
					},
				},
			});
		for (const quoteMs of [HOUR - 1, HOUR + 1])
			expect(says(quoteMs)).toMatchObject({
				refused: {
					code: "quote-untrue",
					status: 422,
					field: "/payload/search_meta/quote_expires_at",
				},
			});
		expect(says(HOUR)).toHaveProperty("logged");
	});

	test("is refused for an entry the buyer's filters keep out", () => {
		expect(forged({}, { content_type: "data" })).toMatchObject({
			refused: { code: "filtered-out", status: 409 },
		});
	});

	test("is refused out of order, with an entry twice, or with more than was asked for", () => {
		const [one, two] = [market.stocked(ada, 10), market.stocked(bea, 20)];
		const results = resultsOf(market.answered(market.buy(bob), [one, two]));
		const [first, second] = results as [Result, Result];
		expect(match.body.safeParse({ results: [first, second] }).success).toBe(true);
		expect(match.body.safeParse({ results: [second, first] }).success).toBe(false);
		expect(match.body.safeParse({ results: [first, first] }).success).toBe(false);
		expect(
			market.exchangeSays({
				operation: "exchange:match",
				antecedents: [market.buy(bob, { max_results: 1 })],
				payload: { results: results as unknown as JsonObject[] },
			}),
		).toMatchObject({ refused: { code: "too-many-results", status: 422 } });
	});
});

describe("the hard filters", () => {
	/** What kept the one entry out of this buyer's match; "shown" when nothing did. */
	const keptOut = (entry: string, wish: JsonObject = {}, buyer = bob) => {
		const said = market.answered(market.buy(buyer, { budget: 1_000, ...wish }), [entry]);
		return resultsOf(said).length > 0 ? "shown" : Object.keys(metaOf(said).filtered as JsonObject).join();
	};

	test("keep out what costs more than the budget, and nothing at the budget itself", () => {
		const shell = market.stocked(ada, 900);
		expect(keptOut(shell, { budget: 899 })).toBe("budget");
		expect(keptOut(shell, { budget: 900 })).toBe("shown");
	});

	test("keep out the buyer's own, put by whichever key of its owner, then or now", () => {
		const before = market.stocked(bea, 900);
		market.given(owned("house-b", bob, bea));
		const after = market.stocked(bea, 100);
		expect(keptOut(before)).toBe("own");
		expect(keptOut(after)).toBe("own");
		market.given(minted(cyd, 1_000));
		expect(keptOut(after, {}, cyd)).toBe("shown");
	});

	test("keep out other types, and what shares no domain", () => {
		const shell = market.stocked(ada, 900, { domains: ["go", "sql"] });
		expect(keptOut(shell, { content_type: "plan" })).toBe("type");
		expect(keptOut(shell, { domains: ["rust"] })).toBe("domains");
		expect(keptOut(shell, { content_type: "code", domains: ["rust", "sql"] })).toBe("shown");
	});

	test("keep out other tiers, and the multiplier counts only for who asked for the tier", () => {
		const shell = market.stocked(ada, 600, { compression_tier: "hot" });
		expect(keptOut(shell, { compression_tier: "warm" })).toBe("tier");
		const priceFor = (wish: JsonObject) =>
			resultsOf(market.answered(market.buy(bob, wish), [shell]))[0]!.price;
		expect(priceFor({})).toBe(600);
		expect(priceFor({ compression_tier: "hot" })).toBe(900);
	});

	test("keep out what is older than asked, by the age of the first put of its content", () => {
		const shell = market.accepted(ada, goods("shell"));
		market.later(5 * HOUR);
		const copy = market.accepted(bea, goods("shell"));
		expect(keptOut(copy, { freshness_hours: 4, budget: 2_000 })).toBe("freshness");
		expect(keptOut(shell, { freshness_hours: 6, budget: 2_000 })).toBe("shown");
	});

	test("keep out sellers below the reputation asked for", () => {
		const shell = market.stocked(ada, 900);
		expect(keptOut(shell, { min_reputation: 51 })).toBe("reputation");
		expect(keptOut(shell, { min_reputation: 50 })).toBe("shown");
	});

	test("keep out what has expired, and what was never accepted", () => {
		const pending = market.put(ada, goods("pending"));
		const brief = market.accepted(ada, goods("brief", { ttl_hours: 1 }));
		expect(keptOut(pending)).toBe("gone");
		expect(keptOut(brief, { budget: 2_000 })).toBe("shown");
		market.now = market.entry(brief).expiresAt! - 1;
		expect(keptOut(brief, { budget: 2_000 })).toBe("gone");
	});
});

describe("the quote", () => {
	test("holds the price of the match, whatever the entry costs then", () => {
		const shell = market.stocked(ada, 900);
		const { id } = market.answered(market.buy(bob), [shell]);
		market.later(30 * DAY);
		expect(market.price(shell)).toBe(675);
		expect(market.state.get(offers, id, shell)).toMatchObject({ basePriceScrip: 900 });
	});

	test("holds as long as the settings said when it was made", () => {
		market.given(configured({ "exchange.quote_minutes": 5 }));
		const shell = market.stocked(ada, 900);
		const said = market.answered(market.buy(bob), [shell]);
		market.given(configured({ "exchange.quote_minutes": 50 }));
		expect(market.state.get(offers, said.id, shell)!.quoteExpiresAt).toBe(said.receivedAt + 300_000);
	});
});

describe("between search and match", () => {
	test("what is gone is dropped, and what has another price is quoted at that or dropped", async () => {
		const shell = market.stocked(ada, 900);
		const dear = market.stocked(bea, 950);
		const brief = market.accepted(cyd, goods("brief", { ttl_hours: 1, token_cost: 500 }));
		market.later(HOUR - 60_000);
		const order = market.buy(bob, { budget: 1_000 });
		const found = foundOf([brief, dear, shell]);
		const prepared = await prepare(duty(), portsOf(market, { search: async () => found }));
		market.given(configured({ "exchange.resale_bp": 8_000 })).later(60_000);

		const [said] = market.meet("exchange:match", order, prepared)!;
		expect(resultsOf(said!)).toMatchObject([{ entry_id: shell, price: 960 }]);
		expect(metaOf(said!).filtered).toEqual({ budget: 1, gone: 1 });
	});

	test("a buy that was matched meanwhile is left alone", async () => {
		const order = market.buy(bob);
		const owed = duty();
		market.answered(order, []);
		expect(await prepare(owed, portsOf(market))).toBeUndefined();
	});

	test("a failing search is an empty match that says so, and no demand", async () => {
		const order = market.buy(bob);
		const prepared = await prepare(
			duty(),
			portsOf(market, { search: () => Promise.reject(new Error("no embedder")) }),
		);
		const [said] = market.meet("exchange:match", order, prepared)!;
		expect(resultsOf(said!)).toEqual([]);
		expect(metaOf(said!)).toMatchObject({ embedder: "none", degraded: expect.stringMatching(/failed/) });
		expect(market.state.all(wanted)).toEqual([]);
	});

	test("a weakened search says so beside its results", async () => {
		const shell = market.stocked(ada, 900);
		const order = market.buy(bob);
		const degraded = "Ranked by words alone.";
		const prepared = await prepare(
			duty(),
			portsOf(market, { search: async () => ({ ...foundOf([shell]), degraded }) }),
		);
		const [said] = market.meet("exchange:match", order, prepared)!;
		expect(resultsOf(said!)).toHaveLength(1);
		expect(metaOf(said!).degraded).toBe(degraded);
	});
});

describe("what was not found", () => {
	test("is wanted: once for all who ask the same, with how many they are and what the best would pay", () => {
		market.given(minted(cyd, 500));
		const task = "Compare Raft  and Paxos";
		market.answered(market.buy(bob, { task, budget: 300 }), []);
		market.answered(market.buy(bob, { task: "compare raft and paxos ", budget: 200 }), []);
		market.answered(market.buy(cyd, { task, budget: 500 }), []);

		expect(market.state.all(wanted)).toMatchObject([
			{ task, budgetScrip: 500, misses: 3, askers: 2, standingAskers: 1, foundBy: null },
		]);
	});

	test("is another want when another type is asked for", () => {
		market.answered(market.buy(bob), []);
		market.answered(market.buy(bob, { content_type: "plan" }), []);
		expect(market.state.all(wanted)).toHaveLength(2);
	});

	test("is no longer wanted once the same is asked and found", () => {
		market.answered(market.buy(bob), []);
		const shell = market.stocked(ada, 900);
		const said = market.answered(market.buy(bob), [shell]);
		expect(market.state.all(wanted)).toMatchObject([{ foundBy: said.id, misses: 1 }]);
	});

	test("gains an asker with standing when one who asked before gets it", () => {
		market.given(minted(cyd, 500));
		market.answered(market.buy(cyd, { budget: 500 }), []);
		market.given(vouched(cyd));
		market.answered(market.buy(cyd, { budget: 500 }), []);
		expect(market.state.all(wanted)).toMatchObject([{ askers: 1, standingAskers: 1, misses: 2 }]);
	});

	test("is unmoved by a buy that was refused", () => {
		market.when(wants(bob, { budget: 10_001 }));
		expect(market.state.all(wanted)).toEqual([]);
	});
});
