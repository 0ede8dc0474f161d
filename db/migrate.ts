import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyAll } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "postgres";
import { connect } from "./client";

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

/**
 * Brings the database at `url` to the newest of the migrations in `folder`, in one transaction: all or none.
 * Any number of processes may start at once; the first migrates, the others wait and find nothing to do.
 * A folder without a journal holds no migrations, so nothing is done. Throws a line for a person where a newer release
 * has been here: this one's views would be written into tables that it does not know.
 */
export async function migrate(url: string, folder = MIGRATIONS): Promise<void> {
	const newest = await newestOf(folder);
	if (newest === undefined) return;
	// One connection that is never recycled: the lock is the session's, and ends with it even when we are killed.
	const sql = connect(url, { max: 1, max_lifetime: null });
	try {
		await sql`select pg_advisory_lock(hashtextextended('weekly-agent-exchange/migrate', 0))`;
		refuseNewer(await newestIn(sql as Sql), newest);
		await applyAll(drizzle(sql), { migrationsFolder: folder });
	} finally {
		await sql.end();
	}
}

/** For what reads and does not migrate. Throws a line for a person where the tables are not those of this release. */
export async function refuseOtherRelease(sql: Sql, folder = MIGRATIONS): Promise<void> {
	const [found, newest] = [await newestIn(sql), (await newestOf(folder)) ?? 0];
	refuseNewer(found, newest);
	if (found < newest)
		throw new Error(
			"The tables of this database were made by an older release: npm start brings them up to date",
		);
}

function refuseNewer(found: number, newest: number): void {
	if (found > newest)
		throw new Error(
			"The tables of this database were made by a newer release than this one: start that release, or bring back a backup from before it",
		);
}

/** When the newest migration was written that the folder holds; undefined when it holds none. */
async function newestOf(folder: string): Promise<number | undefined> {
	const text = await readFile(join(folder, "meta/_journal.json"), "utf8").catch((error) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (text === undefined) return undefined;
	const { entries } = JSON.parse(text) as { entries: { when: number }[] };
	return Math.max(0, ...entries.map(({ when }) => when));
}

/** When the newest migration was written that the database has had; 0 before its first. */
async function newestIn(sql: Sql): Promise<number> {
	const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
	if (table?.name === null) return 0;
	const [row] = await sql`select max(created_at) as newest from drizzle.__drizzle_migrations`;
	return Number(row?.newest ?? 0);
}
