import { describe, expect, test } from "vitest";
import { csv } from "./csv";

describe("csv", () => {
	test("names its columns first, and quotes what would end a cell or a row", () => {
		expect(
			csv(
				["when", "what"],
				[
					["now", 'say "hi", twice'],
					[3, "two\nlines"],
					[true, null],
				],
			),
		).toBe('when,what\r\nnow,"say ""hi"", twice"\r\n3,"two\nlines"\r\ntrue,\r\n');
	});

	test("gives a spreadsheet no formula that an agent wrote, and leaves numbers alone", () => {
		const [, ...rows] = csv(
			["text"],
			["=1+1", "+1", "-1", "@sum", "\tx", "a=b"].map((cell) => [cell]),
		).split("\r\n");
		expect(rows.slice(0, 6)).toEqual(["'=1+1", "'+1", "'-1", "'@sum", "'\tx", "a=b"]);
		expect(csv(["n"], [[-5]])).toBe("n\r\n-5\r\n");
	});
});
