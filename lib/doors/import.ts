/**
 * `npm run import FILE [exchange key]`: a whole log into the empty database of another DATA_DIR, to be looked at. It is checked
 * line by line and folded; nobody can go on with it who has not the exchange's own key.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { migrate } from "../../db/migrate";
import { base64 } from "../log/bytes";
import { exchangeOf, importLog } from "../log/import";
import { Machine } from "../log/machine";
import type { Message } from "../log/message";
import { root } from "../log/proof";
import { operations } from "../operations";
import { openDatabase } from "./database";
import { environment } from "./environment";
import { plainly, processLog } from "./tell";

try {
	const [, , file, given] = process.argv;
	if (file === undefined) throw new Error("Say from which file: npm run import log.ndjson");
	const key = given ?? (await keyIn(file));
	if (key === undefined)
		throw new Error(
			`${file} does not show whose log it is: give the exchange's key (GET /api/exchange) after it`,
		);
	const settings = environment();
	const database = await openDatabase(settings, processLog(settings.logLevel), (error) => {
		console.error(plainly(error));
		process.exit(1);
	});
	const sql = connect(database.url) as Sql;
	try {
		await migrate(database.url);
		const machine = new Machine(operations, key);
		const tree = (await sql.begin((tx) => importLog(tx, machine, linesOf(file)))) as Awaited<
			ReturnType<typeof importLog>
		>;
		console.log(
			`Imported: ${tree.size} messages of the exchange ${key}, each with its id, number, time and signature; the tree over them has root ${base64(root(tree))}. npm run verify -- --without-contents recomputes them here.`,
		);
	} finally {
		await sql.end({ timeout: 5 });
		await database.stop();
	}
} catch (error) {
	console.error(plainly(error));
	process.exitCode = 1;
}

function linesOf(file: string): AsyncIterable<string> {
	return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}

/** A first reading, for the senders: the exchange is one of them. */
async function keyIn(file: string): Promise<string | undefined> {
	const senders = new Set<string>();
	let first: Message | undefined;
	for await (const line of linesOf(file)) {
		if (line.trim() === "") continue;
		const message = read(line, file);
		first ??= message;
		senders.add(message.sender);
	}
	return first && exchangeOf(first, senders);
}

function read(line: string, file: string): Message {
	try {
		return JSON.parse(line);
	} catch {
		throw new Error(`${file} holds a line that is not JSON`);
	}
}
