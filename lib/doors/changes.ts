import { scores } from "../../db/schema/exchange";
import { readsAll } from "../agents/owner";
import { score } from "../exchange/rules/reputation";
import { ask } from "../log/ask";
import { decode } from "../log/pages";
import { byIds } from "../log/submit";
import { rowsThen, type Stored } from "../log/then";
import { pursesThen } from "../scrip/read";
import type { Hosted } from "./hosted";
import { type Changed, objectOf } from "./objects";
import { snapshot } from "./snapshot";

type Place = { owner: string; purse: string };

/** What a message did when it was folded in. */
export interface Changes {
	/** What it moved from purse to purse, in its order: micro-scrip, and why in the rules' words. */
	moves: { from: Place; to: Place; amount: number; why: string }[];
	/** The purses of those movements that the reader may see, before and after it. */
	purses: (Place & { before: number; after: number })[];
	reputation: { agent: string; before: number; after: number }[];
	objects: Changed[];
}

/** The system's own; what lies there is in everybody's movements, and adding them all up is nobody's page. */
const SYSTEM = ["treasury", "issued", "burned"];

/** What a message changed, read from the kept past and the postings: as the exchange says it, whoever asks. */
export function changesQuestions(house: Hosted) {
	const shapes = new Map(house.registry.shapes.map((shape) => [shape.name, shape]));

	return {
		async changes(id: string, reader: string | undefined): Promise<{ seq: number; found?: Changes }> {
			const [message] = await byIds(house.sql, [id]);
			if (!message) return { seq: 0 };
			const { seq } = message;
			const sees =
				reader !== undefined &&
				(await ask(house.sql, house.machine, (state) => readsAll(state, reader))).answer;
			const { found } = await house.reads.from(seq, () =>
				snapshot(house.readSql, async (sql) => {
					const [posted, rows] = await Promise.all([
						sql`select * from views.postings where seq = ${seq} order by n`,
						sql`select table_name, key, row from views.history where seq = ${seq} order by table_name, key`,
					]);
					const objects: Changed[] = [];
					const reputation: Changes["reputation"] = [];
					for (const table of new Set(rows.map(({ table_name }) => table_name as string))) {
						const shape = shapes.get(table)!;
						const changed = rows.filter(({ table_name }) => table_name === table);
						const keys = changed.map(({ key }) => key as string);
						const earlier = await rowsThen(sql, table, keys, seq - 1);
						const whole = (row: Stored | undefined | null) => (row ? decode(shape, row) : undefined);
						for (const { key, row } of changed) {
							const [before, after] = [whole(earlier.get(key)), whole(row)];
							objects.push(...objectOf(shape, before, after));
							if (shape.table !== scores) continue;
							const of = (one: typeof after) => score((one?.sum as number | undefined) ?? 0);
							if (of(before) !== of(after))
								reputation.push({ agent: key, before: of(before), after: of(after) });
						}
					}
					const moves = posted.map((row) => ({
						from: { owner: row.from_owner as string, purse: row.from_purse as string },
						to: { owner: row.to_owner as string, purse: row.to_purse as string },
						amount: Number(row.amount),
						why: row.why as string,
					}));
					const owners = new Set(moves.flatMap(({ from, to }) => [from.owner, to.owner]));
					const purses: Changes["purses"] = [];
					for (const owner of owners) {
						if (SYSTEM.includes(owner) || !(sees || owner === reader)) continue;
						const [before, after] = [
							await pursesThen(sql, owner, seq - 1),
							await pursesThen(sql, owner, seq),
						];
						for (const purse of Object.keys(after) as (keyof typeof after)[])
							if (before[purse] !== after[purse])
								purses.push({ owner, purse, before: before[purse], after: after[purse] });
					}
					return { moves, purses, reputation, objects };
				}),
			);
			return { seq, found };
		},
	};
}
