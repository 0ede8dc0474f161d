import type { Sql, TransactionSql } from "postgres";
import { type DisputeType, entries, gates, type HeldFor, orders } from "../../db/schema/exchange";
import { recordOf } from "../agents/owner";
import type { Reading } from "../log/state";
import { acceptance, EMBEDDING_AGREES } from "./operations/settle/put-accept";
import { isPartyTo } from "./order";
import type { Analysis } from "./ports";
import { entryView, gateView } from "./read";
import { decimal } from "./rules/fixed-point";
import { plausible } from "./rules/plausibility";
import { copiedBy, objection, paymentOf } from "./ruling";
import { numbersOf } from "./settings";
import { lastThirtyDays, liveCount, reputationOf, scoreOf, traderOf } from "./state";
import { lineOf } from "./treasury";

type Asked = Sql | TransactionSql;

/** What waits for a house operator. */
export interface Case {
	/** The put, or the dispute. */
	id: string;
	kind: "put" | "dispute";
	seq: number;
	at: number;
	/** First instant at which it is decided without one. */
	until: number;
	/** Who waits: the seller of a put, the buyer of a dispute; and whether that owner has standing. */
	who: string;
	standing: boolean;
	entry: string;
	/** The seller's claim. */
	description: string;
	contentType: string;
	/** Of a put the claimed token_cost, of a dispute the price that is held. */
	scrip: number;
	/** Why it waits. `unruled`: the exchange was to rule on it by itself and could not. */
	why: HeldFor | DisputeType | "unruled";
	claim: { by: string; until: number; messageId: string } | null;
}

export type CaseKind = Case["kind"];

/**
 * The house operators' queue: owners with standing first, then by arrival (RULES, "Put price"), and how many there are in
 * all. Held puts, those on which the exchange's own ruling is parked, and open disputes.
 */
export async function openCases(
	sql: Asked,
	at: number,
	{ kind, limit }: { kind?: CaseKind; limit: number },
): Promise<{ cases: Case[]; count: number }> {
	const rows = await sql`
		with cases as (
			select e.id, 'put' as kind, e.put_seq as seq, e.put_at as at, e.review_by as until, e.seller as who,
				coalesce(o.standing, false) as standing, e.id as entry, e.description, e.content_type, e.token_cost as scrip,
				coalesce(e.held_for, 'unruled') as why
			from views.entries e left join views.owners o on o.owner = e.seller_owner
			where e.status = 'pending' and e.review_by > ${at} and (e.held_for is not null or exists (
				select from duty_leases l where l.duty = 'exchange:settle/put-accept:' || e.id and l.parked))
			union all
			select m.id, 'dispute', m.seq, m.received_at, r.rule_by, r.buyer, coalesce(o.standing, false), r.entry,
				e.description, e.content_type, r.price_scrip, r.dispute_type
			from views.orders r join messages m on m.id = r.dispute_id join views.entries e on e.id = r.entry
				left join views.owners o on o.owner = r.buyer_owner
			where r.status = 'disputed' and r.rule_by > ${at}
		)
		select c.*, k.claimed_by, k.until as claimed_until, k.message_id as claim_id, count(*) over () as count
		from cases c left join views.claims k on k.case_id = c.id and k.until > ${at}
		${kind === undefined ? sql`` : sql`where c.kind = ${kind}`}
		order by c.standing desc, c.seq limit ${limit}`;
	return {
		count: Number(rows[0]?.count ?? 0),
		cases: rows.map((row) => ({
			id: row.id,
			kind: row.kind,
			seq: Number(row.seq),
			at: Number(row.at),
			until: Number(row.until),
			who: row.who,
			standing: row.standing,
			entry: row.entry,
			description: row.description,
			contentType: row.content_type,
			scrip: Number(row.scrip),
			why: row.why,
			claim:
				row.claimed_by === null
					? null
					: { by: row.claimed_by, until: Number(row.claimed_until), messageId: row.claim_id },
		})),
	};
}

/** Where a case stands in the queue, also when it is ruled on and no longer in it. */
export type Place = Pick<Case, "standing" | "seq">;

/** The case to go on with: the next one after `place` that nobody else is at, from the beginning again if there is none. */
export function nextCase<C extends Place & Pick<Case, "claim">>(
	cases: readonly C[],
	place: Place,
	reader: string,
): C | undefined {
	const free = cases.filter(({ seq, claim }) => seq !== place.seq && (claim === null || claim.by === reader));
	const behind = ({ standing, seq }: C) =>
		standing === place.standing ? seq > place.seq : place.standing && !standing;
	return free.find(behind) ?? free[0];
}

// ---- A put

export type PutCase = NonNullable<ReturnType<typeof putCase>>;

/**
 * All that a ruling on a put rests on; a question for `ask`. `analysis`: what the engine has found out about it. Money in
 * micro-scrip. Undefined for what is no put.
 */
export function putCase(state: Reading, id: string, at: number, analysis: Analysis) {
	const put = state.get(entries, id);
	if (!put || put.sourceId !== null) return undefined;
	const numbers = numbersOf(state);
	const [trader, record, score, unsold, window, sameBytes] = [
		traderOf(state, put.sellerOwner, at),
		recordOf(state, put.sellerOwner),
		scoreOf(state, put.seller),
		liveCount(state, `unsold:${put.sellerOwner}`, at),
		lastThirtyDays(state, put.sellerOwner, at),
		state.where(entries, { contentHash: put.contentHash }),
	];
	const found = analysis.copy && state.get(entries, analysis.copy.id);
	return {
		entry: entryView(state, put, at),
		reviewBy: put.reviewBy!,
		ttlHours: put.ttlHours,
		declaredTier: put.declaredTier,
		seller: {
			key: put.seller,
			owner: put.sellerOwner,
			standing: record.standing,
			vouched: record.vouched,
			reputation: reputationOf(state, put.seller),
			standingBuyers: score.standingOwners,
			accepted: trader.accepted,
			unsold,
			unsoldAtMost: numbers.unsoldEntries + numbers.unsoldEntriesPerSale * window.salesToStanding,
			...lineOf(state, put.sellerOwner, at),
		},
		plausibility: {
			tokensPerByte: put.tokenCost / put.bytes,
			atMost: numbers.implausibleTokensPerByte,
			plausible: plausible(put.tokenCost, put.bytes, numbers),
		},
		/** Other puts of the very same bytes, the first one first. */
		sameBytes: sameBytes
			.filter((other) => other.id !== put.id)
			.sort((a, b) => a.putSeq - b.putSeq)
			.map((other) => ({
				id: other.id,
				seq: other.putSeq,
				seller: other.seller,
				status: other.status,
				at: other.putAt,
			})),
		nearly:
			found && analysis.copy
				? {
						id: found.id,
						seq: found.putSeq,
						seller: found.seller,
						description: found.description,
						similarity: analysis.copy.similarity,
					}
				: null,
		embedding: {
			/** `sent` until a ruling; then `verified` or `flagged`. */
			state: put.embedding,
			/** Cosine of the seller's own with the engine's, as measured now. */
			cosine: analysis.embedding ?? null,
			agrees: analysis.embedding !== undefined && analysis.embedding >= EMBEDDING_AGREES,
		},
		proposed: put.status === "pending" ? proposed() : null,
	};

	/** What the rules would say, were it theirs to say. */
	function proposed() {
		const { payload } = acceptance(state, put!, at, { analysis });
		const payment = paymentOf(state, put!, at, {
			appraisalScrip: payload.appraisal,
			nearDuplicate: copiedBy(state, put!, found) !== undefined,
		});
		return {
			objection: objection(state, put!, at) ?? null,
			price: payload.price,
			appraisal: payload.appraisal,
			expiresAt: payload.expires_at,
			factors: payload.factors,
			wanted: payment.wantedScrip,
			bound: payment.bound,
		};
	}
}

// ---- A dispute

export type DisputeCase = NonNullable<ReturnType<typeof disputeCase>>;

/** All that the state knows for a verdict on the dispute over this order; a question for `ask`. Money in micro-scrip. */
export function disputeCase(state: Reading, orderId: string, at: number, reader: string) {
	const order = state.get(orders, orderId);
	if (!order) return undefined;
	const entry = state.get(entries, order.entry)!;
	return {
		order: {
			id: order.id,
			buyId: order.buyId,
			matchId: order.matchId,
			status: order.status,
			priceScrip: order.priceScrip,
			held: Number(order.heldMicro),
			tokens: order.tokens,
			contentHash: order.contentHash,
			acceptedAt: order.acceptedAt,
			deliverId: order.deliverId!,
			deliveredAt: order.deliveredAt!,
			disputeId: order.disputeId!,
			disputeType: order.disputeType!,
			ruleBy: order.ruleBy!,
			endedBy: order.endedBy,
			endedAt: order.endedAt,
		},
		entry: entryView(state, entry, at),
		gates: state.where(gates, { entry: entry.id }).map(gateView),
		buyer: party(state, order.buyer, order.buyerOwner, at),
		seller: party(state, order.seller, order.sellerOwner, at),
		/** Whoever is a party, or shares an owner with one, must not rule. */
		own: isPartyTo(state, order, reader),
	};
}

function party(state: Reading, key: string, owner: string, at: number) {
	const trader = traderOf(state, owner, at);
	return {
		key,
		owner,
		standing: recordOf(state, owner).standing,
		reputation: reputationOf(state, key),
		openDisputes: trader.openDisputes,
		declinedAt: trader.declinedAt,
		smallRefunds: trader.smallRefunds,
	};
}

/** The order that a dispute is about; undefined for what is no dispute. */
export async function disputedOrder(sql: Asked, disputeId: string): Promise<string | undefined> {
	const [row] = await sql`
		select deliver.antecedent from messages dispute join messages deliver on deliver.id = dispute.antecedent
		where dispute.id = ${disputeId} and dispute.operation = 'exchange:settle/dispute'`;
	return row?.antecedent;
}

/** What was asked for, how much was shown before it was bought, and how such disputes of either side ended before. */
export async function disputeContext(
	sql: Asked,
	{ buyId, matchId }: { buyId: string; matchId: string },
	{ entry, buyer, seller }: { entry: string; buyer: string; seller: string },
) {
	const [[asked], [ended]] = await Promise.all([
		sql`select b.task, b.budget_scrip, o.preview_id, o.confidence_ppm from views.buys b
			left join views.offers o on o.match_id = ${matchId} and o.entry = ${entry} where b.id = ${buyId}`,
		sql`select
				count(*) filter (where o.buyer = ${buyer} and s.how = 'verdict-accepted') as buyer_upheld,
				count(*) filter (where o.buyer = ${buyer} and s.how = 'verdict-declined') as buyer_declined,
				count(*) filter (where o.seller = ${seller} and s.how = 'verdict-accepted') as seller_upheld,
				count(*) filter (where o.seller = ${seller} and s.how = 'verdict-declined') as seller_declined
			from views.orders o join views.settlements s on s.order_id = o.id
			where (o.buyer = ${buyer} or o.seller = ${seller}) and s.how in ('verdict-accepted', 'verdict-declined')`,
	]);
	return {
		/** The buyer's words. */
		task: asked!.task as string,
		budgetScrip: asked!.budget_scrip as number,
		confidence: decimal(asked!.confidence_ppm ?? 0),
		previewId: asked!.preview_id as string | null,
		before: {
			buyer: { upheld: Number(ended!.buyer_upheld), declined: Number(ended!.buyer_declined) },
			seller: { upheld: Number(ended!.seller_upheld), declined: Number(ended!.seller_declined) },
		},
	};
}
