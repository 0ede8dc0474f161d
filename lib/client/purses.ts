/**
 * The fold of purses, worked out a second time and by itself: from the public log alone, by what OPERATIONS and RULES say of
 * money. It shares no line with the exchange's own, so that a mistake of one is not a mistake of both.
 */
import type { Payload } from "../log/message";
import type { Agents } from "./agents";
import { operationOf } from "./operation-of";

export type Said = {
	id: string;
	seq: number;
	/** The key that signed it. */
	sender: string;
	tags: string[];
	payload: Payload;
	antecedents: string[];
};

const MICRO = 1_000_000n;

/** What moves scrip. */
const MOVES = [
	"scrip:mint",
	"scrip:burn",
	"board:pay",
	"exchange:settle/put-accept",
	"exchange:settle/buyer-accept",
	"exchange:settle/complete",
	"exchange:settle/auto-complete",
	"exchange:settle/refund",
	"exchange:settle/verdict",
	"operator:second",
];
/** What does not. An operation of neither list is one that this client is older than. */
const MOVES_NOTHING = [
	...["put", "buy", "match"].map((verb) => `exchange:${verb}`),
	"exchange:clear",
	...["put-reject", "preview-request", "preview", "buyer-reject", "deliver"].map(settle),
	...["small-content-dispute", "dispute", "evidence"].map(settle),
	...["profile", "link", "rotate", "watch", "unwatch"].map((verb) => `agent:${verb}`),
	...["offer", "need", "revise", "withdraw", "respond", "retract", "agree", "decline"].map(board),
	...["note", "close", "confirm", "contest", "reveal", "flag", "appeal", "no-show", "lapse", "digest"].map(
		board,
	),
	...["grant", "revoke", "claim", "hide", "restore", "suspend", "reinstate", "verdict", "configure"].map(
		(verb) => `operator:${verb}`,
	),
];
const KNOWN = new Set([...MOVES, ...MOVES_NOTHING]);

function settle(phase: string): string {
	return `exchange:settle/${phase}`;
}
function board(verb: string): string {
	return `board:${verb}`;
}

/** Whether the fold knows what this operation does to purses. */
export function isFolded(operation: string): boolean {
	return KNOWN.has(operation);
}

type Entry = {
	seq: number;
	seller: string;
	hash: string;
	accepted: boolean;
	/** The put that earns: its own id, or the first author's. */
	origin: string;
	/** Undefined where a house operator left it to the rules. */
	appraisalMicro: bigint | undefined;
	paidMicro: bigint;
};
type Order = { buyer: string; entry: string; heldMicro: bigint };
/** Micro-scrip from purse to purse, each `<owner>/<purse>`. */
export type Move = { from: string; to: string; amount: bigint };

export class Purses {
	/** Micro-scrip, by `<owner>/<purse>`. */
	readonly amounts = new Map<string, bigint>();
	/** What the message taken last moved, in its order. */
	moved: Move[] = [];
	/** Why the purses are not followed beyond some message; undefined while they are. */
	lost: string | undefined;
	readonly #settings: Record<string, number> = {
		"exchange.burn_bp": 200,
		"exchange.earn_out_bp": 5_000,
		"exchange.residual_bp": 1_000,
		"operator.second_above_scrip": 50_000,
	};
	/** Acts that wait for a second house operator. */
	readonly #waiting = new Map<string, { operation: string; said: Said }>();
	readonly #entries = new Map<string, Entry>();
	readonly #putAt = new Map<number, string>();
	/** By content hash, the accepted put that was put first. */
	readonly #firstOf = new Map<string, string>();
	/** By `<match>/<entry>`, whole scrip; a preview's under its own id. */
	readonly #prices = new Map<string, number>();
	readonly #orders = new Map<string, Order>();
	/** What a message of a settlement answers. */
	readonly #answers = new Map<string, string>();
	readonly #responders = new Map<string, string>();
	readonly #agreed = new Map<string, [author: string, responder: string]>();

	/** `agents`: told of each message before this is. */
	constructor(readonly agents: Agents) {}

	/** Takes the next message; says what cannot be, as the end of a sentence. */
	take(said: Said): string | undefined {
		this.moved = [];
		if (this.lost !== undefined) return undefined;
		const operation = operationOf(said);
		if (!operation || !KNOWN.has(operation)) {
			this.lost = `message ${said.seq} is of an operation that this client does not know`;
			return undefined;
		}
		try {
			if (operation === "operator:second") this.#second(said);
			else if (this.#needsTwo(operation, said)) this.#waiting.set(said.id, { operation, said });
			else this.#fold(operation, said);
			return undefined;
		} catch (error) {
			if (!(error instanceof Impossible)) throw error;
			this.lost = `message ${said.seq} cannot be followed`;
			return error.message;
		}
	}

	/** Whether a house operator alone may not do it. */
	#needsTwo(operation: string, said: Said): boolean {
		if (this.agents.of(said.sender) === this.agents.exchangeKey) return false;
		const weighs = this.#weightOf(operation, said);
		return weighs !== undefined && weighs > scrip(this.#settings["operator.second_above_scrip"]);
	}

	#weightOf(operation: string, { payload, antecedents }: Said): bigint | undefined {
		if (operation === "scrip:mint" || operation === "scrip:burn") return scrip(payload.amount);
		if (operation === settle("put-accept")) return scrip(payload.price);
		return operation === settle("verdict") ? this.#orderOf(antecedents[0]!).heldMicro : undefined;
	}

	#second({ antecedents: [on] }: Said): void {
		const { operation, said } = known(this.#waiting.get(on!), "an act that waits");
		this.#waiting.delete(on!);
		this.#fold(operation, said);
	}

	#fold(operation: string, { id, seq, sender: key, payload, antecedents }: Said): void {
		const [on] = antecedents as [string];
		const sender = this.agents.of(key);
		if (operation.startsWith("exchange:settle/")) this.#answers.set(id, on);
		switch (operation) {
			case "scrip:mint":
				this.#move("issued/hot", `${this.agents.of(`${payload.recipient}`)}/hot`, scrip(payload.amount));
				return;
			case "scrip:burn":
				this.#move("treasury/hot", "burned/hot", scrip(payload.amount));
				return;
			case "operator:configure":
				Object.assign(this.#settings, payload.changes);
				return;
			case "board:respond":
				this.#responders.set(id, sender);
				return;
			case "board:agree":
				this.#agreed.set(id, [sender, known(this.#responders.get(on), "a response")]);
				return;
			case "board:pay": {
				const [author, responder] = known(this.#agreed.get(on), "an agreement");
				const to = sender === author ? responder : author;
				this.#move(`${sender}/hot`, `${to}/hot`, scrip(payload.amount));
				return;
			}
			case "exchange:put": {
				const { sha256 } = payload.content as { sha256: string };
				const none = { accepted: false, origin: id, appraisalMicro: undefined, paidMicro: 0n };
				this.#entries.set(id, { seq, seller: sender, hash: sha256, ...none });
				this.#putAt.set(seq, id);
				return;
			}
			case "exchange:settle/put-accept":
				this.#accept(on, payload);
				return;
			case "exchange:match":
				for (const { entry_id, price } of payload.results as { entry_id: string; price: number }[])
					this.#prices.set(`${id}/${entry_id}`, price);
				return;
			case "exchange:settle/preview":
				this.#prices.set(`${id}/${payload.entry_id}`, payload.purchase_price as number);
				return;
			case "exchange:settle/buyer-accept": {
				const entry = payload.entry_id as string;
				const heldMicro = scrip(known(this.#prices.get(`${on}/${entry}`), "an offer"));
				this.#orders.set(id, { buyer: sender, entry, heldMicro });
				this.#move(`${sender}/hot`, `${sender}/held`, heldMicro);
				return;
			}
			case "exchange:settle/complete":
			case "exchange:settle/auto-complete":
				this.#sell(this.#orderOf(on));
				return;
			case "exchange:settle/refund":
				this.#refund(this.#orderOf(on));
				return;
			case "exchange:settle/verdict":
				if (payload.verdict === "accepted") this.#refund(this.#orderOf(on));
				else this.#sell(this.#orderOf(on));
				return;
		}
	}

	#accept(id: string, payload: Payload): void {
		const put = known(this.#entries.get(id), "a put");
		const { copy_of } = (payload.factors ?? {}) as { copy_of?: number };
		const same = this.#firstOf.get(put.hash);
		// What it repeats: byte for byte, or as the analysis found; of several the first author's.
		const [copied] = [same, copy_of === undefined ? undefined : this.#putAt.get(copy_of)]
			.map((one) => (one === undefined ? undefined : this.#entries.get(one)))
			.filter((one) => one?.accepted && one.seq < put.seq)
			.map((one) => this.#entries.get(one!.origin)!)
			.sort((a, b) => a.seq - b.seq);
		const priceMicro = scrip(payload.price);
		this.#move("treasury/hot", `${put.seller}/hot`, priceMicro);
		this.#entries.set(id, {
			...put,
			accepted: true,
			origin: copied?.origin ?? id,
			appraisalMicro: payload.appraisal === undefined ? undefined : scrip(payload.appraisal),
			paidMicro: priceMicro,
		});
		if (same === undefined || put.seq < this.#entries.get(same)!.seq) this.#firstOf.set(put.hash, id);
	}

	#sell(order: Order): void {
		const { origin } = known(this.#entries.get(order.entry), "an entry");
		const author = this.#entries.get(origin)!;
		const priceMicro = order.heldMicro;
		if (author.appraisalMicro === undefined) {
			this.lost = `what was sold for ${priceMicro / MICRO} scrip has no appraisal in the log`;
			return;
		}
		const [burnBp, earnOutBp, residualBp] = ["burn", "earn_out", "residual"].map((name) =>
			BigInt(this.#settings[`exchange.${name}_bp`]!),
		) as [bigint, bigint, bigint];
		const burn = (priceMicro * burnBp) / 10_000n;
		const missing = author.appraisalMicro > author.paidMicro ? author.appraisalMicro - author.paidMicro : 0n;
		const half = (priceMicro * earnOutBp) / 10_000n;
		const earnOut = half < missing ? half : missing;
		// The part of the price that earned up to the appraisal, rounded up: only the rest earns as residual.
		const used = half <= missing ? priceMicro : (missing * 10_000n + earnOutBp - 1n) / earnOutBp;
		const residual = used < priceMicro ? ((priceMicro - used) * residualBp) / 10_000n : 0n;
		const held = `${order.buyer}/held`;
		this.#move(held, "burned/hot", burn);
		this.#move(held, `${author.seller}/hot`, earnOut + residual);
		this.#move(held, "treasury/hot", priceMicro - burn - earnOut - residual);
		this.#entries.set(origin, { ...author, paidMicro: author.paidMicro + earnOut });
	}

	#refund({ buyer, heldMicro }: Order): void {
		this.#move(`${buyer}/held`, `${buyer}/hot`, heldMicro);
	}

	/** The order a message leads back to: through delivery and dispute to the accept. */
	#orderOf(answered: string): Order {
		for (let id: string | undefined = answered; id !== undefined; id = this.#answers.get(id)) {
			const order = this.#orders.get(id);
			if (order) return order;
		}
		throw new Impossible("it settles what nobody bought");
	}

	#move(from: string, to: string, amount: bigint): void {
		const left = (this.amounts.get(from) ?? 0n) - amount;
		if (left < 0n && from !== "issued/hot") throw new Impossible(`${from} would fall below zero`);
		this.amounts.set(from, left);
		this.amounts.set(to, (this.amounts.get(to) ?? 0n) + amount);
		if (amount > 0n) this.moved.push({ from, to, amount });
	}
}

/** What no exchange lets happen. */
class Impossible extends Error {}

function known<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Impossible(`it answers ${what} that there is not`);
	return value;
}

function scrip(amount: unknown): bigint {
	if (!Number.isSafeInteger(amount) || (amount as number) < 0) throw new Impossible("it names no amount");
	return BigInt(amount as number) * MICRO;
}

/** Micro-scrip; issued = burned + treasury + agents where everything is right. */
export function totals(purses: ReadonlyMap<string, bigint>) {
	const sums = { issued: 0n, burned: 0n, treasury: 0n, agents: 0n };
	for (const [place, amount] of purses) {
		const owner = place.slice(0, place.indexOf("/"));
		if (owner === "issued") sums.issued -= amount;
		else if (owner === "burned" || owner === "treasury") sums[owner] += amount;
		else sums.agents += amount;
	}
	return sums;
}
