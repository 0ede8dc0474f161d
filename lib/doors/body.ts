import type * as z from "zod";
import { tooLarge } from "../log/door";
import { parseStrict } from "../log/json";
import type { Refusal } from "../log/refusal";
import { busy } from "../log/submit";
import type { Asked } from "./answer";
import { badBody, encodingNotTaken, isRefusal, typeNotTaken } from "./problem";

/** Bytes of bodies that are being read, over all requests: what bounds memory under a flood of slow, large ones. */
const MAX_READING_BYTES = 256 * 1024 * 1024;
let reading = 0;

/** A body of one of the given types, at most `max` bytes: refused before more than that is held. In the order 413, 415. */
export async function readBody(
	c: Asked,
	max: Record<string, number>,
): Promise<{ type: string; bytes: Uint8Array } | Refusal> {
	const type = (c.req.header("Content-Type") ?? "").split(";")[0]!.trim().toLowerCase();
	const limit = max[type] ?? Math.max(...Object.values(max));
	const declared = c.req.header("Content-Length");
	if (declared !== undefined && Number(declared) > limit) return tooLarge();
	const encoding = c.req.header("Content-Encoding")?.trim().toLowerCase();
	if (encoding !== undefined && encoding !== "identity" && encoding !== "") return encodingNotTaken();
	if (max[type] === undefined)
		return typeNotTaken({ detail: `This address takes: ${Object.keys(max).join(", ")}.` });
	const held = new Held();
	try {
		if (declared !== undefined && !held.take(Number(declared))) return busy();
		// The connection itself counts a declared length: reading it in one go is four times as fast as by pieces.
		const bytes =
			declared === undefined
				? await gather(c.req.raw.body, limit, held)
				: new Uint8Array(await c.req.arrayBuffer());
		if (isRefusal(bytes)) return bytes;
		return bytes.length > limit ? tooLarge() : { type, bytes };
	} catch {
		// The connection broke off: node has answered 400 itself where anybody still listens. No failure of ours.
		return brokenOff();
	} finally {
		held.release();
	}
}

export const brokenOff = () => badBody({ detail: "The body ended before it was whole." });

/** One request's share of what all bodies together may hold. */
export class Held {
	#bytes = 0;

	take(bytes: number): boolean {
		if (reading + bytes > MAX_READING_BYTES) return false;
		reading += bytes;
		this.#bytes += bytes;
		return true;
	}

	release(): void {
		reading -= this.#bytes;
		this.#bytes = 0;
	}
}

async function gather(
	body: ReadableStream<Uint8Array> | null,
	limit: number,
	held: Held,
): Promise<Uint8Array | Refusal> {
	if (!body) return new Uint8Array();
	const parts: Uint8Array[] = [];
	let length = 0;
	const reader = body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		length += value.length;
		const refused = length > limit ? tooLarge() : held.take(value.length) ? undefined : busy();
		if (refused) {
			await reader.cancel().catch(() => {});
			return refused;
		}
		parts.push(value);
	}
	return new Uint8Array(Buffer.concat(parts, length));
}

/** A small JSON body of the given schema; everything that is not a message. */
export async function readJson<T>(c: Asked, schema: z.ZodType<T>): Promise<T | Refusal> {
	const read = await readBody(c, { "application/json": 16_384 });
	if (isRefusal(read)) return read;
	const parsed = parseStrict(read.bytes);
	if (!parsed.ok) return badBody({ detail: parsed.detail, field: parsed.pointer });
	const judged = schema.safeParse(parsed.value);
	if (judged.success) return judged.data;
	const [issue] = judged.error.issues;
	// Names of fields that the sender chose are not sent back.
	const field =
		issue!.code === "unrecognized_keys" ? undefined : issue!.path.map((part) => `/${String(part)}`).join("");
	return badBody({ field: field || undefined, detail: `The body is not right: ${faultOf(issue!)}.` });
}

function faultOf(issue: z.core.$ZodIssue): string {
	return issue.code === "unrecognized_keys" ? "it has a field that is not known here" : issue.message;
}
