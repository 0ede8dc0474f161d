import { deepStrictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { buys, entries, previewPlans } from "../../db/schema/exchange";
import { type Purse, purses } from "../../db/schema/scrip";
import { utf8 } from "../log/bytes";
import { type Agent, agent, type Saying, Story, secretOf, theExchange } from "../log/given";
import type { JsonObject } from "../log/json";
import type { Act } from "../log/operation";
import { sign, signedBytes } from "../log/sign";
import { operations } from "../operations";
import { balance } from "../scrip/purse";
import { wishOf } from "./operations/match";
import type { Prepared } from "./operations/settle/put-accept";
import type { Analysis, Found, Ports } from "./ports";
import { results } from "./results";
import { PREVIEW_TOKENS } from "./rules/plausibility";
import { previewPlan } from "./rules/preview";
import { type Entry, priceOf, reputationOf, traderOf } from "./state";

/**
 * The exchange's words for tests of its rules, on top of lib/log/given:
 *
 *     const market = new Market().given(minted(bob, 5_000));
 *     const shell = market.stocked(ada, 900);
 *     const match = market.quoted(bob, shell);
 *     expect(market.when(bob.says("exchange:settle/preview-request", about(shell, "preview-request"), match))).toMatchObject({ … });
 *
 * Texts, hashes and signatures are real; only what the engine would find and measure is said by the test.
 */
export const operator = agent("the house operator");

export class Market extends Story {
	constructor({ float = 1_000_000, start }: { float?: number; start?: string } = {}) {
		super(operations, start);
		const first = (operation: string, payload: JsonObject) =>
			this.exchangeSays({ operation, antecedents: [], payload });
		if (float > 0) first("scrip:mint", { recipient: "treasury", amount: float, reference: "float" });
		first("operator:grant", { subject: operator.key, role: "operator", reason: "The first house operator." });
	}

	/** Says it, and gives its id; a refusal fails the test. */
	said(saying: Saying): string {
		const result = this.when(saying);
		if (!result.refused) return result.id;
		throw new Error(`${saying.operation}: ${result.refused.code}: ${result.refused.detail}`);
	}

	/** A put that waits for its ruling. */
	put(seller: Agent, what: JsonObject): string {
		return this.said(seller.says("exchange:put", what));
	}

	/** The exchange rules on a put after an analysis that found this. */
	ruled(put: string, analysis: Analysis = {}): Act {
		const said = this.meet("exchange:settle/put-accept", put, this.prepared(put, analysis));
		if (!said) throw new Error("the exchange said nothing to this put");
		return said[0]!;
	}

	/** What the engine would have prepared for the ruling. */
	prepared(put: string, analysis: Analysis = {}): Prepared {
		const { contentHash, contentType, tokens } = this.entry(put);
		if (tokens < PREVIEW_TOKENS || this.state.get(previewPlans, contentHash)) return { analysis };
		const text = this.contents.get(contentHash.slice("sha256:".length))!;
		const randomBytes = chunkBytes(contentHash);
		return { analysis, chunks: previewPlan({ contentHash, contentType, text, randomBytes }).chunks };
	}

	/** Put, and accepted by the exchange's own ruling: the entry's id. */
	accepted(seller: Agent, what: JsonObject, analysis: Analysis = {}): string {
		const put = this.put(seller, what);
		const { payload } = this.ruled(put, analysis);
		if (payload.phase !== "put-accept") throw new Error(`rejected: ${payload.code}`);
		return put;
	}

	/** Put, and accepted by the house operator at the appraisal that makes it cost this much now: the entry's id. */
	stocked(seller: Agent, priceScrip: number, more: Parameters<typeof goods>[1] = {}): string {
		const put = this.put(seller, goods(`worth ${priceScrip}`, { token_cost: priceScrip * 10, ...more }));
		const entry = this.entry(put);
		// An owner's first put pays at least 1.
		const price = traderOf(this.state, entry.sellerOwner, this.now).accepted === 0 ? 1 : 0;
		let appraisal = Math.max(1, Math.floor(priceScrip / 3));
		while (priceOf(this.state, { ...entry, appraisalScrip: appraisal }, this.now) < priceScrip) appraisal++;
		this.said(operator.says("exchange:settle/put-accept", this.acceptance(put, { price, appraisal }), put));
		return put;
	}

	/** A house operator's put-accept that agrees with the put. */
	acceptance(put: string, more: JsonObject): JsonObject {
		const { contentHash, tokens, ttlHours } = this.entry(put);
		return {
			phase: "put-accept",
			entry_id: put,
			expires_at: new Date(this.now + (ttlHours ?? 720) * 3_600_000).toISOString(),
			content_hash: contentHash,
			tokens,
			...more,
		};
	}

	/** A buy that waits for its match. */
	buy(buyer: Agent, wish: JsonObject = {}): string {
		return this.said(wants(buyer, wish));
	}

	/** The exchange answers a buy after a search that found these entries, the best first. */
	answered(buy: string, found: Found | readonly string[]): Act {
		const wish = wishOf(this.state.get(buys, buy)!);
		const said = this.meet(
			"exchange:match",
			buy,
			results(this.state, wish, "hits" in found ? found : foundOf(found), this.now),
		);
		if (!said) throw new Error("the exchange said nothing to this buy");
		return said[0]!;
	}

	/** A buy whose search found these entries: the match's id. */
	matched(buyer: Agent, found: readonly string[], wish: JsonObject = {}): string {
		return this.answered(this.buy(buyer, wish), found).id;
	}

	/** A match that offers this entry to this buyer, with a budget of just its price unless said: the match's id. */
	quoted(buyer: Agent, entry: string, wish: JsonObject = {}): string {
		const match = this.answered(this.buy(buyer, { budget: this.price(entry), ...wish }), [entry]);
		if ((match.payload.results as unknown[]).length !== 1)
			throw new Error(`the match did not offer it: ${JSON.stringify(match.payload.search_meta)}`);
		return match.id;
	}

	entry(id: string): Entry {
		const entry = this.state.get(entries, id);
		if (!entry) throw new Error(`no entry ${id}`);
		return entry;
	}

	/** Whole scrip, now, without tier or preview. */
	price(entry: string): number {
		return priceOf(this.state, this.entry(entry), this.now);
	}

	reputation(seller: Agent): number {
		return reputationOf(this.state, seller.key);
	}

	/** Micro-scrip; `treasury` and `burned` are owners too. */
	purse(owner: Agent | string, purse: Purse = "hot"): bigint {
		return balance(this.state, typeof owner === "string" ? owner : owner.key, purse);
	}

	/** What must hold after every story: a replay gives every row again, and all purses sum to zero. */
	sound(): void {
		deepStrictEqual(this.tables(this.replayed()), this.tables());
		const sum = this.state.all(purses).reduce((sum, { amount }) => sum + amount, 0n);
		deepStrictEqual(sum, 0n);
	}
}

/** Something to put: a text of this many tokens that no other name has. */
export function goods(
	name: string,
	{ tokens = 600, ...more }: JsonObject & { tokens?: number } = {},
): JsonObject {
	const line = (n: number) =>
		`${name}, line ${n}: ${createHash("sha256").update(`${name} ${n}`).digest("hex")}\n`;
	let content = "";
	for (let n = 1; content.length < tokens * 4; n++) content += line(n);
	return {
		description: `How ${name} works`,
		content: content.slice(0, tokens * 4),
		token_cost: 2_000,
		content_type: "code",
		...more,
	};
}

export function wants(buyer: Agent, wish: JsonObject = {}): Saying {
	return buyer.says("exchange:buy", { task: "Show how it works", budget: 1_000, ...wish });
}

/** Payload of a settlement phase. */
export const about = (entry: string, phase: string, more: JsonObject = {}): JsonObject => ({
	phase,
	entry_id: entry,
	...more,
});

let references = 0;
export function minted(to: Agent, amount: number): Saying {
	return operator.says("scrip:mint", { recipient: to.key, amount, reference: `payment ${++references}` });
}

/** Gives standing and the vouched line. */
export function vouched(who: Agent): Saying {
	return operator.says("operator:grant", { subject: who.key, role: "vouched", reason: "Known to us." });
}

/** The first names an owner; each other joins it with the first one's proof. */
export function owned(operatorId: string, first: Agent, ...others: Agent[]): (story: Story) => void {
	return (story) => {
		story.given(first.says("agent:profile", { operator_id: operatorId }));
		for (const other of others) {
			const bytes = signedBytes("operator", theExchange.key, operatorId, story.signerOf(other.key));
			const operator_proof = sign(secretOf(story.signerOf(first.key)), bytes);
			story.given(other.says("agent:profile", { operator_id: operatorId, operator_proof }));
		}
	};
}

export function configured(changes: Record<string, number | boolean>): Saying {
	return operator.says("operator:configure", { changes, reason: "For this story." });
}

const FOUND: Found = {
	hits: [],
	embedder: "said by the test/1",
	floor: 0.5,
	candidates: 0,
	belowFloor: 0,
	tookMs: 1,
};

/** Equally relevant but for their order. */
export function foundOf(ids: readonly string[]): Found {
	const hits = ids.map((id, i) => ({ id, relevance: 0.95 - i / 100 }));
	return { ...FOUND, hits, candidates: ids.length };
}

export function chunkBytes(contentHash: string): Uint8Array {
	const bytes = utf8(`weekly-agent-exchange/1/preview\n${theExchange.key}\n${contentHash}`);
	const signature = sign(theExchange.secret, bytes);
	return Buffer.from(signature, "hex");
}

/** The engine, for what is tested with `prepare`: state, texts and signatures are the story's, findings are said. */
export function portsOf(story: Story, says: Partial<Pick<Ports, "search" | "analyse">> = {}): Ports {
	return {
		read: async (fn) => fn(story.state),
		content: async (contentHash) => story.contents.get(contentHash.slice("sha256:".length))!,
		chunkBytes,
		search: async () => FOUND,
		analyse: async () => ({}),
		comes: async () => ({ seq: 0, holds: () => true, goes: () => {} }),
		resembles: async () => undefined,
		now: () => story.now,
		...says,
	};
}
