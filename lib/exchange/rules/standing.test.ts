import { describe, expect, test } from "vitest";
import { micro } from "./fixed-point";
import { DEFAULT_NUMBERS } from "./numbers";
import { hasStanding, type OwnerRecord } from "./standing";

const nobody: OwnerRecord = { vouched: false, mintedMicro: 0n, completedMicro: 0n, sellers: 0 };
const stands = (changed: Partial<OwnerRecord>) => hasStanding({ ...nobody, ...changed }, DEFAULT_NUMBERS);

describe("an owner has standing", () => {
	test("when a house operator vouched for it", () => {
		expect(stands({})).toBe(false);
		expect(stands({ vouched: true })).toBe(true);
	});

	test("when 1,000 scrip were minted to it", () => {
		expect(stands({ mintedMicro: micro(1_000) - 1n })).toBe(false);
		expect(stands({ mintedMicro: micro(1_000) })).toBe(true);
	});

	test("when it completed purchases of 1,000 scrip, from three owners", () => {
		expect(stands({ completedMicro: micro(1_000), sellers: 2 })).toBe(false);
		expect(stands({ completedMicro: micro(1_000) - 1n, sellers: 9 })).toBe(false);
		expect(stands({ completedMicro: micro(1_000), sellers: 3 })).toBe(true);
	});
});
