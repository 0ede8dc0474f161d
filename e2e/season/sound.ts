import type { Sql } from "postgres";
import { digests } from "../../lib/board/read";
import { weekAfter } from "../../lib/board/week";
import type { Visit } from "../../lib/doors/given";
import { decode, qualified } from "../../lib/log/pages";
import { Digest, rebuild, verifyLog } from "../../lib/log/replay";
import { FIRST_WEEK } from "./season";

export interface Sound {
	/** What is wrong, a sentence each. */
	faults: string[];
	messages: number;
	/** Of the tree over the log: the same for the same messages in the same order. */
	root: string;
	tables: number;
	rows: number;
}

/**
 * What must hold after a season: every id, signature and number of the log is good, the views that were kept live are what the
 * log makes of them, the views that a rebuild puts in their place are the same rows again, no scrip came from nowhere, and each
 * week has its one digest.
 */
export async function sound({ house, told }: Visit, weeks: number): Promise<Sound> {
	const { sql, machine } = house;
	const live = await verifyLog(sql, machine);
	await rebuild(sql, machine);
	const faults = [...live.faults];
	for (const { name, digest } of live.tables)
		if ((await stored(sql, machine, name)) !== digest)
			faults.push(`the view ${name} is another after a rebuild`);

	const [books] = await sql`select coalesce(sum(amount), 0)::text as sum from views.purses`;
	if (books!.sum !== "0") faults.push(`all purses together hold ${books!.sum} micro-scrip, not nothing`);
	const said = (await sql`select body from messages where operation = 'board:digest' order by seq`).map(
		({ body }) => JSON.parse(body).payload.week as string,
	);
	const due = Array.from({ length: weeks }, (_, week) => weekAfter(FIRST_WEEK, week));
	const shown = (await digests(sql, weeks + 1)).map(({ week }) => week).reverse();
	for (const list of [said, shown])
		if (list.join() !== due.join()) faults.push(`digests of ${list.join(", ")}; due were ${due.join(", ")}`);
	faults.push(...house.parked.map(({ duty, error }) => `the duty ${duty.id} is parked: ${error}`));
	faults.push(...told.map(({ line, detail }) => `the exchange was in trouble: ${line}: ${detail}`));
	const rows = live.tables.reduce((sum, table) => sum + table.rows, 0);
	return { faults, messages: live.messages, root: live.root, tables: live.tables.length, rows };
}

async function stored(sql: Sql, machine: Visit["house"]["machine"], name: string): Promise<string> {
	const shape = machine.registry.shapes.find((one) => one.schema === "views" && one.name === name)!;
	const digest = new Digest();
	for await (const page of sql.unsafe(`select * from ${qualified(shape)}`).cursor(5_000))
		for (const row of page) digest.add(shape, decode(shape, row));
	return digest.value;
}
