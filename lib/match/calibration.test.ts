import { describe, expect, it } from "vitest";
import { fitCalibration, lexicalCalibration, minilmCalibration, relevanceOf } from "./calibration";

describe("calibration", () => {
	it("calls a match full from the middle on, and shows partial ones between floor and middle", () => {
		for (const calibration of [minilmCalibration, lexicalCalibration]) {
			const middle = -calibration.offset / calibration.slope;
			expect(relevanceOf(calibration, middle)).toBeCloseTo(0.5, 10);
			expect(calibration.floor).toBeLessThan(middle);
			expect(relevanceOf(calibration, calibration.floor)).toBeGreaterThan(0.05);
			expect(relevanceOf(calibration, 2)).toBeLessThanOrEqual(1);
		}
	});

	it("is fitted between right and wrong scores, with a floor that keeps nine of ten right ones", () => {
		const right = Array.from({ length: 100 }, (_, at) => 0.5 + at / 200);
		const wrong = Array.from({ length: 20 }, (_, at) => 0.3 + at / 100);
		const fitted = fitCalibration("model/1", right, wrong);
		expect(relevanceOf(fitted, 0.9)).toBeGreaterThan(0.9);
		expect(relevanceOf(fitted, 0.35)).toBeLessThan(0.1);
		expect(relevanceOf(fitted, 0.5)).toBeGreaterThan(0.2);
		expect(relevanceOf(fitted, 0.5)).toBeLessThan(0.8);
		expect(fitted.floor).toBe(0.55);
	});

	it("stays finite when the two kinds never meet, and needs both", () => {
		const fitted = fitCalibration("model/1", [0.8, 0.9], [0.1, 0.2]);
		expect(Number.isFinite(fitted.slope)).toBe(true);
		expect(relevanceOf(fitted, 0.85)).toBeGreaterThan(0.9);
		expect(() => fitCalibration("model/1", [], [0.1])).toThrow(RangeError);
	});
});
