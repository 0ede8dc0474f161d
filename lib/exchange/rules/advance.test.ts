import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, type PutToPay } from "./advance";
import {
	type AdvanceDay,
	aboveFloorMicro,
	budgetLeftMicro,
	dayAfterAdvance,
	dayAfterFirstScrip,
	openAdvanceDay,
	releasedMicro,
} from "./advance-budget";
import { micro } from "./fixed-point";
import { lineAfterAdvance, lineAfterSale, newLine } from "./line";
import { DEFAULT_NUMBERS } from "./numbers";

const FLOAT = micro(1_000_000);
const today: AdvanceDay = {
	day: 100,
	budgetMicro: micro(40_000),
	spentMicro: 0n,
	beyondRecordMicro: 0n,
	firstScripsMicro: 0n,
};
const put: PutToPay = {
	appraisalScrip: 7_000,
	contentTokens: 1_000,
	nearDuplicate: false,
	firstPut: false,
	vouched: false,
	line: newLine(100),
	today,
	hourOfDay: 23,
	treasuryMicro: FLOAT,
	floatMicro: FLOAT,
};
const paid = (changed: Partial<PutToPay>) => advance({ ...put, ...changed }, DEFAULT_NUMBERS);

describe("put-accept pays a quarter of the appraisal at once", () => {
	test("when nothing binds", () => {
		expect(paid({})).toMatchObject({ priceScrip: 1_750, appraisalScrip: 7_000, bound: "none" });
	});

	test("of no more than 17.5 scrip a content token: the cost is a claim, the content is not", () => {
		expect(paid({ contentTokens: 100 })).toMatchObject({ priceScrip: 437, bound: "content" });
		expect(paid({ contentTokens: 400 })).toMatchObject({ priceScrip: 1_750, bound: "none" });
	});

	test("within the owner's line", () => {
		const line = lineAfterAdvance(newLine(100), micro(1_900));
		expect(paid({ line })).toMatchObject({ priceScrip: 100, wantedScrip: 1_750, bound: "line" });
		expect(paid({ line, vouched: true })).toMatchObject({ priceScrip: 1_750, bound: "none" });
		const justEnough = lineAfterAdvance(newLine(100), micro(250));
		expect(paid({ line: justEnough })).toMatchObject({ priceScrip: 1_750, bound: "none" });
	});

	test("within the day's budget, accepted all the same when it is used up", () => {
		expect(paid({ today: { ...today, spentMicro: micro(39_000) } })).toMatchObject({
			priceScrip: 1_000,
			bound: "budget",
		});
		expect(paid({ today: { ...today, spentMicro: micro(41_000) } })).toMatchObject({
			priceScrip: 0,
			bound: "budget",
		});
	});

	test("never from the last quarter of the float", () => {
		expect(paid({ treasuryMicro: micro(250_300) })).toMatchObject({ priceScrip: 300, bound: "floor" });
		expect(paid({ treasuryMicro: micro(100) })).toMatchObject({ priceScrip: 0, bound: "floor" });
	});

	test("and nothing for a near-duplicate", () => {
		expect(paid({ nearDuplicate: true })).toMatchObject({
			priceScrip: 0,
			appraisalScrip: 7_000,
			bound: "near-duplicate",
		});
	});
});

describe("an owner's first put", () => {
	const broke = { firstPut: true, treasuryMicro: micro(100) };

	test("pays one scrip when nothing else is left, outside line and budget", () => {
		expect(paid(broke)).toMatchObject({
			priceScrip: 1,
			bound: "first-scrip",
			advancedMicro: 0n,
			firstScripMicro: micro(1),
		});
		expect(paid({ firstPut: true, nearDuplicate: true }).priceScrip).toBe(1);
	});

	test("is appraised at no less than it pays", () => {
		expect(paid({ firstPut: true, appraisalScrip: 0 })).toMatchObject({ priceScrip: 1, appraisalScrip: 1 });
	});

	test("pays the ordinary advance when there is one, and then takes no first scrip", () => {
		expect(paid({ firstPut: true })).toMatchObject({ priceScrip: 1_750, firstScripMicro: 0n });
	});

	test("pays nothing once the first scrips of the day are 1 % of the float", () => {
		const used = (scrip: number) => ({ ...today, firstScripsMicro: micro(scrip) });
		expect(paid({ ...broke, today: used(9_999) }).priceScrip).toBe(1);
		expect(paid({ ...broke, today: used(10_000) })).toMatchObject({ priceScrip: 0, bound: "floor" });
	});

	test("pays its scrip out of the treasury's last one, and nothing out of less", () => {
		expect(paid({ firstPut: true, treasuryMicro: micro(1) }).priceScrip).toBe(1);
		expect(paid({ firstPut: true, treasuryMicro: 999_999n }).priceScrip).toBe(0);
	});
});

describe("the advance budget of a day", () => {
	const open = (treasury: number, sharesOfWeek: number) =>
		openAdvanceDay(
			100,
			{ treasuryMicro: micro(treasury), treasurySharesMicro: micro(sharesOfWeek), floatMicro: FLOAT },
			DEFAULT_NUMBERS,
		).budgetMicro;

	test("is what came in, averaged over 7 days, and a twentieth of what is held above 30 % of the float", () => {
		expect(open(1_000_000, 0)).toBe(micro(35_000));
		expect(open(300_000, 700)).toBe(micro(100));
		expect(open(200_000, 700)).toBe(micro(100));
	});

	test("is free by a quarter at midnight, by more every hour, and whole in the last", () => {
		const hours = Array.from({ length: 24 }, (_, hour) => releasedMicro(micro(920), hour, DEFAULT_NUMBERS));
		expect(hours[0]).toBe(micro(230));
		expect(hours[1]).toBe(micro(260));
		expect(hours[23]).toBe(micro(920));
		for (let hour = 1; hour < 24; hour++) expect(hours[hour]! - hours[hour - 1]!).toBe(micro(30));
	});

	test("gives at most half of what is free to advances beyond their owner's record", () => {
		const left = (record: number | undefined, changed: Partial<AdvanceDay> = {}) =>
			budgetLeftMicro(
				{ ...today, ...changed },
				23,
				record === undefined ? undefined : micro(record),
				DEFAULT_NUMBERS,
			);
		expect(left(0)).toBe(micro(20_000));
		expect(left(0, { spentMicro: micro(20_000), beyondRecordMicro: micro(20_000) })).toBe(0n);
		expect(left(500, { spentMicro: micro(20_000), beyondRecordMicro: micro(20_000) })).toBe(micro(500));
		expect(left(undefined, { spentMicro: micro(20_000), beyondRecordMicro: micro(20_000) })).toBe(
			micro(20_000),
		);
	});

	test("counts of an advance only what exceeds the record as beyond it, and of vouched owners' nothing", () => {
		expect(dayAfterAdvance(today, micro(700), micro(200))).toMatchObject({
			spentMicro: micro(700),
			beyondRecordMicro: micro(500),
		});
		expect(dayAfterAdvance(today, micro(700), undefined)).toMatchObject({
			spentMicro: micro(700),
			beyondRecordMicro: 0n,
		});
	});
});

test("whatever is put in whatever order, a day's advances stay within its budget and above the floor, first scrips aside", () => {
	const act = fc.record({
		owner: fc.nat(5),
		appraisalScrip: fc.integer({ min: 0, max: 40_000 }),
		contentTokens: fc.integer({ min: 1, max: 5_000 }),
		nearDuplicate: fc.boolean(),
		hourOfDay: fc.nat(23),
		soldScrip: fc.nat(300),
	});
	fc.assert(
		fc.property(
			fc.array(act, { maxLength: 60 }),
			fc.integer({ min: 0, max: 200_000 }),
			(acts, treasuryScrip) => {
				const floatMicro = micro(100_000);
				let treasuryMicro = micro(treasuryScrip);
				let day = openAdvanceDay(
					100,
					{ treasuryMicro, treasurySharesMicro: micro(70_000), floatMicro },
					DEFAULT_NUMBERS,
				);
				const lines = new Map<number, ReturnType<typeof newLine>>();
				for (const { owner, soldScrip, ...claim } of [...acts].sort((a, b) => a.hourOfDay - b.hourOfDay)) {
					const line = lineAfterSale(lines.get(owner) ?? newLine(100), micro(soldScrip), DEFAULT_NUMBERS);
					const vouched = owner === 5;
					const got = advance(
						{
							...put,
							...claim,
							firstPut: !lines.has(owner),
							vouched,
							line,
							today: day,
							treasuryMicro,
							floatMicro,
						},
						DEFAULT_NUMBERS,
					);
					expect(micro(got.priceScrip)).toBe(got.advancedMicro + got.firstScripMicro);
					expect(got.appraisalScrip).toBeGreaterThanOrEqual(got.priceScrip);
					expect(got.advancedMicro).toBeLessThanOrEqual(
						aboveFloorMicro(treasuryMicro, floatMicro, DEFAULT_NUMBERS),
					);
					lines.set(owner, lineAfterAdvance(line, got.advancedMicro));
					day = dayAfterFirstScrip(
						dayAfterAdvance(day, got.advancedMicro, got.recordMicro),
						got.firstScripMicro,
					);
					treasuryMicro -= micro(got.priceScrip);
					expect(treasuryMicro).toBeGreaterThanOrEqual(0n);
				}
				expect(day.spentMicro).toBeLessThanOrEqual(day.budgetMicro);
				expect(2n * day.beyondRecordMicro).toBeLessThanOrEqual(day.budgetMicro);
			},
		),
	);
});
