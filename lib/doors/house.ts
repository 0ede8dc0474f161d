import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import type { BoardPorts } from "../board/ports";
import { type Engine, openEngine } from "../exchange/engine";
import type { Ports } from "../exchange/ports";
import { Machine } from "../log/machine";
import type { Duty } from "../log/operation";
import { treeBefore } from "../log/read";
import type { Registry } from "../log/registry";
import { Runner } from "../log/runner";
import { Sequencer } from "../log/sequencer";
import { publicKey } from "../log/sign";
import { Door, type Room, record, sweepContents } from "../log/submit";
import { Tail } from "../log/tail";
import { LogTree } from "../log/tree";
import { operations } from "../operations";
import type { Now } from "./clock";
import { operatorClaim } from "./found";
import { type KnownKeys, openKeys } from "./known-keys";
import { LIMITS } from "./limits";
import { verifyQuicker } from "./quicker-verifier";
import { openReads, primaryAlone, type Reads } from "./reads";
import { Signer } from "./signer";
import { openWithheld, type Withheld } from "./withheld";

export interface HouseParts {
	/** PostgreSQL, migrated. */
	url: string;
	/** A replica that what is only read may be read from; see `reads`. */
	readUrl?: string;
	/** The exchange's first private key, 64 hex, or the first that is left. */
	secret: string;
	/** The key that names the exchange, where `secret` is a later one of its. */
	key?: string;
	/** All its private keys: which of them signs, the log says. */
	signer?: Signer;
	now: Now;
	/** A line for the log of the process: never with secrets, never with text that an agent wrote in its format. */
	tell?: (level: "info" | "warn" | "error", line: string, detail?: unknown) => void;
	/** Which embedder the match uses; see lib/match/embedder. */
	embedder?: string;
	/** The bearer key of an embedder that is asked over HTTP. */
	embedderKey?: string;
	registry?: Registry;
	/** The longest that a statement may take; what takes longer is answered 503. */
	patienceMs?: number;
	/** What the door holds at most. */
	room?: Room;
	step?: (name: "locked" | "folded" | "committed") => Promise<void> | void;
}

/** Everything one process runs, put together: the one composition root. */
export interface House {
	key: string;
	now: Now;
	registry: Registry;
	machine: Machine;
	sql: Sql;
	/** What answers here where something is only shown: see `reads`. Ask for it where it is used, never once for all. */
	readonly readSql: Sql;
	reads: Reads;
	sequencer: Sequencer;
	tail: Tail;
	door: Door;
	engine: Engine;
	runner: Runner;
	/** Duties parked by this process since it started, for health and metrics. */
	parked: { duty: Duty; error: string }[];
	/** Whose each key is. */
	keys: KnownKeys;
	/** Messages whose words are not shown. */
	withheld: Withheld;
	operatorClaim: ReturnType<typeof operatorClaim>;
	/** The tree over the log, for proofs. */
	tree: LogTree;
	/** Signs messages and checkpoints, with the key that is in force. */
	signer: Signer;
	/** For what only this process needs to know; it signs nothing. */
	secret: string;
	/** Once it is aborted this process is on its way out: it is not ready any more, and its streams end. */
	leaving: AbortSignal;
	leave(): void;
	close(): Promise<void>;
}

const SWEEP_MS = 600_000;
const WRITE_PATIENCE_MS = 12_000;
const READ_PATIENCE_MS = 30_000;

export async function openHouse(parts: HouseParts): Promise<House> {
	verifyQuicker();
	const { url, secret, now, registry = operations, tell = () => {}, patienceMs = WRITE_PATIENCE_MS } = parts;
	const { key = publicKey(secret), signer = new Signer([secret]) } = parts;
	// A question that hangs must not keep its connection, of which there are few, from the others.
	const pool = { max: 12, connection: { statement_timeout: parts.patienceMs ?? READ_PATIENCE_MS } };
	const sql = connect(url, pool) as Sql;
	await claimLog(sql, key);

	const process_ = randomBytes(6).toString("hex");
	const machine = new Machine(registry, key);
	const parked: House["parked"] = [];
	const leaving = new AbortController();
	// As many as there are streams.
	setMaxListeners(0, leaving.signal);
	let over = false;
	// What was asked just before the end is cut by it, and nobody's trouble.
	const tail = new Tail(
		sql,
		(error) => over || tell("error", "reading the tail of the log", error),
		process_,
	);
	const sequencer = new Sequencer({
		connect: () =>
			connect(url, {
				max: 1,
				// A process that hangs must not keep the head from the others.
				connection: {
					statement_timeout: patienceMs,
					idle_in_transaction_session_timeout: patienceMs,
					lock_timeout: patienceMs,
				},
			}) as Sql,
		machine,
		limits: LIMITS,
		now,
		sign: ({ act, bytes }) => signer.sign(act.key, bytes),
		process: process_,
		onJudged: (logged) => engine.hear(logged),
		onCommitted(batch) {
			tail.committed(batch, batch.logged.map(record));
			runner.take(batch.prepare);
		},
		onTrouble: (error, what) => tell("error", `writing the log: ${what}`, error),
		step: parts.step,
	});
	const door = new Door({
		...{ registry, exchangeKey: key, sql, sequencer, tail, now, room: parts.room },
		// Who does nothing of what is owed any more leaves all of it to the others.
		ports: () => (runner.isOpen ? engine.ports : undefined),
		onTrouble: (error, what) => tell("error", what, error),
	});
	// Before the engine reads the inventory: it must hear of whatever is logged from then on.
	await tail.start();
	const shut = async (error: unknown) => {
		over = true;
		await tail.close();
		await sql.end({ timeout: 1 });
		throw error;
	};
	const reads =
		parts.readUrl === undefined
			? primaryAlone(sql, tail)
			: await openReads({
					replica: connect(parts.readUrl, { ...pool, backoff: () => 0.5 }) as Sql,
					sql,
					tail,
					key,
					tell,
				}).catch(shut);
	const { embedder, embedderKey } = parts;
	const engine = await openEngine({ sql, machine, tail, now, secret, embedder, embedderKey, tell }).catch(
		async (error) => {
			await reads.close();
			return shut(error);
		},
	);
	const withheld = await openWithheld({
		sql,
		tail,
		now,
		onTrouble: (error) => tell("error", "reading what is hidden", error),
	});
	const keys = await openKeys({
		sql,
		tail,
		onTrouble: (error) => tell("error", "reading whose each key is", error),
	});
	const runner = new Runner({
		sql,
		machine,
		sequencer,
		ports: { ...engine.ports, treeBefore: (at) => treeBefore(sql, at) } satisfies Ports & BoardPorts,
		process: process_,
		now,
		onTrouble: (error, what) => over || tell("error", what, error),
		alarm(duty, error) {
			parked.push({ duty, error: String((error as Error)?.message ?? error) });
			tell("error", `duty ${duty.id} parked`, error);
		},
	});
	runner.start();
	const sweeper = setInterval(() => {
		sweepContents(sql, now()).catch((error) => tell("warn", "sweeping contents", error));
	}, SWEEP_MS);
	sweeper.unref();

	return {
		key,
		now,
		registry,
		machine,
		sql,
		get readSql() {
			return reads.sql;
		},
		reads,
		sequencer,
		tail,
		door,
		engine,
		runner,
		parked,
		keys,
		withheld,
		operatorClaim: operatorClaim({ sql, sequencer, now }),
		tree: new LogTree(sql),
		signer,
		secret,
		leaving: leaving.signal,
		leave: () => leaving.abort(),
		async close() {
			over = true;
			leaving.abort();
			clearInterval(sweeper);
			await runner.close();
			await sequencer.close();
			// Where the database is away nobody can be told; the leases then end by themselves.
			await runner.release().catch(() => {});
			await tail.close();
			await engine.close();
			await reads.close();
			await sql.end({ timeout: 5 });
		},
	};
}

/** The head is made once and names its exchange; a process with another key must not write to this log. */
async function claimLog(sql: Sql, key: string): Promise<void> {
	await sql`
		insert into head (one, seq, received_at, batch, epoch, frontier, exchange_key)
		values (true, 0, 0, 0, 0, '{}', ${key}) on conflict do nothing`;
	const [head] = await sql`select exchange_key from head`;
	if (head!.exchange_key !== key) {
		await sql.end({ timeout: 1 });
		throw new Error(
			"This log belongs to another exchange key. Give its own key as EXCHANGE_KEY, or another database.",
		);
	}
}
