import { describe, expect, test } from "vitest";
import { completionGate, conversionGate, disputesGate, provisional } from "./gates";
import { DEFAULT_NUMBERS } from "./numbers";

describe("an entry leaves the matches", () => {
	test("when fewer than half of at least five deliveries were completed", () => {
		const gated = (deliveries: number, completions: number) =>
			completionGate({ deliveries, completions }, DEFAULT_NUMBERS);
		expect(gated(4, 0)).toBe(false);
		expect(gated(5, 2)).toBe(true);
		expect(gated(6, 3)).toBe(false);
	});

	test("when fewer than one in twenty of at least ten previews was bought", () => {
		const gated = (previews: number, completedOwners: number) =>
			conversionGate({ previews, completedOwners }, DEFAULT_NUMBERS);
		expect(gated(9, 0)).toBe(false);
		expect(gated(10, 0)).toBe(true);
		expect(gated(20, 1)).toBe(false);
		expect(gated(21, 1)).toBe(true);
	});

	test("when three owners disputed it", () => {
		expect(disputesGate(2, DEFAULT_NUMBERS)).toBe(false);
		expect(disputesGate(3, DEFAULT_NUMBERS)).toBe(true);
	});

	test("only for the time being while fewer than two owners with standing are behind it", () => {
		expect(provisional(1, DEFAULT_NUMBERS)).toBe(true);
		expect(provisional(2, DEFAULT_NUMBERS)).toBe(false);
	});
});
