import type { Fragment, Sql, TransactionSql } from "postgres";
import {
	type ContentType,
	type DisputeType,
	entries,
	gates,
	type OrderStatus,
	type Tier,
} from "../../db/schema/exchange";
import { hiddenBy, unlistedBy } from "../agents/moderation";
import type { Reading, Row } from "../log/state";
import { fromRow, type Recorded } from "../log/tail";
import { rowsThen, rowsUnder, type Stored } from "../log/then";
import { PREVIEW_TOKENS } from "./rules/plausibility";
import { type Signal, score } from "./rules/reputation";
import { type Entry, isLive, priceOf, priceParts, reputationOf } from "./state";

type Asked = Sql | TransactionSql;
const HOUR_MS = 3_600_000;

/** Whether the house keeps the message with this id out of lists: `unlistedBy` (lib/agents/moderation) as a condition. */
export const unlisted = (sql: Asked, id: Fragment, at: number) => sql`exists (
	select from views.hides h where h.message_id = ${id} and h.hidden <> coalesce(h.until <= ${at}, false))`;

// ---- The inventory

export interface Shelf {
	type?: ContentType;
	domain?: string;
	seller?: string;
	tier?: Tier;
}

/**
 * Ids of what is in the inventory at this instant, newest put first, put before `before` (a seq), and the first instant at which
 * time alone may make it another list.
 */
export async function shelf(
	sql: Asked,
	{ type, domain, seller, tier }: Shelf,
	at: number,
	before: number,
	limit: number,
): Promise<{ found: { id: string; putSeq: number }[]; until: number }> {
	const rows = await sql`
		select id, put_seq, least(expires_at, (select min(until) from views.hides where until > ${at})) as until
		from views.entries e
		where status = 'live' and expires_at > ${at} and put_seq < ${before}
			and not ${unlisted(sql, sql`e.id`, at)}
		${type === undefined ? sql`` : sql`and content_type = ${type}`}
		${domain === undefined ? sql`` : sql`and domains @> to_jsonb(${domain}::text)`}
		${seller === undefined ? sql`` : sql`and seller = ${seller}`}
		${tier === undefined ? sql`` : sql`and tier = ${tier}`}
		order by put_seq desc limit ${limit}`;
	return {
		found: rows.map((row) => ({ id: row.id as string, putSeq: Number(row.put_seq) })),
		// Of an empty one this is not known.
		until: rows.length === 0 ? at : Math.min(...rows.map(({ until }) => Number(until))),
	};
}

/**
 * Entries as anybody may see them, never their content, and without their words where the house hides those; a question for
 * `ask`, so that prices are the rules' own.
 */
export function shown(state: Reading, ids: string[], at: number): EntryView[] {
	return ids
		.map((id) => {
			const entry = state.get(entries, id);
			if (!entry) return undefined;
			const view = entryView(state, entry, at);
			return hiddenBy(state, id, "payload", at) ? { ...view, description: "", domains: [] } : view;
		})
		.filter((entry) => entry !== undefined);
}

/** One entry with how its price comes about and what judged it, at an instant; undefined for what is none. */
export function entryWhole(state: Reading, id: string, at: number) {
	const [entry] = shown(state, [id], at);
	return (
		entry && {
			...entry,
			price_parts: entry.price === null ? null : priceParts(state, state.get(entries, id)!, at),
			gates: state.where(gates, { entry: id }).map(gateView),
		}
	);
}

export type EntryView = ReturnType<typeof entryView>;

/** `description`, `domains` and `token_cost` are the seller's claims. */
export function entryView(state: Reading, entry: Entry, at: number) {
	const live = isLive(entry, at);
	return {
		entry_id: entry.id,
		status: entry.status === "live" && !live ? ("expired" as const) : entry.status,
		status_reason: entry.statusReason,
		/** In no match while one of its gates is shut. */
		gated: entry.gated,
		/** In no list and no match: by flags until somebody rules, or by a ruling. */
		hidden: unlistedBy(state, entry.id, at) !== undefined,
		held_for: entry.heldFor,
		seller_key: entry.seller,
		seller_reputation: reputationOf(state, entry.seller),
		description: entry.description,
		content_type: entry.contentType,
		domains: entry.domains,
		content_hash: entry.contentHash,
		bytes: entry.bytes,
		tokens: entry.tokens,
		token_cost: entry.tokenCost,
		tier: entry.tier,
		/** Whole scrip, now, without a tier's multiplier; null when it cannot be bought. */
		price: live ? priceOf(state, entry, at) : null,
		appraisal: entry.appraisalScrip,
		put_seq: entry.putSeq,
		put_at: iso(entry.putAt),
		accepted_at: iso(entry.acceptedAt),
		expires_at: iso(entry.expiresAt),
		age_hours: Math.floor((at - entry.firstPutAt) / HOUR_MS),
		ruled_by: entry.ruledBy,
		copy_of: entry.copyOf,
		source_id: entry.sourceId,
		sales: entry.sales,
		buyers: entry.buyers,
		buyers_with_standing: entry.standingBuyers,
		last_prices: entry.lastPricesScrip,
	};
}

/** What judged an entry's correctness so far. */
export function gateView({ gate, total, good, shutBy, provisional, until }: Row<typeof gates>) {
	return { gate, total, good, shut_by: shutBy, provisional, until: iso(until) };
}

// ---- An order

/** Everything said about a buy, in order: the buy, its match, and whatever answers those. Empty for what is no buy. */
export async function chainOf(sql: Asked, buyId: string): Promise<Recorded[]> {
	const [chain] = await chainsOf(sql, [buyId]);
	return chain!;
}

/** The same of several buys, in the order in which they are named. */
export async function chainsOf(sql: Asked, buyIds: readonly string[]): Promise<Recorded[][]> {
	const rows = await sql`
		select asked.place, said.* from unnest(${buyIds as string[]}::text[]) with ordinality as asked (id, place), lateral (
			with recursive chain as (
				select * from messages where id = asked.id and operation = 'exchange:buy'
				union all
				select m.* from messages m join chain c on m.antecedent = c.id where m.operation like 'exchange:%'
			)
			select * from chain order by seq limit 500
		) said order by asked.place, said.seq`;
	const chains: Recorded[][] = buyIds.map(() => []);
	for (const row of rows) chains[Number(row.place) - 1]!.push(fromRow(row));
	return chains;
}

export interface Waiting {
	/** `exchange`, `buyer`, or `operator`: whoever moves next. */
	who: "exchange" | "buyer" | "operator";
	/** What that one may say; any of them ends the wait. */
	operations: string[];
	entry_id?: string;
	/** First instant that is too late; null when it is due now. */
	until: string | null;
	/** What happens then by itself. */
	otherwise: string;
}

const settle = (...phases: string[]) => phases.map((phase) => `exchange:settle/${phase}`);
const previewable = (of: Stored) => (of.tokens as number) >= PREVIEW_TOKENS;

export type OrderView = NonNullable<Awaited<ReturnType<typeof orderView>>>;

/** The order behind a buy: what was asked, offered, accepted, how each ended, and who waits for whom. */
export async function orderView(sql: Asked, buyId: string, at: number) {
	const [order] = await orderViews(sql, [buyId], at);
	return order;
}

/** The orders behind several buys, in the order in which they are named; one that is no buy is left out. */
export async function orderViews(sql: Asked, buyIds: readonly string[], at: number) {
	return (await ordersAt(sql, buyIds)).filter((viewAt) => viewAt !== undefined).map((viewAt) => viewAt(at));
}

/** The same as functions of the instant: what was read for them does not move with time. Undefined for what is no buy. */
export async function ordersAt(sql: Asked, buyIds: readonly string[]) {
	if (buyIds.length === 0) return [];
	const buys = await sql`select * from views.buys where id in ${sql(buyIds)}`;
	const matches = buys.map(({ match_id }) => match_id).filter((id) => id !== null);
	const [offers, orders] =
		matches.length === 0
			? [[], []]
			: await Promise.all([
					sql`select o.*, e.bytes, e.domains from views.offers o join views.entries e on e.id = o.entry
						where o.match_id in ${sql(matches)} order by o.position`,
					sql`select o.*, s.how, s.refunded_micro, s.burn_micro, s.earn_out_micro, s.residual_micro, s.maintenance_micro, s.treasury_micro
						from views.orders o left join views.settlements s on s.order_id = o.id
						where o.match_id in ${sql(matches)} order by o.seq`,
				]);
	return buyIds.map((id) => {
		const buy = buys.find((buy) => buy.id === id);
		if (!buy) return undefined;
		const of = (one: Stored) => one.buy_id === id;
		const [offered, ordered] = [offers.filter(of), orders.filter(of)];
		return (at: number) => viewOf(buy, offered, ordered, at);
	});
}

/** An order without those of its words that the house hides: what was asked, and what its offers are about. */
export function withoutHidden(
	order: OrderView,
	withheld: (messageId: string) => string | undefined,
): OrderView {
	const { filters, offers } = order;
	const seen = offers.map((offer) => (withheld(offer.entry_id) ? { ...offer, domains: [] } : offer));
	if (!withheld(order.buy_id)) return { ...order, offers: seen };
	return { ...order, task: "", filters: { ...filters, domains: [] }, offers: seen };
}

/** The order behind a buy as it stood once message `seq`, which came at `at`, was in. */
export async function orderThen(
	sql: Asked,
	buyId: string,
	{ seq, at }: { seq: number; at: number },
): Promise<OrderView | undefined> {
	const buy = (await rowsThen(sql, "buys", [buyId], seq)).get(buyId);
	if (!buy) return undefined;
	if (buy.match_id === null) return viewOf(buy, [], [], at);
	const offers = await rowsUnder(sql, "offers", `${buy.match_id}/`, seq);
	const accepted = offers.map(({ order_id }) => order_id as string | null).filter((id) => id !== null);
	const [orders, settled, offered] = await Promise.all([
		rowsThen(sql, "orders", accepted, seq),
		sql`select * from views.settlements where order_id = any(${accepted}) and seq <= ${seq}`,
		// Neither changes while there is an entry.
		sql`select id, bytes, domains from views.entries where id = any(${offers.map(({ entry }) => entry as string)})`,
	]);
	const whole = [...orders.values()].map((order) => ({
		...order,
		...(settled.find(({ order_id }) => order_id === order.id) ?? { how: null }),
		seq: order.seq,
	}));
	return viewOf(
		buy,
		offers
			.map((offer) => ({ ...offered.find(({ id }) => id === offer.entry), ...offer }) as Stored)
			.sort((a, b) => (a.position as number) - (b.position as number)),
		(whole as Stored[]).sort((a, b) => Number(a.seq) - Number(b.seq)),
		at,
	);
}

function viewOf(buy: Stored, offers: readonly Stored[], orders: readonly Stored[], at: number) {
	const waiting: Waiting[] = [];
	if (buy.match_id === null)
		waiting.push(
			turn(at, ["exchange:match"], {
				who: "exchange",
				operations: ["exchange:match"],
				until: iso(buy.expires_at),
				otherwise: "The order expires; it is answered by an empty match.",
			}),
		);
	for (const offer of offers)
		if (offer.order_id === null && offer.rejected_by === null && at < Number(offer.quote_expires_at))
			waiting.push(waitsForOffer(offer));
	for (const order of orders) {
		const next = waitsForOrder(order, at);
		if (next) waiting.push(next);
	}
	return {
		buy_id: buy.id as string,
		seq: Number(buy.seq),
		buyer: buy.buyer as string,
		task: buy.task as string,
		budget: buy.budget_scrip as number,
		/** What else was asked for; null: anything. */
		filters: {
			content_type: buy.content_type as ContentType | null,
			domains: buy.domains as string[],
			min_reputation: buy.min_reputation as number,
			freshness_hours: buy.freshness_hours as number | null,
			compression_tier: buy.tier as Tier | null,
			max_results: buy.max_results as number,
		},
		status: statusOf(buy, offers, orders, at),
		at: iso(buy.at)!,
		expires_at: iso(buy.expires_at)!,
		match_id: buy.match_id as string | null,
		quote_expires_at: iso(buy.quote_expires_at),
		accepted_scrip: buy.accepted_scrip as number,
		offers: offers.map((offer) => ({
			entry_id: offer.entry as string,
			position: offer.position as number,
			base_price: offer.base_price_scrip as number,
			purchase_price: (offer.preview_price_scrip ?? offer.base_price_scrip) as number,
			confidence: (offer.confidence_ppm as number) / 1_000_000,
			tokens: offer.tokens as number,
			bytes: offer.bytes as number,
			domains: offer.domains as string[],
			preview_request_id: offer.request_id as string | null,
			preview_id: offer.preview_id as string | null,
			rejected_by: offer.rejected_by as string | null,
			order_id: offer.order_id as string | null,
		})),
		orders: orders.map((order) => ({
			order_id: order.id as string,
			entry_id: order.entry as string,
			seller_key: order.seller as string,
			status: order.status as OrderStatus,
			price: order.price_scrip as number,
			content_hash: order.content_hash as string,
			accepted_at: iso(order.accepted_at),
			deliver_by: iso(order.deliver_by),
			deliver_id: order.deliver_id as string | null,
			delivered_at: iso(order.delivered_at),
			complete_by: iso(order.complete_by),
			dispute_id: (order.dispute_id ?? order.small_dispute_id) as string | null,
			dispute_type: order.dispute_type as DisputeType | null,
			rule_by: iso(order.rule_by),
			ended_by: order.ended_by as string | null,
			ended_at: iso(order.ended_at),
			/** Micro-scrip; the parts sum to the price. */
			settlement:
				order.how === null
					? null
					: {
							how: order.how as string,
							refunded: Number(order.refunded_micro),
							burn: Number(order.burn_micro),
							earn_out: Number(order.earn_out_micro),
							residual: Number(order.residual_micro),
							maintenance: Number(order.maintenance_micro),
							treasury: Number(order.treasury_micro),
						},
		})),
		waiting,
	};
}

function waitsForOffer(offer: Stored): Waiting {
	const common = { entry_id: offer.entry as string, until: iso(offer.quote_expires_at as string) };
	if (offer.request_id !== null && offer.preview_id === null)
		return {
			...common,
			who: "exchange",
			operations: settle("preview"),
			otherwise: "The quote expires; nothing was reserved.",
		};
	const preview = previewable(offer) && offer.preview_id === null;
	return {
		...common,
		who: "buyer",
		operations: preview ? settle("preview-request", "buyer-reject") : settle("buyer-accept", "buyer-reject"),
		otherwise: "The quote expires; nothing was reserved.",
	};
}

function waitsForOrder(order: Stored, at: number): Waiting | undefined {
	const entry_id = order.entry as string;
	switch (order.status) {
		case "reserved":
			return turn(at, settle("refund"), {
				who: "exchange",
				operations: settle("deliver"),
				entry_id,
				until: iso(order.deliver_by as string),
				otherwise: "The buyer is refunded.",
			});
		case "delivered": {
			if (order.small_dispute_id !== null)
				return {
					who: "exchange",
					operations: settle("refund"),
					entry_id,
					until: null,
					otherwise: OWED,
				};
			const small = previewable(order) ? [] : ["small-content-dispute"];
			return turn(at, settle("auto-complete"), {
				who: "buyer",
				operations: settle("complete", ...small, "dispute"),
				entry_id,
				until: iso(order.complete_by as string),
				otherwise: "The exchange completes it, without reputation.",
			});
		}
		case "disputed":
			return turn(at, settle("refund"), {
				who: "operator",
				operations: settle("verdict"),
				entry_id,
				until: iso(order.rule_by as string),
				otherwise: "The buyer is refunded, without reputation.",
			});
	}
}

const OWED = "It is owed at once.";

/** Whose turn it is: past the deadline nobody's but the exchange's, which then owes one of these. */
function turn(at: number, afterwards: string[], waiting: Waiting): Waiting {
	if (at < Date.parse(waiting.until!)) return waiting;
	return { ...waiting, who: "exchange", operations: afterwards, until: null, otherwise: OWED };
}

/** One word for the whole: `open`, `empty`, `quoted`, `expired`, then the least finished of its purchases. */
function statusOf(
	buy: Stored,
	offers: readonly Stored[],
	orders: readonly Stored[],
	at: number,
): OrderStatus | "open" | "empty" | "rejected" | "quoted" | "expired" {
	if (buy.match_id === null) return "open";
	for (const status of ["disputed", "reserved", "delivered"] as const)
		if (orders.some((order) => order.status === status)) return status;
	if (orders.some(({ status }) => status === "completed")) return "completed";
	if (orders.length > 0) return "refunded";
	if (offers.length === 0) return "empty";
	if (offers.every(({ rejected_by }) => rejected_by !== null)) return "rejected";
	return at < Number(buy.quote_expires_at) ? "quoted" : "expired";
}

// ---- Open demand

/** What was asked for and not found, last asked first; `task` and `domains` are askers' words. */
export async function wantedList(
	sql: Asked,
	{ type, domain }: { type?: ContentType; domain?: string },
	at: number,
	before: number,
	limit: number,
) {
	const rows = await sql`
		select w.*, b.seq from views.wanted w join views.buys b on b.id = w.last_buy_id
		where w.found_by is null and b.seq < ${before} and not ${unlisted(sql, sql`b.id`, at)}
		${type === undefined ? sql`` : sql`and w.content_type = ${type}`}
		${domain === undefined ? sql`` : sql`and w.domains @> to_jsonb(${domain}::text)`}
		order by b.seq desc limit ${limit + 1}`;
	const items = rows.slice(0, limit).map((row) => ({
		key: row.key as string,
		task: row.task as string,
		content_type: row.content_type as string | null,
		domains: row.domains as string[],
		budget: row.budget_scrip as number,
		misses: row.misses as number,
		askers: row.askers as number,
		askers_with_standing: row.standing_askers as number,
		first_at: iso(row.first_at)!,
		last_at: iso(row.last_at)!,
		last_buy_id: row.last_buy_id as string,
	}));
	return { items, next: rows.length > limit ? Number(rows[limit - 1]!.seq) : undefined };
}

// ---- Reputation

/**
 * The seed's integer, what made it, newest first, and beside it how many owners with standing are behind it. Of each signal also
 * the score that it led to. `asOf`: once that message was in, instead of now.
 */
export async function reputation(sql: Asked, seller: string, from: number, limit: number, asOf?: number) {
	const before = asOf === undefined ? from : Math.min(from, (asOf + 1) * PLACES);
	const newest = Math.floor(before / PLACES);
	const place = sql`seq * ${PLACES}::int8 + n`;
	const [sums, later, rows] = await Promise.all([
		asOf === undefined
			? sql`select sum, standing_owners from views.scores where seller = ${seller}`
			: rowsThen(sql, "scores", [seller], asOf).then((scores) => [...scores.values()]),
		sql`select coalesce(sum(delta), 0) as sum from views.signals
			where seller = ${seller} and seq >= ${newest} and ${place} >= ${before}
			${asOf === undefined ? sql`` : sql`and seq <= ${asOf}`}`,
		sql`select ${place} as place, signal, delta, message_id, entry,
				(select received_at from messages m where m.seq = s.seq) as at from views.signals s
			where seller = ${seller} and seq <= ${newest} and ${place} < ${before}
			order by seq desc, n desc limit ${limit + 1}`,
	]);
	const [standing] = sums;
	const sum = standing ? Number(standing.sum) : 0;
	let led = sum - Number(later[0]!.sum);
	return {
		score: score(sum),
		standing: standing ? Number(standing.standing_owners) : 0,
		signals: rows.slice(0, limit).map((row) => {
			const after = led;
			led -= row.delta;
			return {
				signal: row.signal as Signal | "cleared",
				delta: row.delta as number,
				score: score(after),
				at: iso(row.at)!,
				message_id: row.message_id as string,
				entry_id: row.entry as string,
			};
		}),
		next: rows.length > limit ? Number(rows[limit - 1]!.place) : undefined,
	};
}

/** How an agent's trades went so far, as seller and as buyer: purchases that ended, whole scrip of the completed ones. */
export async function tradesOf(sql: Asked, key: string) {
	const [row] = await sql`
		select count(*) filter (where seller = ${key} and status = 'completed') as sold,
			coalesce(sum(price_scrip) filter (where seller = ${key} and status = 'completed'), 0) as sold_scrip,
			count(*) filter (where seller = ${key} and status = 'refunded') as given_back,
			count(*) filter (where buyer = ${key} and status = 'completed') as bought,
			coalesce(sum(price_scrip) filter (where buyer = ${key} and status = 'completed'), 0) as bought_scrip,
			count(*) filter (where buyer = ${key} and status = 'refunded') as returned
		from views.orders where seller = ${key} or buyer = ${key}`;
	return {
		sold: Number(row!.sold),
		sold_scrip: Number(row!.sold_scrip),
		given_back: Number(row!.given_back),
		bought: Number(row!.bought),
		bought_scrip: Number(row!.bought_scrip),
		returned: Number(row!.returned),
	};
}

/** Places of signals: several may stand in one message. */
const PLACES = 100_000;

function iso(at: unknown): string | null {
	return at === null || at === undefined ? null : new Date(Number(at)).toISOString();
}
