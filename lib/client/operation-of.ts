/** The operation as its tags name it, with the phase of a settlement. */
export function operationOf({ tags }: { tags: string[] }): string | undefined {
	const phase = tags.find((tag) => tag.startsWith("exchange:phase:"))?.slice("exchange:phase:".length);
	if (phase !== undefined) return `exchange:settle/${phase}`;
	return tags.find((tag) => !/^exchange:(content-type|domain|verdict|assign-type):/.test(tag));
}
