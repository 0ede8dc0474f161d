import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { advanceDays, previewPlans } from "../../../../db/schema/exchange";
import { duties } from "../../../../db/schema/log";
import { agent } from "../../../log/given";
import type { JsonObject } from "../../../log/json";
import type { Duty } from "../../../log/operation";
import { about, configured, goods, Market, minted, operator, portsOf, vouched } from "../../given";
import { releasedMicro } from "../../rules/advance-budget";
import { hourOfDay } from "../../rules/day";
import { DEFAULT_NUMBERS } from "../../rules/numbers";
import { payableMicro } from "../../ruling";
import { advanceDayOf, traderOf } from "../../state";
import { putAccept } from "./put-accept";

const [ada, bea, bob, cyd] = [agent("ada"), agent("bea"), agent("bob"), agent("cyd")];
const [HOUR, DAY] = [3_600_000, 86_400_000];

let market: Market;
const open = (parts: ConstructorParameters<typeof Market>[0] = {}) => {
	market = new Market(parts);
};
beforeEach(() => open());
afterEach(() => market.sound());

/** A house operator's ruling on a put. */
const rules = (put: string, more: JsonObject = {}) =>
	market.when(
		operator.says("exchange:settle/put-accept", market.acceptance(put, { price: 100, ...more }), put),
	);
const today = () => advanceDayOf(market.state, market.now);
const trader = (who: { key: string }) => traderOf(market.state, who.key, market.now);
/** Worth a quarter of 100,000, so that nothing but the rules' bounds holds the price down. */
const precious = (name: string) => goods(name, { tokens: 10_000, token_cost: 142_857 });

describe("the exchange's put-accept", () => {
	test("states appraisal, price, expiry, the content as measured and every factor", () => {
		const ruling = market.ruled(market.put(ada, goods("shell", { domains: ["go"] })));
		expect(ruling.payload).toMatchObject({
			price: 350,
			appraisal: 1_400,
			tokens: 600,
			expires_at: new Date(market.now + 720 * HOUR).toISOString(),
			factors: { reputation: 1, demand: 1, inventory: 1, freshness: 1, rate: 0.7 },
		});
	});

	test("pays the seller at once out of the treasury", () => {
		market.accepted(ada, goods("shell"));
		expect(market.purse(ada)).toBe(350_000_000n);
		expect(market.purse("treasury")).toBe(999_650_000_000n);
	});

	test("pays no more than 17.5 times a quarter of what the content itself is long", () => {
		market.accepted(ada, goods("shell", { tokens: 100, token_cost: 100_000 }));
		expect(market.purse(ada)).toBe(437_000_000n);
	});

	test("never pays an owner beyond its line, and pays the rest of the appraisal out of sales", () => {
		const paid = ["one", "two", "three"].map((name) => market.entry(market.accepted(ada, precious(name))));
		expect(paid.map(({ advanceScrip }) => advanceScrip)).toEqual([2_000, 0, 0]);
		expect(paid[0]!.appraisalScrip).toBe(99_999);
		expect(paid[0]!.paidMicro).toBe(2_000_000_000n);
		expect(trader(ada).advancesMicro).toBe(2_000_000_000n);
	});

	test("pays vouched owners within a line ten times as long", () => {
		market.given(vouched(ada));
		market.later(15 * HOUR);
		market.accepted(ada, precious("one"));
		expect(market.purse(ada)).toBe(20_000_000_000n);
	});

	test("never pays more in a day than the day's budget, half of it at most to owners without a record", () => {
		open({ float: 10_000, start: "2026-11-16T23:00:00.000Z" });
		// 5 % of the 7,000 above the reserve, all free by 23:00Z.
		expect(today().budgetMicro).toBe(350_000_000n);
		market.accepted(ada, precious("one"));
		market.accepted(bea, precious("two"));
		expect(market.purse(ada)).toBe(175_000_000n);
		expect(market.purse(bea)).toBe(1_000_000n);

		market.given(vouched(cyd));
		market.accepted(cyd, precious("three"));
		expect(market.purse(cyd)).toBe(175_000_000n);
		expect(market.state.get(advanceDays, Math.floor(market.now / DAY))).toMatchObject({
			spentMicro: 350_000_000n,
			firstScripsMicro: 1_000_000n,
		});
	});

	test("pays by the hour: a quarter of the budget is free at midnight, more in every hour, all of it in the last", () => {
		open({ float: 10_000, start: "2026-11-16T00:00:00.000Z" });
		market.given(...[ada, bea, cyd].map(vouched));
		const paid = (seller: typeof ada) => {
			const before = market.purse(seller);
			market.accepted(seller, precious(`at ${market.now}`));
			return market.purse(seller) - before;
		};
		expect(paid(ada)).toBe(87_000_000n);
		market.later(HOUR);
		expect(paid(bea)).toBe(11_000_000n);
		market.later(22 * HOUR);
		expect(paid(cyd)).toBe(252_000_000n);
	});

	test("pays from what sales brought the treasury on the seven days before, a seventh a day", () => {
		open({ float: 10_000 });
		market.given(minted(bob, 900));
		const shell = market.stocked(ada, 800, { tokens: 100 });
		const match = market.quoted(bob, shell);
		market.given(bob.says("exchange:settle/buyer-accept", about(shell, "buyer-accept"), match), (story) =>
			story.given(bob.says("exchange:settle/complete", about(shell, "complete"), story.acts.at(-1)!.id)),
		);
		const ofShares = () => {
			const spare = market.purse("treasury") - 3_000_000_000n;
			return today().budgetMicro - spare / 20n;
		};
		market.later(DAY);
		const share = 384_000_000n;
		for (let day = 1; day <= 7; day++, market.later(DAY)) expect(ofShares()).toBe(share / 7n);
		expect(ofShares()).toBe(0n);
	});

	test("pays nothing from the last quarter of the float, but a newcomer's first scrip", () => {
		open({ float: 10_000, start: "2026-11-16T23:00:00.000Z" });
		market.accepted(bea, goods("opens the day", { token_cost: 400 }));
		market.given(operator.says("scrip:burn", { amount: 7_428, reason: "To the floor." }), vouched(ada));
		expect(payableMicro(market.state)).toBe(2_000_000n);
		expect(today().budgetMicro - today().spentMicro).toBe(280_000_000n);
		expect(
			["one", "two", "three"].map((name) => market.entry(market.accepted(ada, goods(name)))),
		).toMatchObject([{ advanceScrip: 2 }, { advanceScrip: 0 }, { advanceScrip: 0 }]);
		market.accepted(cyd, goods("four"));
		expect(market.purse(cyd)).toBe(1_000_000n);
		expect(market.purse("treasury")).toBe(2_499_000_000n);
	});

	test("gives first scrips only while those of the day are a hundredth of the float", () => {
		open({ float: 200 });
		market.given(operator.says("scrip:burn", { amount: 160, reason: "To below the floor." }));
		for (const [i, seller] of [ada, bea, bob].entries()) market.accepted(seller, goods(`shell ${i}`));
		expect([ada, bea, bob].map((seller) => market.purse(seller))).toEqual([1_000_000n, 1_000_000n, 0n]);

		market.later(DAY);
		market.accepted(cyd, goods("tomorrow"));
		expect(market.purse(cyd)).toBe(1_000_000n);
	});

	test("is refused at any price or appraisal but the rules' own", () => {
		const shell = market.put(ada, goods("shell"));
		const says = (more: { price?: number; appraisal?: number }) =>
			market.exchangeSays({
				operation: "exchange:settle/put-accept",
				antecedents: [shell],
				payload: market.acceptance(shell, { price: 350, appraisal: 1_400, ...more }),
			});
		for (const forged of [{ price: 351 }, { price: 349 }, { appraisal: 1_401 }, { appraisal: 1_399 }])
			expect(says(forged)).toMatchObject({ refused: { code: "price-off", status: 409 } });
		expect(says({})).toHaveProperty("logged");
	});

	test("is itself answered by nothing: a second one is refused", () => {
		const shell = market.accepted(ada, goods("shell"));
		expect(
			market.exchangeSays({
				operation: "exchange:settle/put-accept",
				antecedents: [shell],
				payload: market.acceptance(shell, { price: 350, appraisal: 1_400 }),
			}),
		).toMatchObject({ refused: { code: "ruled-already", status: 409 } });
	});

	test("values the type more when owners with standing ask for it, each once a day", () => {
		market.given(minted(bob, 2_000));
		const before = market.ruled(market.put(ada, goods("one"))).payload.factors as JsonObject;
		for (let n = 0; n < 3; n++) market.buy(bob, { content_type: "code" });
		market.given(minted(cyd, 999));
		market.buy(cyd, { content_type: "code", budget: 999 });
		market.buy(bob, { content_type: "data" });
		const after = market.ruled(market.put(ada, goods("two"))).payload.factors as JsonObject;

		expect(before.demand).toBe(1);
		// (1 × 1 + 20) / (1 + 20 + 2 + 20), half of the span.
		expect(after.demand).toBe(0.9977);
	});

	test("values it less the more live entries share its type and a domain", () => {
		for (let n = 0; n < 25; n++)
			market.accepted(agent(`seller ${n}`), goods(`one ${n}`, { domains: ["go"] }));
		const factor = (what: JsonObject) =>
			(market.ruled(market.put(ada, what)).payload.factors as JsonObject).inventory;
		expect(factor(goods("a", { domains: ["go", "sql"] }))).toBe(0.9);
		expect(factor(goods("b", { domains: ["sql"], content_type: "data" }))).toBe(1);
		expect(factor(goods("c"))).toBe(1);
	});
});

describe("whatever is put, by whomever, at any hour", () => {
	const puts = fc.array(
		fc.record({
			seller: fc.integer({ min: 0, max: 5 }),
			cost: fc.integer({ min: 1, max: 2_000_000 }),
			tokens: fc.constantFrom(10, 600, 5_000),
			hours: fc.integer({ min: 0, max: 30 }),
			/** What of the treasury is burned first, in percent; mostly nothing. */
			burned: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 80 })),
		}),
		{ minLength: 1, maxLength: 14 },
	);

	test("the exchange keeps to the day's budget, the lines and the floor, and a newcomer has scrip", () => {
		fc.assert(
			fc.property(fc.constantFrom(3_000, 60_000, 1_000_000), puts, (float, all) => {
				open({ float });
				market.given(
					vouched(agent("seller 0")),
					configured({ "exchange.auto_accept_cap_scrip": 10_000_000 }),
				);
				const sellers = new Set<number>();
				for (const [i, { seller, cost, tokens, hours, burned }] of all.entries()) {
					market.later(hours * HOUR);
					const amount = Number((market.purse("treasury") * BigInt(burned)) / 100_000_000n);
					if (amount > 0) market.given(operator.says("scrip:burn", { amount, reason: "Too much of it." }));
					const by = agent(`seller ${seller}`);
					const firstScrips = today().firstScripsMicro;
					const [before, payable] = [market.purse("treasury"), payableMicro(market.state)];
					market.accepted(by, goods(`thing ${i}`, { tokens, token_cost: Math.min(cost, tokens * 4_000) }));

					const { budgetMicro, spentMicro, beyondRecordMicro } = today();
					const released = releasedMicro(budgetMicro, hourOfDay(market.now), DEFAULT_NUMBERS);
					expect(spentMicro <= released && beyondRecordMicro * 2n <= released).toBe(true);
					expect(trader(by).advancesMicro <= (seller === 0 ? 20_000_000_000n : 2_000_000_000n)).toBe(true);
					const firstScrip = today().firstScripsMicro - firstScrips;
					expect(before - market.purse("treasury") <= payable + firstScrip).toBe(true);
					expect(firstScrip === 0n || !sellers.has(seller)).toBe(true);
					sellers.add(seller);
					if (before >= 1_000_000n && firstScrips + 1_000_000n <= BigInt(float) * 10_000n)
						expect(market.purse(by) >= 1_000_000n).toBe(true);
				}
				market.sound();
			}),
			{ numRuns: 25 },
		);
	});
});

describe("the preview plan", () => {
	const plan = (entry: string) => market.state.get(previewPlans, market.entry(entry).contentHash);

	test("is made at the accept, five disjoint chunks of 15 to 25 % of the content", () => {
		const shell = market.accepted(ada, goods("shell"));
		const { chunks } = plan(shell)!;
		expect(chunks).toHaveLength(5);
		const shown = chunks.reduce((sum, { length }) => sum + length, 0) / 2_400;
		expect(shown).toBeGreaterThanOrEqual(0.15);
		expect(shown).toBeLessThanOrEqual(0.25);
	});

	test("is the same for the same bytes, whoever puts them again", () => {
		const shell = market.accepted(ada, goods("shell"));
		const before = plan(shell);
		const copy = market.put(bea, goods("shell"));
		const ruling = market.ruled(copy);
		expect(ruling.payload).not.toHaveProperty("preview_plan");
		expect(plan(copy)).toEqual(before);
	});

	test("is not made below 500 tokens", () => {
		expect(plan(market.accepted(ada, goods("shell", { tokens: 499 })))).toBeUndefined();
		expect(plan(market.accepted(ada, goods("table", { tokens: 500 })))).toBeDefined();
	});

	test("is refused when its chunks overlap, lie outside the content, or are a second plan for it", () => {
		const shell = market.put(ada, goods("shell"));
		const small = market.put(ada, goods("small", { tokens: 400 }));
		const planned = (put: string, preview_plan: JsonObject[]) =>
			market.exchangeSays({
				operation: "exchange:settle/put-accept",
				antecedents: [put],
				payload: market.acceptance(put, { price: 350, appraisal: 1_400, preview_plan }),
			});
		const refused = { refused: { code: "plan-out-of-bounds", status: 422 } };
		expect(
			planned(shell, [
				{ position: 0, length: 9 },
				{ position: 8, length: 9 },
			]),
		).toMatchObject(refused);
		expect(planned(shell, [{ position: 2_399, length: 2 }])).toMatchObject(refused);
		expect(planned(small, [{ position: 0, length: 100 }])).toMatchObject(refused);
		market.ruled(shell);
		const copy = market.put(bea, goods("shell"));
		expect(planned(copy, [{ position: 0, length: 400 }])).toMatchObject(refused);
	});
});

describe("what the exchange prepares", () => {
	const duty = () =>
		market.state.all(duties).find(({ kind }) => kind === "exchange:settle/put-accept") as Duty;
	const prepare = putAccept.answer!.prepare as unknown as (
		duty: Duty,
		ports: ReturnType<typeof portsOf>,
	) => Promise<unknown>;

	test("is the analysis of the very text with the seller's embedding, and a plan of its own", async () => {
		const embedding = new Array(384).fill(0.25);
		const shell = market.put(ada, goods("shell", { embedding }));
		let asked: unknown;
		const ports = portsOf(market, {
			analyse: async (put) => {
				asked = put;
				return { embedding: 0.98 };
			},
		});
		const prepared = await prepare(duty(), ports);

		expect(asked).toMatchObject({
			id: shell,
			text: goods("shell").content,
			description: "How shell works",
			embedding,
		});
		expect(prepared).toEqual(market.prepared(shell, { embedding: 0.98 }));
		market.meet("exchange:settle/put-accept", shell, prepared);
		expect(market.entry(shell)).toMatchObject({ status: "live", embedding: "verified" });
	});

	test("is nothing for a put that was ruled on meanwhile", async () => {
		const shell = market.put(ada, goods("shell"));
		const owed = duty();
		expect(rules(shell)).toHaveProperty("logged");
		expect(await prepare(owed, portsOf(market))).toBeUndefined();
	});

	test("comes too late when the review time ran out meanwhile, and becomes a rejection", () => {
		const shell = market.put(ada, goods("shell"));
		const prepared = market.prepared(shell);
		market.now = market.entry(shell).reviewBy!;
		const [said] = market.meet("exchange:settle/put-accept", shell, prepared)!;
		expect(said!.payload).toMatchObject({ phase: "put-reject", code: "not-reviewed" });
	});
});

describe("a house operator's put-accept", () => {
	test("may pay more than line and budget allow, and counts in both", () => {
		const shell = market.put(ada, goods("shell"));
		const budget = today().budgetMicro;
		market.given(
			operator.says("exchange:settle/put-accept", market.acceptance(shell, { price: 50_000 }), shell),
		);
		expect(market.purse(ada)).toBe(50_000_000_000n);
		expect(trader(ada).advancesMicro).toBe(50_000_000_000n);
		expect(today().spentMicro).toBe(50_000_000_000n);
		expect(budget).toBeLessThan(50_000_000_000n);
		const table = market.accepted(bea, goods("table"));
		expect(market.entry(table).advanceScrip).toBe(1);
	});

	test("never takes from the last quarter of the float", () => {
		open({ float: 10_000 });
		const shell = market.put(ada, goods("shell"));
		expect(rules(shell, { price: 7_501 })).toMatchObject({
			refused: { code: "treasury-floor", status: 409, field: "/payload/price" },
		});
		expect(rules(shell, { price: 7_500 })).toHaveProperty("logged");
	});

	test("gives a newcomer its first scrip also from the last quarter", () => {
		open({ float: 10_000 });
		market.given(operator.says("scrip:burn", { amount: 7_500, reason: "To the floor." }));
		const shell = market.put(ada, goods("shell"));
		expect(rules(shell, { price: 2 })).toMatchObject({ refused: { code: "treasury-floor" } });
		expect(rules(shell, { price: 1 })).toHaveProperty("logged");
		expect(today()).toMatchObject({ spentMicro: 0n, firstScripsMicro: 1_000_000n });
	});

	test("never leaves a newcomer without scrip", () => {
		const shell = market.put(ada, goods("shell"));
		expect(rules(shell, { price: 0 })).toMatchObject({ refused: { code: "price-off", status: 409 } });
		expect(rules(shell, { price: 1 })).toHaveProperty("logged");
		const table = market.put(ada, goods("table"));
		expect(rules(table, { price: 0 })).toHaveProperty("logged");
	});

	test("without an appraisal has the rules' own, or the price if that is more", () => {
		const [shell, table] = [market.put(ada, goods("shell")), market.put(ada, goods("table"))];
		market.given(
			operator.says("exchange:settle/put-accept", market.acceptance(shell, { price: 100 }), shell),
			operator.says("exchange:settle/put-accept", market.acceptance(table, { price: 1_500 }), table),
		);
		expect(market.entry(shell)).toMatchObject({ appraisalScrip: 1_400, advanceScrip: 100 });
		expect(market.entry(table)).toMatchObject({ appraisalScrip: 1_500, advanceScrip: 1_500 });
	});

	test("cannot appraise below the price it pays", () => {
		const payload = market.acceptance(market.put(ada, goods("shell")), { price: 100 });
		expect(putAccept.body.safeParse({ ...payload, appraisal: 100 }).success).toBe(true);
		expect(putAccept.body.safeParse({ ...payload, appraisal: 99 }).success).toBe(false);
	});

	test.each([
		["another content", { content_hash: `sha256:${"0".repeat(64)}` }, "facts-differ"],
		["another number of tokens", { tokens: 599 }, "facts-differ"],
		["another entry", { entry_id: "e".repeat(64) }, "wrong-entry"],
		["a preview plan", { preview_plan: [{ position: 0, length: 400 }] }, "plan-out-of-bounds"],
		["an expiry that has passed", { expires_at: "2026-11-16T08:00:00.000Z" }, "expiry-out-of-bounds"],
		["an expiry in two years", { expires_at: "2028-11-16T08:00:00.000Z" }, "expiry-out-of-bounds"],
		["a copy of a put that is none", { factors: { copy_of: 1 } }, "not-earlier"],
		["a copy of half a put", { factors: { copy_of: 2.5 } }, "not-earlier"],
	])("is refused with %s", (_, wrong, code) => {
		const shell = market.put(ada, goods("shell"));
		expect(rules(shell, wrong)).toMatchObject({ refused: { code, status: 422 } });
		expect(market.entry(shell).status).toBe("pending");
	});

	test("may let an entry live 8760 hours and no millisecond longer", () => {
		const shell = market.put(ada, goods("shell"));
		const at = (ms: number) => ({ expires_at: new Date(market.now + 1 + ms).toISOString() });
		expect(rules(shell, at(8_760 * HOUR + 1))).toMatchObject({ refused: { code: "expiry-out-of-bounds" } });
		expect(rules(shell, at(8_760 * HOUR))).toHaveProperty("logged");
	});

	test("may name what the put copies", () => {
		const shell = market.accepted(ada, goods("shell"));
		const near = market.put(bea, goods("shell, reworded"));
		expect(rules(near, { factors: { copy_of: market.entry(shell).putSeq } })).toHaveProperty("logged");
		expect(market.entry(near)).toMatchObject({ copyOf: shell, origin: shell });
	});

	test("is refused to anyone who is no house operator, the seller too", () => {
		const shell = market.put(ada, goods("shell"));
		for (const who of [ada, bob])
			expect(
				market.when(who.says("exchange:settle/put-accept", market.acceptance(shell, { price: 100 }), shell)),
			).toMatchObject({ refused: { code: "sender-not-allowed", status: 403 } });
	});

	test("answers a put and nothing else", () => {
		market.given(minted(bob, 1_000));
		const [shell, buy] = [market.put(ada, goods("shell")), market.buy(bob)];
		const payload = market.acceptance(shell, { price: 100 });
		expect(market.when(operator.says("exchange:settle/put-accept", payload, buy))).toMatchObject({
			refused: { code: "wrong-antecedent", status: 422 },
		});
		expect(market.when(operator.says("exchange:settle/put-accept", payload, "f".repeat(64)))).toMatchObject({
			refused: { code: "unknown-antecedent", status: 404 },
		});
	});

	test("comes once, and not after a rejection", () => {
		const [shell, table] = [market.put(ada, goods("shell")), market.put(ada, goods("table"))];
		expect(rules(shell)).toHaveProperty("logged");
		expect(rules(shell)).toMatchObject({ refused: { code: "ruled-already", status: 409 } });
		market.said(
			operator.says(
				"exchange:settle/put-reject",
				about(table, "put-reject", { reason: "No.", code: "other" }),
				table,
			),
		);
		expect(rules(table)).toMatchObject({ refused: { code: "ruled-already", status: 409 } });
	});

	test("is too late at the very instant the review time ends", () => {
		market.given(configured({ "exchange.auto_accept": false }));
		const shell = market.put(ada, goods("shell"));
		const { reviewBy } = market.entry(shell);
		market.now = reviewBy! - 1;
		expect(rules(shell)).toMatchObject({ refused: { code: "too-late", status: 409 } });
	});
});
