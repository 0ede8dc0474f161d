import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { loggedIds, NOTHING, secretOf, type Telling, theExchange } from "./given";
import { type Logged, Machine } from "./machine";
import { decode, qualified } from "./pages";
import type { Registry } from "./registry";
import { type Answer, Sequencer } from "./sequencer";
import { sign } from "./sign";
import { State } from "./state";

/** What a story told in memory (lib/log/given) leaves when it is told again to processes on PostgreSQL. */

/** A process on a database, without a clock: it lives at the instants it is told of. */
export function listener(registry: Registry, url: string, name: string, trouble: (error: unknown) => void) {
	let now = 0;
	const sequencer = new Sequencer({
		connect: () => connect(url, { max: 1 }) as Sql,
		machine: new Machine(registry, theExchange.key),
		limits: {},
		now: () => now,
		sign: ({ act, bytes }: Logged) => sign(secretOf(act.key), bytes),
		process: name,
		onCommitted: () => {},
		onTrouble: trouble,
	});
	return {
		/** Takes these in one go; gives what it made of each, in the words of `Telling.outcome`. */
		async hears(tellings: readonly Telling[]): Promise<string[]> {
			now = tellings[0]!.at;
			return Promise.all(
				tellings.map(async (telling) => {
					if ("candidate" in telling) {
						const signature = sign(telling.secret, telling.candidate.bytes);
						return saidOf(await sequencer.submit({ ...telling.candidate, signature }, [], now));
					}
					if ("draft" in telling) return saidOf(await sequencer.say(telling.draft));
					const answer = await sequencer.meet(telling.duty, telling.prepared);
					return answer.kind === "logged" ? saidOf(answer) : NOTHING;
				}),
			);
		},
		forget: () => sequencer.state.clear(),
		close: () => sequencer.close(),
	};
}

function saidOf(answer: Answer): string {
	if (answer.kind === "logged") return loggedIds(answer.logged.map(({ act }) => act));
	if (answer.kind === "refused") return `refused ${answer.refusal.code}`;
	return answer.kind === "known" ? `known ${answer.id}` : NOTHING;
}

/** An empty log, for the exchange of the stories. */
export async function begin(sql: Sql): Promise<void> {
	await sql`
		insert into head (one, seq, received_at, batch, epoch, frontier, exchange_key)
		values (true, 0, 0, 0, 0, '{}', ${theExchange.key})`;
}

const views = ({ shapes }: Registry) => shapes.filter(({ schema }) => schema === "views");

/** The rows of every view, by table, in the order of their keys. */
export function rowsOf(registry: Registry, state: State): Record<string, unknown[]> {
	return Object.fromEntries(views(registry).map((shape) => [shape.name, state.all(shape.table)]));
}

/** The same as the database holds them. */
export async function rowsIn(registry: Registry, sql: Sql): Promise<Record<string, unknown[]>> {
	const held = new State(registry.shapes, theExchange.key, true);
	for (const shape of views(registry)) {
		const columns = shape.columns.map(({ name }) => `"${name}"`).join(", ");
		for (const row of await sql.unsafe(`select ${columns} from ${qualified(shape)}`))
			held.put(shape.table, decode(shape, row) as never);
	}
	return rowsOf(registry, held);
}
