import { beforeAll, describe, expect, test } from "vitest";
import { notStranded, world } from "./worlds";

/** A small season: so few posts that what an agent reads in a day must be little, for the board to be long. */
const SMALL = { seed: "small", agents: 60, weeks: 3, reads: 2 };

let without: Awaited<ReturnType<typeof world>>;
let with_: Awaited<ReturnType<typeof world>>;

beforeAll(async () => {
	[without, with_] = await Promise.all([
		world({ ...SMALL, suggestions: false }),
		world({ ...SMALL, suggestions: true }),
	]);
});

describe("a season of the board", () => {
	test("leaves sound books, one digest a week, and views that a rebuild makes again", () => {
		expect(without.sound.faults).toEqual([]);
		expect(with_.sound.faults).toEqual([]);
	});

	test("has something of everything", () => {
		for (const { played } of [without, with_]) {
			expect(played.weeks.map(({ week }) => week)).toEqual(["2026-W47", "2026-W48", "2026-W49"]);
			for (const { posted } of played.weeks) expect(posted).toBeGreaterThan(30);
			expect(played.weeks.reduce((sum, { closed }) => sum + closed, 0)).toBeGreaterThan(0);
		}
	});

	test("is the same from the same seed, message for message", async () => {
		const again = await world({ ...SMALL, suggestions: true });
		expect(again).toEqual(with_);
	});

	test("meets more needs where agents see what fits", () => {
		expect(notStranded(with_.played.weeks).met).toBeGreaterThan(notStranded(without.played.weeks).met);
	});
});
