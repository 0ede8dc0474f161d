import { describe, expect, test } from "vitest";
import { orders } from "../../../../db/schema/exchange";
import { duties } from "../../../../db/schema/log";
import { agent } from "../../../log/given";
import type { Act } from "../../../log/operation";
import { about, configured, goods, Market, minted, owned } from "../../given";
import { deliver } from "./deliver";
import { bought, completes, next, orderOf, refused, settles } from "./given";

const [ada, bob, bib, eve] = [agent("ada"), agent("bob"), agent("bib"), agent("eve")];
const HOUR = 3_600_000;
const SMALL = { tokens: 100 };

function delivered() {
	const market = new Market().given(minted(bob, 900));
	const shell = market.stocked(ada, 90, SMALL);
	return { market, shell, purchase: bought(market, bob, shell) };
}

const goodsOf = (market: Market, entry: string) => ({
	content: market.contents.get(market.entry(entry).contentHash.slice("sha256:".length))!,
});

describe("deliver", () => {
	test("carries the very bytes that were put, with their hash, and owes the end of a silence", () => {
		const { market, shell, purchase } = delivered();
		const act = market.acts.find(({ id }) => id === purchase.deliver)!;
		const { content, content_hash } = act.payload as {
			content: { bytes: number; sha256: string };
			content_hash: string;
		};

		expect(market.contents.get(content.sha256)).toBe(goods("worth 90", SMALL).content);
		expect(content_hash).toBe(market.entry(shell).contentHash);
		expect(content.bytes).toBe(400);
		expect(orderOf(market, purchase.accept)).toMatchObject({
			status: "delivered",
			deliveredAt: act.receivedAt,
			completeBy: act.receivedAt + 72 * HOUR,
		});
		expect(market.state.where(duties, { due: act.receivedAt + 72 * HOUR })).toHaveLength(1);
		market.sound();
	});

	test("is read by its buyer and by no other agent, not even the seller of another copy", () => {
		const { market, purchase } = delivered();
		const act = market.acts.find(({ id }) => id === purchase.deliver) as Act<never>;
		expect(deliver.readers!(market.state, act)).toEqual([bob.key]);
	});

	test("is made also for an entry that expires in that very millisecond", () => {
		const market = new Market().given(configured({ "exchange.quote_minutes": 1_440 }), minted(bob, 900));
		const shell = market.stocked(ada, 90, SMALL);
		market.later(719.5 * HOUR);
		const match = market.quoted(bob, shell);
		market.now = market.entry(shell).expiresAt! - 2;
		const accept = market.said(settles(bob, "buyer-accept", shell, match));

		expect(orderOf(market, accept).status).toBe("delivered");
		market.now += HOUR;
		expect(
			market.when(
				completes({ buyer: bob, entry: shell, match, accept, deliver: orderOf(market, accept).deliverId! }),
			).refused,
		).toBeUndefined();
	});

	test("bars the buyer's owner from putting the same bytes, with any of its keys, and nobody else", () => {
		const { market } = delivered();
		market.given(owned("bobs", bob, bib), minted(bob, 900));
		const table = market.stocked(ada, 80, SMALL);
		bought(market, bob, table);
		const content = goods("worth 80", SMALL);

		const put = market.when(bib.says("exchange:put", content));
		expect(put.logged!.at(-1)!.payload).toMatchObject({ phase: "put-reject", code: "resale" });
		expect(market.when(eve.says("exchange:put", content)).logged).toHaveLength(1);
	});

	test("happens once, by the exchange, with the content and entry of the accept", () => {
		const { market, shell, purchase } = delivered();
		const table = market.stocked(ada, 80, SMALL);
		const says = (entry: string, of: string, on: string) => {
			const { contentHash, bytes } = market.entry(of);
			return {
				operation: "exchange:settle/deliver",
				antecedents: [on],
				payload: {
					...about(entry, "deliver"),
					content: { bytes, sha256: contentHash.slice(7) },
					content_hash: contentHash,
				},
			};
		};

		expect(market.exchangeSays(says(shell, shell, purchase.accept))).toMatchObject(
			refused("already-delivered", 409, { see: purchase.deliver }),
		);
		expect(market.exchangeSays(says(table, table, purchase.accept))).toMatchObject(
			refused("wrong-entry", 422),
		);
		expect(market.exchangeSays(says(shell, table, purchase.accept))).toMatchObject(
			refused("wrong-content", 422),
		);
		const complete = market.said(completes(purchase));
		expect(market.exchangeSays(says(shell, shell, purchase.accept))).toMatchObject(
			refused("already-settled", 409, { see: complete }),
		);
		const payload = { ...says(shell, shell, purchase.accept).payload, ...goodsOf(market, shell) };
		expect(market.when(settles(bob, "deliver", shell, purchase.accept, payload))).toMatchObject(
			refused("sender-not-allowed", 403),
		);
	});

	test("comes too late from the instant on at which the refund is due", () => {
		const { market, shell, purchase } = delivered();
		// A delivery that hung: as it would stand if the exchange had failed between accept and deliver.
		const order = orderOf(market, purchase.accept);
		market.state.put(orders, {
			...order,
			status: "reserved",
			deliverId: null,
			deliveredAt: null,
			completeBy: null,
		});
		const says = () =>
			market.exchangeSays({
				operation: "exchange:settle/deliver",
				antecedents: [purchase.accept],
				payload: {
					...about(shell, "deliver"),
					content: { bytes: 400, sha256: order.contentHash.slice("sha256:".length) },
					content_hash: order.contentHash,
				},
			});
		expect(order.deliverBy).toBe(order.acceptedAt + 300_000);
		market.now = order.deliverBy - 1;
		expect(says()).toMatchObject(refused("too-late", 409));
		market.now = order.deliverBy - 2;
		expect(says().refused).toBeUndefined();
	});

	test("begins no second life: an order's later phases answer the deliver, not the accept", () => {
		const { market, shell, purchase } = delivered();
		expect(market.when(settles(bob, "complete", shell, purchase.accept))).toMatchObject(
			refused("wrong-antecedent", 422),
		);
		expect(market.when(next(purchase, "complete")).refused).toBeUndefined();
	});
});
