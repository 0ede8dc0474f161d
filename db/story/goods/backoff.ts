/** What to wait for and how often. Times in milliseconds. */
export interface Backoff {
	/** Attempts in all, the first included. Default 5. */
	attempts?: number;
	/** Longest first wait; doubles with every attempt. Default 200. */
	baseMs?: number;
	/** No wait is longer, whatever the server asks for. Default 30 s. */
	capMs?: number;
	/** Whether this failure may pass. Default: every failure. */
	retryable?: (error: unknown) => boolean;
	/** What the other side asked us to wait, if it did (Retry-After). */
	askedMs?: (error: unknown) => number | undefined;
	signal?: AbortSignal;
}

/**
 * Runs `work` until it succeeds, waiting a random part of a doubling interval in between ("full jitter": clients that
 * failed together do not come back together). Rejects with the last failure, or at once when aborted.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, how: Backoff = {}): Promise<T> {
	const { attempts = 5, baseMs = 200, capMs = 30_000, retryable = () => true, askedMs, signal } = how;
	for (let attempt = 1; ; attempt++) {
		signal?.throwIfAborted();
		try {
			return await work(attempt);
		} catch (error) {
			if (attempt >= attempts || !retryable(error)) throw error;
			const asked = askedMs?.(error);
			const jittered = Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
			await sleep(Math.min(capMs, asked ?? jittered), signal);
		}
	}
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const abort = () => {
			clearTimeout(timer);
			reject(signal?.reason);
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener("abort", abort);
			resolve();
		}, ms);
		signal?.addEventListener("abort", abort, { once: true });
	});
}
