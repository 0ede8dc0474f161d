import { describe, expect, test } from "vitest";
import { gateOwners, signals, traders } from "../../../../db/schema/exchange";
import { type Agent, agent } from "../../../log/given";
import { micro } from "../../../scrip/purse";
import { gateOf } from "../../gate";
import { about, configured, Market, minted, operator, owned, vouched } from "../../given";
import { DAY_MS } from "../../rules/day";
import { bought, completes, disputes, disputesSmall, orderOf, refused, rules, settles } from "./given";
import { AUTO_REFUNDED } from "./refund";
import { smallContentDispute } from "./small-content-dispute";

const [ada, bob, cyn, dan, eve] = [agent("ada"), agent("bob"), agent("cyn"), agent("dan"), agent("eve")];
const SMALL = { tokens: 499 };

function delivered() {
	const market = new Market().given(minted(bob, 900));
	const shell = market.stocked(ada, 90, SMALL);
	return { market, shell, purchase: bought(market, bob, shell) };
}
function files(market: Market, buyer: Agent, entry: string): string {
	return market.said(disputesSmall(bought(market, buyer, entry)));
}

describe("small-content-dispute", () => {
	test("returns the whole price at once, takes 3 from the seller's reputation, and asks nobody", () => {
		const { market, shell, purchase } = delivered();
		const dispute = market.said(disputesSmall(purchase));

		expect(market.purse(bob)).toBe(micro(900));
		expect(market.reputation(ada)).toBe(47);
		expect(market.state.all(signals)).toMatchObject([
			{ signal: "smallContentRefund", delta: -3, messageId: dispute, entry: shell, byOwner: bob.key },
		]);
		expect(market.state.get(traders, bob.key)).toMatchObject({ openReservations: 0, smallRefunds: 1 });
		expect(market.entry(shell)).toMatchObject({ sales: 0, status: "live", gated: false });
		market.sound();
	});

	test("may carry the tag that its refund carries", () => {
		const { market, purchase } = delivered();
		expect(market.when({ ...disputesSmall(purchase), tags: [AUTO_REFUNDED] }).refused).toBeUndefined();
	});

	test("asks for its refund in so many words", () => {
		const { body } = smallContentDispute;
		const payload = about("e", "small-content-dispute", { auto_refund: true });
		expect(body.safeParse(payload).success).toBe(true);
		expect(body.safeParse({ ...payload, auto_refund: false }).success).toBe(false);
		expect(body.safeParse(about("e", "small-content-dispute")).success).toBe(false);
	});

	test("is for content below 500 tokens; larger content goes to a house operator", () => {
		const market = new Market().given(minted(bob, 900));
		const large = bought(market, bob, market.stocked(ada, 90, { tokens: 500 }));
		expect(market.when(disputesSmall(large))).toMatchObject(
			refused("not-small-content", 422, { see: "exchange:settle/dispute" }),
		);
	});

	test("happens once, before complete, by the buyer of that entry", () => {
		const { market, shell, purchase } = delivered();
		const table = market.stocked(ada, 80, SMALL);
		for (const other of [ada, eve])
			expect(
				market.when(settles(other, "small-content-dispute", shell, purchase.deliver, { auto_refund: true })),
			).toMatchObject(refused("not-yours", 403));
		expect(
			market.when(settles(bob, "small-content-dispute", table, purchase.deliver, { auto_refund: true })),
		).toMatchObject(refused("wrong-entry", 422));

		const { logged } = market.when(disputesSmall(purchase));
		for (const late of [disputesSmall(purchase), completes(purchase), disputes(purchase)])
			expect(market.when(late)).toMatchObject(refused("already-settled", 409, { see: logged![1]!.id }));
		const other = bought(market, bob, shell);
		const complete = market.said(completes(other));
		expect(market.when(disputesSmall(other))).toMatchObject(
			refused("already-settled", 409, { see: complete }),
		);
	});

	test("is too late 72 hours after the delivery, even before the exchange has completed it", () => {
		const { market, purchase } = delivered();
		market.now = orderOf(market, purchase.accept).completeBy! - 1;
		expect(market.when(disputesSmall(purchase))).toMatchObject(refused("too-late", 409));
	});
});

describe("small-content-dispute and its limits", () => {
	test("is refused for the sixth time in 24 hours, says when to try again, and passes then", () => {
		const market = new Market().given(minted(bob, 900));
		const shells = Array.from({ length: 6 }, (_, n) => market.stocked(ada, 10 + n, SMALL));
		for (const shell of shells.slice(0, 5)) files(market, bob, shell);
		const filedFirst = market.acts.find(
			({ operation }) => operation === "exchange:settle/small-content-dispute",
		)!.receivedAt;
		const sixth = bought(market, bob, shells[5]!);

		const { refused: limit } = market.when(disputesSmall(sixth));
		expect(limit).toMatchObject({ code: "too-many-disputes", status: 429 });
		expect(limit!.retryAfterSeconds).toBe(Math.ceil((filedFirst + DAY_MS - market.now) / 1_000));
		market.now = filedFirst + DAY_MS - 2;
		expect(market.when(disputesSmall(sixth)).refused).toMatchObject({ code: "too-many-disputes" });
		expect(market.when(disputesSmall(sixth)).refused).toBeUndefined();
		market.sound();
	});

	test("counts the five by buyer: another key of the owner has its own", () => {
		const bib = agent("bib");
		const market = new Market().given(minted(bob, 400), minted(bib, 400), owned("bobs", bob, bib));
		for (let n = 0; n < 5; n++) files(market, bob, market.stocked(ada, 10 + n, SMALL));
		expect(
			market.when(disputesSmall(bought(market, bib, market.stocked(ada, 20, SMALL)))).refused,
		).toBeUndefined();
	});

	test("is free ten times an owner, then within a quarter of what it completed at sellers with standing", () => {
		const market = new Market().given(
			configured({ "exchange.small_disputes_per_day": 100 }),
			vouched(cyn),
			minted(bob, 2_000),
		);
		const entry = (n: number, price: number) => market.stocked(agent(`seller ${n}`), price, SMALL);
		for (let n = 0; n < 10; n++) files(market, bob, entry(n, 10));
		const eleventh = bought(market, bob, entry(10, 25));
		expect(market.when(disputesSmall(eleventh))).toMatchObject({
			refused: { code: "dispute-allowance", status: 429, retryAfterSeconds: expect.any(Number) },
		});

		market.said(completes(bought(market, bob, market.stocked(cyn, 99, SMALL))));
		expect(market.when(disputesSmall(eleventh)).refused).toMatchObject({ code: "dispute-allowance" });
		market.said(completes(bought(market, bob, market.stocked(cyn, 1, SMALL))));
		expect(market.when(disputesSmall(eleventh)).refused).toBeUndefined();
		const twelfth = bought(market, bob, entry(11, 1));
		expect(market.when(disputesSmall(twelfth)).refused).toMatchObject({ code: "dispute-allowance" });
		market.later(20 * DAY_MS);
		market.said(completes(bought(market, bob, market.stocked(cyn, 40, SMALL))));
		market.later(10 * DAY_MS);
		expect(market.when(disputesSmall(bought(market, bob, entry(12, 11)))).refused).toMatchObject({
			code: "dispute-allowance",
		});
		expect(market.when(disputesSmall(bought(market, bob, entry(13, 10)))).refused).toBeUndefined();
		market.sound();
	});

	test("says its limit before anything else about the order, even that there is none", () => {
		const market = new Market().given(configured({ "exchange.small_disputes_per_day": 0 }), minted(bob, 900));
		const shell = market.stocked(ada, 10, SMALL);
		const purchase = bought(market, bob, shell);
		market.said(completes(purchase));
		for (const late of [disputesSmall(purchase), disputesSmall({ ...purchase, deliver: "e".repeat(64) })])
			expect(market.when(late)).toMatchObject(refused("too-many-disputes", 429));
	});

	test("says when a limit that was lowered meanwhile lets one through again", () => {
		const market = new Market().given(minted(bob, 900));
		for (let n = 0; n < 3; n++) files(market, bob, market.stocked(ada, 10 + n, SMALL));
		const [, , third] = market.acts
			.filter(({ operation }) => operation === "exchange:settle/small-content-dispute")
			.map(({ receivedAt }) => receivedAt);
		market.given(configured({ "exchange.small_disputes_per_day": 1 }));

		const { refused: limit } = market.when(
			disputesSmall(bought(market, bob, market.stocked(ada, 20, SMALL))),
		);
		expect(limit!.retryAfterSeconds).toBe(Math.ceil((third! + DAY_MS - market.now) / 1_000));
	});
});

describe("small-content-dispute and the correctness gate", () => {
	test("by three owners without standing keeps the entry out for a day, and gives everything back", () => {
		const market = new Market();
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan]) market.given(minted(buyer, 400));
		files(market, bob, shell);
		files(market, cyn, shell);
		expect(market.entry(shell).gated).toBe(false);
		const third = files(market, dan, shell);

		expect(gateOf(market.state, shell, "disputes")).toMatchObject({
			total: 3,
			shutBy: third,
			provisional: true,
		});
		expect(market.reputation(ada)).toBe(41);
		market.later(DAY_MS);
		expect(market.entry(shell).gated).toBe(false);
		expect(market.reputation(ada)).toBe(50);
		market.sound();
	});

	test("counts an owner once, however often and with whichever key it disputes", () => {
		const market = new Market().given(
			minted(bob, 400),
			minted(cyn, 400),
			minted(dan, 400),
			owned("trio", bob, cyn, dan),
		);
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan]) files(market, buyer, shell);
		expect(gateOf(market.state, shell, "disputes")).toMatchObject({ total: 1, shutBy: null });
		expect(market.reputation(ada)).toBe(41);
	});

	test("keeps the entry out for good with two owners with standing among the three", () => {
		const market = new Market().given(vouched(bob), vouched(cyn));
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan]) {
			market.given(minted(buyer, 400));
			files(market, buyer, shell);
		}
		expect(gateOf(market.state, shell, "disputes")).toMatchObject({ standing: 2, provisional: false });
		market.later(30 * DAY_MS);
		expect(market.entry(shell).gated).toBe(true);
		expect(market.reputation(ada)).toBe(41);
	});

	test("after a clear still refunds who has no standing, but takes nothing from the seller for 30 days", () => {
		const market = new Market().given(minted(eve, 400), vouched(agent("vera")), minted(agent("vera"), 400));
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan]) {
			market.given(minted(buyer, 400));
			files(market, buyer, shell);
		}
		market.later(DAY_MS);

		files(market, eve, shell);
		expect(market.purse(eve)).toBe(micro(400));
		expect(market.reputation(ada)).toBe(50);
		expect(gateOf(market.state, shell, "disputes").total).toBe(0);
		files(market, agent("vera"), shell);
		expect(market.reputation(ada)).toBe(47);
		expect(gateOf(market.state, shell, "disputes").total).toBe(1);
		market.sound();
	});

	test("shuts the gate of the completion rate where fewer than half of five deliveries worked, and its end gives back what they took", () => {
		const market = new Market();
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn]) market.given(minted(buyer, 900));
		market.said(completes(bought(market, bob, shell)));
		market.said(completes(bought(market, bob, shell)));
		const good = market.reputation(ada);
		files(market, cyn, shell);
		files(market, cyn, shell);
		expect(gateOf(market.state, shell, "completion").shutBy).toBeNull();
		const fifth = files(market, cyn, shell);

		expect(gateOf(market.state, shell, "completion")).toMatchObject({
			total: 5,
			good: 2,
			shutBy: fifth,
			provisional: true,
		});
		expect(market.reputation(ada)).toBe(good - 9);
		market.later(DAY_MS);
		expect(market.entry(shell).gated).toBe(false);
		expect(market.reputation(ada)).toBe(good);
		expect(market.state.all(gateOwners).reduce((sum, { delta }) => sum + delta, 0)).toBe(-9);
		market.sound();
	});

	test("gives back what was taken while the gate was shut, too", () => {
		const market = new Market();
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan, eve]) market.given(minted(buyer, 400));
		const open = bought(market, eve, shell);
		for (const buyer of [bob, cyn, dan]) files(market, buyer, shell);
		market.said(disputesSmall(open));
		expect(market.reputation(ada)).toBe(38);
		market.later(DAY_MS);
		expect(market.reputation(ada)).toBe(50);
	});

	test("turns a provisional gate into a lasting one when owners with standing join", () => {
		const market = new Market().given(vouched(dan), vouched(eve));
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan, eve]) market.given(minted(buyer, 400));
		const open = bought(market, eve, shell);
		for (const buyer of [bob, cyn, dan]) files(market, buyer, shell);
		expect(gateOf(market.state, shell, "disputes").provisional).toBe(true);
		market.said(disputesSmall(open));
		expect(gateOf(market.state, shell, "disputes").provisional).toBe(false);
		market.later(2 * DAY_MS);
		expect(market.entry(shell).gated).toBe(true);
	});
});

describe("the two disputes", () => {
	test("leave the refund of small content to the legacy path where the buyer prefers a ruling", () => {
		const { market, shell, purchase } = delivered();
		const dispute = market.said(disputes(purchase));
		expect(market.when(disputesSmall(purchase))).toMatchObject(
			refused("already-settled", 409, { see: dispute }),
		);
		market.said(rules(shell, dispute, "accepted", operator));
		expect(market.purse(bob)).toBe(micro(900));
		expect(market.reputation(ada)).toBe(45);
	});
});
