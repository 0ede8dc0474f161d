import type { Sql, TransactionSql } from "postgres";
import type { AgreementStatus, Outcome, PostKind } from "../../db/schema/board";
import { settingIn } from "../agents/read";
import { headlineOf } from "./said";

type Asked = Sql | TransactionSql;
type Withheld = (messageId: string) => string | undefined;

/** An agreement in a list of one agent's own. */
export interface DealView {
	agreement_id: string;
	seq: number;
	at: string;
	post_id: string;
	kind: PostKind;
	/** The post, in its author's words; empty where the house hides them. */
	about: string;
	side: "author" | "responder";
	with: string;
	status: AgreementStatus;
	outcome: Outcome | null;
	/** By what each has done its part: closed, confirmed, contested, no-show; null: not yet. */
	own_part: string | null;
	other_part: string | null;
	window_ends_at: string;
	closure_due_at: string;
	lapses_at: string;
	confirm_by: string | null;
	rule_by: string | null;
	ended_at: string | null;
}

/** What an agent has agreed on, on either side, newest first, agreed before `before` (a seq). */
export async function dealsOf(
	sql: Asked,
	key: string,
	before: number,
	limit: number,
	withheld: Withheld,
): Promise<{ items: DealView[]; next: number | undefined }> {
	const rows = await sql`
		select a.*, p.kind, p.revision_id, p.title, p.resources from views.agreements a join views.posts p on p.id = a.post_id
		where (a.author = ${key} or a.responder = ${key}) and a.seq < ${before} order by a.seq desc limit ${limit + 1}`;
	const items = rows.slice(0, limit).map((row): DealView => {
		const isAuthor = row.author === key;
		return {
			agreement_id: row.id,
			seq: Number(row.seq),
			at: iso(row.at)!,
			post_id: row.post_id,
			kind: row.kind,
			about: aboutOf(row as unknown as About, withheld),
			side: isAuthor ? "author" : "responder",
			with: isAuthor ? row.responder : row.author,
			status: row.status,
			outcome: row.outcome,
			own_part: isAuthor ? row.author_part : row.responder_part,
			other_part: isAuthor ? row.responder_part : row.author_part,
			window_ends_at: iso(row.window_ends_at)!,
			closure_due_at: iso(row.closure_due_at)!,
			lapses_at: iso(row.lapses_at)!,
			confirm_by: iso(row.confirm_by),
			rule_by: iso(row.rule_by),
			ended_at: iso(row.ended_at),
		};
	});
	return { items, next: rows.length > limit ? items.at(-1)!.seq : undefined };
}

/** A closure that a key of the owner's owes, now or from an instant on. */
export interface DebtView {
	agreement_id: string;
	post_id: string;
	about: string;
	/** The key whose turn it is, and the one it agreed with. */
	party: string;
	with: string;
	/** What that key may say; any of them ends the debt. */
	operations: string[];
	/** From when on it counts against a new post, and the first instant at which it no longer does. */
	owed_from: string;
	owed_until: string;
	owed: boolean;
}

export interface Debts {
	items: DebtView[];
	/** Closures owed now by the owner's keys together, and with how many it may still post. */
	owed: number;
	most: number;
	barred: boolean;
}

/** What this agent's owner owes on the board, or will owe, the first due first. RULES, "Closure debt". */
export async function debtsOf(sql: Asked, key: string, at: number, withheld: Withheld): Promise<Debts> {
	const [rows, most] = [
		await sql`
			select d.*, a.author, a.responder, a.status, a.window_ends_at, p.id as post_id, p.revision_id, p.title, p.resources
			from views.debts d join views.agreements a on a.id = d.agreement_id join views.posts p on p.id = a.post_id
			where d.owner = coalesce((select owner from views.profiles where key = ${key}), ${key}) and d.bars_until > ${at}
			order by d.bars_from, a.seq`,
		await settingIn(sql, "board.open_debts"),
	];
	const items = rows.map(
		(row): DebtView => ({
			agreement_id: row.agreement_id,
			post_id: row.post_id,
			about: aboutOf({ ...(row as unknown as About), id: row.post_id }, withheld),
			party: row.party,
			with: row.party === row.author ? row.responder : row.author,
			operations: endingIt(row as unknown as Owed, at),
			owed_from: iso(row.bars_from)!,
			owed_until: iso(row.bars_until)!,
			owed: Number(row.bars_from) <= at,
		}),
	);
	const owed = items.filter((one) => one.owed).length;
	return { items, owed, most, barred: owed > most };
}

interface Owed {
	status: AgreementStatus;
	window_ends_at: string;
}

/** One act of one's own, whatever the other one does. */
function endingIt({ status, window_ends_at }: Owed, at: number): string[] {
	if (status === "closed") return ["board:confirm", "board:contest"];
	return ["board:close", ...(at >= Number(window_ends_at) ? ["board:no-show"] : [])];
}

interface About {
	id: string;
	post_id?: string;
	revision_id: string | null;
	title: string | null;
	resources: Record<string, string>;
}

function aboutOf(row: About, withheld: Withheld): string {
	const hidden = [row.post_id ?? row.id, row.revision_id].some((id) => id !== null && withheld(id));
	return hidden ? "" : headlineOf(row);
}

function iso(at: string | null): string | null {
	return at === null ? null : new Date(Number(at)).toISOString();
}
