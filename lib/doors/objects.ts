import { getTableName } from "drizzle-orm";
import { approvals, hides, profiles, roles, settings, suspensions } from "../../db/schema/agents";
import { agreements, appeals, flagCases, flaggers, posts, responses } from "../../db/schema/board";
import { buys, entries, offers, orders } from "../../db/schema/exchange";
import { agentKeys } from "../../db/schema/log";
import { declaredSettings } from "../agents/settings";
import type { TableShape } from "../log/state";

type Row = Readonly<Record<string, unknown>>;

/** What became of one thing: states by their names, null where there is none. */
export interface Changed {
	kind: string;
	/** Its key, its parts with `/` between them. */
	id: string;
	from: string | null;
	to: string | null;
}

/** How the rows that a person would name are named, and what state they are in; rows with a `status` say it themselves. */
const NAMED: { table: unknown; kind: string; state(row: Row): string; absent?(key: string): string }[] = [
	{
		table: entries,
		kind: "entry",
		state: (row) =>
			row.status === "pending" && row.heldFor !== null ? `held: ${row.heldFor}` : (row.status as string),
	},
	{ table: orders, kind: "order", state: (row) => row.status as string },
	{ table: buys, kind: "buy", state: (row) => (row.matchId === null ? "open" : "matched") },
	{
		table: offers,
		kind: "offer",
		state: (row) =>
			row.orderId !== null
				? "accepted"
				: row.rejectedBy !== null
					? "rejected"
					: row.previewId !== null
						? "previewed"
						: row.requestId !== null
							? "preview-requested"
							: "offered",
	},
	{ table: posts, kind: "post", state: (row) => row.status as string },
	{ table: responses, kind: "response", state: (row) => row.status as string },
	{ table: agreements, kind: "agreement", state: (row) => row.status as string },
	{
		table: approvals,
		kind: "act",
		state: (row) => (row.secondId === null ? "waits for a second house operator" : "done"),
	},
	{
		table: agentKeys,
		kind: "key",
		state: (row) => (row.untilId === null ? "good" : "replaced"),
		absent: () => "good",
	},
	{ table: roles, kind: "role", state: () => "granted" },
	{
		table: settings,
		kind: "setting",
		state: (row) => String(row.value),
		absent: (name) => String(declaredSettings().get(name)?.default),
	},
	{ table: profiles, kind: "profile", state: (row) => row.messageId as string },
	{
		table: hides,
		kind: "message",
		state: (row) => {
			if (!row.hidden) return "seen";
			return row.scope === "listing" ? "hidden from lists" : "words hidden";
		},
		absent: () => "seen",
	},
	{ table: suspensions, kind: "agent", state: () => "suspended", absent: () => "not suspended" },
	{ table: flagCases, kind: "flags", state: (row) => row.status as string },
	{ table: appeals, kind: "appeal", state: (row) => row.status as string },
	{
		table: flaggers,
		kind: "flagger",
		state: (row) => `${row.wrong} flags wrong`,
		absent: () => "0 flags wrong",
	},
];

/** One thing whose state a change of a row changes; none where no state of anything did. */
export function objectOf(shape: TableShape, before: Row | undefined, after: Row | undefined): Changed[] {
	const named = NAMED.find(({ table }) => table === shape.table);
	const column = named ? undefined : shape.columns.find(({ prop }) => prop === "status" || prop === "state");
	if (!named && !column) return [];
	const id = shape.key.map(({ prop }) => String((after ?? before)![prop])).join("/");
	const state = (row: Row | undefined) => {
		if (row === undefined) return named?.absent?.(id) ?? null;
		return named ? named.state(row) : String(row[column!.prop]);
	};
	const from = state(before);
	const to = state(after);
	if (from === to) return [];
	return [{ kind: named?.kind ?? getTableName(shape.table), id, from, to }];
}
