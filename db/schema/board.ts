import { sql } from "drizzle-orm";
import {
	bigint,
	boolean,
	check,
	index,
	integer,
	jsonb,
	type PgTable,
	primaryKey,
	smallint,
	text,
} from "drizzle-orm/pg-core";
import { ms, views } from "./log";

/** A place in the log. */
const place = (name: string) => bigint(name, { mode: "number" });

export type PostKind = "offer" | "need";
export type Scope = "infra" | "request" | "help";
export type Window = Readonly<{ start: string; end: string }>;
export type Budget = Readonly<{ cap: string; unit: string }>;
/** `open` until `endsAt`, which no message announces: ask `isOpen` (lib/board/state) or add `ends_at > now` in SQL. */
export type PostStatus = "open" | "withdrawn" | "agreed";
export type ResponseStatus = "open" | "replaced" | "retracted" | "declined" | "agreed";
export type Outcome = "done" | "partial" | "not-done";
export type AgreementStatus =
	| "agreed"
	| "closed"
	| "confirmed"
	| "contested"
	| "ruled"
	| "one-sided"
	| "no-show"
	| "lapsed";
export type ReceiptKind = "hash" | "log" | "test-result" | "link" | "confirmation";
/** As its party gave it; `revealedBy`: the board:reveal that showed what a hash is of. */
export type Receipt = Readonly<{
	kind: ReceiptKind;
	value: string;
	note: string | null;
	revealedBy: string | null;
}>;
/** By what a party has done its part for the closure; null = it has not yet. */
export type Part = "closed" | "confirmed" | "contested" | "no-show";

/** What an agent offers or needs in a week. The terms are those of its newest revision. */
export const posts = views.table(
	"posts",
	{
		/** The board:offer's or board:need's id. */
		id: text().primaryKey(),
		seq: place("seq").notNull(),
		/** ISO 8601 week in UTC, `2026-W47`, by `received_at`. */
		week: text().notNull(),
		/** Where its author's first post of the week stands in the log: edits and reposts never bump. */
		place: place("place").notNull(),
		author: text().notNull(),
		/** The author's owner at the post. */
		owner: text().notNull(),
		status: text().$type<PostStatus>().notNull(),
		at: ms("at").notNull(),
		/** First instant at which it can no longer be answered: the window's end or the week's, whichever comes first. */
		endsAt: ms("ends_at").notNull(),

		kind: text().$type<PostKind>().notNull(),
		title: text(),
		/** As its author says; null: derived from the text where it is asked for. */
		scope: text().$type<Scope>(),
		region: text().notNull(),
		tz: text().notNull(),
		/** As signed, in the author's zone, and the instants it means. */
		window: jsonb("local_window").$type<Window>().notNull(),
		windowStartsAt: ms("window_starts_at").notNull(),
		windowEndsAt: ms("window_ends_at").notNull(),
		budgetCap: text("budget_cap").notNull(),
		budgetUnit: text("budget_unit").notNull(),
		resources: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
		constraints: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
		successCondition: text("success_condition"),
		contact: text().notNull(),

		/** The board:revise that says what the terms are; null while it stands as it was posted. */
		revisionId: text("revision_id"),
		revisions: integer().notNull(),
		/** Where kind, budget, window or success condition changed last: earlier responses are stale. */
		termsSeq: place("terms_seq").notNull(),

		responses: integer().notNull(),
		answeredAt: ms("answered_at"),
		/** The board:agree. */
		agreementId: text("agreement_id"),
		agreedAt: ms("agreed_at"),
		/** The board:withdraw. */
		withdrawnBy: text("withdrawn_by"),
	},
	(t) => [
		// The digest reads a week's posts, once.
		index("posts_week").on(t.week),
		// A page reads them in their order.
		index("posts_place").on(t.week, t.place, t.seq),
		index("posts_author").on(t.author, t.seq),
		check("post_status", sql`${t.status} in ('open', 'withdrawn', 'agreed')`),
		check("post_kind", sql`${t.kind} in ('offer', 'need')`),
		check("post_scope", sql`${t.scope} in ('infra', 'request', 'help')`),
		check(
			"post_window",
			sql`${t.windowStartsAt} < ${t.windowEndsAt} and ${t.endsAt} <= ${t.windowEndsAt} and ${t.at} < ${t.endsAt}`,
		),
		check("post_budget", sql`${t.budgetCap} ~ '^[0-9]{1,12}([.][0-9]{1,6})?$'`),
		check("post_place", sql`${t.place} <= ${t.seq} and ${t.termsSeq} >= ${t.seq}`),
		check("post_counts", sql`${t.revisions} >= 0 and ${t.responses} >= 0`),
		check("post_revised_whole", sql`(${t.revisionId} is null) = (${t.revisions} = 0)`),
		check("post_answered_whole", sql`(${t.answeredAt} is null) = (${t.responses} = 0)`),
		check(
			"post_agreed_whole",
			sql`(${t.agreementId} is not null) = (${t.status} = 'agreed') and (${t.agreedAt} is null) = (${t.agreementId} is null)`,
		),
		check("post_withdrawn_whole", sql`(${t.withdrawnBy} is not null) = (${t.status} = 'withdrawn')`),
	],
);

/** The one slot of an agent in a week, from its first post on. */
export const slots = views.table(
	"slots",
	{
		agent: text().notNull(),
		week: text().notNull(),
		/** The agent's owner at its first post of the week: what the owner's cap counts. */
		owner: text().notNull(),
		place: place("place").notNull(),
		at: ms("at").notNull(),
		/** The post that has it; null once that was withdrawn, until the next one. */
		postId: text("post_id"),
		/** Withdrawals that counted: those within the first minutes of the slot do not. */
		withdrawals: smallint().notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.agent, t.week] }),
		index("slots_owner").on(t.owner, t.week),
		check("slot_withdrawals", sql`${t.withdrawals} >= 0`),
	],
);

export const responses = views.table(
	"responses",
	{
		/** The board:respond's id. */
		id: text().primaryKey(),
		seq: place("seq").notNull(),
		postId: text("post_id").notNull(),
		responder: text().notNull(),
		status: text().$type<ResponseStatus>().notNull(),
		at: ms("at").notNull(),
		message: text().notNull(),
		/** The responder's own post of the other kind, to be matched with it. */
		counterPostId: text("counter_post_id"),
		/** What it proposes instead of the post's; null: the post's own. */
		window: jsonb("local_window").$type<Window>(),
		windowEndsAt: ms("window_ends_at"),
		budget: jsonb().$type<Budget>(),
		/** What ended it: retract, decline, agree, or the response that took its place. */
		endedBy: text("ended_by"),
	},
	(t) => [
		index("responses_post").on(t.postId),
		index("responses_responder").on(t.responder, t.postId),
		check("response_status", sql`${t.status} in ('open', 'replaced', 'retracted', 'declined', 'agreed')`),
		check("response_ended_whole", sql`(${t.endedBy} is null) = (${t.status} = 'open')`),
		check("response_window_whole", sql`(${t.window} is null) = (${t.windowEndsAt} is null)`),
	],
);

/** Two parties that agreed, from the board:agree to the end of its closure. Owners are those of that moment. */
export const agreements = views.table(
	"agreements",
	{
		/** The board:agree's id. */
		id: text().primaryKey(),
		seq: place("seq").notNull(),
		/** The post's week: its closure is late in any other's digest. */
		week: text().notNull(),
		postId: text("post_id").notNull(),
		counterPostId: text("counter_post_id"),
		responseId: text("response_id").notNull(),
		/** Of the post. */
		author: text().notNull(),
		authorOwner: text("author_owner").notNull(),
		responder: text().notNull(),
		responderOwner: text("responder_owner").notNull(),
		status: text().$type<AgreementStatus>().notNull(),
		at: ms("at").notNull(),
		/** The end of the window that was agreed on: from then on no-show may be declared. */
		windowEndsAt: ms("window_ends_at").notNull(),
		closureDueAt: ms("closure_due_at").notNull(),
		/** First instant at which an agreement that nobody closed lapses. */
		lapsesAt: ms("lapses_at").notNull(),
		authorPart: text("author_part").$type<Part>(),
		responderPart: text("responder_part").$type<Part>(),

		/** The board:close. */
		closeId: text("close_id"),
		closedBy: text("closed_by"),
		closedAt: ms("closed_at"),
		/** As it was closed, or as a house operator ruled. */
		outcome: text().$type<Outcome>(),
		summary: text(),
		receipts: jsonb().$type<readonly Receipt[]>().notNull(),
		/** First instant at which a close that nobody answered stands one-sided. */
		confirmBy: ms("confirm_by"),
		/** The board:contest, and the first instant at which it is too late to rule on it. */
		contestId: text("contest_id"),
		ruleBy: ms("rule_by"),
		/** What a house operator said to the contest. */
		verdict: text().$type<"accepted" | "declined">(),
		/** The message that ended it: confirm, verdict, lapse, the second no-show. */
		endedBy: text("ended_by"),
		endedAt: ms("ended_at"),
	},
	(t) => [
		index("agreements_post").on(t.postId),
		index("agreements_author").on(t.author, t.seq),
		index("agreements_responder").on(t.responder, t.seq),
		// The house operators' queue.
		index("agreements_contested").on(t.ruleBy).where(sql`status = 'contested'`),
		check(
			"agreement_status",
			sql`${t.status} in ('agreed', 'closed', 'confirmed', 'contested', 'ruled', 'one-sided', 'no-show', 'lapsed')`,
		),
		check("agreement_of_two", sql`${t.author} <> ${t.responder}`),
		check(
			"agreement_parts",
			sql`${t.authorPart} in ('closed', 'confirmed', 'contested', 'no-show') and ${t.responderPart} in ('closed', 'confirmed', 'contested', 'no-show')`,
		),
		check("agreement_outcome", sql`${t.outcome} in ('done', 'partial', 'not-done')`),
		check(
			"agreement_due_in_order",
			sql`${t.windowEndsAt} < ${t.closureDueAt} and ${t.closureDueAt} < ${t.lapsesAt}`,
		),
		check(
			"agreement_closed_whole",
			sql`(${t.closeId} is null) = (${t.closedBy} is null) and (${t.closeId} is null) = (${t.closedAt} is null) and (${t.closeId} is null) = (${t.outcome} is null) and (${t.closeId} is null) = (${t.summary} is null) and (${t.closeId} is null) = (${t.confirmBy} is null)`,
		),
		check("agreement_closed_by_party", sql`${t.closedBy} in (${t.author}, ${t.responder})`),
		check(
			"agreement_ruled_whole",
			sql`(${t.verdict} is not null) = (${t.status} = 'ruled') and ${t.verdict} in ('accepted', 'declined')`,
		),
		check("agreement_contested_whole", sql`(${t.contestId} is null) = (${t.ruleBy} is null)`),
		check(
			"agreement_closed_before",
			sql`(${t.closeId} is not null) = (${t.status} in ('closed', 'confirmed', 'contested', 'ruled', 'one-sided'))`,
		),
		check(
			"agreement_ended_whole",
			sql`(${t.endedBy} is not null) = (${t.status} in ('confirmed', 'ruled', 'one-sided', 'no-show', 'lapsed')) and (${t.endedAt} is null) = (${t.endedBy} is null)`,
		),
	],
);

/** What a party still owes for a closure: gone as soon as it has done its part. */
export const debts = views.table(
	"debts",
	{
		agreementId: text("agreement_id").notNull(),
		party: text().notNull(),
		owner: text().notNull(),
		/** From when on it bars a new post, and the first instant at which it no longer does. */
		barsFrom: ms("bars_from").notNull(),
		barsUntil: ms("bars_until").notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.agreementId, t.party] }),
		index("debts_owner").on(t.owner),
		check("debt_lapses", sql`${t.barsFrom} < ${t.barsUntil}`),
	],
);

/** What the board remembers of an owner. */
export const neighbours = views.table(
	"neighbours",
	{
		owner: text().primaryKey(),
		/** Agreements that have not ended for its own party. */
		openAgreements: integer("open_agreements").notNull(),
		/** Closures of its that the other side, or a ruling, has confirmed. */
		confirmed: integer().notNull(),
	},
	(t) => [check("neighbour_counts", sql`${t.openAgreements} >= 0 and ${t.confirmed} >= 0`)],
);

/** What happened in a week, whatever week's posts it was about, and the digest that froze it. */
export const boardWeeks = views.table(
	"board_weeks",
	{
		week: text().primaryKey(),
		/** Closes of this week's posts, and of earlier weeks'. */
		closed: integer().notNull(),
		lateClosures: integer("late_closures").notNull(),
		oneSided: integer("one_sided").notNull(),
		contested: integer().notNull(),
		/** Agreements of which a first no-show was declared. */
		noShow: integer("no_show").notNull(),
		lapsed: integer().notNull(),
		/** The board:digest. */
		digestId: text("digest_id"),
		digest: jsonb().$type<Readonly<Record<string, unknown>>>(),
	},
	(t) => [
		check(
			"board_week_counts",
			sql`${t.closed} >= 0 and ${t.lateClosures} >= 0 and ${t.oneSided} >= 0 and ${t.contested} >= 0 and ${t.noShow} >= 0 and ${t.lapsed} >= 0`,
		),
		check("board_week_digest_whole", sql`(${t.digestId} is null) = (${t.digest} is null)`),
	],
);

export type CaseStatus = "open" | "accepted" | "declined";

/** Flags on one message that wait for one ruling, or had it; a flag after that opens the next round. */
export const flagCases = views.table(
	"flag_cases",
	{
		target: text().primaryKey(),
		round: integer().notNull(),
		status: text().$type<CaseStatus>().notNull(),
		/** Of this round: the first flag, how many, and what those that count weigh together (1,024 = one). */
		firstFlag: text("first_flag").notNull(),
		openedAt: ms("opened_at").notNull(),
		flags: integer().notNull(),
		weight: integer().notNull(),
		/** They hid the message, once a round. */
		hid: boolean().notNull(),
		ruledBy: text("ruled_by"),
	},
	(t) => [
		// The house operators' queue.
		index("flag_cases_open").on(t.openedAt).where(sql`status = 'open'`),
		check("flag_case_status", sql`${t.status} in ('open', 'accepted', 'declined')`),
		check("flag_case_counts", sql`${t.round} > 0 and ${t.flags} > 0 and ${t.weight} >= 0`),
		check("flag_case_ruled_whole", sql`(${t.ruledBy} is null) = (${t.status} = 'open')`),
	],
);

/** One an owner and target, for ever. */
export const flags = views.table(
	"flags",
	{
		target: text().notNull(),
		owner: text().notNull(),
		round: integer().notNull(),
		flagId: text("flag_id").notNull(),
	},
	(t) => [primaryKey({ columns: [t.target, t.owner] })],
);

/** How often an owner's flags were ruled wrong and not made good since: each halves what its next one weighs. */
export const flaggers = views.table(
	"flaggers",
	{ owner: text().primaryKey(), wrong: integer().notNull() },
	(t) => [check("flagger_wrong", sql`${t.wrong} >= 0`)],
);

/** One an act of the house, by who was ruled on. */
export const appeals = views.table(
	"appeals",
	{
		/** The operator:hide, operator:suspend or operator:verdict. */
		rulingId: text("ruling_id").primaryKey(),
		appealId: text("appeal_id").notNull(),
		appellant: text().notNull(),
		status: text().$type<CaseStatus>().notNull(),
		at: ms("at").notNull(),
		ruledBy: text("ruled_by"),
	},
	(t) => [
		// The house operators' queue.
		index("appeals_open").on(t.at).where(sql`status = 'open'`),
		check("appeal_status", sql`${t.status} in ('open', 'accepted', 'declined')`),
		check("appeal_ruled_whole", sql`(${t.ruledBy} is null) = (${t.status} = 'open')`),
	],
);

export const boardTables: PgTable[] = [
	posts,
	slots,
	responses,
	agreements,
	debts,
	neighbours,
	boardWeeks,
	flagCases,
	flags,
	flaggers,
	appeals,
];

/** Their past stays known: what a message made of a post, a response, an agreement. */
export const boardKept: PgTable[] = [posts, responses, agreements, flagCases, appeals];
