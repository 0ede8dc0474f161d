import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micro } from "./fixed-point";
import { DEFAULT_NUMBERS, numbersFault } from "./numbers";
import { type Sale, type Split, split } from "./split";

const sale: Sale = {
	priceMicro: micro(1_000),
	appraisalMicro: micro(7_000),
	paidMicro: micro(1_750),
	buyer: "ada",
	seller: "bob",
	workers: [],
};
const parts = (changed: Partial<Sale>) => split({ ...sale, ...changed }, DEFAULT_NUMBERS);
const paidOut = ({ maintenance }: Split) =>
	maintenance.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
const sumOf = (of: Split) =>
	of.burnMicro + of.earnOutMicro + of.residualMicro + paidOut(of) + of.treasuryMicro;

describe("a sale", () => {
	test("burns 2 %, pays the author half until its appraisal is reached, and the treasury the rest", () => {
		expect(parts({})).toEqual({
			burnMicro: micro(20),
			earnOutMicro: micro(500),
			residualMicro: 0n,
			maintenance: [],
			treasuryMicro: micro(480),
			keptMicro: micro(480),
		});
	});

	test("pays the author a tenth for ever once the appraisal is reached", () => {
		expect(parts({ paidMicro: micro(7_000) })).toMatchObject({ earnOutMicro: 0n, residualMicro: micro(100) });
		expect(parts({ paidMicro: micro(9_000) })).toMatchObject({ earnOutMicro: 0n, residualMicro: micro(100) });
	});

	test("that crosses the appraisal pays a tenth of the part beyond it", () => {
		expect(parts({ paidMicro: micro(6_900) })).toMatchObject({
			earnOutMicro: micro(100),
			residualMicro: micro(80),
		});
	});

	test("pays the author the same whether it is one or cut in two", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 2, max: 10_000 }),
				fc.nat(8_000),
				fc.nat(1_000),
				(price, missing, share) => {
					const paidMicro = sale.appraisalMicro - micro(missing);
					const author = ({ earnOutMicro, residualMicro }: Split) => earnOutMicro + residualMicro;
					const firstMicro = (micro(price) * BigInt(share)) / 1_000n;
					const first = parts({ paidMicro, priceMicro: firstMicro });
					const second = parts({
						paidMicro: paidMicro + first.earnOutMicro,
						priceMicro: micro(price) - firstMicro,
					});
					const whole = author(parts({ paidMicro, priceMicro: micro(price) }));
					const difference = author(first) + author(second) - whole;
					expect(difference).toBeGreaterThanOrEqual(-2n);
					expect(difference).toBeLessThanOrEqual(2n);
				},
			),
		);
	});
});

describe("maintenance", () => {
	test("is a tenth of what the exchange keeps, in equal parts", () => {
		expect(parts({ workers: ["cyd", "dan"] })).toMatchObject({
			maintenance: [
				{ owner: "cyd", amountMicro: micro(24) },
				{ owner: "dan", amountMicro: micro(24) },
			],
			treasuryMicro: micro(432),
			keptMicro: micro(480),
		});
	});

	test("is paid once to an owner that did two things", () => {
		expect(parts({ workers: ["cyd", "cyd"] }).maintenance).toEqual([
			{ owner: "cyd", amountMicro: micro(48) },
		]);
	});

	test("is not paid to buyer or seller, nor to anyone when they are one owner", () => {
		expect(parts({ workers: ["ada", "bob"] }).maintenance).toEqual([]);
		expect(parts({ seller: "ada", workers: ["cyd"] }).maintenance).toEqual([]);
	});
});

test("burn, author, maintenance and treasury are the price, for every price from 1 to 10,000", () => {
	const missing = [0n, 1n, 499_999n, micro(1), micro(2_500), micro(7_000)];
	for (let price = 1; price <= 10_000; price++) {
		const of = parts({
			priceMicro: micro(price),
			paidMicro: sale.appraisalMicro - missing[price % missing.length]!,
			workers: ["cyd", "dan", "eve"].slice(0, price % 4),
		});
		expect(sumOf(of)).toBe(micro(price));
		expect(of.keptMicro).toBe(of.treasuryMicro + paidOut(of));
		for (const part of [of.burnMicro, of.earnOutMicro, of.residualMicro, of.treasuryMicro])
			expect(part).toBeGreaterThanOrEqual(0n);
	}
});

test("the parts are the price under any numbers that may be in force", () => {
	const bp = (max: number) => fc.integer({ min: 0, max });
	fc.assert(
		fc.property(
			fc.record({
				burnBp: bp(5_000),
				earnOutBp: fc.integer({ min: 1, max: 5_000 }),
				residualBp: bp(5_000),
				maintenanceBp: bp(10_000),
			}),
			fc.bigInt(1n, 10n ** 13n),
			fc.bigInt(0n, 10n ** 13n),
			fc.subarray(["ada", "bob", "cyd", "dan"]),
			(changed, priceMicro, missing, workers) => {
				const numbers = { ...DEFAULT_NUMBERS, ...changed, lambdaBp: 0 };
				expect(numbersFault(numbers)).toBeUndefined();
				const appraisalMicro = 10n ** 13n;
				const of = split(
					{ ...sale, priceMicro, appraisalMicro, paidMicro: appraisalMicro - missing, workers },
					numbers,
				);
				expect(sumOf(of)).toBe(priceMicro);
				for (const part of [of.burnMicro, of.earnOutMicro, of.residualMicro, of.treasuryMicro])
					expect(part).toBeGreaterThanOrEqual(0n);
				expect(of.earnOutMicro).toBeLessThanOrEqual(missing);
			},
		),
	);
});

test("advance and earn-out reach the appraisal exactly, for any sequence of prices", () => {
	fc.assert(
		fc.property(
			fc.array(fc.bigInt(1n, 10n ** 10n), { minLength: 1, maxLength: 30 }),
			fc.bigInt(0n, 10n ** 10n),
			(prices, appraisalMicro) => {
				let paidMicro = appraisalMicro / 4n;
				for (const priceMicro of prices) {
					const before = paidMicro;
					const of = parts({ priceMicro, appraisalMicro, paidMicro });
					paidMicro += of.earnOutMicro;
					expect(paidMicro).toBeLessThanOrEqual(appraisalMicro);
					if (of.residualMicro > 0n) expect(paidMicro).toBe(appraisalMicro);
					if (before === paidMicro && priceMicro > 1n) expect(paidMicro).toBe(appraisalMicro);
				}
				const rest = parts({ priceMicro: 2n * (appraisalMicro - paidMicro), appraisalMicro, paidMicro });
				expect(paidMicro + rest.earnOutMicro).toBe(appraisalMicro);
			},
		),
	);
});
