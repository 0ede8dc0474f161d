/** What the demo's agents sell: each a file of `goods/`, written for it, and what its seller says of it. */
export interface Goods {
	by: "ines" | "quill" | "ferry" | "tomas" | "abacus" | "lark";
	type: "code" | "analysis" | "summary" | "plan" | "data" | "review" | "other";
	domains: string[];
	/** What making it cost its seller, by its own account. */
	tokenCost: number;
	description: string;
}

export const SHELF = {
	// ── Quill's: code ───────────────────────────────────────────────────────────────────────────────────────
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
	"lru.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript"],
		tokenCost: 4_500,
		description:
			"In-memory cache for TypeScript with a maximum size and a time to live: forgets the least recently used entry when full and what is too old. One class, no dependencies.",
	},
	"batch.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "database"],
		tokenCost: 9_500,
		description:
			"Batch many single lookups into one query, as DataLoader does: TypeScript function that collects the keys asked for in one turn of the event loop, loads them together, each once. Solves N+1 queries.",
	},
	"csv.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "csv"],
		tokenCost: 33_000,
		description:
			"CSV parser and writer in TypeScript, streaming: quoted fields, line breaks inside quotes, CRLF, byte order mark; errors name the line. Text chunks in, rows or records out; the writer can guard against spreadsheet formulas.",
	},
	"cron.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "scheduling"],
		tokenCost: 29_000,
		description:
			"Cron expression parser in TypeScript: when does a scheduled job run next, in UTC. Steps, ranges, lists, names; day of month or weekday as cron has it. Cron line and date in, next date out.",
	},
	"iban.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "payments"],
		tokenCost: 7_000,
		description:
			"Validate an IBAN bank account number in TypeScript: checksum and length by country, says what is wrong; prints it in groups of four.",
	},
	"money.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "payments"],
		tokenCost: 27_000,
		description:
			"Money amounts in TypeScript without floats: parse and print by currency, split a total by weights without losing a cent, scale with rounding. Whole minor units in bigint.",
	},
	"duration.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript"],
		tokenCost: 8_000,
		description:
			"Parse durations like 1h30m, 2d 4h or ISO 8601 PT1H30M to seconds, and print seconds as words. Two TypeScript functions.",
	},
	"slug.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "text"],
		tokenCost: 5_000,
		description:
			"Readable URL slug from a title or headline, TypeScript: lower case, accents removed from Latin letters, cut between words, numbered when taken. Other scripts are dropped, not transliterated.",
	},
	"toposort.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "graphs"],
		tokenCost: 8_500,
		description:
			"Order tasks or packages that depend on each other (topological sort) in layers, TypeScript: what can run at the same time, what must wait; names the members of a cycle.",
	},
	"unified-diff.ts": {
		by: "quill",
		type: "code",
		domains: ["typescript", "text"],
		tokenCost: 36_000,
		description:
			"Show what changed between two versions of a text: line diff in TypeScript, Myers' algorithm, printed as diff -u does. Two texts in, unified diff out.",
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
	"token-bucket.go": {
		by: "quill",
		type: "code",
		domains: ["go", "http"],
		tokenCost: 26_000,
		description:
			"Token bucket rate limiter in Go, one bucket per key, safe for concurrent use: Allow says how long to wait, Wait blocks in order and gives back when the context ends. Forgets idle keys. Standard library only.",
	},
	"worker-pool.go": {
		by: "quill",
		type: "code",
		domains: ["go", "concurrency"],
		tokenCost: 17_000,
		description:
			"Run many tasks concurrently in Go with a limit on goroutines: generic parallel map, results in order, first error cancels the rest, panics become errors, nothing leaks.",
	},
	"graceful.go": {
		by: "quill",
		type: "code",
		domains: ["go", "http"],
		tokenCost: 19_000,
		description:
			"Graceful shutdown of an HTTP server in Go: on SIGTERM readiness fails first, running requests finish, connections are closed, then databases. For Kubernetes and load balancers.",
	},
	// ── Ferry's: operations ─────────────────────────────────────────────────────────────────────────────────
	"disk-full.md": {
		by: "ferry",
		type: "plan",
		domains: ["linux", "operations"],
		tokenCost: 31_000,
		description:
			"Runbook for a full disk on a Linux server, no space left on device: what to free first, find what grew, deleted files still open, inodes, what never to delete. Commands for each step.",
	},
	"pg-locks.md": {
		by: "ferry",
		type: "plan",
		domains: ["postgresql", "operations"],
		tokenCost: 58_000,
		description:
			"Runbook for a PostgreSQL database that hangs: which session blocks all others, idle in transaction, lock queues behind a migration, too many connections. Queries to run, what to do about each cause.",
	},
	"leaked-secret.md": {
		by: "ferry",
		type: "plan",
		domains: ["security", "operations"],
		tokenCost: 34_000,
		description:
			"Runbook for a leaked API key, password or token: revoke first, find out whether it was used, clean git history, whom to tell. Checklist by kind of credential.",
	},
	"restore-drill.md": {
		by: "ferry",
		type: "plan",
		domains: ["backup", "operations"],
		tokenCost: 30_000,
		description:
			"Drill to test whether backups can be restored: scenarios, steps with times to write down, checks of the restored data, verdict. For half a day and two people.",
	},
	"dns-cutover.md": {
		by: "ferry",
		type: "plan",
		domains: ["dns", "operations"],
		tokenCost: 28_000,
		description:
			"Plan to move a website to a new host by DNS without downtime: TTL, certificates, the switch minute by minute, way back, old addresses, name servers.",
	},
	"incident-roles.md": {
		by: "ferry",
		type: "plan",
		domains: ["operations"],
		tokenCost: 29_000,
		description:
			"Who does what in an incident when production is down: lead, hands, scribe; severity levels, the first fifteen minutes, status updates for users, how to close. For small teams.",
	},
	"systemd-service.md": {
		by: "ferry",
		type: "other",
		domains: ["linux", "systemd"],
		tokenCost: 26_000,
		description:
			"Hardened systemd unit to run a daemon on Linux with as few rights as possible, each line explained: sandboxing, secrets, restart, memory limits; what breaks and which line to change.",
	},
	"pg-backup.sh": {
		by: "ferry",
		type: "code",
		domains: ["shell", "postgresql"],
		tokenCost: 15_000,
		description:
			"Bash script for nightly PostgreSQL backups with pg_dump: written whole or not at all, read back, old dumps deleted but for the last 7 days, 5 weeks and 12 months.",
	},
	"cert-expiry.sh": {
		by: "ferry",
		type: "code",
		domains: ["shell", "tls"],
		tokenCost: 11_000,
		description:
			"Bash script that lists when the SSL/TLS certificates of websites expire, soonest first, with an exit code for monitoring. Hosts in as arguments or on standard input; needs openssl.",
	},
	"log-top-errors.sh": {
		by: "ferry",
		type: "code",
		domains: ["shell", "logging"],
		tokenCost: 9_000,
		description:
			"Shell script that shows the most frequent errors in JSON log files, grouped with ids and numbers taken out; count, first and last time. Needs jq.",
	},
	"who-has-port.sh": {
		by: "ferry",
		type: "code",
		domains: ["shell", "linux"],
		tokenCost: 3_500,
		description:
			"Shell script that finds which process listens on a port (address already in use, EADDRINUSE): process, user, systemd unit, folder, parent. Linux.",
	},
	"oncall-handover.md": {
		by: "ferry",
		type: "plan",
		domains: ["operations"],
		tokenCost: 6_000,
		description:
			"Checklist for handing the pager over to a colleague, on-call handover: open incidents, silenced alerts, coming changes, traps, a test page. Ten minutes.",
	},
	"deploy-checklist.md": {
		by: "ines",
		type: "plan",
		domains: ["operations"],
		tokenCost: 5_500,
		description:
			"Checklist before going live with a deployment: the change, the way back, the moment, what to look at afterwards. Two minutes.",
	},
	// ── Abacus's: queries, tables and sums ──────────────────────────────────────────────────────────────────
	"gaps-and-islands.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "postgresql"],
		tokenCost: 7_000,
		description:
			"SQL for streaks of consecutive days: groups each user's days of activity into runs with first day, last day, length and the pause before. PostgreSQL window functions, one pass.",
	},
	"cohort-retention.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "analytics"],
		tokenCost: 21_000,
		description:
			"SQL query for cohort retention by week: how many users of each cohort come back after 1, 2, 3 weeks, with zero rows and without the unfinished week. PostgreSQL.",
	},
	"dedupe.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "postgresql"],
		tokenCost: 5_500,
		description:
			"SQL to delete duplicate rows in a PostgreSQL table and keep the newest, even without a primary key, then prevent new ones by a unique index.",
	},
	"index-health.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "postgresql"],
		tokenCost: 32_000,
		description:
			"Queries about indexes in PostgreSQL: unused indexes, redundant ones, foreign keys without an index, tables read by full scans, invalid indexes. Read-only.",
	},
	"share-of-total.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "analytics"],
		tokenCost: 6_000,
		description:
			"SQL for ABC analysis (Pareto, 80/20): which clients make up most of the turnover, with share, running share and class.",
	},
	"business-days.sql": {
		by: "abacus",
		type: "code",
		domains: ["sql", "postgresql"],
		tokenCost: 9_000,
		description:
			"SQL functions to count working days between two dates without weekends and holidays. PostgreSQL, no loop.",
	},
	"http-status.csv": {
		by: "abacus",
		type: "data",
		domains: ["http", "api"],
		tokenCost: 18_000,
		description:
			"HTTP status codes for client authors, table of 44 as CSV: what the client should do, whether to retry, whether the answer may be cached, the usual cause.",
	},
	"sqlstate.csv": {
		by: "abacus",
		type: "data",
		domains: ["postgresql"],
		tokenCost: 20_000,
		description:
			"PostgreSQL error codes (SQLSTATE) as a table, CSV: what each database error means, whether to try the transaction again, what to do. The 50 that applications meet.",
	},
	"iso-weeks.csv": {
		by: "abacus",
		type: "data",
		domains: ["calendar"],
		tokenCost: 4_000,
		description:
			"Calendar of ISO week numbers 2020 to 2040, CSV: how many weeks each year has, 52 or 53, when week 1 and the last week begin, weekday of 1 January.",
	},
	"cron-examples.csv": {
		by: "abacus",
		type: "data",
		domains: ["scheduling"],
		tokenCost: 6_500,
		description:
			"Cron expressions with examples, CSV: what each line means, its first three runs, and what to beware of.",
	},
	"p2_quantile.py": {
		by: "abacus",
		type: "code",
		domains: ["python", "statistics"],
		tokenCost: 16_000,
		description:
			"Python class for percentiles of a stream (median, p99 latency) in constant memory, P-square algorithm, without keeping the values. Standard library only.",
	},
	"ab_test.py": {
		by: "abacus",
		type: "code",
		domains: ["python", "statistics"],
		tokenCost: 19_000,
		description:
			"A/B test in Python: is variant B, say a new landing page, really better or is it chance? Confidence interval, p value and a sentence; how many users are needed. Standard library only.",
	},
	"follow_file.py": {
		by: "abacus",
		type: "code",
		domains: ["python", "logging"],
		tokenCost: 14_000,
		description:
			"Python generator that follows a growing log file like tail -F, across rotation and truncation, only whole lines. Standard library only.",
	},
	"dst-traps.md": {
		by: "tomas",
		type: "analysis",
		domains: ["timezones"],
		tokenCost: 37_000,
		description:
			"Time zone bugs: what goes wrong when clocks change (daylight saving), jobs that run twice, bookings, reports. Eleven traps, each with a date to test; notes for JavaScript, PostgreSQL, Python, cron.",
	},
	// ── Lark's: plans, reviews, comparisons ─────────────────────────────────────────────────────────────────
	"pagination.md": {
		by: "lark",
		type: "analysis",
		domains: ["api", "postgresql"],
		tokenCost: 38_000,
		description:
			"How to page through millions of rows in an API: offset, keyset or cursor pagination compared. With the PostgreSQL query and index, what a cursor contains, precision and null traps.",
	},
	"idempotency.md": {
		by: "lark",
		type: "plan",
		domains: ["api", "payments"],
		tokenCost: 45_000,
		description:
			"Design for idempotency keys in an API so that a repeated payment request is charged once: contract, table, flow, calls to other services, crash recovery, traps.",
	},
	"zero-downtime-migration.md": {
		by: "lark",
		type: "plan",
		domains: ["postgresql"],
		tokenCost: 52_000,
		description:
			"Plan to change the schema of a large PostgreSQL table without downtime: expand, backfill in batches, contract, with locks, checks and way back; recipes for columns, indexes, constraints.",
	},
	"postgres-upgrade.md": {
		by: "lark",
		type: "plan",
		domains: ["postgresql", "operations"],
		tokenCost: 260_000,
		description:
			"Plan for upgrading PostgreSQL from version 13 to 17 with under two minutes of downtime and a way back, by logical replication: preconditions, rehearsal, the switch minute by minute, aftercare.",
	},
	"llm-evaluation.md": {
		by: "lark",
		type: "plan",
		domains: ["llm", "testing"],
		tokenCost: 420_000,
		description:
			"Plan to evaluate a language model feature before release: what good means, test cases by slice, graders, a model as judge and its calibration, comparing prompts, costs.",
	},
	"jwt-review.md": {
		by: "lark",
		type: "review",
		domains: ["security", "api"],
		tokenCost: 41_000,
		description:
			"Security review guide for JSON Web Tokens: does the service verify JWTs properly, fifteen points with how to test each, six requests to send.",
	},
	"upload-threats.md": {
		by: "lark",
		type: "review",
		domains: ["security", "web"],
		tokenCost: 43_000,
		description:
			"Threat model of file uploads: what can go wrong when users send pictures, documents and archives, what answers each threat, and the first test for it.",
	},
	"form-accessibility.md": {
		by: "lark",
		type: "review",
		domains: ["accessibility", "web"],
		tokenCost: 35_000,
		description:
			"Accessibility review of web forms by WCAG 2.2 AA in thirty minutes, for blind and keyboard users: labels, screen reader, error messages, zoom and contrast; what to check in each pass.",
	},
	"cache-control.md": {
		by: "lark",
		type: "summary",
		domains: ["http", "web"],
		tokenCost: 33_000,
		description:
			"HTTP caching on one page: which Cache-Control header for which content, what the words mean, ETag, Vary, CDN purging, cache poisoning.",
	},
	"problem-details.md": {
		by: "lark",
		type: "summary",
		domains: ["http", "api"],
		tokenCost: 9_500,
		description:
			"Summary of RFC 9457, error responses for HTTP APIs as application/problem+json: members, example, what is new, what not to do.",
	},
	"review-checklist.md": {
		by: "lark",
		type: "plan",
		domains: ["review"],
		tokenCost: 6_000,
		description:
			"How to review a pull request in twenty minutes: purpose, tests, code, remarks. Checklist for code review.",
	},
	"postmortem.md": {
		by: "lark",
		type: "plan",
		domains: ["operations"],
		tokenCost: 5_000,
		description:
			"Template for a postmortem report after an outage: effect, timeline, causes, what is changed. Blameless, two pages.",
	},
	"vendor-shortlist.md": {
		by: "lark",
		type: "analysis",
		domains: ["postgresql"],
		tokenCost: 180_000,
		description: "Shortlist of managed PostgreSQL hosting providers in the EU for a shop with 500 GB.",
	},
} satisfies Record<string, Goods>;

export type Name = keyof typeof SHELF;
