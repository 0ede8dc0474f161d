import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gates, signals } from "../../../db/schema/exchange";
import { duties } from "../../../db/schema/log";
import { agent } from "../../log/given";
import { gateOf } from "../gate";
import { about, configured, goods, Market, minted, operator, vouched } from "../given";

const ada = agent("ada");
const strangers = [1, 2, 3, 4].map((n) => agent(`stranger ${n}`));
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let market: Market;
beforeEach(() => {
	market = new Market();
	for (const one of strangers) market.given(minted(one, 900));
});
afterEach(() => market.sound());

const shellOf = () => market.stocked(ada, 90, { tokens: 400, ttl_hours: 8_000 });

/** Buys the entry and has it delivered. */
const delivered = (entry: string, buyer: (typeof strangers)[number]): string => {
	const match = market.quoted(buyer, entry);
	market.said(buyer.says("exchange:settle/buyer-accept", about(entry, "buyer-accept"), match));
	return market.acts.at(-1)!.id;
};

/** Is not content with a delivery, and has the scrip back. */
const returned = (entry: string, buyer: (typeof strangers)[number], deliver: string) =>
	market.said(
		buyer.says(
			"exchange:settle/small-content-dispute",
			about(entry, "small-content-dispute", { auto_refund: true }),
			deliver,
		),
	);

const disputed = (entry: string, ...buyers: typeof strangers) => {
	for (const buyer of buyers) returned(entry, buyer, delivered(entry, buyer));
};

const offered = (entry: string, buyer = strangers[3]!) => {
	const said = market.answered(market.buy(buyer, { budget: 900 }), [entry]);
	return (said.payload.results as unknown[]).length === 1;
};

const shutBy = (entry: string) => gateOf(market.state, entry, "disputes").shutBy!;
const clears = (entry: string, more = {}, antecedent = shutBy(entry)) =>
	market.exchangeSays({
		operation: "exchange:clear",
		antecedents: [antecedent],
		payload: { entry_id: entry, gate: "disputes", ...more },
	});

describe("a gate that three strangers shut", () => {
	test("keeps the entry out of matches for 24 hours and no longer", () => {
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 2));
		expect(offered(shell)).toBe(true);
		disputed(shell, strangers[2]!);
		const shutAt = market.now;

		expect(market.entry(shell).gated).toBe(true);
		expect(offered(shell)).toBe(false);
		market.later(shutAt + DAY - 1 - market.now);
		expect(market.entry(shell).gated).toBe(true);
		market.later(1);
		expect(market.entry(shell).gated).toBe(false);
		expect(market.acts.at(-1)).toMatchObject({ operation: "exchange:clear", receivedAt: shutAt + DAY });
		expect(offered(shell)).toBe(true);
	});

	test("gives the seller exactly the reputation back that it took", () => {
		const shell = shellOf();
		const before = market.reputation(ada);
		disputed(shell, ...strangers.slice(0, 3));
		expect(market.reputation(ada)).toBe(before - 9);
		market.later(DAY);
		expect(market.reputation(ada)).toBe(before);
		expect(market.state.all(signals).at(-1)).toMatchObject({
			signal: "cleared",
			delta: 9,
			byOwner: null,
			entry: shell,
		});
	});

	test("gives back exactly, also where the score was clamped meanwhile", () => {
		const entries = Array.from({ length: 6 }, (_, n) =>
			market.stocked(ada, 10 + n, { tokens: 100 + n, ttl_hours: 8_000 }),
		);
		market.given(configured({ "exchange.small_disputes_per_day": 50 }));
		for (const entry of entries) disputed(entry, ...strangers.slice(0, 3));
		expect(market.reputation(ada)).toBe(0);
		market.later(DAY);
		expect(market.reputation(ada)).toBe(50);
	});

	test("takes with it the −3 of a dispute that came while it was shut", () => {
		const shell = shellOf();
		const deliver = delivered(shell, strangers[3]!);
		disputed(shell, ...strangers.slice(0, 3));
		returned(shell, strangers[3]!, deliver);
		expect(market.reputation(ada)).toBe(38);
		market.later(DAY);
		expect(market.reputation(ada)).toBe(50);
	});

	test("once cleared, hears only owners with standing against the entry, for 30 days", () => {
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		market.later(DAY);

		disputed(shell, ...strangers.slice(0, 3));
		expect(market.entry(shell).gated).toBe(false);
		expect(market.reputation(ada)).toBe(50);

		market.later(30 * DAY);
		disputed(shell, ...strangers.slice(0, 3));
		expect(market.entry(shell).gated).toBe(true);
	});

	test("hears everybody again from the instant on at which the 30 days are over", () => {
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		market.later(DAY);
		const { clearedUntil } = market.entry(shell);
		expect(clearedUntil).toBe(market.acts.at(-1)!.receivedAt + 30 * DAY);

		market.later(29 * DAY);
		const [early, late] = [delivered(shell, strangers[0]!), delivered(shell, strangers[1]!)];
		market.now = clearedUntil! - 2;
		returned(shell, strangers[0]!, early);
		expect(market.reputation(ada)).toBe(50);
		returned(shell, strangers[1]!, late);
		expect(market.reputation(ada)).toBe(47);
	});
});

describe("what a clear annuls", () => {
	const completed = (entry: string, buyer: (typeof strangers)[number]) =>
		market.said(buyer.says("exchange:settle/complete", about(entry, "complete"), delivered(entry, buyer)));
	const counts = (entry: string, gate: "completion" | "disputes") => {
		const { total, good, standing } = gateOf(market.state, entry, gate);
		return [total, good, standing];
	};

	test("of three disputes is gone from the completion rate too, and what worked still counts", () => {
		market.given(vouched(strangers[0]!));
		const shell = shellOf();
		completed(shell, strangers[3]!);
		disputed(shell, ...strangers.slice(0, 3));
		expect(counts(shell, "completion")).toEqual([4, 1, 1]);
		market.later(DAY);
		expect(counts(shell, "completion")).toEqual([1, 1, 0]);

		disputed(shell, strangers[0]!);
		expect(market.entry(shell).gated).toBe(false);
		expect(counts(shell, "disputes")).toEqual([1, 0, 1]);
	});

	test("of a bad completion rate is gone from the count of disputers too", () => {
		market.given(configured({ "exchange.completion_min_deliveries": 2 }), vouched(strangers[2]!));
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 2));
		expect(gateOf(market.state, shell, "completion").provisional).toBe(true);
		expect(counts(shell, "disputes")).toEqual([2, 0, 0]);
		market.later(DAY);
		expect(market.reputation(ada)).toBe(50);

		disputed(shell, strangers[2]!);
		expect(counts(shell, "disputes")).toEqual([1, 0, 1]);
		expect(market.entry(shell).gated).toBe(false);
		expect(market.reputation(ada)).toBe(47);
	});
});

describe("a gate with standing behind it", () => {
	test("lasts", () => {
		market.given(vouched(strangers[0]!), vouched(strangers[1]!));
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		market.later(10 * DAY);
		expect(market.entry(shell).gated).toBe(true);
		expect(market.reputation(ada)).toBe(41);
	});

	test("lasts from when a second owner with standing joins a provisional one", () => {
		market.given(vouched(strangers[0]!), vouched(strangers[3]!));
		const shell = shellOf();
		const deliver = delivered(shell, strangers[3]!);
		disputed(shell, ...strangers.slice(0, 3));
		expect(gateOf(market.state, shell, "disputes").provisional).toBe(true);
		returned(shell, strangers[3]!, deliver);
		expect(gateOf(market.state, shell, "disputes")).toMatchObject({ provisional: false, until: null });
		market.later(10 * DAY);
		expect(market.entry(shell).gated).toBe(true);
	});
});

describe("clear", () => {
	test("is refused before the gate's time is over, and the gate stands", () => {
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		expect(clears(shell)).toMatchObject({ refused: { code: "gate-not-due", status: 409 } });
		expect(market.entry(shell).gated).toBe(true);
	});

	test("is refused for another gate, another message, an entry that is none, and the second time", () => {
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		const by = shutBy(shell);
		const refused = { refused: { code: "gate-not-shut", status: 409 } };
		expect(clears(shell, { gate: "conversion" })).toMatchObject(refused);
		expect(clears(shell, {}, shell)).toMatchObject(refused);
		expect(clears(shell, { entry_id: "e".repeat(64) })).toMatchObject({
			refused: { code: "no-such-entry", status: 404 },
		});
		market.later(DAY);
		expect(clears(shell, {}, by)).toMatchObject(refused);
	});

	test("is the exchange's alone", () => {
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		market.now = gateOf(market.state, shell, "disputes").until!;
		const payload = { entry_id: shell, gate: "disputes" };
		for (const who of [ada, operator])
			expect(market.when(who.says("exchange:clear", payload, shutBy(shell)))).toMatchObject({
				refused: { code: "sender-not-allowed", status: 403 },
			});
	});

	test("leaves the entry shut while another of its gates is", () => {
		market.given(configured({ "exchange.completion_min_deliveries": 3 }));
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		const shut = market.state.all(gates).filter(({ shutBy }) => shutBy !== null);
		expect(shut.map(({ gate }) => gate)).toEqual(["completion", "disputes"]);
		expect(market.state.all(duties).filter(({ kind }) => kind === "exchange:clear")).toHaveLength(2);

		market.now = shut[0]!.until!;
		expect(clears(shell)).toHaveProperty("logged");
		expect(market.entry(shell).gated).toBe(true);
		market.later(0);
		expect(market.entry(shell).gated).toBe(false);
		expect(market.reputation(ada)).toBe(50);
	});

	test("comes as soon as the settings of the moment it was shut say", () => {
		market.given(configured({ "exchange.gate_hours": 2 }));
		const shell = shellOf();
		disputed(shell, ...strangers.slice(0, 3));
		market.given(configured({ "exchange.gate_hours": 20 }));
		market.later(2 * HOUR);
		expect(market.entry(shell).gated).toBe(false);
	});
});

test("a seller that nobody judged has a reputation of 50", () => {
	market.accepted(ada, goods("shell"));
	expect(market.reputation(ada)).toBe(50);
});
