import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { scratchDatabase } from "../scratch";
import { addressList } from "./goods/address-blocks";
import { retry } from "./goods/backoff";
import { batched } from "./goods/batch";
import { block, inBlocks } from "./goods/cidr";
import { nextRun, parseCron } from "./goods/cron";
import { csvLine, parseCsv, records } from "./goods/csv";
import { inWords, seconds } from "./goods/duration";
import { ibanFault, printedIban } from "./goods/iban";
import { LruCache } from "./goods/lru";
import { parseMoney, printMoney, scale, split } from "./goods/money";
import { SlidingWindow } from "./goods/sliding-window";
import { freeSlug, slug } from "./goods/slug";
import { Circle, layers } from "./goods/toposort";
import { edits, unifiedDiff } from "./goods/unified-diff";
import { type Name, SHELF } from "./shelf";
import { contentOf } from "./telling";

/** What the demo's agents sell is what they say it is. */

const folder = fileURLToPath(new URL("goods/", import.meta.url));
const names = Object.keys(SHELF) as Name[];
const rowsOf = async (text: string) => {
	const rows: string[][] = [];
	for await (const row of parseCsv([text])) rows.push(row);
	return rows;
};

describe("the shelf", () => {
	test("names every file there is, and no other", async () => {
		expect([...names].sort()).toEqual((await readdir(folder)).sort());
	});
	test("describes each in so few words that one vector says it all", () => {
		for (const { description, domains } of Object.values(SHELF))
			expect(`${description}\n${domains.join(" ")} demo`.length).toBeLessThanOrEqual(480);
	});
	test("has small goods and large ones: a third are below 500 tokens", async () => {
		const sizes = await Promise.all(names.map(async (name) => Buffer.byteLength(await contentOf(name)) / 4));
		const small = sizes.filter((tokens) => tokens < 500).length;
		expect(small).toBeGreaterThan(sizes.length / 4);
		expect(small).toBeLessThan(sizes.length / 2);
	});
});

describe("backoff", () => {
	test("tries again until it works, and gives the last failure when it never does", async () => {
		const fails = vi.fn(async (attempt: number) => {
			if (attempt < 3) throw new Error(`failure ${attempt}`);
			return "done";
		});
		expect(await retry(fails, { baseMs: 1 })).toBe("done");
		await expect(
			retry(async (n) => Promise.reject(new Error(`failure ${n}`)), { baseMs: 1 }),
		).rejects.toThrow("failure 5");
	});
	test("gives up at once on what cannot pass, and when aborted", async () => {
		const work = vi.fn(async () => Promise.reject(new Error("no")));
		await expect(retry(work, { retryable: () => false })).rejects.toThrow("no");
		expect(work).toHaveBeenCalledTimes(1);
		const leaving = new AbortController();
		const waiting = retry(work, { baseMs: 60_000, askedMs: () => 30_000, signal: leaving.signal });
		setImmediate(() => leaving.abort(new Error("leaving")));
		await expect(waiting).rejects.toThrow("leaving");
	});
});

describe("the sliding window", () => {
	const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });

	test("lets no more than the limit through in any window, wherever it begins", () => {
		fc.assert(
			fc.property(gaps, (gaps) => {
				const window = new SlidingWindow({ limit: 5, windowMs: 1_000, slices: 10 });
				let now = 1_000_000;
				const allowed: number[] = [];
				for (const gap of gaps) {
					now += gap;
					if (window.take("ada", now).allowed) allowed.push(now);
				}
				for (const from of allowed)
					expect(allowed.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(5);
			}),
		);
	});
	test("says how long to wait, and then allows it", () => {
		fc.assert(
			fc.property(gaps, (gaps) => {
				const window = new SlidingWindow({ limit: 3, windowMs: 1_000, slices: 10 });
				let now = 1_000_000;
				for (const gap of gaps) {
					now += gap;
					const { allowed, retryAfterMs } = window.take("ada", now);
					if (allowed) continue;
					expect(retryAfterMs).toBeLessThanOrEqual(1_100);
					now += retryAfterMs;
					expect(window.take("ada", now).allowed).toBe(true);
				}
			}),
		);
	});
	test("counts each key apart and forgets the longest idle", () => {
		const window = new SlidingWindow({ limit: 1, windowMs: 1_000, maxKeys: 2 });
		for (const key of ["ada", "bob", "cy"]) expect(window.take(key, 5_000).allowed).toBe(true);
		expect(window.take("cy", 5_000).allowed).toBe(false);
		expect(window.take("ada", 5_000).allowed).toBe(true);
	});
});

test("the cache forgets what is too old, and the longest unused when full", () => {
	let now = 0;
	const cache = new LruCache<string, number>(2, 1_000, () => now);
	cache.set("a", 1);
	cache.set("b", 2);
	cache.get("a");
	cache.set("c", 3);
	expect([cache.get("a"), cache.get("b"), cache.get("c"), cache.size]).toEqual([1, undefined, 3, 2]);
	now = 1_000;
	expect([cache.get("a"), cache.size]).toEqual([undefined, 1]);
});

test("one call is made of many, each key once, and an error is its own key's", async () => {
	const calls: string[][] = [];
	const load = batched(
		async (keys: string[]) => {
			calls.push(keys);
			return keys.map((key) => (key === "x" ? new Error("no x") : key.toUpperCase()));
		},
		{ most: 2 },
	);
	const asked = await Promise.allSettled([load("a"), load("x"), load("a"), load("c")]);
	expect(asked).toEqual([
		{ status: "fulfilled", value: "A" },
		{ status: "rejected", reason: new Error("no x") },
		{ status: "fulfilled", value: "A" },
		{ status: "fulfilled", value: "C" },
	]);
	expect(calls).toEqual([["a", "x"], ["c"]]);
});

describe("CSV", () => {
	test("reads what it writes, however the text is cut into chunks", async () => {
		const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é", "=") });
		const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
		await fc.assert(
			fc.asyncProperty(table, fc.integer({ min: 1, max: 7 }), async (rows, size) => {
				const text = `\uFEFF${rows.map((row) => csvLine(row)).join("")}`;
				const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
				const read: string[][] = [];
				for await (const row of parseCsv(chunks)) read.push(row);
				expect(read).toEqual(rows);
			}),
		);
	});
	test("takes LF, empty lines and a last line without an end; names the line at fault", async () => {
		expect(await rowsOf('a;b\n\n1,2;"x\ny"')).toEqual([["a;b"], ["1", '2;"x'], ['y"']]);
		await expect(rowsOf('a,"b\nc,d')).rejects.toThrow("line 1: a quote is opened");
		await expect(rowsOf('a\n"b"c')).rejects.toThrow('line 2: "c" stands');
		const shifted = async () => {
			for await (const _ of records(parseCsv(["a,b\r\n1,2\r\n1,2,3\r\n"])));
		};
		await expect(shifted()).rejects.toThrow("line 3: has 3 fields");
	});
	test("guards people's spreadsheets against formulas, and leaves numbers alone", () => {
		expect(csvLine(["=1+1", -5], { guarded: true })).toBe("'=1+1,-5\r\n");
	});
});

describe("cron", () => {
	const next = (line: string, after: string) => nextRun(parseCron(line), new Date(after))?.toISOString();

	test("knows steps, ranges, names, Sundays twice, and either day", () => {
		expect(next("*/15 9-10 * * *", "2026-01-01T09:45Z")).toBe("2026-01-01T10:00:00.000Z");
		expect(next("0 0 * feb mon-wed", "2026-01-01T00:00Z")).toBe("2026-02-02T00:00:00.000Z");
		expect(next("0 0 * * 7", "2026-01-01T00:00Z")).toBe("2026-01-04T00:00:00.000Z");
		expect(next("0 0 13 * 5", "2026-01-09T00:00Z")).toBe("2026-01-13T00:00:00.000Z");
		expect(next("@monthly", "2026-12-31T23:59Z")).toBe("2027-01-01T00:00:00.000Z");
	});
	test("finds a leap day years away, and says when a line never fires", () => {
		expect(next("0 0 29 2 *", "2096-03-01T00:00Z")).toBe("2104-02-29T00:00:00.000Z");
		expect(next("0 0 30 2 *", "2026-01-01T00:00Z")).toBeUndefined();
	});
	test("refuses what it does not understand, by field", () => {
		for (const [line, field] of [
			["60 * * * *", "minute"],
			["* * 0 * *", "day of month"],
			["* 5-3 * * *", "hour"],
			["* * * * */0", "day of week"],
			["* * * *", "five fields"],
		] as const)
			expect(() => parseCron(line)).toThrow(field);
	});
	test("agrees with the table that is sold beside it", async () => {
		const [, ...rows] = await rowsOf(await contentOf("cron-examples.csv"));
		expect(rows.length).toBeGreaterThan(15);
		for (const [line, , runs] of rows) {
			let at = new Date("2025-12-31T23:59Z");
			for (const run of runs!.split(" ")) {
				at = nextRun(parseCron(line!), at)!;
				expect(`${at.toISOString().slice(0, 16)}Z`).toBe(run);
			}
		}
	});
});

test("addresses: both families in one list, mapped ones too, and nothing sloppy", () => {
	const inside = addressList(["10.0.0.0/9", "10.128.0.0/9", "2001:db8::/32", "192.0.2.7"]);
	for (const address of ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "2001:DB8::1", "192.0.2.7"])
		expect(inside(address), address).toBe(true);
	for (const address of [
		"11.0.0.0",
		"2001:db9::",
		"010.1.2.3",
		"10.1",
		"fe80::1%eth0",
		"1::2::3",
		"",
		"::ffff",
	])
		expect(inside(address), address).toBe(false);
	expect(() => addressList(["10.0.0.1/8"])).toThrow("behind its prefix");
	expect(() => addressList(["10.0.0.0/33"])).toThrow("not an address block");
});

test("the first try at address blocks is right for IPv4, and knows no IPv6 whatever its seller says", () => {
	expect(inBlocks("10.1.2.3", [block("10.0.0.0/8")])).toBe(true);
	expect(inBlocks("11.1.2.3", [block("10.0.0.0/8")])).toBe(false);
	expect(() => block("2001:db8::/32")).toThrow("no CIDR block");
});

test("IBANs: right ones are right, any slip of two digits is found", () => {
	expect(ibanFault("gb82 west 1234 5698 7654 32")).toBeUndefined();
	expect(ibanFault("DE89370400440532013000")).toBeUndefined();
	expect(ibanFault("DE98370400440532013000")).toBe("checksum");
	expect(ibanFault("DE8937040044053201300")).toBe("length");
	expect(ibanFault("ZZ89370400440532013000")).toBe("country");
	expect(ibanFault("DE89-3704")).toBe("characters");
	expect(printedIban("DE89370400440532013000")).toBe("DE89 3704 0044 0532 0130 00");
});

describe("money", () => {
	test("is read and printed in its currency's digits", () => {
		for (const [text, currency] of [
			["-0.05", "EUR"],
			["1234", "JPY"],
			["1.005", "KWD"],
		] as const)
			expect(printMoney(parseMoney(text, currency))).toBe(text);
		expect(printMoney(parseMoney("7.5", "EUR"))).toBe("7.50");
		expect(() => parseMoney("1.005", "EUR")).toThrow("EUR has 2 digits");
	});
	test("is split without losing a cent, and fairly to one", () => {
		fc.assert(
			fc.property(
				fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
				fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 1, maxLength: 9 }),
				(minor, weights) => {
					fc.pre(weights.some((weight) => weight > 0n));
					const total = weights.reduce((a, b) => a + b);
					const parts = split({ currency: "EUR", minor }, weights).map((part) => part.minor);
					expect(parts.reduce((a, b) => a + b)).toBe(minor);
					for (const [i, part] of parts.entries()) {
						const off = part * total - minor * weights[i]!;
						expect((off < 0n ? -off : off) < total).toBe(true);
					}
				},
			),
		);
	});
	test("is scaled once, half away from zero", () => {
		expect(scale({ currency: "EUR", minor: 250n }, 1n, 100n).minor).toBe(3n);
		expect(scale({ currency: "EUR", minor: -250n }, 1n, 100n).minor).toBe(-3n);
		expect(scale({ currency: "EUR", minor: 249n }, 1n, 100n).minor).toBe(2n);
	});
});

test("durations are read as people and ISO 8601 write them, and said in two units", () => {
	for (const [text, is] of [
		["90", 90],
		["1h30m", 5_400],
		["2d 4h", 187_200],
		["1.5h", 5_400],
		["PT1H30M", 5_400],
		["P2DT4H", 187_200],
		["P1W", 604_800],
		["PT0.5S", 0.5],
		["1h30", undefined],
		["30m1h", undefined],
		["P1M", undefined],
		["PT", undefined],
		["P", undefined],
		["", undefined],
	] as const)
		expect(seconds(text), text).toBe(is);
	expect([5_400, 187_200, 45, 0, 3_599.7, 86_399, 3_600].map(inWords)).toEqual([
		"1h 30m",
		"2d 4h",
		"45s",
		"0s",
		"1h",
		"1d",
		"1h",
	]);
});

test("slugs are plain, cut between words, and numbered", () => {
	expect(slug("Ærøskøbing: l'été, déjà vu!")).toBe("aeroskobing-lete-deja-vu");
	expect(slug("one two three", 9)).toBe("one-two");
	expect(slug("日本語")).toBe("");
	expect(freeSlug("One", (taken) => ["one", "one-2"].includes(taken))).toBe("one-3");
});

test("layers put everything behind what it needs, and name a circle", () => {
	const needs = new Map([
		["app", ["db", "cache"]],
		["db", ["disk"]],
	]);
	expect(layers(needs)).toEqual([["cache", "disk"], ["db"], ["app"]]);
	const circle = new Map([
		["x", ["a"]],
		["a", ["b"]],
		["b", ["a"]],
	]);
	expect(() => layers(circle)).toThrow(new Circle(["a", "b", "a"]));
});

describe("the diff", () => {
	const lines = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });

	test("tells both texts whole, and is as short as can be", () => {
		fc.assert(
			fc.property(lines, lines, (before, after) => {
				const all = edits(before, after);
				const without = (kind: string) => all.filter((one) => one.kind !== kind).map(({ line }) => line);
				expect(without("+")).toEqual(before);
				expect(without("-")).toEqual(after);
				expect(all.filter(({ kind }) => kind === " ").length).toBe(common(before, after));
			}),
		);
	});
	test("is printed as diff -u prints it", () => {
		const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
		const after = "1\n2\nthree\n4\n5\n6\n7\n8\n9\nten";
		expect(unifiedDiff(before, after, { context: 1 })).toBe(
			"--- before\n+++ after\n@@ -2,3 +2,3 @@\n 2\n-3\n+three\n 4\n@@ -9 +9,2 @@\n 9\n+ten\n\\ No newline at end of file\n",
		);
		expect(unifiedDiff(before, before)).toBe("");
	});

	function common(a: string[], b: string[]): number {
		const best = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0));
		for (const [i, one] of a.entries())
			for (const [j, other] of b.entries())
				best[i + 1]![j + 1] = one === other ? best[i]![j]! + 1 : Math.max(best[i]![j + 1]!, best[i + 1]![j]!);
		return best[a.length]![b.length]!;
	}
});

describe("tables", () => {
	test("have as many fields in each row as in the header", async () => {
		for (const name of names.filter((name) => name.endsWith(".csv"))) {
			const [header, ...rows] = await rowsOf(await contentOf(name));
			for (const row of rows) expect(row.length, `${name}: ${row[0]}`).toBe(header!.length);
		}
	});
	test("number the weeks of each year as ISO 8601 does", async () => {
		const [, ...rows] = await rowsOf(await contentOf("iso-weeks.csv"));
		for (const [year, weeks, first, last, firstDay] of rows) {
			const fourth = new Date(`${year}-01-04T00:00Z`);
			fourth.setUTCDate(4 - ((fourth.getUTCDay() + 6) % 7));
			expect(first).toBe(fourth.toISOString().slice(0, 10));
			expect((Date.parse(last!) - Date.parse(first!)) / 604_800_000).toBe(Number(weeks) - 1);
			const thursday = ["Thursday", ...(new Date(`${year}-02-29`).getUTCDate() === 29 ? ["Wednesday"] : [])];
			expect(Number(weeks)).toBe(thursday.includes(firstDay!) ? 53 : 52);
		}
	});
});

test("scripts are understood by their shell", async () => {
	for (const name of names.filter((name) => name.endsWith(".sh")))
		await promisify(execFile)(name === "who-has-port.sh" ? "sh" : "bash", ["-n", `${folder}${name}`]);
});

describe("SQL", () => {
	let sql: Sql;
	let drop: () => Promise<void>;
	beforeAll(async () => {
		({ sql, drop } = (await scratchDatabase({ max: 1 })) as Awaited<ReturnType<typeof scratchDatabase>>);
		await sql`create schema goods`;
		await sql`set search_path to goods`;
	});
	afterAll(() => drop());
	const runs = async (name: Name) => sql.unsafe(await contentOf(name)).simple();

	test("finds runs of days and the silence between them", async () => {
		await sql`create table visits (person text, day date)`;
		await sql`insert into visits select 'ada', day::date from
			unnest('{2026-01-01,2026-01-02,2026-01-02,2026-01-03,2026-01-07}'::date[]) as day`;
		const rows = await runs("gaps-and-islands.sql");
		expect(rows.map(({ length, silent_days_before }) => [Number(length), silent_days_before])).toEqual([
			[3, null],
			[1, 3],
		]);
	});

	test("counts who came back, week by week, holes and all", async () => {
		await sql`create table events (person text, at timestamptz)`;
		const week = sql`(date_trunc('week', now() at time zone 'UTC') at time zone 'UTC')`;
		await sql`insert into events values
			('ada', ${week} - interval '21 days'), ('bob', ${week} - interval '20 days'), ('ada', ${week} - interval '7 days'),
			('ada', ${week} + interval '1 minute')`;
		const rows = await runs("cohort-retention.sql");
		expect(
			rows.map(({ weeks_since, active, share }) => [weeks_since, Number(active), Number(share)]),
		).toEqual([
			[0, 2, 1],
			[1, 0, 0],
			[2, 1, 0.5],
		]);
	});

	test("deletes all but the newest of duplicates, once and for all", async () => {
		await sql`create table people (email text, updated_at timestamptz, note text)`;
		await sql`insert into people values ('a@x', '2026-01-01', 'old'), ('A@x', '2026-01-02', 'new'), (null, null, 'none'),
			(null, null, 'none'), ('b@x', null, 'same'), ('b@x', null, 'same')`;
		await runs("dedupe.sql");
		const left = await sql`select note from people order by note`;
		expect(left.map(({ note }) => note)).toEqual(["new", "none", "none", "same"]);
		await expect(sql`insert into people values ('B@X')`).rejects.toThrow("people_email_once");
	});

	test("asks a database about its indexes", async () => {
		await sql`create table parents (id int primary key)`;
		await sql`create table children (id int primary key, parent int references parents, a int, b int)`;
		await sql`create index covered on children (a)`;
		await sql`create index covering on children (a, b)`;
		const answers = (await runs("index-health.sql")) as unknown as Record<string, unknown>[][];
		expect(answers).toHaveLength(6);
		expect(answers[1]!.map(({ index }) => index)).toEqual(expect.arrayContaining(["covered", "covering"]));
		const ours = (rows: Record<string, unknown>[], on: string) =>
			rows.filter((row) => row[on] === "children");
		expect(ours(answers[2]!, "on_table").map(({ covered, by_index }) => [covered, by_index])).toEqual([
			["covered", "covering"],
		]);
		expect(ours(answers[3]!, "child")).toMatchObject([{ foreign_key: "children_parent_fkey" }]);
	});

	test("tells the few that make up most", async () => {
		await sql`create table orders (customer text, total numeric)`;
		await sql`insert into orders values ('a', 50), ('a', 20), ('b', 20), ('c', 8), ('d', 2), ('e', 0)`;
		const rows = await runs("share-of-total.sql");
		expect(rows.map((row) => [row.customer, Number(row.running_percent), row.class])).toEqual([
			["a", 70, "A"],
			["b", 90, "A"],
			["c", 98, "B"],
			["d", 100, "C"],
		]);
	});

	test("counts working days as counting them one by one does, in both directions", async () => {
		await sql`create table holidays (day date)`;
		await sql`insert into holidays values ('2026-01-01'), ('2026-01-03'), ('2026-01-06')`;
		await runs("business-days.sql");
		const wrong = await sql`
			select from generate_series(date '2025-12-20', date '2026-01-20', '1 day') as a,
				generate_series(date '2025-12-20', date '2026-01-20', '1 day') as b
			where working_days(a::date, b::date) <> sign(b::date - a::date) * (
				select count(*) from generate_series(least(a, b), greatest(a, b) - interval '1 day', '1 day') as day
				where extract(isodow from day) < 6 and day::date not in (select day from holidays))`;
		expect(wrong).toHaveLength(0);
		const [far] = await sql`select working_days('1999-12-31', '2000-01-04') as days`;
		expect(far!.days).toBe(2);
	});
});
