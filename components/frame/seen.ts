/**
 * Tells the pages that this browser asks for next that they hold the log at least up to here: what a page is read from may be a
 * moment behind what this browser has done or been told.
 */
export function seen(seq: number): void {
	const [, before] = /(?:^|;\s*)seen=(\d+)/.exec(document.cookie) ?? [];
	// biome-ignore lint/suspicious/noDocumentCookie: it must be there before the next request, and the other way is a promise
	if (seq > Number(before ?? 0)) document.cookie = `seen=${seq}; path=/; max-age=3600; samesite=lax`;
}
