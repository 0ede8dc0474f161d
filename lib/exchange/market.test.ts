import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { entries, orders, settlements } from "../../db/schema/exchange";
import { purses } from "../../db/schema/scrip";
import { ownerOf } from "../agents/owner";
import { type Agent, agent, theExchange } from "../log/given";
import type { Act } from "../log/operation";
import { ISSUED, micro } from "../scrip/purse";
import { about, goods, Market, minted, operator, owned, vouched } from "./given";
import { considered, cut, settles } from "./operations/settle/given";
import { DAY_MS, HOUR_MS } from "./rules/day";
import { PREVIEW_TOKENS } from "./rules/plausibility";

/**
 * Random agents do random things, legal and not; what the log took is audited from the log alone, without asking the views
 * that decided it. Most acts point at something real, so that about half of them are legal.
 */
const people = ["ada", "bob", "cyn", "dan", "eve"].map((name) => agent(name));
const secondOperator = agent("the second house operator");

const ENDS = ["complete", "auto-complete", "verdict", "refund"].map((phase) => `exchange:settle/${phase}`);

/** Draws from what one step was given: small numbers, used up one after another. */
class Dice {
	constructor(private readonly rolls: readonly number[]) {}
	private at = 0;
	below(n: number): number {
		return (this.rolls[this.at++ % this.rolls.length] ?? 0) % n;
	}
	of<T>(all: readonly T[]): T | undefined {
		return all[this.below(Math.max(1, all.length))];
	}
	oneIn(n: number): boolean {
		return this.below(n) === 0;
	}
}

/** The log as somebody reads it who has nothing else. */
class Reader {
	constructor(readonly market: Market) {}
	private readonly byId = new Map<string, Act>();
	/** Accepts: the message that ended each, and the owner that each counted for. */
	readonly ended = new Map<string, string>();
	readonly owner = new Map<string, string>();
	private read = 0;

	/** Acts logged since the last call. */
	news(): Act[] {
		const fresh = this.market.acts.slice(this.read);
		this.read += fresh.length;
		for (const act of fresh) this.byId.set(act.id, act);
		return fresh;
	}

	all(...operations: string[]): Act[] {
		return [...this.byId.values()].filter(({ operation }) => operations.includes(operation));
	}

	phase(...phases: string[]): Act[] {
		return this.all(...phases.map((phase) => `exchange:settle/${phase}`));
	}

	/** The first act of this operation on the way back from this one. */
	back(act: Act, operation: string): Act {
		let found = act;
		while (found.operation !== operation) found = this.byId.get(found.antecedents[0]!)!;
		return found;
	}

	buyer(act: Act): string {
		return this.back(act, "exchange:buy").sender;
	}

	/** What this accept committed to: the preview's price, else the match's. */
	price(accept: Act): number {
		const on = this.byId.get(accept.antecedents[0]!)!;
		if (on.operation === "exchange:settle/preview") return on.payload.purchase_price as number;
		const results = on.payload.results as { entry_id: string; price: number }[];
		return results.find(({ entry_id }) => entry_id === accept.payload.entry_id)!.price;
	}

	open(): Act[] {
		return this.phase("buyer-accept").filter(({ id }) => !this.ended.has(id));
	}
}

/** Was it right that the log took this? */
function audit(reader: Reader, act: Act): void {
	const { market } = reader;
	const { operation, payload, sender, receivedAt } = act;
	if (!operation.startsWith("exchange:settle/") || operation.startsWith("exchange:settle/put-")) return;
	const phase = payload.phase as string;
	const match = reader.back(act, "exchange:match");
	const results = match.payload.results as { entry_id: string; price: number }[];
	const put = reader.all("exchange:put").find(({ id }) => id === payload.entry_id)!;
	const offered = results.find(({ entry_id }) => entry_id === payload.entry_id);
	assert(offered, `${phase} of what the match did not offer`);
	const { bytes } = payload.phase === "deliver" ? (payload.content as { bytes: number }) : entryOf(put);
	const small = Math.ceil(bytes / 4) < PREVIEW_TOKENS;

	const buyers = [
		"preview-request",
		"buyer-accept",
		"buyer-reject",
		"complete",
		"dispute",
		"small-content-dispute",
	];
	if (buyers.includes(phase)) assert.equal(sender, reader.buyer(act), `${phase} by somebody else`);
	if (["preview", "deliver", "refund", "auto-complete"].includes(phase))
		assert.equal(sender, theExchange.key);

	const readers = market.registry.get(operation)!.readers?.(market.state, act);
	if (phase === "deliver") assert.deepEqual(readers, [reader.buyer(act)]);
	else if (phase === "preview") assert.deepEqual(readers, [reader.buyer(act), put.sender]);
	else assert.equal(readers, undefined);

	if (phase === "preview-request" || phase === "preview") assert(!small, "a preview of small content");
	if (phase === "buyer-accept") auditAccept(reader, act, match, small);
	if (
		["deliver", ...ENDS.map((name) => name.split("/")[1]), "dispute", "small-content-dispute"].includes(phase)
	) {
		const accept = reader.back(act, "exchange:settle/buyer-accept");
		assert.equal(payload.entry_id, accept.payload.entry_id, `${phase} of another entry`);
		assert(!reader.ended.has(accept.id), `${phase} after the order had ended`);
		const same = reader.phase(phase).filter((one) => reader.back(one, accept.operation).id === accept.id);
		assert.deepEqual(
			same.map(({ id }) => id),
			[act.id],
			`a second ${phase}`,
		);
		if (ENDS.includes(operation)) reader.ended.set(accept.id, act.id);
	}
	if (["complete", "dispute", "small-content-dispute"].includes(phase)) {
		const delivered = reader.back(act, "exchange:settle/deliver");
		assert(receivedAt < delivered.receivedAt + 72 * HOUR_MS, `${phase} too late`);
		const disputed = reader
			.phase("dispute", "small-content-dispute")
			.filter(({ id, antecedents }) => id !== act.id && antecedents[0] === delivered.id);
		assert.equal(disputed.length, 0, `${phase} after a dispute`);
	}
	if (phase === "small-content-dispute") {
		assert(small, "an automatic refund of what could be previewed");
		const lastDay = reader
			.phase(phase)
			.filter((one) => one.sender === sender && one.receivedAt > receivedAt - DAY_MS);
		assert(lastDay.length <= 5, "a sixth automatic refund in 24 hours");
	}
	if (phase === "verdict" || phase === "evidence") {
		const dispute = reader.back(act, "exchange:settle/dispute");
		assert(receivedAt < dispute.receivedAt + 7 * DAY_MS, `${phase} too late`);
		const parties = [reader.buyer(act), put.sender];
		assert.equal(parties.includes(sender), phase === "evidence", `${phase} by the wrong side`);
	}
	if (phase === "auto-complete") {
		const delivered = reader.back(act, "exchange:settle/deliver");
		assert(receivedAt >= delivered.receivedAt + 72 * HOUR_MS, "a silence cut short");
	}
}

function auditAccept(reader: Reader, act: Act, match: Act, small: boolean): void {
	const { state } = reader.market;
	const on = reader.back(act, small ? "exchange:match" : "exchange:settle/preview");
	assert.equal(act.antecedents[0], on.id, small ? "small content on a preview" : "bought unseen");
	assert.equal((small ? act : on).payload.entry_id, act.payload.entry_id, "another entry than was shown");
	assert(act.receivedAt < match.receivedAt + HOUR_MS, "an expired quote");

	const accepts = reader
		.phase("buyer-accept")
		.filter((one) => reader.back(one, match.operation).id === match.id);
	const spent = accepts.reduce((sum, one) => sum + reader.price(one), 0);
	assert(spent <= (reader.back(match, "exchange:buy").payload.budget as number), "over the budget");
	const same = accepts.filter(({ payload }) => payload.entry_id === act.payload.entry_id);
	assert.equal(same.length, 1, "the same entry twice");

	const owner = ownerOf(state, act.sender);
	reader.owner.set(act.id, owner);
	const open = reader.open().filter(({ id }) => reader.owner.get(id) === owner);
	assert(open.length <= 5, "a sixth open reservation");
	const seller = reader.all("exchange:put").find(({ id }) => id === act.payload.entry_id)!.sender;
	assert.notEqual(ownerOf(state, seller), owner, "an own entry");
}

/** The content of a put, as the log has it. */
function entryOf(put: Act): { bytes: number } {
	return put.payload.content as { bytes: number };
}

/** What must hold of the books after every step. */
function auditBooks(reader: Reader): void {
	const { market } = reader;
	const held = new Map<string, bigint>();
	for (const accept of reader.open())
		held.set(accept.sender, (held.get(accept.sender) ?? 0n) + micro(reader.price(accept)));

	let sum = 0n;
	for (const { owner, purse, amount } of market.state.all(purses)) {
		sum += amount;
		assert(amount >= 0n || owner === ISSUED, `${owner} is below zero`);
		if (purse === "held") assert.equal(amount, held.get(owner) ?? 0n, "held is not what is reserved");
	}
	assert.equal(sum, 0n, "scrip from nowhere");
	assert.equal(market.state.all(settlements).length, reader.ended.size);
	for (const { id, status, endedBy } of market.state.all(orders))
		assert.equal(endedBy ?? undefined, reader.ended.get(id), `an order ${status}`);
}

const steps: Record<string, (reader: Reader, dice: Dice) => void> = {
	put({ market }, dice) {
		const seller = dice.of(people)!;
		const tokens = dice.oneIn(2) ? 60 : 520;
		const what = goods(`thing ${market.log.length}`, { tokens, token_cost: 20 + dice.below(400) });
		const put = market.when(seller.says("exchange:put", what)).id!;
		if (dice.oneIn(3)) {
			const appraisal = 1 + dice.below(200);
			const payload = market.acceptance(put, { price: dice.below(2), appraisal });
			market.when(operator.says("exchange:settle/put-accept", payload, put));
		} else market.meet("exchange:settle/put-accept", put, market.prepared(put));
	},

	buy({ market }, dice) {
		const stock = market.state.all(entries).filter(({ status }) => status === "live");
		const found = stock.filter(() => !dice.oneIn(3)).map(({ id }) => id);
		const wish = {
			task: `task ${market.log.length}`,
			budget: 1 + dice.below(300),
			max_results: 1 + dice.below(5),
		};
		const bought = market.when(dice.of(people)!.says("exchange:buy", wish));
		if (bought.logged) market.answered(bought.id, found);
	},

	previewRequest(reader, dice) {
		const { market } = reader;
		const offer = anyOffer(reader, dice);
		if (!offer) return;
		const asked = market.when(settles(offer.who, "preview-request", offer.entry, offer.match));
		if (asked.logged && !dice.oneIn(5))
			market.meet("exchange:settle/preview", asked.id, cut(market, offer.entry));
	},

	/** All of it as it should be, up to the accepts, which may be refused for scrip, budget or too many open ones. */
	order({ market }, dice) {
		const buyer = dice.of(people)!;
		const stock = market.state.all(entries).filter(({ status }) => status === "live");
		const first = dice.of(stock);
		if (!first) return;
		const budget = market.price(first.id) + dice.below(200);
		const buy = market.when(buyer.says("exchange:buy", { task: "Anything", budget, max_results: 10 }));
		if (!buy.logged) return;
		const match = market.answered(buy.id, [
			first.id,
			...stock.map(({ id }) => id).filter((id) => id !== first.id),
		]);
		const offered = (match.payload.results as { entry_id: string }[]).map(({ entry_id }) => entry_id);
		const chosen = offered
			.slice(0, 1 + dice.below(3))
			.map((entry) => [entry, considered(market, buyer, entry, match.id)] as const);
		if (dice.oneIn(4)) market.later(dice.below(70) * 60_000);
		for (const [entry, on] of chosen) market.when(settles(buyer, "buyer-accept", entry, on));
	},

	joinOwners({ market }, dice) {
		if (dice.oneIn(6)) market.given(owned("cyn-and-dan", people[2]!, dice.of(people)!));
	},

	accept: (reader, dice) => answersOffer(reader, dice, "buyer-accept"),
	reject: (reader, dice) => answersOffer(reader, dice, "buyer-reject"),
	complete: (reader, dice) => answersDelivery(reader, dice, "complete", { price: 1 + dice.below(9) }),
	completePlainly: (reader, dice) => answersDelivery(reader, dice, "complete", {}),
	smallDispute: (reader, dice) =>
		answersDelivery(reader, dice, "small-content-dispute", { auto_refund: true }),
	dispute: (reader, dice) =>
		answersDelivery(reader, dice, "dispute", {
			dispute_type: dice.oneIn(3) ? "hash_invalid" : "quality_inadequate",
		}),

	verdict(reader, dice) {
		const dispute = dice.of(reader.phase("dispute"));
		if (!dispute) return;
		const by = dice.of([operator, operator, secondOperator, ...people])!;
		const more = { verdict: dice.oneIn(2) ? "accepted" : "declined", reason: "So ruled." };
		reader.market.when(settles(by, "verdict", dispute.payload.entry_id as string, dispute.id, more));
	},

	evidence(reader, dice) {
		const dispute = dice.of(reader.phase("dispute"));
		if (!dispute) return;
		const more = { reason: "Look here." };
		reader.market.when(
			settles(dice.of(people)!, "evidence", dispute.payload.entry_id as string, dispute.id, more),
		);
	},

	/** The exchange itself says what is not due, not owed, or at a wrong price. */
	forge(reader, dice) {
		const accept = dice.of(reader.phase("buyer-accept"));
		if (!accept) return;
		const entry = accept.payload.entry_id as string;
		const deliver = reader.phase("deliver").find(({ antecedents }) => antecedents[0] === accept.id)!;
		const dispute = reader.phase("dispute").find(({ antecedents }) => antecedents[0] === deliver.id);
		const [phase, on] = dice.of([
			["refund", accept],
			["refund", dispute ?? accept],
			["auto-complete", deliver],
		] as const)!;
		const price = dice.oneIn(4) ? 1 + dice.below(90) : reader.price(accept);
		reader.market.exchangeSays({
			operation: `exchange:settle/${phase}`,
			antecedents: [on.id],
			payload: about(entry, phase, { price }),
		});
	},

	/** Any operation on any message about any entry by anybody. */
	nonsense(reader, dice) {
		const { market } = reader;
		const on = dice.of(market.acts)!;
		const entry = dice.of(market.state.all(entries));
		if (!entry) return;
		const [phase, more] = dice.of([
			["preview-request", {}],
			["buyer-accept", {}],
			["buyer-reject", {}],
			["complete", {}],
			["small-content-dispute", { auto_refund: true }],
			["dispute", { dispute_type: "stale_content" }],
			["evidence", { reason: "Hm." }],
			["verdict", { verdict: "accepted", reason: "Hm." }],
		] as const)!;
		market.when(settles(dice.of([...people, operator])!, phase, entry.id, on.id, more));
	},

	soon: ({ market }, dice) => market.later(dice.below(15) * 60_000),
	later: ({ market }, dice) => market.later(dice.below(80) * HOUR_MS),
};

/** A result of some match; mostly seen by its buyer. */
function anyOffer(reader: Reader, dice: Dice): { who: Agent; entry: string; match: string } | undefined {
	const match = dice.of(reader.all("exchange:match").slice(-6));
	if (!match) return undefined;
	const offered = dice.of(match.payload.results as { entry_id: string }[])?.entry_id;
	const entry = dice.oneIn(8) ? dice.of(reader.market.state.all(entries))?.id : offered;
	if (!entry) return undefined;
	return { who: mostly(dice, reader.buyer(match)), entry, match: match.id };
}

function answersOffer(reader: Reader, dice: Dice, phase: string): void {
	const offer = anyOffer(reader, dice);
	if (!offer) return;
	const previews = reader
		.phase("preview")
		.filter((one) => reader.back(one, "exchange:match").id === offer.match);
	const preview = previews.find(({ payload }) => payload.entry_id === offer.entry) ?? dice.of(previews);
	const on = dice.oneIn(6) ? offer.match : (preview?.id ?? offer.match);
	reader.market.when(settles(offer.who, phase, offer.entry, on));
}

function answersDelivery(
	reader: Reader,
	dice: Dice,
	phase: string,
	more: Parameters<typeof settles>[4],
): void {
	const open = reader.open().map(({ id }) => id);
	const all = reader.phase("deliver");
	const deliver = dice.of(
		dice.oneIn(4) ? all : all.filter(({ antecedents }) => open.includes(antecedents[0]!)),
	);
	if (!deliver) return;
	const who = mostly(dice, reader.buyer(deliver));
	reader.market.when(settles(who, phase, deliver.payload.entry_id as string, deliver.id, more));
}

function mostly(dice: Dice, key: string): Agent {
	return (dice.oneIn(8) ? dice.of(people) : people.find((one) => one.key === key))!;
}

const names = Object.keys(steps);
const step = fc.record({
	what: fc.constantFrom(
		...names,
		...["order", "order", "order", "order", "order", "buy", "previewRequest", "accept"],
		...["completePlainly", "completePlainly", "smallDispute", "smallDispute", "dispute", "verdict"],
	),
	rolls: fc.array(fc.nat(9_999), { minLength: 8, maxLength: 8 }),
});

describe("a market of agents that do what they like", () => {
	test("keeps its books, ends every order once, and lets nobody do what is another's", () => {
		const taken = new Map<string, number>();
		fc.assert(
			fc.property(fc.array(step, { minLength: 1, maxLength: 120, size: "max" }), (run) => {
				const market = new Market();
				market.given(
					...people.map((one, n) => minted(one, 150 + 350 * n)),
					owned("cyn-and-dan", people[2]!, people[3]!),
					vouched(people[4]!),
					operator.says("operator:grant", {
						subject: secondOperator.key,
						role: "operator",
						reason: "Rules with us.",
					}),
				);
				const reader = new Reader(market);
				const play = (what: string, rolls: readonly number[]) => {
					steps[what]!(reader, new Dice(rolls));
					for (const act of reader.news()) {
						audit(reader, act);
						taken.set(act.operation, (taken.get(act.operation) ?? 0) + 1);
					}
					auditBooks(reader);
				};
				for (let n = 0; n < 4; n++) play("put", [n, n, 70 * n, 1, n + 1]);
				for (const { what, rolls } of run) play(what, rolls);
				market.sound();

				// In the end nothing hangs: every reservation finds its end without anybody's doing.
				play("later", [0]);
				market.later(8 * DAY_MS);
				for (const act of reader.news()) audit(reader, act);
				auditBooks(reader);
				assert.equal(reader.open().length, 0, "a reservation that never ends");
				market.sound();
			}),
			{ numRuns: 200, interruptAfterTimeLimit: 25_000 },
		);

		// A market in which one of these never happens proves nothing about it.
		for (const phase of [
			"preview",
			"buyer-accept",
			"buyer-reject",
			"deliver",
			"complete",
			"auto-complete",
			"small-content-dispute",
			"dispute",
			"evidence",
			"verdict",
			"refund",
		])
			assert((taken.get(`exchange:settle/${phase}`) ?? 0) >= 10, `${phase} hardly ever happened`);
	});
});
