import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratchDatabase } from "../../db/scratch";
import { type Composing, compose, type Key, newKey } from "../client/compose";
import { found } from "../doors/found";
import { type House, openHouse } from "../doors/house";
import type { Message, Payload } from "../log/message";
import { verifyLog } from "../log/replay";
import type { Reply } from "../log/submit";

/** Two processes' worth of the exchange on one PostgreSQL, at their real doors, on a clock that a test moves on. */
const secret = randomBytes(32).toString("hex");
const operator = newKey();
let ahead = 0;
let stopped: number | undefined;
const now = () => stopped ?? Date.now() + ahead;
/** Called when a batch has been judged and is not in yet. */
let whenJudged = () => {};
/** The clock stands still at this moment, until it is stopped at another or goes on from there. */
function stopAt(moment: number) {
	stopped = moment;
}
function goOn() {
	ahead = now() - Date.now();
	stopped = undefined;
}

let database: Awaited<ReturnType<typeof scratchDatabase>>;
let sql: Sql;
let a: House;
let b: House;
const children: ChildProcess[] = [];

beforeAll(async () => {
	database = await scratchDatabase();
	sql = database.sql as unknown as Sql;
	const { url } = database;
	const step = (name: string) => {
		if (name === "folded") whenJudged();
	};
	a = await openHouse({ url, secret, now, embedder: "lexical", step });
	b = await openHouse({ url, secret, now, embedder: "lexical", step });
	await found(a, { treasuryFloatScrip: 1_000_000, operators: [operator.key] });
	await configured({ "exchange.auto_accept": false });
});

afterAll(async () => {
	for (const child of children) child.kill("SIGKILL");
	await Promise.all([a.close(), b.close()]);
	await database.drop();
});

let spoken = 0;
/** Dated a little ahead, each by more: the same words in the same millisecond would be the same message. */
function says(by: Key, operation: string, payload: Payload, how: Composing = {}): Message {
	return compose(by, a.key, operation, payload, { at: new Date(now() + spoken++), ...how });
}

const settles = (by: Key, phase: string, entry: string, antecedent: string, more: Payload = {}) =>
	says(by, `exchange:settle/${phase}`, { entry_id: entry, ...more }, { antecedent });

const send = (house: House, message: Message, waitMs = 0) =>
	house.door.submit(JSON.stringify(message), waitMs);

const configured = (changes: Payload) =>
	said(a, says(operator, "operator:configure", { changes, reason: "For these races." }));

/** Longer than any test. */
const UNTIL_ANSWERED = 3_600_000;

/** Sends what must be taken: its id, and the first reply. */
async function said(house: House, message: Message, waitMs = 0) {
	const reply = await send(house, message, waitMs);
	if (reply.refusal) throw new Error(`${reply.refusal.code}: ${reply.refusal.detail}`);
	return { id: message.id, seq: reply.message.seq, reply: reply.replies[0] };
}

/** How each was answered: the status, and why not. */
const answers = (replies: Reply[]) =>
	replies.map(({ refusal, ...reply }) =>
		refusal ? `${refusal.status} ${refusal.code}` : `${"status" in reply && reply.status}`,
	);

const count = (words: string[], word: string) => words.filter((one) => one === word).length;

let references = 0;
async function rich(amount: number): Promise<Key> {
	const agent = newKey();
	const mint = { recipient: agent.key, amount, reference: `race ${++references}` };
	await said(a, says(operator, "scrip:mint", mint));
	return agent;
}

function goods(tokens: number) {
	const name = randomBytes(6).toString("hex");
	return {
		description: `${name} explained`,
		content: `${name} `.repeat(tokens).slice(0, tokens * 4),
		token_cost: 20_000,
		content_type: "code",
	};
}

/** Accepted by the house operator, and found by searches of both processes. */
async function stocked(tokens = 100): Promise<{ entry: string; task: string }> {
	const what = goods(tokens);
	const { id } = await said(a, says(newKey(), "exchange:put", what));
	const [put] = await sql`select content_hash, tokens from views.entries where id = ${id}`;
	const { seq } = await said(
		a,
		settles(operator, "put-accept", id, id, {
			price: 1,
			appraisal: 100,
			content_hash: put!.content_hash,
			tokens: put!.tokens,
			expires_at: new Date(now() + 8_000 * 3_600_000).toISOString(),
		}),
	);
	await Promise.all([a.engine.caughtUp(seq), b.engine.caughtUp(seq)]);
	return { entry: id, task: what.description };
}

/** A match that should offer this entry: its id, and the price; undefined when it does not. */
async function offered(
	house: House,
	buyer: Key,
	{ entry, task }: { entry: string; task: string },
	budget = 90,
) {
	const { reply } = await said(house, says(buyer, "exchange:buy", { task, budget }), UNTIL_ANSWERED);
	const { results } = JSON.parse(reply!.body).payload as { results: { entry_id: string; price: number }[] };
	const one = results.find(({ entry_id }) => entry_id === entry);
	return one && { match: reply!.id, price: one.price };
}

async function quoted(...asked: Parameters<typeof offered>) {
	const offer = await offered(...asked);
	if (!offer) throw new Error("the match does not offer it");
	return offer;
}

/** Bought by a buyer of its own who has just its price: the order's id is the accept's. */
async function bought(house: House, stock: { entry: string; task: string }) {
	const buyer = await rich(90);
	const { match, price } = await quoted(house, buyer, stock);
	const { id: accept, reply } = await said(house, settles(buyer, "buyer-accept", stock.entry, match));
	return { buyer, entry: stock.entry, price, accept, deliver: reply!.id };
}

async function purse({ key }: Key) {
	const rows = await sql`select purse, amount from views.purses where owner = ${key}`;
	const of = (name: string) => Number(rows.find(({ purse }) => purse === name)?.amount ?? 0) / 1_000_000;
	return { hot: of("hot"), held: of("held") };
}

async function booksBalance() {
	const [sums] = await sql`
		select sum(amount)::text as all, sum(amount) filter (where purse = 'held')::text as held,
			(select coalesce(sum(held_micro), 0)::text from views.orders where ended_by is null) as reserved
		from views.purses`;
	expect(sums).toEqual({ all: "0", held: sums!.reserved, reserved: sums!.reserved });
}

/** Both processes look for what is due, until nothing is. */
async function allDone(): Promise<void> {
	const due = async () => (await sql`select from views.duties where due <= ${now()}`).length;
	while ((await due()) > 0) await Promise.all([a.runner.look(), b.runner.look(), pause(20)]);
}

/** Both processes look for what is due all the while. */
async function whileLooking<T>(work: Promise<T>): Promise<T> {
	let over = false;
	const looking = [a, b].map(async ({ runner }) => {
		while (!over) await Promise.all([runner.look(), pause(5)]);
	});
	try {
		return await work;
	} finally {
		over = true;
		await Promise.all(looking);
	}
}

/** When the clock passes a deadline at which many messages race. */
const MOMENTS = ["all answered", "first answered", "first judged", "late"] as const;
type Moment = (typeof MOMENTS)[number];

/**
 * Sends all at once, to both processes by turns, at a clock that stands before a deadline and is moved past it: before they
 * are sent, when the first have been judged and are not in yet, when the first is answered, or when all are.
 */
async function atDeadline(
	{ first, last }: { first: number; last: number },
	moment: Moment,
	messages: () => Message[],
): Promise<string[]> {
	stopAt(first - 1);
	const pass = () => stopAt(last + 1);
	const sent = messages();
	if (moment === "late") pass();
	if (moment === "first judged") whenJudged = pass;
	const replies = sent.map((message, i) => send(i % 2 ? a : b, message));
	if (moment === "first answered") await Promise.race(replies).then(pass);
	const all = await Promise.all(replies);
	whenJudged = () => {};
	pass();
	return answers(all);
}

/** The first and the last of some moments. */
const span = (moments: number[]) => ({ first: Math.min(...moments), last: Math.max(...moments) });

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("two processes at one log", () => {
	test("reserve as often as there is money, whoever is asked: the other accepts are short of scrip", async () => {
		const stock = await stocked();
		const { price } = await quoted(a, await rich(90), stock);
		const buyer = await rich(3 * price + price - 1);
		const matches = await Promise.all(
			Array.from({ length: 12 }, (_, i) => quoted(i % 2 ? a : b, buyer, stock, price + i)),
		);
		const replies = await Promise.all(
			matches.map(({ match }, i) => send(i % 2 ? b : a, settles(buyer, "buyer-accept", stock.entry, match))),
		);
		expect(count(answers(replies), "201")).toBe(3);
		expect(count(answers(replies), "402 short-of-scrip")).toBe(9);
		expect(await purse(buyer)).toEqual({ hot: price - 1, held: 3 * price });
		await booksBalance();
	});

	test("take the same message once, however often and wherever it comes", async () => {
		const buyer = await rich(1_000);
		const stock = await stocked();
		const everywhere = async (message: Message) => {
			const replies = await Promise.all([a, b, a, b].map((house) => send(house, message)));
			expect(answers(replies).sort()).toEqual(["200", "200", "200", "201"]);
			expect(await sql`select from messages where id = ${message.id}`).toHaveLength(1);
		};
		await everywhere(says(newKey(), "exchange:put", goods(40)));
		await everywhere(says(buyer, "exchange:buy", { task: "once", budget: 50 }));
		const { match, price } = await quoted(b, buyer, stock);
		const accept = settles(buyer, "buyer-accept", stock.entry, match);
		await everywhere(accept);
		const [{ deliver_id }] = (await sql`select deliver_id from views.orders where id = ${accept.id}`) as [
			{ deliver_id: string },
		];
		await everywhere(settles(buyer, "complete", stock.entry, deliver_id));
		expect(await purse(buyer)).toEqual({ hot: 1_000 - price, held: 0 });
	});

	test("end every order once, when complete, both disputes, refund and the exchange's own complete race for it", async () => {
		const stock = await Promise.all(Array.from({ length: 4 }, () => stocked()));
		const waves = new Map<Moment, Awaited<ReturnType<typeof bought>>[]>();
		for (const moment of MOMENTS) {
			waves.set(moment, await Promise.all(stock.map((one, i) => bought(i % 2 ? a : b, one))));
			// The deadlines of the next lie behind those of all of these.
			ahead += 1_000;
		}
		const deadline = async (column: "complete_by" | "rule_by", ids: string[]) => {
			const rows = await sql`select ${sql(column)} as due from views.orders where id in ${sql(ids)}`;
			return span(rows.map(({ due }) => Number(due)));
		};

		const racing = async () => {
			for (const [moment, wave] of waves) {
				const due = await deadline(
					"complete_by",
					wave.map(({ accept }) => accept),
				);
				const said = await atDeadline(due, moment, () =>
					wave.flatMap(({ buyer, entry, deliver }, i) => {
						const acts = [
							settles(buyer, "complete", entry, deliver),
							settles(buyer, "dispute", entry, deliver, { dispute_type: "quality_inadequate" }),
							settles(buyer, "small-content-dispute", entry, deliver, { auto_refund: true }),
						];
						return [...acts.slice(i % 3), ...acts.slice(0, i % 3)];
					}),
				);
				for (const word of said) expect(["201", "409 already-settled", "409 too-late"]).toContain(word);
				for (const [i] of wave.entries())
					expect(count(said.slice(3 * i, 3 * i + 3), "201")).toBeLessThanOrEqual(1);
			}
		};
		await whileLooking(racing());

		// What is disputed is now raced for by verdict and refund.
		const disputed = await sql`
			select id, dispute_id, entry from views.orders where status = 'disputed' order by rule_by`;
		if (disputed.length > 0) {
			const due = await deadline(
				"rule_by",
				disputed.map(({ id }) => id),
			);
			await whileLooking(
				atDeadline(due, "first answered", () =>
					disputed.map(({ dispute_id, entry }) =>
						says(
							operator,
							"exchange:settle/verdict",
							{ entry_id: entry, verdict: "declined", reason: "Read." },
							{ antecedent: dispute_id },
						),
					),
				),
			);
		}
		goOn();
		await allDone();

		const hows = new Map(MOMENTS.map((moment) => [moment, new Set<string>()]));
		const orders = [...waves].flatMap(([moment, wave]) => wave.map((order) => ({ ...order, moment })));
		for (const { moment, buyer, accept, price } of orders) {
			const settlements =
				await sql`select how, refunded_micro from views.settlements where order_id = ${accept}`;
			expect(settlements).toHaveLength(1);
			const refunded = Number(settlements[0]!.refunded_micro) / 1_000_000;
			expect([0, price]).toContain(refunded);
			expect(await purse(buyer)).toEqual({ hot: 90 - price + refunded, held: 0 });
			const ends = await sql`
				with recursive chain as (
					select id, operation from messages where id = ${accept}
					union all select m.id, m.operation from messages m join chain c on m.antecedent = c.id
				)
				select operation from chain where operation in ('exchange:settle/complete', 'exchange:settle/auto-complete',
					'exchange:settle/refund', 'exchange:settle/verdict')`;
			expect(ends).toHaveLength(1);
			hows.get(moment)!.add(settlements[0]!.how);
		}
		// The clock did come in between: what was in time was never the exchange's to complete, what was late always.
		expect(hows.get("all answered")).not.toContain("auto-complete");
		expect(hows.get("late")).toEqual(new Set(["auto-complete"]));
		await booksBalance();
	});

	test("do what is owed once, whoever made it and whoever takes it over", async () => {
		await configured({ "exchange.auto_accept": true });
		const buyers = await Promise.all(Array.from({ length: 3 }, () => rich(500)));
		const puts = Array.from({ length: 24 }, () => says(newKey(), "exchange:put", goods(60)));
		const buys = Array.from({ length: 24 }, (_, i) =>
			says(buyers[i % 3]!, "exchange:buy", { task: `anything ${i}`, budget: 100 }),
		);
		let over = false;
		// As if each lease were that of a process that is gone.
		const expiring = (async () => {
			while (!over) {
				await sql`
					update duty_leases set leased_until = 0 where duty in
						(select duty from duty_leases where not parked for update skip locked)`;
				await Promise.all([a.runner.look(), b.runner.look(), pause(5)]);
			}
		})();
		await Promise.all([...puts, ...buys].map((message, i) => send(i % 2 ? a : b, message)));
		await allDone();
		over = true;
		await expiring;

		const ids = [...puts, ...buys].map(({ id }) => id);
		const replies =
			await sql`select antecedent, count(*)::int as n from messages where antecedent in ${sql(ids)} group by 1`;
		expect(replies.map(({ n }) => n)).toEqual(ids.map(() => 1));
		expect([...a.parked, ...b.parked]).toEqual([]);
		await configured({ "exchange.auto_accept": false });
	});

	test("trade at random side by side: one order without gaps, and the views are what the log makes of it", async () => {
		const stock = [...(await Promise.all([1, 2, 3].map(() => stocked()))), await stocked(600)];
		const traders = await Promise.all(Array.from({ length: 8 }, () => rich(2_000)));
		let dice = 7;
		const below = (n: number) => {
			dice = (dice * 1_103_515_245 + 12_345) % 2_147_483_648;
			return Math.floor((dice / 2_147_483_648) * n);
		};
		const any = () => (below(2) ? a : b);
		await Promise.all(
			traders.map(async (trader) => {
				for (let n = 0; n < 4; n++) {
					if (below(3) === 0) await send(any(), says(newKey(), "exchange:put", goods(30 + below(60))));
					const chosen = stock[below(4)]!;
					const offer = await offered(any(), trader, chosen, 200);
					// By now three may have disputed it, and shut it out.
					if (!offer) continue;
					const { match } = offer;
					const asked = settles(trader, "preview-request", chosen.entry, match);
					const shown = await send(any(), asked, UNTIL_ANSWERED);
					const on = shown.refusal ? match : shown.replies[0]!.id;
					const accepted = await send(any(), settles(trader, "buyer-accept", chosen.entry, on));
					if (accepted.refusal) continue;
					const deliver = accepted.replies[0]!.id;
					const [phase, more] = (
						[
							["complete", {}],
							["small-content-dispute", { auto_refund: true }],
							["dispute", { dispute_type: "stale_content" }],
						] as const
					)[below(3)]!;
					const next = settles(trader, phase, chosen.entry, deliver, more);
					await Promise.all([send(a, next), send(b, next)]);
				}
			}),
		);
		await allDone();

		const verdict = await verifyLog(sql, a.machine);
		expect(verdict.faults).toEqual([]);
		const [order] = await sql`select count(*)::int as n, max(seq)::int as last from messages`;
		expect(order).toEqual({ n: verdict.messages, last: verdict.messages });
		expect(verdict.messages).toBeGreaterThan(300);
		await booksBalance();
	});
});

describe("a process that is killed", () => {
	test("before COMMIT of an accept has done nothing; the other one takes the same message", async () => {
		const { accept, kill, buyer, price } = await acceptedBy(await mortal("folded"));
		expect(await sql`select from messages where id = ${accept.id}`).toEqual([]);
		await kill();
		const again = await send(b, accept);
		expect(answers([again])).toEqual(["201"]);
		expect(await purse(buyer)).toEqual({ hot: 90 - price, held: price });
		expect("replies" in again && again.replies[0]!.operation).toBe("exchange:settle/deliver");
	});

	test("between COMMIT and its answer has delivered; the other one says so", async () => {
		const { accept, kill, buyer, price } = await acceptedBy(await mortal("committed"));
		await kill();
		const again = await send(b, accept);
		expect(answers([again])).toEqual(["200"]);
		expect("replies" in again && again.replies.map(({ operation }) => operation)).toEqual([
			"exchange:settle/deliver",
		]);
		expect(await purse(buyer)).toEqual({ hot: 90 - price, held: price });
	});

	test("with work in hand leaves it to the others, who finish it when its lease is over", async () => {
		const dying = await mortal("committed");
		const buyer = await rich(90);
		const buy = says(buyer, "exchange:buy", { task: "what a dead process was asked for", budget: 10 });
		await dying.hears(buy);
		await dying.kill();
		const answered = () => sql`select operation from messages where antecedent = ${buy.id}`;
		await Promise.all([a.runner.look(), b.runner.look()]);
		expect(await answered()).toEqual([]);
		ahead += 61_000;
		await allDone();
		expect(await answered()).toEqual([{ operation: "exchange:match" }]);
	});

	/** An accept that has reached the step at which its process is to be killed. */
	async function acceptedBy({ hears, kill }: Awaited<ReturnType<typeof mortal>>) {
		const stock = await stocked();
		const buyer = await rich(90);
		const { match, price } = await quoted(b, buyer, stock);
		const accept = settles(buyer, "buyer-accept", stock.entry, match);
		await hears(accept);
		return { accept, kill, buyer, price };
	}

	/** A third process, which stops for ever at this step of the first batch it writes. */
	async function mortal(step: "folded" | "committed") {
		const file = fileURLToPath(new URL("../doors/fixtures/mortal.ts", import.meta.url));
		const told = JSON.stringify({ url: database.url, secret, ahead, step });
		const child = spawn(process.execPath, ["--import", "tsx", file, told], {
			stdio: ["pipe", "pipe", "inherit"],
		});
		children.push(child);
		const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
		const heard = async (word: string) => expect((await lines.next()).value).toBe(word);
		await heard("open");
		return {
			async hears(message: Message) {
				child.stdin!.write(`${JSON.stringify(message)}\n`);
				await heard("reached");
			},
			async kill() {
				const gone = once(child, "exit");
				child.kill("SIGKILL");
				await gone;
			},
		};
	}
});
