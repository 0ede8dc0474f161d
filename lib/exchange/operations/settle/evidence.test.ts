import { describe, expect, test } from "vitest";
import { agent } from "../../../log/given";
import { Market, minted, operator } from "../../given";
import { bought, disputes, orderOf, refused, rules, settles } from "./given";

const [ada, bob, eve] = [agent("ada"), agent("bob"), agent("eve")];
const reason = { reason: "Line 3 does not compile." };

function disputed() {
	const market = new Market().given(minted(bob, 900));
	const shell = market.stocked(ada, 90);
	const purchase = bought(market, bob, shell);
	return { market, shell, purchase, dispute: market.said(disputes(purchase)) };
}

describe("evidence", () => {
	test("is heard from the buyer and from the seller, five times each", () => {
		const { market, shell, purchase, dispute } = disputed();
		for (const side of [bob, ada]) {
			for (let n = 0; n < 5; n++) market.said(settles(side, "evidence", shell, dispute, reason));
			expect(market.when(settles(side, "evidence", shell, dispute, reason))).toMatchObject(
				refused("evidence-full", 409),
			);
		}
		expect(orderOf(market, purchase.accept)).toMatchObject({ buyerEvidence: 5, sellerEvidence: 5 });
		market.sound();
	});

	test("is heard from nobody else, not from a house operator either", () => {
		const { market, shell, dispute } = disputed();
		for (const other of [eve, operator])
			expect(market.when(settles(other, "evidence", shell, dispute, reason))).toMatchObject(
				refused("not-yours", 403),
			);
	});

	test("is about the entry in dispute, and in time for the ruling", () => {
		const { market, shell, purchase, dispute } = disputed();
		const table = market.stocked(ada, 80);
		expect(market.when(settles(bob, "evidence", table, dispute, reason))).toMatchObject(
			refused("wrong-entry", 422),
		);
		expect(market.when(settles(bob, "evidence", shell, purchase.deliver, reason))).toMatchObject(
			refused("wrong-antecedent", 422),
		);
		market.now = orderOf(market, purchase.accept).ruleBy! - 1;
		expect(market.when(settles(bob, "evidence", shell, dispute, reason))).toMatchObject(
			refused("too-late", 409),
		);
	});

	test("is not heard after the verdict", () => {
		const { market, shell, dispute } = disputed();
		const verdict = market.said(rules(shell, dispute, "declined"));
		expect(market.when(settles(ada, "evidence", shell, dispute, reason))).toMatchObject(
			refused("already-settled", 409, { see: verdict }),
		);
	});
});
