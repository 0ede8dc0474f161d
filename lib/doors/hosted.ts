import type { House } from "./house";

/** The house as the doors are given it: with what only a process that serves has. */
export type Hosted = House & {
	/** The one-time link's token makes this key the first house operator; false when it was used or never was one. */
	operatorClaim?: { take(token: string, key: string): Promise<boolean> };
	tell?: (level: "info" | "warn" | "error", line: string, detail?: unknown) => void;
	/** CLOCK_START, when this process runs on a clock of its own. */
	clockStart?: string;
};
