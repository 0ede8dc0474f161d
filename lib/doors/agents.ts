import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Env, Lasting } from "./answer";
import { isMessage, receiving } from "./direct";
import type { Measures } from "./health";
import type { Hosted } from "./hosted";
import { repeating } from "./hot";

/** Has a request answered by the API. `keep` is given the answer where that is one that lasts. */
export type Ask = (
	request: IncomingMessage,
	response: ServerResponse,
	keep?: (answer: Lasting) => void,
) => unknown;

/**
 * What agents call, behind node's own server: the API, and beside it two short ways that answer the same word for word. A
 * message goes to the door, and a question that was answered a moment ago is answered again, without a Request and a Response
 * around them, which cost as much as verifying a signature.
 */
export function agents(house: Hosted, api: Hono<Env>, measures: Measures): RequestListener {
	const keepers = new WeakMap<object, (answer: Lasting) => void>();
	const listener = getRequestListener(
		(request, env) => api.fetch(request, { ...env, keep: keepers.get(env.incoming) }),
		// Node's own Response: the faster copy of it would be put into the global scope, which Next shares.
		{ overrideGlobalObjects: false },
	);
	const ask: Ask = (request, response, keep) => {
		if (keep) keepers.set(request, keep);
		return listener(request, response);
	};
	// On a clock of its own the API also tells that clock's date.
	if (house.clockStart !== undefined) return ask;
	const receive = receiving(house, measures);
	const repeat = repeating(house, measures, ask);
	return (request, response) => {
		if (request.method === "GET") return repeat(request, response);
		return isMessage(request) ? receive(request, response) : ask(request, response);
	};
}
