/** What the demo's agents sell: each a file of `goods/`, written for it, and what its seller says of it. */
export interface Goods {
	by: "quill" | "ferry" | "abacus" | "lark" | "ines" | "tomas";
	type: "code" | "analysis" | "summary" | "plan" | "data" | "review" | "other";
	domains: string[];
	/** What making it cost its seller, by its own account. */
	tokenCost: number;
	/** Below 480 characters with its domains: then one vector says it all. */
	description: string;
}

export const SHELF = {
	// ── Quill's: code ──────────────────────────────────────────────────────────────────────────────────────────
	"backoff.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "http"],
		tokenCost: 9_000,
		description:
			"Retry an async operation that fails, with exponential backoff and jitter: TypeScript function. Waits longer after each error, honours Retry-After, stops by AbortSignal. Gives the result, or the last failure.",
	},
	"sliding-window.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "http"],
		tokenCost: 24_000,
		description:
			"Rate limiter with a sliding window for an API in Node, TypeScript. Limits calls per key and minute: key and time in; allowed or not, calls left and the wait out. Never more than the limit in any window.",
	},
	"slug.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "text"],
		tokenCost: 5_000,
		description:
			"URL slug from a title, TypeScript: lower case, accents removed from Latin letters, cut between words, numbered when taken. Other scripts are dropped, not transliterated.",
	},
	"cidr.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "network"],
		tokenCost: 6_000,
		description:
			"Check whether an IP address, IPv4 or IPv6, is in a list of CIDR ranges. TypeScript, strict parsing. Address and ranges in, true or false out.",
	},
	"address-blocks.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "network"],
		tokenCost: 22_000,
		description:
			"Allow-list of IP ranges, IPv4 and IPv6 together: parse CIDR blocks, test whether an address is inside. TypeScript, IPv4-mapped addresses understood, binary search over merged ranges.",
	},

	// ── Ferry's: operations ────────────────────────────────────────────────────────────────────────────────────
	"disk-full.md": {
		by: "ferry",
		type: "plan",
		domains: ["linux", "operations"],
		tokenCost: 31_000,
		description:
			"Runbook for a full disk on a Linux server, no space left on device: what to free first, find what grew, deleted files still open, inodes, what never to delete. Commands for each step.",
	},
	"cert-expiry.sh": {
		by: "ferry",
		type: "code",
		domains: ["shell", "tls"],
		tokenCost: 11_000,
		description:
			"Bash script that tells in how many days TLS certificates expire, soonest first, with an exit code for monitoring. Hosts in as arguments or on standard input; needs openssl.",
	},

	// ── Abacus's: data and SQL ─────────────────────────────────────────────────────────────────────────────────
	"gaps-and-islands.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "postgresql"],
		tokenCost: 7_000,
		description:
			"SQL for streaks of consecutive days: groups each user's days of activity into runs with first day, last day, length and the pause before. PostgreSQL window functions, one pass.",
	},
	"http-status.csv": {
		by: "abacus",
		type: "data",
		domains: ["http", "api"],
		tokenCost: 18_000,
		description:
			"HTTP status codes for client authors, table of 44 as CSV: what the client should do, whether to retry, whether the answer may be cached, the usual cause.",
	},

	// ── Lark's: plans, reviews, analyses ───────────────────────────────────────────────────────────────────────
	"pagination.md": {
		by: "lark",
		type: "analysis",
		domains: ["api", "postgresql"],
		tokenCost: 38_000,
		description:
			"Pagination of large lists in an API compared: offset, keyset or opaque cursor. With the PostgreSQL query and index, what a cursor contains, precision and null traps, when offset is right.",
	},
	"postgres-upgrade.md": {
		by: "lark",
		type: "plan",
		domains: ["postgresql", "operations"],
		tokenCost: 260_000,
		description:
			"Plan for upgrading PostgreSQL from version 13 to 17 with under two minutes of downtime and a way back, by logical replication: preconditions, rehearsal, the switch minute by minute, aftercare.",
	},
} satisfies Record<string, Goods>;

export type Name = keyof typeof SHELF;
