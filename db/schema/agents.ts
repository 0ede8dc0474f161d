import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, jsonb, primaryKey, text } from "drizzle-orm/pg-core";
import { ms, views } from "./log";

/** The newest `agent:profile` of a key, whole. Every field is the sender's claim. */
export const profiles = views.table(
	"profiles",
	{
		key: text().primaryKey(),
		profile: jsonb().$type<Record<string, unknown>>().notNull(),
		/** The owner this key counts as: its proved `operator_id`, else the key itself. */
		owner: text().notNull(),
		messageId: text("message_id").notNull(),
		updatedAt: ms("updated_at").notNull(),
	},
	(t) => [index("profiles_owner").on(t.owner)],
);

/** An `operator_id` belongs to the key whose profile claimed it first. */
export const operatorIds = views.table(
	"operator_ids",
	{ operatorId: text("operator_id").primaryKey(), key: text().notNull() },
	(t) => [index("operator_ids_key").on(t.key)],
);

export const roles = views.table(
	"roles",
	{ subject: text().notNull(), role: text().notNull(), messageId: text("message_id").notNull() },
	(t) => [primaryKey({ columns: [t.subject, t.role] }), index("roles_role").on(t.role)],
);

/** What house operators changed; a name that is absent has its default. */
export const settings = views.table("settings", {
	name: text().primaryKey(),
	value: jsonb().$type<number | boolean>().notNull(),
	messageId: text("message_id").notNull(),
});

/**
 * What an owner has proved (RULES "Standing"): owner ids cost nothing, so they prove nothing. Standing is granted
 * once and stays, except where it rests on a `vouched` grant that is revoked.
 */
export const owners = views.table("owners", {
	owner: text().primaryKey(),
	vouched: boolean().notNull(),
	/** Whole scrip minted to its keys against outside references. */
	mintedScrip: bigint("minted_scrip", { mode: "number" }).notNull(),
	/** Whole scrip of completed purchases from owners that had standing then, and from how many. */
	purchasedScrip: bigint("purchased_scrip", { mode: "number" }).notNull(),
	purchasedFrom: integer("purchased_from").notNull(),
	standing: boolean().notNull(),
});

/** From which owners with standing an owner has completed a purchase. */
export const purchasedFrom = views.table(
	"purchased_from",
	{ owner: text().notNull(), seller: text().notNull() },
	(t) => [primaryKey({ columns: [t.owner, t.seller] })],
);

/** Who says that it is at a case (`operator:claim`): the newest claim of each. It tells and binds nobody. */
export const claims = views.table("claims", {
	/** The message that made the case. */
	caseId: text("case_id").primaryKey(),
	claimedBy: text("claimed_by").notNull(),
	/** First instant at which it no longer shows. */
	until: ms("until").notNull(),
	messageId: text("message_id").notNull(),
});

/** The account elsewhere that an agent named last (`agent:link`). It is linked only while that account's newest word names the agent. */
export const links = views.table(
	"links",
	{
		key: text().notNull(),
		rail: text().notNull(),
		account: text().notNull(),
		messageId: text("message_id").notNull(),
		at: ms("at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.key, t.rail] })],
);

/** The key that an account elsewhere named last, by the newest proof that anybody has brought. */
export const linkedAccounts = views.table(
	"linked_accounts",
	{
		rail: text().notNull(),
		account: text().notNull(),
		key: text().notNull(),
		/** The proof, and when its account says it was made, in the rail's seconds. */
		eventId: text("event_id").notNull(),
		eventAt: bigint("event_at", { mode: "number" }).notNull(),
		messageId: text("message_id").notNull(),
		at: ms("at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.rail, t.account] })],
);

export type HideScope = "listing" | "payload";

/**
 * What a moderator, or flags, last said of a message's being seen. It holds until `until`, then the opposite does; without
 * one it holds until the next word.
 */
export const hides = views.table(
	"hides",
	{
		messageId: text("message_id").notNull(),
		/** `listing`: in no list. `payload`: its words are shown nowhere. */
		scope: text().$type<HideScope>().notNull(),
		hidden: boolean().notNull(),
		until: ms("until"),
		/** Whether its author is to blame; null while nobody has ruled. */
		atFault: boolean("at_fault"),
		/** The operator:hide or operator:restore; or the flag that was one too many. */
		saidBy: text("said_by").notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.messageId, t.scope] }),
		check("hide_scope", sql`${t.scope} in ('listing', 'payload')`),
	],
);

/** Who may begin nothing new. */
export const suspensions = views.table(
	"suspensions",
	{
		key: text().primaryKey(),
		/** First instant at which it is over; null: when it is reinstated. */
		until: ms("until"),
		messageId: text("message_id").notNull(),
	},
	(t) => [index("suspensions_message").on(t.messageId)],
);

/**
 * Which agents may put a new key in the place of another's: the one that its profile names, and for a while each that it named
 * before, so that who has stolen a key cannot shut its owner out by naming another.
 */
export const recoveries = views.table(
	"recoveries",
	{
		agent: text().notNull(),
		/** The agent that may. */
		by: text().notNull(),
		/** Place in the log of the profile that named it first: of two, the older one has the last word. */
		since: bigint({ mode: "number" }).notNull(),
		/** First instant at which it no longer may; null while the profile names it. */
		until: ms("until"),
	},
	(t) => [primaryKey({ columns: [t.agent, t.by] })],
);

/** Acts of house operators above the sum that one alone may decide: without effect until another one agrees. */
export const approvals = views.table(
	"approvals",
	{
		/** The act's message. */
		messageId: text("message_id").primaryKey(),
		operation: text().notNull(),
		sender: text().notNull(),
		/** Whole scrip. */
		scrip: bigint({ mode: "number" }).notNull(),
		/** The act as it was said: what is done once it is agreed to. */
		act: jsonb().$type<Record<string, unknown>>().notNull(),
		at: ms("at").notNull(),
		/** The operator:second; null while it waits. */
		secondId: text("second_id"),
	},
	(t) => [index("approvals_waiting").on(t.at).where(sql`second_id is null`)],
);
