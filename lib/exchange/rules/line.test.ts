import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micro, partOf } from "./fixed-point";
import { fade, type Line, lineAfterAdvance, lineAfterSale, lineMicro, newLine, recordMicro } from "./line";
import { DEFAULT_NUMBERS } from "./numbers";

const lineOf = (advances: number, earned: number): Line => ({
	advancesMicro: micro(advances),
	earnedMicro: micro(earned),
	fadedAtDay: 100,
});
const faded = (line: Line, today: number) => fade(line, today, DEFAULT_NUMBERS);
const sold = (line: Line, keptMicro: bigint) => lineAfterSale(line, keptMicro, DEFAULT_NUMBERS);

describe("the line of an owner", () => {
	test("starts at 2,000 scrip, for vouched owners at 20,000", () => {
		expect(lineMicro(newLine(100), false, DEFAULT_NUMBERS)).toBe(micro(2_000));
		expect(lineMicro(newLine(100), true, DEFAULT_NUMBERS)).toBe(micro(20_000));
	});

	test("shrinks by what was advanced and grows by 0.85 of what sales brought the treasury", () => {
		const line = sold(lineAfterAdvance(newLine(100), micro(1_500)), micro(1_000));
		expect(lineMicro(line, false, DEFAULT_NUMBERS)).toBe(micro(1_350));
	});

	test("grows by the share in force at the sale, whatever it is when the line is asked for", () => {
		const generous = { ...DEFAULT_NUMBERS, lambdaBp: 10_000 };
		expect(lineMicro(sold(newLine(100), micro(1_000)), false, generous)).toBe(micro(2_850));
	});

	test("is never negative, also when a house operator paid more than it", () => {
		expect(lineMicro(lineOf(9_000, 0), false, DEFAULT_NUMBERS)).toBe(0n);
	});

	test("holds a record only where sales earned more than was advanced", () => {
		expect(recordMicro(lineOf(1_000, 1_000))).toBe(0n);
		expect(recordMicro(lineOf(100, 850))).toBe(micro(750));
	});
});

describe("a record fades", () => {
	test("by a thirtieth a whole day, compounding", () => {
		expect(recordMicro(faded(lineOf(100, 1_000), 102))).toBe(841_000_000n);
	});

	test("not twice on one day, and not backwards", () => {
		const line = faded(lineOf(100, 1_000), 101);
		expect(faded(line, 101)).toEqual(line);
		expect(faded(line, 90)).toEqual(line);
	});

	test("the same whether it is looked at daily or once", () => {
		const amount = fc.bigInt(0n, 10n ** 16n);
		fc.assert(
			fc.property(amount, amount, fc.nat(60), fc.nat(60), (advancesMicro, earnedMicro, a, b) => {
				const line = { advancesMicro, earnedMicro, fadedAtDay: 100 };
				expect(faded(faded(line, 100 + a), 100 + a + b)).toEqual(faded(line, 100 + a + b));
			}),
		);
	});

	test("to next to nothing over thousands of years, at once", () => {
		expect(recordMicro(faded(lineOf(0, 9_000_000_000), 1_000_000_000))).toBeLessThan(30n);
	});

	test("and what was advanced beyond it is never forgiven, however long ago", () => {
		expect(faded(lineOf(2_000, 0), 5_000)).toEqual({ ...lineOf(2_000, 0), fadedAtDay: 5_000 });
		expect(faded(lineOf(2_000, 1_999), 5_000)).toMatchObject({ earnedMicro: micro(1_999) });
	});
});

test("over any course of advances, sales and days a line never exceeds its first one and 0.85 of what was kept", () => {
	const amount = fc.bigInt(0n, 10n ** 10n);
	const act = fc.oneof(
		fc.record({ advance: fc.nat(1_000) }),
		fc.record({ keptMicro: amount }),
		fc.record({ days: fc.nat(40) }),
	);
	fc.assert(
		fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
			let line = newLine(100);
			let [advanced, kept, today] = [0n, 0n, 100];
			for (const one of acts) {
				if ("days" in one) today += one.days;
				line = faded(line, today);
				if ("keptMicro" in one) {
					line = sold(line, one.keptMicro);
					kept += one.keptMicro;
				}
				if ("advance" in one) {
					const paid = partOf(lineMicro(line, false, DEFAULT_NUMBERS), one.advance * 10);
					line = lineAfterAdvance(line, paid);
					advanced += paid;
				}
				expect(advanced + lineMicro(line, false, DEFAULT_NUMBERS)).toBeLessThanOrEqual(
					micro(DEFAULT_NUMBERS.lineScrip) + partOf(kept, DEFAULT_NUMBERS.lambdaBp),
				);
			}
		}),
	);
});
