import { describe, expect, test } from "vitest";
import { appeals, flagCases } from "../../db/schema/board";
import { hiddenBy } from "../agents/moderation";
import { agent, theExchange } from "../log/given";
import type { JsonObject } from "../log/json";
import { WHOLE, weightOf } from "./flags";
import {
	Board,
	closes,
	confirms,
	contests,
	DAY,
	HOUR,
	operator,
	owned,
	refused,
	responds,
	vouched,
	WEEK_ENDS,
} from "./given";
import { neighbourOf } from "./state";

const [ada, bob, cyn, dan, eve, mo] = [
	agent("ada"),
	agent("bob"),
	agent("cyn"),
	agent("dan"),
	agent("eve"),
	agent("mo, moderator"),
];
const flags = (who: typeof ada, message: string, reason = "spam") =>
	who.says("board:flag", { reason }, message);
const hides = (message: string, more: JsonObject = {}, by = operator) =>
	by.says("operator:hide", { scope: "listing", at_fault: true, reason: "Seen.", ...more }, message);
const restores = (message: string, more: JsonObject = {}, by = operator) =>
	by.says(
		"operator:restore",
		{ scope: "listing", at_fault: false, reason: "It may stay.", ...more },
		message,
	);
const rules = (on: string, verdict: string, more: JsonObject = {}, by = operator) =>
	by.says("operator:verdict", { verdict, reason: "Read and compared.", ...more }, on);
const suspends = (who: typeof ada, more: JsonObject = {}, by = operator) =>
	by.says("operator:suspend", { subject: who.key, reason: "Floods.", ...more });
const appeals_ = (who: typeof ada, on: string) => who.says("board:appeal", { text: "Look again." }, on);
const moderator = operator.says("operator:grant", { subject: mo.key, role: "moderator", reason: "Helps." });
const isHidden = (board: Board, message: string) =>
	hiddenBy(board.state, message, "listing", board.now) !== undefined;
const caseOf = (board: Board, message: string) => board.state.get(flagCases, message)!;

describe("flags", () => {
	test("of three owners with standing hide a post for a day, and no longer without a ruling", () => {
		const board = new Board().given(vouched(bob), vouched(cyn), vouched(dan));
		const post = board.post(ada, "need");
		board.given(flags(bob, post), flags(cyn, post));
		expect(isHidden(board, post)).toBe(false);
		board.given(flags(dan, post));
		expect(isHidden(board, post)).toBe(true);
		expect(board.when(responds(eve, post))).toMatchObject(
			refused("post-hidden", 409, { see: board.log.at(-1)!.act.id }),
		);
		const { until } = hiddenBy(board.state, post, "listing", board.now)!;
		expect(until! - board.acts.findLast(({ operation }) => operation === "board:flag")!.receivedAt).toBe(DAY);
		board.now = until! - 1;
		expect(isHidden(board, post)).toBe(true);
		board.later(1);
		expect(isHidden(board, post)).toBe(false);
		board.said(responds(eve, post));
		board.sound();
	});
	test("of however many fresh keys hide nothing, and are one case", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		for (let n = 0; n < 60; n++) board.given(flags(agent(`fresh ${n}`), post));
		expect(isHidden(board, post)).toBe(false);
		expect(caseOf(board, post)).toMatchObject({ status: "open", flags: 60, weight: 0 });
	});
	test("count one an owner and message, whichever of its keys speaks", () => {
		const board = new Board().given(owned("pair", bob, cyn));
		const post = board.post(ada, "need");
		const first = board.said(flags(bob, post));
		expect(board.when(flags(cyn, post))).toMatchObject(refused("already-flagged", 409, { see: first }));
		expect(board.when(flags(bob, post, "scam"))).toMatchObject(refused("already-flagged", 409));
	});
	test("of an owner with a confirmed closure weigh as much as those with standing", () => {
		const board = new Board();
		const { agree } = board.agreed(bob, cyn);
		expect(weightOf(board.state, bob.key)).toBe(0);
		board.given(confirms(cyn, board.said(closes(bob, agree))));
		expect([weightOf(board.state, bob.key), weightOf(board.state, cyn.key)]).toEqual([WHOLE, WHOLE]);
	});
	test("ruled wrong weigh half as much the next time, ruled right get one step back", () => {
		const board = new Board().given(vouched(bob));
		const posts = [ada, cyn, dan, eve].map((who) => board.post(who, "need"));
		const weights = ["declined", "declined", "accepted", "accepted"].map((verdict, n) => {
			board.given(rules(board.said(flags(bob, posts[n]!)), verdict));
			return weightOf(board.state, bob.key) / WHOLE;
		});
		expect(weights).toEqual([0.5, 0.25, 0.5, 1]);
		board.sound();
	});
	test("of lesser weight hide only when enough of them come together", () => {
		const others = [1, 2, 3, 4].map((n) => agent(`known ${n}`));
		const board = new Board().given(...others.map(vouched));
		board.given(rules(board.said(flags(others[0]!, board.post(ada, "need"))), "declined"));
		const post = board.post(bob, "need");
		for (const one of others.slice(0, 3)) board.given(flags(one, post));
		expect(isHidden(board, post)).toBe(false);
		board.given(flags(others[3]!, post));
		expect(isHidden(board, post)).toBe(true);
	});
	test("after a ruling open the next case, and hide anew only by their own weight", () => {
		const board = new Board().given(vouched(bob), vouched(cyn), vouched(dan), vouched(eve));
		const post = board.post(ada, "need");
		const first = board.said(flags(bob, post));
		board.given(flags(cyn, post), rules(first, "declined"));
		const second = board.said(flags(dan, post));
		expect(caseOf(board, post)).toMatchObject({ round: 2, status: "open", flags: 1, firstFlag: second });
		expect(board.when(rules(first, "accepted"))).toMatchObject(refused("ruled-already", 409));
		board.given(rules(second, "accepted"));
	});
	test("do not hide what the house itself says", () => {
		const board = new Board().given(vouched(bob), vouched(cyn), vouched(dan));
		const grant = board.log[0]!.act.id;
		for (const one of [bob, cyn, dan]) board.given(flags(one, grant));
		expect(isHidden(board, grant)).toBe(false);
	});
	test("are ruled on by a moderator as well, and by nobody whose owner flagged or was flagged", () => {
		const board = new Board().given(moderator);
		const post = board.post(ada, "need");
		const flag = board.said(flags(bob, post));
		board.given(flags(mo, post));
		expect(board.when(rules(flag, "accepted", {}, mo))).toMatchObject(refused("own-case", 403));
		expect(board.when(rules(flag, "accepted", {}, ada))).toMatchObject(refused("sender-not-allowed", 403));
		expect(board.when(rules(flag, "accepted", { outcome: "done" }))).toMatchObject(
			refused("outcome-out-of-place", 422),
		);
		const other = board.said(flags(bob, board.post(cyn, "need")));
		board.given(rules(other, "accepted", {}, mo));
		expect(caseOf(board, board.log.at(-1)!.act.antecedents[0]!)).toBeUndefined();
	});
});

describe("a post that the house hides", () => {
	test("is in no list and agreed on by nobody, until it is restored", () => {
		const board = new Board().given(moderator);
		const post = board.post(ada, "need");
		const response = board.said(responds(bob, post));
		const hide = board.said(hides(post, {}, mo));
		expect(board.when(responds(cyn, post))).toMatchObject(refused("post-hidden", 409, { see: hide }));
		expect(board.when(ada.says("board:agree", {}, response))).toMatchObject(refused("post-hidden", 409));
		board.given(restores(post, {}, mo));
		board.said(ada.says("board:agree", {}, response));
		board.sound();
	});
	test("at its author's fault uses up the slot, also by withdrawing it", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		board.given(hides(post));
		expect(board.when(board.posts(ada, "need"))).toMatchObject(refused("slot-taken", 409, { see: post }));
		expect(board.when(ada.says("board:withdraw", {}, post))).toMatchObject(refused("post-hidden", 409));
	});
	test("without its author's fault gives the slot back, at the same place; restored later it stays replaced", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		board.given(hides(post, { at_fault: false }));
		const anew = board.post(ada, "need");
		expect(board.at(anew).place).toBe(board.at(post).place);
		board.given(restores(post));
		expect(board.at(post)).toMatchObject({ status: "withdrawn", withdrawnBy: anew });
		expect(board.when(board.posts(ada, "need"))).toMatchObject(refused("slot-taken", 409, { see: anew }));
		board.sound();
	});
	test("is hidden until an instant where one is said, and a restore with one holds until then", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const until = new Date(board.now + HOUR).toISOString();
		board.given(hides(post, { until }));
		board.later(HOUR);
		expect(isHidden(board, post)).toBe(false);
		board.given(hides(post), restores(post, { until: new Date(board.now + HOUR).toISOString() }));
		expect(isHidden(board, post)).toBe(false);
		board.later(HOUR);
		expect(isHidden(board, post)).toBe(true);
	});
	test("is not hidden twice so, restored when it is not hidden, or hidden until what has passed", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		expect(board.when(restores(post))).toMatchObject(refused("not-hidden", 409));
		const hide = board.said(hides(post));
		expect(board.when(hides(post))).toMatchObject(refused("already-hidden", 409, { see: hide }));
		board.said(hides(post, { at_fault: false }));
		const passed = new Date(board.now).toISOString();
		expect(board.when(hides(post, { until: passed }))).toMatchObject(refused("until-past", 422));
		expect(board.when(hides(post, {}, ada))).toMatchObject(refused("sender-not-allowed", 403));
	});
	test("is no stranded need", () => {
		const board = new Board();
		const [hidden, other] = [board.post(ada, "need"), board.post(bob, "need")];
		board.given(hides(hidden));
		board.later(WEEK_ENDS - board.now);
		expect(board.digested()).toMatchObject({ figures: { posted: 2, stranded: 1 }, stranded: [other] });
	});
});

describe("a suspended agent", () => {
	test("begins nothing new, is told why, and finishes what it began", () => {
		const board = new Board();
		const { agree } = board.agreed(ada, bob);
		const foreign = board.post(cyn, "need");
		const suspend = board.said(suspends(ada));
		for (const begins of [
			board.posts(ada, "need"),
			responds(ada, foreign),
			flags(ada, foreign),
			ada.says("exchange:buy", { task: "t", budget: 1 }),
			ada.says("agent:profile", {}),
		])
			expect(board.when(begins)).toMatchObject(refused("suspended", 403, { see: suspend }));
		board.given(confirms(bob, board.said(closes(ada, agree))));
		board.sound();
	});
	test("is free again when it is reinstated, or its time is over", () => {
		const board = new Board().given(moderator);
		board.given(
			suspends(ada, {}, mo),
			mo.says("operator:reinstate", { subject: ada.key, reason: "Enough." }),
		);
		board.post(ada, "need");
		board.given(suspends(bob, { until: new Date(board.now + HOUR).toISOString() }));
		board.later(HOUR);
		board.post(bob, "need");
	});
	test("is nobody of the house; is not suspended twice so, nor reinstated for nothing", () => {
		const board = new Board().given(moderator);
		for (const one of [mo, operator, theExchange])
			expect(board.when(suspends(one))).toMatchObject(refused("of-the-house", 409));
		const suspend = board.said(suspends(ada));
		expect(board.when(suspends(ada))).toMatchObject(refused("already-suspended", 409, { see: suspend }));
		const reinstates = operator.says("operator:reinstate", { subject: bob.key, reason: "None." });
		expect(board.when(reinstates)).toMatchObject(refused("not-suspended", 409));
	});
});

describe("a ruling on a contest", () => {
	const contested = () => {
		const board = new Board();
		const deal = board.agreed(ada, bob);
		const close = board.said(closes(ada, deal.agree));
		return { board, ...deal, contest: board.said(contests(bob, close)) };
	};
	test("that accepts it says how it went, or that it was not done; nobody has a confirmed closure by it", () => {
		for (const outcome of ["partial", undefined]) {
			const { board, agree, contest } = contested();
			const ruling = board.said(rules(contest, "accepted", outcome ? { outcome } : {}));
			expect(board.agreement(agree)).toMatchObject({
				status: "ruled",
				verdict: "accepted",
				outcome: outcome ?? "not-done",
				endedBy: ruling,
			});
			for (const who of [ada, bob])
				expect(neighbourOf(board.state, who.key)).toMatchObject({ openAgreements: 0, confirmed: 0 });
			board.sound();
		}
	});
	test("that declines it leaves the close as it was, confirmed for who closed", () => {
		const { board, agree, contest } = contested();
		expect(board.when(rules(contest, "declined", { outcome: "done" }))).toMatchObject(
			refused("outcome-out-of-place", 422),
		);
		board.given(rules(contest, "declined"));
		expect(board.agreement(agree)).toMatchObject({ status: "ruled", outcome: "done" });
		expect(neighbourOf(board.state, ada.key).confirmed).toBe(1);
		expect(neighbourOf(board.state, bob.key).confirmed).toBe(0);
		board.sound();
	});
	test("is a house operator's, not a moderator's, not a party's owner's, once and in time", () => {
		const { board, contest } = contested();
		board.given(moderator);
		expect(board.when(rules(contest, "accepted", {}, mo))).toMatchObject(refused("sender-not-allowed", 403));
		const ruling = board.said(rules(contest, "accepted"));
		expect(board.when(rules(contest, "declined"))).toMatchObject(
			refused("agreement-over", 409, { see: ruling }),
		);

		const late = contested();
		late.board.now = late.board.agreement(late.agree).ruleBy! - 1;
		expect(late.board.when(rules(late.contest, "accepted"))).toMatchObject(refused("too-late", 409));

		const own = contested();
		own.board.given(
			operator.says("operator:grant", { subject: bob.key, role: "operator", reason: "Helps." }),
		);
		expect(own.board.when(rules(own.contest, "accepted", {}, bob))).toMatchObject(refused("own-case", 403));
	});
});

describe("an appeal", () => {
	test("is the author's against a hide, the suspended's, and once", () => {
		const board = new Board();
		const post = board.post(ada, "need");
		const [hide, suspend] = [board.said(hides(post)), board.said(suspends(ada))];
		expect(board.when(appeals_(bob, hide))).toMatchObject(refused("not-yours", 403));
		const appeal = board.said(appeals_(ada, hide));
		expect(board.when(appeals_(ada, hide))).toMatchObject(refused("already-appealed", 409, { see: appeal }));
		board.said(appeals_(ada, suspend));
		board.sound();
	});
	test("is ruled on once, by a house operator who is not the appellant's, and that is the last word", () => {
		const board = new Board().given(moderator);
		const appeal = board.said(appeals_(ada, board.said(hides(board.post(ada, "need")))));
		expect(board.when(rules(appeal, "accepted", {}, mo))).toMatchObject(refused("sender-not-allowed", 403));
		expect(board.when(rules(appeal, "accepted", { outcome: "done" }))).toMatchObject(
			refused("outcome-out-of-place", 422),
		);
		const ruling = board.said(rules(appeal, "accepted"));
		expect(board.when(rules(appeal, "declined"))).toMatchObject(
			refused("ruled-already", 409, { see: ruling }),
		);
		expect(board.when(appeals_(ada, ruling))).toMatchObject(refused("already-appealed", 409));
		expect(board.state.all(appeals)).toMatchObject([{ status: "accepted", ruledBy: ruling }]);
	});
	test("of a verdict is the side's that it went against", () => {
		for (const [verdict, lost, won] of [
			["accepted", ada, bob],
			["declined", bob, ada],
		] as const) {
			const board = new Board();
			const { agree } = board.agreed(ada, bob);
			const contest = board.said(contests(bob, board.said(closes(ada, agree))));
			const ruling = board.said(rules(contest, verdict));
			expect(board.when(appeals_(won, ruling))).toMatchObject(refused("not-yours", 403));
			const appeal = board.said(appeals_(lost, ruling));
			board.given(rules(appeal, "accepted", { outcome: "partial" }));
			expect(board.agreement(agree)).toMatchObject({ status: "ruled", outcome: "partial" });
			board.sound();
		}
	});
	test("of a ruling on flags is the author's or the flaggers'", () => {
		for (const [verdict, lost, won] of [
			["accepted", ada, bob],
			["declined", bob, ada],
		] as const) {
			const board = new Board();
			const ruling = board.said(rules(board.said(flags(bob, board.post(ada, "need"))), verdict));
			expect(board.when(appeals_(won, ruling))).toMatchObject(refused("not-yours", 403));
			board.said(appeals_(lost, ruling));
		}
	});
});

test("a case is claimed while it waits for a ruling, and not after", () => {
	const board = new Board();
	const claims = (on: string) => board.when(operator.says("operator:claim", {}, on));
	const { post, agree } = board.agreed(ada, bob);
	const contest = board.said(contests(bob, board.said(closes(ada, agree))));
	const flag = board.said(flags(cyn, post));
	const appeal = board.said(appeals_(ada, board.said(hides(post))));
	for (const on of [contest, flag, appeal]) {
		expect(claims(on).refused).toBeUndefined();
		board.given(rules(on, "declined"));
		expect(claims(on).refused).toMatchObject({ status: 409 });
	}
	const other = board.agreed(dan, eve);
	const late = board.said(contests(eve, board.said(closes(dan, other.agree))));
	board.now = board.agreement(other.agree).ruleBy! - 1;
	expect(claims(late)).toMatchObject(refused("too-late", 409));
});
