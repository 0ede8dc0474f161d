import { describe, expect, test } from "vitest";
import { scores } from "../../../../db/schema/exchange";
import { agent } from "../../../log/given";
import { micro } from "../../../scrip/purse";
import { Market, minted } from "../../given";
import { offerOf, previewed, refused, settles } from "./given";

const [ada, bob, eve] = [agent("ada"), agent("bob"), agent("eve")];

function previewedShell() {
	const market = new Market().given(minted(bob, 900), minted(eve, 900));
	const [shell, table] = [market.stocked(ada, 90), market.stocked(ada, 80)];
	const match = market.matched(bob, [shell, table], { budget: 300 });
	return { market, shell, table, match, preview: previewed(market, bob, shell, match) };
}

describe("buyer-reject", () => {
	test("ends this entry of this match without scrip or penalty, and leaves the other results open", () => {
		const { market, shell, table, match, preview } = previewedShell();
		const reject = market.said(settles(bob, "buyer-reject", shell, preview, { accepted: false }));

		expect(offerOf(market, match, shell).rejectedBy).toBe(reject);
		expect(market.purse(bob)).toBe(micro(900));
		expect(market.state.get(scores, ada.key)).toBeUndefined();
		expect(market.when(settles(bob, "preview-request", table, match)).refused).toBeUndefined();
		market.sound();
	});

	test("can be said on the match itself, before any preview, and after the quote expired", () => {
		const { market, table, match } = previewedShell();
		market.later(2 * 3_600_000);
		expect(market.when(settles(bob, "buyer-reject", table, match)).refused).toBeUndefined();
	});

	test("is refused after an accept, and a second time", () => {
		const { market, shell, table, match, preview } = previewedShell();
		const accept = market.said(settles(bob, "buyer-accept", shell, preview));
		expect(market.when(settles(bob, "buyer-reject", shell, match))).toMatchObject(
			refused("already-accepted", 409, { see: accept }),
		);
		const reject = market.said(settles(bob, "buyer-reject", table, match));
		expect(market.when(settles(bob, "buyer-reject", table, match))).toMatchObject(
			refused("already-rejected", 409, { see: reject }),
		);
	});

	test("is refused to anyone but the buyer, and for what was not offered or not previewed", () => {
		const { market, shell, table, match, preview } = previewedShell();
		expect(market.when(settles(eve, "buyer-reject", shell, match))).toMatchObject(refused("not-yours", 403));
		expect(market.when(settles(bob, "buyer-reject", table, preview))).toMatchObject(
			refused("entry-not-offered", 422),
		);
		const chair = market.stocked(ada, 10);
		expect(market.when(settles(bob, "buyer-reject", chair, match))).toMatchObject(
			refused("entry-not-offered", 422),
		);
	});
});
