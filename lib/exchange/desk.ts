import type { Sql, TransactionSql } from "postgres";
import type { HeldFor } from "../../db/schema/exchange";
import { type OrderView, orderViews, type Waiting, withoutHidden } from "./read";

type Asked = Sql | TransactionSql;

/** What somebody is waited for to do: `look` at offers, `complete` a delivery, … */
export type WaitKind =
	| "look"
	| "complete"
	| "evidence"
	| "match"
	| "preview"
	| "deliver"
	| "settle"
	| "verdict"
	| "review"
	| "ruling";

export interface Wait {
	kind: WaitKind;
	/** Whose turn it is: the agent's own, or the one it waits for. */
	who: "self" | "exchange" | "operator";
	/** What that one may say; any of them ends the wait. */
	operations: string[];
	/** The order it belongs to; null for a put. */
	buy_id: string | null;
	/** The answer it is about; null where it is about the question. */
	entry_id: string | null;
	/** The question in its asker's words, or the answer in its seller's. */
	about: string;
	/** How many offers, where there are offers to look at. */
	offers: number | null;
	/** First instant that is too late; null when it is due now. */
	until: string | null;
	/** What happens then by itself. */
	otherwise: string;
}

/** Open questions and orders of one agent beyond these are not listed: the limits of buys and reservations keep them rare. */
const MOST = 100;

/**
 * Who waits for whom in one agent's affairs: what waits for the agent itself first, the most pressing first. `withheld`: what the
 * house hides is told without its words.
 */
export async function waitsOf(
	sql: Asked,
	key: string,
	at: number,
	withheld: (messageId: string) => string | undefined,
): Promise<Wait[]> {
	const [open, disputed, pending] = await Promise.all([
		sql`
			(select id from views.buys where buyer = ${key} and (quote_expires_at > ${at} or match_id is null)
				order by seq desc limit ${MOST})
			union
			(select buy_id from views.orders where buyer = ${key} and status in ('reserved', 'delivered', 'disputed')
				order by seq desc limit ${MOST})`,
		sql`select buy_id, entry, buyer, rule_by, buyer_evidence, seller_evidence from views.orders
			where status = 'disputed' and (buyer = ${key} or seller = ${key}) order by rule_by limit ${MOST}`,
		sql`select id, description, held_for, review_by from views.entries
			where seller = ${key} and status = 'pending' order by put_seq limit ${MOST}`,
	]);
	const whole = await orderViews(
		sql,
		open.map(({ id }) => id),
		at,
	);
	const orders = whole.map((order) => withoutHidden(order, withheld));
	const named = [
		...orders.flatMap((order) => order.orders.map(({ entry_id }) => entry_id)),
		...disputed.map(({ entry }) => entry),
	];
	const described =
		named.length === 0 ? [] : await sql`select id, description from views.entries where id in ${sql(named)}`;
	const told = ({ id, description }: Described) => (withheld(id) ? "" : description);
	const words = new Map<string, string>(described.map((one) => [one.id, told(one as Described)]));

	const waits = [
		...orders.flatMap((order) => inOrder(order, words)),
		...disputed.flatMap((one) => inDispute(one as Disputed, key, words.get(one.entry)!)),
		...pending.map((put) => ofPut({ ...(put as Pending), description: told(put as Pending) }, at)),
	];
	const pressing = ({ until }: Wait) => (until === null ? 0 : Date.parse(until));
	return waits.sort(
		(a, b) => Number(b.who === "self") - Number(a.who === "self") || pressing(a) - pressing(b),
	);
}

/** In an order of the agent's own. Disputes stand apart: they are also those of its sales. */
function inOrder(order: OrderView, words: Map<string, string>): Wait[] {
	const { buy_id, task, waiting, orders } = order;
	const waits: Wait[] = [];
	const offered = waiting.filter(({ operations }) => operations.includes("exchange:settle/buyer-reject"));
	// Whoever has bought one of the answers is not waited for to decline the others.
	if (offered.length > 0 && orders.length === 0)
		waits.push({
			kind: "look",
			who: "self",
			operations: [...new Set(offered.flatMap(({ operations }) => operations))],
			buy_id,
			entry_id: null,
			about: task,
			offers: offered.length,
			until: offered[0]!.until,
			otherwise: offered[0]!.otherwise,
		});
	for (const one of waiting) {
		if (offered.includes(one) || one.who === "operator") continue;
		const { operations, until, otherwise, entry_id = null } = one;
		const about = (entry_id !== null && words.get(entry_id)) || task;
		const who = one.who === "buyer" ? "self" : "exchange";
		waits.push({
			kind: kindOf(one),
			who,
			operations,
			buy_id,
			entry_id,
			about,
			offers: null,
			until,
			otherwise,
		});
	}
	return waits;
}

function kindOf({ operations: [first] }: Waiting): WaitKind {
	switch (first) {
		case "exchange:match":
			return "match";
		case "exchange:settle/preview":
			return "preview";
		case "exchange:settle/deliver":
			return "deliver";
		case "exchange:settle/complete":
			return "complete";
		default:
			return "settle";
	}
}

interface Disputed {
	buy_id: string;
	entry: string;
	buyer: string;
	rule_by: string;
	buyer_evidence: number;
	seller_evidence: number;
}

function inDispute(of: Disputed, key: string, about: string): Wait[] {
	const common = {
		buy_id: of.buy_id,
		entry_id: of.entry,
		about,
		offers: null,
		until: iso(of.rule_by),
		otherwise: "The buyer is refunded, without reputation.",
	};
	const given = of.buyer === key ? of.buyer_evidence : of.seller_evidence;
	return [
		...(given > 0
			? []
			: [
					{
						...common,
						kind: "evidence" as const,
						who: "self" as const,
						operations: ["exchange:settle/evidence"],
					},
				]),
		{ ...common, kind: "verdict", who: "operator", operations: ["exchange:settle/verdict"] },
	];
}

interface Described {
	id: string;
	description: string;
}

interface Pending extends Described {
	held_for: HeldFor | null;
	review_by: string;
}

function ofPut(put: Pending, at: number): Wait {
	const byPerson = put.held_for !== null && at < Number(put.review_by);
	return {
		kind: byPerson ? "review" : "ruling",
		who: byPerson ? "operator" : "exchange",
		operations: ["exchange:settle/put-accept", "exchange:settle/put-reject"],
		buy_id: null,
		entry_id: put.id,
		about: put.description,
		offers: null,
		until: iso(put.review_by),
		otherwise: "It is rejected: nobody ruled on it.",
	};
}

/** Ids of what an agent has asked to buy, newest first, asked before `before` (a seq). */
export async function buysOf(
	sql: Asked,
	key: string,
	before: number,
	limit: number,
): Promise<{ ids: string[]; next: number | undefined }> {
	const rows = await sql`
		select id, seq from views.buys where buyer = ${key} and seq < ${before} order by seq desc limit ${limit + 1}`;
	return {
		ids: rows.slice(0, limit).map(({ id }) => id),
		next: rows.length > limit ? Number(rows[limit - 1]!.seq) : undefined,
	};
}

/** What became of a put in money, micro-scrip. */
export interface Earnings {
	id: string;
	/** First instant at which it is rejected if nobody has ruled. */
	reviewBy: string | null;
	/** Paid at put-accept. */
	advance: number;
	/** From sales: shares towards the appraisal, and residuals. */
	earned: number;
	/** Of the appraisal, what sales are still to bring. */
	rest: number;
}

/** An agent's puts, newest first, put before `before` (a seq). What copies of one earned for its author counts with it. */
export async function putsOf(
	sql: Asked,
	key: string,
	before: number,
	limit: number,
): Promise<{ items: Earnings[]; next: number | undefined }> {
	const rows = await sql`
		select id, put_seq, review_by, origin, appraisal_scrip, advance_scrip, paid_micro from views.entries
		where seller = ${key} and put_seq < ${before} order by put_seq desc limit ${limit + 1}`;
	const shown = rows.slice(0, limit);
	const ids = shown.map(({ id }) => id);
	const sums =
		ids.length === 0
			? []
			: await sql`
				select e.origin, sum(s.earn_out_micro + s.residual_micro) as earned
				from views.entries e join views.orders o on o.entry = e.id join views.settlements s on s.order_id = o.id
				where (e.id in ${sql(ids)} and e.origin = e.id) or (e.origin in ${sql(ids)} and e.origin <> e.id)
				group by e.origin`;
	const earned = new Map(sums.map((row) => [row.origin, Number(row.earned)]));
	return {
		items: shown.map((row) => ({
			id: row.id,
			reviewBy: iso(row.review_by),
			advance: (row.advance_scrip ?? 0) * MICRO,
			earned: earned.get(row.id) ?? 0,
			rest:
				row.appraisal_scrip === null || row.origin !== row.id
					? 0
					: Math.max(0, row.appraisal_scrip * MICRO - Number(row.paid_micro)),
		})),
		next: rows.length > limit ? Number(rows[limit - 1]!.put_seq) : undefined,
	};
}

const MICRO = 1_000_000;

function iso(at: number | string | null): string | null {
	return at === null ? null : new Date(Number(at)).toISOString();
}
