import type { Sql } from "postgres";
import { hex } from "../../lib/log/bytes";
import { append, EMPTY, leafData, leafHash } from "../../lib/log/proof";
import { type Bench, figure, median, table } from "./bench";
import { profiles } from "./crowd";
import { housed } from "./housed";
import { sendAll } from "./trade";

/** How long a restart takes. */
export const startUp: Bench = {
	name: "start",
	about:
		"The second and later starts on the same log, from the process's code being loaded to the API answering; with the database running and without the pages, which read nothing of the log when they start. It must not depend on the log's length; what reads the whole of it does so behind the start.",

	async run(setting) {
		const { quick, print } = setting;
		const [sent, sizes, starts] = quick ? [2_000, [20_000], 2] : [100_000, [1_000_000], 5];
		const house = await housed(setting, { EMBEDDER: "lexical" });
		const rows: (string | number)[][] = [["start, messages in the log", "ms to ready", "least", "most"]];
		const measured = async () => {
			const times: number[] = [];
			for (let i = 0; i < starts; i++) {
				await house.restart();
				times.push(await house.exchange.ask<number>("readyMs"));
			}
			const [head] = await house.sql`select seq from head`;
			rows.push([figure(Number(head!.seq)), median(times), Math.min(...times), Math.max(...times)]);
		};
		await measured();
		for (let at = 0; at < sent; at += 2_000) await sendAll(house, profiles(house.key, 2_000));
		await measured();
		for (const size of sizes) {
			await house.exchange.stop();
			await lengthen(house.sql, size);
			// The first start finds a log that has grown since the last checkpoint, and reads it all: that is another matter.
			await house.restart();
			await measured();
		}
		print(table(rows));
		print(
			`\nAbove ${figure(sent)} messages the log was filled up with copies of them under other ids, and its tree made of these.`,
		);
		await house.close();
	},
};

/** Fills the log up to `size` messages: to sign so many would take longer than all that is measured. */
async function lengthen(sql: Sql, size: number): Promise<void> {
	const [{ from }] = (await sql`select seq as from from head`) as unknown as [{ from: number }];
	for (let at = Number(from); at < size; at += Number(from))
		await sql`
			insert into messages (seq, id, operation, sender, received_at, antecedent, addressed, body, signature)
			select seq + ${at}, encode(sha256(convert_to(id || ${at}::text, 'utf8')), 'hex'), operation, sender,
				(select max(received_at) from messages), antecedent, addressed, body, signature
			from messages where seq <= least(${from}::int8, ${size}::int8 - ${at}::int8)`;
	let tree = EMPTY;
	for await (const rows of sql`select id, received_at from messages order by seq`.cursor(10_000))
		tree = append(
			tree,
			rows.map(({ id, received_at }) => leafHash(leafData(id, Number(received_at)))),
		).frontier;
	await sql`update head set seq = ${size}, frontier = ${tree.hashes.map(hex)},
		received_at = (select max(received_at) from messages)`;
}
