import { sql } from "drizzle-orm";
import { bigint, check, index, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { views } from "./log";

/** Amounts are micro-scrip: all there can ever be (9,000,000,000 scrip) stays below 2^53. */
const micro = (name: string) => bigint(name, { mode: "bigint" });

export const purses = views.table(
	"purses",
	{ owner: text().notNull(), purse: text().$type<Purse>().notNull(), amount: micro("amount").notNull() },
	(t) => [
		primaryKey({ columns: [t.owner, t.purse] }),
		check("purse_not_negative", sql`${t.amount} >= 0 or ${t.owner} = 'issued'`),
		check("purse_kind", sql`${t.purse} in ('hot', 'held', 'bonded', 'vesting', 'cold')`),
	],
);

/** One movement from purse to purse: double entry by construction, a posting that does not sum to zero cannot be written. */
export const postings = views.table(
	"postings",
	{
		seq: bigint({ mode: "number" }).notNull(),
		n: smallint().notNull(),
		fromOwner: text("from_owner").notNull(),
		fromPurse: text("from_purse").$type<Purse>().notNull(),
		toOwner: text("to_owner").notNull(),
		toPurse: text("to_purse").$type<Purse>().notNull(),
		amount: micro("amount").notNull(),
		/** Why, in the rules' words: `sale`, `residual`, `burn`, `hold`, … */
		why: text().notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.seq, t.n] }),
		// A ledger reads one owner's postings by place in the log.
		index("postings_from").on(t.fromOwner, t.seq),
		index("postings_to").on(t.toOwner, t.seq),
		check("posting_positive", sql`${t.amount} > 0`),
	],
);

/** One settlement of scrip against an outside payment: a reference is used once, for ever. */
export const mints = views.table("mints", {
	reference: text().primaryKey(),
	recipient: text().notNull(),
	amount: micro("amount").notNull(),
	messageId: text("message_id").notNull(),
});

export type Purse = "hot" | "held" | "bonded" | "vesting" | "cold";

/** Sums that rules ask for, kept by `apply`: `float` = all that was minted to the treasury. */
export const totals = views.table("totals", { name: text().primaryKey(), amount: micro("amount").notNull() });
