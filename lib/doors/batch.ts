import { tooLarge } from "../log/door";
import { notProcessed, type Refusal, refusal } from "../log/refusal";
import type { Reply } from "../log/submit";
import type { Hosted } from "./hosted";
import { document, isRefusal } from "./problem";
import { sent } from "./show";

export const MAX_BATCH_BYTES = 8 * 1024 * 1024;
export const MAX_BATCH_LINES = 500;

const emptyBatch = refusal(
	"empty-batch",
	400,
	"The batch holds no line.",
	"Send 1 to 500 messages, each on a line of its own.",
);

/**
 * Messages in one request, each standing alone: answers in the order sent, and sequenced in that order, so that a line
 * may answer the line before it. Reading goes on whether or not the answers are fetched: what was sent is sent.
 * `unless`: what is wrong with the request that brought them.
 */
export function batch(
	house: Hosted,
	reader: string | undefined,
	body: Uint8Array,
	unless: Refusal | undefined,
): AsyncGenerator<string> | Refusal {
	const lines = split(body);
	if (lines.length === 0) return emptyBatch();
	if (lines.length > MAX_BATCH_LINES)
		return tooLarge({ detail: `A batch has at most ${MAX_BATCH_LINES} lines.` });
	if (unless) return unless;
	const replies = house.door.submitInOrder(lines);
	return isRefusal(replies) ? replies : answers(house, reader, replies);
}

async function* answers(
	house: Hosted,
	reader: string | undefined,
	replies: Promise<Reply>[],
): AsyncGenerator<string> {
	for (const coming of replies) {
		const reply = await coming.catch((error): Reply => {
			house.tell?.("error", "a line of a batch", error);
			return { refusal: notProcessed() };
		});
		yield reply.refusal
			? JSON.stringify({ status: reply.refusal.status, problem: document(reply.refusal) })
			: `{"status":${reply.status},${(await sent(house, reader, reply)).slice(1)}`;
	}
}

/** Lines of bytes, so that a line that is not UTF-8 is refused alone; blank ones are none. */
function split(body: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	for (let at = 0; at < body.length; ) {
		const end = body.indexOf(0x0a, at);
		const line = body.subarray(at, end === -1 ? body.length : end);
		if (line.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d)) lines.push(line);
		// One more than is taken tells that there are too many; a body of newlines must not become millions of lines.
		if (lines.length > MAX_BATCH_LINES || end === -1) break;
		at = end + 1;
	}
	return lines;
}
