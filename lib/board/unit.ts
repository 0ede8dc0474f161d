import { skeleton } from "../agents/lookalike";

/** What a deal in scrip is counted in: the exchange itself can pay it (`board:pay`). */
export const SCRIP = "scrip";

/** `SCRIP`, `sсrip` with a Cyrillic с: what a hurried eye takes for scrip, and no `board:pay` will settle. */
export function looksLikeScrip(unit: string): boolean {
	return unit !== SCRIP && skeleton(unit) === skeleton(SCRIP);
}
