import { describe, expect, test } from "vitest";
import { agent } from "../log/given";
import {
	Board,
	closes,
	configured,
	confirms,
	DAY,
	HOUR,
	local,
	minted,
	owned,
	refused,
	responds,
	WEEK_ENDS,
} from "./given";

const [ada, bob, cyn, dan] = [agent("ada"), agent("bob"), agent("cyn"), agent("dan")];
const agrees = (who: typeof ada, response: string) => who.says("board:agree", {}, response);
const declines = (who: typeof ada, response: string) => who.says("board:decline", {}, response);
const retracts = (who: typeof ada, response: string) => who.says("board:retract", {}, response);

describe("a response", () => {
	test("is given to the post, or to its newest revision, by anybody of another owner", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		board.said(responds(bob, post));
		const revision = board.said(board.revises(ada, post, { region: "US" }));
		board.said(responds(cyn, revision));
		board.said(responds(dan, post));
		expect(board.at(post)).toMatchObject({ responses: 3 });
		board.sound();
	});
	test("to a revision that another has followed is told which to read", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const old = board.said(board.revises(ada, post, { region: "US" }));
		const newest = board.said(board.revises(ada, post, { region: "Asia" }));
		expect(board.when(responds(bob, old))).toMatchObject(refused("revised-since", 409, { see: newest }));
	});
	test("is not the author's, nor another of its owner's", () => {
		const board = new Board().given(owned("pair", ada, bob));
		const post = board.post(ada, "need");
		expect(board.when(responds(ada, post))).toMatchObject(refused("own-post", 403));
		expect(board.when(responds(bob, post))).toMatchObject(refused("own-post", 403));
	});
	test("is one open one an agent and post; retracted or declined it makes room", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const first = board.said(responds(bob, post));
		expect(board.when(responds(bob, post))).toMatchObject(refused("already-responded", 409, { see: first }));
		board.given(retracts(bob, first));
		const second = board.said(responds(bob, post));
		board.given(declines(ada, second));
		board.said(responds(bob, post));
		expect(board.at(post).responses).toBe(3);
	});
	test("is refused once the post is agreed on, withdrawn, or over with its week", () => {
		const board = new Board();
		const { post, agree } = board.agreed(ada, bob);
		expect(board.when(responds(cyn, post))).toMatchObject(refused("post-agreed", 409, { see: agree }));
		const gone = board.post(cyn, "need");
		const withdrawal = board.said(cyn.says("board:withdraw", {}, gone));
		expect(board.when(responds(bob, gone))).toMatchObject(refused("post-over", 409, { see: withdrawal }));
		const late = board.post(dan, "need", { window: board.window(DAY, 14 * DAY) });
		board.now = WEEK_ENDS - 1;
		expect(board.when(responds(bob, late))).toMatchObject(refused("post-over", 409));
	});
	test("may propose another window, judged as a post's is", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const passed = { window: board.window(-2 * HOUR, -HOUR) };
		expect(board.when(responds(bob, post, passed))).toMatchObject(refused("window-past", 422));
		board.said(responds(bob, post, { window: board.window(HOUR, 2 * HOUR) }));
	});
});

describe("a counter post", () => {
	test("is an own open post of the other kind", () => {
		const board = new Board();
		const need = board.post(ada, "need");
		const [another, foreign] = [board.post(bob, "need"), board.post(cyn, "offer")];
		const on = (counter_post: string) => board.when(responds(bob, need, { counter_post }));
		const field = "/payload/counter_post";
		expect(on("0".repeat(64))).toMatchObject(refused("no-such-post", 404, { field }));
		expect(on(another)).toMatchObject(refused("same-kind", 422, { field }));
		expect(on(foreign)).toMatchObject(refused("not-yours", 403, { field }));
		board.given(bob.says("board:withdraw", {}, another));
		const brief = board.post(bob, "offer", { window: board.window(0, HOUR) });
		board.later(HOUR);
		expect(on(brief)).toMatchObject(refused("post-over", 409, { field }));
	});
	test("is matched with the post, by one agree", () => {
		const board = new Board();
		const [need, offer] = [board.post(ada, "need"), board.post(bob, "offer")];
		const agree = board.said(agrees(ada, board.said(responds(bob, need, { counter_post: offer }))));
		for (const post of [need, offer])
			expect(board.at(post)).toMatchObject({ status: "agreed", agreementId: agree });
		expect(board.agreement(agree)).toMatchObject({ postId: need, counterPostId: offer });
		expect(board.when(responds(cyn, offer))).toMatchObject(refused("post-agreed", 409, { see: agree }));
		board.sound();
	});
	test("that has been matched elsewhere, or says other terms now, is not matched again", () => {
		const board = new Board();
		const [need, other, offer] = [board.post(ada, "need"), board.post(cyn, "need"), board.post(bob, "offer")];
		const [first] = [need, other].map((post) => board.said(responds(bob, post, { counter_post: offer }))) as [
			string,
			string,
		];
		const revision = board.said(board.revises(bob, offer, { budget: { cap: "9", unit: "EUR" } }));
		expect(board.when(agrees(ada, first))).toMatchObject(refused("response-stale", 409, { see: revision }));
		const anew = [need, other].map((post) => board.said(responds(bob, post, { counter_post: offer })));
		const agree = board.said(agrees(ada, anew[0]!));
		expect(board.when(agrees(cyn, anew[1]!))).toMatchObject(refused("post-agreed", 409, { see: agree }));
	});
});

describe("an agreement", () => {
	test("is the author's word on an open response, and the end of the public phase", () => {
		const board = new Board();
		const { post, response, agree } = board.agreed(ada, bob);
		expect(board.at(post)).toMatchObject({ status: "agreed", agreementId: agree });
		expect(board.response(response)).toMatchObject({ status: "agreed", endedBy: agree });
		expect(board.agreement(agree)).toMatchObject({ author: ada.key, responder: bob.key, status: "agreed" });
		board.sound();
	});
	test("is nobody else's word, the responder's neither", () => {
		const board = new Board();
		const response = board.said(responds(bob, board.post(ada, "need")));
		for (const who of [bob, cyn]) {
			expect(board.when(agrees(who, response))).toMatchObject(refused("not-yours", 403));
			expect(board.when(declines(who, response))).toMatchObject(refused("not-yours", 403));
		}
		for (const who of [ada, cyn])
			expect(board.when(retracts(who, response))).toMatchObject(refused("not-yours", 403));
	});
	test("is one a post: a second agree is told the first, a response that is over what ended it", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const [first, second, third, fourth] = [bob, cyn, dan, agent("eve")].map((who) =>
			board.said(responds(who, post)),
		) as [string, string, string, string];
		const declined = board.said(declines(ada, third));
		const retracted = board.said(retracts(agent("eve"), fourth));
		expect(board.when(agrees(ada, third))).toMatchObject(refused("response-over", 409, { see: declined }));
		expect(board.when(agrees(ada, fourth))).toMatchObject(refused("response-over", 409, { see: retracted }));
		const agree = board.said(agrees(ada, first));
		expect(board.when(agrees(ada, second))).toMatchObject(refused("post-agreed", 409, { see: agree }));
		expect(board.when(declines(ada, second))).toMatchObject(refused("post-agreed", 409, { see: agree }));
		expect(board.when(retracts(cyn, second))).toMatchObject(refused("post-agreed", 409, { see: agree }));
	});
	test.each<[string, (board: Board) => object, boolean]>([
		["kind", () => ({ kind: "offer" }), true],
		["budget", () => ({ budget: { cap: "121", unit: "scrip" } }), true],
		["unit", () => ({ budget: { cap: "120", unit: "EUR" } }), true],
		["window", (board) => ({ window: board.window(HOUR, 50 * HOUR) }), true],
		["success condition", () => ({ success_condition: "It runs." }), true],
		["region, contact, resources", () => ({ region: "US", contact: "mail", resources: { gpu: "1" } }), false],
	])("waits for a new answer after a change of %s, where it is one of the terms", (_, change, stale) => {
		const board = new Board();
		const post = board.post(ada, "need");
		const response = board.said(responds(bob, post));
		const revision = board.said(board.revises(ada, post, change(board) as never));
		const result = board.when(agrees(ada, response));
		if (!stale) return expect(result.refused).toBeUndefined();
		expect(result).toMatchObject(refused("response-stale", 409, { see: revision }));
		const anew = board.said(responds(bob, post));
		expect(board.response(response)).toMatchObject({ status: "replaced", endedBy: anew });
		board.said(agrees(ada, anew));
	});
	test("does not wait when the window is written in another zone and is the same", () => {
		const board = new Board();
		const start = Math.ceil(board.now / DAY) * DAY;
		const shown = (at: number) => `${local(at + HOUR).slice(0, -1)}+01:00`;
		const post = board.post(ada, "need", { window: { start: local(start), end: local(start + HOUR) } });
		const response = board.said(responds(bob, post));
		board.said(board.revises(ada, post, { window: { start: shown(start), end: shown(start + HOUR) } }));
		board.said(agrees(ada, response));
	});
	test("is on the window and the deadline that the response proposed", () => {
		const board = new Board();
		const window = board.window(DAY, 3 * DAY);
		const { agree } = board.agreed(ada, bob, {}, { window });
		expect(board.agreement(agree).windowEndsAt).toBe(Date.parse(window.end as string));
	});
	test("cannot be on a window that has passed, nor after the week", () => {
		const board = new Board();
		const post = board.post(ada, "need", { window: board.window(DAY, 14 * DAY) });
		const brief = board.said(responds(bob, post, { window: board.window(0, HOUR) }));
		const other = board.said(responds(cyn, post));
		board.later(HOUR);
		expect(board.when(agrees(ada, brief))).toMatchObject(refused("response-stale", 409));
		board.now = WEEK_ENDS - 1;
		expect(board.when(agrees(ada, other))).toMatchObject(refused("post-over", 409));
	});
	test("cannot be with an agent that has joined the author's owner since", () => {
		const board = new Board();
		const response = board.said(responds(bob, board.post(ada, "need")));
		board.given(owned("pair", ada, bob));
		expect(board.when(agrees(ada, response))).toMatchObject(refused("own-post", 403));
	});
	test("is one of three an owner may have open, of ten after a confirmed closure", () => {
		const others = Array.from({ length: 14 }, (_, n) => agent(`neighbour ${n}`));
		const board = new Board();
		const taken = (who: typeof ada) => {
			const response = board.said(responds(ada, board.post(who, "need")));
			return board.when(agrees(who, response));
		};
		const agreed = others.slice(0, 3).map((who) => taken(who).id!);
		expect(taken(others[3]!)).toMatchObject(
			refused("too-many-agreements", 409, {
				detail: "The responder's owner has 3 open agreements; 3 are allowed.",
			}),
		);
		board.given(confirms(others[0]!, board.said(closes(ada, agreed[0]!))));
		for (const who of others.slice(4, 12)) expect(taken(who).refused).toBeUndefined();
		expect(taken(others[12]!)).toMatchObject(refused("too-many-agreements", 409));
		board.sound();
	});
	test("moves no scrip", () => {
		const board = new Board().given(minted(ada, 500));
		board.agreed(ada, bob);
		expect(board.purse(ada)).toBe(500_000_000n);
	});
	test("keeps a stored deadline when the setting changes afterwards", () => {
		const board = new Board();
		const { agree } = board.agreed(ada, bob);
		const { lapsesAt } = board.agreement(agree);
		board.given(configured({ "board.lapse_days": 1, "board.closure_due_hours": 1 }));
		expect(board.agreement(agree).lapsesAt).toBe(lapsesAt);
	});
});
