import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { together } from "../log/together";
import type { Ask } from "./agents";
import { type Lasting, matches } from "./answer";
import type { Measures } from "./health";
import type { Hosted } from "./hosted";

/** Bytes of answers that are kept, with their addresses. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
const MAX_ADDRESS_CHARS = 1024;

/**
 * Answers questions by `ask`; and without it, while the log stands where it stood and (unless the answer is timeless) the
 * exchange's clock shows the same second, where the same was asked without a session before. Where the log stands is asked each time, of the database:
 * whoever has written through another process reads what it wrote.
 */
export function repeating(house: Hosted, { durations }: Measures, ask: Ask): RequestListener {
	const place = together(async (askers: undefined[]) => {
		const [head] = await house.sql`select batch, epoch from head`;
		return askers.map(() => `${head!.batch} ${head!.epoch}`);
	});
	const kept = new Kept();

	return async (request, response) => {
		const address = addressOf(request);
		if (address === undefined) return ask(request, response);
		const end = durations.startTimer();
		// What the database cannot tell, the API answers for.
		const batch = await place(undefined).catch(() => undefined);
		if (batch === undefined) return ask(request, response);
		const moment = { batch, second: Math.floor(house.now() / 1000) };
		const known = kept.find(moment, address);
		if (!known) return ask(request, response, (answer) => kept.keep(moment, address, answer));
		end({ method: "GET", route: known.route, status: repeat(request, response, known) });
	};
}

/** What an answer follows from besides the log and the clock; undefined where it follows from more than that. */
function addressOf({ url, headers }: IncomingMessage): string | undefined {
	if (headers.authorization !== undefined) return undefined;
	const address = `${headers.host}\n${url}\n${headers.accept ?? ""}`;
	return address.length > MAX_ADDRESS_CHARS ? undefined : address;
}

interface Known extends Omit<Lasting, "body" | "type"> {
	bytes: Buffer;
	whole: Record<string, string | number>;
}

function repeat(request: IncomingMessage, response: ServerResponse, answer: Known): 200 | 304 {
	if (matches(request.headers["if-none-match"], answer.etag)) {
		response.writeHead(304, answer.headers).end();
		return 304;
	}
	response.writeHead(200, answer.whole).end(answer.bytes);
	return 200;
}

interface Moment {
	batch: string;
	second: number;
}

/** Answers of one place in the log: the first of another forgets them all. */
class Kept {
	#batch = "";
	#bytes = 0;
	#answers = new Map<string, { second: number; answer: Known }>();

	find({ batch, second }: Moment, address: string): Known | undefined {
		if (batch !== this.#batch) this.#turn(batch);
		const known = this.#answers.get(address);
		return known && (known.answer.timeless || known.second === second) ? known.answer : undefined;
	}

	keep({ batch, second }: Moment, address: string, { body, type, ...answer }: Lasting): void {
		// One that was begun before the log went on.
		if (batch !== this.#batch) return;
		const bytes = Buffer.from(body);
		const size = address.length + bytes.length;
		if (this.#bytes + size > MAX_KEPT_BYTES) this.#turn(batch);
		if (size > MAX_KEPT_BYTES) return;
		this.#bytes += size;
		const whole = { ...answer.headers, "Content-Type": type, "Content-Length": bytes.length };
		this.#answers.set(address, { second, answer: { ...answer, bytes, whole } });
	}

	#turn(batch: string): void {
		this.#batch = batch;
		this.#bytes = 0;
		this.#answers.clear();
	}
}
