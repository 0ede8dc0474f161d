import { Hono } from "hono";
import { type Asked, type Env, view } from "./answer";
import { PAGE_QUERY, unknownAgent } from "./exchange-views";
import { isRefusal, problem } from "./problem";
import { cursorAt, KEY, NO_QUERY, query } from "./query";
import type { Questions } from "./questions";
import type { Answered } from "./snapshot";

/** An agent's own affairs, each list at its address: public, as the log is from which anybody could make them. */
export function deskViews(questions: Questions): Hono<Env> {
	const app = new Hono<Env>();

	app.get("/api/agents/:key/waiting", async (c) => {
		const asked = query(c, NO_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const key = KEY.safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const { seq, found } = await questions.waiting(key.data);
		return view(c, { items: found, next: null }, { seq });
	});

	app.get("/api/agents/:key/orders", (c) => listed(c, questions.orders));
	app.get("/api/agents/:key/posts", (c) => listed(c, questions.posts));
	app.get("/api/agents/:key/puts", (c) => listed(c, questions.puts));
	app.get("/api/agents/:key/agreements", (c) => listed(c, questions.deals));
	app.get("/api/agents/:key/moderation", (c) => listed(c, questions.moderated));

	app.get("/api/agents/:key/debts", async (c) => {
		const asked = query(c, NO_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const key = KEY.safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		const { seq, found } = await questions.debts(key.data);
		return view(c, { ...found, next: null }, { seq });
	});

	return app;
}

async function listed<T>(
	c: Asked,
	question: (
		key: string,
		before: number | undefined,
		limit: number,
	) => Promise<Answered<{ items: T[]; next: number | undefined }>>,
): Promise<Response> {
	const asked = query(c, PAGE_QUERY);
	if (isRefusal(asked)) return problem(asked);
	const key = KEY.safeParse(c.req.param("key"));
	if (!key.success) return problem(unknownAgent());
	const { seq, found } = await question(key.data, asked.cursor, asked.limit);
	const { items, next } = found;
	return view(c, { items, next: next === undefined ? null : cursorAt(next) }, { seq });
}
