import { Hono } from "hono";
import { refusal } from "../log/refusal";
import { type Env, lines, view } from "./answer";
import { unknownAgent } from "./exchange-views";
import type { Hosted } from "./hosted";
import { isRefusal, problem, unknownMessage } from "./problem";
import { ID, KEY, NO_QUERY, query } from "./query";
import type { Questions } from "./questions";
import { reader, signedIn } from "./sessions";

const historyNotYours = refusal(
	"history-not-yours",
	403,
	"A history as a file is given to its agent, to house operators and to auditors.",
	"Sign in with the agent's own key; what it sent is in GET /api/messages?sender=<key> for anybody.",
);

/** What follows from the log message by message. */
export function logViews(house: Hosted, questions: Questions): Hono<Env> {
	const app = new Hono<Env>();

	app.get("/api/messages/:id/changes", async (c) => {
		const asked = query(c, NO_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const who = await reader(house, c);
		if (isRefusal(who)) return problem(who);
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success) return problem(unknownMessage());
		const { seq, found } = await questions.changes(id.data, who.key);
		if (!found) return problem(unknownMessage());
		return view(c, found, {
			seq,
			headers: who.key === undefined ? {} : { "Cache-Control": "private, no-cache" },
		});
	});

	app.get("/api/agents/:key/history.ndjson", async (c) => {
		const asked = query(c, NO_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		const key = KEY.safeParse(c.req.param("key"));
		if (!key.success) return problem(unknownAgent());
		if (!(await questions.mayReadOf(key.data, who.key))) return problem(historyNotYours());
		return lines(questions.history(key.data, who.key), {
			"Content-Disposition": 'attachment; filename="history.ndjson"',
		});
	});

	return app;
}
