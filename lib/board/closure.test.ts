import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { debts } from "../../db/schema/board";
import { agent } from "../log/given";
import type { JsonObject } from "../log/json";
import { operations } from "../operations";
import {
	type Agreed,
	Board,
	closes,
	configured,
	confirms,
	contests,
	DAY,
	HOUR,
	minted,
	missed,
	refused,
} from "./given";
import { neighbourOf, openDebts } from "./state";

const [ada, bob, cyn] = [agent("ada"), agent("bob"), agent("cyn")];

/** Two that agreed, at the end of their window. */
function ready(): { board: Board; deal: Agreed; agree: string } {
	const board = new Board();
	const deal = board.agreed(ada, bob);
	board.now = board.agreement(deal.agree).windowEndsAt - 1;
	return { board, deal, agree: deal.agree };
}
const owes = (board: Board, who: typeof ada) => openDebts(board.state, who.key, board.now).length;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("a close", () => {
	test("is either party's, and waits for the other's word", () => {
		for (const [who, other] of [
			[ada, bob],
			[bob, ada],
		] as const) {
			const { board, agree } = ready();
			const close = board.said(closes(who, agree));
			expect(board.agreement(agree)).toMatchObject({ status: "closed", closedBy: who.key, outcome: "done" });
			board.said(confirms(other, close));
			expect(board.agreement(agree).status).toBe("confirmed");
			board.sound();
		}
	});
	test("may come before the window ends, and the first one stands", () => {
		const board = new Board();
		const { agree } = board.agreed(ada, bob);
		const close = board.said(closes(bob, agree));
		expect(board.when(closes(ada, agree))).toMatchObject(refused("already-closed", 409, { see: close }));
		expect(board.when(closes(bob, agree))).toMatchObject(refused("already-closed", 409, { see: close }));
	});
	test("is no stranger's, nor are the words that answer it", () => {
		const { board, agree } = ready();
		expect(board.when(closes(cyn, agree))).toMatchObject(refused("not-yours", 403));
		const close = board.said(closes(ada, agree));
		expect(board.when(confirms(cyn, close))).toMatchObject(refused("not-yours", 403));
		expect(board.when(contests(cyn, close))).toMatchObject(refused("not-yours", 403));
		expect(board.when(confirms(ada, close))).toMatchObject(refused("own-close", 403));
		expect(board.when(contests(ada, close))).toMatchObject(refused("own-close", 403));
	});
	test("is too late in the instant in which the agreement lapses, also before the exchange has said so", () => {
		const { board, agree } = ready();
		board.now = board.agreement(agree).lapsesAt - 2;
		board.said(closes(ada, agree));
		const other = ready();
		other.board.now = other.board.agreement(other.agree).lapsesAt - 1;
		expect(other.board.when(closes(ada, other.agree))).toMatchObject(refused("too-late", 409));
	});
	test.each<[string, JsonObject, string | undefined]>([
		["eleven receipts", { kind: "link", value: "https://one.example" }, "receipts"],
		["a hash that is none", { kind: "hash", value: "9f86" }, "receipts/0/value"],
		["a value one character too long", { kind: "log", value: "x".repeat(2049) }, "receipts/0/value"],
		["a value at its limit", { kind: "log", value: "x".repeat(2048) }, undefined],
		["a real hash", { kind: "hash", value: `sha256:${sha256("built")}` }, undefined],
	])("with %s", (what, receipt, field) => {
		const receipts = what.startsWith("eleven")
			? Array.from({ length: 11 }, (_, n) => ({ ...receipt, note: `${n}` }))
			: [receipt];
		const { error } = operations
			.get("board:close")!
			.body.safeParse({ outcome: "done", summary: "Built.", receipts });
		expect(error?.issues[0]?.path.join("/")).toBe(field);
	});
	test("is told to the other party, also when it answers that party's own agree", () => {
		for (const [who, other] of [
			[ada, bob],
			[bob, ada],
		] as const) {
			const { board, agree } = ready();
			board.said(closes(who, agree));
			expect(board.log.at(-1)!.addressed).toEqual([other.key]);
		}
	});
});

describe("an answer to a close", () => {
	test("is given within 72 hours; in the first instant after them it is too late", () => {
		const { board, agree } = ready();
		const close = board.said(closes(ada, agree));
		const { closedAt, confirmBy } = board.agreement(agree);
		expect(confirmBy! - closedAt!).toBe(72 * HOUR);
		board.now = confirmBy! - 1;
		expect(board.when(confirms(bob, close))).toMatchObject(refused("too-late", 409));
		expect(board.when(contests(bob, close))).toMatchObject(refused("too-late", 409));
	});
	test("is one: confirmed it is not contested, contested not confirmed", () => {
		const { board, agree } = ready();
		const close = board.said(closes(ada, agree));
		const confirm = board.said(confirms(bob, close));
		expect(board.when(contests(bob, close))).toMatchObject(refused("agreement-over", 409, { see: confirm }));
		const other = ready();
		const closed = other.board.said(closes(ada, other.agree));
		const contest = other.board.said(contests(bob, closed));
		expect(other.board.when(confirms(bob, closed))).toMatchObject(
			refused("agreement-over", 409, { see: contest }),
		);
	});
	test("that confirms is a confirmed closure of both owners", () => {
		const { board, agree } = ready();
		board.said(confirms(bob, board.said(closes(ada, agree))));
		for (const who of [ada, bob])
			expect(neighbourOf(board.state, who.key)).toMatchObject({ openAgreements: 0, confirmed: 1 });
	});
	test("that never comes leaves the close one-sided, by the exchange's word, and confirms nobody", () => {
		const { board, agree } = ready();
		const close = board.said(closes(ada, agree));
		board.later(72 * HOUR);
		const { act } = board.log.at(-1)!;
		expect(act).toMatchObject({
			operation: "board:lapse",
			antecedents: [close],
			payload: { outcome: "one-sided" },
		});
		expect(board.agreement(agree)).toMatchObject({ status: "one-sided", endedBy: act.id, outcome: "done" });
		for (const who of [ada, bob])
			expect(neighbourOf(board.state, who.key)).toMatchObject({ openAgreements: 0, confirmed: 0 });
		board.sound();
	});
	test("that contests waits 7 days for a ruling, then the close stands one-sided", () => {
		const { board, agree } = ready();
		const contest = board.said(contests(bob, board.said(closes(ada, agree))));
		board.later(7 * DAY - 1);
		expect(board.agreement(agree).status).toBe("contested");
		board.later(1);
		expect(board.log.at(-1)!.act.antecedents).toEqual([contest]);
		expect(board.agreement(agree).status).toBe("one-sided");
		board.sound();
	});
});

describe("a no-show", () => {
	test("is declared from the window's end on, not a millisecond before", () => {
		const { board, agree } = ready();
		board.now -= 1;
		expect(board.when(missed(ada, agree))).toMatchObject(refused("not-due", 409));
		board.said(missed(ada, agree));
		expect(board.agreement(agree)).toMatchObject({ status: "agreed", authorPart: "no-show" });
	});
	test("is declared once, before any close, by a party", () => {
		const { board, agree } = ready();
		board.said(missed(ada, agree));
		expect(board.when(missed(ada, agree))).toMatchObject(refused("no-show-declared", 409));
		expect(board.when(missed(cyn, agree))).toMatchObject(refused("not-yours", 403));
		const close = board.said(closes(bob, agree));
		expect(board.when(missed(bob, agree))).toMatchObject(refused("already-closed", 409, { see: close }));
	});
	test("bars its sender from closing, and lets it answer the other's close", () => {
		const { board, agree } = ready();
		board.said(missed(ada, agree));
		expect(board.when(closes(ada, agree))).toMatchObject(refused("no-show-declared", 409));
		board.said(confirms(ada, board.said(closes(bob, agree))));
		expect(board.agreement(agree)).toMatchObject({ status: "confirmed", authorPart: "no-show" });
		for (const who of [ada, bob]) expect(neighbourOf(board.state, who.key).openAgreements).toBe(0);
		board.sound();
	});
	test("by both is the end", () => {
		const { board, agree } = ready();
		board.said(missed(ada, agree));
		const second = board.said(missed(bob, agree));
		expect(board.agreement(agree)).toMatchObject({ status: "no-show", endedBy: second });
		expect(board.when(closes(bob, agree))).toMatchObject(refused("agreement-over", 409, { see: second }));
		for (const who of [ada, bob]) expect(neighbourOf(board.state, who.key).openAgreements).toBe(0);
		board.sound();
	});
	test("by one leaves room for another agreement to it alone", () => {
		const { board, agree } = ready();
		board.said(missed(ada, agree));
		expect(neighbourOf(board.state, ada.key).openAgreements).toBe(0);
		expect(neighbourOf(board.state, bob.key).openAgreements).toBe(1);
	});
});

describe("an agreement that nobody closes", () => {
	test("lapses by the exchange 14 days after its closure was due", () => {
		const { board, agree } = ready();
		board.later(72 * HOUR + 14 * DAY);
		expect(board.agreement(agree).status).toBe("agreed");
		board.later(1);
		const { act } = board.log.at(-1)!;
		expect(act).toMatchObject({
			operation: "board:lapse",
			antecedents: [agree],
			payload: { outcome: "lapsed" },
		});
		expect(board.agreement(agree)).toMatchObject({ status: "lapsed", endedBy: act.id, outcome: null });
		board.sound();
	});
	test("lapses also when one side declared a no-show and the other never spoke", () => {
		const { board, agree } = ready();
		board.said(missed(bob, agree));
		board.later(72 * HOUR + 14 * DAY);
		expect(board.agreement(agree).status).toBe("lapsed");
		for (const who of [ada, bob]) expect(neighbourOf(board.state, who.key).openAgreements).toBe(0);
		board.sound();
	});
	test("is not ended by the exchange before its time, nor twice, nor by another name", () => {
		const { board, agree } = ready();
		const says = (outcome: string, on = agree) =>
			board.exchangeSays({ operation: "board:lapse", antecedents: [on], payload: { outcome } });
		expect(says("lapsed")).toMatchObject(refused("not-due", 409));
		expect(says("one-sided")).toMatchObject(refused("outcome-differs", 422));
		const close = board.said(closes(ada, agree));
		expect(says("lapsed")).toMatchObject(refused("agreement-over", 409, { see: close }));
		expect(says("one-sided", close)).toMatchObject(refused("not-due", 409));
		const confirm = board.said(confirms(bob, close));
		expect(says("one-sided", close)).toMatchObject(refused("agreement-over", 409, { see: confirm }));
	});
	test("is ended by nobody but the exchange", () => {
		const { board, agree } = ready();
		expect(board.when(ada.says("board:lapse", { outcome: "lapsed" }, agree))).toMatchObject(
			refused("sender-not-allowed", 403),
		);
	});
});

describe("debt", () => {
	test("is nobody's before the closure is due, then both's, then lapses", () => {
		const { board, agree } = ready();
		const { closureDueAt, lapsesAt } = board.agreement(agree);
		for (const [at, debt] of [
			[closureDueAt - 1, 0],
			[closureDueAt, 1],
			[lapsesAt - 1, 1],
			[lapsesAt, 0],
		] as const) {
			board.now = at;
			expect([owes(board, ada), owes(board, bob)]).toEqual([debt, debt]);
		}
	});
	test("of who closed is gone; of the other it begins when its time to answer is over", () => {
		const { board, agree } = ready();
		board.said(closes(ada, agree));
		const { confirmBy } = board.agreement(agree);
		board.later(confirmBy! - board.now - 1);
		expect([owes(board, ada), owes(board, bob)]).toEqual([0, 0]);
		board.later(1);
		expect([owes(board, ada), owes(board, bob)]).toEqual([0, 1]);
		board.later(14 * DAY - 1);
		expect(owes(board, bob)).toBe(1);
		board.later(1);
		expect(owes(board, bob)).toBe(0);
	});
	test("of the other stays when it was in debt already as the first one closed", () => {
		const { board, agree } = ready();
		board.now = board.agreement(agree).closureDueAt;
		board.said(closes(ada, agree));
		expect([owes(board, ada), owes(board, bob)]).toEqual([0, 1]);
	});
	test("that bars nothing any more is forgotten with the owner's next agreement", () => {
		const { board, agree } = ready();
		board.later(72 * HOUR + 14 * DAY);
		board.agreed(ada, bob);
		expect(board.state.all(debts).some(({ agreementId }) => agreementId === agree)).toBe(false);
	});
});

describe("a reveal", () => {
	const text = "the log of the build\n";
	const receipts = [
		{ kind: "link", value: "https://build.example/7" },
		{ kind: "hash", value: `sha256:${sha256(text)}` },
	];
	const closed = () => {
		const { board, agree } = ready();
		return { board, agree, close: board.said(closes(ada, agree, { receipts })) };
	};
	const reveals = (who: typeof ada, close: string, index: number, content = text) =>
		who.says("board:reveal", { index, content }, close);

	test("shows what the receipt's hash is of, by either party, to anybody", () => {
		for (const who of [ada, bob]) {
			const { board, agree, close } = closed();
			const reveal = board.said(reveals(who, close, 1));
			expect(board.agreement(agree).receipts[1]).toMatchObject({ revealedBy: reveal });
			expect(board.registry.get("board:reveal")!.readers!(board.state, {} as never)).toBe("anybody");
			board.sound();
		}
	});
	test("must match, be of a hash that is there, and come once and from a party", () => {
		const { board, close } = closed();
		const says = (...what: Parameters<typeof reveals>) => board.when(reveals(...what));
		expect(says(ada, close, 1, "another text")).toMatchObject(refused("reveal-mismatch", 422));
		expect(says(ada, close, 0)).toMatchObject(refused("no-hash-there", 422));
		expect(says(ada, close, 2)).toMatchObject(refused("no-hash-there", 422));
		expect(says(cyn, close, 1)).toMatchObject(refused("not-yours", 403));
		const reveal = board.said(reveals(ada, close, 1));
		expect(says(bob, close, 1)).toMatchObject(refused("already-revealed", 409, { see: reveal }));
	});
	test("may come when all is long over", () => {
		const { board, close } = closed();
		board.later(30 * DAY);
		board.said(reveals(bob, close, 1));
	});
});

describe("a payment", () => {
	const pays = (who: typeof ada, agree: string, amount: number) => who.says("board:pay", { amount }, agree);

	test("goes from the one's hot to the other's at once, in either direction", () => {
		const { board, agree } = ready();
		board.given(minted(ada, 100), pays(ada, agree, 70), pays(bob, agree, 30));
		expect([board.purse(ada), board.purse(bob)]).toEqual([60_000_000n, 40_000_000n]);
		expect(board.log.at(-1)!.addressed).toEqual([ada.key]);
		board.sound();
	});
	test("is refused to who holds too little, with how much is missing, and to strangers", () => {
		const { board, agree } = ready();
		board.given(minted(ada, 40), minted(cyn, 40));
		expect(board.when(pays(ada, agree, 41))).toMatchObject(
			refused("short-of-scrip", 402, { detail: "You are 1 scrip short of 41." }),
		);
		expect(board.when(pays(cyn, agree, 1))).toMatchObject(refused("not-yours", 403));
	});
	test("may come after the end", () => {
		const { board, agree } = ready();
		board.given(minted(ada, 40), confirms(bob, board.said(closes(ada, agree))));
		board.said(pays(ada, agree, 40));
	});
});

describe("a note", () => {
	const envelope = (to: typeof ada) => ({
		for: to.key,
		enc: Buffer.alloc(32, 7).toString("base64"),
		ciphertext: Buffer.alloc(40, 9).toString("base64"),
	});
	const writes = (who: typeof ada, agree: string, to: typeof ada, ...readers: (typeof ada)[]) =>
		who.says("board:note", { to: to.key, sealed: readers.map(envelope) }, agree);

	test("is sealed to the other party, and perhaps to oneself, in either direction", () => {
		const { board, agree } = ready();
		board.said(writes(ada, agree, bob, bob));
		expect(board.log.at(-1)!.addressed).toEqual([bob.key]);
		board.said(writes(bob, agree, ada, bob, ada));
		board.sound();
	});
	test("is not to oneself alone, to a stranger, twice to one, or by a stranger", () => {
		const { board, agree } = ready();
		const field = "/payload/sealed";
		expect(board.when(writes(ada, agree, bob, ada))).toMatchObject(refused("wrong-readers", 422, { field }));
		expect(board.when(writes(ada, agree, bob, bob, cyn))).toMatchObject(
			refused("wrong-readers", 422, { field }),
		);
		expect(board.when(writes(ada, agree, bob, bob, bob))).toMatchObject(
			refused("wrong-readers", 422, { field }),
		);
		expect(board.when(writes(ada, agree, cyn, bob))).toMatchObject(
			refused("wrong-readers", 422, { field: "/payload/to" }),
		);
		expect(board.when(writes(cyn, agree, ada, ada))).toMatchObject(refused("not-yours", 403));
	});
	test.each<[string, JsonObject, boolean]>([
		["64 KiB of ciphertext", { ciphertext: Buffer.alloc(65_536).toString("base64") }, true],
		["a byte more", { ciphertext: Buffer.alloc(65_537).toString("base64") }, false],
		["less than a tag", { ciphertext: Buffer.alloc(15).toString("base64") }, false],
		["a key of 31 bytes", { enc: Buffer.alloc(31).toString("base64") }, false],
		["words", { ciphertext: "meet me at eight" }, false],
	])("holds what is sealed and nothing else: %s", (_, change, taken) => {
		const sealed = [{ ...envelope(bob), ...change }];
		const { success } = operations.get("board:note")!.body.safeParse({ to: bob.key, sealed });
		expect(success).toBe(taken);
	});
	test("ends with the agreement", () => {
		const { board, agree } = ready();
		const confirm = board.said(confirms(bob, board.said(closes(ada, agree))));
		expect(board.when(writes(ada, agree, bob, bob))).toMatchObject(
			refused("agreement-over", 409, { see: confirm }),
		);
	});
});

test("no order of acts leaves a party that acted in debt", () => {
	const acts = [
		(who: typeof ada, agree: string) => closes(who, agree),
		(who: typeof ada, agree: string) => missed(who, agree),
	];
	for (const first of acts)
		for (const [who, other] of [
			[ada, bob],
			[bob, ada],
		] as const)
			for (const second of [...acts, confirms, contests, undefined]) {
				const { board, agree } = ready();
				const close = board.said(first(who, agree));
				if (second) board.when(second(other, second === confirms || second === contests ? close : agree));
				for (let days = 0; days < 40; days += 3) {
					board.later(3 * DAY);
					expect(owes(board, who)).toBe(0);
				}
				board.sound();
			}
});

test("settings of the board shorten its deadlines for what begins afterwards", () => {
	const board = new Board().given(
		configured({ "board.closure_due_hours": 1, "board.lapse_days": 1, "board.confirm_hours": 2 }),
	);
	const { agree } = board.agreed(ada, bob);
	const { windowEndsAt, closureDueAt, lapsesAt } = board.agreement(agree);
	expect([closureDueAt - windowEndsAt, lapsesAt - closureDueAt]).toEqual([HOUR, DAY]);
	board.said(closes(ada, agree));
	const { closedAt, confirmBy } = board.agreement(agree);
	expect(confirmBy! - closedAt!).toBe(2 * HOUR);
});
