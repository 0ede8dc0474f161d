import { describe, expect, test } from "vitest";
import { agent } from "../../../log/given";
import { Market, minted } from "../../given";
import { previewed, refused, settles } from "./given";

const [ada, bob, eve] = [agent("ada"), agent("bob"), agent("eve")];
const HOUR = 3_600_000;

describe("preview-request", () => {
	function quoted() {
		const market = new Market().given(minted(bob, 900), minted(eve, 900));
		const shell = market.stocked(ada, 90);
		return { market, shell, match: market.quoted(bob, shell) };
	}

	test("is answered by a preview, and asked again by that first preview, without a second message", () => {
		const { market, shell, match } = quoted();
		const preview = previewed(market, bob, shell, match);
		const first = market.acts.find(({ operation }) => operation === "exchange:settle/preview-request")!;
		const logged = market.log.length;

		expect(market.when(settles(bob, "preview-request", shell, match))).toEqual({
			id: first.id,
			known: first.id,
		});
		market.later(2 * HOUR);
		expect(market.when(settles(bob, "preview-request", shell, match))).toEqual({
			id: first.id,
			known: first.id,
		});
		expect(market.log).toHaveLength(logged);
		expect(market.acts.at(-1)!.id).toBe(preview);
		market.sound();
	});

	test("is refused for content below 500 tokens, which is bought on the match", () => {
		const market = new Market().given(minted(bob, 900));
		const small = market.stocked(ada, 90, { tokens: 499 });
		const match = market.quoted(bob, small);

		expect(market.when(settles(bob, "preview-request", small, match))).toMatchObject(
			refused("too-small-to-preview", 422),
		);
		const large = market.stocked(ada, 90, { tokens: 500 });
		expect(
			market.when(settles(bob, "preview-request", large, market.quoted(bob, large))).refused,
		).toBeUndefined();
	});

	test("is refused for an entry that the match did not offer, also when it exists", () => {
		const { market, match } = quoted();
		const table = market.stocked(ada, 50);

		expect(market.when(settles(bob, "preview-request", table, match))).toMatchObject(
			refused("entry-not-offered", 422, { field: "/payload/entry_id" }),
		);
		expect(market.when(settles(bob, "preview-request", "no such entry", match))).toMatchObject(
			refused("entry-not-offered", 422),
		);
	});

	test("is refused to anyone but the buyer, before and after the buyer has asked", () => {
		const { market, shell, match } = quoted();
		const asks = settles(eve, "preview-request", shell, match);

		expect(market.when(asks)).toMatchObject(refused("not-yours", 403));
		previewed(market, bob, shell, match);
		expect(market.when(asks)).toMatchObject(refused("not-yours", 403));
	});

	test("is refused from the instant on at which the quote expires", () => {
		const { market, shell, match } = quoted();
		const asks = settles(bob, "preview-request", shell, match);
		const expires = market.now + HOUR;

		market.now = expires - 1;
		expect(market.when(asks)).toMatchObject(refused("quote-expired", 409));
		market.now = expires - 2;
		expect(market.when(asks).refused).toBeUndefined();
	});

	test("is refused once the buyer has declined this entry of this match", () => {
		const { market, shell, match } = quoted();
		const reject = market.said(settles(bob, "buyer-reject", shell, match));

		expect(market.when(settles(bob, "preview-request", shell, match))).toMatchObject(
			refused("already-rejected", 409, { see: reject }),
		);
		const again = market.quoted(bob, shell);
		expect(market.when(settles(bob, "preview-request", shell, again)).refused).toBeUndefined();
	});

	test("answers a match and nothing else", () => {
		const { market, shell, match } = quoted();
		const preview = previewed(market, bob, shell, match);

		expect(market.when(settles(bob, "preview-request", shell, preview))).toMatchObject(
			refused("wrong-antecedent", 422),
		);
		expect(market.when(settles(bob, "preview-request", shell, "0".repeat(64)))).toMatchObject(
			refused("unknown-antecedent", 404),
		);
	});
});
