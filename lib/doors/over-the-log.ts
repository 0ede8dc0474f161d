import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { refuseOtherRelease } from "../../db/migrate";
import { Machine } from "../log/machine";
import { operations } from "../operations";
import { openDatabase } from "./database";
import { type Environment, environment } from "./environment";
import { plainly, processLog } from "./tell";

export interface Work {
	url: string;
	sql: Sql;
	machine: Machine;
	settings: Environment;
	dataDir: string;
	progress(seq: number): void;
}

/**
 * A command that reads the whole log, on the database of `npm start`: running or not, embedded or DATABASE_URL. How far
 * it is goes to standard error, the verdict to standard output; exit code 1 when it is not good.
 */
export async function overTheLog(
	work: (work: Work) => Promise<{ verdict: string; good: boolean }>,
): Promise<void> {
	try {
		const settings = environment();
		const database = await openDatabase(settings, processLog(settings.logLevel), (error) => {
			console.error(plainly(error));
			process.exit(1);
		});
		const sql = connect(database.url) as Sql;
		try {
			const head = await readHead(sql);
			await refuseOtherRelease(sql);
			const machine = new Machine(operations, head.key);
			const { verdict, good } = await work({
				url: database.url,
				sql,
				machine,
				settings,
				dataDir: settings.dataDir,
				progress: drawn(head.seq),
			});
			console.log(verdict);
			process.exitCode = good ? 0 : 1;
		} finally {
			await sql.end({ timeout: 5 });
			await database.stop();
		}
	} catch (error) {
		console.error(plainly(error));
		process.exitCode = 1;
	}
}

async function readHead(sql: Sql): Promise<{ key: string; seq: number }> {
	const rows = await sql`select exchange_key, seq from head`.catch((error) => {
		// 42P01: no such table.
		if (error.code === "42P01") return [];
		throw error;
	});
	if (!rows[0]) throw new Error("There is no log in this database yet: npm start begins one");
	return { key: rows[0].exchange_key, seq: Number(rows[0].seq) };
}

/** On a terminal, a line that moves; elsewhere, a line every ten seconds. */
function drawn(total: number): (seq: number) => void {
	let last = performance.now();
	return (seq) => {
		const now = performance.now();
		const moving = process.stderr.isTTY;
		if (now - last < (moving ? 100 : 10_000)) return;
		last = now;
		process.stderr.write(
			`${moving ? "\r\x1b[K" : ""}message ${seq} of ${total}${moving && seq < total ? "" : "\n"}`,
		);
	};
}
