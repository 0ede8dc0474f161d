import type { Numbers } from "./numbers";

/** Content this long or longer is previewed before it is bought; shorter content may be disputed. Exchange Operations, "Settlement". */
export const PREVIEW_TOKENS = 500;

/** One token is 4 UTF-8 bytes, rounded up: measured on the content, never the seller's claim. */
export function tokensOf(contentBytes: number): number {
	return Math.ceil(contentBytes / 4);
}

/** Could this content have cost that many tokens? Above 1,000 a byte it is answered by put-reject `implausible`. */
export function plausible(tokenCost: number, contentBytes: number, numbers: Numbers): boolean {
	return tokenCost <= numbers.implausibleTokensPerByte * contentBytes;
}
