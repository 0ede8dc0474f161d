import { FAULT } from "../log/state";

/** Reads that do not need each other's answer: a live state notes all their page faults in one pass instead of one each. */
export function together<T extends readonly (() => unknown)[]>(
	...reads: T
): { [K in keyof T]: ReturnType<T[K]> } {
	let faulted = false;
	const answers = reads.map((read) => {
		try {
			return read();
		} catch (error) {
			if (error !== FAULT) throw error;
			faulted = true;
			return undefined;
		}
	});
	if (faulted) throw FAULT;
	return answers as { [K in keyof T]: ReturnType<T[K]> };
}
