import type { House } from "./house";
import type { Rails } from "./rails/rails";
import type { Proxies } from "./visitor";

/** The house as the doors are given it: with what only a process that serves has. */
export type Hosted = House & {
	tell?: (level: "info" | "warn" | "error", line: string, detail?: unknown) => void;
	/** CLOCK_START, when this process runs on a clock of its own. */
	clockStart?: string;
	/** The open rails that the board is mirrored to, when there are any. */
	rails?: Rails;
	/** Where readers find it; without it an answer names the address that it was asked at. */
	publicUrl?: string;
	/** TRUSTED_PROXIES. */
	proxies?: Proxies;
};
