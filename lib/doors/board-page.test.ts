import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NeedsCursor } from "../board/sides";
import type { Payload } from "../log/message";
import { opened, type Visit } from "./given";
import { type Questions, questions } from "./questions";

const [HOUR, DAY] = [3_600_000, 86_400_000];
const MONDAY = Date.parse("2026-11-16T08:00:00.000Z");
let now = MONDAY;

let visit: Visit;
let asked: Questions;
beforeAll(async () => {
	visit = await opened({ now: () => now });
	asked = questions(visit.house);
});
afterAll(() => visit.close());

const local = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

async function posts(kind: "need" | "offer", title: string, more: Payload = {}): Promise<string> {
	now += 1_000;
	const answer = await visit.post(
		visit.agent().says(`board:${kind}`, {
			title,
			region: "EU",
			tz: "Europe/Berlin",
			window: { start: local(now + HOUR), end: local(MONDAY + 6 * DAY) },
			budget: { cap: "100", unit: "scrip" },
			resources: { cpu: "8 cores" },
			constraints: {},
			contact: "DM",
			...more,
		}),
	);
	const body = await answer.json();
	if (answer.status !== 201) throw new Error(body.detail);
	return body.message.id;
}

const titles = (items: readonly { title: string | null }[]) => items.map(({ title }) => title);

describe("the board as people read it", () => {
	test("has needs at risk before the others, each need once, page after page", async () => {
		for (let n = 0; n < 5; n++) await posts("need", `old ${n}`);
		now += DAY;
		for (let n = 0; n < 4; n++) await posts("need", `young ${n}`);
		const pages: (string | null)[][] = [];
		for (let needs: NeedsCursor | undefined, more = true; more; ) {
			const { found }: Awaited<ReturnType<Questions["boardPage"]>> = await asked.boardPage({
				needs,
				limit: 2,
			});
			pages.push(titles(found.needs.items));
			needs = found.needs.next;
			more = needs !== undefined;
		}
		expect(pages.flat().slice(0, 5).sort()).toEqual(["old 0", "old 1", "old 2", "old 3", "old 4"]);
		expect(pages.flat().slice(5).sort()).toEqual(["young 0", "young 1", "young 2", "young 3"]);
		expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
	});

	test("ends its page where those at risk fill it, and goes on with the others", async () => {
		const { found } = await asked.boardPage({ limit: 5 });
		expect(titles(found.needs.items).every((title) => title!.startsWith("old"))).toBe(true);
		const { found: next } = await asked.boardPage({ needs: found.needs.next, limit: 5 });
		expect(titles(next.needs.items).every((title) => title!.startsWith("young"))).toBe(true);
		expect(next.needs.next).toBeUndefined();
	});

	test("shows one side alone to who asks for it", async () => {
		const { found } = await asked.boardPage({ type: "offer", limit: 5 });
		expect([found.needs.items, found.offers.items]).toEqual([[], []]);
	});

	test("says what fits a line: never what is closed to it, and best first", async () => {
		const good = await posts("offer", "sixteen cores", { resources: { cpu: "16 cores" } });
		const worse = await posts("offer", "four cores", { resources: { cpu: "4 cores" } });
		await posts("offer", "a disk", { resources: { storage: "1 TB" } });
		const window = { start: local(MONDAY + 8 * DAY), end: local(MONDAY + 9 * DAY) };
		await posts("offer", "next week", { window });
		const { found } = await asked.boardPage({ q: "young 0", type: "need", limit: 5 });
		const [need] = found.needs.items;
		const { items, more } = found.fits.get(need!.post_id)!;
		expect(items.map(({ post_id }) => post_id)).toEqual([good, worse]);
		expect(more).toBe(false);
		expect(items[0]!.fit.parts.resources.bp).toBe(10_000);

		const { found: offers } = await asked.boardPage({ q: "a disk", type: "offer", limit: 5 });
		expect(offers.fits.get(offers.offers.items[0]!.post_id)!.items).toEqual([]);
	});

	test("owns to it when more could fit than it looks at", async () => {
		for (let n = 0; n < 15; n++) await posts("offer", `core farm ${n}`);
		const { found } = await asked.boardPage({ q: "young 1", type: "need", limit: 5 });
		const { items, more } = [...found.fits.values()][0]!;
		expect(items.length).toBeLessThanOrEqual(12);
		expect(more).toBe(true);
	});
});

describe("a week that is over", () => {
	test("lists its stranded needs with the offers of that week that fit them then", async () => {
		now = MONDAY + 7 * DAY;
		await expect
			.poll(async () => (await asked.digested("2026-W47")).found.digest !== undefined, { timeout: 20_000 })
			.toBe(true);
		const { found } = await asked.digested("2026-W47");
		expect(found.digest!.stranded).toHaveLength(9);
		expect(found.stranded).toHaveLength(9);
		expect(found.weeks.map(({ week }) => week)).toEqual(["2026-W47"]);
		const young = found.stranded.find(({ title }) => title === "young 0")!;
		expect(found.fits.get(young.post_id)!.items.length).toBeGreaterThan(0);
	});
	test("is none before the first post of all", async () => {
		expect((await asked.digested("2026-W40")).found).toMatchObject({ began: false, digest: undefined });
	});
});
