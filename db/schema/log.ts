import { sql } from "drizzle-orm";
import {
	bigint,
	boolean,
	check,
	customType,
	index,
	integer,
	jsonb,
	pgSchema,
	pgTable,
	primaryKey,
	smallint,
	text,
	uniqueIndex,
} from "drizzle-orm/pg-core";

/** ms since 1970. Instants are integers everywhere: what is folded must not depend on a driver's dates. */
export const ms = (name: string) => bigint(name, { mode: "number" });

/** The log: one row a message, for ever. UPDATE, DELETE and TRUNCATE are refused by triggers (0001_append_only). */
export const messages = pgTable(
	"messages",
	{
		seq: bigint({ mode: "number" }).primaryKey(),
		id: text().notNull(),
		/** With its phase: `exchange:settle/put-accept`. */
		operation: text().notNull(),
		/** The agent whose key signed it, by the agent's first key; the key itself is in the body. */
		sender: text().notNull(),
		receivedAt: ms("received_at").notNull(),
		/** First antecedent: no operation has more than one today; the rest is in the body. */
		antecedent: text(),
		/** Keys it concerns beside its sender: the antecedent's sender, keys named in the payload. */
		addressed: text().array().notNull(),
		/** The truth: RFC 8785 of {antecedents, payload, sender, tags, timestamp}, content detached. */
		body: text().notNull(),
		signature: text().notNull(),
	},
	(t) => [
		uniqueIndex("messages_id").on(t.id),
		index("messages_antecedent").on(t.antecedent, t.seq).where(sql`antecedent is not null`),
		index("messages_sender").on(t.sender, t.seq),
		index("messages_operation").on(t.operation, t.seq),
	],
);

/** Contents, once by hash, outside the log. */
export const contents = pgTable("contents", {
	sha256: text().primaryKey(),
	bytes: integer().notNull(),
	body: text().notNull(),
});

/** Large contents stored before their batch; a row that stays an hour is swept with its content. */
export const pendingContents = pgTable("pending_contents", {
	sha256: text().primaryKey(),
	storedAt: ms("stored_at").notNull(),
});

/** One row. Who holds it with FOR UPDATE writes the next batch: this alone makes the order total and gap-free. */
export const head = pgTable(
	"head",
	{
		one: boolean().primaryKey().default(true),
		seq: bigint({ mode: "number" }).notNull(),
		receivedAt: ms("received_at").notNull(),
		/** Counts the batches; one that only counted refusals moves it too. */
		batch: bigint({ mode: "number" }).notNull(),
		/** Raised by a rebuild's swap: every process drops every cached row. */
		epoch: integer().notNull(),
		/** Right edge of the Merkle tree over the log: subtree hashes, largest first (RFC 6962). */
		frontier: text().array().notNull(),
		exchangeKey: text("exchange_key").notNull(),
	},
	(t) => [check("head_one", sql`${t.one}`)],
);

/** The keys each batch touched, so that other processes drop these rows and keep the rest. */
export const batches = pgTable("batches", {
	batch: bigint({ mode: "number" }).primaryKey(),
	touched: jsonb().$type<[table: string, ...keys: string[]][]>().notNull(),
});

/** Sliding counters of "Limits per agent". Not a view: refused messages count too. */
export const limits = pgTable(
	"limits",
	{
		sender: text().notNull(),
		name: text().notNull(),
		windowStart: ms("window_start").notNull(),
		current: integer().notNull(),
		previous: integer().notNull(),
	},
	(t) => [primaryKey({ columns: [t.sender, t.name] })],
);

/** Which process works on a duty until when; outside the views, committed before any work. */
export const dutyLeases = pgTable("duty_leases", {
	duty: text().primaryKey(),
	process: text().notNull(),
	leasedUntil: ms("leased_until").notNull(),
	tries: smallint().notNull(),
	/** After 5 tries: parked, alarmed, stops nothing else. */
	parked: boolean().notNull().default(false),
	error: text(),
});

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/**
 * What was computed from a text, by (embedder, sha256 of the text): neither a restart nor a rebuild embeds again. Sketches
 * and calibrations lie here too, under names that no embedder has (lib/exchange/engine/kept.ts).
 */
export const vectors = pgTable(
	"vectors",
	{
		embedder: text().notNull(),
		sha256: text().notNull(),
		/** Of an embedder: a float32 scale, little endian, and one signed byte a dimension, as the match index keeps them. */
		vectors: bytea().notNull(),
	},
	(t) => [primaryKey({ columns: [t.embedder, t.sha256] })],
);

/** Challenges of `POST /api/session/challenge`: 5 minutes, once. */
export const nonces = pgTable("nonces", {
	nonce: text().primaryKey(),
	key: text().notNull(),
	expiresAt: ms("expires_at").notNull(),
});

/** Bearer sessions, by the sha256 of their token. */
export const sessions = pgTable("sessions", {
	tokenHash: text("token_hash").primaryKey(),
	key: text().notNull(),
	madeAt: ms("made_at").notNull(),
	/** What the client calls itself, so that an agent can tell its sessions apart. */
	madeBy: text("made_by").notNull(),
	expiresAt: ms("expires_at").notNull(),
});

/** The one-time link with which the first browser becomes house operator, by the sha256 of its token. */
export const operatorClaims = pgTable("operator_claims", {
	tokenHash: text("token_hash").primaryKey(),
	madeAt: ms("made_at").notNull(),
});

/** Everything below this schema is a fold of the log and can be rebuilt from it. */
export const views = pgSchema("views");

/** What the exchange owes (ARCHITECTURE, "Duties"). The row is the only guard against two answers. */
export const duties = views.table(
	"duties",
	{
		id: text().primaryKey(),
		kind: text().notNull(),
		subject: text().notNull(),
		due: ms("due").notNull(),
		data: jsonb().$type<unknown>(),
	},
	(t) => [index("duties_due").on(t.due)],
);

/** Compared byte by byte: by any other collation, keys with one beginning need not stand together. */
const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/**
 * Every row of the tables that keep their past (`kept` in lib/operations), as each message left it: null where it took it away.
 * What a view of then is read from, and what a message changed. Append-only.
 */
export const history = views.table(
	"history",
	{
		tableName: text("table_name").notNull(),
		/** The row's key, its parts with `/` between them. */
		key: bytewise().notNull(),
		seq: bigint({ mode: "number" }).notNull(),
		/** By the names of its columns; whole numbers that may be large as text. */
		row: jsonb().$type<Readonly<Record<string, unknown>>>(),
	},
	(t) => [primaryKey({ columns: [t.tableName, t.key, t.seq] }), index("history_seq").on(t.seq)],
);

/** Why the log must be folded anew before anybody reads the views: said by a migration that adds what older folds did not make. */
export const rebuildDue = pgTable("rebuild_due", { why: text().primaryKey() });

/**
 * Every key that this exchange has met, as a sender or named by a message, and the agent it speaks for: the agent's first key,
 * which names it for ever.
 */
export const agentKeys = views.table(
	"agent_keys",
	{
		key: text().primaryKey(),
		agent: text().notNull(),
		/** The agent:rotate that made it the agent's key; null of a first key. */
		sinceId: text("since_id"),
		/** The agent:rotate by which another took its place: from there on it says nothing any more. */
		untilId: text("until_id"),
	},
	(t) => [index("agent_keys_agent").on(t.agent)],
);

/** Who has sent which bytes: a hash is public and proves no possession. */
export const contentSenders = views.table(
	"content_senders",
	{ sha256: text().notNull(), sender: text().notNull(), bytes: integer().notNull() },
	(t) => [primaryKey({ columns: [t.sha256, t.sender] })],
);
