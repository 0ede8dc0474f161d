import { describe, expect, test } from "vitest";
import { scores, signals, traders } from "../../../../db/schema/exchange";
import { type Agent, agent } from "../../../log/given";
import { BURNED, micro } from "../../../scrip/purse";
import { gateOf } from "../../gate";
import { Market, minted, operator, owned } from "../../given";
import { liveCount } from "../../state";
import {
	bought,
	completes,
	disputes,
	offerOf,
	orderOf,
	refused,
	rules,
	settlementOf,
	settles,
} from "./given";

const [ada, bob, cyn, eve] = [agent("ada"), agent("bob"), agent("cyn"), agent("eve")];
const other = agent("another house operator");
const grants = (who: Agent) =>
	operator.says("operator:grant", { subject: who.key, role: "operator", reason: "Rules with us." });

function disputed(type?: string) {
	const market = new Market().given(minted(bob, 900), grants(other));
	const shell = market.stocked(ada, 90, { tokens: 100 });
	const purchase = bought(market, bob, shell);
	return { market, shell, purchase, dispute: market.said(disputes(purchase, type)) };
}

describe("verdict accepted", () => {
	test("refunds in full, takes 5 from the seller, and takes the entry out of the inventory for good", () => {
		const { market, shell, purchase, dispute } = disputed();
		const verdict = market.said(rules(shell, dispute, "accepted"));

		expect(market.purse(bob)).toBe(micro(900));
		expect(market.purse(bob, "held")).toBe(0n);
		expect(market.purse(BURNED)).toBe(0n);
		expect(market.reputation(ada)).toBe(45);
		expect(market.state.all(signals)).toMatchObject([
			{ signal: "disputeUpheld", delta: -5, messageId: verdict },
		]);
		expect(market.entry(shell)).toMatchObject({
			status: "removed",
			statusReason: "dispute",
			ruledBy: verdict,
			sales: 0,
		});
		expect(liveCount(market.state, "all", market.now)).toBe(0);
		expect(liveCount(market.state, `unsold:${ada.key}`, market.now)).toBe(0);
		expect(orderOf(market, purchase.accept)).toMatchObject({ status: "refunded", endedBy: verdict });
		expect(settlementOf(market, purchase.accept)).toMatchObject({ how: "verdict-accepted" });
		const match = market.matched(bob, [shell], { budget: 100 });
		expect(offerOf(market, match, shell)).toBeUndefined();
		market.sound();
	});

	test("takes 10 for a hash that does not verify", () => {
		const { market, shell, dispute } = disputed("hash_invalid");
		market.said(rules(shell, dispute, "accepted"));
		expect(market.reputation(ada)).toBe(40);
		expect(market.state.all(signals)).toMatchObject([{ signal: "hashInvalid", delta: -10 }]);
	});

	test("is possible for a second dispute over an entry that is out already", () => {
		const { market, shell, dispute } = disputed();
		market.given(minted(cyn, 900));
		const second = bought(market, cyn, shell);
		const filed = market.said(disputes(second));
		const first = market.said(rules(shell, dispute, "accepted"));
		market.said(rules(shell, filed, "accepted"));
		expect(market.entry(shell).ruledBy).toBe(first);
		expect(market.reputation(ada)).toBe(40);
		market.sound();
	});
});

describe("verdict declined", () => {
	test("settles as a purchase, without the reputation of a sale that was not disputed", () => {
		const { market, shell, purchase, dispute } = disputed();
		const verdict = market.said(rules(shell, dispute, "declined"));

		expect(settlementOf(market, purchase.accept)).toMatchObject({
			how: "verdict-declined",
			messageId: verdict,
			burnMicro: 1_800_000n,
			earnOutMicro: 45_000_000n,
			treasuryMicro: 43_200_000n,
		});
		expect(orderOf(market, purchase.accept).status).toBe("completed");
		expect(market.entry(shell)).toMatchObject({ status: "live", sales: 1, buyers: 0 });
		expect(gateOf(market.state, shell, "completion")).toMatchObject({ total: 1, good: 1 });
		expect(market.state.get(scores, ada.key)).toBeUndefined();
		expect(market.state.get(traders, bob.key)).toMatchObject({ openDisputes: 0, declinedAt: market.now });
		market.sound();
	});
});

describe("verdict", () => {
	test("is a house operator's", () => {
		const { market, shell, dispute } = disputed();
		for (const by of [bob, ada, eve])
			expect(market.when(rules(shell, dispute, "accepted", by))).toMatchObject(
				refused("sender-not-allowed", 403),
			);
	});

	test("is never a party's, nor that of another key of a party's owner", () => {
		for (const party of [ada, bob]) {
			const { market, shell, dispute } = disputed();
			market.given(grants(party));
			expect(market.when(rules(shell, dispute, "accepted", party))).toMatchObject(
				refused("party-to-dispute", 403),
			);
			market.given(owned("house-of-one", party, other));
			expect(market.when(rules(shell, dispute, "accepted", other))).toMatchObject(
				refused("party-to-dispute", 403),
			);
			expect(market.when(rules(shell, dispute, "accepted")).refused).toBeUndefined();
		}
	});

	test("is given once, says of what, and not after 7 days even before the exchange has refunded", () => {
		const { market, shell, purchase, dispute } = disputed();
		const table = market.stocked(ada, 80, { tokens: 100 });
		expect(market.when(rules(table, dispute, "accepted"))).toMatchObject(refused("wrong-entry", 422));
		const verdict = market.said(rules(shell, dispute, "declined"));
		expect(market.when(rules(shell, dispute, "accepted", other))).toMatchObject(
			refused("already-settled", 409, { see: verdict }),
		);
		expect(market.when(completes(purchase))).toMatchObject(refused("already-settled", 409, { see: verdict }));

		const second = bought(market, bob, shell);
		const filed = market.said(disputes(second));
		market.now = orderOf(market, second.accept).ruleBy! - 1;
		expect(market.when(rules(shell, filed, "accepted"))).toMatchObject(refused("too-late", 409));
	});

	test("answers a dispute, not a delivery", () => {
		const { market, shell, purchase } = disputed();
		expect(
			market.when(
				settles(operator, "verdict", shell, purchase.deliver, { verdict: "accepted", reason: "Read." }),
			),
		).toMatchObject(refused("wrong-antecedent", 422));
	});
});
