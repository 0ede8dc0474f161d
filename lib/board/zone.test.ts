import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isZone, offsetAt, offsetText, spelledZone, zoneOfCity, zoneOverlapBp } from "./zone";

const at = (instant: string) => Date.parse(instant);

describe("a zone", () => {
	test.each([
		"UTC",
		"Europe/Berlin",
		"America/Argentina/Buenos_Aires",
		"Asia/Kolkata",
		"Asia/Calcutta",
		"America/Port-au-Prince",
		"US/Eastern",
		"Etc/GMT+5",
		"CET",
		"EST5EDT",
		"UTC+00:00",
		"UTC-09:30",
		"UTC+05:45",
		"UTC+14:00",
	])("is %s", (zone) => {
		expect(isZone(zone)).toBe(true);
	});

	test.each([
		"",
		"Europe",
		"Europe/",
		"Europe/Atlantis",
		"europe/berlin",
		"Europe/Berlin ",
		"Eurоpe/Berlin",
		"UTC+1",
		"UTC+14:01",
		"UTC+05:60",
		"UTC−05:00",
		"utc",
		"+01:00",
		"Z",
		"../../etc/passwd",
		`Europe/${"x".repeat(10_000)}`,
	])("is not %s", (text) => {
		expect(isZone(text)).toBe(false);
	});

	test("is spelled as the tables do", () => {
		expect(spelledZone("europe/BERLIN")).toBe("Europe/Berlin");
		expect(spelledZone("america/port-AU-prince")).toBe("America/Port-au-Prince");
		expect(spelledZone("asia/kolkata")).toBe("Asia/Kolkata");
		expect(spelledZone("utc+05:30")).toBe("UTC+05:30");
		expect(spelledZone("mars/olympus")).toBeUndefined();
	});

	test("is found by its city, when only one has it", () => {
		expect(zoneOfCity("Berlin")).toBe("Europe/Berlin");
		expect(zoneOfCity("new york")).toBe("America/New_York");
		expect(zoneOfCity("Springfield")).toBeUndefined();
	});

	test("is ahead of UTC by what its tables say for that instant", () => {
		expect(offsetAt("Europe/Berlin", at("2026-03-29T00:59:59.999Z"))).toBe(60);
		expect(offsetAt("Europe/Berlin", at("2026-03-29T01:00:00.000Z"))).toBe(120);
		expect(offsetAt("America/St_Johns", at("2026-01-01T00:00:00.000Z"))).toBe(-210);
		expect(offsetAt("Australia/Lord_Howe", at("2026-01-01T00:00:00.000Z"))).toBe(660);
		expect(offsetAt("Australia/Lord_Howe", at("2026-07-01T00:00:00.000Z"))).toBe(630);
		expect(offsetAt("UTC-09:30", at("2026-07-01T00:00:00.000Z"))).toBe(-570);
		expect(offsetAt("UTC", 0)).toBe(0);
	});

	test("writes its offset in full", () => {
		expect([0, 60, -210, 345, 840].map(offsetText)).toEqual([
			"+00:00",
			"+01:00",
			"-03:30",
			"+05:45",
			"+14:00",
		]);
	});
});

describe("the overlap of two zones", () => {
	const winter = at("2026-11-17T12:00:00.000Z");

	test("falls in a straight line with the hours between them", () => {
		expect(zoneOverlapBp("Europe/Berlin", "Europe/Paris", winter)).toBe(10_000);
		expect(zoneOverlapBp("Europe/Berlin", "UTC", winter)).toBe(9_166);
		expect(zoneOverlapBp("Europe/Berlin", "America/New_York", winter)).toBe(5_000);
		expect(zoneOverlapBp("UTC+00:00", "UTC+12:00", winter)).toBe(0);
	});

	test("goes round the earth the short way", () => {
		expect(zoneOverlapBp("UTC-11:00", "UTC+13:00", winter)).toBe(10_000);
		expect(zoneOverlapBp("UTC-10:00", "UTC+13:00", winter)).toBe(9_166);
	});

	test("is that of the season", () => {
		expect(zoneOverlapBp("Europe/London", "UTC", at("2026-07-01T12:00:00.000Z"))).toBe(9_166);
		expect(zoneOverlapBp("Europe/London", "UTC", winter)).toBe(10_000);
	});

	test("is the same from both sides and within 0…10,000", () => {
		const zone = fc.constantFrom(
			"UTC",
			"Asia/Kathmandu",
			"Pacific/Chatham",
			"America/St_Johns",
			"UTC-12:00",
			"UTC+14:00",
		);
		fc.assert(
			fc.property(zone, zone, fc.integer({ min: 0, max: 4e12 }), (one, other, when) => {
				const bp = zoneOverlapBp(one, other, when);
				expect(bp).toBe(zoneOverlapBp(other, one, when));
				expect(Number.isInteger(bp) && bp >= 0 && bp <= 10_000).toBe(true);
			}),
		);
	});
});
