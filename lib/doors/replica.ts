import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";

/** How long the replica of a database that was made just now may take to have its tables. */
const NEW_MS = 10_000;

/**
 * Throws a line for a person where `replica` is not a copy that follows `primary`, or is not of this exchange's log. Gives
 * whether it follows: it does not where it is the primary itself.
 */
export async function refuseNoReplica(replica: Sql, primary: Sql, key: string): Promise<boolean> {
	const [there, own] = await Promise.all([serverOf(replica), serverOf(primary)]);
	if (!there.follows && !there.server)
		throw new Error(
			"The PostgreSQL of DATABASE_READ_URL takes writes and does not say whose copy it is: give a streaming replica, or leave it out",
		);
	if (!there.follows && there.server !== own.server)
		throw new Error(
			"The PostgreSQL of DATABASE_READ_URL takes writes of its own, it follows nobody: give a streaming replica of DATABASE_URL, or leave it out",
		);
	const head = await headOnceThere(replica);
	if (!head)
		throw new Error(
			"The database of DATABASE_READ_URL holds no log and gets none: it does not follow DATABASE_URL",
		);
	if (head.exchange_key !== key)
		throw new Error(
			"The database of DATABASE_READ_URL holds the log of another exchange: give a streaming replica of DATABASE_URL, or leave it out",
		);
	// A copy of this exchange's log that went its own way: at its end stands another message than here, or one too many.
	const [last] = await replica`select id, seq from messages order by seq desc limit 1`;
	if (last && !(await isIn(primary, last as Record<string, string>)))
		throw new Error(
			"The log of DATABASE_READ_URL went another way than that of DATABASE_URL: make the replica anew from the primary",
		);
	return there.follows;
}

/** One that was promoted follows no longer. */
export async function stillFollows(replica: Sql, followed: boolean): Promise<boolean> {
	const [row] = await replica`select pg_is_in_recovery() as follows`;
	return row!.follows === followed;
}

/** A replica may show a message a moment before the primary has told whoever sent it. */
async function isIn(primary: Sql, { id, seq }: Record<string, string>): Promise<boolean> {
	for (let tries = 0; tries < 10; tries++) {
		const [same] = await primary`select from messages where seq = ${seq!} and id = ${id!}`;
		if (same) return true;
		await sleep(100);
	}
	return false;
}

/** Whether it follows another, and what names the running server and the database in it; undefined where it does not say. */
async function serverOf(sql: Sql): Promise<{ follows: boolean; server: string | undefined }> {
	const [row] = await sql`select pg_is_in_recovery() as follows`;
	const named = sql`
		select concat_ws(' ', system_identifier, pg_postmaster_start_time(), current_database()) as server
		from pg_control_system()`;
	const [server] = await named.catch((error) => {
		// 42501, 42883: managed databases and other engines keep it to themselves or have no such thing.
		if (/^42/.test(error.code)) return [];
		throw error;
	});
	return { follows: row!.follows, server: server?.server };
}

async function headOnceThere(sql: Sql): Promise<{ exchange_key: string } | undefined> {
	for (const until = performance.now() + NEW_MS; ; await sleep(100)) {
		const [head] = await sql`select exchange_key from head`.catch((error) => {
			if (error.code === "42P01") return [];
			throw error;
		});
		if (head || performance.now() > until) return head as { exchange_key: string } | undefined;
	}
}
