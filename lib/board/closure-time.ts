import type { Sql, TransactionSql } from "postgres";
import { settingsInForce } from "../agents/read";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** From a window's end to the last instant at which its closure can end by itself, ms: due, lapse, confirm, ruling. RULES, "Three phases". */
export async function closureMs(sql: Sql | TransactionSql): Promise<number> {
	const settings = await settingsInForce(sql);
	const value = (name: string) => Number(settings[name]!.value);
	const hours = value("board.closure_due_hours") + value("board.confirm_hours");
	const days = value("board.lapse_days") + value("board.contest_days");
	return hours * HOUR_MS + days * DAY_MS;
}
