/**
 * What one message moved between purses, worked out by whoever likes: the log is read from its first message up to this one and
 * its purses are folded by the client's own rules, none of the exchange's. That these are the messages which the exchange signed
 * follows from the inclusion proof of the last: what stands before a leaf in it is the tree over all that came before.
 */
import { hex } from "../log/bytes";
import { messageId } from "../log/message";
import { append, EMPTY, type Frontier, leafData, leafHash } from "../log/proof";
import { Agents } from "./agents";
import { type Line, pagesOf } from "./audit";
import { request } from "./connect";
import { type Move, Purses } from "./purses";

export type Folded = {
	/** What the last message moved; undefined where the fold does not reach it. */
	moved: Move[] | undefined;
	/** Each purse that it moved, before and after, micro-scrip. */
	purses: { purse: string; before: bigint; after: bigint }[];
	/** Why the purses could not be followed, as a clause. */
	lost: string | undefined;
	/** The messages are those under `before`, in their order and with their words. */
	genuine: boolean;
};

/** Takes a log from its first message on, line by line. */
export class Fold {
	readonly #agents: Agents;
	readonly #purses: Purses;
	#tree: Frontier = EMPTY;
	/** The tree without the last message. */
	#before: Frontier = EMPTY;
	#wrong = false;
	#amounts = new Map<string, bigint>();

	constructor(readonly exchangeKey: string) {
		this.#agents = new Agents(exchangeKey);
		this.#purses = new Purses(this.#agents);
	}

	get size(): number {
		return this.#tree.size;
	}

	/** The next messages, in order. `last`: where to stop. */
	take(lines: readonly string[], last: number): void {
		for (const text of lines) {
			if (this.size >= last) return;
			const line = JSON.parse(text) as Line;
			if (line.seq !== this.size + 1) this.#wrong = true;
			this.#before = this.#tree;
			const leaf = leafHash(leafData(line.id, Date.parse(line.received_at)));
			this.#tree = append(this.#tree, [leaf]).frontier;
			if (line.hidden_by !== undefined) {
				this.#purses.lost ??= `the words of message ${line.seq} are withheld`;
				continue;
			}
			if (messageId(this.exchangeKey, line) !== line.id) this.#wrong = true;
			if (this.size === last) this.#amounts = new Map(this.#purses.amounts);
			if (this.#agents.take(line) !== undefined) this.#wrong = true;
			if (this.#purses.take(line) !== undefined) this.#wrong = true;
		}
	}

	/** `before`: the frontier that the proof of the last message shows. */
	end(before: readonly Uint8Array[]): Folded {
		const { moved, lost, amounts } = this.#purses;
		const touched = [...new Set(moved.flatMap(({ from, to }) => [from, to]))];
		return {
			moved: lost === undefined ? moved : undefined,
			purses: touched.map((purse) => ({
				purse,
				before: this.#amounts.get(purse) ?? 0n,
				after: amounts.get(purse) ?? 0n,
			})),
			lost,
			genuine: !this.#wrong && this.#before.hashes.map(hex).join() === before.map(hex).join(),
		};
	}
}

/** Reads the log of the exchange at `base` up to message `seq` and folds it. Throws where it cannot be read so far. */
export async function foldUpTo(
	base: string,
	exchangeKey: string,
	seq: number,
	before: readonly Uint8Array[],
	progress: (size: number) => void = () => {},
): Promise<Folded> {
	const fold = new Fold(exchangeKey);
	for (let from = -1; fold.size < seq && fold.size > from; ) {
		from = fold.size;
		const { body } = await request(`${base}/api/messages?after=${from}`, {
			headers: { Accept: "application/x-ndjson" },
		});
		for await (const lines of pagesOf(body!)) {
			fold.take(lines, seq);
			progress(fold.size);
			if (fold.size >= seq) break;
		}
	}
	if (fold.size < seq) throw new Error(`the log ends at message ${fold.size}`);
	return fold.end(before);
}

/** What each purse gained, micro-scrip: two ways to say the same movements are equal in it. */
export function gains(moves: readonly Move[]): Map<string, bigint> {
	const sums = new Map<string, bigint>();
	for (const { from, to, amount } of moves) {
		sums.set(from, (sums.get(from) ?? 0n) - amount);
		sums.set(to, (sums.get(to) ?? 0n) + amount);
	}
	for (const [purse, sum] of sums) if (sum === 0n) sums.delete(purse);
	return sums;
}
