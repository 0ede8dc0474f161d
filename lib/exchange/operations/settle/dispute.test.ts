import { describe, expect, test } from "vitest";
import { traders } from "../../../../db/schema/exchange";
import { agent } from "../../../log/given";
import { Market, minted, owned } from "../../given";
import { DAY_MS } from "../../rules/day";
import { bought, completes, disputes, orderOf, refused, rules, settles } from "./given";

const [ada, bob, bib, eve] = [agent("ada"), agent("bob"), agent("bib"), agent("eve")];

function delivered(tokens = 600) {
	const market = new Market().given(minted(bob, 900));
	const shell = market.stocked(ada, 90, { tokens });
	return { market, shell, purchase: bought(market, bob, shell) };
}

describe("dispute", () => {
	test("holds the reservation for 7 days, and everything else waits for the ruling", () => {
		const { market, purchase } = delivered();
		const held = market.purse(bob, "held");
		const dispute = market.said(disputes(purchase, "stale_content"));

		expect(market.purse(bob, "held")).toBe(held);
		expect(held).toBeGreaterThan(0n);
		expect(orderOf(market, purchase.accept)).toMatchObject({
			status: "disputed",
			disputeId: dispute,
			disputeType: "stale_content",
			ruleBy: market.now + 7 * DAY_MS,
		});
		market.later(7 * DAY_MS - 1);
		expect(market.purse(bob, "held")).toBe(held);
		market.sound();
	});

	test("is open to small content too", () => {
		const { market, purchase } = delivered(100);
		expect(market.when(disputes(purchase)).refused).toBeUndefined();
	});

	test("happens once, by the buyer, for the entry delivered, before complete and in time", () => {
		const { market, shell, purchase } = delivered();
		const table = market.stocked(ada, 80);
		const more = { dispute_type: "quality_inadequate" };
		for (const other of [ada, eve])
			expect(market.when(settles(other, "dispute", shell, purchase.deliver, more))).toMatchObject(
				refused("not-yours", 403),
			);
		expect(market.when(settles(bob, "dispute", table, purchase.deliver, more))).toMatchObject(
			refused("wrong-entry", 422),
		);
		expect(market.when(settles(bob, "dispute", shell, purchase.accept, more))).toMatchObject(
			refused("wrong-antecedent", 422),
		);
		const dispute = market.said(disputes(purchase));
		expect(market.when(disputes(purchase))).toMatchObject(refused("already-settled", 409, { see: dispute }));

		const late = bought(market, bob, shell);
		market.now = orderOf(market, late.accept).completeBy! - 1;
		expect(market.when(disputes(late))).toMatchObject(refused("too-late", 409));
	});

	test("is refused while an owner has three open ones, whichever of its keys filed them", () => {
		const market = new Market().given(minted(bob, 400), minted(bib, 400), owned("bobs", bob, bib));
		const purchases = Array.from({ length: 4 }, (_, n) =>
			bought(market, n % 2 ? bob : bib, market.stocked(ada, 20 + n)),
		);
		const filed = purchases.slice(0, 3).map((purchase) => market.said(disputes(purchase)));
		expect(market.when(disputes(purchases[3]!))).toMatchObject(refused("too-many-open-disputes", 409));

		market.said(rules(purchases[0]!.entry, filed[0]!, "accepted"));
		expect(market.when(disputes(purchases[3]!)).refused).toBeUndefined();
		expect(market.state.get(traders, "bobs")).toMatchObject({ openDisputes: 3, openReservations: 3 });
	});

	test("is limited to one open one for 30 days after a declined one", () => {
		const market = new Market().given(minted(bob, 900));
		const first = bought(market, bob, market.stocked(ada, 20));
		market.said(rules(first.entry, market.said(disputes(first)), "declined"));
		const declined = market.now;
		const [second, third] = [30, 40].map((price) => bought(market, bob, market.stocked(ada, price)));
		market.said(disputes(second!));
		expect(market.when(disputes(third!))).toMatchObject(refused("too-many-open-disputes", 409));
		market.said(completes(third!));

		market.later(29 * DAY_MS);
		const [fourth, fifth] = [50, 60].map((price) => bought(market, bob, market.stocked(ada, price)));
		market.said(disputes(fourth!));
		market.now = declined + 30 * DAY_MS - 2;
		expect(market.when(disputes(fifth!))).toMatchObject(refused("too-many-open-disputes", 409));
		expect(market.when(disputes(fifth!)).refused).toBeUndefined();
	});

	test("over the hash finds it right by construction: what was delivered is what its hash says", () => {
		const { market, shell, purchase } = delivered();
		market.said(disputes(purchase, "hash_invalid"));
		const { payload } = market.acts.find(({ id }) => id === purchase.deliver)!;
		expect(payload.content_hash).toBe(market.entry(shell).contentHash);
		expect(payload.content_hash).toBe(`sha256:${(payload.content as { sha256: string }).sha256}`);
	});
});
