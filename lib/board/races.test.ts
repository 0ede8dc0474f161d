import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratchDatabase } from "../../db/scratch";
import { type Composing, compose, type Key, newKey } from "../client/compose";
import { type House, openHouse } from "../doors/house";
import type { Message, Payload } from "../log/message";
import type { Reply } from "../log/submit";

/** Two processes of the exchange on one PostgreSQL, at their real doors, on a clock that a test moves on. */
const secret = randomBytes(32).toString("hex");
const [HOUR, DAY] = [3_600_000, 86_400_000];
/** A Monday morning, so that no week ends in the middle of a race. */
let now = Date.parse("2026-11-16T08:00:00.000Z");
let database: Awaited<ReturnType<typeof scratchDatabase>>;
let a: House;
let b: House;

beforeAll(async () => {
	database = await scratchDatabase();
	const { url } = database;
	a = await openHouse({ url, secret, now: () => now, embedder: "lexical" });
	b = await openHouse({ url, secret, now: () => now, embedder: "lexical" });
});
afterAll(async () => {
	await Promise.all([a.close(), b.close()]);
	await database.drop();
});

/** Dated a little apart: the same words in the same millisecond would be the same message. */
const says = (by: Key, operation: string, payload: Payload, how: Composing = {}): Message =>
	compose(by, a.key, operation, payload, { at: new Date(++now), ...how });
const on = (antecedent: string) => ({ antecedent });
const send = (house: House, message: Message) => house.door.submit(JSON.stringify(message), 0);

async function said(message: Message): Promise<string> {
	const { refusal } = await send(a, message);
	if (refusal) throw new Error(`${refusal.code}: ${refusal.detail}`);
	return message.id;
}

const local = (ahead: number) => `${new Date(now + ahead).toISOString().slice(0, 19)}Z`;
const terms = (more: Payload = {}): Payload => ({
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: local(0), end: local(HOUR) },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 cores" },
	constraints: {},
	contact: "DM",
	...more,
});
const closes = (by: Key, agree: string) =>
	says(by, "board:close", { outcome: "done", summary: "Built.", receipts: [] }, on(agree));

async function answered(...responders: Key[]) {
	const author = newKey();
	const post = await said(says(author, "board:need", terms()));
	const responses: string[] = [];
	for (const one of responders)
		responses.push(await said(says(one, "board:respond", { message: "I can." }, on(post))));
	return { author, post, responses };
}
async function agreed() {
	const responder = newKey();
	const { author, post, responses } = await answered(responder);
	return { author, responder, post, agree: await said(says(author, "board:agree", {}, on(responses[0]!))) };
}

/** Sends all at once, to both processes by turns; the one that won, and what the others were told. */
async function race(messages: Message[]): Promise<{ won: string; lost: Reply["refusal"][] }> {
	const replies = await Promise.all(messages.map((message, i) => send(i % 2 ? a : b, message)));
	const winners = messages.filter((_, i) => !replies[i]!.refusal);
	expect(winners).toHaveLength(1);
	return { won: winners[0]!.id, lost: replies.flatMap(({ refusal }) => refusal ?? []) };
}

const ROUNDS = 12;
const rounds = (what: string, run: () => Promise<void>) =>
	test(what, async () => {
		for (let round = 0; round < ROUNDS; round++) await run();
	});

describe("of what races for one thing, exactly one wins, through whichever process, and the others are told which", () => {
	rounds("posts of one agent from several devices", async () => {
		const ada = newKey();
		const posts = ["offer", "need", "offer", "need"].map((kind, n) =>
			says(ada, `board:${kind}`, terms({ title: `device ${n}` })),
		);
		const { won, lost } = await race(posts);
		for (const refusal of lost) expect(refusal).toMatchObject({ status: 409, code: "slot-taken", see: won });
	});
	rounds("two agrees to two answers", async () => {
		const { author, responses } = await answered(newKey(), newKey());
		const { won, lost } = await race(responses.map((one) => says(author, "board:agree", {}, on(one))));
		expect(lost).toMatchObject([{ status: 409, code: "post-agreed", see: won }]);
	});
	rounds("two agrees that both would match one counter post", async () => {
		const bob = newKey();
		const counter_post = await said(says(bob, "board:offer", terms()));
		const deals = [await answered(), await answered()];
		const agrees: Message[] = [];
		for (const { author, post } of deals) {
			const answer = says(bob, "board:respond", { message: "I can.", counter_post }, on(post));
			agrees.push(says(author, "board:agree", {}, on(await said(answer))));
		}
		const { won, lost } = await race(agrees);
		expect(lost).toMatchObject([{ status: 409, code: "post-agreed", see: won }]);
	});
	rounds("agree and withdraw", async () => {
		const { author, post, responses } = await answered(newKey());
		const { won, lost } = await race([
			says(author, "board:agree", {}, on(responses[0]!)),
			says(author, "board:withdraw", {}, on(post)),
		]);
		expect(lost).toMatchObject([{ status: 409, see: won }]);
	});
	rounds("agree and retract", async () => {
		const bob = newKey();
		const { author, responses } = await answered(bob);
		const { won, lost } = await race([
			says(author, "board:agree", {}, on(responses[0]!)),
			says(bob, "board:retract", {}, on(responses[0]!)),
		]);
		expect(lost).toMatchObject([{ status: 409, see: won }]);
	});
	rounds("the closes of both parties", async () => {
		const { author, responder, agree } = await agreed();
		const { won, lost } = await race([closes(author, agree), closes(responder, agree)]);
		expect(lost).toMatchObject([{ status: 409, code: "already-closed", see: won }]);
	});
	rounds("confirm and contest", async () => {
		const { author, responder, agree } = await agreed();
		const close = await said(closes(author, agree));
		const { won, lost } = await race([
			says(responder, "board:confirm", {}, on(close)),
			says(responder, "board:contest", { reason: "Not so." }, on(close)),
		]);
		expect(lost).toMatchObject([{ status: 409, code: "agreement-over", see: won }]);
	});
	test("an answer and the exchange's own end of the wait: whichever is told, it is one", async () => {
		const deals: (Awaited<ReturnType<typeof agreed>> & { close: string })[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const deal = await agreed();
			deals.push({ ...deal, close: await said(closes(deal.author, deal.agree)) });
		}
		const { confirm_by } = (
			await database.sql`select min(confirm_by) as confirm_by from views.agreements where status = 'closed'`
		)[0]!;
		now = Number(confirm_by) - 1;
		const answers = deals.map(({ responder, close }) => says(responder, "board:confirm", {}, on(close)));
		const [replies] = await Promise.all([
			Promise.all(answers.map((one, i) => send(i % 2 ? a : b, one))),
			a.runner.look(),
			b.runner.look(),
		]);
		now += DAY;
		await Promise.all([a.runner.look(), b.runner.look()]);
		await expect
			.poll(
				async () =>
					(
						await database.sql`select from views.agreements where status = 'closed' and close_id = any(${deals.map(({ close }) => close)})`
					).length,
				{ timeout: 20_000, interval: 200 },
			)
			.toBe(0);
		for (const [i, { close }] of deals.entries()) {
			const [agreement] =
				await database.sql`select status, ended_by from views.agreements where close_id = ${close}`;
			const refused = replies[i]!.refusal;
			expect(agreement!.status).toBe(refused ? "one-sided" : "confirmed");
			const ends = await database.sql`select id from messages where antecedent = ${close}`;
			expect(ends.map(({ id }) => id)).toEqual([agreement!.ended_by]);
		}
	});
});
