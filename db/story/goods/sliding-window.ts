/**
 * A sliding-window rate limiter for one process.
 *
 * A fixed window lets twice the limit through around its edge: 100 calls at 11:59:59 and 100 more at 12:00:00. This one
 * counts what lies in the last `windowMs` at every call. It keeps one counter a slice instead of one timestamp a call, so
 * a key costs a few numbers however busy it is. A call counts for up to one slice longer than the window, never shorter:
 * no window of `windowMs`, wherever it begins, sees more than `limit` calls.
 */
export interface Limit {
	/** Calls allowed in any window. */
	limit: number;
	windowMs: number;
	/** Parts of the window that are counted apart: more is finer and larger. Default 20. */
	slices?: number;
	/** Keys that are remembered; the longest idle is forgotten first. Default 100,000. */
	maxKeys?: number;
}

export interface Verdict {
	allowed: boolean;
	/** Calls left in the window, after this one. */
	remaining: number;
	/** When not allowed: how long until the next call can be. 0 otherwise. */
	retryAfterMs: number;
}

interface Counted {
	/** Calls by slice, in a ring. */
	counts: Uint32Array;
	/** The newest slice counted, since 1970. */
	newest: number;
	total: number;
}

export class SlidingWindow {
	readonly #limit: number;
	/** The window's slices, and the one that has begun. */
	readonly #ring: number;
	readonly #sliceMs: number;
	readonly #maxKeys: number;
	/** In order of last use: a Map iterates in the order of insertion. */
	readonly #keys = new Map<string, Counted>();

	constructor({ limit, windowMs, slices = 20, maxKeys = 100_000 }: Limit) {
		if (limit < 1 || windowMs < slices || slices < 1)
			throw new RangeError("limit and slices must be 1 or more, and a slice at least a millisecond");
		this.#limit = limit;
		this.#ring = slices + 1;
		this.#sliceMs = windowMs / slices;
		this.#maxKeys = maxKeys;
	}

	/** Counts one call of `key`, or refuses it. A refused call is not counted. `now` in ms; must not go back. */
	take(key: string, now: number = Date.now()): Verdict {
		const slice = Math.floor(now / this.#sliceMs);
		const counted = this.#counted(key, slice);
		if (counted.total >= this.#limit)
			return { allowed: false, remaining: 0, retryAfterMs: this.#untilRoom(counted, now) };
		counted.counts[slice % this.#ring]!++;
		counted.total++;
		return { allowed: true, remaining: this.#limit - counted.total, retryAfterMs: 0 };
	}

	#counted(key: string, slice: number): Counted {
		const counted = this.#keys.get(key) ?? {
			counts: new Uint32Array(this.#ring),
			newest: slice,
			total: 0,
		};
		// Slices that fell out of the window since the last call; after a whole window, all of them.
		for (let gone = Math.min(slice - counted.newest, this.#ring); gone > 0; gone--) {
			counted.newest = slice - gone + 1;
			counted.total -= counted.counts[counted.newest % this.#ring]!;
			counted.counts[counted.newest % this.#ring] = 0;
		}
		this.#keys.delete(key);
		this.#keys.set(key, counted);
		if (this.#keys.size > this.#maxKeys) this.#keys.delete(this.#keys.keys().next().value!);
		return counted;
	}

	/** The oldest slice that holds anything leaves the window first. */
	#untilRoom({ counts, newest }: Counted, now: number): number {
		for (let age = this.#ring - 1; age >= 0; age--) {
			const slice = newest - age;
			if (counts[slice % this.#ring]! > 0)
				return Math.max(1, Math.ceil((slice + this.#ring) * this.#sliceMs - now));
		}
		return 0;
	}
}
