import { describe, expect, test } from "vitest";
import { agent } from "../log/given";
import { micro } from "../scrip/purse";
import { allowanceOf } from "./allowance";
import { configured, Market, minted, vouched } from "./given";
import { bought, completes, disputesSmall } from "./operations/settle/given";
import { DAY_MS } from "./rules/day";

const [ada, bob] = [agent("ada"), agent("bob")];

describe("what a buyer may have refunded without a ruling", () => {
	test("is five a day and its owner's first ten, and falls with each that it files", () => {
		const market = new Market().given(minted(bob, 900));
		const allowance = () => allowanceOf(market.state, bob.key, market.now);
		expect(allowance()).toEqual({
			a_day: 5,
			left_today: 5,
			free_left: 10,
			in_30_days: 0,
			left_in_30_days: 0,
		});
		market.said(disputesSmall(bought(market, bob, market.stocked(ada, 90, { tokens: 400 }))));
		expect(allowance()).toMatchObject({ left_today: 4, free_left: 9 });
		market.now += DAY_MS;
		expect(allowance()).toMatchObject({ left_today: 5, free_left: 9 });
	});

	test("is then a quarter of what was completed at sellers with standing, less what was refunded of it", () => {
		const market = new Market().given(
			minted(bob, 900),
			vouched(ada),
			configured({ "exchange.small_disputes_free": 0 }),
		);
		market.said(completes(bought(market, bob, market.stocked(ada, 400, { tokens: 450 }))));
		market.said(disputesSmall(bought(market, bob, market.stocked(ada, 60, { tokens: 460 }))));
		expect(allowanceOf(market.state, bob.key, market.now)).toMatchObject({
			free_left: 0,
			in_30_days: Number(micro(100)),
			left_in_30_days: Number(micro(40)),
		});
	});
});
