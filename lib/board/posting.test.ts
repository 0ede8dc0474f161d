import { describe, expect, test } from "vitest";
import { slots } from "../../db/schema/board";
import { agent } from "../log/given";
import type { JsonObject } from "../log/json";
import { operations } from "../operations";
import {
	Board,
	closes,
	configured,
	DAY,
	HOUR,
	local,
	MINUTE,
	minted,
	missed,
	owned,
	refused,
	responds,
	WEEK,
	WEEK_ENDS,
} from "./given";
import { isOpen } from "./state";

const [ada, bob, cyn, dan] = ["ada", "bob", "cyn", "dan"].map((name) => agent(name)) as [
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
	ReturnType<typeof agent>,
];

describe("a post", () => {
	test("takes its author's slot of the week, at the place where it stands in the log", () => {
		const board = new Board();
		const need = board.post(ada, "need");
		expect(board.at(need)).toMatchObject({ week: WEEK, kind: "need", author: ada.key, status: "open" });
		expect(board.at(need).place).toBe(board.at(need).seq);
		board.sound();
	});
	test("is one a week and agent, be it an offer or a need; the second is told which has the slot", () => {
		const board = new Board();
		const need = board.post(ada, "need");
		expect(board.when(board.posts(ada, "need"))).toMatchObject(refused("slot-taken", 409, { see: need }));
		expect(board.when(board.posts(ada, "offer"))).toMatchObject(refused("slot-taken", 409, { see: need }));
		board.post(bob, "offer");
	});
	test("may come again in the first millisecond of the next week, and not in the last of this one", () => {
		const board = new Board();
		const first = board.post(ada, "need");
		board.now = WEEK_ENDS - 2;
		expect(board.when(board.posts(ada, "need"))).toMatchObject(refused("slot-taken", 409, { see: first }));
		const second = board.post(ada, "need");
		expect(board.log.at(-1)!.act.receivedAt).toBe(WEEK_ENDS);
		expect(board.at(second).week).toBe("2026-W48");
	});
	test("goes by week 53 where a year has one", () => {
		const board = new Board({ start: "2026-12-31T12:00:00.000Z" });
		expect(board.at(board.post(ada, "need")).week).toBe("2026-W53");
	});
	test("leaves the slot taken when it was agreed on", () => {
		const board = new Board();
		const { post } = board.agreed(ada, bob);
		expect(board.when(board.posts(ada, "offer"))).toMatchObject(refused("slot-taken", 409, { see: post }));
	});
	test("leaves the slot taken when its window has passed unmatched", () => {
		const board = new Board();
		const post = board.post(ada, "need", { window: board.window(0, HOUR) });
		board.later(2 * HOUR);
		expect(board.when(board.posts(ada, "need"))).toMatchObject(refused("slot-taken", 409, { see: post }));
	});
	test("is for three agents of one owner a week, however many it has; a key without owner is its own", () => {
		const fleet = [1, 2, 3, 4].map((n) => agent(`fleet ${n}`));
		const board = new Board().given(owned("fleet", fleet[0]!, ...fleet.slice(1)));
		for (const one of fleet.slice(0, 3)) board.post(one, "offer");
		expect(board.when(board.posts(fleet[3]!, "offer"))).toMatchObject(refused("owner-slots-used", 409));
		board.post(ada, "offer");
		board.later(WEEK_ENDS - board.now);
		board.post(fleet[3]!, "offer");
	});
	test("counts for the owner that its agent had then, also when the agent leaves it", () => {
		const board = new Board().given(configured({ "board.owner_posts_per_week": 1 }), owned("pair", ada, bob));
		board.post(ada, "need");
		expect(board.when(board.posts(bob, "need"))).toMatchObject(refused("owner-slots-used", 409));
		board.given(ada.says("agent:profile", {}));
		expect(board.when(board.posts(bob, "need"))).toMatchObject(refused("owner-slots-used", 409));
	});
	test("moves no scrip", () => {
		const board = new Board().given(minted(ada, 10));
		board.post(ada, "need");
		expect(board.purse(ada)).toBe(10_000_000n);
	});
});

describe("a window", () => {
	const posted = (window: (now: number) => { start: string; end: string }) => {
		const board = new Board();
		return board.when(board.posts(ada, "need", { window: window(board.now) }));
	};
	test("ends after it starts", () => {
		const at = "2026-11-17T10:00:00Z";
		expect(posted(() => ({ start: at, end: at }))).toMatchObject(
			refused("window-reversed", 422, { field: "/payload/window/end" }),
		);
	});
	test("ends after it starts as instants, whatever the clocks of both ends show", () => {
		expect(
			posted(() => ({ start: "2026-11-17T10:00:00+01:00", end: "2026-11-17T10:30:00+02:00" })),
		).toMatchObject(refused("window-reversed", 422));
		expect(
			posted(() => ({ start: "2026-11-17T10:00:00+02:00", end: "2026-11-17T09:30:00+01:00" })).refused,
		).toBeUndefined();
	});
	test("may have begun, and may not have passed", () => {
		const seconds = (now: number, ago: number) => ({
			start: local(now - DAY),
			end: local(now - ago * 1_000),
		});
		expect(posted((now) => seconds(now, -1)).refused).toBeUndefined();
		expect(posted((now) => seconds(now, 0))).toMatchObject(refused("window-past", 422));
	});
	test("is at most 14 days long, or what the setting says", () => {
		const days = (now: number, length: number) => ({ start: local(now), end: local(now + length) });
		expect(posted((now) => days(now, 14 * DAY)).refused).toBeUndefined();
		expect(posted((now) => days(now, 14 * DAY + 1_000))).toMatchObject(refused("window-too-long", 422));
	});
	test("may cross the week; the post ends with the week all the same", () => {
		const board = new Board();
		const post = board.post(ada, "need", { window: board.window(6 * DAY, 8 * DAY) });
		expect(board.at(post).endsAt).toBe(WEEK_ENDS);
		expect(isOpen(board.at(post), WEEK_ENDS - 1)).toBe(true);
		expect(isOpen(board.at(post), WEEK_ENDS)).toBe(false);
	});
	test("that passes unmatched ends the post at that instant, with no message about it", () => {
		const board = new Board();
		const post = board.post(ada, "need", { window: board.window(0, HOUR) });
		const { endsAt } = board.at(post);
		const messages = board.log.length;
		board.now = endsAt - 2;
		expect(board.when(responds(bob, post)).refused).toBeUndefined();
		expect(board.when(responds(cyn, post))).toMatchObject(refused("post-over", 409));
		expect(board.log.length).toBe(messages + 1);
	});
});

describe("what a post says", () => {
	const fault = (more: JsonObject) => {
		const { body } = operations.get("board:offer")!;
		const { error } = body.safeParse(new Board().terms(more));
		return error && error.issues[0]!.path.join("/");
	};
	test.each([
		["no resource", { resources: {} }, "resources"],
		["a resource that the template has not", { resources: { luck: "all" } }, "resources"],
		["a zone there is not", { tz: "Mars/Olympus" }, "tz"],
		["a zone in another spelling", { tz: "europe/berlin" }, "tz"],
		[
			"a time without its offset",
			{ window: { start: "2026-11-17T10:00:00", end: "2026-11-18T10:00:00Z" } },
			"window/start",
		],
		[
			"a time without seconds",
			{ window: { start: "2026-11-17T10:00Z", end: "2026-11-18T10:00:00Z" } },
			"window/start",
		],
		[
			"a day there is not",
			{ window: { start: "2026-11-17T10:00:00Z", end: "2026-11-31T10:00:00Z" } },
			"window/end",
		],
		["a negative budget", { budget: { cap: "-1", unit: "scrip" } }, "budget/cap"],
		["a budget in words", { budget: { cap: "1e3", unit: "scrip" } }, "budget/cap"],
		["a budget with seven decimals", { budget: { cap: "1.0000001", unit: "scrip" } }, "budget/cap"],
		["a budget of thirteen digits", { budget: { cap: "1".repeat(13), unit: "scrip" } }, "budget/cap"],
		["a unit that looks like scrip", { budget: { cap: "1", unit: "sсrip" } }, "budget/unit"],
		["a contact of white space", { contact: "\u3000 \n" }, "contact"],
		["a region one character too long", { region: "é".repeat(81) }, "region"],
		["a title one character too long", { title: "𝔸".repeat(121) }, "title"],
		[
			"a success condition one character too long",
			{ success_condition: "x".repeat(601) },
			"success_condition",
		],
		["a scope of its own", { scope: "token launch" }, "scope"],
	])("is refused with %s", (_, more, field) => {
		expect(fault(more)).toBe(field);
	});
	test.each<[string, JsonObject]>([
		[
			"every field at its limit",
			{
				region: "𝔸".repeat(80),
				title: "x".repeat(120),
				contact: "x".repeat(200),
				success_condition: "x".repeat(600),
			},
		],
		[
			"every resource and constraint",
			{
				resources: { cpu: "x", gpu: "x", ram: "x", storage: "x", network: "x", other: "x".repeat(120) },
				constraints: { data: "x".repeat(300), privacy: "x", tools: "x" },
			},
		],
		["a budget of nothing", { budget: { cap: "0", unit: "EUR" } }],
		["an amount at its limits", { budget: { cap: "999999999999.999999", unit: "x".repeat(32) } }],
		["a fixed offset for its zone", { tz: "UTC+05:30" }],
	])("is taken with %s", (_, more) => {
		expect(fault(more)).toBeUndefined();
	});
});

describe("a revision", () => {
	test("keeps slot and place, and says the post anew, whole", () => {
		const board = new Board();
		const post = board.post(ada, "need", { title: "arm64 minutes" });
		const { place } = board.at(post);
		const revision = board.said(board.revises(ada, post, { region: "US" }));
		expect(board.at(post)).toMatchObject({
			place,
			region: "US",
			title: null,
			revisionId: revision,
			revisions: 1,
		});
		board.sound();
	});
	test("may make an offer of a need", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		board.said(board.revises(ada, post, { kind: "offer" }));
		expect(board.at(post).kind).toBe("offer");
	});
	test("moves the post's end with its window", () => {
		const board = new Board();
		const post = board.post(ada, "need", { window: board.window(0, HOUR) });
		board.said(board.revises(ada, post, { window: board.window(0, 3 * HOUR) }));
		board.later(2 * HOUR);
		expect(isOpen(board.at(post), board.now)).toBe(true);
	});
	test("is its author's alone", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		expect(board.when(board.revises(bob, post))).toMatchObject(refused("not-yours", 403));
	});
	test("is refused once the post is agreed on, withdrawn or over", () => {
		const board = new Board();
		const { post, agree } = board.agreed(ada, bob);
		expect(board.when(board.revises(ada, post))).toMatchObject(refused("post-agreed", 409, { see: agree }));
		const gone = board.post(cyn, "need");
		board.said(cyn.says("board:withdraw", {}, gone));
		expect(board.when(board.revises(cyn, gone))).toMatchObject(refused("post-over", 409));
		const brief = board.post(dan, "need", { window: board.window(0, HOUR) });
		board.later(HOUR);
		const again = { window: board.window(0, HOUR) };
		expect(board.when(board.revises(dan, brief, again))).toMatchObject(refused("post-over", 409));
	});
	test("is judged by its window as the post was", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const passed = { window: board.window(-2 * HOUR, -HOUR) };
		expect(board.when(board.revises(ada, post, passed))).toMatchObject(refused("window-past", 422));
	});
});

describe("a withdrawal", () => {
	const withdraws = (who: typeof ada, post: string) => who.says("board:withdraw", {}, post);
	const slotOf = (board: Board, who: typeof ada) => board.state.get(slots, who.key, WEEK)!;

	test("frees the slot for a post at the same place", () => {
		const board = new Board();
		const first = board.post(ada, "need");
		board.post(bob, "need");
		board.later(HOUR).given(withdraws(ada, first));
		const second = board.post(ada, "offer");
		expect(board.at(second).place).toBe(board.at(first).place);
		expect(board.at(first).status).toBe("withdrawn");
		board.sound();
	});
	test("is for replacing two posts a week, not three", () => {
		const board = new Board();
		for (let n = 0; n < 3; n++) {
			const post = board.post(ada, "need");
			board.later(HOUR).given(withdraws(ada, post));
		}
		expect(board.when(board.posts(ada, "need"))).toMatchObject(refused("slot-used-up", 409));
		board.later(WEEK_ENDS - board.now);
		board.post(ada, "need");
	});
	test("costs nothing within ten minutes of the week's first post, and never again after them", () => {
		const board = new Board();
		for (let n = 0; n < 5; n++) board.given(withdraws(ada, board.post(ada, "need")));
		expect(slotOf(board, ada).withdrawals).toBe(0);
		const { at } = slotOf(board, ada);
		const late = board.post(ada, "need");
		board.now = at + 10 * MINUTE - 1;
		board.given(withdraws(ada, late));
		expect(slotOf(board, ada).withdrawals).toBe(1);
	});
	test("leaves nothing to agree on: responses end with it", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const response = board.said(responds(bob, post));
		board.given(withdraws(ada, post));
		expect(board.when(ada.says("board:agree", {}, response))).toMatchObject(refused("post-over", 409));
		expect(board.when(bob.says("board:retract", {}, response))).toMatchObject(refused("post-over", 409));
	});
	test("is its author's alone, and refused once the post is agreed on or withdrawn", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		expect(board.when(withdraws(bob, post))).toMatchObject(refused("not-yours", 403));
		board.given(withdraws(ada, post));
		expect(board.when(withdraws(ada, post))).toMatchObject(refused("post-over", 409));
		const { post: agreed, agree } = board.agreed(cyn, bob);
		expect(board.when(withdraws(cyn, agreed))).toMatchObject(refused("post-agreed", 409, { see: agree }));
	});
});

describe("closure debt", () => {
	/** Two agreements of ada's, both due, neither closed. */
	const indebted = () => {
		const board = new Board();
		const first = board.agreed(ada, bob);
		board.later(7 * DAY);
		const second = board.agreed(ada, cyn);
		board.later(7 * DAY);
		return { board, first, second };
	};
	test("of one closure lets an agent post, of two does not; the refusal names one", () => {
		const { board, first } = indebted();
		expect(board.when(board.posts(ada, "need"))).toMatchObject(
			refused("closure-debt", 409, { see: first.agree }),
		);
		board.post(bob, "need");
	});
	test("ends by closing, also late, and by declaring a no-show, whatever the other side does", () => {
		const closing = indebted();
		closing.board.given(closes(ada, closing.first.agree));
		closing.board.post(ada, "need");
		const declaring = indebted();
		declaring.board.given(missed(ada, declaring.second.agree));
		declaring.board.post(ada, "need");
	});
	test("is the owner's: another of its agents cannot post in its place", () => {
		const board = new Board().given(owned("pair", ada, dan));
		board.agreed(ada, bob);
		board.later(7 * DAY);
		board.agreed(dan, cyn);
		board.later(7 * DAY);
		expect(board.when(board.posts(dan, "need"))).toMatchObject(refused("closure-debt", 409));
	});
	test("begins when the closure is due, 72 hours after the window's end, and lapses after 14 days", () => {
		const { board, first, second } = indebted();
		const { closureDueAt, windowEndsAt, lapsesAt } = board.agreement(second.agree);
		expect(closureDueAt - windowEndsAt).toBe(72 * HOUR);
		expect(lapsesAt - closureDueAt).toBe(14 * DAY);
		board.later(board.agreement(first.agree).lapsesAt - board.now);
		board.post(ada, "need");
	});
});
