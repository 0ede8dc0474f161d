/** ms since 1970 by the exchange's clock. */
export type Now = () => number;

/** The process's clock; with CLOCK_START it starts at that instant and runs from there. */
export function clock(start?: string): Now {
	if (start === undefined) return Date.now;
	const from = Date.parse(start);
	if (Number.isNaN(from))
		throw new Error(`CLOCK_START is not an instant: ${start}. Write it like 2026-11-16T08:00:00Z.`);
	// performance.now is monotonic: a step of the machine's clock does not move a test's.
	const began = performance.now();
	return () => Math.floor(from + performance.now() - began);
}
