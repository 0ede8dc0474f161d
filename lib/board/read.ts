import type { Row as Found, PendingQuery, Sql, TransactionSql } from "postgres";
import type { AgreementStatus, Budget, Outcome, PostKind, Receipt, Window } from "../../db/schema/board";
import { settingIn } from "../agents/read";
import { bodyOf } from "../log/read";
import { fromRow, type Recorded } from "../log/tail";
import { fillRateBp } from "./digest";
import type { Resource } from "./fields";
import { scopeOf } from "./scope";
import { turns } from "./turns";
import { boundsOf } from "./week";
import { zoneOverlapBp } from "./zone";

type Asked = Sql | TransactionSql;
/** Part of a question. It must never be what an async function returns: whoever awaits it asks it. */
type Fragment = PendingQuery<Found[]>;

const HOUR_MS = 3_600_000;
/** Zones that share less than half a working day with the one asked for are left out. */
const ZONE_OVERLAP_BP = 5_000;

export const POST_STATES = [
	"open",
	"answered",
	"expired",
	"stranded",
	"withdrawn",
	"agreed",
	"closed",
	"confirmed",
	"contested",
	"ruled",
	"one-sided",
	"no-show",
	"lapsed",
] as const;
export type PostState = (typeof POST_STATES)[number];

export interface Lines {
	week: string;
	type?: PostKind;
	/** Words that must all occur in what the post says. */
	q?: string;
	region?: string;
	/** A zone that shares at least half a working day with the post's. */
	zone?: string;
	/** Its window reaches into this time, ms. */
	from?: number;
	until?: number;
	/** All of these are named. */
	resources?: readonly Resource[];
	unit?: string;
	minBudget?: string;
	maxBudget?: string;
	/** `at-risk`: a need that has been open for a day without answer. */
	state?: PostState | "at-risk";
	/** Whether at risk, or not: the two parts of the needs as people read them. */
	risk?: boolean;
	limit: number;
	cursor?: LinesCursor;
}

/** How far a reader has come: a place in each of the two groups, and where the second one begins in this hour. */
export interface LinesCursor {
	known: Place;
	fresh: Place & { wrapped: boolean };
	pivot: number;
}
interface Place {
	place: number;
	seq: number;
}

const START: Place = { place: 0, seq: 0 };

/**
 * The lines of a week's board in their order: first publication, in two groups. Owners with standing or a confirmed closure come
 * first and leave three lines in ten to all others, who begin elsewhere every hour: a flood crowds only itself. RULES, "Slot".
 */
export async function lines(
	sql: Asked,
	asked: Lines,
	at: number,
): Promise<{ items: PostView[]; next: LinesCursor | undefined }> {
	const { limit } = asked;
	const kept = Math.floor((limit * 15) / 50);
	const riskMs = await atRiskMs(sql);
	const zones = asked.zone === undefined ? undefined : await zonesNear(sql, asked.week, asked.zone, at);
	const fitting = filter(sql, asked, zones, at, riskMs);
	const group = (
		known: boolean,
	) => sql`${FROM(sql)} where p.week = ${asked.week} and not ${hidden(sql, at)} ${fitting}
		and (coalesce(o.standing, false) or coalesce(n.confirmed, 0) > 0) = ${known}`;

	const pivot = asked.cursor?.pivot ?? (await pivotOf(sql, group(false), kept, at));
	const known = asked.cursor?.known ?? START;
	const fresh = asked.cursor?.fresh ?? { ...START, wrapped: false };
	const first =
		await sql`${columns(sql, at)} ${group(true)} and (p.place, p.seq) > (${known.place}, ${known.seq})
		order by p.place, p.seq limit ${limit + 1}`;
	// From where they begin in this hour to the end, then those before: each asked in the order of the index, which one question would not be.
	const part = (of: Fragment, { place, seq }: Place, most: number) => sql`${columns(sql, at)} ${group(false)}
		and ${of} and (p.place, p.seq) > (${place}, ${seq}) order by p.place, p.seq limit ${most}`;
	const second = fresh.wrapped ? [] : [...(await part(sql`p.place >= ${pivot}`, fresh, limit + 1))];
	if (pivot > 0 && second.length <= limit)
		second.push(
			...(await part(sql`p.place < ${pivot}`, fresh.wrapped ? fresh : START, limit + 1 - second.length)),
		);
	const others = Math.min(second.length, Math.max(kept, limit - first.length));
	const shown = [first.slice(0, limit - others), second.slice(0, others)] as const;
	const more = shown[0].length < first.length || shown[1].length < second.length;
	const [lastKnown, lastFresh] = [shown[0].at(-1), shown[1].at(-1)];
	return {
		items: [
			...shown[0].map((row) => postView(row, at, riskMs, true)),
			...shown[1].map((row) => postView(row, at, riskMs, false)),
		],
		next: more
			? {
					known: lastKnown ? placeOf(lastKnown) : known,
					fresh: lastFresh ? { ...placeOf(lastFresh), wrapped: Number(lastFresh.place) < pivot } : fresh,
					pivot,
				}
			: undefined,
	};
}

/** Where the lines of those without standing begin in this hour: as many further each hour as are kept for them. */
async function pivotOf(sql: Asked, group: Fragment, kept: number, at: number): Promise<number> {
	const [row] = await sql`
		with fresh as materialized (select p.place, p.seq ${group}), counted as (select count(*) as count from fresh)
		select count, case when count > ${kept} then (
			select place from fresh order by place, seq offset ${Math.floor(at / HOUR_MS) * kept}::bigint % count limit 1
		) end as place from counted`;
	return Number(row!.place ?? 0);
}

function placeOf(row: Found): Place {
	return { place: Number(row.place), seq: Number(row.seq) };
}

const columns = (sql: Asked, at: number) => sql`
	select p.*, coalesce(o.standing, false) as standing, a.status as agreement_status, a.outcome, ${hidden(sql, at)} as hidden,
		(select count(*) from views.responses r where r.post_id = p.id and r.status = 'open') as open_responses`;
const FROM = (sql: Asked) => sql`
	from views.posts p left join views.owners o on o.owner = p.owner left join views.neighbours n on n.owner = p.owner
		left join views.agreements a on a.id = p.agreement_id`;

/** Whether the post, or the revision that says what it says now, is kept out of lists. */
export const hidden = (sql: Asked, at: number) => sql`exists (
	select from views.hides h where h.message_id in (p.id, p.revision_id) and ${inForce(sql, at)})`;
/** The same as `isInForce` (lib/agents/moderation), as a condition. */
const inForce = (sql: Asked, at: number) => sql`h.hidden <> coalesce(h.until <= ${at}, false)`;

async function atRiskMs(sql: Asked): Promise<number> {
	return (await settingIn(sql, "board.at_risk_hours")) * HOUR_MS;
}

function filter(sql: Asked, asked: Lines, zones: string[] | undefined, at: number, riskMs: number): Fragment {
	const { type, q, region, from, until, resources, unit, minBudget, maxBudget, state, risk } = asked;
	const words = (q ?? "").split(/\s+/).filter((word) => word !== "");
	const said = sql`concat_ws(' ', p.title, p.region, p.resources::text, p.constraints::text, p.success_condition, p.budget_unit)`;
	return sql`
		${type === undefined ? sql`` : sql`and p.kind = ${type}`}
		${
			words.length === 0
				? sql``
				: sql`and not exists (
			select from unnest(${words}::text[]) word where strpos(lower(${said}), lower(word)) = 0)`
		}
		${region === undefined ? sql`` : sql`and strpos(lower(p.region), lower(${region})) > 0`}
		${zones === undefined ? sql`` : sql`and p.tz = any(${zones}::text[])`}
		${from === undefined ? sql`` : sql`and p.window_ends_at > ${from}`}
		${until === undefined ? sql`` : sql`and p.window_starts_at < ${until}`}
		${resources === undefined ? sql`` : sql`and jsonb_exists_all(p.resources, ${[...resources]}::text[])`}
		${unit === undefined ? sql`` : sql`and lower(p.budget_unit) = lower(${unit})`}
		${minBudget === undefined ? sql`` : sql`and p.budget_cap::numeric >= ${minBudget}::numeric`}
		${maxBudget === undefined ? sql`` : sql`and p.budget_cap::numeric <= ${maxBudget}::numeric`}
		${state === undefined ? sql`` : inState(sql, state, asked.week, at, riskMs)}
		${risk === undefined ? sql`` : sql`and (${atRisk(sql, at, riskMs)}) = ${risk}`}`;
}

/** A need that has been open for a day without answer. RULES, "Stranded". */
function atRisk(sql: Asked, at: number, riskMs: number): Fragment {
	return sql`p.status = 'open' and p.ends_at > ${at} and p.kind = 'need' and p.responses = 0 and p.at <= ${at - riskMs}`;
}

/** Zones of this week's posts whose working day shares half of it with the zone's. */
async function zonesNear(sql: Asked, week: string, zone: string, at: number): Promise<string[]> {
	const rows = await sql`select distinct tz from views.posts where week = ${week}`;
	return rows.map(({ tz }) => tz as string).filter((tz) => zoneOverlapBp(tz, zone, at) >= ZONE_OVERLAP_BP);
}

/** The same as `stateOf`, as a condition. */
function inState(sql: Asked, state: Lines["state"], week: string, at: number, riskMs: number): Fragment {
	const over = at >= boundsOf(week).end;
	switch (state) {
		case "at-risk":
			return sql`and ${atRisk(sql, at, riskMs)}`;
		case "open":
			return sql`and p.status = 'open' and p.ends_at > ${at} and p.responses = 0`;
		case "answered":
			return sql`and p.status = 'open' and p.ends_at > ${at} and p.responses > 0`;
		case "stranded":
			return sql`and p.status = 'open' and p.kind = 'need' and ${over}`;
		case "expired":
			return sql`and p.status = 'open' and p.ends_at <= ${at} and not (p.kind = 'need' and ${over})`;
		case "withdrawn":
			return sql`and p.status = 'withdrawn'`;
		default:
			return sql`and a.status = ${state!}`;
	}
}

function stateOf(row: Found, at: number): PostState {
	if (row.status === "withdrawn") return "withdrawn";
	if (row.status === "agreed") return row.agreement_status as AgreementStatus;
	if (at < Number(row.ends_at)) return Number(row.responses) > 0 ? "answered" : "open";
	return row.kind === "need" && at >= boundsOf(row.week).end ? "stranded" : "expired";
}

export type PostView = ReturnType<typeof postView>;

/** `group`: of which of the two groups of the board's lines it is. All that its author says is a claim. */
function postView(row: Found, at: number, riskMs: number, known: boolean) {
	const state = stateOf(row, at);
	return {
		post_id: row.id as string,
		week: row.week as string,
		kind: row.kind as PostKind,
		state,
		at_risk: state === "open" && row.kind === "need" && at >= Number(row.at) + riskMs,
		group: known ? ("known" as const) : ("new" as const),
		place: Number(row.place),
		seq: Number(row.seq),
		author: row.author as string,
		standing: row.standing as boolean,
		at: iso(row.at)!,
		ends_at: iso(row.ends_at)!,
		title: row.title as string | null,
		/** As its author says; of one that gives none, as its words say. */
		scope: scopeOf({
			kind: row.kind,
			title: row.title ?? undefined,
			resources: row.resources,
			success_condition: row.success_condition ?? undefined,
			scope: row.scope ?? undefined,
		}),
		scope_said: row.scope !== null,
		region: row.region as string,
		tz: row.tz as string,
		window: row.local_window as Window,
		window_starts_at: iso(row.window_starts_at)!,
		window_ends_at: iso(row.window_ends_at)!,
		budget: { cap: row.budget_cap as string, unit: row.budget_unit as string },
		resources: row.resources as Record<string, string>,
		constraints: row.constraints as Record<string, string>,
		success_condition: row.success_condition as string | null,
		contact: row.contact as string,
		revision_id: row.revision_id as string | null,
		revisions: row.revisions as number,
		/** Given ever, and open now. */
		responses: row.responses as number,
		open_responses: Number(row.open_responses),
		answered_at: iso(row.answered_at),
		agreement_id: row.agreement_id as string | null,
		agreed_at: iso(row.agreed_at),
		withdrawn_by: row.withdrawn_by as string | null,
		outcome: row.outcome as Outcome | null,
		/** Kept out of lists by the house, or by flags until somebody rules. */
		hidden: row.hidden as boolean,
	};
}

// ---- A week

/** What a week has come to so far, and its digest once it has one. */
export async function weekView(sql: Asked, week: string, at: number) {
	const { start, end } = boundsOf(week);
	const riskMs = await atRiskMs(sql);
	const [[row], [told]] = [
		await sql`
			with last as (
				select distinct on (place) * from views.posts where week = ${week} order by place, seq desc
			)
			select count(*) filter (where kind = 'offer') as offers, count(*) filter (where kind = 'need') as needs,
				count(*) filter (where responses > 0) as answered, count(*) filter (where status = 'agreed') as matched,
				count(*) filter (where kind = 'need' and status = 'agreed') as needs_met,
				count(*) filter (where kind = 'need' and status = 'open') as needs_unmet,
				count(*) filter (where kind = 'need' and status = 'open' and ends_at > ${at}) as needs_open,
				count(*) filter (where kind = 'need' and status = 'open' and ends_at > ${at} and responses = 0
					and at <= ${at - riskMs}) as needs_at_risk
			from last`,
		await sql`select digest_id, digest from views.board_weeks where week = ${week} and digest_id is not null`,
	];
	const count = (name: string) => Number(row![name]);
	return {
		week,
		starts_at: iso(start)!,
		ends_at: iso(end)!,
		/** As of now, by the last post of each slot; frozen in the digest when the week is over. */
		now: {
			offers: count("offers"),
			needs: count("needs"),
			answered: count("answered"),
			matched: count("matched"),
			needs_met: count("needs_met"),
			needs_open: count("needs_open"),
			needs_at_risk: count("needs_at_risk"),
			fill_rate_bp: fillRateBp(count("needs_met"), count("needs_unmet")),
		},
		digest: told ? ({ message_id: told.digest_id, ...told.digest } as DigestView) : null,
	};
}

export interface DigestView {
	message_id: string;
	figures: Record<string, number>;
	stranded: string[];
	checkpoint: { size: number; root: string };
}

/** The digests so far, newest week first; of weeks before `before`, where it is given. */
export async function digests(
	sql: Asked,
	limit: number,
	before = "9999",
): Promise<(DigestView & { week: string })[]> {
	const rows = await sql`
		select week, digest_id, digest from views.board_weeks
		where digest_id is not null and week < ${before} order by week desc limit ${limit}`;
	return rows.map(({ week, digest_id, digest }) => ({ week, message_id: digest_id, ...digest }));
}

// ---- A post

export type PostDetail = NonNullable<Awaited<ReturnType<typeof postDetail>>>;

/**
 * All there is to say of a post: its revisions, responses, agreement, and who waits for whom. Undefined for what is none.
 * `withheld`: by which word the house hides what a message says; its words are left out.
 */
export async function postDetail(
	sql: Asked,
	id: string,
	at: number,
	withheld: (messageId: string) => string | undefined,
) {
	const [row] =
		await sql`${columns(sql, at)}, coalesce(n.confirmed, 0) > 0 as proved ${FROM(sql)} where p.id = ${id}`;
	if (!row) return undefined;
	const [responses, said, agreement] = [
		await sql`
			select r.*, exists (select from views.posts p where p.id in (r.post_id, r.counter_post_id) and p.terms_seq > r.seq) as stale
			from views.responses r where r.post_id = ${id} order by r.seq`,
		await sql`
			select * from messages where id = ${id} or (antecedent = ${id} and operation = 'board:revise') order by seq`,
		row.agreement_id === null ? null : await agreementView(sql, row.agreement_id, at, withheld),
	];
	const history = said.map((one) => one.id as string);
	const hiding = await hidingOf(sql, [...history, ...responses.map((one) => one.id as string)], at);
	const post = postView(row, at, await atRiskMs(sql), row.standing || row.proved);
	const open = ["open", "answered"].includes(post.state);
	return {
		...(saysNothing(post, withheld) ? unsaid(post) : post),
		responses_given: responses.map((one) => ({
			response_id: one.id as string,
			responder: one.responder as string,
			/** `ended` with its post; `stale`: to terms that have changed since. */
			status: one.status === "open" && !open ? "ended" : (one.status as string),
			stale: one.stale as boolean,
			at: iso(one.at)!,
			message: withheld(one.id) ? "" : (one.message as string),
			counter_post_id: one.counter_post_id as string | null,
			window: one.local_window as Window | null,
			budget: withheld(one.id) ? null : (one.budget as Budget | null),
			ended_by: one.ended_by as string | null,
			hidden_by: hiding(one.id)[0] ?? null,
		})),
		/** What the post has said, the first first. */
		history: said.map((one) => {
			const message = fromRow(one);
			const { payload } = bodyOf(message);
			const kind =
				message.operation === "board:revise" ? payload.kind : message.operation.slice("board:".length);
			const fields = withheld(id) || withheld(message.id) ? {} : { ...payload, kind };
			return {
				message_id: message.id,
				seq: message.seq,
				at: iso(message.receivedAt)!,
				fields,
				// The word on the post holds for what it said anew as well.
				hidden_by: hiding(message.id)[0] ?? hiding(id).find(({ scope }) => scope === "payload") ?? null,
			};
		}),
		agreement,
		waiting: turns(
			{
				open: open && !post.hidden,
				endsAt: Number(row.ends_at),
				answers: responses.some((one) => one.status === "open" && !one.stale),
			},
			agreement,
			at,
		),
		/** By which words it, or a revision of it, is hidden now. */
		hidden_by: history.flatMap(hiding),
	};
}

/** A word that hides a message now. */
export interface Hiding {
	message_id: string;
	/** `listing`: it is in no list. `payload`: its words are shown nowhere. */
	scope: "listing" | "payload";
	/** The operator:hide, or the flag that was one too many. */
	said_by: string;
	/** Null while nobody has ruled. */
	at_fault: boolean | null;
	until: string | null;
}

/** By which words each of these messages is hidden now, what hides its words first. */
export async function hidingOf(
	sql: Asked,
	ids: readonly string[],
	at: number,
): Promise<(id: string) => Hiding[]> {
	const rows = await sql`
		select * from views.hides h where h.message_id = any(${ids}::text[]) and ${inForce(sql, at)} order by h.scope desc`;
	const words = rows.map(
		(one): Hiding => ({
			message_id: one.message_id,
			scope: one.scope,
			said_by: one.said_by,
			at_fault: one.at_fault,
			until: iso(one.until),
		}),
	);
	return (id) => words.filter(({ message_id }) => message_id === id);
}

/** The house hides what it says now, or hid what it said first: whoever has to fall silent does not say it anew by a revision. */
function saysNothing(
	{ post_id, revision_id }: PostView,
	withheld: (messageId: string) => string | undefined,
): boolean {
	return [post_id, revision_id].some((id) => id !== null && withheld(id) !== undefined);
}

/** Without the words of its author. */
function unsaid(post: PostView): PostView {
	const words = {
		title: null,
		region: "",
		resources: {},
		constraints: {},
		success_condition: null,
		contact: "",
	};
	return { ...post, ...words, budget: { ...post.budget, unit: "" } };
}

export type AgreementView = NonNullable<Awaited<ReturnType<typeof agreementView>>>;

async function agreementView(
	sql: Asked,
	id: string,
	at: number,
	withheld: (messageId: string) => string | undefined,
) {
	const [rows, said] = [
		await sql`select * from views.agreements where id = ${id}`,
		await sql`
			select * from messages where antecedent = ${id} and operation in ('board:pay', 'board:note', 'board:no-show') order by seq`,
	];
	const row = rows[0]!;
	const messages = said.map(fromRow);
	const closeWithheld = row.close_id !== null && withheld(row.close_id) !== undefined;
	const receipts = closeWithheld ? [] : (row.receipts as Receipt[]);
	const hiding = row.close_id === null ? () => [] : await hidingOf(sql, [row.close_id], at);
	return {
		agreement_id: row.id as string,
		post_id: row.post_id as string,
		counter_post_id: row.counter_post_id as string | null,
		response_id: row.response_id as string,
		author: row.author as string,
		responder: row.responder as string,
		status: row.status as AgreementStatus,
		at: iso(row.at)!,
		window_ends_at: iso(row.window_ends_at)!,
		window_over: at >= Number(row.window_ends_at),
		closure_due_at: iso(row.closure_due_at)!,
		lapses_at: iso(row.lapses_at)!,
		/** By what each has done its part: closed, confirmed, contested, no-show; null: not yet. */
		author_part: row.author_part as string | null,
		responder_part: row.responder_part as string | null,
		close:
			row.close_id === null
				? null
				: {
						close_id: row.close_id as string,
						by: row.closed_by as string,
						at: iso(row.closed_at)!,
						summary: closeWithheld ? "" : (row.summary as string),
						receipts: receipts.map(({ kind, value, note, revealedBy }) => ({
							kind,
							value,
							note,
							revealed_by: revealedBy,
						})),
						confirm_by: iso(row.confirm_by)!,
						hidden_by: hiding(row.close_id)[0] ?? null,
					},
		/** As it was closed, or as a house operator ruled. */
		outcome: row.outcome as Outcome | null,
		/** Said to be done, and nothing shows it. */
		unevidenced: row.outcome === "done" && (row.receipts as Receipt[]).length === 0,
		contest:
			row.contest_id === null
				? null
				: {
						contest_id: row.contest_id as string,
						rule_by: iso(row.rule_by)!,
						/** A house operator's word on it. */
						verdict: row.verdict as "accepted" | "declined" | null,
					},
		/** Scrip that went from the one to the other: receipts as well. */
		payments: messages
			.filter(({ operation }) => operation === "board:pay")
			.map((one) => {
				const { amount, note = null } = bodyOf(one).payload as { amount: number; note?: string };
				const to = one.sender === row.author ? row.responder : row.author;
				return {
					message_id: one.id,
					from: one.sender,
					to: to as string,
					amount,
					note,
					at: iso(one.receivedAt)!,
				};
			}),
		notes: messages.filter(({ operation }) => operation === "board:note").length,
		ended_by: row.ended_by as string | null,
		ended_at: iso(row.ended_at),
	};
}

/** Everything said about a post, in order: the post, and whatever answers it, directly or not. */
export async function talkOf(sql: Asked, postId: string): Promise<Recorded[]> {
	const rows = await sql`
		with recursive talk as (
			select * from messages where id = ${postId}
			union all
			select m.* from messages m join talk t on m.antecedent = t.id where m.operation like 'board:%' or m.operation like 'operator:%'
		)
		select * from talk order by seq limit 500`;
	return rows.map(fromRow);
}

/** An agent's posts, newest first, posted before `before` (a seq); what the house hides of them without its words. */
export async function postsOf(
	sql: Asked,
	author: string,
	before: number,
	limit: number,
	at: number,
	withheld: (messageId: string) => string | undefined,
): Promise<{ items: PostView[]; next: number | undefined }> {
	const rows = await sql`${columns(sql, at)}, coalesce(n.confirmed, 0) > 0 as proved ${FROM(sql)}
		where p.author = ${author} and p.seq < ${before} order by p.seq desc limit ${limit + 1}`;
	const riskMs = await atRiskMs(sql);
	const items = rows.slice(0, limit).map((row) => {
		const post = postView(row, at, riskMs, row.standing || row.proved);
		return saysNothing(post, withheld) ? unsaid(post) : post;
	});
	return { items, next: rows.length > limit ? items.at(-1)!.seq : undefined };
}

/** A week's posts, newest first, posted before `before` (a seq): what a reader of feeds follows. */
export async function newest(
	sql: Asked,
	week: string,
	before: number,
	limit: number,
	at: number,
): Promise<{ items: (PostView & { revised_at: string | null })[]; next: number | undefined }> {
	const rows = await sql`${columns(sql, at)}, coalesce(n.confirmed, 0) > 0 as proved,
			(select m.received_at from messages m where m.id = p.revision_id) as revised_at
		${FROM(sql)} where p.week = ${week} and p.seq < ${before} and not ${hidden(sql, at)} order by p.seq desc limit ${limit + 1}`;
	const riskMs = await atRiskMs(sql);
	const items = rows.slice(0, limit).map((row) => ({
		...postView(row, at, riskMs, row.standing || row.proved),
		revised_at: iso(row.revised_at),
	}));
	return { items, next: rows.length > limit ? items.at(-1)!.seq : undefined };
}

/** What a week's posts have said, signed as it was, from `after` (a seq) on: posts, their revisions and withdrawals. */
export async function saidInWeek(
	sql: Asked,
	week: string,
	after: number,
	limit: number,
): Promise<Recorded[]> {
	const rows = await sql`
		(select m.* from views.posts p join messages m on m.id = p.id where p.week = ${week} and m.seq > ${after})
		union all
		(select m.* from views.posts p join messages m on m.antecedent = p.id
			where p.week = ${week} and m.operation in ('board:revise', 'board:withdraw') and m.seq > ${after})
		order by seq limit ${limit}`;
	return rows.map(fromRow);
}

function iso(at: number | string | null): string | null {
	return at === null ? null : new Date(Number(at)).toISOString();
}
