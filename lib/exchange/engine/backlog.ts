import type { Listed } from "./inventory";
import { pause } from "./patience";

const PAUSE_MS = [1_000, 5_000, 25_000, 60_000];

interface BacklogParts {
	work(entry: Listed): Promise<void>;
	trouble(entry: Listed, error: unknown): void;
	/** Ends it, whatever still waits. */
	signal: AbortSignal;
}

/**
 * Entries that wait for the same work, done one after the other until it succeeds: what somebody waits for first, the rest
 * in no order, so that several processes that start with the same backlog share it.
 */
export class Backlog {
	#waiting = new Map<string, Listed>();
	#wanted = new Set<(entry: Listed) => boolean>();
	#running: Promise<void> | undefined;
	/** The work that is under way, or the pause after one that failed. Never rejects. */
	#step: Promise<void> = Promise.resolve();
	#failures = 0;

	constructor(readonly parts: BacklogParts) {}

	add(entries: readonly Listed[]): void {
		for (const entry of entries) this.#waiting.set(entry.id, entry);
		this.#run();
	}

	/** Resolves when none of the entries meant waits. They come first; also those that are added meanwhile. */
	async without(meant: (entry: Listed) => boolean): Promise<void> {
		this.#wanted.add(meant);
		try {
			while (!this.parts.signal.aborted && [...this.#waiting.values()].some(meant)) await this.#step;
		} finally {
			this.#wanted.delete(meant);
		}
	}

	/** Resolves when nothing waits, or it was ended; undefined when that is so. */
	get running(): Promise<void> | undefined {
		return this.#running;
	}

	#run(): void {
		if (this.#running || this.#waiting.size === 0 || this.parts.signal.aborted) return;
		this.#running = this.#all().finally(() => {
			this.#running = undefined;
			this.#run();
		});
	}

	async #all(): Promise<void> {
		while (this.#waiting.size > 0 && !this.parts.signal.aborted) {
			this.#step = this.#one(this.#next());
			await this.#step;
		}
	}

	#next(): Listed {
		const all = [...this.#waiting.values()];
		const wanted = all.filter((entry) => [...this.#wanted].some((meant) => meant(entry)));
		const among = wanted.length > 0 ? wanted : all;
		return among[Math.floor(Math.random() * among.length)]!;
	}

	async #one(entry: Listed): Promise<void> {
		const { work, trouble, signal } = this.parts;
		try {
			await work(entry);
			this.#failures = 0;
			// Another of the same id is a change that came meanwhile.
			if (this.#waiting.get(entry.id) === entry) this.#waiting.delete(entry.id);
		} catch (error) {
			if (signal.aborted) return;
			trouble(entry, error);
			await pause(PAUSE_MS[Math.min(this.#failures++, PAUSE_MS.length - 1)]!, signal);
		}
	}
}
