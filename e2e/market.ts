import { createHash } from "node:crypto";
import { connect } from "../db/client";
import { type Composing, compose, type Key, newKey } from "../lib/client/compose";
import { opened } from "../lib/doors/given";
import { fractionOf, previewPrice } from "../lib/exchange/rules/preview";
import type { Message, Payload } from "../lib/log/message";

export type Market = Awaited<ReturnType<typeof openMarket>>;
export type Speaker = Key & {
	says(operation: string, payload?: Payload, how?: Composing): Message;
};

/** What was put, and is for sale. */
export interface Goods extends Payload {
	id: string;
	seller: Speaker;
	content: string;
	content_hash: string;
	tokens: number;
}

/** A reservation with its delivery. */
export interface Purchase {
	buyer: Speaker;
	goods: Goods;
	match: string;
	accept: string;
	deliver: string;
	price: number;
}

/**
 * A market on real HTTP and real PostgreSQL that stands still: its clock leaps when it is told to, and of its own accord the
 * exchange says only what it owes at once. Rulings, matches, previews, and what time brings are said here with its key, as
 * another process of it would. `begin`: the instant at which it stands still altogether, until it is told to leap; `heard`: what to
 * do when a message is in.
 */
export async function openMarket({ begin, heard }: { begin?: number; heard?(): Promise<void> } = {}) {
	let ahead = 0;
	const visit = await opened({ now: () => (begin ?? Date.now()) + ahead, embedder: "lexical" });
	const { house } = visit;
	await house.runner.close();
	const url = await visit.listen();
	const [operator, exchange] = [speaker(visit.operator.secret), speaker(house.secret)];
	const agent = () => speaker();
	let names = 0;

	return {
		url,
		house,
		databaseUrl: visit.databaseUrl,
		operator,
		exchange,
		agent,
		session: visit.session,
		told: visit.told,
		now: () => house.now(),
		later: (ms: number) => {
			ahead += ms;
		},
		ask,
		post,
		said,
		minted,
		under,
		put,
		stocked,
		acceptance,
		resultOf,
		quoted,
		previewOf,
		bought,
		disputed,
		unreachable,
		close: visit.close,
	};

	/** Whoever speaks takes a millisecond for it, so that no two messages are the same. */
	function speaker(secret?: string): Speaker {
		const me = newKey(secret);
		return {
			...me,
			says(operation, payload = {}, how = {}) {
				ahead++;
				return compose(me, house.key, operation, payload, { at: new Date(house.now()), ...how });
			},
		};
	}

	function ask(path: string, init?: RequestInit): Promise<Response> {
		return fetch(`${url}${path}`, init);
	}

	function post(
		body: Message | Payload | string,
		{ path = "/api/messages", ...headers }: Record<string, string> = {},
	): Promise<Response> {
		return ask(path, {
			method: "POST",
			headers: { "Content-Type": "application/json", ...headers },
			body: typeof body === "string" ? body : JSON.stringify(body),
		});
	}

	/** A message that must be taken: its id, and that of the exchange's first reply. */
	async function said(message: Message): Promise<{ id: string; reply: string }> {
		const answer = await post(message);
		const body = await answer.json();
		if (answer.status !== 201) throw new Error(`${message.tags.join(" ")}: ${body.code}: ${body.detail}`);
		await heard?.();
		return { id: body.message.id, reply: body.replies[0]?.id };
	}

	async function minted(amount: number, to = agent()): Promise<Speaker> {
		await said(operator.says("scrip:mint", { recipient: to.key, amount, reference: `payment ${++names}` }));
		return to;
	}

	/** What is asked while these settings are in force; afterwards they are what they were by default. */
	async function under<T>(changes: Record<string, number>, asked: () => Promise<T>): Promise<T> {
		const configure = (changes: Payload) =>
			said(operator.says("operator:configure", { changes, reason: "For this story." }));
		const { settings } = await (await ask("/api/exchange")).json();
		await configure(changes);
		const answer = await asked();
		await configure(Object.fromEntries(Object.keys(changes).map((name) => [name, settings[name].value])));
		return answer;
	}

	/** A put that waits for its ruling. */
	async function put({ seller = agent(), tokens = 100 } = {}): Promise<Goods> {
		const name = `number ${++names}`;
		const content = `${name}: ${createHash("sha256").update(name).digest("hex")} `.repeat(tokens);
		const what = {
			description: `How ${name} works`,
			content: content.slice(0, tokens * 4),
			token_cost: 1_000,
			content_type: "code",
		};
		const { id } = await said(seller.says("exchange:put", what));
		const content_hash = `sha256:${createHash("sha256").update(what.content).digest("hex")}`;
		return { ...what, id, seller, tokens, content_hash };
	}

	/** A house operator's put-accept that agrees with the put. */
	function acceptance({ id, content_hash, tokens }: Goods, more: Payload = {}, by = operator): Message {
		const expires_at = new Date(house.now() + 8_000 * 3_600_000).toISOString();
		const payload = { entry_id: id, price: 1, appraisal: 100, expires_at, content_hash, tokens, ...more };
		return by.says("exchange:settle/put-accept", payload, { antecedent: id });
	}

	async function stocked(what: { seller?: Speaker; tokens?: number } = {}, terms: Payload = {}) {
		const goods = await put(what);
		await said(acceptance(goods, terms));
		return goods;
	}

	/** What a match says of it now. */
	async function resultOf({ id, seller, description, content_hash, content_type, token_cost }: Goods) {
		const { price, seller_reputation, age_hours } = await (await ask(`/api/entries/${id}`)).json();
		return {
			entry_id: id,
			put_msg_id: id,
			seller_key: seller.key,
			description,
			content_hash,
			content_type,
			price: price as number,
			confidence: 0.9,
			seller_reputation: seller_reputation as number,
			token_cost_original: token_cost,
			age_hours: age_hours as number,
		};
	}

	/** A buy of exactly this budget, by default what all of it costs, and the match that offers it. */
	async function quoted(buyer: Speaker, goods: Goods[], { budget }: { budget?: number } = {}) {
		const results = await Promise.all(goods.map(resultOf));
		const cost = results.reduce((sum, { price }) => sum + price, 0);
		const wish = { task: `how it works, ${++names}`, budget: budget ?? cost, max_results: 10 };
		const { id: buy } = await said(buyer.says("exchange:buy", wish));
		const { id: match } = await said(exchange.says("exchange:match", { results }, { antecedent: buy }));
		return { buy, match, price: results[0]!.price };
	}

	/** The first fifth of it, at what is then its price. */
	function previewOf({ id, content, content_type, content_hash, tokens }: Goods, base: number) {
		const length = Math.floor(content.length / 5);
		const price = previewPrice(base, fractionOf([{ position: 0, length }], tokens * 4));
		return {
			entry_id: id,
			preview_chunks: [{ content: content.slice(0, length), position: 0, length }],
			preview_chunk_count: 1,
			content_type,
			base_price: base,
			purchase_price: price,
			price,
			content_hash,
		};
	}

	/** Quoted, previewed where it must be, accepted and delivered. */
	async function bought(goods: Goods, buyer?: Speaker): Promise<Purchase> {
		const who = buyer ?? (await minted(500));
		const { match, price: base } = await quoted(who, [goods]);
		const entry_id = goods.id;
		const says = (phase: string, antecedent: string) =>
			said(who.says(`exchange:settle/${phase}`, { entry_id }, { antecedent }));
		let [on, price] = [match, base];
		if (goods.tokens >= 500) {
			const request = await says("preview-request", match);
			const preview = previewOf(goods, base);
			on = (await said(exchange.says("exchange:settle/preview", preview, { antecedent: request.id }))).id;
			price = preview.price;
		}
		const accept = await says("buyer-accept", on);
		return { buyer: who, goods, match, accept: accept.id, deliver: accept.reply, price };
	}

	async function disputed({ buyer, goods, deliver }: Purchase): Promise<string> {
		const why = { entry_id: goods.id, dispute_type: "quality_inadequate" };
		return (await said(buyer.says("exchange:settle/dispute", why, { antecedent: deliver }))).id;
	}

	/** What is asked while the market's database takes no connections and has ended those it had. */
	async function unreachable<T>(asked: () => Promise<T>): Promise<T> {
		const database = new URL(visit.databaseUrl).pathname.slice(1);
		const server = connect(process.env.SCRATCH_URL!, { max: 1 });
		const allow = (whether: "true" | "false") =>
			server.unsafe(`alter database "${database}" allow_connections ${whether}`);
		try {
			await allow("false");
			await server`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database}`;
			return await asked();
		} finally {
			await allow("true");
			await server.end();
		}
	}
}
