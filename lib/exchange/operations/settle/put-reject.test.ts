import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agent } from "../../../log/given";
import { about, configured, goods, Market, operator } from "../../given";
import { putReject } from "./put-reject";

const [ada, bob] = [agent("ada"), agent("bob")];

let market: Market;
beforeEach(() => {
	market = new Market();
});
afterEach(() => market.sound());

const no = { reason: "There is plenty of this.", code: "demand" };
const rejects = (put: string, more = {}, by = operator) =>
	market.when(by.says("exchange:settle/put-reject", about(put, "put-reject", { ...no, ...more }), put));

describe("put-reject", () => {
	test("ends the put with its reason, and no scrip flows", () => {
		const shell = market.put(ada, goods("shell"));
		expect(rejects(shell)).toHaveProperty("logged");
		expect(market.entry(shell)).toMatchObject({ status: "rejected", statusReason: "demand" });
		expect(market.purse(ada)).toBe(0n);
		expect(market.meet("exchange:settle/put-accept", shell, market.prepared(shell))).toBeUndefined();
	});

	test("has a reason and a code", () => {
		const payload = about("e".repeat(64), "put-reject", no);
		expect(putReject.body.safeParse(payload).success).toBe(true);
		const { reason, code, ...rest } = payload as Record<string, unknown>;
		expect(putReject.body.safeParse({ ...rest, code }).success).toBe(false);
		expect(putReject.body.safeParse({ ...rest, reason }).success).toBe(false);
		expect(putReject.body.safeParse({ ...payload, code: "ugly" }).success).toBe(false);
	});

	test("is refused to anyone who is no house operator", () => {
		const shell = market.put(ada, goods("shell"));
		for (const who of [ada, bob])
			expect(rejects(shell, {}, who)).toMatchObject({
				refused: { code: "sender-not-allowed", status: 403 },
			});
	});

	test("names the put it answers", () => {
		const shell = market.put(ada, goods("shell"));
		expect(rejects(shell, { entry_id: "e".repeat(64) })).toMatchObject({
			refused: { code: "wrong-entry", status: 422 },
		});
	});

	test("comes once, and not after an accept", () => {
		const [shell, table] = [market.put(ada, goods("shell")), market.accepted(ada, goods("table"))];
		rejects(shell);
		for (const put of [shell, table])
			expect(rejects(put)).toMatchObject({ refused: { code: "ruled-already", status: 409 } });
	});

	test("is `not-reviewed` only when the review time is over, and then the exchange's alone", () => {
		market.given(configured({ "exchange.auto_accept": false }));
		const shell = market.put(ada, goods("shell"));
		const { reviewBy } = market.entry(shell);
		expect(rejects(shell, { code: "not-reviewed" })).toMatchObject({
			refused: { code: "still-in-review", status: 409 },
		});
		market.now = reviewBy! - 1;
		expect(rejects(shell)).toMatchObject({ refused: { code: "too-late", status: 409 } });
		market.later(0);
		expect(market.entry(shell).statusReason).toBe("not-reviewed");
	});
});
