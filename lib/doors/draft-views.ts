import { Hono } from "hono";
import { refusal } from "../log/refusal";
import { ALWAYS, type Env, json } from "./answer";
import type { Hosted } from "./hosted";
import { isRefusal, problem } from "./problem";
import { ID } from "./query";
import type { Questions } from "./questions";
import { putAside } from "./rails/drafts";
import { signedIn } from "./sessions";

const noSuchDraft = refusal(
	"no-such-draft",
	404,
	"You have no draft with this id.",
	"GET /api/drafts lists those that wait for you.",
);

/** What was written to the session's key from open rails: drafts that it alone may read, and that say nothing until it signs one. */
export function draftViews(house: Hosted, questions: Questions): Hono<Env> {
	const app = new Hono<Env>();

	app.get("/api/drafts", async (c) => {
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		return json({ items: await questions.drafts(who.key), next: null });
	});

	app.delete("/api/drafts/:id", async (c) => {
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success || !(await putAside(house.sql, who.key, id.data))) return problem(noSuchDraft());
		return new Response(null, { status: 204, headers: ALWAYS });
	});

	return app;
}
