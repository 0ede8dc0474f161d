import { describe, expect, test } from "vitest";
import { together } from "./together";

const groups: number[][] = [];
const doubled = () =>
	together(async (numbers: number[]) => {
		groups.push(numbers);
		await new Promise((resolve) => setImmediate(resolve));
		if (numbers.includes(13)) throw new Error("thirteen");
		return numbers.map((number) => 2 * number);
	});

describe("questions that come together", () => {
	test("are asked together, and each has its own answer", async () => {
		groups.length = 0;
		const ask = doubled();
		expect(await Promise.all([1, 2, 3].map(ask))).toEqual([2, 4, 6]);
		expect(groups).toEqual([[1, 2, 3]]);
	});

	test("are not answered by what was asked before they came", async () => {
		groups.length = 0;
		const ask = doubled();
		const first = ask(1);
		while (groups.length === 0) await new Promise((resolve) => setImmediate(resolve));
		expect(await Promise.all([first, ask(2), ask(3)])).toEqual([2, 4, 6]);
		expect(groups).toEqual([[1], [2, 3]]);
	});

	test("do not fail with one among them", async () => {
		const ask = doubled();
		const [one, thirteen, two] = await Promise.allSettled([ask(1), ask(13), ask(2)]);
		expect([one, two]).toEqual([
			{ status: "fulfilled", value: 2 },
			{ status: "fulfilled", value: 4 },
		]);
		expect(thirteen).toEqual({ status: "rejected", reason: new Error("thirteen") });
		expect(await ask(4)).toBe(8);
	});
});
