import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { together } from "../log/together";
import type { Ask } from "./agents";
import { etagOf, type Lasting, matches, textOf } from "./answer";
import type { Measures } from "./health";
import type { Hosted } from "./hosted";

/** Bytes of answers that are kept, with their addresses and what they are made of. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
const MAX_ADDRESS_CHARS = 1024;

/**
 * Answers questions by `ask`; and without it, while the log stands where it stood, where the same was asked without a session
 * before: in the same second word for word, in a later one made again of what was read for it. Where the log stands is asked
 * each time, of the database: whoever has written through another process reads what it wrote.
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
		end({ method: "GET", route: known.of.route, status: repeat(request, response, known) });
	};
}

/** What an answer follows from besides the log and the clock; undefined where it follows from more than that. */
function addressOf({ url, headers }: IncomingMessage): string | undefined {
	if (headers.authorization !== undefined) return undefined;
	const address = `${headers.host}\n${url}\n${headers.accept ?? ""}`;
	return address.length > MAX_ADDRESS_CHARS ? undefined : address;
}

/** An answer as it goes out. */
interface Known {
	second: number;
	of: Omit<Lasting, "body">;
	bytes: Buffer;
	whole: Record<string, string | number>;
}

function known(second: number, { body, ...of }: Lasting): Known {
	const bytes = Buffer.from(body);
	const whole = { ...of.headers, "Content-Type": of.type, "Content-Length": bytes.length };
	return { second, of, bytes, whole };
}

function repeat(request: IncomingMessage, response: ServerResponse, { of, bytes, whole }: Known): 200 | 304 {
	if (matches(request.headers["if-none-match"], of.headers.ETag!)) {
		response.writeHead(304, of.headers).end();
		return 304;
	}
	response.writeHead(200, whole).end(bytes);
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
	#answers = new Map<string, Known>();

	find({ batch, second }: Moment, address: string): Known | undefined {
		if (batch !== this.#batch) this.#turn(batch);
		const known = this.#answers.get(address);
		if (!known || known.of.timeless || known.second === second) return known;
		return this.#renewed(known, second, address);
	}

	keep({ batch, second }: Moment, address: string, answer: Lasting): void {
		// One that was begun before the log went on.
		if (batch !== this.#batch) return;
		const one = known(second, answer);
		const size = sizeOf(address, one);
		if (this.#bytes + size > MAX_KEPT_BYTES) this.#turn(batch);
		if (size > MAX_KEPT_BYTES) return;
		this.#bytes += size;
		this.#answers.set(address, one);
	}

	/** What moves with time made anew of the rows that were read; most of it is found to be as it was. */
	#renewed(before: Known, second: number, address: string): Known | undefined {
		const body = tried(before.of.again);
		if (body === undefined) return undefined;
		before.second = second;
		const ETag = etagOf(body);
		if (ETag === before.of.headers.ETag) return before;
		const after = known(second, { ...before.of, body, headers: { ...before.of.headers, ETag } });
		this.#bytes += sizeOf(address, after) - sizeOf(address, before);
		this.#answers.set(address, after);
		return after;
	}

	#turn(batch: string): void {
		this.#batch = batch;
		this.#bytes = 0;
		this.#answers.clear();
	}
}

/** What it holds on to: the rows that an answer is made of again are about as large as its text, in objects. */
function sizeOf(address: string, { of, bytes }: Known): number {
	return address.length + bytes.length * (of.again ? 3 : 1);
}

/** What fails here fails again where it is asked, and is told there. */
function tried(again: Lasting["again"]): string | undefined {
	try {
		const value = again?.();
		return value === undefined ? undefined : textOf(value);
	} catch {
		return undefined;
	}
}
