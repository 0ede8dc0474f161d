import { read, tooLarge } from "../log/door";
import { notProcessed, type Refusal, refusal } from "../log/refusal";
import type { Answer } from "../log/sequencer";
import { byIds, type Reply, record } from "../log/submit";
import { SMALL_CONTENT_BYTES } from "../log/write";
import type { Hosted } from "./hosted";
import { document } from "./problem";
import { sent } from "./show";

export const MAX_BATCH_BYTES = 8 * 1024 * 1024;
export const MAX_BATCH_LINES = 500;
/** PROTOCOL: more than ten messages are never judged in one go on the main thread. */
const AT_ONCE = 10;

const emptyBatch = refusal(
	"empty-batch",
	400,
	"The batch holds no line.",
	"Send 1 to 500 messages, each on a line of its own.",
);

/**
 * Messages in one request, each standing alone: answers in the order sent, and sequenced in that order, so that a line
 * may answer the line before it. Reading goes on whether or not the answers are fetched: what was sent is sent.
 */
export function batch(
	house: Hosted,
	reader: string | undefined,
	body: Uint8Array,
): AsyncGenerator<string> | Refusal {
	const lines = split(body);
	if (lines.length === 0) return emptyBatch();
	if (lines.length > MAX_BATCH_LINES)
		return tooLarge({ detail: `A batch has at most ${MAX_BATCH_LINES} lines.` });
	return answers(house, reader, submitInOrder(house, lines));
}

async function* answers(
	house: Hosted,
	reader: string | undefined,
	replies: Promise<Reply>[],
): AsyncGenerator<string> {
	for (const coming of replies) {
		const reply = await coming.catch((error): Reply => {
			house.tell?.("error", "a line of a batch", error);
			return { refusal: notProcessed({ retryAfterSeconds: 5 }) };
		});
		yield reply.refusal
			? JSON.stringify({ status: reply.refusal.status, problem: document(reply.refusal) })
			: `{"status":${reply.status},${(await sent(house, reader, reply)).slice(1)}`;
	}
}

function submitInOrder(house: Hosted, lines: Uint8Array[]): Promise<Reply>[] {
	const settle: ((reply: Reply | Promise<Reply>) => void)[] = [];
	const replies = lines.map(() => new Promise<Reply>((resolve) => settle.push(resolve)));
	(async () => {
		for (let from = 0; from < lines.length; from += AT_ONCE) {
			const group = lines.slice(from, from + AT_ONCE);
			const arrivedAt = house.now();
			const judged = await Promise.all(group.map((line) => read(house.registry, house.key, line)));
			for (const [i, one] of judged.entries()) {
				const line = from + i;
				if (one.refusal) settle[line]!({ refusal: one.refusal });
				else if (one.contents.some(({ bytes }) => bytes > SMALL_CONTENT_BYTES)) {
					// The door stores large content before it takes its turn: the lines behind it wait for that.
					const reply = house.door.submit(group[i]!);
					settle[line]!(reply);
					await reply.catch(() => {});
				} else
					settle[line]!(
						house.sequencer
							.submit(one.candidate, one.contents, arrivedAt)
							.then((answer) => reply(house, answer)),
					);
			}
		}
	})().catch((error) => {
		for (const one of settle) one(Promise.reject(error));
	});
	// Who hangs up fetches no answers; what went wrong with them must not end the process.
	for (const reply of replies) reply.catch(() => {});
	return replies;
}

async function reply(house: Hosted, answer: Answer): Promise<Reply> {
	const { door, sql } = house;
	switch (answer.kind) {
		case "refused":
			return answer;
		case "known": {
			const [message] = await byIds(sql, [answer.id]);
			return { status: 200, message: message!, replies: await door.replies(answer.id) };
		}
		case "logged": {
			const [first, ...rest] = answer.logged;
			const { id, seq, receivedAt } = first!.act;
			const replies = rest.filter(({ act }) => act.antecedents.includes(id)).map(record);
			return { status: 201, message: { id, seq, receivedAt }, replies };
		}
		case "nothing":
			throw new Error("a message is logged, known or refused");
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
