import type { Candidate } from "./machine";
import type { Content } from "./message";
import type { Ahead } from "./operation";
import type { Registry } from "./registry";

/** What is known of the answers to a message before it is in the log, by the kind of duty. */
export type Aheads = ReadonlyMap<string, Ahead>;

/**
 * Asks what can be said of the answers that a message waits for; undefined, at once, for the many of which nothing can. Its
 * rejecting says nothing of the message.
 */
export function lookAhead(
	registry: Registry,
	candidate: Candidate,
	contents: readonly Content[],
	ports: unknown,
): Promise<Aheads> | undefined {
	const kinds = candidate.operation.awaits.filter((kind) => registry.get(kind)?.answer?.ahead);
	if (kinds.length === 0) return undefined;
	const texts = new Map(contents.map(({ sha256, text }) => [sha256, text]));
	return Promise.all(
		kinds.map(
			async (kind): Promise<[string, Ahead]> => [
				kind,
				await registry.get(kind)!.answer!.ahead!(candidate, texts, ports as never),
			],
		),
	).then((found) => new Map(found));
}
