import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demandDays, entries, gates, marketFactors, scores, signals, wanted } from "../../db/schema/exchange";
import { hasStanding } from "../agents/owner";
import { type Agent, agent } from "../log/given";
import { Market, minted, owned, vouched } from "./given";
import { bought, completes, disputesSmall, previewed } from "./operations/settle/given";
import { DAY_MS, HOUR_MS } from "./rules/day";
import { ONE_PPM } from "./rules/fixed-point";
import { PREVIEW_TOKENS } from "./rules/plausibility";

/**
 * Keys cost nothing. Whatever owners without standing do, they move no other's price factor, demand or lasting gate, and a
 * gate they shut for a day gives back exactly what they took (RULES, "What must hold", 7 and 8).
 */
const sellers = [agent("ada"), agent("bea")];
const strangers = Array.from({ length: 6 }, (_, n) => agent(`stranger ${n}`));

/** Two sellers with standing, each with something small and something large for sale. */
function opened() {
	const market = new Market().given(...sellers.map(vouched), ...strangers.map((one) => minted(one, 999)));
	const goods = sellers.flatMap((seller, n) =>
		[100, 600].map((tokens) => market.stocked(seller, 10 + n, { tokens, ttl_hours: 8_000 })),
	);
	return { market, goods };
}

interface Trade {
	who: number;
	what: number;
	does: "completes" | "disputes" | "looks" | "is silent";
}
type Act = Trade | { who: number; misses: true } | { who: number; joins: number } | { hours: number };

const who = fc.nat(strangers.length - 1);
const act: fc.Arbitrary<Act> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			who,
			what: fc.nat(3),
			does: fc.constantFrom("completes", "disputes", "disputes", "disputes", "looks", "is silent"),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ who, misses: fc.constant(true as const) }) },
	{ weight: 1, arbitrary: fc.record({ who, joins: who }) },
	{ weight: 1, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 200 }) }) },
);
const course = fc.array(act, { minLength: 40, maxLength: 80, size: "max" });

function play({ market, goods }: ReturnType<typeof opened>, act: Act): void {
	if ("hours" in act) {
		market.later(act.hours * HOUR_MS);
		return;
	}
	const one = strangers[act.who]!;
	if ("misses" in act) market.matched(one, [], { budget: 1, content_type: "code" });
	else if ("joins" in act) market.given(owned(`house-${act.joins}`, strangers[act.joins]!, one));
	else trade(market, one, goods[act.what]!, act.does);
}

function trade(market: Market, one: Agent, entry: string, does: Trade["does"]): void {
	if (market.entry(entry).gated) return;
	if (does === "looks" && market.entry(entry).tokens >= PREVIEW_TOKENS) {
		previewed(market, one, entry, market.quoted(one, entry));
		return;
	}
	const purchase = bought(market, one, entry);
	if (does === "completes") market.said(completes(purchase));
	else if (does === "is silent") market.later(3 * DAY_MS);
	// Refused where the content is not small, and a sixth time in a day: then the exchange completes it.
	else market.when(disputesSmall(purchase));
}

/** What disputes took from the seller of this entry, and clears gave back. */
const taken = (market: Market, entry: string) =>
	market.state
		.all(signals)
		.filter((one) => one.entry === entry && ["smallContentRefund", "cleared"].includes(one.signal))
		.reduce((sum, { delta }) => sum + delta, 0);

describe("owners without standing", () => {
	test("move nobody's prices, demand or lasting gates, and take for a day what is given back exactly", () => {
		let clears = 0;
		fc.assert(
			fc.property(course, (acts) => {
				const world = opened();
				const { market, goods } = world;
				const untouched = goods.map((entry) => market.entry(entry));
				for (const act of acts) {
					const before = market.log.length;
					play(world, act);

					for (const { operation, payload } of market.acts.slice(before)) {
						const entry = payload.entry_id as string;
						if (operation !== "exchange:clear" || market.entry(entry).gated) continue;
						clears++;
						expect(taken(market, entry)).toBe(0);
					}
					for (const gate of market.state.all(gates)) {
						expect(gate.shutBy === null || gate.provisional).toBe(true);
						if (gate.until !== null) expect(gate.until - gate.shutAt!).toBeLessThanOrEqual(DAY_MS);
					}
				}
				for (const one of strangers) expect(hasStanding(market.state, one.key)).toBe(false);
				expect(market.state.all(demandDays)).toEqual([]);
				expect(market.state.all(marketFactors)).toEqual([]);
				expect(market.state.all(wanted).filter(({ standingAskers }) => standingAskers > 0)).toEqual([]);
				for (const before of untouched)
					expect(market.entry(before.id)).toMatchObject({
						standingBuyers: 0,
						momentumPpm: ONE_PPM,
						clusterPpm: ONE_PPM,
						appraisalScrip: before.appraisalScrip,
						tier: before.tier,
						status: "live",
					});
				for (const { standingOwners, fromWithoutStanding } of market.state.all(scores)) {
					expect(standingOwners).toBe(0);
					expect(fromWithoutStanding).toBeLessThanOrEqual(10);
				}
				market.later(DAY_MS);
				expect(market.state.all(entries).filter(({ gated }) => gated)).toEqual([]);
				market.sound();
			}),
			{ numRuns: 8 },
		);
		// A market in which no gate was ever cleared would prove nothing about clears.
		expect(clears).toBeGreaterThan(0);
	});

	test("would move all of it by the same acts if they had standing", () => {
		const world = opened();
		const { market, goods } = world;
		market.given(...strangers.map(vouched));
		const [small, large] = goods as [string, string];
		const price = market.price(large);
		play(world, { who: 0, misses: true });
		play(world, { who: 0, what: 1, does: "completes" });
		expect(market.price(large)).toBeGreaterThan(price);
		for (const n of [0, 1, 2]) play(world, { who: n, what: 0, does: "disputes" });
		market.later(30 * DAY_MS);

		expect(market.state.all(demandDays)).not.toEqual([]);
		expect(market.entry(large).standingBuyers).toBe(1);
		expect(market.entry(small).gated).toBe(true);
		expect(taken(market, small)).toBe(-9);
	});
});
