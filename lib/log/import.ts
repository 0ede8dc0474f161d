import type { TransactionSql } from "postgres";
import { hex, utf8 } from "./bytes";
import type { Json } from "./json";
import type { Machine } from "./machine";
import { bodyOf, type Content, detach, envelope, isInstant, type Message, messageId } from "./message";
import { type Frontier, leafData, leafHash } from "./proof";
import { names } from "./replay";
import { verifyAll } from "./sign";
import { State } from "./state";
import { Witness } from "./witness";
import { writeChanges } from "./write";

/** A line of the log as an exchange gives it. */
type Line = Message & { seq: number; received_at: string; hidden_by?: string };

const PAGE = 500;

/**
 * Takes a whole log, a message a line as `GET /api/messages` gives it, into an empty database, and folds it: what comes out is
 * row for row what the exchange has that it came from. Each line is checked as it comes. Throws an Error that names the first
 * line that is not as it must be; then the transaction is to be undone.
 */
export async function importLog(
	tx: TransactionSql,
	machine: Machine,
	lines: AsyncIterable<string>,
	progress: (seq: number) => void = () => {},
): Promise<Frontier> {
	await refuseFull(tx);
	const state = new State(machine.registry.shapes, machine.exchangeKey, true);
	const witness = new Witness();
	let [seq, time] = [0, 0];
	let page: Line[] = [];
	const take = async () => {
		await signed(machine, page);
		const rows = page.map((line) => rowOf(machine, state, line));
		if (rows.length > 0) await tx`insert into messages ${tx(rows)}`;
		await keep(
			tx,
			page.flatMap(({ payload }) => detach(payload).contents),
		);
		await writeChanges(tx, state.changes(), "views");
		state.keep();
		witness.take(page.map(({ id, received_at }) => leafHash(leafData(id, Date.parse(received_at)))));
		progress(seq);
		page = [];
	};
	for await (const text of lines) {
		if (text.trim() === "") continue;
		const line = lineOf(text, seq + 1);
		if (line.seq !== seq + 1) throw new Error(`Line ${seq + 1} is message ${line.seq}: the log is not whole`);
		if (Date.parse(line.received_at) < time)
			throw new Error(`Message ${line.seq} was received before the one before it`);
		[seq, time] = [line.seq, Date.parse(line.received_at)];
		page.push(line);
		if (page.length === PAGE) await take();
	}
	await take();
	await tx`delete from head where seq = 0`;
	await tx`insert into head ${tx({
		one: true,
		seq,
		received_at: time,
		batch: 1,
		epoch: 0,
		frontier: witness.tree.hashes.map(hex),
		exchange_key: machine.exchangeKey,
	})}`;
	return witness.tree;
}

/**
 * The key of the exchange that a log is of: the one among its senders with which the first message has its id. Undefined where
 * the exchange itself never spoke.
 */
export function exchangeOf(first: Message, senders: Iterable<string>): string | undefined {
	for (const key of senders) if (messageId(key, first) === first.id) return key;
	return undefined;
}

async function refuseFull(tx: TransactionSql): Promise<void> {
	const [row] = await tx`
		select coalesce((select max(seq) from head), 0) as seq, exists (select from messages) as filled`;
	if (Number(row!.seq) > 0 || row!.filled)
		throw new Error("There is a log in this database already: import into an empty one, by another DATA_DIR");
}

function lineOf(text: string, number: number): Line {
	let line: Line;
	try {
		line = JSON.parse(text);
	} catch {
		throw new Error(`Line ${number} is not JSON`);
	}
	const { id, sender, tags, payload, antecedents, timestamp, signature } = line;
	if (line.hidden_by !== undefined)
		throw new Error(
			`Line ${number} is without its words, which are hidden: npm run export, beside the exchange's database, has them`,
		);
	const judged = envelope({ id, sender, tags, payload, antecedents, timestamp, signature } as Json);
	if (!judged.ok) throw new Error(`Line ${number} is no message: ${judged.detail}`);
	if (!isInstant(line.received_at)) throw new Error(`Line ${number} has no time at which it was received`);
	return line;
}

async function signed({ exchangeKey }: Machine, page: Line[]): Promise<void> {
	const verdicts = await verifyAll(
		page.map((line) => ({
			publicKey: line.sender,
			bytes: utf8(`weekly-agent-exchange/1\n${exchangeKey}\n${bodyOf(line)}`),
			signature: line.signature,
		})),
	);
	for (const [i, line] of page.entries()) {
		if (messageId(exchangeKey, line) !== line.id)
			throw new Error(`Message ${line.seq}: the id is not the hash of what it says`);
		if (!verdicts[i]) throw new Error(`Message ${line.seq}: the signature is not its sender's`);
	}
}

/** Folds it, and gives its row. */
function rowOf(machine: Machine, state: State, line: Line) {
	const { id, seq, sender, tags, antecedents, timestamp, signature } = line;
	const { payload } = detach(line.payload);
	const receivedAt = Date.parse(line.received_at);
	const said = {
		id,
		seq,
		sender,
		key: sender,
		tags,
		payload,
		antecedents,
		timestamp,
		receivedAt,
		appended: 0,
	};
	const operation = machine.registry.operations.find((one) => names(one, said));
	if (!operation)
		throw new Error(`Message ${seq} is of an operation that this build does not know: ${tags.join(" ")}`);
	const heard = machine.replay(state, { ...said, operation: operation.name });
	return {
		seq,
		id,
		operation: operation.name,
		...heard,
		received_at: receivedAt,
		antecedent: antecedents[0] ?? null,
		body: bodyOf(line),
		signature,
	};
}

/** Texts that came along. */
async function keep(tx: TransactionSql, contents: Content[]): Promise<void> {
	for (const { sha256, bytes, text } of contents)
		await tx`insert into contents ${tx({ sha256, bytes, body: text })} on conflict do nothing`;
}
