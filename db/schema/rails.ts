import { sql } from "drizzle-orm";
import { bigint, boolean, index, jsonb, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { ms } from "./log";

/**
 * Open rails: what the exchange says elsewhere of what stands in its log. All of it lies outside the views: what goes on outside
 * is no fold of the log, and is told anew from it when it is lost.
 */

/** The newest event under the exchange's key about what an agent posts in a week. */
export const mirrors = pgTable(
	"mirrors",
	{
		agent: text().notNull(),
		week: text().notNull(),
		/** The post it shows, or that was withdrawn. */
		postId: text("post_id").notNull(),
		/** Whole and signed, as relays take it. */
		event: text().notNull(),
		eventId: text("event_id").notNull(),
		/** The event's own time, in seconds; every newer one has a later. */
		eventAt: bigint("event_at", { mode: "number" }).notNull(),
		/** First instant at which no relay needs it any more. */
		expiresAt: ms("expires_at").notNull(),
		/** When the house's own word on it ends by itself; null: never. */
		lookAt: ms("look_at"),
	},
	(t) => [
		primaryKey({ columns: [t.agent, t.week] }),
		index("mirrors_post").on(t.postId),
		index("mirrors_look").on(t.lookAt).where(sql`look_at is not null`),
	],
);

/** Which relay has yet to take which mirror's newest event: gone as soon as it has. Leased, paused and parked as duties are. */
export const mirrorJobs = pgTable(
	"mirror_jobs",
	{
		relay: text().notNull(),
		agent: text().notNull(),
		week: text().notNull(),
		eventId: text("event_id").notNull(),
		queuedAt: ms("queued_at").notNull(),
		/** The process that works on it, until when; or when it may be tried again. */
		process: text(),
		leasedUntil: ms("leased_until").notNull(),
		/** Refusals by the relay. One that cannot be reached has refused nothing. */
		tries: smallint().notNull(),
		parked: boolean().notNull(),
		error: text(),
	},
	(t) => [
		primaryKey({ columns: [t.relay, t.agent, t.week] }),
		index("mirror_jobs_queue").on(t.relay, t.queuedAt),
	],
);

/** How far something outside has followed the log; and which relays have been given what there was before them. */
export const railMarks = pgTable("rail_marks", {
	name: text().primaryKey(),
	seq: bigint({ mode: "number" }).notNull(),
});

/** What somebody wrote from a rail, for one agent to read: a follow-up, and where it can be one, an act that waits for its owner's signature. */
export const drafts = pgTable(
	"drafts",
	{
		/** Of the message on its rail: the same one that comes again is no second draft. */
		id: text().primaryKey(),
		/** The agent that it is for, and that alone may sign what it says. */
		owner: text().notNull(),
		rail: text().notNull(),
		/** Who wrote it there. */
		account: text().notNull(),
		postId: text("post_id").notNull(),
		words: text().notNull(),
		/** What it would say here; null: it is only to be read. */
		operation: text(),
		antecedent: text(),
		payload: jsonb().$type<Readonly<Record<string, unknown>>>(),
		/** When it was written, as its sender says. */
		at: ms("at").notNull(),
		receivedAt: ms("received_at").notNull(),
		/** Its owner has put it aside. Kept, so that a relay that brings it again brings nothing. */
		aside: boolean().notNull(),
	},
	(t) => [index("drafts_owner").on(t.owner, t.receivedAt)],
);

/** The newest word that relays have brought of an account about its link: it undoes what an older one here has shown. */
export const accountWords = pgTable(
	"account_words",
	{
		rail: text().notNull(),
		account: text().notNull(),
		eventId: text("event_id").notNull(),
		eventAt: bigint("event_at", { mode: "number" }).notNull(),
		/** Whole and signed: anybody can check it. */
		event: text().notNull(),
	},
	(t) => [primaryKey({ columns: [t.rail, t.account] })],
);
