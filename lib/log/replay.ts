import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PendingQuery, Sql, TransactionSql } from "postgres";
import { hex, sha256Hex, unhex, utf8 } from "./bytes";
import { CopyText, pastLine } from "./copy-text";
import { canonical, type Json } from "./json";
import type { Machine } from "./machine";
import { detachedIn, messageId } from "./message";
import type { Act, Operation } from "./operation";
import { decode, encode, qualified } from "./pages";
import { type Head, leafData, leafHash, root } from "./proof";
import { past } from "./registry";
import { verifyAll } from "./sign";
import { grows, type Outlet, type Row, State, type TableShape } from "./state";
import { fromRow, type Recorded } from "./tail";
import { contradiction, Witness } from "./witness";
import { writeChanges } from "./write";

const PAGE = 5_000;
/** Messages read in one go: while they are folded, PostgreSQL finds the next and takes in the rows of the last. */
const FOLDED = 1_000;
/** A tail this short is folded under the head lock, with every writer waiting. */
const SHORT_TAIL = 200;
/** Pages that are folded before the rows of earlier ones are out. */
const AHEAD = 5;
/** Tables that are filled at a time. */
const COPIERS = 3;

/** What of a logged message the fold hears. */
type Told = Pick<Recorded, "id" | "seq" | "operation" | "receivedAt" | "body">;

/** A logged message as it was signed. */
export function actOf(recorded: Told): Act {
	const { antecedents, payload, sender, tags, timestamp } = JSON.parse(recorded.body) as Act;
	const { id, seq, operation, receivedAt } = recorded;
	const signed = { sender, key: sender, tags, payload, antecedents, timestamp };
	return { id, seq, operation, ...signed, receivedAt, appended: 0 };
}

/** The log in its order, page after page: `of` asks for it. */
async function each(
	of: (after: number) => PendingQuery<Record<string, unknown>[]>,
	after: number,
	take: (page: Record<string, unknown>[]) => void | Promise<void>,
): Promise<number> {
	let last = after;
	const pages = of(after).cursor(FOLDED)[Symbol.asyncIterator]();
	let page = await pages.next();
	while (!page.done) {
		const rows = page.value;
		const next = Promise.resolve(pages.next());
		try {
			await take(rows);
		} catch (error) {
			// The connection is free for another question only once this one has been let go.
			await next.catch(() => {});
			await pages.return?.();
			throw error;
		}
		last = Number(rows.at(-1)!.seq);
		page = await next;
	}
	return last;
}

/** Column by column: each that nobody needs costs the driver as much as one that is. */
const told = (sql: Sql) => (after: number) =>
	sql`select seq, id, operation, received_at, body from messages where seq > ${after} order by seq`;
const whole = (sql: Sql) => (after: number) =>
	sql`select seq, id, operation, sender, received_at, antecedent, addressed, body, signature
		from messages where seq > ${after} order by seq`;

function toldIn(row: Record<string, unknown>): Told {
	return {
		seq: Number(row.seq),
		id: row.id as string,
		operation: row.operation as string,
		receivedAt: Number(row.received_at),
		body: row.body as string,
	};
}

export interface Rebuilt {
	messages: number;
	rows: number;
	epoch: number;
}

/**
 * Folds the log into fresh views beside the old ones and swaps them in. Writers go on meanwhile: only the last few
 * messages are folded under the head lock. The new epoch makes every process drop what it has cached.
 */
export async function rebuild(
	sql: Sql,
	machine: Machine,
	progress: (seq: number) => void = () => {},
): Promise<Rebuilt> {
	const state = new State(machine.registry.shapes, machine.exchangeKey, true);
	const shapes = machine.registry.shapes.filter(({ schema }) => schema === "views");
	const outgoing = new Outgoing();
	const fold = (page: Record<string, unknown>[]) => {
		for (const row of page) {
			machine.replay(state, actOf(toldIn(row)));
			// What only grows is out, the rest is read off the state at the end: nobody asks what this message changed.
			if (state.outlet) state.keep();
		}
		progress(Number(page.at(-1)!.seq));
	};

	const indexes = await indexesOf(sql);
	// PostgreSQL makes the tables, and takes in the rows that do not change any more, while the log is folded here.
	const behind = new Behind();
	const made = behind.does(() => makeTables(sql, shapes));
	let ahead = 0;
	state.lets(outgoing);
	let seq = await each(told(sql), 0, async (page) => {
		fold(page);
		if (behind.busy && ++ahead < AHEAD) return;
		await behind.done();
		ahead = 0;
		behind.does(() => copyAll(sql, outgoing.takeFull()));
	}).catch(async (error) => {
		// Whoever tries again finds nothing of it still on its way.
		await behind.done().catch(() => {});
		throw error;
	});
	state.lets(undefined);
	behind.does(() => copyAll(sql, outgoing.takeAll()));
	await made;
	let { rows } = outgoing;
	const index = (shape: TableShape) => sql.unsafe([LAZILY, ...(indexes.get(shape.name) ?? [])].join("; "));
	// It sorts for one table's indexes while another's rows are still written out here.
	await sharedOut(COPIERS, [
		async () => {
			await behind.done();
			for (const shape of shapes) if (grows(shape)) await index(shape);
		},
		...shapes
			.filter((shape) => !grows(shape))
			.map((shape) => async () => {
				const many = state.count(shape.table);
				if (many > 0) await copyIn(sql, shape, chunksOf(shape, state.each(shape.table)));
				rows += many;
				await index(shape);
			}),
	]);
	// What came in while the rows were copied.
	for (let before = -1; seq - before > SHORT_TAIL; ) {
		before = seq;
		seq = await each(told(sql), seq, fold);
		await sql.begin((sql) => writeChanges(sql, state.changes(), "rebuilt"));
		state.keep();
	}
	const epoch = await sql.begin(async (tx) => {
		const [head] = await tx`select seq, epoch from head for update`;
		await each(told(tx as unknown as Sql), seq, fold);
		await writeChanges(tx, state.changes(), "rebuilt");
		await tx`alter schema views rename to outdated`;
		await tx`alter schema rebuilt rename to views`;
		await tx`drop schema outdated cascade`;
		await tx`delete from rebuild_due`;
		await tx`update head set epoch = epoch + 1, batch = batch + 1`;
		seq = Number(head!.seq);
		return Number(head!.epoch) + 1;
	});
	return { messages: seq, rows, epoch };
}

/** The rows that a fold lets out, as text that waits to be written. */
class Outgoing implements Outlet {
	readonly #texts = new Map<TableShape, CopyText>();

	grown(shape: TableShape, row: AnyRow): void {
		this.#of(shape).add(row);
	}

	past(shape: TableShape, key: string, seq: number, after: AnyRow | undefined): void {
		this.#of(past).line(pastLine(shape, key, seq, after));
	}

	#of(shape: TableShape): CopyText {
		let text = this.#texts.get(shape);
		if (!text) {
			text = new CopyText(shape);
			this.#texts.set(shape, text);
		}
		return text;
	}

	/** So far. */
	get rows(): number {
		return [...this.#texts.values()].reduce((sum, { rows }) => sum + rows, 0);
	}

	/** What is worth a COPY of its own. */
	takeFull(): [TableShape, Buffer[]][] {
		return [...this.#texts].map(([shape, text]) => [shape, text.takeFull()]);
	}

	takeAll(): [TableShape, Buffer[]][] {
		return [...this.#texts].map(([shape, text]) => [shape, text.takeAll()]);
	}
}

/** Work that goes on meanwhile, one thing after the other. Of what fails whoever waits for it hears. */
class Behind {
	#last: Promise<void> = Promise.resolve();
	#waiting = 0;

	get busy(): boolean {
		return this.#waiting > 0;
	}

	does(work: () => Promise<void>): Promise<void> {
		this.#waiting++;
		this.#last = this.#last.then(work).finally(() => this.#waiting--);
		this.#last.catch(() => {});
		return this.#last;
	}

	done(): Promise<void> {
		return this.#last;
	}
}

/** Without indexes, in one commit: each by itself would wait for the disk. */
async function makeTables(sql: Sql, shapes: readonly TableShape[]): Promise<void> {
	const tables = shapes.map(
		(shape) =>
			`create table ${qualified(shape, "rebuilt")} (like ${qualified(shape)} including all excluding indexes)`,
	);
	await sql.unsafe(["drop schema if exists rebuilt cascade", "create schema rebuilt", ...tables].join("; "));
}

async function sharedOut(hands: number, work: readonly (() => Promise<void>)[]): Promise<void> {
	const left = [...work];
	const hand = async () => {
		for (let one = left.shift(); one !== undefined; one = left.shift()) await one();
	};
	const ends = await Promise.allSettled(
		Array.from({ length: hands }, () =>
			hand().catch((error) => {
				left.length = 0;
				throw error;
			}),
		),
	);
	// Only now: whoever tries again finds none of them at work.
	const failed = ends.find(({ status }) => status === "rejected");
	if (failed?.status === "rejected") throw failed.reason;
}

type AnyRow = Readonly<Record<string, unknown>>;

/**
 * What is lost of it in a crash nobody has seen: the swap is the commit that counts, and what it writes to the disk it writes
 * after all this.
 */
const LAZILY = "set local synchronous_commit = off";

async function copyAll(sql: Sql, some: [TableShape, Buffer[]][]): Promise<void> {
	for (const [shape, chunks] of some) if (chunks.length > 0) await copyIn(sql, shape, chunks);
}

/** COPY into one view, of text that is made as PostgreSQL takes it. */
async function copyIn(sql: Sql, shape: TableShape, chunks: Iterable<Buffer>): Promise<void> {
	const columns = shape.columns.map(({ name }) => `"${name}"`).join(", ");
	await sql.begin(async (sql) => {
		await sql.unsafe(LAZILY);
		const copy = sql.unsafe(`copy ${qualified(shape, "rebuilt")} (${columns}) from stdin`);
		const writable = await copy.writable();
		// What PostgreSQL says after the last row the driver tells nobody: for it the question is answered since it took the first.
		const refused = new Promise<never>((_, reject) => Object.assign(copy, { reject }));
		await Promise.race([pipeline(Readable.from(chunks), writable), refused]);
	});
}

function* chunksOf(shape: TableShape, rows: Iterable<AnyRow>): Generator<Buffer> {
	const text = new CopyText(shape);
	for (const row of rows) {
		text.add(row);
		yield* text.takeFull();
	}
	yield* text.takeAll();
}

/**
 * How the indexes of each view are made, once its rows are in. By their own names, which `including all` would make up anew:
 * the next migration knows them by those.
 */
async function indexesOf(sql: Sql): Promise<Map<string, string[]>> {
	const rows = await sql`
		select t.relname as view, pg_get_indexdef(i.indexrelid) as made, c.conname as name, pg_get_constraintdef(c.oid) as constrains
		from pg_index i join pg_class t on t.oid = i.indrelid
			left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
		where t.relnamespace = 'views'::regnamespace`;
	const making = new Map<string, string[]>();
	for (const { view, made, name, constrains } of rows) {
		const make =
			name === null
				? (made as string).replace(" ON views.", " ON rebuilt.")
				: `alter table rebuilt."${view}" add constraint "${name}" ${constrains}`;
		making.set(view, [...(making.get(view) ?? []), make]);
	}
	return making;
}

/** A digest of a set of rows that does not depend on their order: the sum of their hashes. */
export class Digest {
	#sum = 0n;
	rows = 0;

	add(shape: TableShape, row: Readonly<Record<string, unknown>>): void {
		const encoded = encode(shape, row) as Record<string, Json>;
		this.#sum = (this.#sum + BigInt(`0x${sha256Hex(utf8(canonical(encoded)))}`)) % 2n ** 256n;
		this.rows++;
	}

	get value(): string {
		return this.#sum.toString(16).padStart(64, "0");
	}
}

/** What differs, as a sentence each; empty: everything is equal. */
export interface Verdict {
	messages: number;
	root: string;
	tables: { name: string; rows: number; digest: string }[];
	faults: string[];
}

/** What the log itself does not hold. */
export interface Besides {
	/** Signed before, and where they were kept. */
	heads?: readonly Head[];
	kept?: string;
	/** Whether every text that the log names by its hash must be there. */
	contents?: boolean;
}

/**
 * Recomputes every id, signature, number and time of the log, its tree, and every view, on one snapshot.
 * Says where the database differs from what the log makes of it.
 */
export async function verifyLog(
	sql: Sql,
	machine: Machine,
	progress: (seq: number) => void = () => {},
	{ heads = [], kept = "the checkpoints", contents = false }: Besides = {},
): Promise<Verdict> {
	const faults: string[] = [];
	const state = new State(machine.registry.shapes, machine.exchangeKey, true);
	const witness = new Witness(heads);
	/** Contents that the log names: bytes by hash. */
	const named = new Map<string, number>();
	let last = 0;
	let time = 0;
	return (await sql.begin("isolation level repeatable read read only", async (tx) => {
		const [head] = await tx`select seq, received_at, frontier, exchange_key from head`;
		if (head!.exchange_key !== machine.exchangeKey)
			faults.push("the head names another exchange key than the one this process has");
		await each(whole(tx as unknown as Sql), 0, async (rows) => {
			const page = rows.map(fromRow);
			const verdicts = await verifyAll(
				page.map((recorded) => ({
					publicKey: signerOf(recorded),
					bytes: utf8(`weekly-agent-exchange/1\n${machine.exchangeKey}\n${recorded.body}`),
					signature: recorded.signature,
				})),
			);
			for (const [i, recorded] of page.entries()) {
				const at = `message ${recorded.seq}`;
				if (recorded.seq !== last + 1) faults.push(`${at} follows message ${last}: the numbers have a gap`);
				if (recorded.receivedAt < time) faults.push(`${at} was received before the one before it`);
				last = recorded.seq;
				time = recorded.receivedAt;
				if (!verdicts[i]) faults.push(`${at}: the signature does not verify`);
				try {
					faults.push(...judged(machine, recorded, named).map((fault) => `${at}: ${fault}`));
				} catch {
					faults.push(`${at}: what stands there is no message`);
				}
				try {
					const { sender, addressed } = machine.replay(state, actOf(recorded));
					if (sender !== recorded.sender) faults.push(`${at}: the agent is not the one of its key`);
					if (addressed.join() !== recorded.addressed.join())
						faults.push(`${at}: whom it concerns is not what follows from it`);
				} catch (error) {
					faults.push(`${at}: folding it fails: ${(error as Error).message}`);
				}
			}
			state.keep();
			witness.take(
				page.map(({ id, receivedAt }) =>
					leafHash(leafData(unhex(id)?.length === 32 ? id : NO_ID, receivedAt)),
				),
			);
			progress(last);
		});
		if (last !== Number(head!.seq))
			faults.push(`the head says ${head!.seq} messages, the log ends at ${last}`);
		const contradicted = contradiction(witness, kept);
		if (contradicted) faults.push(`the log was changed: ${contradicted}`);
		const { tree } = witness;
		if (tree.hashes.map(hex).join() !== (head!.frontier as string[]).join())
			faults.push("the head's tree is not the tree over the log");
		if (contents) faults.push(...(await contentFaults(tx, named)));
		const tables = [];
		for (const shape of machine.registry.shapes) {
			if (shape.schema !== "views") continue;
			const folded = new Digest();
			for (const row of state.all(shape.table)) folded.add(shape, row as Row<never>);
			const stored = new Digest();
			for await (const page of tx.unsafe(`select * from ${qualified(shape)}`).cursor(PAGE))
				for (const row of page) stored.add(shape, decode(shape, row));
			if (folded.value !== stored.value)
				faults.push(
					`the view ${shape.name} differs: ${stored.rows} rows stored, ${folded.rows} folded from the log`,
				);
			tables.push({ name: shape.name, rows: folded.rows, digest: folded.value });
		}
		return { messages: last, root: hex(root(tree)), tables, faults };
	})) as Verdict;
}

/** The key that signed it; of what is no message, nobody's. */
function signerOf({ body }: Recorded): string {
	try {
		const { sender } = JSON.parse(body) as { sender: unknown };
		return typeof sender === "string" ? sender : "";
	} catch {
		return "";
	}
}

/** In the place of what is no id at all, so that the tree over it is another one. */
const NO_ID = "0".repeat(64);

/** What is wrong with one message by itself; the contents that it names are added to `named`. Throws where it is none. */
function judged(machine: Machine, recorded: Recorded, named: Map<string, number>): string[] {
	const act = actOf(recorded);
	const faults: string[] = [];
	if (messageId(machine.exchangeKey, act as never) !== recorded.id)
		faults.push("the id is not the hash of its bytes");
	if (
		recorded.antecedent !== (act.antecedents[0] ?? null) ||
		!names(machine.registry.get(recorded.operation), act)
	)
		faults.push("a column is not what was signed");
	for (const { sha256, bytes } of detachedIn(act.payload)) named.set(sha256, bytes);
	return faults;
}

/** Whether a message's tags name this operation. */
export function names(operation: Operation | undefined, { tags }: Pick<Act, "tags">): boolean {
	if (!operation || !tags.includes(operation.tag)) return false;
	return operation.phase === undefined || tags.includes(`exchange:phase:${operation.phase}`);
}

/** Texts that are not those of their hash, and texts that the log names and nobody has. */
async function contentFaults(tx: TransactionSql, named: ReadonlyMap<string, number>): Promise<string[]> {
	const faults: string[] = [];
	const wrong = await tx`
		select sha256 from contents
		where encode(sha256(convert_to(body, 'UTF8')), 'hex') <> sha256
			or octet_length(convert_to(body, 'UTF8')) <> bytes order by sha256`;
	for (const { sha256 } of wrong) faults.push(`the content ${sha256} is not the text of its hash`);
	const there = new Map<string, number>();
	for await (const rows of tx`select sha256, bytes from contents`.cursor(PAGE))
		for (const { sha256, bytes } of rows) there.set(sha256, bytes);
	for (const [sha256, bytes] of named)
		if (there.get(sha256) !== bytes)
			faults.push(`the content ${sha256}, which the log names with ${bytes} bytes, is not there`);
	return faults;
}
