import { describe, expect, test } from "vitest";
import { owners } from "../../../../db/schema/agents";
import {
	customers,
	entryBuyers,
	scores,
	signals,
	traderDays,
	traders,
	treasuryDays,
} from "../../../../db/schema/exchange";
import { agent } from "../../../log/given";
import { BURNED, micro } from "../../../scrip/purse";
import { gateOf } from "../../gate";
import { goods, Market, minted, owned, vouched } from "../../given";
import { DAY_MS, dayOf } from "../../rules/day";
import {
	bought,
	completes,
	disputes,
	disputesSmall,
	next,
	orderOf,
	refused,
	settlementOf,
	settles,
} from "./given";

const [ada, bob, cyn, dan, eve] = ["ada", "bob", "cyn", "dan", "eve"].map(agent) as [
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
];
const SMALL = { tokens: 100 };

function delivered(hot = 900) {
	const market = new Market().given(minted(bob, hot));
	const shell = market.stocked(ada, 90, SMALL);
	return { market, shell, purchase: bought(market, bob, shell) };
}

const signalsOf = (market: Market) => market.state.all(signals).map(({ signal, delta }) => [signal, delta]);

describe("complete", () => {
	test("pays the reserved price out: burn, the author's half until its appraisal is earned, the rest to the treasury", () => {
		const { market, shell, purchase } = delivered();
		const before = { ada: market.purse(ada), treasury: market.purse("treasury") };
		const complete = market.said(next(purchase, "complete", { content_hash_verified: true, price: 90 }));

		expect(market.purse(bob, "held")).toBe(0n);
		expect(market.purse(BURNED)).toBe(1_800_000n);
		expect(market.purse(ada) - before.ada).toBe(45_000_000n);
		expect(market.purse("treasury") - before.treasury).toBe(43_200_000n);
		expect(market.entry(shell)).toMatchObject({
			paidMicro: micro(1) + 45_000_000n,
			sales: 1,
			lastPricesScrip: [90],
		});
		expect(settlementOf(market, purchase.accept)).toMatchObject({
			how: "complete",
			messageId: complete,
			burnMicro: 1_800_000n,
			earnOutMicro: 45_000_000n,
			residualMicro: 0n,
			treasuryMicro: 43_200_000n,
			heldMicro: micro(90),
		});
		expect(orderOf(market, purchase.accept)).toMatchObject({ status: "completed", endedBy: complete });
		market.sound();
	});

	test("pays a tenth once the appraisal is earned, for ever", () => {
		const market = new Market();
		const shell = market.stocked(ada, 90, SMALL);
		const appraisal = micro(market.entry(shell).appraisalScrip!);
		let paid = market.entry(shell).paidMicro;
		for (let n = 0; paid < appraisal; n++) {
			const buyer = agent(`buyer ${n}`);
			market.given(minted(buyer, 900));
			market.said(completes(bought(market, buyer, shell)));
			paid = market.entry(shell).paidMicro;
		}
		expect(paid).toBe(appraisal);

		market.given(minted(eve, 900));
		const last = bought(market, eve, shell);
		market.said(completes(last));
		const { heldMicro, earnOutMicro, residualMicro } = settlementOf(market, last.accept)!;
		expect(earnOutMicro).toBe(0n);
		expect(residualMicro).toBe(heldMicro / 10n);
		market.sound();
	});

	test("of a copy pays the first author, towards the first entry's appraisal", () => {
		const market = new Market().given(minted(bob, 900));
		const shell = market.stocked(ada, 90, SMALL);
		const copy = market.accepted(cyn, goods("much the same", { ...SMALL, token_cost: 200 }), {
			copy: { id: shell, similarity: 0.9 },
		});
		expect(market.entry(copy).origin).toBe(shell);
		const before = { ada: market.purse(ada), cyn: market.purse(cyn) };
		const purchase = bought(market, bob, copy);
		market.said(completes(purchase));

		const { earnOutMicro } = settlementOf(market, purchase.accept)!;
		expect(earnOutMicro).toBeGreaterThan(0n);
		expect(market.purse(ada) - before.ada).toBe(earnOutMicro);
		expect(market.purse(cyn)).toBe(before.cyn);
		expect(market.entry(shell)).toMatchObject({ paidMicro: micro(1) + earnOutMicro, sales: 0 });
		expect(market.entry(copy)).toMatchObject({ paidMicro: micro(1), sales: 1 });
		expect(market.reputation(cyn)).toBe(51);
		market.sound();
	});

	test("lets the treasury's day grow by what the exchange kept, and the author's line by 0.85 of it", () => {
		const { market, purchase } = delivered();
		market.said(completes(purchase));
		expect(market.state.get(traders, ada.key)).toMatchObject({ earnedMicro: 36_720_000n });
		expect(market.state.get(traders, bob.key)).toMatchObject({ openReservations: 0 });
		expect(market.state.get(treasuryDays, dayOf(market.now))).toMatchObject({ shareMicro: 43_200_000n });
	});

	test("is refused with a hash that does not verify, and points to the dispute for it", () => {
		const { market, purchase } = delivered();
		expect(market.when(next(purchase, "complete", { content_hash_verified: false }))).toMatchObject(
			refused("hash-not-verified", 422, {
				see: "exchange:settle/dispute",
				next: expect.stringContaining("hash_invalid"),
			}),
		);
	});

	test("is refused at any price but the reserved one", () => {
		const { market, purchase } = delivered();
		for (const price of [0, 89, 91])
			expect(market.when(next(purchase, "complete", { price }))).toMatchObject(
				refused("price-mismatch", 422, { field: "/payload/price" }),
			);
		expect(market.purse(bob, "held")).toBe(micro(90));
	});

	test("is refused for another entry than the one delivered", () => {
		const { market, purchase } = delivered();
		const table = market.stocked(ada, 80, SMALL);
		expect(market.when(settles(bob, "complete", table, purchase.deliver))).toMatchObject(
			refused("wrong-entry", 422, { field: "/payload/entry_id" }),
		);
	});

	test("is refused to anyone but the buyer", () => {
		const { market, shell, purchase } = delivered();
		for (const other of [ada, eve])
			expect(market.when(settles(other, "complete", shell, purchase.deliver))).toMatchObject(
				refused("not-yours", 403),
			);
	});

	test("happens once", () => {
		const { market, purchase } = delivered();
		const complete = market.said(completes(purchase));
		expect(market.when(completes(purchase))).toMatchObject(
			refused("already-settled", 409, { see: complete }),
		);
		expect(market.purse(BURNED)).toBe(1_800_000n);
	});

	test("loses to a dispute that came first, and a dispute to a complete", () => {
		const { market, shell, purchase } = delivered();
		const dispute = market.said(disputes(purchase));
		expect(market.when(completes(purchase))).toMatchObject(refused("already-settled", 409, { see: dispute }));

		market.given(minted(cyn, 900));
		const other = bought(market, cyn, shell);
		const complete = market.said(completes(other));
		for (const late of [disputes(other), disputesSmall(other)])
			expect(market.when(late)).toMatchObject(refused("already-settled", 409, { see: complete }));
	});

	test("is in time until 72 hours have passed, and too late even before the exchange has said so", () => {
		const { market, shell, purchase } = delivered();
		market.given(minted(cyn, 900));
		const other = bought(market, cyn, shell);
		market.now = orderOf(market, purchase.accept).completeBy! - 1;
		expect(market.when(completes(purchase))).toMatchObject(refused("too-late", 409));
		market.now = orderOf(market, other.accept).completeBy! - 2;
		expect(market.when(completes(other)).refused).toBeUndefined();
	});
});

describe("complete and reputation", () => {
	test("gives +1 for a sale, +2 when an owner returns, once, and +3 at an entry's third owner", () => {
		const market = new Market();
		for (const buyer of [bob, cyn, dan]) market.given(vouched(buyer), minted(buyer, 900));
		const [shell, table, chair] = [90, 80, 70].map((price) => market.stocked(ada, price, SMALL)) as [
			string,
			string,
			string,
		];
		const sales: [typeof bob, string, [string, number][]][] = [
			[bob, shell, [["sale", 1]]],
			[cyn, shell, [["sale", 1]]],
			[
				cyn,
				table,
				[
					["sale", 1],
					["repeatBuyer", 2],
				],
			],
			[cyn, chair, [["sale", 1]]],
			[
				dan,
				shell,
				[
					["sale", 1],
					["convergence", 3],
				],
			],
		];
		for (const [buyer, entry, expected] of sales) {
			const before = signalsOf(market).length;
			market.said(completes(bought(market, buyer, entry)));
			expect(signalsOf(market).slice(before)).toEqual(expected);
		}
		expect(market.reputation(ada)).toBe(60);
		expect(market.state.get(scores, ada.key)).toMatchObject({ sum: 10, standingOwners: 3 });
		expect(market.state.get(customers, ada.key, cyn.key)).toMatchObject({ completions: 3, standing: true });
		expect(market.entry(shell)).toMatchObject({ sales: 3, buyers: 3, standingBuyers: 3 });
		market.sound();
	});

	test("counts two keys of one owner as one buyer", () => {
		const market = new Market().given(
			minted(bob, 400),
			minted(cyn, 400),
			minted(dan, 400),
			owned("trio", bob, cyn, dan),
		);
		const shell = market.stocked(ada, 90, SMALL);
		for (const buyer of [bob, cyn, dan]) market.said(completes(bought(market, buyer, shell)));

		expect(market.entry(shell)).toMatchObject({ sales: 3, buyers: 1 });
		expect(market.state.get(entryBuyers, shell, "trio")).toMatchObject({ completions: 3 });
		expect(signalsOf(market)).toEqual([
			["sale", 1],
			["sale", 1],
			["repeatBuyer", 2],
			["sale", 1],
		]);
	});

	test("gives at most 10 from all buyers without standing together", () => {
		const market = new Market();
		for (let n = 0; n < 12; n++) {
			const buyer = agent(`stranger ${n}`);
			const entry = market.stocked(ada, 20 + n, SMALL);
			market.given(minted(buyer, 100));
			market.said(completes(bought(market, buyer, entry)));
		}
		expect(market.reputation(ada)).toBe(60);
		expect(market.state.get(scores, ada.key)).toMatchObject({ fromWithoutStanding: 10, standingOwners: 0 });
		market.given(vouched(bob), minted(bob, 100));
		market.said(completes(bought(market, bob, market.stocked(ada, 10, SMALL))));
		expect(market.reputation(ada)).toBe(61);
	});

	test("gives at most 8 from one owner in 30 days, and again when they are over", () => {
		const market = new Market().given(vouched(bob), minted(bob, 5_000));
		const buysOne = (n: number) =>
			market.said(completes(bought(market, bob, market.stocked(ada, 20 + n, SMALL))));
		for (let n = 0; n < 8; n++) buysOne(n);
		expect(market.reputation(ada)).toBe(58);
		market.later(30 * DAY_MS);
		buysOne(9);
		expect(market.reputation(ada)).toBe(59);
		market.sound();
	});
});

describe("complete and standing", () => {
	test("is proved by 1,000 scrip of purchases from three owners that had standing, and by no other purchase", () => {
		const sellers = [ada, cyn, dan];
		const market = new Market().given(minted(bob, 999), ...sellers.map(vouched));
		// What is earned proves nothing, but can be spent.
		market.accepted(bob, goods("something of bob's"));
		for (const seller of sellers)
			market.said(completes(bought(market, bob, market.stocked(seller, 300, SMALL))));
		expect(market.state.get(owners, bob.key)).toMatchObject({
			purchasedScrip: 900,
			purchasedFrom: 3,
			standing: false,
		});

		const stranger = market.stocked(eve, 20, SMALL);
		market.said(completes(bought(market, bob, stranger)));
		expect(market.state.get(owners, bob.key)).toMatchObject({ purchasedScrip: 900, purchasedFrom: 3 });
		expect(market.state.get(traderDays, bob.key, dayOf(market.now))).toMatchObject({
			completedMicro: micro(900),
		});
		expect(market.state.get(traderDays, eve.key, dayOf(market.now))).toBeUndefined();

		market.said(completes(bought(market, bob, market.stocked(ada, 99, SMALL))));
		expect(market.state.get(owners, bob.key)).toMatchObject({ purchasedScrip: 999, standing: false });
		market.said(completes(bought(market, bob, market.stocked(ada, 1, SMALL))));
		expect(market.state.get(owners, bob.key)).toMatchObject({ purchasedScrip: 1_000, standing: true });
	});

	test("is not proved by any sum at two owners with standing", () => {
		const market = new Market().given(minted(bob, 999), vouched(ada), vouched(cyn));
		market.accepted(bob, goods("something of bob's"));
		for (const seller of [ada, cyn])
			market.said(completes(bought(market, bob, market.stocked(seller, 600, SMALL))));
		expect(market.state.get(owners, bob.key)).toMatchObject({
			purchasedScrip: 1_200,
			purchasedFrom: 2,
			standing: false,
		});
	});

	test("of a buyer raises the entry's price by a tenth, once, and marks the seller's day", () => {
		const market = new Market().given(vouched(bob), minted(bob, 900), minted(cyn, 900));
		const shell = market.stocked(ada, 90, SMALL);
		market.said(completes(bought(market, cyn, shell)));
		expect(market.entry(shell)).toMatchObject({ buyers: 1, standingBuyers: 0 });
		expect(market.price(shell)).toBe(90);
		for (let n = 0; n < 2; n++) market.said(completes(bought(market, bob, shell)));

		// 90 × 1.1, and the seller's reputation of 55 by now: 0.8 + 0.4 × 0.55.
		expect(market.price(shell)).toBe(101);
		expect(market.entry(shell)).toMatchObject({ buyers: 2, standingBuyers: 1, sales: 3 });
		expect(market.state.get(traderDays, ada.key, dayOf(market.now))!.salesToStanding).toBe(2);
		market.sound();
	});
});

describe("complete and the correctness gate", () => {
	test("counts in the completion rate each time and in the conversion once an owner", () => {
		const market = new Market().given(minted(bob, 900));
		const shell = market.stocked(ada, 90);
		for (let n = 0; n < 2; n++) market.said(completes(bought(market, bob, shell)));
		expect(gateOf(market.state, shell, "completion")).toMatchObject({ total: 2, good: 2, shutBy: null });
		expect(gateOf(market.state, shell, "conversion")).toMatchObject({ total: 1, good: 1, standing: 0 });
	});
});
