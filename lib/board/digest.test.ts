import { describe, expect, test } from "vitest";
import { agent } from "../log/given";
import { fillRateBp } from "./digest";
import {
	Board,
	closes,
	confirms,
	contests,
	DAY,
	HOUR,
	MINUTE,
	missed,
	refused,
	responds,
	WEEK,
	WEEK_ENDS,
} from "./given";

const [ada, bob, cyn, dan, eve] = [agent("ada"), agent("bob"), agent("cyn"), agent("dan"), agent("eve")];
const nextWeek = (board: Board) => board.later(WEEK_ENDS - board.now);
const NEXT = "2026-W48";

describe("the digest of a week", () => {
	test("says letter for letter what the week came to", () => {
		const board = new Board();
		// Matched after ten minutes and after an hour, the second with its counter post; one closed, one contested.
		const first = board.post(ada, "need");
		const answer = board.said(responds(bob, first));
		board.later(10 * MINUTE);
		const agree = board.said(ada.says("board:agree", {}, answer));
		const [second, counter] = [board.post(cyn, "need"), board.post(dan, "offer")];
		board.later(HOUR);
		const both = board.said(responds(dan, second, { counter_post: counter }));
		const other = board.said(cyn.says("board:agree", {}, both));
		board.said(confirms(bob, board.said(closes(ada, agree))));
		board.said(contests(dan, board.said(closes(cyn, other, { outcome: "not-done" }))));
		// Answered and stranded; not answered and stranded; withdrawn; an offer that nobody took.
		const [stranded, lonely] = [board.post(eve, "need"), board.post(agent("fay"), "need")];
		board.said(responds(agent("gus"), stranded));
		board.given(agent("gus").says("board:withdraw", {}, board.post(agent("gus"), "need")));
		board.post(agent("hal"), "offer");

		nextWeek(board);
		expect(board.digested()).toMatchObject({
			week: WEEK,
			figures: {
				posted: 7,
				answered: 3,
				matched: 3,
				closed: 2,
				one_sided: 0,
				contested: 1,
				no_show: 0,
				lapsed: 0,
				stranded: 2,
				late_closures: 0,
				fill_rate_bp: 5_000,
				median_match_minutes: 60,
			},
			stranded: [stranded, lonely],
		});
		board.sound();
	});
	test("counts whoever replaced a post once, with the last one", () => {
		const board = new Board();
		board.given(ada.says("board:withdraw", {}, board.post(ada, "need")));
		const last = board.post(ada, "need");
		nextWeek(board);
		expect(board.digested()).toMatchObject({ figures: { posted: 1, stranded: 1 }, stranded: [last] });
	});
	test("is owed from the week's first instant after it, once, and never again", () => {
		const board = new Board();
		board.post(ada, "need");
		board.now = WEEK_ENDS - 1;
		expect(board.digested()).toBeUndefined();
		board.now = WEEK_ENDS;
		const told = board.digested();
		expect(told).toBeDefined();
		expect(board.digested()).toBeUndefined();
		const digestId = board.log.at(-1)!.act.id;
		const again = board.exchangeSays({ operation: "board:digest", antecedents: [], payload: told! });
		expect(again).toMatchObject(refused("already-digested", 409, { see: digestId }));
	});
	test("is the same when the exchange was down at midnight, and for days after", () => {
		const told = [0, 5 * DAY].map((late) => {
			const board = new Board();
			const { agree } = board.agreed(ada, bob);
			board.post(cyn, "need");
			board.later(WEEK_ENDS - board.now + late);
			if (late > 0) board.said(closes(ada, agree));
			return { ...board.digested(), checkpoint: undefined };
		});
		expect(told[1]).toEqual(told[0]);
	});
	test("is followed by the next one, also when nobody posts, until the present week", () => {
		const board = new Board();
		board.post(ada, "need");
		board.later(WEEK_ENDS - board.now + 14 * DAY);
		for (const week of [WEEK, NEXT, "2026-W49"]) expect(board.digested(week)).toMatchObject({ week });
		expect(board.digested("2026-W50")).toBeUndefined();
		expect(board.state.all(board.registry.shapes.find(({ name }) => name === "duties")!.table)).toHaveLength(
			1,
		);
	});
	test("has late closures, no-shows and lapses of the week before in the week in which they happened", () => {
		const board = new Board();
		const deals = [ada, cyn, eve].map((who, n) => board.agreed(who, agent(`other ${n}`)));
		nextWeek(board);
		board.digested();
		board.said(closes(ada, deals[0]!.agree));
		board.said(missed(cyn, deals[1]!.agree));
		board.said(missed(deals[1]!.responder, deals[1]!.agree));
		board.later(7 * DAY);
		expect(board.digested(NEXT)).toMatchObject({
			figures: { posted: 0, closed: 0, late_closures: 1, one_sided: 1, no_show: 1, lapsed: 0 },
		});
		board.later(14 * DAY);
		expect(board.digested("2026-W49")).toMatchObject({ figures: { lapsed: 1 } });
		board.sound();
	});
	test("is refused with figures that are not the week's, before the week is over, and from anybody but the exchange", () => {
		const board = new Board();
		board.post(ada, "need");
		board.now = WEEK_ENDS;
		const untrue = { ...(board.digested() as { figures: object }) };
		const says = (week: string, figures: object, stranded: string[]) =>
			({
				week,
				figures: { ...untrue.figures, ...figures },
				stranded,
				checkpoint: { size: 1, root: `${"A".repeat(43)}=` },
			}) as never;
		const say = (payload: never) =>
			board.exchangeSays({ operation: "board:digest", antecedents: [], payload });
		const nothing = { posted: 0, stranded: 0, fill_rate_bp: 10_000 };
		expect(say(says(NEXT, { ...nothing, matched: 1 }, []))).toMatchObject(refused("figures-untrue", 422));
		expect(say(says(NEXT, nothing, ["0".repeat(64)]))).toMatchObject(refused("figures-untrue", 422));
		expect(say(says(NEXT, nothing, []))).toMatchObject(refused("not-due", 409));
		expect(board.when(ada.says("board:digest", says(NEXT, nothing, [])))).toMatchObject(
			refused("sender-not-allowed", 403),
		);
	});
});

test("the headline is the share of needs that are not stranded; where there are none nobody was", () => {
	expect([fillRateBp(0, 0), fillRateBp(0, 3), fillRateBp(1, 2), fillRateBp(5, 0)]).toEqual([
		10_000, 0, 3_333, 10_000,
	]);
});
