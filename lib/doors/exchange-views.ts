import { Hono } from "hono";
import * as z from "zod";
import { noSuchEntry } from "../exchange/refusals";
import { contentType, domain, key as keyField, text } from "../log/field";
import { refusal } from "../log/refusal";
import { type Env, view } from "./answer";
import type { Hosted } from "./hosted";
import type { Told } from "./order-questions";
import { badParameter, isRefusal, problem } from "./problem";
import { cursor, cursorAt, ID, KEY, limit, MAX_PAGE, NEWEST, place, query, whole } from "./query";
import type { Listed, Questions } from "./questions";
import { signedIn } from "./sessions";
import { plain } from "./show";

const noSuchOrder = refusal(
	"no-such-order",
	404,
	"There is no buy with this id.",
	"Give the id of an exchange:buy; what was bought is found under the buy that asked for it.",
);
export const unknownAgent = refusal(
	"unknown-agent",
	404,
	"This exchange has never heard of this key.",
	"An agent is known by its first message, role or scrip.",
);
const ledgerNotYours = refusal(
	"ledger-not-yours",
	403,
	"A ledger is shown to its agent, to house operators and to auditors.",
	"Sign in with the agent's own key.",
);

export const ENTRIES_QUERY = {
	q: text(8192).optional(),
	type: contentType().optional(),
	domain: domain().optional(),
	seller: keyField().optional(),
	tier: z.enum(["hot", "warm", "cold"]).optional(),
	max_price: whole(0, 1_000_000_000).optional(),
	min_reputation: whole(0, 100).default(0),
	limit: limit(MAX_PAGE, 20),
	cursor: cursor(),
};
export const WANTED_QUERY = {
	type: contentType().optional(),
	domain: domain().optional(),
	limit: limit(MAX_PAGE, 20),
	cursor: cursor(),
};
/** `as_of`: the view as it stood once that message of the log was in. */
export const AS_OF = { as_of: place().optional() };
export const ORDER_QUERY = { what_if: z.enum(["true"]).optional(), ...AS_OF };
export const PAGE_QUERY = { limit: limit(MAX_PAGE, 50), cursor: cursor() };
export const PAGE_THEN_QUERY = { ...PAGE_QUERY, ...AS_OF };

/** The exchange's questions, each at its address. */
export function exchangeViews(house: Hosted, questions: Questions): Hono<Env> {
	const app = new Hono<Env>();

	app.get("/api/exchange", async (c) => {
		const { seq, found, again } = await questions.exchange();
		return view(c, found, { seq, again });
	});

	app.get("/api/entries", async (c) => {
		const asked = query(c, ENTRIES_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { q } = asked;
		if (q === undefined) {
			const { seq, found, again } = await questions.entries(asked);
			const anew = () => {
				const found = again?.();
				return found && listed(found);
			};
			return view(c, listed(found), { seq, again: anew });
		}
		if (asked.cursor !== undefined)
			return problem(
				badParameter({ field: "/cursor", detail: "A search has one page: ask for more of it with limit." }),
			);
		const { seq, found } = await questions.search({ ...asked, q });
		return view(c, { items: found.items, next: null, search_meta: found.meta }, { seq });
	});

	app.get("/api/entries/:id", async (c) => {
		const asked = query(c, AS_OF);
		if (isRefusal(asked)) return problem(asked);
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success) return problem(noSuchEntry());
		const answer = await (asked.as_of === undefined
			? questions.entry(id.data)
			: questions.entryThen(id.data, asked.as_of));
		if (isRefusal(answer)) return problem(answer);
		const { seq, found, again } = answer;
		return found ? view(c, found, { seq, again }) : problem(noSuchEntry());
	});

	app.get("/api/orders/:id", async (c) => {
		const asked = query(c, ORDER_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success) return problem(noSuchOrder());
		if (asked.what_if && asked.as_of !== undefined)
			return problem(
				badParameter({
					field: "/what_if",
					detail: "What a buy would find is asked of now: leave as_of out, or what_if.",
				}),
			);
		const [answer, whatIf] = await Promise.all([
			asked.as_of === undefined ? questions.order(id.data) : questions.orderThen(id.data, asked.as_of),
			asked.what_if ? questions.whatIf(id.data) : undefined,
		]);
		if (isRefusal(answer)) return problem(answer);
		const { seq, found, again } = answer;
		if (!found) return problem(noSuchOrder());
		const text = ({ order, chain }: Told) => {
			const timeline = chain.map((one) => plain(house, one)).join(",");
			const more = asked.what_if ? { ...order, what_if: whatIf ?? null } : order;
			return `${JSON.stringify(more).slice(0, -1)},"timeline":[${timeline}]}`;
		};
		const anew = () => {
			const told = again();
			return told && text(told);
		};
		// What it would find is asked of the index, which is asked again.
		return view(c, text(found), { seq, again: asked.what_if ? undefined : anew });
	});

	app.get("/api/wanted", async (c) => {
		const asked = query(c, WANTED_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { seq, found } = await questions.wanted(asked);
		return view(c, listed(found), { seq });
	});

	app.get("/api/agents/:key", async (c) => {
		const key = KEY.safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const { seq, found } = await questions.agent(key.data);
		if (!found) return problem(unknownAgent());
		const { agent, reputation: seen, trades } = found;
		return view(
			c,
			{
				key: agent.key,
				signing_key: agent.signer,
				keys: agent.keys.map(({ key, since, until }) => ({
					key,
					since: since && { message_id: since.messageId, at: iso(since.at) },
					until: until && { message_id: until.messageId, at: iso(until.at) },
				})),
				profile: agent.profile,
				owner: agent.owner,
				claims_owner: agent.claimsOwner,
				owner_keys: agent.ownerKeys,
				standing: agent.standing,
				vouched: agent.vouched,
				roles: agent.roles,
				links: agent.links.map(({ rail, account, messageId, at }) => ({
					rail,
					account,
					message_id: messageId,
					at: iso(at),
				})),
				reputation: { score: seen.score, standing: seen.standing },
				trades,
				first_seen_at: iso(agent.firstSeenAt),
				last_seen_at: iso(agent.lastSeenAt),
			},
			{ seq },
		);
	});

	app.get("/api/agents/:key/reputation", async (c) => {
		const asked = query(c, PAGE_THEN_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const key = KEY.safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const answer = await (asked.as_of === undefined
			? questions.reputation(key.data, asked.cursor, asked.limit)
			: questions.reputationThen(key.data, asked.as_of, asked.cursor ?? NEWEST, asked.limit));
		if (isRefusal(answer)) return problem(answer);
		const { seq, found } = answer;
		const { next, ...rest } = found;
		return view(c, { ...rest, next: next === undefined ? null : cursorAt(next) }, { seq });
	});

	app.get("/api/agents/:key/ledger", async (c) => {
		const asked = query(c, PAGE_THEN_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		const key = KEY.safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		if (!(await questions.mayReadOf(key.data, who.key))) return problem(ledgerNotYours());
		const { as_of: asOf, cursor: before = NEWEST, limit: count } = asked;
		const answer = await (asOf === undefined
			? questions.ledger(key.data, before, count)
			: questions.ledgerThen(key.data, asOf, before, count));
		if (isRefusal(answer)) return problem(answer);
		const { seq, found } = answer;
		return view(
			c,
			{ purses: found.purses, ...listed(found) },
			{ seq, headers: { "Cache-Control": "private, no-cache" } },
		);
	});

	return app;
}

function listed<T>({ items, next }: Listed<T>) {
	return { items, next: next === undefined ? null : cursorAt(next) };
}

function iso(at: number | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}
