import { describe, expect, test } from "vitest";
import { owners } from "../../../../db/schema/agents";
import { scores, traderDays, traders } from "../../../../db/schema/exchange";
import { agent } from "../../../log/given";
import { micro } from "../../../scrip/purse";
import { gateOf } from "../../gate";
import { about, configured, Market, minted, vouched } from "../../given";
import { dayOf } from "../../rules/day";
import { bought, completes, disputes, next, orderOf, refused, settlementOf } from "./given";

const [ada, bob] = [agent("ada"), agent("bob")];
const HOUR = 3_600_000;

function delivered() {
	const market = new Market().given(vouched(ada), vouched(bob), minted(bob, 900));
	const shell = market.stocked(ada, 90, { tokens: 100 });
	return { market, shell, purchase: bought(market, bob, shell) };
}
const says = (entry: string, on: string, price: number) => ({
	operation: "exchange:settle/auto-complete",
	antecedents: [on],
	payload: about(entry, "auto-complete", { price }),
});

describe("auto-complete", () => {
	test("ends a delivery that was left alone for 72 hours: the price is split as by a complete", () => {
		const { market, shell, purchase } = delivered();
		market.later(72 * HOUR);

		const said = market.acts.find(({ operation }) => operation === "exchange:settle/auto-complete")!;
		expect(said.receivedAt).toBe(orderOf(market, purchase.accept).completeBy);
		expect(settlementOf(market, purchase.accept)).toMatchObject({
			how: "auto-complete",
			messageId: said.id,
			burnMicro: 1_800_000n,
			earnOutMicro: 45_000_000n,
			treasuryMicro: 43_200_000n,
		});
		expect(market.purse(bob, "held")).toBe(0n);
		expect(market.entry(shell)).toMatchObject({ sales: 1, lastPricesScrip: [90] });
		expect(market.state.get(traders, bob.key)!.openReservations).toBe(0);
		market.sound();
	});

	test("counts for money and what follows it, not for reputation, buyers or the completion rate", () => {
		const { market, shell } = delivered();
		market.later(72 * HOUR);

		expect(market.state.get(scores, ada.key)).toBeUndefined();
		expect(market.reputation(ada)).toBe(50);
		expect(market.entry(shell)).toMatchObject({ buyers: 0, standingBuyers: 0 });
		expect(gateOf(market.state, shell, "completion")).toMatchObject({ total: 0, good: 0 });
		expect(gateOf(market.state, shell, "conversion").good).toBe(1);
		expect(market.state.get(traders, ada.key)!.earnedMicro).toBe(36_720_000n);
		expect(market.state.get(owners, bob.key)!.purchasedScrip).toBe(90);
		const day = dayOf(market.now);
		expect(market.state.get(traderDays, bob.key, day)!.completedMicro).toBe(micro(90));
	});

	test("does not make a silent buyer the third with whom an entry worked", () => {
		const { market, shell } = delivered();
		market.later(72 * HOUR);
		for (const name of ["cyn", "dan", "eve"]) {
			expect(market.reputation(ada)).toBeLessThanOrEqual(52);
			market.given(vouched(agent(name)), minted(agent(name), 900));
			market.said(completes(bought(market, agent(name), shell)));
		}
		expect(market.reputation(ada)).toBe(56);
	});

	test("keeps the deadline that was stored, whatever the setting says later", () => {
		const { market, purchase } = delivered();
		market.given(configured({ "exchange.complete_hours": 1 }));
		market.later(71 * HOUR);
		expect(orderOf(market, purchase.accept).status).toBe("delivered");
	});

	test("never follows a complete or a dispute", () => {
		const { market, purchase } = delivered();
		const shell = purchase.entry;
		const complete = market.said(completes(purchase));
		const other = bought(market, bob, shell);
		const dispute = market.said(disputes(other));
		market.later(73 * HOUR);

		expect(market.acts.some(({ operation }) => operation === "exchange:settle/auto-complete")).toBe(false);
		expect(market.exchangeSays(says(shell, purchase.deliver, 90))).toMatchObject(
			refused("already-settled", 409, { see: complete }),
		);
		expect(
			market.exchangeSays(says(shell, other.deliver, orderOf(market, other.accept).priceScrip)),
		).toMatchObject(refused("already-settled", 409, { see: dispute }));
	});

	test("is refused before its time, at another price, for another entry, and to its buyer", () => {
		const { market, shell, purchase } = delivered();
		const table = market.stocked(ada, 80, { tokens: 100 });
		market.now = orderOf(market, purchase.accept).completeBy! - 3;

		expect(market.exchangeSays(says(shell, purchase.deliver, 91))).toMatchObject(
			refused("price-mismatch", 422),
		);
		expect(market.exchangeSays(says(shell, purchase.deliver, 90))).toMatchObject(refused("not-due", 409));
		expect(market.exchangeSays(says(table, purchase.deliver, 90))).toMatchObject(refused("wrong-entry", 422));
		expect(market.when(next(purchase, "auto-complete", { price: 90 }))).toMatchObject(
			refused("sender-not-allowed", 403),
		);
		expect(market.exchangeSays(says(shell, purchase.deliver, 90)).refused).toBeUndefined();
	});
});
