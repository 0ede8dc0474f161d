import { describe, expect, test } from "vitest";
import { traders } from "../../../../db/schema/exchange";
import { agent } from "../../../log/given";
import { micro } from "../../../scrip/purse";
import { about, configured, Market, minted, owned } from "../../given";
import { buyerAccept } from "./buyer-accept";
import { buyerReject } from "./buyer-reject";
import {
	bought,
	completes,
	disputes,
	disputesSmall,
	offerOf,
	orderOf,
	previewed,
	refused,
	rules,
	settles,
} from "./given";

const [ada, bob, cyn, eve] = [agent("ada"), agent("bob"), agent("cyn"), agent("eve")];
const HOUR = 3_600_000;
const SMALL = { tokens: 100 };

function small(priceScrip = 90, hot = 900) {
	const market = new Market().given(minted(bob, hot));
	const shell = market.stocked(ada, priceScrip, SMALL);
	return { market, shell, match: market.quoted(bob, shell) };
}

describe("buyer-accept", () => {
	test("reserves the quoted price and has the content delivered at once, in the same answer", () => {
		const { market, shell, match } = small();
		const result = market.when(settles(bob, "buyer-accept", shell, match, { accepted: true }));

		expect(result.logged!.map(({ operation }) => operation)).toEqual([
			"exchange:settle/buyer-accept",
			"exchange:settle/deliver",
		]);
		expect(market.purse(bob)).toBe(micro(810));
		expect(market.purse(bob, "held")).toBe(micro(90));
		expect(orderOf(market, result.id!)).toMatchObject({
			status: "delivered",
			buyer: bob.key,
			seller: ada.key,
			priceScrip: 90,
			heldMicro: micro(90),
			deliverId: result.logged![1]!.id,
		});
		market.sound();
	});

	test("pays what the match quoted, whatever the entry costs by now", () => {
		const { market, shell, match } = small();
		market.given(minted(cyn, 5_000));
		market.said(completes(bought(market, cyn, shell)));
		expect(market.price(shell)).toBeGreaterThan(90);

		const accept = market.said(settles(bob, "buyer-accept", shell, match));
		expect(orderOf(market, accept).priceScrip).toBe(90);
	});

	test("on a preview pays what the preview says", () => {
		const market = new Market().given(minted(bob, 900));
		const shell = market.stocked(ada, 90);
		const match = market.quoted(bob, shell);
		const accept = market.said(settles(bob, "buyer-accept", shell, previewed(market, bob, shell, match)));

		const { previewPriceScrip } = offerOf(market, match, shell);
		expect(previewPriceScrip).toBeLessThan(90);
		expect(orderOf(market, accept)).toMatchObject({ basePriceScrip: 90, priceScrip: previewPriceScrip });
		expect(market.purse(bob, "held")).toBe(micro(previewPriceScrip!));
	});

	test("says yes or nothing, and its like says no or nothing", () => {
		const takes = ({ body }: typeof buyerAccept | typeof buyerReject, phase: string, accepted?: boolean) =>
			body.safeParse(about("e", phase, accepted === undefined ? {} : { accepted })).success;
		expect([undefined, true, false].map((said) => takes(buyerAccept, "buyer-accept", said))).toEqual([
			true,
			true,
			false,
		]);
		expect([undefined, true, false].map((said) => takes(buyerReject, "buyer-reject", said))).toEqual([
			true,
			false,
			true,
		]);
	});

	test("needs the preview at 500 tokens and more, and the match below", () => {
		const market = new Market().given(minted(bob, 900));
		const large = market.stocked(ada, 90, { tokens: 500 });
		const little = market.stocked(ada, 80, { tokens: 499 });
		const match = market.matched(bob, [large, little], { budget: 300 });

		expect(market.when(settles(bob, "buyer-accept", large, match))).toMatchObject(
			refused("preview-required", 422),
		);
		expect(market.when(settles(bob, "buyer-accept", little, match)).refused).toBeUndefined();
	});

	test("on a preview buys the entry that was previewed, not another of the same match", () => {
		const market = new Market().given(minted(bob, 900));
		const [shell, table] = [market.stocked(ada, 90), market.stocked(ada, 80)];
		const match = market.matched(bob, [shell, table], { budget: 300 });
		const preview = previewed(market, bob, shell, match);

		expect(market.when(settles(bob, "buyer-accept", table, preview))).toMatchObject(
			refused("entry-not-offered", 422, { field: "/payload/entry_id" }),
		);
	});

	test("is refused for an entry that the match did not offer", () => {
		const { market, match } = small();
		const table = market.stocked(ada, 10, SMALL);
		expect(market.when(settles(bob, "buyer-accept", table, match))).toMatchObject(
			refused("entry-not-offered", 422),
		);
	});

	test("is refused to anyone but the buyer, also when they know the match", () => {
		const { market, shell, match } = small();
		market.given(minted(eve, 900));
		expect(market.when(settles(eve, "buyer-accept", shell, match))).toMatchObject(refused("not-yours", 403));
		expect(market.when(settles(ada, "buyer-accept", shell, match))).toMatchObject(refused("not-yours", 403));
	});

	test("is refused when the seller's owner has become the buyer's own", () => {
		const { market, shell, match } = small();
		market.given(owned("acme", ada, bob));
		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(refused("own-entry", 403));
	});

	test("is refused a second time, and says which accept stands", () => {
		const { market, shell, match } = small();
		const accept = market.said(settles(bob, "buyer-accept", shell, match));
		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(
			refused("already-accepted", 409, { see: accept }),
		);
		expect(market.purse(bob, "held")).toBe(micro(90));
	});

	test("is refused after a reject of this entry of this match", () => {
		const { market, shell, match } = small();
		const reject = market.said(settles(bob, "buyer-reject", shell, match));
		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(
			refused("already-rejected", 409, { see: reject }),
		);
	});

	test("is in time in the quote's last millisecond and too late in the next", () => {
		const { market, shell, match } = small();
		const expires = offerOf(market, match, shell).quoteExpiresAt;
		expect(expires).toBe(market.now + HOUR);

		market.now = expires - 1;
		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(
			refused("quote-expired", 409, { next: expect.stringContaining("Buy again") }),
		);
		market.now = expires - 2;
		expect(market.when(settles(bob, "buyer-accept", shell, match)).refused).toBeUndefined();
	});

	test("is refused when the entry expired meanwhile", () => {
		const market = new Market().given(configured({ "exchange.quote_minutes": 1_440 }), minted(bob, 900));
		const shell = market.stocked(ada, 90, SMALL);
		market.later(719.5 * HOUR);
		const match = market.quoted(bob, shell);
		market.now = market.entry(shell).expiresAt! - 1;

		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(refused("entry-gone", 409));
	});

	test("is refused when a dispute against the entry was upheld meanwhile", () => {
		const { market, shell, match } = small();
		market.given(minted(cyn, 900));
		const purchase = bought(market, cyn, shell);
		market.said(rules(shell, market.said(disputes(purchase)), "accepted"));
		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(refused("entry-gone", 409));
	});

	test("is refused while three disputers hold the entry back", () => {
		const { market, shell, match } = small();
		for (const name of ["one", "two", "three"]) {
			market.given(minted(agent(name), 100));
			market.said(disputesSmall(bought(market, agent(name), shell)));
		}
		expect(market.when(settles(bob, "buyer-accept", shell, match))).toMatchObject(
			refused("entry-gated", 409),
		);
	});

	test("lets all accepts of one match together spend its budget, not a scrip more", () => {
		const market = new Market().given(minted(bob, 900));
		const [shell, table, chair] = [
			market.stocked(ada, 90, SMALL),
			market.stocked(ada, 80, SMALL),
			market.stocked(ada, 30, SMALL),
		];
		const match = market.matched(bob, [shell, table, chair], { budget: 199 });
		market.said(settles(bob, "buyer-accept", shell, match));
		market.said(settles(bob, "buyer-accept", table, match));

		expect(market.when(settles(bob, "buyer-accept", chair, match))).toMatchObject(
			refused("budget-spent", 409, {
				detail: "Of this match's budget 29 scrip are left; the entry costs 30.",
			}),
		);
		expect(market.purse(bob, "held")).toBe(micro(170));
	});

	test("holds nothing and says how much is missing when the buyer is short", () => {
		const market = new Market().given(minted(bob, 100));
		const [shell, table] = [market.stocked(ada, 90, SMALL), market.stocked(ada, 40, SMALL)];
		const one = market.quoted(bob, shell);
		const two = market.quoted(bob, table);
		market.said(settles(bob, "buyer-accept", shell, one));

		expect(market.when(settles(bob, "buyer-accept", table, two))).toMatchObject(
			refused("short-of-scrip", 402, { detail: "You are 30 scrip short of 40." }),
		);
		expect(market.purse(bob)).toBe(micro(10));
		expect(market.purse(bob, "held")).toBe(micro(90));
	});

	test("is refused with five open reservations of one owner, whichever of its keys made them", () => {
		const [bib] = [agent("bib")];
		const market = new Market().given(minted(bob, 500), minted(bib, 500), owned("bobs", bob, bib));
		const entries = Array.from({ length: 6 }, (_, n) => market.stocked(ada, 10 + n, SMALL));
		const purchases = entries.slice(0, 5).map((entry, n) => bought(market, n % 2 ? bob : bib, entry));
		const match = market.quoted(bob, entries[5]!);

		expect(market.when(settles(bob, "buyer-accept", entries[5]!, match))).toMatchObject(
			refused("too-many-reservations", 409),
		);
		market.said(completes(purchases[0]!));
		expect(market.when(settles(bob, "buyer-accept", entries[5]!, match)).refused).toBeUndefined();
		expect(market.state.get(traders, "bobs")!.openReservations).toBe(5);
	});
});
