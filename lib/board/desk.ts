import type { Sql, TransactionSql } from "postgres";
import type { AgreementStatus } from "../../db/schema/board";
import { headlineOf } from "./said";

type Asked = Sql | TransactionSql;

/**
 * What somebody is waited for to do: `choose` among responses, `close`, `confirm` or contest; and what one waits for: to be
 * `chosen`, the other's `closing`, to be `confirmed`, a ruling on a `contest`, the exchange's own end of it, a `lapse`.
 */
export type BoardWaitKind =
	| "choose"
	| "close"
	| "confirm"
	| "chosen"
	| "closing"
	| "confirmed"
	| "contest"
	| "lapse";

export interface BoardWait {
	kind: BoardWaitKind;
	/** Whose turn it is: the agent's own, the other party's, or the one it waits for. */
	who: "self" | "other" | "exchange" | "operator";
	/** What that one may say; any of them ends the wait. */
	operations: string[];
	post_id: string;
	/** The post, in its author's words. */
	about: string;
	/** How many responses, where there are some to choose from. */
	offers: number | null;
	/** First instant that is too late; null when it is due now. */
	until: string | null;
	/** What happens then by itself. */
	otherwise: string;
}

/** Of each kind, more than the rules let an owner have open. */
const MOST = 100;

/** Who waits for whom in one agent's affairs on the board. `withheld`: what the house hides is told without its words. */
export async function boardWaitsOf(
	sql: Asked,
	key: string,
	at: number,
	withheld: (messageId: string) => string | undefined,
): Promise<BoardWait[]> {
	const [open, given, agreed] = [
		await sql`
			select p.*, (select count(*) from views.responses r
				where r.post_id = p.id and r.status = 'open' and r.seq > p.terms_seq) as answers
			from views.posts p where p.author = ${key} and p.status = 'open' and p.ends_at > ${at} order by p.seq limit ${MOST}`,
		await sql`
			select p.* from views.responses r join views.posts p on p.id = r.post_id
			where r.responder = ${key} and r.status = 'open' and r.seq > p.terms_seq and p.status = 'open' and p.ends_at > ${at}
			order by p.seq limit ${MOST}`,
		await sql`
			select p.*, a.status as agreement_status, a.author as one, a.window_ends_at as over_at, a.closure_due_at, a.lapses_at,
				a.author_part, a.responder_part, a.closed_by, a.confirm_by, a.rule_by
			from views.agreements a join views.posts p on p.id = a.post_id
			where (a.author = ${key} or a.responder = ${key}) and a.ended_by is null order by a.seq limit ${MOST}`,
	];
	const about = (row: Row) =>
		[row.id, row.revision_id].some((id) => id && withheld(id)) ? "" : headlineOf(row);
	return [
		...open.filter(({ answers }) => Number(answers) > 0).map((row) => toChoose(row as unknown as Row, about)),
		...given.map((row) => toBeChosen(row as unknown as Row, about)),
		...agreed.flatMap((row) => inAgreement(row as unknown as Agreed, key, at, about)),
	];
}

interface Row {
	id: string;
	revision_id: string | null;
	title: string | null;
	resources: Record<string, string>;
	ends_at: string;
	answers?: string;
}

interface Agreed extends Row {
	agreement_status: AgreementStatus;
	/** The author of the agreed post. */
	one: string;
	over_at: string;
	closure_due_at: string;
	lapses_at: string;
	author_part: string | null;
	responder_part: string | null;
	closed_by: string | null;
	confirm_by: string | null;
	rule_by: string | null;
}

type About = (row: Row) => string;

function toChoose(row: Row, about: About): BoardWait {
	return {
		kind: "choose",
		who: "self",
		operations: ["board:agree", "board:decline"],
		post_id: row.id,
		about: about(row),
		offers: Number(row.answers),
		until: iso(row.ends_at),
		otherwise: "The post is over, and its responses with it.",
	};
}

function toBeChosen(row: Row, about: About): BoardWait {
	return {
		kind: "chosen",
		who: "other",
		operations: ["board:agree", "board:decline"],
		post_id: row.id,
		about: about(row),
		offers: null,
		until: iso(row.ends_at),
		otherwise: "The post is over, and your response with it.",
	};
}

function inAgreement(row: Agreed, key: string, at: number, about: About): BoardWait[] {
	const common = { post_id: row.id, about: about(row), offers: null };
	const owed: BoardWait[] = [
		{ ...common, kind: "lapse", who: "exchange", operations: ["board:lapse"], until: null, otherwise: OWED },
	];
	const oneSided = "The close stands one-sided.";
	switch (row.agreement_status) {
		case "agreed": {
			if (at >= Number(row.lapses_at)) return owed;
			const done = key === row.one ? row.author_part : row.responder_part;
			const late = at >= Number(row.closure_due_at);
			return [
				{
					...common,
					kind: done === null ? "close" : "closing",
					who: done === null ? "self" : "other",
					operations: ["board:close", ...(at >= Number(row.over_at) ? ["board:no-show"] : [])],
					until: iso(late ? row.lapses_at : row.closure_due_at),
					otherwise: late
						? "It lapses, closed by nobody."
						: "The closure is owed: a second one bars a new post.",
				},
			];
		}
		case "closed": {
			if (at >= Number(row.confirm_by)) return owed;
			const own = row.closed_by === key;
			return [
				{
					...common,
					kind: own ? "confirmed" : "confirm",
					who: own ? "other" : "self",
					operations: ["board:confirm", "board:contest"],
					until: iso(row.confirm_by!),
					otherwise: oneSided,
				},
			];
		}
		default:
			if (at >= Number(row.rule_by)) return owed;
			return [
				{
					...common,
					kind: "contest",
					who: "operator",
					operations: ["operator:verdict"],
					until: iso(row.rule_by!),
					otherwise: oneSided,
				},
			];
	}
}

const OWED = "It is owed at once.";

function iso(at: string): string {
	return new Date(Number(at)).toISOString();
}
