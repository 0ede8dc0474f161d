/** A cache that forgets what is too old, and what was used longest ago when it is full. */
export class LruCache<Key, Value> {
	/** In order of last use: a Map iterates in the order of insertion. */
	readonly #held = new Map<Key, { value: Value; until: number }>();

	/** `ttlMs` counts from `set`; a read does not prolong it. `now` is for tests. */
	constructor(
		readonly most: number,
		readonly ttlMs: number = Number.POSITIVE_INFINITY,
		readonly now: () => number = Date.now,
	) {
		if (!(most >= 1)) throw new RangeError("a cache holds one value or more");
	}

	get(key: Key): Value | undefined {
		const held = this.#held.get(key);
		if (!held) return undefined;
		this.#held.delete(key);
		if (held.until <= this.now()) return undefined;
		this.#held.set(key, held);
		return held.value;
	}

	set(key: Key, value: Value): void {
		this.#held.delete(key);
		this.#held.set(key, { value, until: this.now() + this.ttlMs });
		if (this.#held.size > this.most) this.#held.delete(this.#held.keys().next().value as Key);
	}

	delete(key: Key): boolean {
		return this.#held.delete(key);
	}

	/** Those that are too old and were not asked for since included. */
	get size(): number {
		return this.#held.size;
	}
}
