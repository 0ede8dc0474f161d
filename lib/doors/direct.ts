import type { IncomingMessage, RequestListener } from "node:http";
import { busy } from "../log/submit";
import { type Plain, respond } from "./answer";
import { failed } from "./api";
import { brokenOff, Held } from "./body";
import type { Measures } from "./health";
import type { Hosted } from "./hosted";
import { preferredWait, submitted } from "./messages";
import { plainProblem } from "./problem";

const ROUTE = "/api/messages";
/** What most messages are; a larger one costs more than the way it comes. */
const MAX_BYTES = 64 * 1024;

/** Whether this is one message in its plainest form: small, of a declared length, without a session. */
export function isMessage({ method, url, headers }: IncomingMessage): boolean {
	return (
		method === "POST" &&
		url === ROUTE &&
		headers["content-type"] === "application/json" &&
		headers["content-encoding"] === undefined &&
		headers.authorization === undefined &&
		Number(headers["content-length"]) <= MAX_BYTES
	);
}

/** Takes such messages, exactly as `POST /api/messages` of the API does. */
export function receiving(house: Hosted, measures: Measures): RequestListener {
	return async (request, response) => {
		const end = measures.durations.startTimer();
		const answer = await answerTo(request).catch((error) =>
			plainProblem(failed(house, measures, `POST ${ROUTE}`, error)),
		);
		respond(response, answer);
		end({ method: "POST", route: ROUTE, status: answer.status });
	};

	async function answerTo(request: IncomingMessage): Promise<Plain> {
		const held = new Held();
		try {
			if (!held.take(Number(request.headers["content-length"]))) return plainProblem(busy());
			const bytes = await whole(request);
			if (!bytes) return plainProblem(brokenOff());
			return await submitted(house, bytes, { wait: preferredWait(`${request.headers.prefer ?? ""}`) });
		} finally {
			held.release();
		}
	}
}

/** The body, which node holds to its declared length; undefined when the connection broke off. */
function whole(request: IncomingMessage): Promise<Uint8Array | undefined> {
	return new Promise((resolve) => {
		const parts: Buffer[] = [];
		request.on("data", (part: Buffer) => parts.push(part));
		request.on("end", () => resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts)));
		// Whatever broke it off: it closes at last, and of an error that nobody listens to node says nothing.
		request.on("close", () => resolve(undefined));
	});
}
