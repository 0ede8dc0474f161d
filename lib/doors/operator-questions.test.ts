import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nextCase } from "../exchange/queue";
import type { Message, Payload } from "../log/message";
import { linesOf, opened, type Visit } from "./given";
import type { Consoles, DisputeView, PutView } from "./operator-questions";
import { questions } from "./questions";

type Speaker = ReturnType<Visit["agent"]>;

let visit: Visit;
let ask: ReturnType<typeof questions>;
let house: Consoles;
/** Time that has been let pass. */
let ahead = 0;
beforeAll(async () => {
	visit = await opened({ now: () => Date.now() + ahead, embedder: "lexical" });
	ask = questions(visit.house);
	house = (await ask.consoles(visit.operator.key))!;
});
afterAll(() => visit.close());
beforeEach(() => {
	// Two minutes: what was said in the story before counts in no limit of this one.
	ahead += 120_000;
});

/** Says it, waits for the exchange's answer, and gives both. */
async function said(message: Message) {
	const response = await visit.post(message, { Prefer: "wait=20" });
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${body.code}: ${body.detail}`);
	return { id: body.message.id as string, seq: body.message.seq as number, reply: body.replies[0] };
}
const says = (operation: string, payload: Payload = {}, antecedent?: string) =>
	said(visit.operator.says(operation, payload, { antecedent }));
const grants = (subject: string, role: string) =>
	says("operator:grant", { subject, role, reason: "Known to us." });
const revokes = (subject: string, role: string) =>
	says("operator:revoke", { subject, role, reason: "No longer." });
const configures = (changes: Payload, reason = "For this story.") =>
	says("operator:configure", { changes, reason });
let references = 0;
const mints = (recipient: string, amount: number) =>
	says("scrip:mint", { recipient, amount, reference: `payment ${++references}` });

const text = (about: string, lines = 60) =>
	Array.from({ length: lines }, (_, i) => {
		const hash = createHash("sha256").update(`${about} ${i}`).digest("hex");
		return `${about}, line ${i}: ${hash}`;
	}).join("\n");
const goods = (about: string, more: Payload = {}) => ({
	description: `How ${about} works`,
	content: text(about),
	token_cost: 8_000,
	content_type: "code",
	domains: ["go"],
	...more,
});

/** A put that waits for a house operator: everything does while this story has it so. */
async function held(seller: Speaker, about: string, more: Payload = {}) {
	await configures({ "exchange.auto_accept": false });
	const response = await visit.post(seller.says("exchange:put", goods(about, more)));
	await configures({ "exchange.auto_accept": true });
	return (await response.json()).message.id as string;
}

/** Bought by this buyer, and disputed. */
async function disputed(buyer: Speaker, seller: Speaker, about: string) {
	const put = await said(seller.says("exchange:put", goods(about)));
	const entry_id = put.id;
	const buy = await said(buyer.says("exchange:buy", { task: `How does ${about} work?`, budget: 7_000 }));
	const settles = (phase: string, antecedent: string, more: Payload = {}) =>
		said(buyer.says(`exchange:settle/${phase}`, { entry_id, ...more }, { antecedent }));
	const preview = await settles("preview-request", buy.reply.id);
	const accept = await settles("buyer-accept", preview.reply.id);
	const dispute = await settles("dispute", accept.reply.id, {
		dispute_type: "content_mismatch",
		reason: "It is about something else.",
	});
	return { entry: entry_id, buy: buy.id, dispute: dispute.id };
}

const queued = async (kind?: "put" | "dispute") => (await house.queue(kind, 100)).found.cases;
const putCase = async (id: string) => (await house.case(id)) as PutView;

describe("the consoles", () => {
	test("open for house operators and auditors, and for nobody else", async () => {
		const [ada, eva] = [visit.agent(), visit.agent()];
		expect(await ask.consoles(undefined)).toBeUndefined();
		expect(await ask.consoles(ada.key)).toBeUndefined();
		await grants(ada.key, "vouched");
		await grants(ada.key, "moderator");
		expect(await ask.consoles(ada.key)).toBeUndefined();
		await grants(eva.key, "auditor");
		expect(await ask.consoles(eva.key)).toMatchObject({ isOperator: false });
		expect(await ask.consoles(visit.operator.key)).toMatchObject({ isOperator: true });
	});

	test("close for who was a house operator and is none any more", async () => {
		const ada = visit.agent();
		await grants(ada.key, "operator");
		expect(await ask.consoles(ada.key)).toBeDefined();
		await revokes(ada.key, "operator");
		expect(await ask.consoles(ada.key)).toBeUndefined();
	});
});

describe("the queue", () => {
	test("holds puts and disputes in one order: owners with standing first, then as they came", async () => {
		const [ada, bob, vic] = [visit.agent(), visit.agent(), visit.agent()];
		const first = await held(ada, "a queue's first");
		// More than 1,000 scrip from outside: that is standing.
		await mints(bob.key, 7_000);
		const { dispute } = await disputed(bob, ada, "a queue's quarrel");
		await grants(vic.key, "vouched");
		const vouched = await held(vic, "a queue's friend");
		const last = await held(ada, "a queue's last");

		const order = (await queued()).map(({ id }) => id);
		expect(order.filter((id) => [first, dispute, vouched, last].includes(id))).toEqual([
			dispute,
			vouched,
			first,
			last,
		]);
		expect((await queued("dispute")).map(({ id }) => id)).toContain(dispute);
		expect((await queued("dispute")).map(({ id }) => id)).not.toContain(first);
		expect((await queued()).find(({ id }) => id === dispute)).toMatchObject({
			kind: "dispute",
			who: bob.key,
			why: "content_mismatch",
			standing: true,
		});
		expect((await queued()).find(({ id }) => id === first)).toMatchObject({
			kind: "put",
			who: ada.key,
			why: "auto-accept-off",
			scrip: 8_000,
		});
	});

	test("leaves out what the exchange rules on by itself, unless that is parked", async () => {
		const ada = visit.agent();
		const put = await said(ada.says("exchange:put", goods("a plain put")));
		expect((await queued()).map(({ id }) => id)).not.toContain(put.id);

		const stuck = await held(ada, "a stuck put");
		const duty = `exchange:settle/put-accept:${stuck}`;
		await visit.house.sql`update views.entries set held_for = null where id = ${stuck}`;
		expect((await queued()).map(({ id }) => id)).not.toContain(stuck);
		await visit.house.sql`
			insert into duty_leases (duty, process, leased_until, tries, parked, error)
			values (${duty}, 'one that is gone', 0, 5, true, 'the embedder does not answer')`;
		expect((await queued()).find(({ id }) => id === stuck)).toMatchObject({ why: "unruled" });
		await visit.house.sql`delete from duty_leases where duty = ${duty}`;
	});

	test("shows who is at a case for half an hour, and leads past it to the next free one", async () => {
		const [ada, cyn] = [visit.agent(), visit.agent()];
		await grants(cyn.key, "operator");
		const [one, two] = [await held(ada, "a claimed one"), await held(ada, "a free one")];
		const claim = await said(cyn.says("operator:claim", {}, { antecedent: one }));
		const cases = (await queued()).filter(({ id }) => id === one || id === two);
		expect(cases[0]!.claim).toEqual({
			by: cyn.key,
			until: expect.any(Number),
			messageId: claim.id,
		});
		expect(nextCase(cases, { standing: true, seq: 0 }, visit.operator.key)!.id).toBe(two);
		expect(nextCase(cases, { standing: true, seq: 0 }, cyn.key)!.id).toBe(one);
		// From the last one back to the beginning; nothing, when there is nothing else.
		expect(nextCase(cases, cases[1]!, cyn.key)!.id).toBe(one);
		expect(nextCase(cases, cases[1]!, visit.operator.key)).toBeUndefined();

		ahead += 30 * 60_000;
		expect((await queued()).find(({ id }) => id === one)!.claim).toBeNull();
	});

	test("loses a case once it is ruled on", async () => {
		const put = await held(visit.agent(), "a rejected one");
		await says(
			"exchange:settle/put-reject",
			{ entry_id: put, reason: "Nobody asks for it.", code: "demand" },
			put,
		);
		expect((await queued()).map(({ id }) => id)).not.toContain(put);
		expect(await putCase(put)).toMatchObject({
			entry: { status: "rejected", status_reason: "demand" },
			proposed: null,
		});
	});
});

describe("a put in the queue", () => {
	test("comes with what the rules would pay, which is then admitted to the letter", async () => {
		const ada = visit.agent();
		const put = await held(ada, "a fair one");
		const { entry, proposed, seller, content, plausibility } = await putCase(put);
		expect(seller).toMatchObject({ key: ada.key, reputation: 50, accepted: 0, line: 2_000_000_000 });
		expect(content).toMatchObject({ text: text("a fair one"), whole: true, hashHolds: true });
		expect(plausibility.tokensPerByte).toBeCloseTo(8_000 / entry.bytes);
		expect(proposed).toMatchObject({ objection: null, bound: "none" });
		expect(proposed!.factors).toMatchObject({ reputation: 1, freshness: 1 });
		expect(proposed!.price).toBe(Math.floor(proposed!.appraisal / 4));

		const accept = await says(
			"exchange:settle/put-accept",
			{
				entry_id: put,
				price: proposed!.price,
				appraisal: proposed!.appraisal,
				expires_at: proposed!.expiresAt,
				factors: proposed!.factors,
				content_hash: entry.content_hash,
				tokens: entry.tokens,
			},
			put,
		);
		const after = await putCase(put);
		expect(after).toMatchObject({
			entry: { status: "live", appraisal: proposed!.appraisal, ruled_by: accept.id },
			seller: { accepted: 1, advanced: proposed!.price * 1_000_000 },
		});
	});

	test("shows whose copy it may be: the same bytes, and nearly the same", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const first = await said(ada.says("exchange:put", goods("an original")));
		expect(first.reply.tags).toContain("exchange:phase:put-accept");
		await visit.house.engine.caughtUp(first.reply.seq);

		const same = await putCase(await held(bob, "an original", { description: "All my own work" }));
		expect(same.sameBytes).toMatchObject([{ id: first.id, seller: ada.key, status: "live" }]);
		// Nothing is advanced for a copy; the one scrip is what every owner's first put pays.
		expect(same.proposed).toMatchObject({
			price: 1,
			bound: "first-scrip",
			factors: { copy_of: first.seq },
		});

		const near = await putCase(
			await held(bob, "another thing", { content: `${text("an original")}\nand one line more` }),
		);
		expect(near).toMatchObject({ analysed: true, sameBytes: [], nearly: { id: first.id, seller: ada.key } });
		expect(near.nearly!.similarity).toBeGreaterThan(0.9);
	});

	test("is no case for the id of anything else", async () => {
		expect(await house.case("0".repeat(64))).toBeUndefined();
		const { id } = await mints(visit.agent().key, 1);
		expect(await house.case(id)).toBeUndefined();
	});
});

describe("a dispute in the queue", () => {
	test("sets side by side what was asked, shown and delivered, and what both sides say", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		await mints(bob.key, 7_000);
		const { entry, buy, dispute } = await disputed(bob, ada, "a quarrel");
		await said(
			ada.says(
				"exchange:settle/evidence",
				{ entry_id: entry, reason: "It is what I described." },
				{ antecedent: dispute },
			),
		);
		const seen = (await house.case(dispute)) as DisputeView;
		expect(seen).toMatchObject({
			kind: "dispute",
			task: "How does a quarrel work?",
			own: false,
			order: { buyId: buy, disputeType: "content_mismatch", status: "disputed" },
			buyer: { key: bob.key, openDisputes: 1 },
			seller: { key: ada.key, reputation: 50 },
			content: { text: text("a quarrel"), hashHolds: true },
			evidence: {
				buyer: [{ text: "It is about something else." }],
				seller: [{ text: "It is what I described." }],
			},
			before: { buyer: { upheld: 0, declined: 0 }, seller: { upheld: 0, declined: 0 } },
		});
		for (const { content } of seen.shown) expect(text("a quarrel")).toContain(content);
		expect(seen.shown.length).toBeGreaterThan(0);
		expect(seen.timeline.at(-1)!.says).toBe("evidence added to a dispute");

		await says(
			"exchange:settle/verdict",
			{ entry_id: entry, verdict: "accepted", reason: "It is about something else." },
			dispute,
		);
		expect(await house.case(dispute)).toMatchObject({
			order: { status: "refunded" },
			before: { buyer: { upheld: 1 }, seller: { upheld: 1 } },
		});
	});

	test("says to a party that the ruling is not theirs, whichever of its keys asks", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		await mints(bob.key, 7_000);
		await grants(ada.key, "operator");
		const { dispute } = await disputed(bob, ada, "a judge's own goods");
		const judge = (await ask.consoles(ada.key))!;
		expect(await judge.case(dispute)).toMatchObject({ own: true });
		expect(await house.case(dispute)).toMatchObject({ own: false });
		await revokes(ada.key, "operator");
	});
});

describe("money", () => {
	test("adds up at every point: what was issued is burned, with the treasury, or with agents", async () => {
		await mints(visit.agent().key, 77);
		await says("scrip:burn", { amount: 5, reason: "Trying." });
		const { found } = await house.money("day");
		for (const { issued, burned, treasury, agents } of [found.totals, ...found.points])
			expect(burned + treasury + agents).toBe(issued);
		const { at, ...last } = found.points.at(-1)!;
		expect(last).toEqual(found.totals);
		expect(at).toBeLessThanOrEqual(visit.house.now());
		// Before the first message there was nothing.
		const hours = found.points.map(({ issued }) => issued);
		expect([...hours].sort((a, b) => a - b)).toEqual(hours);
	});

	test("counts supply back over steps in which nothing moved", async () => {
		const before = (await house.money("day")).found.totals;
		ahead += 3 * 3_600_000;
		await mints(visit.agent().key, 1_000);
		const { points } = (await house.money("day")).found;
		expect(points.slice(-4, -1).map(({ issued }) => issued)).toEqual([
			before.issued,
			before.issued,
			before.issued,
		]);
		expect(points.at(-1)!.issued).toBe(before.issued + 1_000_000_000);
	});

	test("says what the day may still advance, and the floor that no put reaches", async () => {
		const { today } = (await house.money("month")).found;
		expect(today.float).toBe(1_000_000_000_000);
		expect(today.floor).toBe(today.float / 4);
		expect(today.payable).toBe(today.held - today.floor);
		expect(today.released).toBeLessThanOrEqual(today.budget);
		expect(today.left).toBe(Math.max(0, today.released - today.spent));
	});

	test("lists what was minted and burned, newest first, page by page", async () => {
		const ada = visit.agent();
		await mints(ada.key, 3);
		await says("scrip:burn", { amount: 2, reason: "Too much." });
		const { items, next } = (await house.emissions(Number.MAX_SAFE_INTEGER, 2)).found;
		expect(items).toMatchObject([
			{ act: "burn", scrip: 2, to: "burned", why: "Too much.", by: visit.operator.key },
			{ act: "mint", scrip: 3, to: ada.key, why: `payment ${references}` },
		]);
		const older = (await house.emissions(next!, 2)).found.items;
		expect(older[0]!.seq).toBeLessThan(items[1]!.seq);
	});
});

describe("agents", () => {
	const keys = async (query: Parameters<Consoles["agents"]>[0]) =>
		(await house.agents(query)).found.agents.map(({ key }) => key);

	test("are found by the beginning of a key, by name and by operator_id, in any case", async () => {
		const ada = visit.agent();
		await said(ada.says("agent:profile", { name: "Ada's Workshop", operator_id: "lovelace-works" }));
		for (const q of [ada.key.slice(0, 9), "ada's w", "WORKSHOP", "lovelace"])
			expect(await keys({ q, limit: 10 })).toEqual([ada.key]);
		expect(await keys({ q: "%", limit: 10 })).toEqual([]);
	});

	test("are all that left a trace, and say what they hold and may", async () => {
		const [silent, vic] = [visit.agent(), visit.agent()];
		await mints(silent.key, 12);
		await grants(vic.key, "vouched");
		const { agents } = (await house.agents({ limit: 1_000 })).found;
		expect(agents.find(({ key }) => key === silent.key)).toMatchObject({
			hot: 12_000_000,
			lastSeenAt: null,
			reputation: 50,
			roles: [],
		});
		expect(agents.find(({ key }) => key === vic.key)).toMatchObject({ standing: true, roles: ["vouched"] });
		expect(await keys({ role: "vouched", limit: 1_000 })).toContain(vic.key);
		expect(await keys({ role: "vouched", limit: 1_000 })).not.toContain(silent.key);
		expect(await keys({ standing: true, limit: 1_000 })).toContain(vic.key);
		expect(agents.map(({ key }) => key)).not.toContain("treasury");
	});

	test("come in the order asked for, page by page", async () => {
		await mints(visit.agent().key, 50_000);
		const hot = (await house.agents({ order: "hot", limit: 1_000 })).found;
		expect(hot.agents[0]!.hot).toBeGreaterThanOrEqual(50_000_000_000);
		expect(await keys({ order: "hot", limit: 2, skip: 1 })).toEqual(
			hot.agents.slice(1, 3).map(({ key }) => key),
		);
		expect(hot.count).toBe(hot.agents.length);
	});
});

describe("settings", () => {
	test("tell each change with who, from, to and why, and name unit, bounds and meaning", async () => {
		const { id } = await configures({ "exchange.quote_minutes": 45, "exchange.line_scrip": 2_500 }, "Busy.");
		await configures({ "exchange.quote_minutes": 60, "exchange.line_scrip": 2_000 }, "Calm again.");
		const { found } = await house.settingChanges("exchange.quote_minutes");
		expect(found).toMatchObject([
			{ from: 45, to: 60, reason: "Calm again.", by: visit.operator.key },
			{ from: 60, to: 45, reason: "Busy.", id },
		]);
		const all = (await house.settingChanges()).found;
		expect(
			all
				.slice(0, 4)
				.map(({ name }) => name)
				.sort(),
		).toEqual([
			"exchange.line_scrip",
			"exchange.line_scrip",
			"exchange.quote_minutes",
			"exchange.quote_minutes",
		]);
		const settings = (await house.settings()).found;
		expect(settings["exchange.quote_minutes"]).toMatchObject({ value: 60, unit: "minutes", min: 1 });
		expect(settings["exchange.burn_bp"]).toMatchObject({ unit: "bp", max: 5_000 });
		expect(settings["exchange.brokered"]).not.toHaveProperty("unit");
		for (const [name, { what }] of Object.entries(settings))
			expect([name, what.length > 10]).toEqual([name, true]);
	});
});

describe("the audit", () => {
	const acts = async (query: Partial<Parameters<Consoles["acts"]>[0]> = {}) =>
		(await house.acts({ before: Number.MAX_SAFE_INTEGER, limit: 100, ...query })).found.items;

	test("tells every act of the house with what it is about and why, and none that the rules made", async () => {
		const ada = visit.agent();
		const auto = await said(ada.says("exchange:put", goods("an audited one")));
		const { id } = await grants(ada.key, "vouched");
		const put = await held(ada, "an audited case");
		const claim = await says("operator:claim", {}, put);
		const [claimed, ...rest] = await acts();
		expect(claimed).toMatchObject({ id: claim.id, about: { message: put }, reason: null });
		expect(rest.find((one) => one.id === id)).toMatchObject({
			operation: "operator:grant",
			by: visit.operator.key,
			about: { agent: ada.key },
			reason: "Known to us.",
			says: "role vouched granted",
		});
		expect(rest.map(({ id }) => id)).not.toContain(auto.reply.id);
	});

	test("goes back to the first float and the first house operator, which the exchange made", async () => {
		const first = await acts({ by: visit.house.key });
		expect(first.map(({ operation }) => operation)).toEqual(["operator:grant", "scrip:mint"]);
	});

	test("is narrowed by operator and by act, and keeps the acts of who is no operator any more", async () => {
		const ada = visit.agent();
		await grants(ada.key, "operator");
		const mint = await said(
			ada.says("scrip:mint", { recipient: "treasury", amount: 1, reference: "ada's one" }),
		);
		await revokes(ada.key, "operator");
		expect(await acts({ by: ada.key })).toMatchObject([{ id: mint.id, reason: "ada's one" }]);
		const burns = await acts({ operation: "scrip:burn" });
		expect(new Set(burns.map(({ operation }) => operation))).toEqual(new Set(["scrip:burn"]));
		expect(await acts({ operation: "exchange:put" })).toEqual([]);
		const { keys, operations } = await house.actFilters();
		expect(keys).toContain(ada.key);
		expect(operations).toContain("exchange:settle/verdict");
		expect(operations).not.toContain("exchange:put");
	});
});

describe("health", () => {
	test("says what is owed, what was given up and why, and takes that up again when told to", async () => {
		const ada = visit.agent();
		const put = await held(ada, "an overdue one");
		const duty = `exchange:settle/put-reject:${put}`;
		await visit.house.sql`
			insert into duty_leases (duty, process, leased_until, tries, parked, error)
			values (${duty}, 'one that is gone', 0, 5, true, 'no luck')`;
		const { owed, ...seen } = await house.health();
		expect(owed.parked).toMatchObject([
			{ id: duty, kind: "exchange:settle/put-reject", subject: put, tries: 5, error: "no luck" },
		]);
		expect(owed.kinds.find(({ kind }) => kind === "exchange:settle/put-reject")!.owed).toBeGreaterThan(0);
		expect(seen.log.seq).toBe(seen.checkpoint.size);
		expect(seen.engine).toMatchObject({ ready: true });

		const auditor = visit.agent();
		await grants(auditor.key, "auditor");
		expect(await (await ask.consoles(auditor.key))!.unpark(duty)).toBe(false);
		expect(await house.unpark(duty)).toBe(true);
		expect(await house.unpark(duty)).toBe(false);
		expect((await house.health()).owed.parked).toEqual([]);
	});

	test("names who is nearest to a limit", async () => {
		const eve = visit.agent();
		const answered = await visit.batch(
			Array.from({ length: 110 }, (_, i) => eve.says("agent:profile", { name: `Eve ${i}` })),
		);
		const lines = await linesOf<{ status: number }>(answered);
		expect(new Set(lines.map(({ status }) => status))).toEqual(new Set([201]));
		const busy = (await house.health()).busiest;
		expect(busy[0]).toMatchObject({ sender: eve.key, name: "other", count: 120, left: 10 });
		expect(busy.map(({ left, count }) => left / count)).toEqual(
			busy.map(({ left, count }) => left / count).sort((a, b) => a - b),
		);
	});
});
