import * as z from "zod";
import { advanceDays, entries, firstPuts, previewPlans, traders } from "../../../../db/schema/exchange";
import { isExchange } from "../../../agents/owner";
import { ruledAlready } from "../../../agents/refusals";
import { answered } from "../../../log/duties";
import { dec, hash, instant, int, list, scrip, text } from "../../../log/field";
import { type Act, answer, operation } from "../../../log/operation";
import { type Refusal, refusal, tooLate } from "../../../log/refusal";
import type { Reading } from "../../../log/state";
import { micro, move, TREASURY, wholeScrip } from "../../../scrip/purse";
import type { Analysis, Ports } from "../../ports";
import { wrongEntry } from "../../refusals";
import { dayAfterAdvance, dayAfterFirstScrip } from "../../rules/advance-budget";
import { lineAfterAdvance } from "../../rules/line";
import { PREVIEW_TOKENS, tokensOf } from "../../rules/plausibility";
import { previewPlan } from "../../rules/preview";
import {
	appraisalOf,
	copiedBy,
	expiryOf,
	isEarlier,
	MAX_TTL_MS,
	objection,
	type Payment,
	payableMicro,
	paymentOf,
} from "../../ruling";
import { type Entry, enter } from "../../state";
import type { Put } from "../put";
import { rejection } from "./put-reject";

const body = z
	.strictObject({
		phase: z.literal("put-accept"),
		entry_id: z.string().min(1).max(128),
		price: scrip(),
		expires_at: instant(),
		content_hash: hash(),
		tokens: int(1, 262_144),
		appraisal: scrip().optional(),
		/** `copy_of`: the log position (seq) of the put this one repeats; `similarity`, `embedding`: what the analysis measured. */
		factors: z
			.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), dec())
			.refine((factors) => Object.keys(factors).length <= 20, "must name at most 20 factors")
			.optional(),
		preview_plan: list(
			z.strictObject({ position: int(0, 1_048_575), length: int(1, 1_048_576) }),
			1,
			10,
		).optional(),
		reason: text(2048).optional(),
	})
	.refine(({ price, appraisal }) => appraisal === undefined || appraisal >= price, {
		path: ["appraisal"],
		message: "must not be below the price",
	});
type PutAccept = z.infer<typeof body>;

const factsDiffer = refusal(
	"facts-differ",
	422,
	"This is not what the put's content is.",
	"Repeat content_hash and tokens as the exchange measured them; GET /api/entries/{id} shows both.",
);
const expiryOutOfBounds = refusal(
	"expiry-out-of-bounds",
	422,
	"An entry lives for at least a moment and at most 8760 hours.",
	"Give an expires_at within the next 8760 hours.",
);
const planOutOfBounds = refusal(
	"plan-out-of-bounds",
	422,
	"This preview plan cannot be kept.",
	"Leave preview_plan out: the exchange makes it, once for each content.",
);
const notEarlier = refusal(
	"not-earlier",
	422,
	"factors.copy_of names no earlier put that was accepted.",
	"Give the seq of the exchange:put it repeats, or leave it out.",
);
const priceOff = refusal(
	"price-off",
	409,
	"This is not what the rules pay.",
	"A house operator may set another price.",
);
const treasuryFloor = refusal(
	"treasury-floor",
	409,
	"No put is paid from the last quarter of the treasury's float.",
	"Accept at a lower price: what is missing to the appraisal is earned out of sales.",
);

/**
 * The exchange, or a house operator, accepts a put: pays its seller at once out of the treasury and fixes its expiry.
 * Exchange Operations, "Phase: put-accept"; RULES, "Put price". The exchange pays exactly what the rules say; a house
 * operator what he says, down to the treasury's floor, and both count in the owner's line and the day's budget.
 */
export const putAccept = operation<PutAccept>("exchange:settle/put-accept", {
	summary: "Accept a put: pay its seller and bring it into the inventory",
	by: ["exchange", "operator"],
	antecedents: [["exchange:put"]],
	body,

	admit(state, act) {
		const { payload, receivedAt } = act;
		const put = state.get(entries, act.antecedents[0]!)!;
		if (payload.entry_id !== put.id) return wrongEntry({ field: "/payload/entry_id" });
		if (payload.content_hash !== put.contentHash) return factsDiffer({ field: "/payload/content_hash" });
		if (payload.tokens !== put.tokens) return factsDiffer({ field: "/payload/tokens" });
		const expiresAt = Date.parse(payload.expires_at);
		if (expiresAt <= receivedAt || expiresAt > receivedAt + MAX_TTL_MS)
			return expiryOutOfBounds({ field: "/payload/expires_at" });
		const misplanned = judgePlan(state, act, put);
		if (misplanned) return misplanned;
		if (payload.factors?.copy_of !== undefined && !isEarlier(copyNamed(state, payload), put))
			return notEarlier({ field: "/payload/factors/copy_of" });
		if (put.status !== "pending") return ruledAlready({ see: put.ruledBy! });
		if (receivedAt >= put.reviewBy!) return tooLate();
		return judgePrice(state, act, put);
	},

	apply(state, act) {
		const { payload, receivedAt } = act;
		const put = state.get(entries, act.antecedents[0]!)!;
		const terms = termsOf(state, act, put);
		const { trader, today } = terms.payment;

		move(state, act, "advance", [TREASURY, "hot"], [put.seller, "hot"], micro(payload.price));
		state.put(traders, {
			...trader,
			...lineAfterAdvance(trader, terms.advancedMicro),
			accepted: trader.accepted + 1,
		});
		const advanced = dayAfterAdvance(today, terms.advancedMicro, terms.payment.recordMicro);
		state.put(advanceDays, dayAfterFirstScrip(advanced, terms.firstScripMicro));

		const entry: Entry = {
			...put,
			status: "live",
			ruledBy: act.id,
			acceptedAt: receivedAt,
			expiresAt: Date.parse(payload.expires_at),
			appraisalScrip: terms.appraisalScrip,
			advanceScrip: payload.price,
			paidMicro: micro(payload.price),
			copyOf: terms.copied?.id ?? null,
			origin: terms.copied?.origin ?? put.id,
			firstPutAt: Math.min(put.firstPutAt, terms.copied?.firstPutAt ?? put.firstPutAt),
			embedding: embeddingVerdict(put, payload),
		};
		state.put(entries, entry);
		enter(state, entry, receivedAt);

		const first = state.get(firstPuts, put.contentHash)!;
		const before = first.entry === null ? undefined : state.get(entries, first.entry)!;
		if (!before || put.putSeq < before.putSeq) state.put(firstPuts, { ...first, entry: put.id });
		if (payload.preview_plan && !state.get(previewPlans, put.contentHash))
			state.put(previewPlans, {
				contentHash: put.contentHash,
				chunks: payload.preview_plan,
				messageId: act.id,
			});

		answered(state, "exchange:settle/put-accept", put.id);
		answered(state, "exchange:settle/put-reject", put.id);
	},

	answer: answer<Ports, Prepared | undefined>({
		async prepare({ subject, data }, ports) {
			const [put, planned] = await ports.read((state) => {
				const put = state.get(entries, subject);
				return [put, put && state.get(previewPlans, put.contentHash) !== undefined] as const;
			});
			if (put?.status !== "pending") return undefined;
			const content = await ports.content(put.contentHash);
			const { embedding } = data as Sent;
			const { id, putSeq, description, contentHash, contentType } = put;
			const analysis = await ports.analyse({
				id,
				putSeq,
				description,
				contentType,
				text: content,
				...(embedding && { embedding }),
			});
			if (!analysis) return undefined;
			if (planned || put.tokens < PREVIEW_TOKENS) return { analysis };
			const randomBytes = ports.chunkBytes(contentHash);
			const { chunks } = previewPlan({ contentHash, contentType, text: content, randomBytes });
			return { analysis, chunks };
		},

		async foresee({ payload }, texts, ports) {
			const { content } = payload as { content: { sha256: string } };
			const text = texts.get(content.sha256);
			const copy = text === undefined ? undefined : await ports.resembles(text);
			return { analysis: copy ? { copy } : {} };
		},

		async ahead({ id, payload }, texts, ports) {
			const { content, content_type, description, domains = [], embedding } = payload as unknown as Put;
			const contentHash = `sha256:${content.sha256}`;
			const text = texts.get(content.sha256)!;
			const { seq, holds, goes } = await ports.comes({ id, description, domains, text, embedding });
			const planned = holds() && tokensOf(content.bytes) >= PREVIEW_TOKENS;
			const plan = () =>
				previewPlan({
					...{ contentHash, contentType: content_type, text },
					randomBytes: ports.chunkBytes(contentHash),
				});
			const prepared: Prepared = { analysis: {}, ...(planned && { chunks: plan().chunks }) };
			return { seq, goes, prepared: () => (holds() ? prepared : undefined) };
		},

		/** The ruling: what the engine found is judged again by the state of this moment, and may have become a put-reject. */
		draft(state, { subject }, at, prepared) {
			const put = state.get(entries, subject);
			if (put?.status !== "pending" || !prepared) return undefined;
			if (at >= put.reviewBy!) return rejection(put.id, "not-reviewed");
			const objected = objection(state, put, at);
			if (objected) return rejection(put.id, objected);
			return acceptance(state, put, at, prepared);
		},
	}),

	weighs: (_, { payload }) => payload.price,
	caption: ({ payload }) => `put accepted for ${payload.price} scrip`,
});

/** What the duty `exchange:settle/put-accept` carries: the seller's embedding, which no table keeps. */
interface Sent {
	embedding: number[] | null;
}

/** What the engine found out about a put. */
export interface Prepared {
	analysis: Analysis;
	/** Absent below 500 tokens, and where the content has its plan already. */
	chunks?: readonly { position: number; length: number }[];
}

/** The put-accept that the rules would make of it now. */
export function acceptance(state: Reading, put: Entry, at: number, { analysis, chunks }: Prepared) {
	const found = analysis.copy && state.get(entries, analysis.copy.id);
	const copied = copiedBy(state, put, found);
	const worth = appraisalOf(state, put, at, copied);
	const paid = paymentOf(state, put, at, {
		appraisalScrip: worth.appraisalScrip,
		nearDuplicate: copied !== undefined,
	});
	const planned = chunks?.length && !state.get(previewPlans, put.contentHash);
	return {
		operation: "exchange:settle/put-accept",
		antecedents: [put.id],
		payload: {
			phase: "put-accept",
			entry_id: put.id,
			price: paid.priceScrip,
			expires_at: new Date(expiryOf(state, put, at)).toISOString(),
			content_hash: put.contentHash,
			tokens: put.tokens,
			appraisal: paid.appraisalScrip,
			factors: {
				...worth.factors,
				...(copied && { copy_of: copied.putSeq }),
				...(analysis.copy &&
					copied &&
					copied.id === found?.origin && { similarity: fourDecimals(analysis.copy.similarity) }),
				...(analysis.embedding !== undefined && { embedding: fourDecimals(analysis.embedding) }),
			},
			...(planned && { preview_plan: chunks }),
		},
	};
}

interface Terms {
	copied: Entry | undefined;
	payment: Payment;
	appraisalScrip: number;
	/** What counts in line and day, and what counts as a first scrip. */
	advancedMicro: bigint;
	firstScripMicro: bigint;
}

/** What this accept means in money, by the state before it. */
function termsOf(state: Reading, act: Act<PutAccept>, put: Entry): Terms {
	const { payload, receivedAt } = act;
	const copied = copiedBy(state, put, copyNamed(state, payload));
	const nearDuplicate = copied !== undefined;
	const byRules = appraisalOf(state, put, receivedAt, copied).appraisalScrip;
	if (isExchange(state, act.sender)) {
		const payment = paymentOf(state, put, receivedAt, { appraisalScrip: byRules, nearDuplicate });
		const { appraisalScrip, advancedMicro, firstScripMicro } = payment;
		return { copied, payment, appraisalScrip, advancedMicro, firstScripMicro };
	}

	// Without an appraisal of its own the rules would pay an owner's first put its one scrip and nothing else.
	const payment = paymentOf(state, put, receivedAt, { appraisalScrip: 0, nearDuplicate });
	const paidMicro = micro(payload.price);
	const firstScrip =
		payment.bound === "first-scrip" && payload.price === 1 && paidMicro > payableMicro(state);
	return {
		copied,
		payment,
		appraisalScrip: payload.appraisal ?? Math.max(byRules, payload.price),
		advancedMicro: firstScrip ? 0n : paidMicro,
		firstScripMicro: firstScrip ? paidMicro : 0n,
	};
}

function judgePrice(state: Reading, act: Act<PutAccept>, put: Entry): Refusal | undefined {
	const { price, appraisal } = act.payload;
	const { payment, appraisalScrip, firstScripMicro } = termsOf(state, act, put);
	if (isExchange(state, act.sender)) {
		if (price !== payment.priceScrip || appraisal !== appraisalScrip) return priceOff();
		return undefined;
	}
	if (price === 0 && payment.bound === "first-scrip")
		return priceOff({
			field: "/payload/price",
			detail: "An owner's first put pays at least 1 scrip: without it a newcomer could never buy.",
		});
	const payable = payableMicro(state);
	if (firstScripMicro === 0n && micro(price) > payable)
		return treasuryFloor({
			field: "/payload/price",
			detail: `Above its floor the treasury holds ${wholeScrip(payable)} scrip.`,
		});
}

/** The put that `factors.copy_of` names. */
function copyNamed(state: Reading, { factors }: PutAccept): Entry | undefined {
	const seq = factors?.copy_of;
	if (seq === undefined || !Number.isSafeInteger(seq)) return undefined;
	return state.where(entries, { putSeq: seq }).find(({ sourceId }) => sourceId === null);
}

function judgePlan(state: Reading, act: Act<PutAccept>, put: Entry): Refusal | undefined {
	const plan = act.payload.preview_plan;
	if (!plan) return undefined;
	const field = "/payload/preview_plan";
	if (!isExchange(state, act.sender))
		return planOutOfBounds({ field, detail: "A preview plan is the exchange's own to make." });
	if (put.tokens < PREVIEW_TOKENS)
		return planOutOfBounds({ field, detail: "Content below 500 tokens is not previewed." });
	if (state.get(previewPlans, put.contentHash))
		return planOutOfBounds({ field, detail: "This content has its plan already." });
	let end = 0;
	for (const { position, length } of plan) {
		if (position < end || position + length > put.bytes)
			return planOutOfBounds({ field, detail: "Its chunks overlap, or lie outside the content." });
		end = position + length;
	}
}

/** RULES, "Put": an embedding whose cosine with the engine's own is this or more is verified, else flagged; ranking never uses it. */
export const EMBEDDING_AGREES = 0.97;

function embeddingVerdict(put: Entry, { factors }: PutAccept): Entry["embedding"] {
	if (put.embedding === "none" || factors?.embedding === undefined) return put.embedding;
	return factors.embedding >= EMBEDDING_AGREES ? "verified" : "flagged";
}

const fourDecimals = (value: number): number => Math.floor(value * 10_000) / 10_000;
