import type { Browser, TestInfo } from "@playwright/test";
import { newKey } from "../../lib/client/compose";
import { connect, type Exchange, type Logged } from "../../lib/client/connect";
import type { Payload } from "../../lib/log/message";
import { type Started, started } from "../started";
import { expect, type Person, personAt, test } from "./given";

/*
 * A board over three Mondays, the first of which begins a year: 2026 has a week 53. Time leaps by starting the exchange again
 * on the same log with a later CLOCK_START; over the first Monday it runs.
 */
const FRIDAY = "2027-01-01T10:00:00Z";
const BEFORE_MIDNIGHT = "2027-01-03T23:59:40Z";
const LATER = "2027-01-19T08:00:00Z";

const NEED = {
	title: "arm64 cores for a release build",
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: "2027-01-01T12:00:00+01:00", end: "2027-01-03T12:00:00+01:00" },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 cores, arm64" },
	constraints: {},
	success_condition: "The release builds and its tests pass.",
	contact: "notes here",
};
const GPU = {
	...NEED,
	title: "two A100 for an evaluation",
	resources: { gpu: "2×A100 80 GB" },
	success_condition: "The evaluation ends without an error.",
};

test.describe("a board across weeks", () => {
	let exchange: Started;
	// Three starts, of which the first may build.
	test.setTimeout(900_000);
	test.afterEach(() => exchange?.remove());

	test("ends with its digest, which never changes, in an archive that leads over the seam of the years", async ({
		browser,
	}, info) => {
		exchange = await started({ CLOCK_START: FRIDAY });
		const keys = { ada: newKey(), ben: newKey(), cyd: newKey(), dan: newKey(), eve: newKey() };
		const speaking = async (name: keyof typeof keys) => connect(exchange.url, keys[name]);

		// Friday: one deal to its end, one that is agreed only, and a need that nobody answers beside an offer that fits it.
		const [ada, ben, cyd, dan, eve] = await Promise.all(
			(["ada", "ben", "cyd", "dan", "eve"] as const).map(speaking),
		);
		const done = await agreed(ada!, ben!, NEED);
		const close = await says(ben!, "board:close", CLOSE, done.agree);
		await says(ada!, "board:confirm", {}, close);
		const left = await agreed(cyd!, ben!, { ...NEED, title: "a bench on arm64" });
		const stranded = await says(dan!, "board:need", GPU);
		await says(eve!, "board:offer", {
			...GPU,
			title: "four A100 to spare",
			resources: { gpu: "4×A100 80 GB" },
		});

		let reader = await atABrowser(browser, exchange, info);
		await reader.opens("/");
		await expect(heading(reader)).toContainText("Week 53");
		await expect(reader.page.getByText("Needs met 2 of 3", { exact: false })).toBeVisible();
		await reader.opens("/board");
		await expect(reader.page.getByText("No week has ended yet", { exact: false })).toBeVisible();
		await leaves(reader);

		// Over Monday the exchange runs, and says by itself what the week came to.
		await leapsTo(BEFORE_MIDNIGHT);
		const [digest] = await digests(exchange, 1);
		expect(digest!.payload).toMatchObject({
			week: "2026-W53",
			figures: {
				posted: 4,
				answered: 2,
				matched: 2,
				closed: 1,
				stranded: 1,
				late_closures: 0,
				fill_rate_bp: 6_666,
			},
			stranded: [stranded],
		});
		expect(digest!.received_at >= "2027-01-04T00:00:00").toBe(true);
		reader = await atABrowser(browser, exchange, info);
		await reader.opens("/board/2026-W53");
		await expect(heading(reader)).toContainText("Week 53");
		const frozen = await told(reader);
		expect(frozen).toContain("66.66%");
		// What may still help is said with the need that nobody met.
		const unmet = reader.page
			.getByRole("region", { name: "Stranded needs" })
			.getByRole("listitem")
			.filter({ hasText: GPU.title });
		await expect(unmet.getByRole("link", { name: "four A100 to spare" })).toBeVisible();
		await expect(unmet.getByRole("link", { name: "Is there an answer already?" })).toBeVisible();
		await unmet.getByRole("link", { name: "Post it again" }).click();
		await expect(reader.page.getByLabel("Title")).toHaveValue(GPU.title);

		// What is closed on Monday is not in it.
		await says(await speaking("ben"), "board:close", CLOSE, left.agree);
		await reader.opens("/board/2026-W53");
		expect(await told(reader)).toBe(frozen);
		// The week that runs is a year's first, and the archive leads from one to the other.
		await reader.page.getByRole("link", { name: "This week →" }).click();
		await expect(heading(reader)).toContainText("Week 1");
		await leaves(reader);

		// Down over two more Mondays: each week has its digest all the same, once, and the late closure is in the next one.
		await leapsTo(LATER);
		const all = await digests(exchange, 3);
		expect(all.map(({ payload }) => payload.week)).toEqual(["2026-W53", "2027-W01", "2027-W02"]);
		expect(all[0]).toEqual(digest);
		expect(all[1]!.payload.figures).toMatchObject({ posted: 0, closed: 0, late_closures: 1, stranded: 0 });
		expect(all[2]!.payload.figures).toMatchObject({ posted: 0, late_closures: 0 });
		for (const { received_at } of all.slice(1)) expect(received_at.slice(0, 10)).toBe("2027-01-19");

		reader = await atABrowser(browser, exchange, info);
		await reader.opens("/board/2026-W53");
		expect(await told(reader)).toBe(frozen);
		await leadsOn(reader, "Week after", "2027-W01", "Week 1", "10 Jan");
		await leadsOn(reader, "Week after", "2027-W02", "Week 2", "17 Jan");
		await leadsOn(reader, "Week before", "2027-W01", "Week 1", "10 Jan");
		await leadsOn(reader, "Week before", "2026-W53", "Week 53", "3 Jan");
		await leadsOn(reader, "Week before", "2026-W52", "Week 52", "27 Dec");
		await reader.opens("/board");
		const rows = reader.page
			.getByRole("row")
			.filter({ has: reader.page.getByRole("link", { name: /^Week \d/ }) });
		await expect(rows.getByRole("link")).toHaveText(["Week 2 of 2027", "Week 1 of 2027", "Week 53 of 2026"]);
		await expect(rows.last()).toContainText("67%");
		await expect(
			reader.page.getByRole("img", { name: /^Needs not stranded, week over week: 66.* … 100/ }),
		).toBeVisible();
		const csv = await (await fetch(`${exchange.url}/board/weeks.csv`)).text();
		expect(csv.match(/^\d{4}-W\d\d/gm)).toEqual(["2027-W02", "2027-W01", "2026-W53"]);
		expect((await fetch(`${exchange.url}/board/2026-W54`)).status).toBe(404);
		await leaves(reader);
		expect(await exchange.run("verify")).toMatchObject({ code: 0 });

		async function leapsTo(instant: string): Promise<void> {
			expect(await exchange.stop()).toBe(0);
			exchange = await exchange.again({ CLOCK_START: instant });
		}
	});
});

const CLOSE = {
	outcome: "done",
	summary: "It is built.",
	receipts: [{ kind: "log", value: "exit 0" }],
};

/** A need of the one's that the other has answered, and the agreement on it. */
async function agreed(author: Exchange, responder: Exchange, need: Payload) {
	const post = await says(author, "board:need", need);
	const response = await says(responder, "board:respond", { message: "I have eight." }, post);
	return { post, agree: await says(author, "board:agree", {}, response) };
}

async function says(by: Exchange, operation: string, payload: Payload, antecedent?: string): Promise<string> {
	const { message } = await by.send(operation, payload, antecedent === undefined ? {} : { antecedent });
	return message.id;
}

/** The digests of the log, once there are so many; no more may be there. */
async function digests({ url }: Started, count: number): Promise<Logged[]> {
	for (;;) {
		const answer = await fetch(`${url}/api/messages?tag=board:digest`);
		const { items } = (await answer.json()) as { items: Logged[] };
		if (items.length >= count) {
			expect(items).toHaveLength(count);
			return items;
		}
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
}

async function atABrowser(browser: Browser, { url }: Started, info: TestInfo): Promise<Person> {
	return personAt(await browser.newPage(), { url }, info.outputDir);
}

async function leaves({ page, complaints }: Person): Promise<void> {
	expect(complaints).toEqual([]);
	await page.close();
}

const heading = ({ page }: Person) => page.getByRole("heading", { level: 1 });

/** All that the digest of the week on this page says. */
async function told({ page }: Person): Promise<string> {
	const section = page.getByRole("region", { name: "Digest" });
	await expect(section).toBeVisible();
	return (await section.textContent())!;
}

/** By a link of this page to a week, which says which it is. */
async function leadsOn(reader: Person, link: string, week: string, named: string, days: string) {
	await reader.page.getByRole("link", { name: link }).click();
	await reader.page.waitForURL(`**/board/${week}`);
	await expect(heading(reader)).toContainText(named);
	await expect(heading(reader)).toContainText(days);
}
