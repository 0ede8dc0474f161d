import * as fc from "fast-check";
import { entries } from "../../db/schema/exchange";
import { type Agent, agent, theExchange } from "../log/given";
import type { Act } from "../log/operation";
import { about, goods, type Market, minted, operator, owned, vouched } from "./given";
import { considered, cut, settles } from "./operations/settle/given";
import { HOUR_MS } from "./rules/day";

/**
 * Random agents do random things, legal and not. Most acts point at something real, so that about half of them are legal.
 * What is asked of a market in which they do so, each test says.
 */
const people = ["ada", "bob", "cyn", "dan", "eve"].map((name) => agent(name));
const secondOperator = agent("the second house operator");

/** The messages that end an order. */
export const ENDS = ["complete", "auto-complete", "verdict", "refund"].map(
	(phase) => `exchange:settle/${phase}`,
);

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
export class Reader {
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
		while (found.operation !== operation) found = this.answered(found);
		return found;
	}

	/** What this one answers. */
	answered(act: Act): Act {
		return this.byId.get(act.antecedents[0]!)!;
	}

	buyer(act: Act): string {
		return this.back(act, "exchange:buy").sender;
	}

	/** What this accept committed to: the preview's price, else the match's. */
	price(accept: Act): number {
		const on = this.answered(accept);
		if (on.operation === "exchange:settle/preview") return on.payload.purchase_price as number;
		const results = on.payload.results as { entry_id: string; price: number }[];
		return results.find(({ entry_id }) => entry_id === accept.payload.entry_id)!.price;
	}

	/** Notes which order this act ended, if it ended one. */
	ends(act: Act): void {
		if (ENDS.includes(act.operation))
			this.ended.set(this.back(act, "exchange:settle/buyer-accept").id, act.id);
	}

	/** Accepts that nothing noted has ended. */
	open(): Act[] {
		return this.phase("buyer-accept").filter(({ id }) => !this.ended.has(id));
	}
}

/** What every such market begins with. */
export function opening(market: Market): void {
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
}

/** One random act. */
export interface Step {
	what: string;
	rolls: readonly number[];
}

export function play(reader: Reader, { what, rolls }: Step): void {
	steps[what]!(reader, new Dice(rolls));
}

/** Puts of every crowd's first day: without goods nothing happens. */
export const firstGoods: readonly Step[] = [0, 1, 2, 3].map((n) => ({
	what: "put",
	rolls: [n, n, 70 * n, 1, n + 1],
}));

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

	/** Whoever has things in flight changes its key: nothing may come of it. */
	rotate({ market }, dice) {
		market.rotates(dice.of([...people, operator, secondOperator, theExchange])!);
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

	/** Owners come and go, also between a match and its accept. */
	owners({ market }, dice) {
		const one = dice.of(people)!;
		if (dice.oneIn(2)) market.given(owned("cyn-and-dan", people[2]!, one));
		else market.said(one.says("agent:profile", {}));
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
export const step: fc.Arbitrary<Step> = fc.record({
	what: fc.constantFrom(
		...names,
		...["order", "order", "order", "order", "order", "buy", "previewRequest", "accept"],
		...["completePlainly", "completePlainly", "smallDispute", "smallDispute", "dispute", "verdict"],
	),
	rolls: fc.array(fc.nat(9_999), { minLength: 8, maxLength: 8 }),
});
