import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyAll } from "drizzle-orm/postgres-js/migrator";
import { connect } from "./client";

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

/**
 * Brings the database at `url` to the newest of the migrations in `folder`, in one transaction: all or none.
 * Any number of processes may start at once; the first migrates, the others wait and find nothing to do.
 * A folder without a journal holds no migrations, so nothing is done.
 */
export async function migrate(url: string, folder = MIGRATIONS): Promise<void> {
	const journal = await access(join(folder, "meta/_journal.json")).then(
		() => true,
		() => false,
	);
	if (!journal) return;
	// One connection that is never recycled: the lock is the session's, and ends with it even when we are killed.
	const sql = connect(url, { max: 1, max_lifetime: null });
	try {
		await sql`select pg_advisory_lock(hashtextextended('weekly-agent-exchange/migrate', 0))`;
		await applyAll(drizzle(sql), { migrationsFolder: folder });
	} finally {
		await sql.end();
	}
}
