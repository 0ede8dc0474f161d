import { sql } from "drizzle-orm";
import {
	bigint,
	boolean,
	check,
	index,
	integer,
	jsonb,
	type PgTable,
	primaryKey,
	smallint,
	text,
} from "drizzle-orm/pg-core";
import { ms, views } from "./log";

/** Micro-scrip; all there can ever be (9,000,000,000 scrip) stays below 2^53. */
const micro = (name: string) => bigint(name, { mode: "bigint" });
/** Whole scrip, or a place in the log. */
const whole = (name: string) => bigint(name, { mode: "number" });

export type ContentType = "code" | "analysis" | "summary" | "plan" | "data" | "review" | "other";
export type Tier = "hot" | "warm" | "cold";
export type EntryStatus = "pending" | "live" | "rejected" | "removed";
/** Why a put waits for a house operator; decided at the put, by the settings of that moment. */
export type HeldFor = "auto-accept-off" | "reputation" | "appraisal";
export type Gate = "completion" | "conversion" | "disputes";
export type OrderStatus = "reserved" | "delivered" | "disputed" | "completed" | "refunded";
export type DisputeType = "content_mismatch" | "quality_inadequate" | "hash_invalid" | "stale_content";

const TIERS = sql.raw("('hot', 'warm', 'cold')");

/**
 * What was put, from the put on. A row whose `status` is `live` is in the inventory until `expiresAt`, which no message
 * announces: ask `isLive` (lib/exchange/state) or add `expires_at > now` in SQL. Contents are in `contents`, by hash.
 */
export const entries = views.table(
	"entries",
	{
		/** The put's id; of a compressed derivative, the id of the assign-accept that made it. */
		id: text().primaryKey(),
		/** The put's place in the log: who was first. */
		putSeq: whole("put_seq").notNull(),
		/** The key that put it, or made the derivative: disputes fall on it. */
		seller: text().notNull(),
		/** The seller's owner at the put. */
		sellerOwner: text("seller_owner").notNull(),
		status: text().$type<EntryStatus>().notNull(),
		heldFor: text("held_for").$type<HeldFor>(),
		/** put-reject's code, or what removed it from the inventory. */
		statusReason: text("status_reason"),
		/** The settle message that accepted, rejected or removed it last. */
		ruledBy: text("ruled_by"),

		description: text().notNull(),
		/** `sha256:` and 64 hex. */
		contentHash: text("content_hash").notNull(),
		bytes: integer().notNull(),
		tokens: integer().notNull(),
		/** The seller's claim. */
		tokenCost: integer("token_cost").notNull(),
		contentType: text("content_type").$type<ContentType>().notNull(),
		domains: jsonb().$type<readonly string[]>().notNull(),
		declaredTier: text("declared_tier").$type<Tier>(),
		tier: text().$type<Tier>().notNull(),
		/** A house operator pinned the tier: the medium loop leaves it alone. */
		tierPinned: boolean("tier_pinned").notNull(),
		ttlHours: integer("ttl_hours"),
		/** The put carried an embedding, and whether it agrees with the engine's own: known once the exchange has ruled. */
		embedding: text().$type<"none" | "sent" | "verified" | "flagged">().notNull(),

		putAt: ms("put_at").notNull(),
		/** First instant at which a put that nobody ruled on is rejected. */
		reviewBy: ms("review_by"),
		/** When this content, or the entry it nearly duplicates, was first put: its age counts from here. */
		firstPutAt: ms("first_put_at").notNull(),
		acceptedAt: ms("accepted_at"),
		/** First instant at which it is gone. */
		expiresAt: ms("expires_at"),

		/** The earlier entry this one is a copy or near-duplicate of. */
		copyOf: text("copy_of"),
		/** The entry a derivative was compressed from. */
		sourceId: text("source_id"),
		/** The entry whose seller is the author: whose appraisal and `paidMicro` count, who earns. Its own id, if no other. */
		origin: text().notNull(),

		/** A. Null until accepted. */
		appraisalScrip: whole("appraisal_scrip"),
		/** Paid at put-accept. */
		advanceScrip: whole("advance_scrip"),
		/** Advance and earn-out shares so far, towards A; residuals not counted. Kept at the origin. */
		paidMicro: micro("paid_micro").notNull(),

		/** Written by the pricing loops, 1,000,000 = 1. */
		momentumPpm: integer("momentum_ppm").notNull(),
		clusterPpm: integer("cluster_ppm").notNull(),

		/** Completed purchases, auto-completed and declined disputes too. */
		sales: integer().notNull(),
		/** The last five prices paid, oldest first. */
		lastPricesScrip: jsonb("last_prices_scrip").$type<readonly number[]>().notNull(),
		/** Distinct owners that completed a purchase; of those, the ones that had standing then. */
		buyers: integer().notNull(),
		standingBuyers: integer("standing_buyers").notNull(),

		/** At least one of its gates is shut: in no match. */
		gated: boolean().notNull(),
		/** Until then only owners with standing count against it: a provisional gate was cleared. */
		clearedUntil: ms("cleared_until"),
	},
	(t) => [
		index("entries_status").on(t.status, t.acceptedAt),
		index("entries_content").on(t.contentHash),
		index("entries_seller").on(t.seller, t.putSeq),
		index("entries_put_seq").on(t.putSeq),
		// Copies and derivatives, whose sales earn for another entry's author.
		index("entries_derived").on(t.origin).where(sql`origin <> id`),
		check("entry_status", sql`${t.status} in ('pending', 'live', 'rejected', 'removed')`),
		check("entry_held", sql`${t.heldFor} in ('auto-accept-off', 'reputation', 'appraisal')`),
		check(
			"entry_type",
			sql`${t.contentType} in ('code', 'analysis', 'summary', 'plan', 'data', 'review', 'other')`,
		),
		check("entry_tier", sql`${t.tier} in ${TIERS} and ${t.declaredTier} in ${TIERS}`),
		check("entry_embedding", sql`${t.embedding} in ('none', 'sent', 'verified', 'flagged')`),
		check("entry_size", sql`${t.bytes} between 1 and 1048576 and ${t.tokens} = (${t.bytes} + 3) / 4`),
		check("entry_cost", sql`${t.tokenCost} between 1 and 10000000`),
		check(
			"entry_live_is_whole",
			sql`${t.status} in ('pending', 'rejected') or (${t.acceptedAt} is not null and ${t.expiresAt} is not null and ${t.appraisalScrip} is not null and ${t.advanceScrip} is not null)`,
		),
		check("entry_pays_within_appraisal", sql`${t.advanceScrip} between 0 and ${t.appraisalScrip}`),
		check("entry_paid", sql`${t.paidMicro} >= 0`),
		check("entry_factors", sql`${t.momentumPpm} > 0 and ${t.clusterPpm} > 0`),
		check(
			"entry_counts",
			sql`${t.standingBuyers} >= 0 and ${t.buyers} >= ${t.standingBuyers} and ${t.sales} >= ${t.buyers}`,
		),
	],
);

/** When each content was first put, by whomever, and of the entries with it that were accepted the one put first. */
export const firstPuts = views.table("first_puts", {
	contentHash: text("content_hash").primaryKey(),
	putId: text("put_id").notNull(),
	putAt: ms("put_at").notNull(),
	entry: text(),
});

/** The newest put of the same content by the same seller: what makes a second one idempotent. */
export const putsOf = views.table(
	"puts_of",
	{ seller: text().notNull(), contentHash: text("content_hash").notNull(), entry: text().notNull() },
	(t) => [primaryKey({ columns: [t.seller, t.contentHash] })],
);

/** Contents an owner received by a `deliver`: it may not put them (`resale`). */
export const received = views.table(
	"received",
	{ owner: text().notNull(), contentHash: text("content_hash").notNull() },
	(t) => [primaryKey({ columns: [t.owner, t.contentHash] })],
);

/** The one preview plan of a content, for ever: the same bytes show the same chunks, whoever puts them. */
export const previewPlans = views.table("preview_plans", {
	contentHash: text("content_hash").primaryKey(),
	chunks: jsonb().$type<readonly { position: number; length: number }[]>().notNull(),
	/** The put-accept or preview that fixed it. */
	messageId: text("message_id").notNull(),
});

/** Live entries by scope and UTC day of expiry, so that what expires unannounced stops counting: `enter`, `leave` in state. */
export const liveEntries = views.table(
	"live_entries",
	{
		/** `all`, `type:code`, `domain:code:go`, `unsold:<owner>`. */
		scope: text().notNull(),
		expiresDay: integer("expires_day").notNull(),
		count: integer().notNull(),
	},
	(t) => [primaryKey({ columns: [t.scope, t.expiresDay] }), check("live_entries_some", sql`${t.count} > 0`)],
);

export const buys = views.table(
	"buys",
	{
		id: text().primaryKey(),
		seq: whole("seq").notNull(),
		buyer: text().notNull(),
		buyerOwner: text("buyer_owner").notNull(),
		task: text().notNull(),
		budgetScrip: integer("budget_scrip").notNull(),
		minReputation: smallint("min_reputation").notNull(),
		freshnessHours: integer("freshness_hours"),
		contentType: text("content_type").$type<ContentType>(),
		domains: jsonb().$type<readonly string[]>().notNull(),
		maxResults: smallint("max_results").notNull(),
		/** The tier asked for: a filter, and the only way its multiplier counts. */
		tier: text().$type<Tier>(),
		at: ms("at").notNull(),
		/** The order expires then if unmatched; it is still answered, by an empty match. */
		expiresAt: ms("expires_at").notNull(),
		/** One match per buy, ever. */
		matchId: text("match_id"),
		results: smallint(),
		/** First instant at which its quotes no longer hold. */
		quoteExpiresAt: ms("quote_expires_at"),
		/** Sum of the prices of all accepts of its match: never above the budget. */
		acceptedScrip: integer("accepted_scrip").notNull(),
	},
	(t) => [
		index("buys_buyer").on(t.buyer, t.seq),
		index("buys_open").on(t.expiresAt).where(sql`match_id is null`),
		check("buy_budget", sql`${t.budgetScrip} between 1 and 10000000`),
		check("buy_within_budget", sql`${t.acceptedScrip} between 0 and ${t.budgetScrip}`),
		check(
			"buy_filters",
			sql`${t.minReputation} between 0 and 100 and ${t.maxResults} between 1 and 10 and ${t.freshnessHours} between 1 and 8760 and ${t.tier} in ${TIERS}`,
		),
		check("buy_matched_whole", sql`(${t.matchId} is null) = (${t.quoteExpiresAt} is null)`),
	],
);

/** A result of a match: what was quoted to one buyer for one entry, and what became of it. */
export const offers = views.table(
	"offers",
	{
		matchId: text("match_id").notNull(),
		entry: text().notNull(),
		buyId: text("buy_id").notNull(),
		/** 0 = best. */
		position: smallint().notNull(),
		/** The match's price: holds until the quote expires, whatever the entry costs then. */
		basePriceScrip: integer("base_price_scrip").notNull(),
		/** After the preview's discount; null while there is none. */
		previewPriceScrip: integer("preview_price_scrip"),
		/** Millionths. */
		confidencePpm: integer("confidence_ppm").notNull(),
		tokens: integer().notNull(),
		/** First instant at which it no longer holds. */
		quoteExpiresAt: ms("quote_expires_at").notNull(),
		/** The preview-request (the first), and the preview that answered it. */
		requestId: text("request_id"),
		previewId: text("preview_id"),
		/** The buyer-reject. */
		rejectedBy: text("rejected_by"),
		/** The buyer-accept, which is the order's id. */
		orderId: text("order_id"),
	},
	(t) => [
		primaryKey({ columns: [t.matchId, t.entry] }),
		index("offers_entry").on(t.entry),
		check("offer_price", sql`${t.basePriceScrip} between 1 and 10000000`),
		check("offer_preview_cheaper", sql`${t.previewPriceScrip} between 1 and ${t.basePriceScrip}`),
		check("offer_preview_asked", sql`${t.previewId} is null or ${t.requestId} is not null`),
		check("offer_one_answer", sql`${t.rejectedBy} is null or ${t.orderId} is null`),
	],
);

/** A purchase, by the id of its buyer-accept. Owners are those of that moment. */
export const orders = views.table(
	"orders",
	{
		id: text().primaryKey(),
		seq: whole("seq").notNull(),
		matchId: text("match_id").notNull(),
		buyId: text("buy_id").notNull(),
		entry: text().notNull(),
		buyer: text().notNull(),
		buyerOwner: text("buyer_owner").notNull(),
		/** Who answers for the entry: its seller, or the maker of the derivative. */
		seller: text().notNull(),
		sellerOwner: text("seller_owner").notNull(),
		contentHash: text("content_hash").notNull(),
		tokens: integer().notNull(),
		basePriceScrip: integer("base_price_scrip").notNull(),
		/** What is paid: exactly the quote, less the preview's discount. */
		priceScrip: integer("price_scrip").notNull(),
		/** Taken from the buyer's hot into held; released exactly once, in whole. */
		heldMicro: micro("held_micro").notNull(),
		status: text().$type<OrderStatus>().notNull(),
		acceptedAt: ms("accepted_at").notNull(),
		deliverBy: ms("deliver_by").notNull(),
		deliverId: text("deliver_id"),
		deliveredAt: ms("delivered_at"),
		/** First instant at which the exchange completes a silent delivery. */
		completeBy: ms("complete_by"),
		disputeId: text("dispute_id"),
		disputeType: text("dispute_type").$type<DisputeType>(),
		/** First instant at which an unruled dispute is refunded. */
		ruleBy: ms("rule_by"),
		buyerEvidence: smallint("buyer_evidence").notNull(),
		sellerEvidence: smallint("seller_evidence").notNull(),
		/** The small-content-dispute that asked for its refund. */
		smallDisputeId: text("small_dispute_id"),
		/** The message that settled it, and when. */
		endedBy: text("ended_by"),
		endedAt: ms("ended_at"),
	},
	(t) => [
		index("orders_buyer").on(t.buyer, t.seq),
		index("orders_seller").on(t.seller, t.seq),
		index("orders_entry").on(t.entry),
		index("orders_match").on(t.matchId),
		// What waits at a buyer's desk.
		index("orders_open").on(t.buyer).where(sql`status in ('reserved', 'delivered', 'disputed')`),
		// The house operators' queue.
		index("orders_disputed").on(t.ruleBy).where(sql`status = 'disputed'`),
		check("order_status", sql`${t.status} in ('reserved', 'delivered', 'disputed', 'completed', 'refunded')`),
		check("order_price", sql`${t.priceScrip} between 1 and ${t.basePriceScrip}`),
		check("order_holds_price", sql`${t.heldMicro} = ${t.priceScrip}::bigint * 1000000`),
		check("order_ended_whole", sql`(${t.endedBy} is not null) = (${t.status} in ('completed', 'refunded'))`),
		check(
			"order_delivered_whole",
			sql`${t.status} not in ('delivered', 'disputed', 'completed') or ${t.deliverId} is not null`,
		),
		check("order_disputed_whole", sql`${t.status} <> 'disputed' or ${t.disputeId} is not null`),
		check("order_evidence", sql`${t.buyerEvidence} between 0 and 5 and ${t.sellerEvidence} between 0 and 5`),
	],
);

/** How each order ended, once: the database itself refuses a second settlement. Append-only. */
export const settlements = views.table(
	"settlements",
	{
		orderId: text("order_id").primaryKey(),
		seq: whole("seq").notNull(),
		messageId: text("message_id").notNull(),
		/** `complete`, `auto-complete`, `verdict-declined`; `refund`, `small-content-dispute`, `verdict-accepted`. */
		how: text().notNull(),
		at: ms("at").notNull(),
		/** The parts of the price; a refund is all `refundedMicro`. */
		refundedMicro: micro("refunded_micro").notNull(),
		burnMicro: micro("burn_micro").notNull(),
		earnOutMicro: micro("earn_out_micro").notNull(),
		residualMicro: micro("residual_micro").notNull(),
		maintenanceMicro: micro("maintenance_micro").notNull(),
		treasuryMicro: micro("treasury_micro").notNull(),
		heldMicro: micro("held_micro").notNull(),
	},
	(t) => [
		check(
			"settlement_sums",
			sql`${t.refundedMicro} + ${t.burnMicro} + ${t.earnOutMicro} + ${t.residualMicro} + ${t.maintenanceMicro} + ${t.treasuryMicro} = ${t.heldMicro}`,
		),
		check(
			"settlement_parts",
			sql`${t.refundedMicro} >= 0 and ${t.burnMicro} >= 0 and ${t.earnOutMicro} >= 0 and ${t.residualMicro} >= 0 and ${t.maintenanceMicro} >= 0 and ${t.treasuryMicro} >= 0`,
		),
		check("settlement_refund_whole", sql`${t.refundedMicro} in (0, ${t.heldMicro})`),
	],
);

/** What the exchange remembers of an owner that trades: its line, and counts that bound what it may do. */
export const traders = views.table(
	"traders",
	{
		owner: text().primaryKey(),
		/** The line of RULES "Put price" as of `fadedAtDay`: lib/exchange/rules/line. */
		advancesMicro: micro("advances_micro").notNull(),
		earnedMicro: micro("earned_micro").notNull(),
		fadedAtDay: integer("faded_at_day").notNull(),
		/** Puts accepted, ever: 0 = its next one is its first. */
		accepted: integer().notNull(),
		openReservations: integer("open_reservations").notNull(),
		openDisputes: integer("open_disputes").notNull(),
		/** When its last dispute was declined. */
		declinedAt: ms("declined_at"),
		/** Automatic refunds of small content, ever. */
		smallRefunds: integer("small_refunds").notNull(),
	},
	(t) => [
		check("trader_line", sql`${t.advancesMicro} >= 0 and ${t.earnedMicro} >= 0`),
		check(
			"trader_counts",
			sql`${t.accepted} >= 0 and ${t.openReservations} >= 0 and ${t.openDisputes} >= 0 and ${t.smallRefunds} >= 0`,
		),
	],
);

/** Sums of an owner by UTC day, for windows of 30 days; older rows are dropped when a newer one is written. */
export const traderDays = views.table(
	"trader_days",
	{
		owner: text().notNull(),
		day: integer().notNull(),
		/** As seller: sales to owners with standing. */
		salesToStanding: integer("sales_to_standing").notNull(),
		/** As buyer: refunded automatically beyond its free ones; completed at sellers with standing. */
		refundedMicro: micro("refunded_micro").notNull(),
		completedMicro: micro("completed_micro").notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.owner, t.day] }),
		check(
			"trader_day_sums",
			sql`${t.salesToStanding} >= 0 and ${t.refundedMicro} >= 0 and ${t.completedMicro} >= 0`,
		),
	],
);

/** When a buyer's small-content-disputes of the last 24 hours were filed (ms, ascending): the window rolls. */
export const smallDisputers = views.table("small_disputers", {
	buyer: text().primaryKey(),
	filedAt: jsonb("filed_at").$type<readonly number[]>().notNull(),
});

/** One UTC day's advances: lib/exchange/rules/advance-budget. */
export const advanceDays = views.table(
	"advance_days",
	{
		day: integer().primaryKey(),
		budgetMicro: micro("budget_micro").notNull(),
		spentMicro: micro("spent_micro").notNull(),
		beyondRecordMicro: micro("beyond_record_micro").notNull(),
		firstScripsMicro: micro("first_scrips_micro").notNull(),
	},
	(t) => [
		check(
			"advance_day_sums",
			sql`${t.budgetMicro} >= 0 and ${t.spentMicro} >= 0 and ${t.firstScripsMicro} >= 0 and ${t.beyondRecordMicro} between 0 and ${t.spentMicro}`,
		),
	],
);

/** The treasury's share of the sales settled on a UTC day. */
export const treasuryDays = views.table(
	"treasury_days",
	{ day: integer().primaryKey(), shareMicro: micro("share_micro").notNull() },
	(t) => [check("treasury_day_share", sql`${t.shareMicro} >= 0`)],
);

/** Funded buys of owners with standing, each owner once a day and type; type `all` sums the types. */
export const demandDays = views.table(
	"demand_days",
	{ type: text().notNull(), day: integer().notNull(), buys: integer().notNull() },
	(t) => [primaryKey({ columns: [t.type, t.day] }), check("demand_some", sql`${t.buys} > 0`)],
);
/** The last day on which an owner counted in a type's demand. */
export const demandOwners = views.table(
	"demand_owners",
	{ owner: text().notNull(), type: text().notNull(), day: integer().notNull() },
	(t) => [primaryKey({ columns: [t.owner, t.type] })],
);

/** Tasks that found nothing: open demand. One row for all buys of the same task and type. */
export const wanted = views.table(
	"wanted",
	{
		/** sha256 of the content type and the task, white space and case aside. */
		key: text().primaryKey(),
		/** As its newest asker put it. */
		task: text().notNull(),
		contentType: text("content_type").$type<ContentType>(),
		domains: jsonb().$type<readonly string[]>().notNull(),
		/** The highest budget asked with. */
		budgetScrip: integer("budget_scrip").notNull(),
		misses: integer().notNull(),
		/** Distinct owners, and those that had standing when they asked. */
		askers: integer().notNull(),
		standingAskers: integer("standing_askers").notNull(),
		firstAt: ms("first_at").notNull(),
		lastAt: ms("last_at").notNull(),
		lastBuyId: text("last_buy_id").notNull(),
		/** The match that found something for it since; null = open. */
		foundBy: text("found_by"),
	},
	(t) => [
		index("wanted_open").on(t.lastAt).where(sql`found_by is null`),
		check(
			"wanted_counts",
			sql`${t.standingAskers} >= 0 and ${t.askers} >= ${t.standingAskers} and ${t.misses} >= ${t.askers}`,
		),
	],
);
export const wantedAskers = views.table(
	"wanted_askers",
	{ key: text().notNull(), owner: text().notNull(), standing: boolean().notNull() },
	(t) => [primaryKey({ columns: [t.key, t.owner] })],
);

/** Owners that completed a purchase of an entry, for what counts distinct owners. */
export const entryBuyers = views.table(
	"entry_buyers",
	{
		entry: text().notNull(),
		owner: text().notNull(),
		completions: integer().notNull(),
		/** Had standing at one of its completions: counted in `standingBuyers`. */
		standing: boolean().notNull(),
	},
	(t) => [primaryKey({ columns: [t.entry, t.owner] })],
);

/**
 * Layer 0: the counters behind each gate of an entry and whether it is shut. A clear raises `round`, which forgets them all.
 * completion: total = deliveries that ended, good = completed. conversion: total = previews served, good = distinct owners
 * that completed. disputes: total = distinct disputing owners, good = 0.
 */
export const gates = views.table(
	"gates",
	{
		entry: text().notNull(),
		gate: text().$type<Gate>().notNull(),
		round: integer().notNull(),
		total: integer().notNull(),
		good: integer().notNull(),
		/** Distinct owners with standing among those against it (`gateOwners`). */
		standing: integer().notNull(),
		/** The message that shut it; null = open. */
		shutBy: text("shut_by"),
		shutAt: ms("shut_at"),
		provisional: boolean().notNull(),
		/** First instant at which a provisional gate may be cleared. */
		until: ms("until"),
		clearedAt: ms("cleared_at"),
	},
	(t) => [
		primaryKey({ columns: [t.entry, t.gate] }),
		check("gate_kind", sql`${t.gate} in ('completion', 'conversion', 'disputes')`),
		check("gate_counts", sql`${t.total} >= 0 and ${t.good} >= 0 and ${t.standing} >= 0`),
		check("gate_shut_whole", sql`(${t.shutBy} is null) = (${t.shutAt} is null)`),
		check("gate_provisional_ends", sql`${t.provisional} = (${t.until} is not null)`),
		check("gate_open_not_provisional", sql`${t.shutBy} is not null or not ${t.provisional}`),
	],
);
/** The owners against an entry in a gate's present round, and what they took from its seller's reputation by that. */
export const gateOwners = views.table(
	"gate_owners",
	{
		entry: text().notNull(),
		gate: text().$type<Gate>().notNull(),
		round: integer().notNull(),
		owner: text().notNull(),
		standing: boolean().notNull(),
		/** Sum of the signals that fall with this gate, ≤ 0: a clear gives exactly this back. */
		delta: integer().notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.entry, t.gate, t.round, t.owner] }),
		check("gate_delta", sql`${t.delta} <= 0`),
	],
);

/** Every change of a seller's reputation, with the message that caused it. Append-only; the sum is in `scores`. */
export const signals = views.table(
	"signals",
	{
		seq: whole("seq").notNull(),
		n: smallint().notNull(),
		seller: text().notNull(),
		/** `sale`, `repeatBuyer`, `convergence`, `disputeUpheld`, `hashInvalid`, `smallContentRefund`, or `cleared`. */
		signal: text().notNull(),
		delta: integer().notNull(),
		messageId: text("message_id").notNull(),
		entry: text().notNull(),
		/** The owner behind it; null for what the exchange annuls. */
		byOwner: text("by_owner"),
	},
	(t) => [
		primaryKey({ columns: [t.seq, t.n] }),
		index("signals_seller").on(t.seller, t.seq),
		check(
			"signal_kind",
			sql`${t.signal} in ('sale', 'repeatBuyer', 'convergence', 'disputeUpheld', 'hashInvalid', 'smallContentRefund', 'cleared')`,
		),
	],
);

/** A seller's reputation: clamp(50 + sum, 0, 100), clamped when read and never before. */
export const scores = views.table(
	"scores",
	{
		seller: text().primaryKey(),
		sum: integer().notNull(),
		/** What it got so far from all buyers without standing together. */
		fromWithoutStanding: integer("from_without_standing").notNull(),
		/** Distinct buying owners that had standing: shown beside the score. */
		standingOwners: integer("standing_owners").notNull(),
	},
	(t) => [check("score_counts", sql`${t.fromWithoutStanding} >= 0 and ${t.standingOwners} >= 0`)],
);

/** A buying owner at a seller: whether it has returned, and what it gave by UTC day (30 days are kept). */
export const customers = views.table(
	"customers",
	{
		seller: text().notNull(),
		owner: text().notNull(),
		completions: integer().notNull(),
		standing: boolean().notNull(),
		given: jsonb().$type<readonly { day: number; sum: number }[]>().notNull(),
	},
	(t) => [primaryKey({ columns: [t.seller, t.owner] })],
);

/** The slow loop's factor for all prices, by name (`global`), 1,000,000 = 1. */
export const marketFactors = views.table(
	"market_factors",
	{ name: text().primaryKey(), ppm: integer().notNull(), messageId: text("message_id").notNull() },
	(t) => [check("market_factor_positive", sql`${t.ppm} > 0`)],
);

export const exchangeTables: PgTable[] = [
	entries,
	firstPuts,
	putsOf,
	received,
	previewPlans,
	liveEntries,
	buys,
	offers,
	orders,
	settlements,
	traders,
	traderDays,
	smallDisputers,
	advanceDays,
	treasuryDays,
	demandDays,
	demandOwners,
	wanted,
	wantedAskers,
	entryBuyers,
	gates,
	gateOwners,
	signals,
	scores,
	customers,
	marketFactors,
];

/** Inserted, never changed: the primary key makes the database refuse a second one. */
export const exchangeAppendOnly: PgTable[] = [settlements, signals];

/** Their past stays known: what an entry and an order looked like then follows from these rows. */
export const exchangeKept: PgTable[] = [entries, gates, buys, offers, orders, scores, marketFactors];
