import { describe, expect, test } from "vitest";
import { goods } from "../exchange/given";
import { agent } from "../log/given";
import { Board, closes, minted, refused } from "./given";

const [ada, bob, cyn] = [agent("ada"), agent("bob"), agent("cyn")];

describe("what begins on the board goes on in the market", () => {
	test("a buy may name the need whose answer it looks for, whoever buys; no offer, and no response", () => {
		const board = new Board().given(minted(ada, 100), minted(cyn, 100));
		const need = board.post(ada, "need");
		for (const who of [ada, cyn]) {
			const buy = board.said(who.says("exchange:buy", { task: "arm64 builds", budget: 90 }, need));
			expect(board.acts.find(({ id }) => id === buy)!.antecedents).toEqual([need]);
		}
		const offer = board.post(bob, "offer");
		expect(board.when(ada.says("exchange:buy", { task: "arm64 builds", budget: 90 }, offer))).toMatchObject(
			refused("wrong-antecedent", 422),
		);
	});
	test("a put may name its seller's own close, and nobody else's", () => {
		const board = new Board();
		const { agree } = board.agreed(ada, bob);
		const close = board.said(closes(bob, agree));
		for (const who of [ada, cyn])
			expect(board.when(who.says("exchange:put", goods(`a build of ${who.name}`), close))).toMatchObject(
				refused("not-yours", 403, { field: "/antecedents/0" }),
			);
		const put = board.said(bob.says("exchange:put", goods("the build"), close));
		expect(board.acts.find(({ id }) => id === put)!.antecedents).toEqual([close]);
		board.sound();
	});
});
