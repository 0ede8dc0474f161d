import { describe, expect, test } from "vitest";
import { claims } from "../../db/schema/agents";
import { type Agent, agent, type Saying } from "../log/given";
import { configured, goods, Market, minted, operator } from "./given";
import { bought, disputes, refused, rules } from "./operations/settle/given";

const [ada, bob, mel] = [agent("ada"), agent("bob"), agent("mel")];
const other = agent("another house operator");
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const takes = (caseId: string, by = operator): Saying => by.says("operator:claim", {}, caseId);
const grants = (who: Agent, role: string) =>
	operator.says("operator:grant", { subject: who.key, role, reason: "Works with us." });

function held() {
	const market = new Market().given(grants(other, "operator"), configured({ "exchange.auto_accept": false }));
	return { market, put: market.put(ada, goods("a shell")) };
}
function disputed() {
	const market = new Market().given(grants(other, "operator"), minted(bob, 900));
	const shell = market.stocked(ada, 90, { tokens: 100 });
	return { market, shell, dispute: market.said(disputes(bought(market, bob, shell))) };
}

describe("operator:claim", () => {
	test("shows who is at a held put for half an hour", () => {
		const { market, put } = held();
		const claim = market.said(takes(put));
		expect(market.state.all(claims)).toEqual([
			{ caseId: put, claimedBy: operator.key, until: market.now + 30 * MINUTE_MS, messageId: claim },
		]);
		market.sound();
	});

	test("shows for as long as the house has set", () => {
		const { market, put } = held();
		market.given(configured({ "operator.claim_minutes": 5 }), takes(put));
		expect(market.state.get(claims, put)!.until).toBe(market.now + 5 * MINUTE_MS);
	});

	test("is taken over by who claims later, and begins anew for who claims again", () => {
		const { market, put } = held();
		market.given(takes(put), takes(put, other));
		expect(market.state.get(claims, put)!.claimedBy).toBe(other.key);
		market.now += MINUTE_MS;
		market.given(takes(put, other));
		expect(market.state.get(claims, put)!.until).toBe(market.now + 30 * MINUTE_MS);
	});

	test("binds nobody: another house operator rules all the same", () => {
		const { market, put } = held();
		market.given(takes(put));
		const accepted = other.says(
			"exchange:settle/put-accept",
			market.acceptance(put, { price: 1, appraisal: 9 }),
			put,
		);
		expect(market.when(accepted).refused).toBeUndefined();

		const { market: court, shell, dispute } = disputed();
		court.given(takes(dispute));
		expect(court.when(rules(shell, dispute, "declined", other)).refused).toBeUndefined();
	});

	test("is a moderator's too, and nobody else's", () => {
		const { market, put } = held();
		market.given(grants(mel, "moderator"));
		expect(market.when(takes(put, mel)).refused).toBeUndefined();
		for (const by of [ada, bob])
			expect(market.when(takes(put, by))).toMatchObject(refused("sender-not-allowed", 403));
	});

	test("is of what makes a case, not of a ruling, a delivery or a buy", () => {
		const { market, put } = held();
		const accept = market.said(
			operator.says("exchange:settle/put-accept", market.acceptance(put, { price: 1, appraisal: 9 }), put),
		);
		expect(market.when(takes(accept))).toMatchObject(refused("wrong-antecedent", 422));
	});

	test("comes too late once the put or the dispute is ruled on", () => {
		const { market, put } = held();
		const accept = market.said(
			operator.says("exchange:settle/put-accept", market.acceptance(put, { price: 1, appraisal: 9 }), put),
		);
		expect(market.when(takes(put))).toMatchObject(refused("ruled-already", 409, { see: accept }));

		const { market: court, shell, dispute } = disputed();
		const verdict = court.said(rules(shell, dispute, "accepted"));
		expect(court.when(takes(dispute))).toMatchObject(refused("already-settled", 409, { see: verdict }));
	});

	test("comes too late when the time to rule is over, even before the exchange has said so", () => {
		const [puts, court] = [held(), disputed()];
		for (const [market, caseId] of [
			[puts.market, puts.put],
			[court.market, court.dispute],
		] as const) {
			market.now += 7 * DAY_MS - 2;
			expect(market.when(takes(caseId)).refused).toBeUndefined();
			expect(market.when(takes(caseId))).toMatchObject(refused("too-late", 409));
		}
	});
});
