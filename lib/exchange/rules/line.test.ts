import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micro } from "./fixed-point";
import {
	fade,
	fadesUntil,
	type Line,
	lineAfterAdvance,
	lineAfterSale,
	lineMicro,
	newLine,
	recordMicro,
} from "./line";
import { DEFAULT_NUMBERS } from "./numbers";

const lineOf = (advances: number, treasuryShare: number): Line => ({
	advancesMicro: micro(advances),
	treasuryShareMicro: micro(treasuryShare),
	fadedAtDay: 100,
});
const faded = (line: Line, today: number, until = today) => fade(line, today, until, DEFAULT_NUMBERS);

describe("the line of an owner", () => {
	test("starts at 2,000 scrip, for vouched owners at 20,000", () => {
		expect(lineMicro(newLine(100), false, DEFAULT_NUMBERS)).toBe(micro(2_000));
		expect(lineMicro(newLine(100), true, DEFAULT_NUMBERS)).toBe(micro(20_000));
	});

	test("shrinks by what was advanced and grows by 0.85 of what sales brought the treasury", () => {
		const line = lineAfterSale(lineAfterAdvance(newLine(100), micro(1_500)), micro(1_000));
		expect(lineMicro(line, false, DEFAULT_NUMBERS)).toBe(micro(1_350));
	});

	test("is never negative, also when a house operator paid more than it", () => {
		expect(lineMicro(lineOf(9_000, 0), false, DEFAULT_NUMBERS)).toBe(0n);
	});

	test("holds a record only where sales earned more than was advanced", () => {
		expect(recordMicro(lineOf(1_000, 1_000), DEFAULT_NUMBERS)).toBe(0n);
		expect(recordMicro(lineOf(100, 1_000), DEFAULT_NUMBERS)).toBe(micro(750));
	});
});

describe("a line fades", () => {
	test("by a thirtieth a whole day, compounding", () => {
		expect(faded(lineOf(900, 300), 102)).toEqual({
			advancesMicro: 841_000_000n,
			treasuryShareMicro: 280_333_334n,
			fadedAtDay: 102,
		});
	});

	test("not twice on one day, and not backwards", () => {
		const line = faded(lineOf(900, 300), 101);
		expect(faded(line, 101)).toEqual(line);
		expect(faded(line, 90)).toEqual(line);
	});

	test("the same whether it is looked at daily or once", () => {
		fc.assert(
			fc.property(
				fc.bigInt(0n, 10n ** 16n),
				fc.nat(60),
				fc.nat(60),
				fc.nat(130),
				(advancesMicro, a, b, until) => {
					const line = { advancesMicro, treasuryShareMicro: advancesMicro / 3n, fadedAtDay: 100 };
					const limit = 100 + until;
					expect(faded(faded(line, 100 + a, limit), 100 + a + b, limit)).toEqual(
						faded(line, 100 + a + b, limit),
					);
				},
			),
		);
	});

	test("to next to nothing over thousands of years, at once", () => {
		const line = faded(lineOf(9_000_000_000, 9_000_000_000), 1_000_000_000);
		expect(line.advancesMicro).toBeLessThan(30n);
		expect(line.treasuryShareMicro).toBeLessThan(30n);
	});

	test("for a stranger only during 30 days after a sale to standing, and what was missed is not made up for", () => {
		const stranger = { vouched: false, lastSaleToStandingDay: undefined };
		const seller = { vouched: false, lastSaleToStandingDay: 75 };
		const line = lineOf(900, 0);
		expect(faded(line, 200, fadesUntil(stranger, 200, DEFAULT_NUMBERS)).advancesMicro).toBe(micro(900));
		expect(faded(line, 200, fadesUntil(seller, 200, DEFAULT_NUMBERS))).toEqual({
			...faded(line, 105),
			fadedAtDay: 200,
		});
		expect(faded(line, 200, fadesUntil({ ...stranger, vouched: true }, 200, DEFAULT_NUMBERS))).toEqual(
			faded(line, 200),
		);
	});
});
