import type { IncomingMessage, ServerResponse } from "node:http";
import { type Plain, plainJson, respond } from "./answer";
import { isOwnOrigin, wrongOrigin } from "./origin";
import { methodNotAllowed, plainProblem, typeNotTaken } from "./problem";

/** What pages are sent: acts of theirs, forms of those without JavaScript, and a signed nonce. */
const FORMS = /^(?:text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/**
 * Says what is wrong with a request that is more than a reading of a page, before Next is asked: on what no page of ours sends,
 * Next fails instead of refusing. True when it has answered.
 */
export function refusesAct(publicUrl: string, request: IncomingMessage, response: ServerResponse): boolean {
	const refused = judged(publicUrl, request);
	if (!refused) {
		// Next holds an act's origin to the address it was reached at, which behind a proxy may be another: judged here already.
		const origin = URL.parse(request.headers.origin ?? "");
		if (origin) request.headers["x-forwarded-host"] = origin.host;
		return false;
	}
	respond(response, refused);
	return true;
}

function judged(publicUrl: string, { method, headers }: IncomingMessage): Plain | undefined {
	if (method === "GET" || method === "HEAD") return undefined;
	if (method !== "POST") return plainProblem(methodNotAllowed(), { Allow: "GET, HEAD, POST" });
	const { origin, host } = headers;
	if (!isOwnOrigin(publicUrl, { origin, host })) {
		const problem = wrongOrigin(publicUrl);
		return plainJson(problem, {
			status: problem.status,
			headers: { "Content-Type": "application/problem+json" },
		});
	}
	if (!FORMS.test(headers["content-type"] ?? "")) return plainProblem(typeNotTaken());
	return undefined;
}
