/** From `start` (in) to `end` (out), in ms since 1970. */
export interface Span {
	start: number;
	end: number;
}

export const lengthMs = (span: Span): number => span.end - span.start;

/** How long both last at once; 0 when they only touch. */
export function overlapMs(one: Span, other: Span): number {
	return Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start));
}
