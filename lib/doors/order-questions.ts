import { buys } from "../../db/schema/exchange";
import { type Allowance, allowanceOf } from "../exchange/allowance";
import { wishOf } from "../exchange/operations/match";
import { chainsOf, type OrderView, ordersAt, orderView, withoutHidden } from "../exchange/read";
import type { Result, Results } from "../exchange/results";
import { type Sayable, sayable } from "../exchange/sayable";
import { type Asked, whatIf } from "../exchange/what-if";
import { ask } from "../log/ask";
import type { Payload } from "../log/message";
import { actOf, bodyOf } from "../log/read";
import { fromRow, type Recorded } from "../log/tail";
import { togetherOn } from "../log/together";
import type { Hosted } from "./hosted";
import { isRefusal } from "./problem";
import { show } from "./show";
import { snapshot } from "./snapshot";
import { thenQuestions } from "./then-questions";
import { type Blocked, wouldRefuse } from "./would-refuse";

/** A message of an order, as a reader may see it. */
export interface Said {
	id: string;
	seq: number;
	/** ms since 1970. */
	at: number;
	operation: string;
	sender: string;
	/** What happened, without text that its sender wrote. */
	caption: string;
	/** Preview chunks attached where the reader is entitled to them; what was delivered never (`goods`). */
	payload: Payload;
}

/** What a reader may say next, and why the door would not take it as it is. */
export interface Possible extends Sayable {
	blocked?: Blocked;
}

export interface Purchase {
	order: OrderView;
	/** The match's results, best first, and what it said of its search; none while there is no match. */
	results: Result[];
	meta: (Results["meta"] & { quote_expires_at: string }) | undefined;
	said: Said[];
	/** In the order of the offers and purchases that they are about. */
	possible: Possible[];
	/** Of a reader who may have small content refunded here. */
	allowance: Allowance | undefined;
}

export type Told = { order: OrderView; chain: Recorded[] };

const DELIVER = "exchange:settle/deliver";

/** Orders that are asked for at the same moment are read from one snapshot: each by itself would cost six round trips. */
const ordersTogether = togetherOn(async (sql, buyIds: string[]) => {
	const { seq, found } = await snapshot(sql, (sql) =>
		Promise.all([ordersAt(sql, buyIds), chainsOf(sql, buyIds)]),
	);
	const [orders, chains] = found;
	return orders.map((viewAt, i) => ({ seq, found: viewAt && { viewAt, chain: chains[i]! } }));
});

/** A purchase as pages show it, to whoever looks. */
export function orderQuestions(house: Hosted) {
	const { machine } = house;
	const { orderThen } = thenQuestions(house);

	/** A message as far as `reader` is entitled to it. */
	async function payloadsFor(reader: string | undefined, recorded: Recorded[]): Promise<Payload[]> {
		const { messages } = await show(house, reader, recorded);
		return messages.map((text) => (JSON.parse(text) as { payload: Payload }).payload);
	}

	/** The order behind a buy, and all that was said about it, in order. */
	async function order(buyId: string) {
		const { seq, found } = await ordersTogether(house.readSql, buyId);
		const now = (): Told | undefined =>
			found && {
				order: withoutHidden(found.viewAt(house.now()), house.withheld.by),
				chain: found.chain,
			};
		return { seq, found: now(), again: now };
	}

	/** What was offered and why, and what was said, as far as `reader` may see it. */
	async function told({ order, chain }: Told, reader: string | undefined) {
		const shown = chain.filter(({ operation }) => operation !== DELIVER);
		const payloads = new Map<string, Payload>();
		for (const [i, payload] of (await payloadsFor(reader, shown)).entries())
			payloads.set(shown[i]!.id, payload);
		const said = chain.map((one) => ({
			id: one.id,
			seq: one.seq,
			at: one.receivedAt,
			operation: one.operation,
			sender: one.sender,
			caption: house.registry.get(one.operation)!.caption(actOf(one)),
			payload: payloads.get(one.id) ?? bodyOf(one).payload,
		}));
		const match = said.find(({ id }) => id === order.match_id)?.payload;
		return {
			order,
			results: (match?.results ?? []) as Result[],
			meta: match?.search_meta as Purchase["meta"],
			said,
		};
	}

	return {
		order,

		/** The same as it stood once message `seq` was in; nobody says anything next then. */
		async purchaseThen(buyId: string, seq: number, reader?: string) {
			const answer = await orderThen(buyId, seq);
			if (isRefusal(answer)) return answer;
			const { found: then, ...moment } = answer;
			const found: Purchase | undefined = then && {
				...(await told(then, reader)),
				possible: [],
				allowance: undefined,
			};
			return { ...moment, found };
		},

		/** The same for somebody who looks at it: what was offered and why, what was said, and what they may say next. */
		async purchase(buyId: string, reader?: string): Promise<{ seq: number; found: Purchase | undefined }> {
			const { seq, found } = await order(buyId);
			if (!found) return { seq, found: undefined };

			const says = reader === undefined ? [] : sayable(found.order, reader, house.now());
			const possible = await Promise.all(
				says.map(async (one): Promise<Possible> => {
					const supplied = { ...one, payload: { ...one.payload, ...SUPPLIED[one.operation] } };
					const blocked = await wouldRefuse(house, reader!, supplied);
					return blocked ? { ...one, blocked } : one;
				}),
			);
			const refundable = says.some(({ operation }) => operation === "exchange:settle/small-content-dispute");
			const allowance = refundable
				? await ask(house.sql, machine, (state) => allowanceOf(state, reader!, house.now()))
				: undefined;
			return {
				seq,
				found: {
					...(await told(found, reader)),
					possible,
					allowance: allowance?.answer,
				},
			};
		},

		/** What was delivered, for who is entitled to it; nothing for anybody else. */
		async goods(deliverId: string, reader: string | undefined): Promise<string | undefined> {
			if (reader === undefined) return undefined;
			const { found } = await snapshot(house.readSql, async (sql) => {
				const rows = await sql`select * from messages where id = ${deliverId} and operation = ${DELIVER}`;
				return rows.map(fromRow);
			});
			const [payload] = await payloadsFor(reader, found);
			return typeof payload?.content === "string" ? payload.content : undefined;
		},

		/**
		 * What a buy that found little would find now, as it is or with a single filter changed. A free search, like any
		 * other; undefined for what is no buy, has no match yet, or asks what the house hides.
		 */
		async whatIf(buyId: string): Promise<Asked | undefined> {
			const { found: order } = await snapshot(house.readSql, (sql) => orderView(sql, buyId, house.now()));
			if (!order || order.match_id === null || house.withheld.by(buyId)) return undefined;
			const best = Math.max(0, ...order.offers.map(({ confidence }) => confidence));
			const { task } = order;
			const { domains } = order.filters;
			const { search } = house.engine.ports;
			const [found, unnarrowed] = await Promise.all([
				search({ task, domains }),
				domains.length > 0 ? search({ task, domains: [] }) : undefined,
			]);
			const { answer } = await ask(house.sql, machine, (state) =>
				whatIf(state, wishOf(state.get(buys, buyId)!), best, { found, unnarrowed }, house.now()),
			);
			return answer;
		},
	};
}

/** What a person adds to these before they are signed, so that the door judges everything else. */
const SUPPLIED: Record<string, Payload> = {
	"exchange:settle/dispute": { dispute_type: "quality_inadequate" },
	"exchange:settle/evidence": { reason: "…" },
};
