import { hex } from "./bytes";
import { append, EMPTY, type Frontier, type Head, root } from "./proof";

/** Leaves that are taken in at once, so that a long log is one long list nowhere. */
const STRIDE = 4_096;

/**
 * Grows the tree of a log leaf by leaf and holds it to heads that were signed of it before: whoever has kept one knows
 * whether what it covers is still the same, to the bit.
 */
export class Witness {
	tree: Frontier = EMPTY;
	/** Heads that this log is not the continuation of, among those that it has grown to. */
	readonly broken: Head[] = [];
	readonly #ahead: Head[];

	constructor(heads: readonly Head[] = []) {
		this.#ahead = heads.toSorted((a, b) => a.size - b.size);
		this.#judge();
	}

	/** The next leaves, hashed. */
	take(leaves: readonly Uint8Array[]): void {
		for (let at = 0; at < leaves.length; ) {
			const next = this.#ahead[0]?.size ?? Number.POSITIVE_INFINITY;
			const until = Math.min(leaves.length, at + STRIDE, at + next - this.tree.size);
			this.tree = append(this.tree, leaves.slice(at, until)).frontier;
			at = until;
			this.#judge();
		}
	}

	/** Heads of a longer log than this one: something at its end is gone. */
	get beyond(): readonly Head[] {
		return this.#ahead;
	}

	#judge(): void {
		while (this.#ahead[0]?.size === this.tree.size) {
			const head = this.#ahead.shift()!;
			if (hex(head.root) !== hex(root(this.tree))) this.broken.push(head);
		}
	}
}

/** The sentence for people; undefined where nothing contradicts. `kept`: where the heads were kept. */
export function contradiction(witness: Witness, kept: string): string | undefined {
	const { broken, beyond, tree } = witness;
	const one = broken[0] ?? beyond.at(-1);
	return one && contradicts(tree.size, one, kept);
}

/** How a log of `size` messages is not the one that this head was signed over, as the end of a sentence. */
export function contradicts(size: number, head: Head, kept: string): string {
	return head.size > size
		? `it has ${size} messages, and a checkpoint in ${kept} has ${head.size}`
		: `its first ${head.size} messages are not those of a checkpoint in ${kept}`;
}
