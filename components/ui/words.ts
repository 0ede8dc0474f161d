/** Class lists, without what is off. */
export function words(...parts: (string | false | null | undefined)[]): string {
	return parts.filter(Boolean).join(" ");
}
