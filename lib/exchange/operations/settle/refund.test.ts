import { describe, expect, test } from "vitest";
import { orders, scores, traders } from "../../../../db/schema/exchange";
import { type Agent, agent } from "../../../log/given";
import { micro } from "../../../scrip/purse";
import { gateOf } from "../../gate";
import { about, configured, Market, minted } from "../../given";
import { DAY_MS } from "../../rules/day";
import { bought, completes, disputes, disputesSmall, next, orderOf, refused, settlementOf } from "./given";
import { AUTO_REFUNDED } from "./refund";

const [ada, bob] = [agent("ada"), agent("bob")];

function delivered(buyer: Agent = bob) {
	const market = new Market().given(minted(buyer, 900));
	const shell = market.stocked(ada, 90, { tokens: 100 });
	return { market, shell, purchase: bought(market, buyer, shell) };
}
const says = (entry: string, on: string, price = 90, tags: string[] = []) => ({
	operation: "exchange:settle/refund",
	antecedents: [on],
	payload: about(entry, "refund", { price }),
	tags,
});

describe("refund", () => {
	test("follows a small-content-dispute in the same answer, tagged as automatic", () => {
		const { market, purchase } = delivered();
		const result = market.when(disputesSmall(purchase));
		const refund = result.logged![1]!;

		expect(refund).toMatchObject({ operation: "exchange:settle/refund", antecedents: [result.id] });
		expect(refund.tags).toContain(AUTO_REFUNDED);
		expect(market.purse(bob)).toBe(micro(900));
		expect(market.purse(bob, "held")).toBe(0n);
		expect(orderOf(market, purchase.accept)).toMatchObject({ status: "refunded", endedBy: refund.id });
		expect(settlementOf(market, purchase.accept)).toMatchObject({
			how: "small-content-dispute",
			refundedMicro: micro(90),
		});
		market.sound();
	});

	test("follows a dispute that nobody ruled on for 7 days, without tag and without reputation", () => {
		const { market, shell, purchase } = delivered();
		const dispute = market.said(disputes(purchase));
		market.later(7 * DAY_MS);

		const refund = market.acts.at(-1)!;
		expect(refund).toMatchObject({ operation: "exchange:settle/refund", antecedents: [dispute] });
		expect(refund.receivedAt).toBe(orderOf(market, purchase.accept).ruleBy);
		expect(refund.tags).not.toContain(AUTO_REFUNDED);
		expect(market.purse(bob)).toBe(micro(900));
		expect(market.state.get(scores, ada.key)).toBeUndefined();
		expect(market.state.get(traders, bob.key)).toMatchObject({
			openReservations: 0,
			openDisputes: 0,
			declinedAt: null,
		});
		expect(gateOf(market.state, shell, "completion").total).toBe(0);
		expect(market.entry(shell).status).toBe("live");
		market.sound();
	});

	test("keeps the deadline that was stored, whatever the setting says later", () => {
		const { market, purchase } = delivered();
		market.said(disputes(purchase));
		market.given(configured({ "exchange.verdict_days": 1 }));
		market.later(6 * DAY_MS);
		expect(orderOf(market, purchase.accept).status).toBe("disputed");
	});

	test("of an accept is due only where nothing was delivered in time", () => {
		const { market, shell, purchase } = delivered();
		expect(market.exchangeSays(says(shell, purchase.accept))).toMatchObject(
			refused("already-settled", 409, { see: purchase.deliver }),
		);

		// A delivery that hung: as it would stand if the exchange had failed between accept and deliver.
		const order = orderOf(market, purchase.accept);
		market.state.put(orders, {
			...order,
			status: "reserved",
			deliverId: null,
			deliveredAt: null,
			completeBy: null,
		});
		market.now = order.deliverBy - 2;
		expect(market.exchangeSays(says(shell, purchase.accept))).toMatchObject(refused("not-due", 409));
		expect(market.exchangeSays(says(shell, purchase.accept)).refused).toBeUndefined();
		expect(market.purse(bob)).toBe(micro(900));
		expect(orderOf(market, purchase.accept).status).toBe("refunded");
	});

	test("is refused before its time, at another price, with the wrong tag, for another entry, and to anyone else", () => {
		const { market, shell, purchase } = delivered();
		const table = market.stocked(ada, 80, { tokens: 100 });
		const dispute = market.said(disputes(purchase));

		expect(market.exchangeSays(says(shell, dispute))).toMatchObject(refused("not-due", 409));
		expect(market.exchangeSays(says(shell, dispute, 89))).toMatchObject(refused("price-mismatch", 422));
		expect(market.exchangeSays(says(table, dispute))).toMatchObject(refused("wrong-entry", 422));
		expect(market.exchangeSays(says(shell, dispute, 90, [AUTO_REFUNDED]))).toMatchObject(
			refused("wrong-tags", 422),
		);
		expect(market.when({ ...next(purchase, "refund", { price: 90 }), on: [dispute] })).toMatchObject(
			refused("sender-not-allowed", 403),
		);
	});

	test("never follows another end of the order", () => {
		const { market, shell, purchase } = delivered();
		const complete = market.said(completes(purchase));
		expect(market.exchangeSays(says(shell, purchase.accept))).toMatchObject(
			refused("already-settled", 409, { see: complete }),
		);
		const small = bought(market, bob, shell);
		const result = market.when(disputesSmall(small));
		const price = orderOf(market, small.accept).priceScrip;
		expect(market.exchangeSays(says(shell, result.id!, price, [AUTO_REFUNDED]))).toMatchObject(
			refused("already-settled", 409, { see: result.logged![1]!.id }),
		);
	});
});
