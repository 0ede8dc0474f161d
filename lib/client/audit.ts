/**
 * An exchange audited from outside, by whoever likes: the whole log is downloaded and nothing is taken on trust. Every id and
 * signature, the order, the times, the tree against the signed checkpoint and against every checkpoint kept before, and the
 * purses that follow from it. What a superuser of its database changes in what a kept checkpoint covers, he cannot hide.
 */
import { utf8 } from "../log/bytes";
import type { Json } from "../log/json";
import { type KeyChain, signedHead } from "../log/key-chain";
import { bodyOf, envelope, isInstant, type Message, messageId } from "../log/message";
import { type Head, leafData, leafHash, parseCheckpoint } from "../log/proof";
import { type Signed, verifyAll } from "../log/sign";
import { contradiction, Witness } from "../log/witness";
import { Agents } from "./agents";
import { connect, Problem, request } from "./connect";
import { keysOf } from "./key-chain";
import { operationOf } from "./operation-of";
import { Purses, totals } from "./purses";

/** A line of the log: a message as signed, and what the exchange adds. */
export type Line = Message & { seq: number; received_at: string; hidden_by?: string };

export type Audit = {
	/** Nothing is wrong. */
	good: boolean;
	/** Messages seen. */
	size: number;
	/** What is wrong, a sentence each; at most 100. */
	faults: string[];
	/** Messages whose words the exchange withholds: their id and signature could not be checked, their place could. */
	withheld: number;
	/** Micro-scrip by `<owner>/<purse>`, as the log makes them. */
	purses: Map<string, bigint>;
	/** Why purses were not followed to the end; undefined where they were. */
	lost: string | undefined;
};

const MOST_FAULTS = 100;
/** The exchange takes no timestamp further ahead; a minute more for a clock that was set back. */
const AHEAD_MS = 6 * 60_000;

/** Takes a log line by line. `heads`: of checkpoints of this exchange, those that it signed before and that it signs now. */
export class Auditor {
	readonly #exchangeKey: string;
	readonly #witness: Witness;
	readonly #agents: Agents;
	readonly #purses: Purses;
	/** The exchange's own keys, as they follow each other in the log. */
	readonly #chain: { key: string; from: number }[];
	readonly #faults: string[] = [];
	readonly #ids = new Set<string>();
	/** Withheld messages, by the id of the word that hides them. */
	readonly #hiddenBy = new Map<string, string[]>();
	#size = 0;
	#time = 0;
	#withheld = 0;

	constructor(exchangeKey: string, heads: readonly Head[] = []) {
		this.#exchangeKey = exchangeKey;
		this.#agents = new Agents(exchangeKey);
		this.#purses = new Purses(this.#agents);
		this.#chain = [{ key: exchangeKey, from: 0 }];
		this.#witness = new Witness(heads);
	}

	/** The keys that signed for the exchange, and from which message on. */
	get chain(): KeyChain {
		return this.#chain;
	}

	/** Messages seen so far. */
	get size(): number {
		return this.#size;
	}

	/** The next lines, in order. Many at once are verified on all cores. */
	async take(lines: readonly string[]): Promise<void> {
		const signed: (Signed & { at: string })[] = [];
		for (const text of lines) {
			const line = this.#read(text);
			if (!line) continue;
			const one = this.#place(line);
			if (one) signed.push(one);
		}
		const verdicts = await verifyAll(signed);
		for (const [i, { at }] of signed.entries())
			if (!verdicts[i]) this.#fault(`${at}: the signature is not its sender's`);
	}

	end(): Audit {
		for (const [id, hidden] of this.#hiddenBy)
			this.#fault(`${hidden.length} messages are withheld by ${id}, which hides no such message`);
		const contradicted = contradiction(this.#witness, "what was signed");
		if (contradicted) this.#fault(`the log is not the one that was signed: ${contradicted}`);
		const { amounts: purses, lost } = this.#purses;
		return {
			good: this.#faults.length === 0,
			size: this.#size,
			faults: this.#faults.slice(0, MOST_FAULTS),
			withheld: this.#withheld,
			purses,
			lost,
		};
	}

	#read(text: string): Line | undefined {
		try {
			const line = JSON.parse(text) as Line;
			const { id, sender, tags, payload, antecedents, timestamp, signature } = line;
			const judged = envelope({ id, sender, tags, payload, antecedents, timestamp, signature } as Json);
			if (judged.ok && Number.isSafeInteger(line.seq) && isInstant(line.received_at)) return line;
		} catch {
			// No JSON.
		}
		this.#fault(`what follows message ${this.#size} is no message`);
		return undefined;
	}

	/** Number, time, antecedents, id, leaf and fold; gives what is left to verify. */
	#place(line: Line): (Signed & { at: string }) | undefined {
		const { id, seq, sender, signature, antecedents } = line;
		const at = `message ${seq}`;
		const receivedAt = Date.parse(line.received_at);
		if (seq !== this.#size + 1) this.#fault(`${at} stands where message ${this.#size + 1} belongs`);
		if (receivedAt < this.#time) this.#fault(`${at} was received before the one before it`);
		if (Date.parse(line.timestamp) > receivedAt + AHEAD_MS)
			this.#fault(`${at} was signed after it was received`);
		if (this.#ids.has(id)) this.#fault(`${at} is there twice`);
		for (const antecedent of antecedents)
			if (!this.#ids.has(antecedent)) this.#fault(`${at} answers what is not before it`);
		this.#size++;
		this.#time = Math.max(this.#time, receivedAt);
		this.#ids.add(id);
		this.#witness.take([leafHash(leafData(id, receivedAt))]);

		if (line.hidden_by !== undefined) {
			this.#withhold(line);
			return undefined;
		}
		this.#hides(line);
		if (messageId(this.#exchangeKey, line) !== id) {
			this.#fault(`${at}: the id is not the hash of what it says`);
			return undefined;
		}
		const unheard = this.#agents.take(line);
		if (unheard) this.#fault(`${at} ${unheard}`);
		const signer = this.#agents.signer(this.#exchangeKey);
		if (signer !== this.#chain.at(-1)!.key) this.#chain.push({ key: signer, from: seq });
		const impossible = this.#purses.take(line);
		if (impossible) this.#fault(`${at} moves scrip as none can: ${impossible}`);
		const bytes = utf8(`weekly-agent-exchange/1\n${this.#exchangeKey}\n${bodyOf(line)}`);
		return { publicKey: sender, bytes, signature, at };
	}

	#withhold({ id, seq, hidden_by }: Line): void {
		this.#withheld++;
		this.#purses.lost ??= `the words of message ${seq} are withheld`;
		const hidden = this.#hiddenBy.get(hidden_by!) ?? [];
		this.#hiddenBy.set(hidden_by!, [...hidden, id]);
	}

	/** The word of a house operator comes after what it hides. */
	#hides(line: Line): void {
		if (operationOf(line) !== "operator:hide") return;
		const left = this.#hiddenBy.get(line.id)?.filter((id) => id !== line.antecedents[0]);
		if (left?.length === 0) this.#hiddenBy.delete(line.id);
	}

	#fault(says: string): void {
		if (this.#faults.length < MOST_FAULTS) this.#faults.push(says);
	}
}

const LINES = 500;

/**
 * Audits the exchange at `url`. `kept`: the text of checkpoints that its auditor kept, signed notes one after the other; the
 * `checkpoint` that is returned is the one to add to them when all is good. Throws Problem where the exchange refuses, and
 * TypeError where a kept checkpoint is not of this exchange.
 */
export async function audit(
	url: string,
	{ kept = "", progress = () => {} }: { kept?: string; progress?: (size: number, of: number) => void } = {},
): Promise<Audit & { checkpoint: string; compared: number }> {
	const { url: base, key } = await connect(url);
	const checkpoint = await (await request(`${base}/api/checkpoint`)).text();
	// Which key had to sign a checkpoint follows from the exchange's own rotations, which nobody else can sign.
	const chain = await keysOf(base, key);
	const head = signedHead(checkpoint, key, chain);
	if (!head)
		throw new Problem(0, { code: "not-genuine", detail: "The checkpoint is not signed by the exchange." });
	const earlier = notesIn(kept).map((note) => {
		const one = signedHead(note, key, chain);
		if (!one)
			throw new TypeError(`A kept checkpoint is not of this exchange: ${note.split("\n").slice(0, 2)}`);
		return one;
	});

	const auditor = new Auditor(key, [...earlier, head]);
	// A stream that breaks off is taken up where it broke; one that brings nothing has come to its end.
	for (let before = -1; auditor.size < head.size && auditor.size > before; ) {
		before = auditor.size;
		const response = await request(`${base}/api/messages?after=${before}`, {
			headers: { Accept: "application/x-ndjson" },
		});
		for await (const lines of pagesOf(response.body!)) {
			await auditor.take(lines.slice(0, head.size - auditor.size));
			progress(auditor.size, head.size);
			if (auditor.size >= head.size) break;
		}
	}
	const found = auditor.end();
	const told = chain.filter(({ from }) => from <= auditor.size);
	if (JSON.stringify(told) !== JSON.stringify(auditor.chain))
		found.faults.push("the keys that the exchange says it signed with are not those of its log");
	const differ =
		found.lost === undefined && found.faults.length === 0 ? await sumsDiffer(base, found) : undefined;
	if (differ) found.faults.push(differ);
	return { ...found, good: found.faults.length === 0, checkpoint, compared: earlier.length };
}

/** The notes of a file of checkpoints: each ends with its signatures. */
export function notesIn(text: string): string[] {
	return text.match(/^[^\n—]+\n\d+\n\S+\n\n(?:— .+\n)+/gm)?.filter((note) => parseCheckpoint(note)) ?? [];
}

/** What the exchange itself says it issued, burned and holds, where the log has not grown meanwhile. */
async function sumsDiffer(base: string, { size, purses }: Audit): Promise<string | undefined> {
	const metrics = await (await request(`${base}/api/metrics`)).text();
	const after = parseCheckpoint(await (await request(`${base}/api/checkpoint`)).text());
	if (after?.size !== size) return undefined;
	for (const [where, sum] of Object.entries(totals(purses))) {
		const told = new RegExp(`^wax_scrip_micro\\{where="${where}"\\} (\\S+)$`, "m").exec(metrics)?.[1];
		if (told !== undefined && Number(told) !== Number(sum))
			return `the exchange says ${told} micro-scrip ${where}, and its log makes ${sum}`;
	}
	return undefined;
}

/** Lines as they come, some hundred at a time; what breaks off is left out. */
export async function* pagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
	const reader = body.getReader();
	const decoder = new TextDecoder();
	let rest = "";
	let lines: string[] = [];
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
			rest = parts.pop()!;
			lines.push(...parts);
			if (lines.length < LINES) continue;
			yield lines;
			lines = [];
		}
	} catch {
		// The connection broke: whoever audits asks again from where it was.
	} finally {
		await reader.cancel().catch(() => {});
	}
	if (lines.length > 0) yield lines;
}
