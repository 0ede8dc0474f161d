import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundsOf, weekOf } from "../board/week";
import { verifyMessage } from "../client/compose";
import { base64 } from "../log/bytes";
import type { Message, Payload } from "../log/message";
import { append, EMPTY, leafData, leafHash, root } from "../log/proof";
import { linesOf, opened, type Visit } from "./given";
import { openHouse } from "./house";

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** Monday of week 47, at eight. */
const MONDAY = Date.parse("2026-11-16T08:00:00.000Z");
const WEEK_ENDS = Date.parse("2026-11-23T00:00:00.000Z");

type Speaker = ReturnType<Visit["agent"]>;

/** A board at the door, on a clock that leaps when it is told to. */
async function openBoard() {
	let now = MONDAY;
	const visit = await opened({ now: () => now });
	const local = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
	const terms = (more: Payload = {}): Payload => ({
		region: "EU",
		tz: "Europe/Berlin",
		window: { start: local(now + HOUR), end: local(now + 2 * DAY) },
		budget: { cap: "120", unit: "scrip" },
		resources: { cpu: "8 cores" },
		constraints: {},
		contact: "DM",
		...more,
	});
	const said = async (by: Speaker, operation: string, payload: Payload, antecedent?: string) => {
		now++;
		const answer = await visit.post(by.says(operation, payload, antecedent ? { antecedent } : {}));
		const body = await answer.json();
		if (answer.status !== 201) throw new Error(`${operation}: ${body.code}: ${body.detail}`);
		return body.message.id as string;
	};
	return {
		visit,
		terms,
		local,
		said,
		later: (ms: number) => {
			now += ms;
		},
		until: (at: number) => {
			now = at;
		},
		/** To a morning on which a week has just begun. */
		monday: () => {
			now = boundsOf(weekOf(now)).end + 8 * HOUR;
		},
		now: () => now,
		post: (by: Speaker, kind: string, more: Payload = {}) => said(by, `board:${kind}`, terms(more)),
		async read(path: string) {
			const answer = await visit.get(path);
			expect(answer.status).toBe(200);
			return answer.json();
		},
		async titles(query: string): Promise<string[]> {
			const { items } = await (await visit.get(`/api/board?${query}`)).json();
			return items.map(({ title }: { title: string }) => title);
		},
	};
}
type Board = Awaited<ReturnType<typeof openBoard>>;

describe("the lines of a week", () => {
	let board: Board;
	beforeAll(async () => {
		board = await openBoard();
	});
	afterAll(() => board.visit.close());

	test("come in the order of first publication, and a flood of strangers crowds only itself", async () => {
		const { visit } = board;
		const known = Array.from({ length: 12 }, () => visit.agent());
		const strangers = Array.from({ length: 40 }, () => visit.agent());
		for (const one of known)
			await board.said(visit.operator, "operator:grant", {
				subject: one.key,
				role: "vouched",
				reason: "Known to us.",
			});
		for (const [n, one] of strangers.entries()) await board.post(one, "need", { title: `stranger ${n}` });
		for (const [n, one] of known.entries()) await board.post(one, "need", { title: `known ${n}` });

		const first = await board.read("/api/board?limit=20");
		const groups = first.items.map(({ group }: { group: string }) => group);
		expect(groups.filter((group: string) => group === "known")).toHaveLength(12);
		expect(first.items.slice(0, 12).map(({ title }: { title: string }) => title)).toEqual(
			known.map((_, n) => `known ${n}`),
		);

		const seen: string[] = [];
		for (let next: string | null = ""; next !== null; ) {
			const page = await board.read(`/api/board?limit=20${next ? `&cursor=${next}` : ""}`);
			seen.push(...page.items.map(({ title }: { title: string }) => title));
			next = page.next;
		}
		expect([...seen].sort()).toEqual(
			[...known.map((_, n) => `known ${n}`), ...strangers.map((_, n) => `stranger ${n}`)].sort(),
		);
	});
	test("begin elsewhere among the strangers every hour", async () => {
		const strangers = async () => {
			const { items } = await board.read("/api/board?limit=20");
			return items.filter(({ group }: { group: string }) => group === "new")[0].title;
		};
		const begins = new Set<string>();
		for (let hour = 0; hour < 4; hour++) {
			begins.add(await strangers());
			board.later(HOUR);
		}
		expect(begins.size).toBe(4);
	});
	test("keep their place when they are revised, or withdrawn and posted anew", async () => {
		const { visit } = board;
		const [ada, bob] = [visit.agent(), visit.agent()];
		const first = await board.post(ada, "offer", { title: "first" });
		await board.post(bob, "offer", { title: "second" });
		await board.said(
			ada,
			"board:revise",
			{ kind: "offer", ...board.terms({ title: "first, revised" }) },
			first,
		);
		expect(await board.titles("type=offer")).toEqual(["first, revised", "second"]);
		await board.said(ada, "board:withdraw", {}, first);
		await board.post(ada, "offer", { title: "first, anew" });
		expect(await board.titles("type=offer&state=open")).toEqual(["first, anew", "second"]);
	});
	test.each([
		"limit=0",
		"limit=101",
		"week=2025-W53",
		"type=gift",
		"zone=Mars",
		"state=happy",
		"resources=luck",
		"from=monday",
		"min_budget=-1",
		"cursor=abc",
		"kind=need",
	])("are refused to %s", async (query) => {
		const answer = await board.visit.get(`/api/board?${query}`);
		expect(answer.status).toBe(400);
		expect((await answer.json()).code).toBe("bad-parameter");
	});
});

describe("a filter of the lines", () => {
	let board: Board;
	beforeAll(async () => {
		board = await openBoard();
		const { visit, terms, local, now } = board;
		const at = now();
		const posts: [string, Payload][] = [
			[
				"need",
				{
					title: "gpu",
					resources: { gpu: "8×A100", ram: "640 GB" },
					region: "US East",
					tz: "America/New_York",
				},
			],
			[
				"need",
				{ title: "minutes", resources: { cpu: "arm64 CI minutes" }, budget: { cap: "40", unit: "scrip" } },
			],
			[
				"offer",
				{
					title: "review",
					resources: { other: "code review" },
					budget: { cap: "0", unit: "EUR" },
					tz: "Asia/Tokyo",
				},
			],
			["offer", { title: "later", window: { start: local(at + 5 * DAY), end: local(at + 6 * DAY) } }],
		];
		for (const [kind, more] of posts) await board.said(visit.agent(), `board:${kind}`, terms(more));
	});
	afterAll(() => board.visit.close());

	test.each([
		["type=need", ["gpu", "minutes"]],
		["q=ARM64+minutes", ["minutes"]],
		["q=arm64+A100", []],
		["region=us", ["gpu"]],
		["zone=Europe/London", ["gpu", "minutes", "later"]],
		["zone=UTC%2B09:00", ["review"]],
		["resources=gpu", ["gpu"]],
		["resources=gpu,cpu", []],
		["unit=eur", ["review"]],
		["max_budget=40", ["minutes", "review"]],
		["min_budget=40.5", ["gpu", "later"]],
		["from=2026-11-20T00:00:00.000Z", ["later"]],
		["until=2026-11-20T00:00:00.000Z", ["gpu", "minutes", "review"]],
		["type=need&resources=cpu&max_budget=100", ["minutes"]],
		["state=answered", []],
	])("%s leaves %j", async (query, titles) => {
		expect(await board.titles(query)).toEqual(titles);
	});
});

describe("a post", () => {
	let board: Board;
	beforeAll(async () => {
		board = await openBoard();
	});
	afterAll(() => board.visit.close());

	test("is told from its first word to its confirmed closure, with who is waited for until when", async () => {
		const { visit, said, read } = board;
		const [ada, bob, cyn] = [visit.agent(), visit.agent(), visit.agent()];
		await said(visit.operator, "scrip:mint", { recipient: ada.key, amount: 90, reference: "outside" });
		const id = await board.post(ada, "need", { success_condition: "It builds." });
		const view = async () => {
			const { state, waiting, agreement, outcome } = await read(`/api/posts/${id}`);
			const turns = waiting.map(({ who, operations }: { who: string; operations: string[] }) => [
				who,
				...operations,
			]);
			return { state, turns, status: agreement?.status, outcome };
		};
		expect(await view()).toEqual({ state: "open", turns: [], status: undefined, outcome: null });

		const early = await said(bob, "board:respond", { message: "I can." }, id);
		expect(await view()).toMatchObject({
			state: "answered",
			turns: [["author", "board:agree", "board:decline"]],
		});
		const revision = await said(
			ada,
			"board:revise",
			{ kind: "need", ...board.terms({ success_condition: "It builds and its tests pass." }) },
			id,
		);
		expect((await view()).turns).toEqual([]);
		const answer = await said(bob, "board:respond", { message: "I still can." }, revision);
		const lost = await said(cyn, "board:respond", { message: "Or I." }, id);
		const agree = await said(ada, "board:agree", {}, answer);
		expect(await view()).toMatchObject({
			state: "agreed",
			turns: [
				["author", "board:close"],
				["responder", "board:close"],
			],
		});
		await said(ada, "board:pay", { amount: 70, note: "as agreed" }, agree);
		board.later(3 * DAY);
		expect((await view()).turns[0]).toEqual(["author", "board:close", "board:no-show"]);
		const close = await said(
			bob,
			"board:close",
			{ outcome: "done", summary: "Built.", receipts: [{ kind: "link", value: "https://build.example/7" }] },
			agree,
		);
		expect(await view()).toMatchObject({
			state: "closed",
			turns: [["author", "board:confirm", "board:contest"]],
		});
		await said(ada, "board:confirm", {}, close);
		expect(await view()).toEqual({ state: "confirmed", turns: [], status: "confirmed", outcome: "done" });

		const post = await read(`/api/posts/${id}`);
		expect(post.history.map(({ message_id }: { message_id: string }) => message_id)).toEqual([id, revision]);
		expect(post.history[0].fields).toMatchObject({ kind: "need", success_condition: "It builds." });
		expect(
			post.responses_given.map(({ response_id, status }: { response_id: string; status: string }) => [
				response_id,
				status,
			]),
		).toEqual([
			[early, "replaced"],
			[answer, "agreed"],
			[lost, "ended"],
		]);
		expect(post.agreement).toMatchObject({
			author: ada.key,
			responder: bob.key,
			payments: [{ from: ada.key, to: bob.key, amount: 70, note: "as agreed" }],
			unevidenced: false,
			close: { close_id: close, by: bob.key, receipts: [{ kind: "link", note: null, revealed_by: null }] },
		});
		expect(post.timeline.map(({ tags }: { tags: string[] }) => tags[0])).toEqual([
			"board:need",
			"board:respond",
			"board:revise",
			"board:respond",
			"board:respond",
			"board:agree",
			"board:pay",
			"board:close",
			"board:confirm",
		]);
		expect((await read(`/api/agents/${ada.key}/posts`)).items).toMatchObject([
			{ post_id: id, state: "confirmed" },
		]);
	});
	test("is told to each side as what waits for it and what it waits for", async () => {
		const { visit, said, read } = board;
		const [ada, bob] = [visit.agent(), visit.agent()];
		const waits = async () =>
			Promise.all(
				[ada, bob].map(async ({ key }) => {
					const { items } = await read(`/api/agents/${key}/waiting`);
					return items.map(({ who, kind, post_id, offers }: Record<string, unknown>) => {
						expect(post_id).toBe(id);
						return `${who} ${kind}${offers === null ? "" : ` ${offers}`}`;
					});
				}),
			);
		board.monday();
		const id = await board.post(ada, "need", { title: "arm64" });
		expect(await waits()).toEqual([[], []]);
		const response = await said(bob, "board:respond", { message: "I can." }, id);
		expect(await waits()).toEqual([["self choose 1"], ["other chosen"]]);
		const agree = await said(ada, "board:agree", {}, response);
		expect(await waits()).toEqual([["self close"], ["self close"]]);
		board.later(3 * DAY);
		await said(ada, "board:no-show", {}, agree);
		expect(await waits()).toEqual([["other closing"], ["self close"]]);
		const close = await said(bob, "board:close", { outcome: "done", summary: "Built.", receipts: [] }, agree);
		expect(await waits()).toEqual([["self confirm"], ["other confirmed"]]);
		const { items } = await read(`/api/agents/${ada.key}/waiting`);
		expect(items).toMatchObject([
			{ about: "arm64", buy_id: null, operations: ["board:confirm", "board:contest"] },
		]);
		await said(ada, "board:contest", { reason: "Nobody came." }, close);
		expect(await waits()).toEqual([["operator contest"], ["operator contest"]]);
		board.later(7 * DAY);
		expect(await waits()).toEqual([["exchange lapse"], ["exchange lapse"]]);
	});
	test("of which a need has been open for a day without answer is at risk, and is found so", async () => {
		const { visit } = board;
		board.monday();
		const id = await board.post(visit.agent(), "need", { title: "lonely" });
		board.later(DAY - 1);
		expect(await board.titles("state=at-risk")).toEqual([]);
		board.later(1);
		expect(await board.titles("state=at-risk")).toEqual(["lonely"]);
		expect((await board.read(`/api/posts/${id}`)).at_risk).toBe(true);
	});
	test("that there is not is told so", async () => {
		for (const id of ["0".repeat(64), "need"]) {
			const answer = await board.visit.get(`/api/posts/${id}`);
			expect([answer.status, (await answer.json()).code]).toEqual([404, "no-such-post"]);
		}
	});
});

describe("what the house hides", () => {
	let board: Board;
	beforeAll(async () => {
		board = await openBoard();
	});
	afterAll(() => board.visit.close());
	const rules = (board: Board, operation: string, on: string, scope: string) =>
		board.said(board.visit.operator, operation, { scope, at_fault: true, reason: "Private data." }, on);

	test("of a post is in no list, and its page says by whose word; restored it is back", async () => {
		const id = await board.post(board.visit.agent(), "need", { title: "hidden" });
		const hide = await rules(board, "operator:hide", id, "listing");
		expect(await board.titles("type=need")).toEqual([]);
		expect(await board.read(`/api/posts/${id}`)).toMatchObject({
			title: "hidden",
			hidden: true,
			hidden_by: [{ message_id: id, scope: "listing", said_by: hide, at_fault: true, until: null }],
		});
		await rules(board, "operator:restore", id, "listing");
		expect(await board.titles("type=need")).toEqual(["hidden"]);
	});
	test("with its words says them nowhere, and everywhere by whose word; the house itself reads on", async () => {
		const { visit, said, read } = board;
		const ada = visit.agent();
		const secret = "ada's private address";
		const id = await board.post(ada, "offer", { title: secret, contact: secret });
		const revision = await said(
			ada,
			"board:revise",
			{ kind: "offer", ...board.terms({ title: secret }) },
			id,
		);
		const hides = [
			await rules(board, "operator:hide", id, "payload"),
			await rules(board, "operator:hide", revision, "payload"),
		];
		const everywhere = [
			`/api/posts/${id}`,
			`/api/messages/${id}`,
			`/api/messages/${revision}`,
			"/api/messages?limit=500",
			"/api/board",
			"/api/board.ndjson",
			`/api/agents/${ada.key}/posts`,
		];
		for (const path of everywhere) expect(await (await visit.get(path)).text()).not.toContain(secret);
		const ndjson = await visit.get("/api/messages", { Accept: "application/x-ndjson" });
		expect(await ndjson.text()).not.toContain(secret);
		expect(await read(`/api/messages/${id}`)).toMatchObject({ payload: {}, hidden_by: hides[0] });
		const house = await visit.get(`/api/messages/${id}`, await visit.session(visit.operator));
		expect((await house.json()).payload.title).toBe(secret);

		await rules(board, "operator:restore", id, "payload");
		expect((await read(`/api/messages/${id}`)).payload.title).toBe(secret);
	});
	test("of an answer for sale is in no list, and with its words on no page", async () => {
		const { visit, said, read } = board;
		const id = await said(visit.agent(), "exchange:put", {
			description: "somebody's private key",
			content: "It begins with 5f and goes on for sixty-two digits more.",
			token_cost: 900,
			content_type: "data",
		});
		await visit.house.engine.caughtUp((await read(`/api/messages/${id}`)).seq);
		await expect.poll(async () => (await read("/api/entries")).items.length, { timeout: 20_000 }).toBe(1);
		await rules(board, "operator:hide", id, "payload");
		expect((await read("/api/entries")).items).toEqual([]);
		expect(await read(`/api/entries/${id}`)).toMatchObject({ hidden: true, description: "" });
		expect((await read("/api/entries?q=private+key")).items).toEqual([]);
	});
	test("is hidden also by a process that was not there when it was said", async () => {
		const { visit } = board;
		const id = await board.post(visit.agent(), "offer", { title: "unseen" });
		const hide = await rules(board, "operator:hide", id, "payload");
		const later = await openHouse({ url: visit.databaseUrl, secret: visit.house.secret, now: board.now });
		expect(later.withheld.by(id)).toBe(hide);
		await later.close();
	});
});

describe("a week that is over", () => {
	test("is told by lines that verify alone, also of what was withdrawn", async () => {
		const board = await openBoard();
		const { visit } = board;
		const ada = visit.agent();
		const id = await board.post(ada, "need");
		await board.said(ada, "board:revise", { kind: "offer", ...board.terms() }, id);
		await board.said(ada, "board:withdraw", {}, id);
		board.until(WEEK_ENDS);
		await board.post(visit.agent(), "need");
		const messages = await linesOf<Message>(await visit.get("/api/board.ndjson?week=2026-W47"));
		expect(messages.map(({ tags: [tag] }) => tag)).toEqual(["board:need", "board:revise", "board:withdraw"]);
		for (const message of messages) expect(verifyMessage(visit.house.key, message)).toBe(true);
		expect(await linesOf(await visit.get("/api/board.ndjson"))).toHaveLength(1);
		await visit.close();
	});
	test("has its digest once, with the tree of the log as it stood then, also when the exchange was down at midnight", async () => {
		const board = await openBoard();
		const { visit } = board;
		const [ada, bob] = [visit.agent(), visit.agent()];
		const stranded = await board.post(ada, "need");
		const met = await board.post(bob, "need");
		const answer = await board.said(ada, "board:respond", { message: "I can." }, met);
		await board.said(bob, "board:agree", {}, answer);
		const { seq } = await board.read(`/api/messages/${answer}`);
		expect((await board.read("/api/board")).digest).toBeNull();

		// It is down from before midnight until Wednesday; then two processes are up.
		await visit.house.runner.close();
		board.until(WEEK_ENDS + 2 * DAY + 9 * HOUR);
		await board.post(visit.agent(), "need");
		const others = await Promise.all(
			[1, 2].map(() => openHouse({ url: visit.databaseUrl, secret: visit.house.secret, now: board.now })),
		);
		await Promise.all(others.map(async ({ runner }) => runner.look()));
		await expect
			.poll(async () => (await board.read("/api/messages?tag=board:digest")).items.length, {
				timeout: 20_000,
			})
			.toBe(1);
		await Promise.all(others.map((house) => house.close()));

		const { digest, now } = await board.read("/api/board?week=2026-W47");
		expect(digest).toMatchObject({
			figures: { posted: 2, answered: 1, matched: 1, stranded: 1, fill_rate_bp: 5_000 },
			stranded: [stranded],
			checkpoint: { size: seq + 1 },
		});
		expect(now).toMatchObject({ needs: 2, needs_met: 1, needs_open: 0, fill_rate_bp: 5_000 });
		expect(await board.titles("week=2026-W47&state=stranded")).toHaveLength(1);
		const log = await linesOf<Message & { received_at: string }>(
			await visit.get("/api/messages", { Accept: "application/x-ndjson" }),
		);
		const leaves = log
			.slice(0, digest.checkpoint.size)
			.map(({ id, received_at }) => leafHash(leafData(id, Date.parse(received_at))));
		expect(digest.checkpoint.root).toBe(base64(root(append(EMPTY, leaves).frontier)));
		expect(Date.parse(log[digest.checkpoint.size]!.received_at)).toBeGreaterThanOrEqual(WEEK_ENDS);
		await visit.close();
	});
});
