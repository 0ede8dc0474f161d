import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foldWhatIsDue } from "../lib/doors/fold-what-is-due";
import { rebuild, verifyLog } from "../lib/log/replay";
import { chance } from "./chance";
import { type Goods, type Market, openMarket, type Purchase, type Speaker } from "./market";

/**
 * Views of then: what was answered when the log ended at a message is written down message by message along a trade that takes its
 * turns at random, and asked for again at the end.
 */
const HOUR_MS = 3_600_000;
const SEEDS = (process.env.SEED ?? "1 2").split(" ").map(Number);
const TURNS = 40;

/** What was answered, by the place in the log and the address. */
type Written = { seq: number; path: string; answer: unknown };

/** A trade of which everything that has a view of then is read after each message. */
async function told(seed: number) {
	const written: Written[] = [];
	const [buys, entries, agents] = [new Set<string>(), new Set<string>(), new Map<string, Speaker>()];
	const sessions = new Map<string, Record<string, string>>();
	const market: Market = await openMarket({
		begin: Date.UTC(2026, 10, 2),
		async heard() {
			const { messages } = await latest();
			for (const { id, tags } of messages) {
				if (tags[0] === "exchange:buy") buys.add(id);
				if (tags.includes("exchange:put")) entries.add(id);
			}
			written.push(
				...(await Promise.all(
					addresses().map(async (path) => {
						const { seq, body } = await read(path);
						return { seq, path, answer: body };
					}),
				)),
			);
		},
	});
	let last = 0;
	async function latest() {
		const { items } = await (await market.ask(`/api/messages?after=${last}&limit=500`)).json();
		last = items.at(-1)?.seq ?? last;
		return { messages: items as { id: string; tags: string[] }[] };
	}
	const addresses = () => [
		...[...entries].map((id) => `/api/entries/${id}`),
		...[...buys].map((id) => `/api/orders/${id}`),
		...[...agents.keys()].flatMap((key) => [
			`/api/agents/${key}/reputation`,
			`/api/agents/${key}/ledger?limit=3`,
		]),
	];
	async function read(path: string) {
		const key = /agents\/(\w+)\/ledger/.exec(path)?.[1];
		const answer = await market.ask(path, { headers: key ? sessions.get(key) : {} });
		return { status: answer.status, seq: Number(answer.headers.get("Seq")), body: await answer.json() };
	}
	const known = async (agent: Speaker) => {
		await market.minted(3_000, agent);
		sessions.set(agent.key, await market.session(agent));
		// Days pass in this trade.
		await market.house.sql`update sessions set expires_at = ${Date.UTC(2030, 0)}`;
		agents.set(agent.key, agent);
		return agent;
	};

	const below = chance(seed);
	const one = <T>(of: T[]): T => of[below(of.length)]!;
	const [sellers, buyers] = [
		[await known(market.agent()), await known(market.agent())],
		[await known(market.agent()), await known(market.agent())],
	];
	const shelf: Goods[] = [];
	const delivered: Purchase[] = [];
	const disputes: { id: string; of: Purchase }[] = [];
	const answers = (of: Purchase, phase: string, more = {}) =>
		market.said(
			of.buyer.says(
				`exchange:settle/${phase}`,
				{ entry_id: of.goods.id, ...more },
				{ antecedent: of.deliver },
			),
		);
	const turns: (() => Promise<unknown>)[] = [
		async () => shelf.push(await market.stocked({ seller: one(sellers), tokens: one([100, 600]) })),
		async () => {
			const put = await market.put({ seller: one(sellers) });
			const why = { entry_id: put.id, reason: "Not now.", code: "other" };
			if (below(2) === 0)
				await market.said(market.operator.says("exchange:settle/put-reject", why, { antecedent: put.id }));
		},
		async () => shelf.length > 0 && delivered.push(await market.bought(one(shelf), one(buyers))),
		async () => {
			if (shelf.length === 0) return;
			const [buyer, goods] = [one(buyers), one(shelf)];
			const { match } = await market.quoted(buyer, [goods], { budget: 500 });
			const no = { entry_id: goods.id };
			if (below(2) === 0)
				await market.said(buyer.says("exchange:settle/buyer-reject", no, { antecedent: match }));
			else market.later(2 * HOUR_MS);
		},
		async () => {
			const of = delivered.pop();
			if (of) await answers(of, "complete");
		},
		async () => {
			const of = delivered.pop();
			if (!of) return;
			if (of.goods.tokens < 500 && below(3) === 0)
				await answers(of, "small-content-dispute", { auto_refund: true });
			else disputes.push({ of, id: await market.disputed(of) });
		},
		async () => {
			const dispute = disputes.pop();
			if (!dispute) return;
			const ruling = {
				entry_id: dispute.of.goods.id,
				verdict: one(["accepted", "declined"]),
				reason: "Seen.",
			};
			await market.said(market.operator.says("exchange:settle/verdict", ruling, { antecedent: dispute.id }));
		},
		async () => {
			const changes = { [one(["exchange.lambda_bp", "exchange.burn_bp"])]: 100 + below(5_000) };
			await market.said(market.operator.says("operator:configure", { changes, reason: "A turn." }));
		},
		async () => {
			const goods = shelf[0];
			if (!goods) return;
			const word = { scope: one(["listing", "payload"]), at_fault: false, reason: "A turn." };
			const on = { antecedent: goods.id };
			await market.said(market.operator.says("operator:hide", word, on));
			await market.said(market.operator.says("operator:restore", word, on));
		},
		async () => market.later((1 + below(30)) * HOUR_MS),
	];
	for (let turn = 0; turn < TURNS; turn++) await one(turns)();
	return { market, written, read };
}

describe.each(SEEDS)("along a trade at random (seed %i)", (seed) => {
	let trade: Awaited<ReturnType<typeof told>>;
	beforeAll(async () => {
		trade = await told(seed);
	});
	afterAll(() => trade?.market.close());

	async function differing() {
		const { written, read } = trade;
		const differ: unknown[] = [];
		for (let from = 0; from < written.length; from += 16)
			await Promise.all(
				written.slice(from, from + 16).map(async ({ seq, path, answer }) => {
					const then = await read(`${path}${path.includes("?") ? "&" : "?"}as_of=${seq}`);
					if (then.seq !== seq || JSON.stringify(then.body) !== JSON.stringify(answer))
						differ.push({ seq, path, answer, then });
				}),
			);
		return differ;
	}

	test("entries, orders, purses and reputations are answered as of then as they were answered then", async () => {
		expect(trade.written.length).toBeGreaterThan(300);
		expect((await differing()).slice(0, 3)).toEqual([]);
	});

	test("also after a rebuild, and the kept past is what the log makes of it", async () => {
		const { sql, machine } = trade.market.house;
		await rebuild(sql, machine);
		expect((await differing()).slice(0, 3)).toEqual([]);
		expect((await verifyLog(sql, machine)).faults).toEqual([]);
	});
});

describe("a view of then", () => {
	let market: Market;
	let goods: Goods;
	beforeAll(async () => {
		market = await openMarket();
		goods = await market.stocked({ tokens: 600 });
	});
	afterAll(() => market.close());
	const read = async (path: string, headers: Record<string, string> = {}) => {
		const answer = await market.ask(path, { headers });
		return { status: answer.status, ...(await answer.json()) };
	};
	const head = async () => Number((await market.ask("/api/exchange")).headers.get("Seq"));
	const put = async () => (await read(`/api/messages/${goods.id}`)).seq as number;

	test("is refused past the log's end, and before the thing was there, with the message that it came with", async () => {
		const last = await head();
		expect(await read(`/api/entries/${goods.id}?as_of=${last + 1}`)).toMatchObject({
			status: 422,
			field: "/as_of",
			detail: expect.stringContaining(`message ${last}`),
		});
		const came = await put();
		for (const path of [`/api/entries/${goods.id}`, `/api/agents/${goods.seller.key}/reputation`])
			expect(await read(`${path}?as_of=${came - 1}`)).toMatchObject({
				status: 404,
				code: "not-there-yet",
				detail: expect.stringContaining(`message ${came}`),
			});
		expect(await read(`/api/entries/${goods.id}?as_of=${came}`)).toMatchObject({ status: "pending" });
		expect(await read(`/api/entries/${goods.id}?as_of=soon`)).toMatchObject({ code: "bad-parameter" });
		expect(await read(`/api/entries/${"0".repeat(64)}?as_of=1`)).toMatchObject({ code: "no-such-entry" });
	});

	test("does not ask what a buy would find, which is asked of now", async () => {
		const { buy } = await market.quoted(await market.minted(500), [goods]);
		expect(await read(`/api/orders/${buy}?as_of=1&what_if=true`)).toMatchObject({ field: "/what_if" });
	});

	test("shows a ledger to whom the ledger of now is shown, and to nobody else", async () => {
		const path = `/api/agents/${goods.seller.key}/ledger?as_of=${await head()}`;
		expect(await read(path)).toMatchObject({ code: "session-needed" });
		expect(await read(path, await market.session(market.agent()))).toMatchObject({
			code: "ledger-not-yours",
		});
		expect(await read(path, await market.session(goods.seller))).toMatchObject({
			purses: { hot: 1_000_000 },
			items: [{ why: "advance" }],
		});
	});

	test("is there also of what was logged before the past was kept: the next start folds it", async () => {
		const { sql, machine, key } = market.house;
		await sql`delete from views.history`;
		await sql`insert into rebuild_due values ('history')`;
		const said: string[] = [];
		for (let start = 0; start < 2; start++)
			await foldWhatIsDue(market.databaseUrl, key, (_, line) => said.push(line));
		expect(said).toHaveLength(1);
		expect(await read(`/api/entries/${goods.id}?as_of=${await put()}`)).toMatchObject({ status: "pending" });
		expect((await verifyLog(sql, machine)).faults).toEqual([]);
	});

	test("leaves out the words that the house hides now, also where they were seen then", async () => {
		const seen = await head();
		const path = `/api/entries/${goods.id}?as_of=${seen}`;
		expect(await read(path)).toMatchObject({ description: goods.description });
		const word = { scope: "payload", at_fault: false, reason: "For this story." };
		await market.said(market.operator.says("operator:hide", word, { antecedent: goods.id }));
		expect(await read(path)).toMatchObject({ description: "", hidden: false });
		await market.said(market.operator.says("operator:restore", word, { antecedent: goods.id }));
		expect(await read(path)).toMatchObject({ description: goods.description });
	});
});
