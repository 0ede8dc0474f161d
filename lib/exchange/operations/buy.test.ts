import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buys, demandDays, wanted } from "../../../db/schema/exchange";
import { duties } from "../../../db/schema/log";
import { agent } from "../../log/given";
import { configured, Market, minted, owned, wants } from "../given";
import { demandOf } from "../state";
import { buy } from "./buy";

const [ada, bea, bob] = [agent("ada"), agent("bea"), agent("bob")];
const DAY = 86_400_000;

let market: Market;
beforeEach(() => {
	market = new Market().given(minted(bob, 1_000));
});
afterEach(() => market.sound());

const demand = (type: string) => demandOf(market.state, type, market.now);

describe("buy", () => {
	test("owes one match, and holds no scrip", () => {
		const order = market.buy(bob, { budget: 1_000 });
		expect(market.state.all(duties)).toMatchObject([{ kind: "exchange:match", subject: order }]);
		expect(market.purse(bob)).toBe(1_000_000_000n);
		expect(market.purse(bob, "held")).toBe(0n);
	});

	test("asks for three results of any kind, unless it says otherwise", () => {
		expect(market.state.get(buys, market.buy(bob))).toMatchObject({
			maxResults: 3,
			minReputation: 0,
			contentType: null,
			freshnessHours: null,
			tier: null,
			matchId: null,
		});
	});

	test("stands for the time the settings gave orders when it was made", () => {
		const first = market.buy(bob);
		market.given(configured({ "exchange.order_minutes": 5 }));
		const second = market.buy(bob);
		const lasts = (id: string) => {
			const { at, expiresAt } = market.state.get(buys, id)!;
			return expiresAt - at;
		};
		expect([lasts(first), lasts(second)]).toEqual([3_600_000, 300_000]);
	});

	test("shows type and domains as tags, where it names them", () => {
		expect(buy.tags({ task: "x", budget: 1 })).toEqual([]);
		expect(buy.tags({ task: "x", budget: 1, content_type: "plan", domains: ["go", "sql"] })).toEqual([
			"exchange:content-type:plan",
			"exchange:domain:go",
			"exchange:domain:sql",
		]);
	});

	test("is refused with a budget above the hot balance, and leaves no trace of demand", () => {
		const said = market.when(wants(bob, { budget: 1_001, content_type: "code" }));
		expect(said).toMatchObject({
			refused: { code: "short-of-scrip", status: 402, field: "/payload/budget" },
		});
		expect(market.state.all(demandDays)).toEqual([]);
		expect(market.state.all(wanted)).toEqual([]);
		expect(market.state.all(duties)).toEqual([]);
	});

	test("is not the exchange's to say", () => {
		expect(
			market.exchangeSays({
				operation: "exchange:buy",
				antecedents: [],
				payload: { task: "x", budget: 1 },
			}),
		).toMatchObject({ refused: { code: "sender-not-allowed", status: 403 } });
	});

	test.each([
		["no budget", { budget: undefined }],
		["a budget of nothing", { budget: 0 }],
		["a budget beyond ten million", { budget: 10_000_001 }],
		["an empty task", { task: "  " }],
		["a task of 8193 characters", { task: "x".repeat(8_193) }],
		["eleven results", { max_results: 11 }],
		["a reputation above 100", { min_reputation: 101 }],
		["freshness beyond a year", { freshness_hours: 8_761 }],
		["a tier that is none", { compression_tier: "tepid" }],
		["a field of its own", { price: 3 }],
	])("does not take %s", (_, wrong) => {
		const right = { task: "Show how it works", budget: 1_000 };
		expect(buy.body.safeParse(right).success).toBe(true);
		expect(buy.body.safeParse({ ...right, ...wrong }).success).toBe(false);
	});
});

describe("demand", () => {
	test("counts an owner with standing once a day and type, whichever of its keys asks", () => {
		market.given(owned("house-b", bea, ada), minted(bea, 1_000), minted(ada, 1_000));
		for (const buyer of [bea, ada, bea]) market.buy(buyer, { content_type: "code" });
		market.buy(bea, { content_type: "data" });
		expect([demand("code"), demand("data"), demand("all")]).toEqual([1, 1, 2]);

		market.later(DAY);
		market.buy(bea, { content_type: "code" });
		expect(demand("code")).toBe(2);
	});

	test("does not move for owners without standing, nor for a buy that names no type", () => {
		market.given(minted(ada, 999));
		market.buy(ada, { content_type: "code", budget: 999 });
		market.buy(bob);
		expect(demand("all")).toBe(0);
	});

	test("is forgotten after seven days", () => {
		market.buy(bob, { content_type: "code" });
		market.later(6 * DAY);
		expect(demand("code")).toBe(1);
		market.later(DAY);
		expect(demand("code")).toBe(0);
	});
});
