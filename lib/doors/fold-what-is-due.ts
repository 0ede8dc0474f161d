import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { Machine } from "../log/machine";
import { rebuild } from "../log/replay";
import { operations } from "../operations";
import type { Tell } from "./tell";

/** Folds the log anew, once, after an upgrade whose views hold more than the folds before it made: nobody reads them half. */
export async function foldWhatIsDue(url: string, key: string, tell: Tell): Promise<void> {
	const sql = connect(url) as Sql;
	try {
		const due = await sql`select why from rebuild_due`;
		if (due.length === 0) return;
		tell("warn", `the log is folded anew, once, for what this release keeps: ${due.map(({ why }) => why)}`);
		await rebuild(sql, new Machine(operations, key));
	} finally {
		await sql.end({ timeout: 5 });
	}
}
