import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { dutyId } from "../log/duties";
import { type Result, type Saying, theExchange } from "../log/given";
import { type Candidate, type Logged, Machine } from "../log/machine";
import type { Act, Draft } from "../log/operation";
import { decode, qualified } from "../log/pages";
import { type Answer, Sequencer } from "../log/sequencer";
import { sign } from "../log/sign";
import { State } from "../log/state";
import { operations } from "../operations";
import { Market } from "./given";

/** What came in from outside at an instant, and what memory made of it: the ids it logged, or why it did not. */
export type Telling = { at: number; outcome: string } & (
	| { candidate: Candidate }
	| { draft: Draft }
	| { duty: string; prepared: unknown }
);

/**
 * A market that remembers what came in from outside (what agents said, what the engine prepared), so that the same story
 * can be told again to processes on PostgreSQL.
 */
export class Told extends Market {
	/** Assigned while the parent's constructor speaks, so without an initializer. */
	declare tellings: Telling[];
	/** Three in four messages come at the same instant as the one before, and so may share its batch. */
	declare hurried: boolean;

	override when(saying: Saying): Result {
		if (!this.hurried || this.log.length % 4 === 0) this.now++;
		const candidate = this.candidate(saying);
		const { now: at } = this;
		const result = this.send(candidate);
		this.tell({
			at,
			candidate: { ...candidate, signature: sign(saying.by.secret, candidate.bytes) },
			outcome: outcomeOf(result),
		});
		return result;
	}

	override exchangeSays(draft: Draft): Result {
		const result = super.exchangeSays(draft);
		this.tell({ at: this.now, draft, outcome: outcomeOf(result) });
		return result;
	}

	override meet(kind: string, subject: string, prepared?: unknown): Act[] | undefined {
		const { now: at } = this;
		const logged = super.meet(kind, subject, prepared);
		this.tell({ at, duty: dutyId(kind, subject), prepared, outcome: logged ? loggedIds(logged) : NOTHING });
		return logged;
	}

	/** Tellings that may come in one batch: those of one instant, in their order. */
	get instants(): Telling[][] {
		const instants: Telling[][] = [];
		for (const telling of this.tellings) {
			const last = instants.at(-1);
			if (last?.[0]?.at === telling.at) last.push(telling);
			else instants.push([telling]);
		}
		return instants;
	}

	protected tell(telling: Telling): void {
		this.tellings ??= [];
		this.tellings.push(telling);
	}
}

const NOTHING = "nothing";
const loggedIds = (acts: readonly Act[]) => `logged ${acts.map(({ id }) => id).join(" ")}`;

function outcomeOf({ refused, known, logged }: Result): string {
	if (refused) return `refused ${refused.code}`;
	return logged ? loggedIds(logged) : `known ${known}`;
}

/** A process on a database, without a clock: it lives at the instants it is told of. */
export function listener(url: string, name: string, trouble: (error: unknown) => void) {
	let now = 0;
	const sequencer = new Sequencer({
		connect: () => connect(url, { max: 1 }) as Sql,
		machine: new Machine(operations, theExchange.key),
		limits: {},
		now: () => now,
		sign: ({ bytes }: Logged) => sign(theExchange.secret, bytes),
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
					if ("candidate" in telling) return saidOf(await sequencer.submit(telling.candidate, [], now));
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

const views = operations.shapes.filter(({ schema }) => schema === "views");

/** The rows of every view, by table, in the order of their keys. */
export function rowsOf(state: State): Record<string, unknown[]> {
	return Object.fromEntries(views.map((shape) => [shape.name, state.all(shape.table)]));
}

/** The same as the database holds them. */
export async function rowsIn(sql: Sql): Promise<Record<string, unknown[]>> {
	const held = new State(operations.shapes, theExchange.key, true);
	for (const shape of views) {
		const columns = shape.columns.map(({ name }) => `"${name}"`).join(", ");
		for (const row of await sql.unsafe(`select ${columns} from ${qualified(shape)}`))
			held.put(shape.table, decode(shape, row) as never);
	}
	return rowsOf(held);
}
