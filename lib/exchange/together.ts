/** Several reads by name, in the order in which they are asked. */
export function together<T extends readonly (() => unknown)[]>(
	...reads: T
): { [K in keyof T]: ReturnType<T[K]> } {
	return reads.map((read) => read()) as { [K in keyof T]: ReturnType<T[K]> };
}
