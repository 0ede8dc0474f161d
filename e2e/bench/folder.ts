/** What a rebuild does, and what it cannot do without: the log read once, the rows of the views written once. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { Machine } from "../../lib/log/machine";
import { rebuild } from "../../lib/log/replay";
import { operations } from "../../lib/operations";
import { answer } from "./child";

const sql = connect(process.env.BENCH_DATABASE!, { max: 4 }) as Sql;
const [head] = await sql`select exchange_key from head`;
const views = operations.shapes.filter(({ schema }) => schema === "views").map(({ name }) => name);

/** The rows as COPY gave them, so that giving them back costs no making. */
const kept = new Map<string, Buffer[]>();

answer(
	{
		async keepRows() {
			for (const view of views) {
				const chunks: Buffer[] = [];
				// A connection of its own: one that has served COPY TO is stuck afterwards (STACK, "Speed").
				const own = connect(process.env.BENCH_DATABASE!, { max: 1 });
				const source = await own.unsafe(`copy views."${view}" to stdout`).readable();
				for await (const chunk of source) chunks.push(chunk);
				await own.end({ timeout: 0 });
				kept.set(view, inPieces(Buffer.concat(chunks)));
			}
		},
		async cursor() {
			let bytes = 0;
			const rows = sql`
				select seq, id, operation, sender, received_at, antecedent, addressed, body, signature
				from messages order by seq`.cursor(5_000);
			for await (const page of rows) for (const { body } of page) bytes += body.length;
			return bytes;
		},
		/** Into tables with the same indexes, as a rebuild's are. */
		async copy() {
			await sql`drop schema if exists bare cascade`;
			await sql`create schema bare`;
			for (const view of views) {
				await sql.unsafe(`create table bare."${view}" (like views."${view}" including all)`);
				const chunks = kept.get(view)!;
				if (chunks.length === 0) continue;
				const reserved = await sql.reserve();
				await pipeline(
					Readable.from(chunks),
					await reserved.unsafe(`copy bare."${view}" from stdin`).writable(),
				);
				reserved.release();
			}
			await sql`drop schema bare cascade`;
		},
		rebuild: () => rebuild(sql, new Machine(operations, head!.exchange_key)),
		async rows() {
			let rows = 0;
			for (const view of views)
				rows += Number((await sql.unsafe(`select count(*) from views."${view}"`))[0]!.count);
			return rows;
		},
	},
	() => sql.end(),
);

/** Of the size in which a rebuild writes. */
function inPieces(whole: Buffer): Buffer[] {
	const pieces: Buffer[] = [];
	for (let at = 0; at < whole.length; at += 65_536) pieces.push(whole.subarray(at, at + 65_536));
	return pieces;
}
