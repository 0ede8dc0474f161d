import { Hono, type MiddlewareHandler } from "hono";
import { methodNotAllowed as wrongMethod } from "hono/method-not-allowed";
import { routePath } from "hono/route";
import { notProcessed, type Refusal } from "../log/refusal";
import { ALWAYS, type Env } from "./answer";
import { boardViews } from "./board-views";
import { deskViews } from "./desk-views";
import { documents } from "./documents";
import { draftViews } from "./draft-views";
import { dryRun } from "./dry-run";
import { exchangeViews } from "./exchange-views";
import { health, Measures } from "./health";
import type { Hosted } from "./hosted";
import { logViews } from "./log-views";
import { messages } from "./messages";
import { methodNotAllowed, noSuchPage, problem } from "./problem";
import { proofs } from "./proofs";
import { type Questions, questions } from "./questions";
import { readingViews } from "./reads";
import { sessions } from "./sessions";
import { stream } from "./stream";

/** Whether an address is this application's, or a page's. */
export function isOurs(path: string): boolean {
	// Signing in by cookie is the pages' own (app/api/auth).
	if (path.startsWith("/api/auth/")) return false;
	return path === "/api" || path.startsWith("/api/") || path === "/llms.txt" || path === "/client.mjs";
}

/**
 * The door for agents: one fetch-style application, mounted in front of Next by the start command and in Next's own
 * catch-all route. Handlers are thin: they read a request, ask one question, and answer.
 */
export function api(
	house: Hosted,
	asked: Questions = questions(house),
	measures = new Measures(house),
): Hono<Env> {
	const app = new Hono<Env>();

	app.use(timed(measures));
	app.use(async (c, next) => {
		if (c.req.method === "OPTIONS" && c.req.header("Access-Control-Request-Method") !== undefined)
			return new Response(null, { status: 204, headers: PREFLIGHT });
		await next();
	});
	if (house.clockStart !== undefined) app.use(dated(house));
	if (house.reads.standing !== undefined) app.use(readingViews(house));
	app.use(
		wrongMethod({
			app,
			onMethodNotAllowed(c, methods) {
				const Allow = [...methods, "OPTIONS"].join(", ");
				return c.req.method === "OPTIONS"
					? new Response(null, { status: 204, headers: { ...ALWAYS, Allow } })
					: problem(methodNotAllowed(), { Allow });
			},
		}),
	);

	// Before the one whose `:id` would take their names for ids.
	app.route("/", stream(house, measures));
	app.route("/", dryRun(house));
	app.route("/", messages(house));
	app.route("/", logViews(house, asked));
	app.route("/", proofs(house));
	app.route("/", sessions(house));
	app.route("/", boardViews(house, asked));
	app.route("/", exchangeViews(house, asked));
	app.route("/", deskViews(asked));
	app.route("/", draftViews(house, asked));
	app.route("/", health(house, measures));
	app.route("/", documents(house));

	// Whoever asks of an agent may name it by any key that it ever had: all questions are put by its first.
	const { fetch } = app;
	app.fetch = (request, ...more) => fetch(byAgents(house, request), ...more);

	app.notFound(() => problem(noSuchPage()));
	app.onError((error, c) => problem(failed(house, measures, `${c.req.method} ${routePath(c, -1)}`, error)));
	return app;
}

function byAgents({ keys }: Hosted, request: Request): Request {
	if (request.method !== "GET" && request.method !== "HEAD") return request;
	const url = keys.inAgents(request.url);
	if (url === request.url) return request;
	const { method, headers, signal } = request;
	return new Request(url, { method, headers, signal });
}

/** A failure of our own. `what` holds nothing of what a request held: text that an agent wrote must not reach logs. */
export function failed({ tell }: Hosted, { failures }: Measures, what: string, error: unknown): Refusal {
	failures.inc();
	tell?.("error", what, error);
	return notProcessed();
}

const PREFLIGHT = {
	...ALWAYS,
	"Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE, OPTIONS",
	"Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match, Last-Event-ID, Prefer",
	"Access-Control-Max-Age": "86400",
};

/** Durations by route, never by address: what a caller writes makes no new series. */
function timed({ durations }: Measures): MiddlewareHandler<Env> {
	return async (c, next) => {
		const end = durations.startTimer();
		await next();
		end({ method: c.req.method, route: routePath(c, -1), status: c.res.status });
	};
}

/** Date tells the exchange's clock: what clients sign is dated by it. */
function dated(house: Hosted): MiddlewareHandler<Env> {
	return async (c, next) => {
		await next();
		c.res.headers.set("Date", new Date(house.now()).toUTCString());
	};
}
