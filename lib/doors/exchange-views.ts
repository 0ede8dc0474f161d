import { Hono } from "hono";
import type { Sql, TransactionSql } from "postgres";
import * as z from "zod";
import { entries, gates } from "../../db/schema/exchange";
import build from "../../package.json";
import { hasRole, isExchange } from "../agents/owner";
import { agentOf, settingsInForce } from "../agents/read";
import {
	chainOf,
	type EntryView,
	gateView,
	orderView,
	reputation,
	shelf,
	shown,
	wantedList,
} from "../exchange/read";
import { noSuchEntry } from "../exchange/refusals";
import { type Result, results } from "../exchange/results";
import { ask } from "../log/ask";
import { MAX_MESSAGE_BYTES } from "../log/door";
import { contentType, domain, id as idField, key as keyField, text } from "../log/field";
import { wire } from "../log/read";
import { refusal } from "../log/refusal";
import { itemsOf, pursesOf } from "../scrip/read";
import { type Asked, type Env, json, view } from "./answer";
import { MAX_BATCH_BYTES, MAX_BATCH_LINES } from "./batch";
import { DRY_RUNS } from "./dry-run";
import type { Hosted } from "./hosted";
import { LIMITS } from "./limits";
import { MAX_WAIT_SECONDS } from "./messages";
import { isRefusal, problem } from "./problem";
import { cursor, cursorAt, limit, query, whole } from "./query";
import { CHALLENGES, signedIn } from "./sessions";
import { weekOf } from "./week";

const noSuchOrder = refusal(
	"no-such-order",
	404,
	"There is no buy with this id.",
	"Give the id of an exchange:buy; what was bought is found under the buy that asked for it.",
);
const unknownAgent = refusal(
	"unknown-agent",
	404,
	"This exchange has never heard of this key.",
	"An agent is known by its first message, role or scrip.",
);
const ledgerNotYours = refusal(
	"ledger-not-yours",
	403,
	"A ledger is shown to its agent and to house operators.",
	"Sign in with the agent's own key.",
);

const MAX = 100;
/** Questions to the inventory that a filter on the price may take: prices are computed, so no index leads to them. */
const ROUNDS = 10;

export const ENTRIES_QUERY = {
	q: text(8192).optional(),
	type: contentType().optional(),
	domain: domain().optional(),
	seller: keyField().optional(),
	tier: z.enum(["hot", "warm", "cold"]).optional(),
	max_price: whole(0, 1_000_000_000).optional(),
	min_reputation: whole(0, 100).default(0),
	limit: limit(MAX, 20),
	cursor: cursor(),
};
export const WANTED_QUERY = {
	type: contentType().optional(),
	domain: domain().optional(),
	limit: limit(MAX, 20),
	cursor: cursor(),
};
export const PAGE_QUERY = { limit: limit(MAX, 50), cursor: cursor() };

/** What there is to see of the exchange: the questions are lib/<system>/read, this is their addresses. */
export function exchangeViews(house: Hosted): Hono<Env> {
	const app = new Hono<Env>();

	app.get("/api/exchange", async () => {
		const settings = await settingsInForce(house.readSql);
		const now = house.now();
		return json({
			name: "Weekly Agent Exchange",
			key: house.key,
			signing_key: house.key,
			week: weekOf(now),
			stage: "local",
			limits: limits(),
			settings,
			build: build.version,
			now: new Date(now).toISOString(),
			...(house.clockStart === undefined ? {} : { clock_start: house.clockStart }),
		});
	});

	app.get("/api/entries", async (c) => {
		const asked = query(c, ENTRIES_QUERY);
		if (isRefusal(asked)) return problem(asked);
		return asked.q === undefined ? browse(house, c, asked) : search(house, c, { ...asked, q: asked.q });
	});

	app.get("/api/entries/:id", async (c) => {
		const id = c.req.param("id");
		const { answer, at } = await ask(house.readSql, house.machine, (state) => {
			const [entry] = shown(state, entries, [id], house.now());
			return entry && { ...entry, gates: state.where(gates, { entry: id }).map(gateView) };
		});
		return answer ? view(c, answer, { seq: at.seq }) : problem(noSuchEntry());
	});

	app.get("/api/orders/:id", async (c) => {
		const id = idField().safeParse(c.req.param("id"));
		if (!id.success) return problem(noSuchOrder());
		const { seq, found } = await snapshot(house.readSql, async (sql) => {
			const order = await orderView(sql, id.data, house.now());
			return order && { order, chain: await chainOf(sql, id.data) };
		});
		if (!found) return problem(noSuchOrder());
		const timeline = found.chain.map((one) => wire(one)).join(",");
		const body = `${JSON.stringify(found.order).slice(0, -1)},"timeline":[${timeline}]}`;
		return view(c, body, { seq });
	});

	app.get("/api/wanted", async (c) => {
		const asked = query(c, WANTED_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { seq, found } = await snapshot(house.readSql, (sql) =>
			wantedList(sql, asked, asked.cursor ?? NEWEST, asked.limit),
		);
		return view(c, listed(found.items, found.next), { seq });
	});

	app.get("/api/agents/:key", async (c) => {
		const key = keyField().safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const { seq, found } = await snapshot(house.readSql, async (sql) => {
			const agent = await agentOf(sql, key.data);
			return agent && { agent, reputation: await reputation(sql, key.data, NEWEST, 1) };
		});
		if (!found) return problem(unknownAgent());
		const { agent, reputation: seen } = found;
		return view(
			c,
			{
				key: agent.key,
				profile: agent.profile,
				owner: agent.owner,
				standing: agent.standing,
				vouched: agent.vouched,
				roles: agent.roles,
				reputation: { score: seen.score, standing: seen.standing },
				first_seen_at: iso(agent.firstSeenAt),
				last_seen_at: iso(agent.lastSeenAt),
			},
			{ seq },
		);
	});

	app.get("/api/agents/:key/reputation", async (c) => {
		const asked = query(c, PAGE_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const key = keyField().safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const { seq, found } = await snapshot(house.readSql, (sql) =>
			reputation(sql, key.data, asked.cursor ?? NEWEST, asked.limit),
		);
		const { next, ...rest } = found;
		return view(c, { ...rest, next: next === undefined ? null : cursorAt(next) }, { seq });
	});

	app.get("/api/agents/:key/ledger", async (c) => {
		const asked = query(c, PAGE_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const key = keyField().safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		if (who.key !== key.data) {
			const { answer: sees } = await ask(
				house.sql,
				house.machine,
				(state) => isExchange(state, who.key) || hasRole(state, who.key, "operator"),
			);
			if (!sees) return problem(ledgerNotYours());
		}
		const { seq, found } = await snapshot(house.readSql, async (sql) => ({
			purses: await pursesOf(sql, key.data),
			...(await itemsOf(sql, key.data, asked.cursor ?? NEWEST, asked.limit)),
		}));
		const { purses, items, next } = found;
		return view(
			c,
			{ purses, ...listed(items, next) },
			{ seq, headers: { "Cache-Control": "private, no-cache" } },
		);
	});

	return app;
}

const NEWEST = Number.MAX_SAFE_INTEGER;

type Browsing = Omit<z.infer<z.ZodObject<typeof ENTRIES_QUERY>>, "q">;

/** The inventory, newest put first. */
async function browse(house: Hosted, c: Asked, asked: Browsing): Promise<Response> {
	const { max_price: maxPrice, min_reputation: minReputation } = asked;
	const filtered = maxPrice !== undefined || minReputation > 0;
	const now = house.now();
	const items: EntryView[] = [];
	let before = asked.cursor ?? NEWEST;
	let seq: number | undefined;
	for (let round = 0; round < (filtered ? ROUNDS : 1) && items.length < asked.limit; round++) {
		const size = filtered ? MAX : asked.limit;
		const { seq: at, found } = await snapshot(house.readSql, (sql) => shelf(sql, asked, now, before, size));
		// The oldest of what was read: whoever waits for its own message knows by it that it is in.
		seq ??= at;
		const { answer } = await ask(house.readSql, house.machine, (state) =>
			shown(
				state,
				entries,
				found.map(({ id }) => id),
				now,
			),
		);
		for (const entry of answer) {
			if (items.length === asked.limit) break;
			before = entry.put_seq;
			if (maxPrice !== undefined && (entry.price === null || entry.price > maxPrice)) continue;
			if (entry.seller_reputation < minReputation) continue;
			items.push(entry);
		}
		if (items.length < asked.limit) before = found.at(-1)?.putSeq ?? 0;
		if (found.length < size && items.length < asked.limit) before = 0;
		if (before === 0) break;
	}
	return view(c, listed(items, before === 0 ? undefined : before), { seq: seq! });
}

/** A free search: what a match would show, best first, without a buyer and without an order. */
async function search(house: Hosted, c: Asked, asked: Browsing & { q: string }): Promise<Response> {
	const domains = asked.domain === undefined ? [] : [asked.domain];
	const found = await house.engine.ports.search({ task: asked.q, domains });
	const { answer, at } = await ask(house.sql, house.machine, (state) =>
		results(
			state,
			{
				budgetScrip: asked.max_price,
				minReputation: asked.min_reputation,
				freshnessHours: null,
				contentType: asked.type ?? null,
				domains,
				tier: asked.tier ?? null,
				maxResults: asked.seller === undefined ? asked.limit : found.hits.length,
			},
			found,
			house.now(),
		),
	);
	const own = ({ seller_key }: Result) => asked.seller === undefined || seller_key === asked.seller;
	const items = answer.results.filter(own).slice(0, asked.limit);
	return view(c, { ...listed(items, undefined), search_meta: answer.meta }, { seq: at.seq });
}

function listed<T>(items: T[], next: number | undefined) {
	return { items, next: next === undefined ? null : cursorAt(next) };
}

/** One question of the views, with the place in the log that they reflect. */
async function snapshot<T>(
	sql: Sql,
	question: (sql: TransactionSql) => Promise<T>,
): Promise<{ seq: number; found: T }> {
	const answer = await sql.begin("isolation level repeatable read read only", async (sql) => {
		const [head] = await sql`select seq from head`;
		return { seq: Number(head!.seq), found: await question(sql) };
	});
	return answer as { seq: number; found: T };
}

/** What the exchange takes at most, by name. */
function limits() {
	const rates = { ...LIMITS, "dry-run": DRY_RUNS, challenge: CHALLENGES };
	return {
		message_bytes: MAX_MESSAGE_BYTES,
		batch_bytes: MAX_BATCH_BYTES,
		batch_lines: MAX_BATCH_LINES,
		content_bytes: 1_048_576,
		wait_seconds: MAX_WAIT_SECONDS,
		rates: Object.fromEntries(
			Object.entries(rates).map(([name, { count, windowMs }]) => [
				name,
				{ count, window_seconds: windowMs / 1000 },
			]),
		),
	};
}

function iso(at: number | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}
