import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Agent, agent } from "../log/given";
import type { JsonObject } from "../log/json";
import { goods, Market, minted, operator, vouched } from "./given";
import { bought, completes, disputes, disputesSmall, rules } from "./operations/settle/given";
import { DAY_MS, HOUR_MS } from "./rules/day";
import { micro } from "./rules/fixed-point";
import { DEFAULT_NUMBERS } from "./rules/numbers";

/**
 * Owners that trade with nobody but each other, at the real operations. Whatever they do, and whoever of them has standing,
 * all that the exchange ever loses to them is their first lines and their first scrips (RULES, "What must hold", 2).
 */
const ring = ["ann", "ben", "cat"].map((name) => agent(name));
const CAPITAL = 20_000;

class Ring {
	readonly market = new Market({ float: 400_000, start: "2026-11-16T23:00:00.000Z" });
	readonly paidInMicro: bigint;
	readonly firstMicro: bigint;
	private made = 0;

	/** Capital against an outside payment: whoever has it has standing. */
	constructor({ capital = ring, vouchedFor = [] }: { capital?: Agent[]; vouchedFor?: Agent[] } = {}) {
		this.market.given(...capital.map((one) => minted(one, CAPITAL)), ...vouchedFor.map(vouched));
		this.paidInMicro = micro(capital.length * CAPITAL);
		const { lineScrip, lineVouchedScrip } = DEFAULT_NUMBERS;
		const more = lineVouchedScrip - lineScrip;
		this.firstMicro = micro(ring.length * (lineScrip + 1) + vouchedFor.length * more);
	}

	/** Worth more than 2,000 scrip of advance by its claim, and gone in an hour: a drain, not goods. */
	junk(by: Agent): void {
		this.offered(by, goods(`junk ${this.made++}`, { tokens: 499, token_cost: 50_000, ttl_hours: 1 }));
	}

	/** Something small, so that it is bought unseen; its id. */
	ware(by: Agent, tokenCost = 12_000): string | undefined {
		const what = { tokens: 450, token_cost: tokenCost, ttl_hours: 8_000 };
		return this.offered(by, goods(`ware ${this.made++}`, what));
	}

	/** Accepted, unless its seller's reputation has fallen so far that it waits for a house operator. */
	private offered(by: Agent, what: JsonObject): string | undefined {
		const { market } = this;
		const put = market.put(by, what);
		if (market.entry(put).heldFor !== null) return undefined;
		expect(market.ruled(put).payload.phase).toBe("put-accept");
		return put;
	}

	affords(buyer: Agent, entry: string): boolean {
		return this.market.purse(buyer) >= micro(this.market.price(entry));
	}

	get gainedMicro(): bigint {
		const wealth = ring.flatMap((one) => [this.market.purse(one), this.market.purse(one, "held")]);
		return wealth.reduce((sum, amount) => sum + amount, 0n) - this.paidInMicro;
	}
}

/**
 * Has read the rules: a sale every `restDays` from each to each, so that all of them sold to standing lately; every day every
 * line is turned into scrip.
 */
function farmed(one: Ring, restDays: number, days: number): Ring {
	const wares = ring.map((seller) => ({ seller, entry: one.ware(seller, 1_500)! }));
	for (let day = 0; day < days; day++) {
		for (const { seller, entry } of day % restDays === 0 ? wares : [])
			for (const buyer of ring)
				if (buyer !== seller && one.affords(buyer, entry))
					one.market.said(completes(bought(one.market, buyer, entry)));
		for (const seller of ring) one.junk(seller);
		one.market.later(DAY_MS);
	}
	return one;
}

describe("a ring that trades with itself", () => {
	test.each([7, 30])("every %i days, all of it with standing, gains no more than its first lines", (rest) => {
		const { gainedMicro, firstMicro, market } = farmed(new Ring(), rest, 100);
		expect(gainedMicro).toBeLessThanOrEqual(firstMicro);
		market.sound();
	});

	test("takes its first lines whole, and for once, also where the house has vouched for it", () => {
		const { gainedMicro, firstMicro } = farmed(new Ring({ vouchedFor: ring }), 30, 100);
		expect(gainedMicro).toBeGreaterThan((firstMicro * 9n) / 10n);
		expect(gainedMicro).toBeLessThanOrEqual(firstMicro);
	});

	test("gains no more by having the house's trust given, taken and given again", () => {
		const one = new Ring({ vouchedFor: ring.slice(0, 1) });
		const [ann] = ring as [Agent];
		const revoked = { subject: ann.key, role: "vouched", reason: "No more." };
		for (let turn = 0; turn < 4; turn++) {
			farmed(one, 30, 20);
			one.market.given(operator.says("operator:revoke", revoked)).later(30 * DAY_MS);
			farmed(one, 30, 20);
			one.market.given(vouched(ann));
		}
		expect(one.gainedMicro).toBeLessThanOrEqual(one.firstMicro);
	});

	test("gains no more by any course of puts, purchases however they end, and days", () => {
		const who = fc.nat(ring.length - 1);
		const act = fc.oneof(
			fc.record({ junk: who }),
			fc.record({ ware: who, tokenCost: fc.integer({ min: 1, max: 100_000 }) }),
			fc.record({
				buys: who,
				which: fc.nat(20),
				ends: fc.constantFrom("complete", "complete", "silence", "small", "accepted", "declined"),
			}),
			fc.record({ hours: fc.integer({ min: 1, max: 400 }) }),
		);
		const standing = fc.subarray([0, 1, 2]);
		fc.assert(
			fc.property(fc.array(act, { minLength: 10, maxLength: 60, size: "max" }), standing, (acts, rich) => {
				const one = new Ring({ capital: rich.map((n) => ring[n]!) });
				const { market } = one;
				const wares: (string | undefined)[] = [];
				for (const act of acts) {
					if ("junk" in act) one.junk(ring[act.junk]!);
					else if ("ware" in act) wares.push(one.ware(ring[act.ware]!, act.tokenCost));
					else if ("hours" in act) market.later(act.hours * HOUR_MS);
					else buys(one, ring[act.buys]!, wares[act.which % wares.length], act.ends);
					expect(one.gainedMicro).toBeLessThanOrEqual(one.firstMicro);
				}
				market.sound();
			}),
			{ numRuns: 40 },
		);
	});
});

function buys(one: Ring, buyer: Agent, entry: string | undefined, ends: string): void {
	const { market } = one;
	if (!entry || market.entry(entry).seller === buyer.key || !one.affords(buyer, entry)) return;
	const { status, gated, expiresAt } = market.entry(entry);
	if (status !== "live" || gated || market.now >= expiresAt! - HOUR_MS) return;
	const purchase = bought(market, buyer, entry);
	if (ends === "silence") market.later(3 * DAY_MS);
	else if (ends === "small") market.when(disputesSmall(purchase));
	else if (ends === "complete") market.said(completes(purchase));
	else {
		const { id } = market.when(disputes(purchase));
		if (id) market.said(rules(entry, id, ends as "accepted" | "declined"));
	}
}
