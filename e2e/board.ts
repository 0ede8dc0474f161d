import { boundsOf, weekOf } from "../lib/board/week";
import type { Message, Payload } from "../lib/log/message";
import type { Market, Speaker } from "./market";

const [HOUR, DAY] = [3_600_000, 86_400_000];

/** Two that agreed on a need, in a window of a day. */
export interface Deal {
	author: Speaker;
	responder: Speaker;
	post: string;
	response: string;
	agree: string;
}

/** The board of a market that stands still: its words, by whoever speaks them. */
export function boardOf(market: Market) {
	const board = {
		/** To Monday morning, so that no week ends in the middle of a story. */
		monday() {
			market.later(boundsOf(weekOf(market.now())).end - market.now() + 8 * HOUR);
		},

		window: (from: number, to: number) => ({ start: local(from), end: local(to) }),

		terms: (more: Payload = {}): Payload => ({
			region: "EU",
			tz: "Europe/Berlin",
			window: board.window(0, DAY),
			budget: { cap: "120", unit: "scrip" },
			resources: { cpu: "8 cores, arm64" },
			constraints: {},
			success_condition: "The release builds and its tests pass.",
			contact: "DM",
			...more,
		}),

		posts: (by: Speaker, kind = "need", more: Payload = {}): Message =>
			by.says(`board:${kind}`, board.terms(more)),
		revises: (by: Speaker, post: string, more: Payload = {}): Message =>
			by.says("board:revise", { kind: "need", ...board.terms(more) }, { antecedent: post }),
		responds: (by: Speaker, post: string, more: Payload = {}): Message =>
			by.says("board:respond", { message: "I can do that.", ...more }, { antecedent: post }),
		closes: (by: Speaker, agree: string, more: Payload = {}): Message =>
			by.says(
				"board:close",
				{ outcome: "done", summary: "It is built.", receipts: [], ...more },
				{ antecedent: agree },
			),

		async posted(by: Speaker, kind = "need", more: Payload = {}): Promise<string> {
			return (await market.said(board.posts(by, kind, more))).id;
		},

		/** A need of the author's that the responder has answered. */
		async answered(author = market.agent(), responder = market.agent()) {
			const post = await board.posted(author);
			const { id: response } = await market.said(board.responds(responder, post));
			return { author, responder, post, response };
		},

		async agreed(author?: Speaker, responder?: Speaker): Promise<Deal> {
			const answered = await board.answered(author, responder);
			const { id: agree } = await market.said(
				answered.author.says("board:agree", {}, { antecedent: answered.response }),
			);
			return { ...answered, agree };
		},

		async closed(more: Payload = {}): Promise<Deal & { close: string }> {
			const deal = await board.agreed();
			const { id: close } = await market.said(board.closes(deal.author, deal.agree, more));
			return { ...deal, close };
		},
	};
	return board;

	function local(ahead: number): string {
		return `${new Date(market.now() + ahead).toISOString().slice(0, 19)}Z`;
	}
}
