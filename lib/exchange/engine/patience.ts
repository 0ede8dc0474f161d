/** What a promise gives within this time, else undefined; a rejection in time rejects, one that comes later is nobody's. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const over = new Promise<undefined>((resolve) => {
		timer = setTimeout(resolve, ms, undefined);
	});
	promise.catch(() => {});
	try {
		return await Promise.race([promise, over]);
	} finally {
		clearTimeout(timer);
	}
}

/** Whether it is done within this time; a rejection in time rejects. */
export async function inTime(ms: number, work: Promise<unknown>): Promise<boolean> {
	return (
		(await within(
			ms,
			work.then(() => true),
		)) === true
	);
}

/** Waits, or stops waiting when told to. Does not keep the process alive. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (stop.aborted) return resolve();
		const end = () => {
			clearTimeout(timer);
			stop.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		timer.unref();
		stop.addEventListener("abort", end);
	});
}
